package io.millrace.perf.floor;

import io.millrace.codecs.BatchEncoder;
import io.millrace.codecs.BootEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.store.AppendResult;
import io.millrace.store.BatchBuilder;
import io.millrace.store.ChronicleJournal;
import io.millrace.store.ExcerptFormat;
import io.millrace.store.JournalContext;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Millrace's own journal with its own settings, segments, page toucher and helper thread, so that the floor gains whatever the
 * journal gains. What the floor leaves out is everything around it: record headers, checksum, state hash. Such a journal cannot
 * be read back, and nobody does.
 */
final class FloorJournal implements AutoCloseable {
    /** Bytes in front of the first record. */
    static final int HEADER_LENGTH = ExcerptFormat.HEADER_LENGTH;

    private static final int KERNEL_VERSION = 1;
    private static final int BOOT_CAPACITY = 256;
    private static final int FIRST_POSITION =
            MessageHeaderEncoder.ENCODED_LENGTH + BatchEncoder.firstPositionEncodingOffset();
    private static final int RECORD_COUNT =
            MessageHeaderEncoder.ENCODED_LENGTH + BatchEncoder.recordCountEncodingOffset();

    private final ChronicleJournal journal;
    private final AgentRunner housekeeper;

    FloorJournal(final Path directory, final ErrorHandler errorHandler) {
        journal = ChronicleJournal.open(new JournalContext().dataDirectory(directory));
        boot();
        housekeeper = new AgentRunner(new SleepingMillisIdleStrategy(1), errorHandler, null, new Housekeeper(journal));
        AgentRunner.startOnThread(housekeeper, FloorJournal::daemon);
    }

    private record Housekeeper(ChronicleJournal journal) implements Agent {
        @Override
        public int doWork() {
            return journal.doHousekeeping();
        }

        @Override
        public String roleName() {
            return "floor-store";
        }
    }

    private static Thread daemon(final Runnable task) {
        final Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    /** The journal takes nothing before the record that every start begins with. */
    private void boot() {
        final MessageHeaderEncoder header = new MessageHeaderEncoder();
        final BootEncoder boot = new BootEncoder();
        final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(BOOT_CAPACITY));
        boot.wrapAndApplyHeader(frame, 0, header)
                .bootEpoch(journal.bootEpoch())
                .resumesAfter(journal.nextPosition() - 1)
                .stateHash(0)
                .kernelVersion(KERNEL_VERSION);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + boot.encodedLength();
        header.messageLength(length).frameSequence(0);
        final BatchBuilder batch = new BatchBuilder(1, BOOT_CAPACITY);
        batch.append(0, frame, 0, length);
        batch.seal(KERNEL_VERSION, journal.bootEpoch(), journal.nextPosition(), 0, 0);
        require(journal.append(batch.buffer(), 0, batch.length()));
    }

    /**
     * Appends one excerpt with one bounded copy.
     *
     * @param excerpt begins with {@link #HEADER_LENGTH} bytes that are filled in here as far as the journal looks at them.
     * @param length  bytes of all.
     * @param records records in it.
     */
    void append(final UnsafeBuffer excerpt, final int length, final int records) {
        excerpt.putLong(FIRST_POSITION, journal.nextPosition());
        excerpt.putInt(RECORD_COUNT, records);
        require(journal.append(excerpt, 0, length));
    }

    private static void require(final int result) {
        if (result != AppendResult.OK) {
            throw new IllegalStateException("The journal refused an excerpt: " + AppendResult.name(result));
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(housekeeper, journal);
    }
}
