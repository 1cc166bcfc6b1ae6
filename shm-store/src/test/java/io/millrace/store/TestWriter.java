package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.BootEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Appends batches whose records carry their own position, and reads them back. */
final class TestWriter {
    static final int FRAME_LENGTH = 104;

    private static final int MAX_RECORDS = 64;

    private final Journal journal;
    private final BatchBuilder builder = new BatchBuilder(MAX_RECORDS, 1 << 16);
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[FRAME_LENGTH]);

    TestWriter(final Journal journal) {
        this.journal = journal;
    }

    /** Settings that suit a test: small segments, no demand on the disk. */
    static JournalContext context(final Path directory) {
        return new JournalContext()
                .dataDirectory(directory)
                .segmentBytes(1 << 18)
                .maxBatchBytes(1 << 16)
                .diskLowBytes(0)
                .diskFullBytes(0)
                .syncIntervalNs(Long.MAX_VALUE);
    }

    /** Opens a journal and appends its boot record. */
    static ChronicleJournal open(final JournalContext context) {
        final ChronicleJournal journal = ChronicleJournal.open(context);
        assertEquals(AppendResult.OK, new TestWriter(journal).boot());
        return journal;
    }

    int boot() {
        return boot(journal.nextPosition() - 1);
    }

    int boot(final long resumesAfter) {
        final UnsafeBuffer boot = new UnsafeBuffer(new byte[64]);
        final MessageHeaderEncoder header = new MessageHeaderEncoder();
        final BootEncoder encoder = new BootEncoder();
        encoder.wrapAndApplyHeader(boot, 0, header)
                .bootEpoch(journal.bootEpoch())
                .resumesAfter(resumesAfter)
                .stateHash(0)
                .kernelVersion(1);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
        header.messageLength(length).frameSequence(0);
        builder.reset();
        builder.append(0, boot, 0, length);
        return seal();
    }

    /** Appends one batch of so many records. */
    int append(final int records) {
        builder.reset();
        final long first = journal.nextPosition();
        for (int i = 0; i < records; i++) {
            frame.setMemory(0, FRAME_LENGTH, (byte) (first + i));
            frame.putLong(0, first + i);
            builder.append(7, frame, 0, FRAME_LENGTH);
        }
        return seal();
    }

    /** Appends so many batches of one record each. */
    void appendAll(final int batches) {
        for (int i = 0; i < batches; i++) {
            assertEquals(AppendResult.OK, append(1));
        }
    }

    private int seal() {
        final long position = journal.nextPosition();
        builder.seal(1, journal.bootEpoch(), position, position * 10, position * 31);
        return journal.append(builder.buffer(), 0, builder.length());
    }

    /** Replays and checks that positions are gapless and every record carries its own; returns the positions. */
    static List<Long> replay(final Journal journal, final long from) {
        final List<Long> positions = new ArrayList<>();
        final long[] expected = {from};
        journal.replay(from, batch -> {
            assertEquals(expected[0], batch.firstPosition());
            while (batch.next()) {
                if (batch.sessionId() != 0) {
                    assertEquals(batch.position(), batch.buffer().getLong(batch.frameOffset()));
                }
                positions.add(batch.position());
            }
            expected[0] = batch.lastPosition() + 1;
        });
        return positions;
    }
}
