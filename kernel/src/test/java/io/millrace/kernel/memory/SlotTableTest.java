package io.millrace.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SlotTableTest {
    private static final int LOGICAL_END = 40;

    private final SlotTable table = new SlotTable(1, 64, LOGICAL_END);

    @Test
    void shouldHandOutTheSlotFreedLastFirst() {
        final int first = table.allocate();
        final int second = table.allocate();
        table.allocate();

        table.free(first);
        table.free(second);

        assertArrayEquals(new int[] {first, second}, table.freeSlots());
        assertEquals(second, table.allocate());
        assertEquals(first, table.allocate());
        assertEquals(3, table.allocate());
    }

    @Test
    void shouldCountGenerationsAndClearFields() {
        final int slot = table.allocate();
        table.putLong(slot, SlotTable.FIRST_FIELD, 42);
        table.seal(slot);

        table.free(slot);
        table.allocate();

        assertEquals(1, table.generation(slot));
        assertEquals(0, table.getLong(slot, SlotTable.FIRST_FIELD));
    }

    @Test
    void shouldSayWhichSlotsHoldRows() {
        final int slot = table.allocate();

        assertTrue(table.isLive(slot));
        assertFalse(table.isLive(slot + 1));
        assertFalse(table.isLive(-1));
        table.free(slot);
        assertFalse(table.isLive(slot));
    }

    @Test
    void shouldKeepTheHashThatARecomputationGives() {
        final Random random = new Random(5);
        final boolean[] live = new boolean[500];
        for (int slot = 0; slot < live.length; slot++) {
            live[table.allocate()] = true;
        }
        for (int step = 0; step < 20_000; step++) {
            final int slot = random.nextInt(live.length);
            if (live[slot] && random.nextInt(4) == 0) {
                table.free(slot);
                live[slot] = false;
            } else if (live[slot]) {
                table.putLong(slot, SlotTable.FIRST_FIELD + 8 * random.nextInt(3), random.nextLong());
                table.seal(slot);
            } else {
                live[table.allocate()] = true;
            }
            for (int i = 0; i < live.length && step % 1000 == 0; i++) {
                if (live[i]) {
                    table.seal(i);
                }
            }
            if (step % 1000 == 0) {
                assertEquals(table.recomputeHash(), table.hash(), "step " + step);
            }
        }
    }

    @Test
    void shouldChangeTheHashWithAnyLogicalFieldAndNoDerivedOne() {
        final int slot = table.allocate();
        table.seal(slot);
        for (int field = SlotTable.FIRST_FIELD; field < 64; field += 8) {
            final long before = table.recomputeHash();
            table.putLong(slot, field, 1L << field);
            if (field < LOGICAL_END) {
                assertNotEquals(before, table.recomputeHash(), "field " + field);
            } else {
                assertEquals(before, table.recomputeHash(), "field " + field);
            }
        }
    }

    @Test
    void shouldCoverTheOrderOfFreeSlots() {
        final SlotTable other = new SlotTable(1, 64, LOGICAL_END);
        for (int i = 0; i < 2; i++) {
            table.seal(table.allocate());
            other.seal(other.allocate());
        }

        table.free(0);
        table.free(1);
        other.free(1);
        other.free(0);

        assertNotEquals(table.hash(), other.hash());
    }
}
