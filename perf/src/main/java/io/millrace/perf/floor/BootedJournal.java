package io.millrace.perf.floor;

import io.millrace.codecs.BootEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.store.AppendResult;
import io.millrace.store.BatchBuilder;
import io.millrace.store.ChronicleJournal;
import io.millrace.store.JournalContext;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** Millrace's own journal with its own settings and helper thread, ready to be appended to, without a server around it. */
public final class BootedJournal implements AutoCloseable {
    private static final int KERNEL_VERSION = 1;
    private static final int BOOT_CAPACITY = 256;

    private final ChronicleJournal journal;
    private final AgentRunner housekeeper;

    /**
     * Opens the journal and appends the record that every start begins with.
     *
     * @param directory    data directory of the journal; has to be empty.
     * @param errorHandler takes what the helper thread reports.
     */
    public BootedJournal(final Path directory, final ErrorHandler errorHandler) {
        journal = ChronicleJournal.open(new JournalContext().dataDirectory(directory));
        boot();
        housekeeper = new AgentRunner(new SleepingMillisIdleStrategy(1), errorHandler, null, new Housekeeper(journal));
        AgentRunner.startOnThread(housekeeper, BootedJournal::daemon);
    }

    private record Housekeeper(ChronicleJournal journal) implements Agent {
        @Override
        public int doWork() {
            return journal.doHousekeeping();
        }

        @Override
        public String roleName() {
            return "journal-housekeeper";
        }
    }

    private static Thread daemon(final Runnable task) {
        final Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

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
        append(batch);
    }

    /**
     * Position that the first record of the next excerpt must have.
     *
     * @return position.
     */
    public long nextPosition() {
        return journal.nextPosition();
    }

    /**
     * Seals a batch as a server does, checksum included, and appends it.
     *
     * @param batch records of one excerpt.
     */
    public void append(final BatchBuilder batch) {
        batch.seal(KERNEL_VERSION, journal.bootEpoch(), journal.nextPosition(), 0, 0);
        append(batch.buffer(), batch.length());
    }

    /**
     * Appends an excerpt as it is.
     *
     * @param excerpt begins at offset 0 of this buffer.
     * @param length  its bytes.
     */
    void append(final DirectBuffer excerpt, final int length) {
        final int result = journal.append(excerpt, 0, length);
        if (result != AppendResult.OK) {
            throw new IllegalStateException("The journal refused an excerpt: " + AppendResult.name(result));
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(housekeeper, journal);
    }
}
