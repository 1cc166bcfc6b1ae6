package io.millrace.perf.demo;

import io.millrace.perf.demo.codecs.TradeDecoder;
import java.io.File;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the consumer received, in a mapped file: 8 bytes with the number of records, then records of 48 bytes: timestamp, price,
 * amount, sent, received (int64 each), row (int32), band (int16), 1 if redelivered, 1 if redriven (int8 each). A record is complete
 * before the count says so.
 */
final class ReceivedFile implements AutoCloseable {
    private static final int HEADER_LENGTH = Long.BYTES;
    private static final int RECORD_LENGTH = 48;
    private static final int PRICE = 8;
    private static final int AMOUNT = 16;
    private static final int SENT = 24;
    private static final int RECEIVED = 32;
    private static final int ROW = 40;
    private static final int BAND = 44;
    private static final int REDELIVERED = 46;
    private static final int REDRIVEN = 47;

    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    private long count;

    private ReceivedFile(final MappedByteBuffer mapped) {
        this.mapped = mapped;
        this.buffer = new UnsafeBuffer(mapped);
    }

    /**
     * Creates the file.
     *
     * @param path     where; nothing may be there.
     * @param capacity most records.
     * @return the file, open for writing.
     */
    static ReceivedFile create(final Path path, final int capacity) {
        return new ReceivedFile(IoUtil.mapNewFile(path.toFile(), HEADER_LENGTH + (long) capacity * RECORD_LENGTH));
    }

    /**
     * Writes one delivery. Allocates nothing.
     *
     * @param trade        what the message said.
     * @param band         its price band, 0 if it has no group.
     * @param isRedelivered whether the delivery was not the first.
     * @param isRedriven   whether the message came back from the dead-letter queue.
     * @param receivedNs   monotonic clock.
     */
    void write(
            final TradeDecoder trade,
            final int band,
            final boolean isRedelivered,
            final boolean isRedriven,
            final long receivedNs) {
        final int offset = offset(count);
        if (offset + RECORD_LENGTH > buffer.capacity()) {
            throw new IllegalStateException("More than " + count + " deliveries: the same ones come again and again.");
        }
        buffer.putLong(offset, trade.timestamp());
        buffer.putLong(offset + PRICE, trade.priceCents());
        buffer.putLong(offset + AMOUNT, trade.amount());
        buffer.putLong(offset + SENT, trade.sentNs());
        buffer.putLong(offset + RECEIVED, receivedNs);
        buffer.putInt(offset + ROW, trade.row());
        buffer.putShort(offset + BAND, (short) band);
        buffer.putByte(offset + REDELIVERED, (byte) (isRedelivered ? 1 : 0));
        buffer.putByte(offset + REDRIVEN, (byte) (isRedriven ? 1 : 0));
        buffer.putLongOrdered(0, ++count);
    }

    /**
     * Reads a file.
     *
     * @param path where it is.
     * @return all complete records, in the order of writing.
     */
    static List<Received> read(final Path path) {
        final File file = path.toFile();
        final MappedByteBuffer mapped = IoUtil.mapExistingFile(file, "received trades");
        try {
            final UnsafeBuffer buffer = new UnsafeBuffer(mapped);
            final long count = buffer.getLongVolatile(0);
            final List<Received> received = new ArrayList<>((int) count);
            for (long i = 0; i < count; i++) {
                received.add(record(buffer, offset(i)));
            }
            return received;
        } finally {
            BufferUtil.free(mapped);
        }
    }

    private static Received record(final UnsafeBuffer buffer, final int offset) {
        final Trade trade = new Trade(
                buffer.getInt(offset + ROW),
                buffer.getLong(offset),
                buffer.getLong(offset + PRICE),
                buffer.getLong(offset + AMOUNT));
        return new Received(
                trade,
                buffer.getShort(offset + BAND),
                buffer.getByte(offset + REDELIVERED) != 0,
                buffer.getByte(offset + REDRIVEN) != 0,
                buffer.getLong(offset + SENT),
                buffer.getLong(offset + RECEIVED));
    }

    private static int offset(final long index) {
        return Math.toIntExact(HEADER_LENGTH + index * RECORD_LENGTH);
    }

    @Override
    public void close() {
        BufferUtil.free(mapped);
    }
}
