package io.millrace.kernel.filter;

import io.millrace.kernel.memory.ChunkedMemory;

/** A growing row of numbers that can be sorted in place. */
final class SortedLongs {
    private final ChunkedMemory memory = new ChunkedMemory();
    private int size;

    void clear() {
        size = 0;
    }

    void add(final long number) {
        memory.ensure((size + 1L) * Long.BYTES);
        set(size++, number);
    }

    int size() {
        return size;
    }

    long get(final int index) {
        return memory.getLong((long) index * Long.BYTES);
    }

    private void set(final int index, final long number) {
        memory.putLong((long) index * Long.BYTES, number);
    }

    /** Sorts upwards: a heap sort (Williams, 1964), which needs no room and has no bad case; nothing if it is sorted already. */
    void sort() {
        if (isSorted()) {
            return;
        }
        for (int root = size / 2 - 1; root >= 0; root--) {
            sink(root, size);
        }
        for (int last = size - 1; last > 0; last--) {
            final long greatest = get(0);
            set(0, get(last));
            set(last, greatest);
            sink(0, last);
        }
    }

    private boolean isSorted() {
        for (int i = 1; i < size; i++) {
            if (get(i - 1) > get(i)) {
                return false;
            }
        }
        return true;
    }

    private void sink(final int from, final int end) {
        final long number = get(from);
        int hole = from;
        int child = 2 * hole + 1;
        while (child < end) {
            if (child + 1 < end && get(child + 1) > get(child)) {
                child++;
            }
            if (get(child) <= number) {
                break;
            }
            set(hole, get(child));
            hole = child;
            child = 2 * hole + 1;
        }
        set(hole, number);
    }

    long reservedBytes() {
        return memory.length();
    }
}
