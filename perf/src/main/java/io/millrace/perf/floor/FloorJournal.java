package io.millrace.perf.floor;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.UnsafeMemory;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/** A Chronicle queue with the settings of Millrace's journal, and nothing around it: no header, no checksum, no recovery. */
final class FloorJournal implements AutoCloseable {
    private static final long BLOCK_SIZE = 64L << 20;

    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;

    FloorJournal(final Path directory) {
        queue = SingleChronicleQueueBuilder.binary(directory.toFile())
                .rollCycle(RollCycles.FAST_DAILY)
                .blockSize(BLOCK_SIZE)
                .build();
        appender = queue.createAppender();
    }

    /** One excerpt, one bounded copy. */
    void append(final DirectBuffer batch, final int offset, final int length) {
        try (DocumentContext document = appender.writingDocument()) {
            final Bytes<?> bytes = document.wire().bytes();
            final long position = bytes.writePosition();
            if (bytes.writeRemaining() < length) {
                throw new IllegalStateException("No room for " + length + " bytes in the mapping");
            }
            UnsafeMemory.MEMORY.copyMemory(
                    batch.addressOffset() + offset, bytes.addressForWrite(position), (long) length);
            bytes.writeSkip(length);
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(appender, queue);
    }
}
