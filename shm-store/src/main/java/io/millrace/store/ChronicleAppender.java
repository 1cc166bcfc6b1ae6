package io.millrace.store;

import io.millrace.store.reader.DocumentWord;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import net.openhft.chronicle.wire.Wire;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The only code that writes through Chronicle Queue. For one thread.
 *
 * <p>A segment is mapped once, as one block: the library maps the next block on the appending thread, so the block is at least
 * as long as a segment, and mapping happens at rolls only.
 */
final class ChronicleAppender implements AutoCloseable {
    /** A block holds at least this many of the largest excerpt. */
    private static final int BATCHES_PER_BLOCK = 8;

    /** Room for header words, the mark at the end of the file and the index pages of a segment. */
    private static final long OVERHEAD = 1 << 13;

    private static final long PAGE = 4096;
    private static final long LOCK_TIMEOUT_MS = 2_000;

    private final SegmentRollCycle.Clock clock = new SegmentRollCycle.Clock();
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final UnsafeBuffer target = new UnsafeBuffer(0, 0);
    private final long segmentBytes;
    private long filePosition;
    private long excerptPosition;
    private boolean rollPending = true;
    private boolean rolled;

    ChronicleAppender(final Path directory, final long segmentBytes, final int maxBatchBytes) {
        this.segmentBytes = segmentBytes;
        final long block = Math.max(segmentBytes, (long) BATCHES_PER_BLOCK * maxBatchBytes);
        queue = SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(new SegmentRollCycle())
                .timeProvider(clock)
                .blockSize((block + OVERHEAD + PAGE - 1) & -PAGE)
                .checkInterrupts(true)
                .timeoutMS(LOCK_TIMEOUT_MS)
                .build();
        appender = queue.createAppender();
        // Opened by the thread that starts the server, used by the duty cycle: one after the other, never both.
        appender.singleThreadedCheckDisabled(true);
    }

    /** Whether an excerpt of a length would begin a new segment. */
    boolean wouldRoll(final int length) {
        return rollPending || filePosition + length + OVERHEAD > segmentBytes;
    }

    /** Makes the next append begin a new segment. */
    void rollNext() {
        rollPending = true;
    }

    /**
     * Appends one excerpt with one copy.
     *
     * @return false if the library's mapping has no room for it, which the block length rules out.
     */
    boolean append(final DirectBuffer excerpt, final int offset, final int length) {
        final boolean roll = wouldRoll(length);
        if (roll) {
            clock.roll();
        }
        final DocumentContext document = appender.writingDocument();
        boolean written = false;
        try {
            final Wire wire = document.wire();
            final Bytes<?> bytes = wire == null ? null : wire.bytes();
            if (bytes != null && fits(bytes, length)) {
                excerptPosition = bytes.writePosition() - DocumentWord.BYTES;
                target.wrap(bytes.addressForWrite(bytes.writePosition()), length);
                target.putBytes(0, excerpt, offset, length);
                bytes.writeSkip(length);
                filePosition = bytes.writePosition();
                written = true;
            }
        } finally {
            if (!written) {
                document.rollbackOnClose();
            }
            document.close();
        }
        rollPending &= !written;
        rolled = roll;
        return written;
    }

    private static boolean fits(final Bytes<?> bytes, final int length) {
        final BytesStore<?, ?> store = bytes.bytesStore();
        return bytes.writeRemaining() >= length && store != null && store.inside(bytes.writePosition(), length);
    }

    /** Whether the last append began a segment. */
    boolean rolled() {
        return rolled;
    }

    /** Bytes of the present segment that are written. */
    long filePosition() {
        return filePosition;
    }

    /** Where in the present segment the word in front of the last excerpt is. */
    long excerptPosition() {
        return excerptPosition;
    }

    /** File of the present segment. */
    Path file() {
        return appender.currentFile().toPath();
    }

    @Override
    public void close() {
        appender.close();
        queue.close();
    }
}
