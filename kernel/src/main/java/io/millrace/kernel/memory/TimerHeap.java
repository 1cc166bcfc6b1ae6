package io.millrace.kernel.memory;

/**
 * Timers in the exact order (deadline, id): a 4-ary heap in chunked memory, with the place of every timer kept so that it can
 * be cancelled. Every operation is O(log n); a timer later than all others is added in O(1).
 *
 * <p>A wheel would be O(1) but does not order within a tick, and a tick in which millions fall due would have to be sorted at once.
 *
 * <pre>
 *   0               8               16      20      24             32
 *   +---------------+---------------+-------+-------+--------------+
 *   | deadline      | id            | key   |       |              |
 *   +---------------+---------------+-------+-------+--------------+
 * </pre>
 */
public final class TimerHeap {
    private static final int ENTRY_SHIFT = 5;
    private static final int ID = 8;
    private static final int KEY = 16;
    private static final int PLACE_LENGTH = 4;

    /** Bytes that a timer takes at most, its place by an even key included. */
    public static final int TIMER_BYTES = (1 << ENTRY_SHIFT) + 2 * PLACE_LENGTH;

    private final ChunkedMemory entries = new ChunkedMemory();
    /** By key: index of the timer in the heap + 1, 0 if it is not set. */
    private final ChunkedMemory places = new ChunkedMemory();

    private int size;

    /**
     * Timers set.
     *
     * @return the number.
     */
    public int size() {
        return size;
    }

    /**
     * The earliest deadline.
     *
     * @return its time, {@link Long#MAX_VALUE} if no timer is set.
     */
    public long firstDeadline() {
        return size == 0 ? Long.MAX_VALUE : entries.getLong(0);
    }

    /**
     * Identity of the timer that is due first.
     *
     * @return the identity, 0 if there is none.
     */
    public long firstId() {
        return size == 0 ? 0 : entries.getLong(ID);
    }

    /**
     * The key of the first timer.
     *
     * @return its key.
     */
    public int firstKey() {
        return entries.getInt(KEY);
    }

    /**
     * Sets a timer that is not set.
     *
     * @param key of the timer, from 0, dense.
     * @param deadline when it is due.
     * @param id that orders equal deadlines.
     */
    public void add(final int key, final long deadline, final long id) {
        places.ensure((key + 1L) * PLACE_LENGTH);
        final int index = size++;
        entries.ensure((long) size << ENTRY_SHIFT);
        rise(index, key, deadline, id);
    }

    /**
     * Cancels a timer; nothing happens if it is not set.
     *
     * @param key of the timer.
     */
    public void remove(final int key) {
        final long place = (long) key * PLACE_LENGTH;
        if (place >= places.length() || places.getInt(place) == 0) {
            return;
        }
        final int index = places.getInt(place) - 1;
        places.putInt(place, 0);
        size--;
        if (index != size) {
            final long last = (long) size << ENTRY_SHIFT;
            final long deadline = entries.getLong(last);
            final long id = entries.getLong(last + ID);
            final int moved = entries.getInt(last + KEY);
            if (index > 0 && isBefore(deadline, id, (index - 1) >> 2)) {
                rise(index, moved, deadline, id);
            } else {
                sink(index, moved, deadline, id);
            }
        }
    }

    /**
     * Memory reserved.
     *
     * @return bytes.
     */
    public long reservedBytes() {
        return entries.length() + places.length();
    }

    private void rise(final int from, final int key, final long deadline, final long id) {
        int index = from;
        while (index > 0) {
            final int above = (index - 1) >> 2;
            if (!isBefore(deadline, id, above)) {
                break;
            }
            move(above, index);
            index = above;
        }
        set(index, key, deadline, id);
    }

    private void sink(final int from, final int key, final long deadline, final long id) {
        int index = from;
        while (true) {
            final int first = (index << 2) + 1;
            if (first >= size) {
                break;
            }
            int least = first;
            final int end = Math.min(first + 4, size);
            for (int child = first + 1; child < end; child++) {
                final long address = (long) child << ENTRY_SHIFT;
                if (isBefore(entries.getLong(address), entries.getLong(address + ID), least)) {
                    least = child;
                }
            }
            if (isBefore(deadline, id, least)) {
                break;
            }
            move(least, index);
            index = least;
        }
        set(index, key, deadline, id);
    }

    private boolean isBefore(final long deadline, final long id, final int index) {
        final long address = (long) index << ENTRY_SHIFT;
        final long other = entries.getLong(address);
        return deadline < other || deadline == other && id < entries.getLong(address + ID);
    }

    private void move(final int from, final int to) {
        final long source = (long) from << ENTRY_SHIFT;
        set(to, entries.getInt(source + KEY), entries.getLong(source), entries.getLong(source + ID));
    }

    private void set(final int index, final int key, final long deadline, final long id) {
        final long address = (long) index << ENTRY_SHIFT;
        entries.putLong(address, deadline);
        entries.putLong(address + ID, id);
        entries.putInt(address + KEY, key);
        places.putInt((long) key * PLACE_LENGTH, index + 1);
    }
}
