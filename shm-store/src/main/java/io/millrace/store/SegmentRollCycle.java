package io.millrace.store;

import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.RollCycle;

/**
 * A roll cycle that rolls when told: a cycle is one second of a clock of ours, which stands still until the next roll. A cycle
 * is shifted by 32 bits in an index, because wider cycles of the library can mistake one position of a file for another.
 */
final class SegmentRollCycle implements RollCycle {
    private static final int SHIFT = 32;
    private static final int LENGTH_MS = 1_000;

    @Override
    public String format() {
        return "yyyyMMdd-HHmmss'M'";
    }

    @Override
    public int lengthInMillis() {
        return LENGTH_MS;
    }

    @Override
    public int defaultIndexCount() {
        return 1 << 8;
    }

    @Override
    public int defaultIndexSpacing() {
        // Nobody looks an index up, so entries are as rare as the shift allows: 2 * 8 + 16 = 32.
        return 1 << 16;
    }

    @Override
    public long toIndex(final int cycle, final long sequence) {
        return ((long) cycle << SHIFT) + (sequence & 0xFFFF_FFFFL);
    }

    @Override
    public long toSequenceNumber(final long index) {
        return index & 0xFFFF_FFFFL;
    }

    @Override
    public int toCycle(final long index) {
        return (int) (index >>> SHIFT);
    }

    @Override
    public long maxMessagesPerCycle() {
        return 1L << SHIFT;
    }

    /** The clock: the time of the start, and one second more for each roll. */
    static final class Clock implements TimeProvider {
        private long timeMs = System.currentTimeMillis() / LENGTH_MS * LENGTH_MS;

        void roll() {
            timeMs += LENGTH_MS;
        }

        @Override
        public long currentTimeMillis() {
            return timeMs;
        }
    }
}
