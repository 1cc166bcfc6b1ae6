package io.millrace.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TimerHeapTest {
    private final TimerHeap timers = new TimerHeap();

    @Test
    void shouldHaveNoDeadlineWhenEmpty() {
        assertEquals(Long.MAX_VALUE, timers.firstDeadline());
        assertEquals(0, timers.size());
    }

    @Test
    void shouldFireInOrderOfDeadlineThenId() {
        timers.add(0, 20, 1);
        timers.add(1, 10, 4);
        timers.add(2, 10, 3);
        timers.add(3, 5, 9);

        assertEquals(List.of(3, 2, 1, 0), drain());
    }

    @Test
    void shouldForgetCancelledTimersAndIgnoreUnknownOnes() {
        timers.add(0, 1, 1);
        timers.add(1, 2, 2);

        timers.remove(0);
        timers.remove(0);
        timers.remove(1_000_000);

        assertEquals(List.of(1), drain());
    }

    @Test
    void shouldKeepTheOrderUnderRandomAdditionsAndCancellations() {
        final long seed = Long.getLong("millrace.seed", 11);
        final Random random = new Random(seed);
        final TreeMap<String, Integer> expected = new TreeMap<>();
        final String[] names = new String[3_000];
        for (int step = 0; step < 100_000; step++) {
            final int key = random.nextInt(names.length);
            if (names[key] == null) {
                final long deadline = random.nextInt(500);
                names[key] = String.format("%08d-%08d", deadline, step);
                expected.put(names[key], key);
                timers.add(key, deadline, step);
            } else {
                expected.remove(names[key]);
                names[key] = null;
                timers.remove(key);
            }
            if (!expected.isEmpty()) {
                final Map.Entry<String, Integer> first = expected.firstEntry();
                assertEquals(first.getValue(), timers.firstKey(), "step " + step + " of seed " + seed);
            }
        }
        assertEquals(new ArrayList<>(expected.values()), drain());
    }

    private List<Integer> drain() {
        final List<Integer> fired = new ArrayList<>();
        while (timers.size() > 0) {
            final int key = timers.firstKey();
            fired.add(key);
            timers.remove(key);
        }
        return fired;
    }
}
