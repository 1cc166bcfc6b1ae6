package io.millrace.client;

import org.agrona.DirectBuffer;

/**
 * What is known of the keys of records while one frame is put together: which may not have another record in it. The keys are hashes;
 * two keys of one hash count as one, which costs a little time and no order.
 *
 * <p>A key is held when a record of it stays out. It is also held when a record is shorter than the one before in the same frame:
 * a shard that has had its bytes of the second refuses the long one and takes the short one, which would then stand before it.
 */
final class OrderKeys {
    private static final int CAPACITY = 4096;
    private static final int MASK = CAPACITY - 1;

    /** Beyond this many keys a frame ends. */
    private static final int MOST = CAPACITY / 4;

    private static final int HELD = Integer.MAX_VALUE;

    private final long[] keys = new long[CAPACITY];
    private final int[] lengths = new int[CAPACITY];
    private final int[] rounds = new int[CAPACITY];
    private int round;
    private int count;

    /** Forgets all keys. */
    void clear() {
        round++;
        count = 0;
    }

    boolean isFull() {
        return count == MOST;
    }

    /** Keeps records of the key out of the frame. */
    void hold(final long key) {
        lengths[find(key)] = HELD;
    }

    /** @return whether a record may follow those of its key in the frame; then it counts as one of them, else its key is held. */
    boolean admit(final long key, final int length) {
        final int slot = find(key);
        final boolean isAdmitted = lengths[slot] <= length;
        lengths[slot] = isAdmitted ? length : HELD;
        return isAdmitted;
    }

    private int find(final long key) {
        int slot = (int) (key ^ key >>> 32) & MASK;
        while (rounds[slot] == round && keys[slot] != key) {
            slot = slot + 1 & MASK;
        }
        if (rounds[slot] != round) {
            rounds[slot] = round;
            keys[slot] = key;
            lengths[slot] = 0;
            count++;
        }
        return slot;
    }

    /** @return hash of the bytes of a partition key, spread over all bits. */
    static long hash(final DirectBuffer buffer, final int offset, final int length) {
        long hash = length;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ buffer.getByte(offset + i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    /** @return hash of an explicit hash key. */
    static long hash(final HashKey hashKey) {
        final long hash = (hashKey.high() * 31 + hashKey.low()) * 0x9E3779B97F4A7C15L;
        return hash ^ hash >>> 29;
    }
}
