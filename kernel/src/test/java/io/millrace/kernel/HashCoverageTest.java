package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.kernel.memory.SlotTable;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing can change in any table without the state hash changing. */
class HashCoverageTest {

    private static final int GENERATION = 0;
    private static final int STATUS = 4;

    private final Scenario scenario = furnished();
    private final State state = scenario.kernel.state();

    /** Every table has a live row; messages, payloads and sessions have free ones too. */
    private static Scenario furnished() {
        final Scenario scenario = SampleFrames.furnished();
        scenario.as(1, 1, 1);
        scenario.send(A, 1, "protected");
        scenario.as(1, 2, 1);
        scenario.acknowledge(A, 1, new Receipt(1, 1, 1, 0, 1));
        scenario.asNobody();
        scenario.acknowledge(A, 1, scenario.receipt("second"));
        scenario.receive(B, 2, 1, 1000L, null);
        scenario.open(9);
        scenario.close(9);
        digGrave(scenario);
        scenario.forget();
        final State state = scenario.kernel.state();
        state.deduplications.seal(state.deduplications.allocate());
        state.attempts.seal(state.attempts.allocate());
        state.redrives.seal(state.redrives.allocate());
        state.watches.seal(state.watches.allocate());
        state.topics.publications.seal(state.topics.publications.allocate());
        state.topics.archives.seal(state.topics.archives.allocate());
        state.topics.replays.seal(state.topics.replays.allocate());
        state.blobs.blobs.seal(state.blobs.blobs.allocate());
        assertEquals(scenario.kernel.recomputeStateHash(), scenario.kernel.stateHash());
        return scenario;
    }

    /** Deletes a queue with more messages than one record frees. */
    private static void digGrave(final Scenario scenario) {
        final long queue = scenario.createQueueQuietly("doomed");
        final String[] bodies =
                IntStream.range(0, 200).mapToObj(Integer::toString).toArray(String[]::new);
        scenario.send(A, queue, bodies);
        scenario.send(A, queue, bodies);
        scenario.deleteQueue(A, queue);
        assertTrue(scenario.kernel.workPending());
    }

    static Stream<Class<?>> tables() {
        return Stream.of(Tables.class, QueueTables.class, TopicTables.class, StreamTables.class, GroupTables.class)
                .flatMap(layouts -> Arrays.stream(layouts.getDeclaredClasses()))
                .filter(table -> hasRows(table));
    }

    private static boolean hasRows(final Class<?> table) {
        return Arrays.stream(table.getDeclaredFields())
                .anyMatch(field -> field.getName().equals("LOGICAL_END"));
    }

    @Test
    void shouldHaveARowInEveryTable() {
        for (final SlotTable table : state.tables) {
            assertTrue(table.liveCount() > 0, () -> "table " + table.tableId() + " is empty");
        }
        assertEquals(state.tables.length, tables().count() + 1, "tables, that of payloads included");
        assertTrue(state.messages.freeCount() > 0);
        assertTrue(state.sessions.freeCount() > 0);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void shouldCoverEveryFieldOfEveryRow(final Class<?> layout) {
        final Map<String, Integer> fields = fields(layout);
        final SlotTable table = table(fields.get("TABLE"));
        final int logicalEnd = fields.get("LOGICAL_END");
        assertEquals(logicalEnd, table.logicalEnd());
        fields.forEach((name, offset) -> {
            if (isField(layout, name) && offset < logicalEnd) {
                forEachRow(
                        table, slot -> shouldChangeTheHash(table, slot, offset, layout.getSimpleName() + "." + name));
            }
        });
    }

    @Test
    void shouldCoverEveryByteOfEveryRow() {
        for (final SlotTable table : state.tables) {
            for (int offset = SlotTable.FIRST_FIELD; offset < table.logicalEnd(); offset += Integer.BYTES) {
                final int field = offset;
                forEachRow(table, slot -> {
                    for (int bit = 0; bit < Integer.SIZE; bit += 5) {
                        shouldChangeTheTablesHash(table, slot, field, 1 << bit);
                    }
                });
            }
        }
    }

    @Test
    void shouldCoverGenerationsAndStatuses() {
        for (final SlotTable table : state.tables) {
            forEachRow(table, slot -> {
                shouldChangeTheTablesHash(table, slot, GENERATION, 1);
                shouldChangeTheTablesHash(table, slot, STATUS, 8);
            });
        }
    }

    @Test
    void shouldCoverTheOrderInWhichFreeSlotsWillBeUsed() {
        final Scenario oneWay = new Scenario();
        final Scenario theOther = new Scenario();
        oneWay.close(A);
        oneWay.close(B);
        theOther.close(B);
        theOther.close(A);

        final SlotTable sessions = oneWay.kernel.state().sessions;
        assertEquals(2, sessions.freeCount());
        assertNotEquals(
                sessions.recomputeHash(), theOther.kernel.state().sessions.recomputeHash());
    }

    @Test
    void shouldCoverTheBytesOfPayloads() {
        final long before = scenario.kernel.recomputeStateHash();
        forEachRow(state.payloads, slot -> {
            for (int i = 0; i < state.payloads.filled(slot); i++) {
                final int at = state.payloads.offset(slot) + i;
                final byte original = state.payloads.buffer(slot).getByte(at);
                state.payloads.buffer(slot).putByte(at, (byte) (original ^ 1));
                assertNotEquals(before, scenario.kernel.recomputeStateHash(), "byte " + i + " of payload " + slot);
                state.payloads.buffer(slot).putByte(at, original);
            }
        });
        assertEquals(before, scenario.kernel.recomputeStateHash());
    }

    @Test
    void shouldCoverTheTime() {
        final long before = scenario.kernel.recomputeStateHash();
        state.nowNs++;

        assertNotEquals(before, scenario.kernel.recomputeStateHash());
        assertEquals(scenario.kernel.recomputeStateHash(), scenario.kernel.stateHash());
    }

    private void shouldChangeTheHash(final SlotTable table, final int slot, final int field, final String name) {
        final long before = scenario.kernel.recomputeStateHash();
        final int value = table.getInt(slot, field);
        table.putInt(slot, field, value ^ 1);
        assertNotEquals(before, scenario.kernel.recomputeStateHash(), name + " of slot " + slot);
        table.putInt(slot, field, value);
        assertEquals(before, scenario.kernel.recomputeStateHash());
        assertEquals(before, scenario.kernel.stateHash());
    }

    /** By the table's own hash: a payload's row must not be believed while it is wrong. */
    private static void shouldChangeTheTablesHash(
            final SlotTable table, final int slot, final int field, final int mask) {
        final long before = table.recomputeHash();
        final int value = table.getInt(slot, field);
        table.putInt(slot, field, value ^ mask);
        assertNotEquals(before, table.recomputeHash(), () -> "table " + table.tableId() + " offset " + field);
        table.putInt(slot, field, value);
        assertEquals(before, table.recomputeHash());
        assertEquals(before, table.hash());
    }

    private static void forEachRow(final SlotTable table, final java.util.function.IntConsumer action) {
        for (int slot = 0; slot < table.highWater(); slot++) {
            if (table.isLive(slot)) {
                action.accept(slot);
            }
        }
    }

    private SlotTable table(final int tableId) {
        return Arrays.stream(state.tables)
                .filter(table -> table.tableId() == tableId)
                .findFirst()
                .orElseThrow();
    }

    /** Offsets start behind the first 16 bytes; statuses, flags and lengths are no fields. */
    private static boolean isField(final Class<?> layout, final String name) {
        final int value = fields(layout).get(name);
        return value >= SlotTable.FIRST_FIELD && !name.equals("ROW_LENGTH") && !name.equals("LOGICAL_END");
    }

    private static Map<String, Integer> fields(final Class<?> layout) {
        final Map<String, Integer> offsets = new LinkedHashMap<>();
        for (final Field field : layout.getDeclaredFields()) {
            if (field.getType() == int.class) {
                try {
                    field.setAccessible(true);
                    offsets.put(field.getName(), field.getInt(null));
                } catch (final IllegalAccessException failure) {
                    throw new AssertionError(failure);
                }
            }
        }
        return offsets;
    }
}
