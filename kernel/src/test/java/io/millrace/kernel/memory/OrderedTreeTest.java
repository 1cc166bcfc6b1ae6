package io.millrace.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OrderedTreeTest {
    private static final int ROOT = 24;
    private static final int KEY = 16;
    private static final int IDENTITY = 24;
    private static final int LINKS = 32;

    private final SlotTable owners = new SlotTable(1, 64, 24);
    private final SlotTable rows = new SlotTable(2, 64, 32);
    private final OrderedTree tree = new OrderedTree(owners, ROOT, rows, KEY, IDENTITY, LINKS);
    private final int owner = owners.allocate();

    @Test
    void shouldGiveTheSmallestKeyAfterAnyAdditionsAndRemovals() {
        final long seed = Long.getLong("millrace.seed", 7);
        final Random random = new Random(seed);
        final TreeMap<Long, Integer> expected = new TreeMap<>();
        for (int step = 0; step < 50_000; step++) {
            final long key = random.nextInt(2_000);
            final Integer present = expected.remove(key);
            if (present == null) {
                expected.put(key, add(key));
            } else {
                tree.remove(owner, present);
                rows.free(present);
            }
            assertEquals(
                    expected.isEmpty() ? -1 : expected.firstEntry().getValue(),
                    tree.first(owner),
                    "step " + step + " of seed " + seed);
        }
    }

    @Test
    void shouldStayShallowWhenKeysComeInOrder() {
        for (int key = 0; key < 100_000; key++) {
            add(key);
        }
        // A random tree of 100,000 has an expected depth of about 40; a list would have 100,000.
        assertTrue(depth(owners.getInt(owner, ROOT)) < 100);
    }

    private int add(final long key) {
        final int slot = rows.allocate();
        rows.putLong(slot, KEY, key);
        rows.putLong(slot, IDENTITY, key * 31 + 17);
        tree.add(owner, slot);
        return slot;
    }

    private int depth(final int link) {
        return link == 0
                ? 0
                : 1 + Math.max(depth(rows.getInt(link - 1, LINKS)), depth(rows.getInt(link - 1, LINKS + 4)));
    }
}
