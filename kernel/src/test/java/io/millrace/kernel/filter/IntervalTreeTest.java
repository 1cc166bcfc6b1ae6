package io.millrace.kernel.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.kernel.memory.SlotTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class IntervalTreeTest {
    private static final int ROOT = 24;
    private static final int FIELDS = 16;
    private static final int LINKS = 40;

    private final SlotTable owners = new SlotTable(1, 64, 16);
    private final SlotTable rows = new SlotTable(2, 64, 16);
    private final IntervalTree tree = new IntervalTree(owners, ROOT, rows, FIELDS, LINKS);
    private final int owner = owners.allocate();

    /** An interval. */
    private record Interval(long low, long high) {}

    @Test
    void shouldFindWhatOverlapsAfterAnyAdditionsAndRemovals() {
        final long seed = Long.getLong("millrace.seed", 19);
        final Random random = new Random(seed);
        final TreeMap<Integer, Interval> expected = new TreeMap<>();
        for (int step = 0; step < 20_000; step++) {
            if (expected.size() > 150 || random.nextInt(3) == 0 && !expected.isEmpty()) {
                final int slot = new ArrayList<>(expected.keySet()).get(random.nextInt(expected.size()));
                expected.remove(slot);
                tree.remove(owner, slot);
                rows.free(slot);
            } else {
                final Interval interval = interval(random, 30);
                expected.put(add(interval), interval);
            }
            final Interval sought = interval(random, 5);
            assertEquals(overlapping(expected, sought), found(sought), "step " + step + " of seed " + seed);
        }
    }

    private static Interval interval(final Random random, final int greatest) {
        final long low = random.nextInt(200) - 100;
        return new Interval(low, low + random.nextInt(greatest));
    }

    private int add(final Interval interval) {
        final int slot = rows.allocate();
        rows.putLong(slot, FIELDS, interval.low);
        rows.putLong(slot, FIELDS + 8, interval.high);
        tree.add(owner, slot);
        return slot;
    }

    private static List<Integer> overlapping(final TreeMap<Integer, Interval> intervals, final Interval sought) {
        final List<Integer> result = new ArrayList<>();
        intervals.forEach((slot, interval) -> {
            if (interval.low <= sought.high && interval.high >= sought.low) {
                result.add(slot);
            }
        });
        return result;
    }

    private List<Integer> found(final Interval sought) {
        final List<Integer> result = new ArrayList<>();
        for (int slot = tree.first(owner, sought.low, sought.high);
                slot >= 0;
                slot = tree.next(slot, sought.low, sought.high)) {
            result.add(slot);
        }
        Collections.sort(result);
        return result;
    }
}
