package io.millrace.perf.floor;

import io.aeron.logbuffer.FragmentHandler;
import io.millrace.perf.rig.DutyCycle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.agrona.BitUtil;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends every fragment back after it is in the journal: up to 64 fragments are polled, copied into one excerpt with one bounded
 * memory copy, and each is sent back. It looks at nothing in them.
 */
public final class JournalFloor implements DutyCycle {
    private static final int MAX_FRAGMENT = 2 * 1024;
    private static final int CAPACITY = FloorJournal.HEADER_LENGTH + EchoHost.FRAGMENT_LIMIT * MAX_FRAGMENT;

    private final EchoHost host;
    private final FloorJournal journal;
    private final UnsafeBuffer batch =
            new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY + BitUtil.CACHE_LINE_LENGTH));
    private final FragmentHandler collect = (buffer, offset, length, header) -> append(buffer, offset, length);
    private int batchLength;

    /**
     * Starts the driver and opens both directions and the journal.
     *
     * @param settings     where the client looks for this server.
     * @param directory    data directory of the journal; has to be empty.
     * @param errorHandler takes what Aeron reports.
     */
    public JournalFloor(final EchoSettings settings, final Path directory, final ErrorHandler errorHandler) {
        journal = new FloorJournal(directory, errorHandler);
        host = new EchoHost(settings, errorHandler);
    }

    @Override
    public int doWork() {
        batchLength = FloorJournal.HEADER_LENGTH;
        final int fragments = host.poll(collect);
        if (fragments > 0) {
            journal.append(batch, batchLength, fragments);
            sendBack();
        }
        return fragments + host.invoke();
    }

    /** A record is its length and its bytes, as short as a record can be. */
    private void append(final DirectBuffer buffer, final int offset, final int length) {
        batch.putInt(batchLength, length);
        batch.putBytes(batchLength + Integer.BYTES, buffer, offset, length);
        batchLength = BitUtil.align(batchLength + Integer.BYTES + length, Long.BYTES);
    }

    private void sendBack() {
        int position = FloorJournal.HEADER_LENGTH;
        while (position < batchLength) {
            final int length = batch.getInt(position);
            host.send(batch, position + Integer.BYTES, length);
            position = BitUtil.align(position + Integer.BYTES + length, Long.BYTES);
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(host, journal);
    }
}
