package io.millrace.client;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The records that wait to be put, in the order in which they were offered: a ring of bytes. Each has a header and behind it its entry of
 * PutRecords, as it goes into a frame. A place counts bytes from the first round on, so that places only grow. What is put in the middle
 * keeps its room until all before it is put as well.
 */
final class PutBuffer {
    private static final int LENGTH = 0;
    private static final int IS_DONE = 4;
    private static final int TICKET = 8;
    private static final int ORDER_KEY = 16;
    private static final int RETRY_NS = 24;
    private static final int IS_RETRY = 32;
    private static final int ENTRY_LENGTH = 36;
    private static final int ENTRY = 40;

    private final UnsafeBuffer buffer;
    private final int mask;
    private long head;
    private long tail;
    private int count;

    /** @param capacity in bytes: a power of two */
    PutBuffer(final int capacity) {
        buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
        mask = capacity - 1;
    }

    /** @return records that are not put */
    int count() {
        return count;
    }

    long tail() {
        return tail;
    }

    /** @return longest entry that an empty ring has room for, wherever it stands. */
    int maxEntryLength() {
        return buffer.capacity() / 2 - ENTRY;
    }

    /**
     * Finds room for an entry; nothing changes until {@link #add}.
     *
     * @return its place, or -1 if there is no room now
     */
    long reserve(final int entryLength) {
        final int length = lengthOf(entryLength);
        final int rest = buffer.capacity() - index(tail);
        final long place = rest < length ? tail + rest : tail;
        return place + length - head > buffer.capacity() ? -1 : place;
    }

    /** Adds the record whose entry was written to its place. */
    void add(final long place, final int entryLength, final long ticket, final long orderKey) {
        if (place != tail) {
            // The rest of the round is no record: one that is done.
            putHeader(index(tail), (int) (place - tail), 1);
        }
        final int start = index(place);
        putHeader(start, lengthOf(entryLength), 0);
        buffer.putLong(start + TICKET, ticket);
        buffer.putLong(start + ORDER_KEY, orderKey);
        buffer.putInt(start + IS_RETRY, 0);
        buffer.putInt(start + ENTRY_LENGTH, entryLength);
        tail = place + lengthOf(entryLength);
        count++;
    }

    private void putHeader(final int start, final int length, final int isDone) {
        buffer.putInt(start + LENGTH, length);
        buffer.putInt(start + IS_DONE, isDone);
    }

    private static int lengthOf(final int entryLength) {
        return BitUtil.align(ENTRY + entryLength, Long.BYTES);
    }

    /** @return place of the oldest record that is not put; the tail if there is none. */
    long first() {
        return skipDone(head);
    }

    /** @return place of the next record that is not put; the tail if there is none. */
    long next(final long place) {
        return skipDone(place + buffer.getInt(index(place) + LENGTH));
    }

    private long skipDone(final long place) {
        long at = place;
        while (at < tail && buffer.getInt(index(at) + IS_DONE) != 0) {
            at += buffer.getInt(index(at) + LENGTH);
        }
        return at;
    }

    /** The record is put, or refused for good. */
    void done(final long place) {
        buffer.putInt(index(place) + IS_DONE, 1);
        count--;
        head = skipDone(head);
    }

    /** The record is to be tried again, not before a time. */
    void retry(final long place, final long retryNs) {
        buffer.putLong(index(place) + RETRY_NS, retryNs);
        buffer.putInt(index(place) + IS_RETRY, 1);
    }

    boolean isHeld(final long place, final long nowNs) {
        final int start = index(place);
        return buffer.getInt(start + IS_RETRY) != 0 && nowNs - buffer.getLong(start + RETRY_NS) < 0;
    }

    long ticket(final long place) {
        return buffer.getLong(index(place) + TICKET);
    }

    /** @return what records have in common that must keep their order. */
    long orderKey(final long place) {
        return buffer.getLong(index(place) + ORDER_KEY);
    }

    int entryLength(final long place) {
        return buffer.getInt(index(place) + ENTRY_LENGTH);
    }

    int entryOffset(final long place) {
        return index(place) + ENTRY;
    }

    MutableDirectBuffer buffer() {
        return buffer;
    }

    private int index(final long place) {
        return (int) place & mask;
    }
}
