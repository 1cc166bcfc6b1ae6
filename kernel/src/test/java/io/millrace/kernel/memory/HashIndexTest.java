package io.millrace.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashIndexTest {
    private static final int KEY = 16;
    private static final int CHAIN = 24;

    private final SlotTable rows = new SlotTable(1, 64, 24);
    private final HashIndex index = new HashIndex(rows, CHAIN, slot -> Hashing.mix(rows.getLong(slot, KEY)));

    @Test
    void shouldFindExactlyWhatWasAddedWhileItGrows() {
        final long seed = Long.getLong("millrace.seed", 3);
        final Random random = new Random(seed);
        final Map<Long, Integer> expected = new HashMap<>();
        for (int step = 0; step < 100_000; step++) {
            final long key = random.nextInt(20_000);
            final Integer present = expected.remove(key);
            if (present == null) {
                final int slot = rows.allocate();
                rows.putLong(slot, KEY, key);
                index.add(slot);
                expected.put(key, slot);
            } else {
                index.remove(present);
                rows.free(present);
            }
            final long probe = random.nextInt(20_000);
            assertEquals(expected.getOrDefault(probe, -1), find(probe), "step " + step + " of seed " + seed);
        }
    }

    @Test
    void shouldMoveFewRowsWithEachThatIsAdded() {
        final int count = 300_000;
        final long[] hashed = {0};
        final HashIndex counting = new HashIndex(rows, CHAIN, slot -> {
            hashed[0]++;
            return Hashing.mix(rows.getLong(slot, KEY));
        });
        long most = 0;
        for (int key = 0; key < count; key++) {
            final int slot = rows.allocate();
            rows.putLong(slot, KEY, key);
            final long before = hashed[0];
            counting.add(slot);
            most = Math.max(most, hashed[0] - before);
        }

        // Each row's hash is asked for when it is added or moved. One bucket is split, of less than two rows on
        // average.
        assertTrue(hashed[0] < 3L * count, hashed[0] + " hashes for " + count + " rows");
        assertTrue(most <= 24, most + " hashes for one row");
    }

    private int find(final long key) {
        int slot = index.first(Hashing.mix(key));
        while (slot >= 0 && rows.getLong(slot, KEY) != key) {
            slot = index.next(slot);
        }
        return slot;
    }
}
