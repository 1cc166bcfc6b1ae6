package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What a client can ask wrongly, operation by operation, and the exact answer: code, limit id, limit and actual value. What is refused
 * leaves no trace in the state. Entries of a batch are numbered by their place, so two of them cannot have the same id.
 */
class BadInputTest {

    /**
     * A wrong command and the answer to it.
     *
     * @param what    is wrong.
     * @param session that asks.
     * @param command that is wrong.
     * @param answer  {@code CODE [LIMIT_ID limit actual | actual] [entry index]}, or a list of entries that are wrong.
     */
    record Row(String what, long session, Command command, String answer) {

        Row(final String what, final Command command, final String answer) {
            this(what, A, command, answer);
        }
    }

    private BadInputWorld present;

    private static List<Row> rows() {
        final BadInputWorld world = new BadInputWorld();
        final List<Row> rows = new ArrayList<>();
        for (final long queue : new long[] {BadInputWorld.NEVER_THERE, 0, -1, BadInputWorld.DELETED}) {
            world.commandsOn(queue).forEach(command -> rows.add(unknownQueue(queue, command)));
        }
        world.commandsOn(BadInputWorld.PRIVATE).stream()
                .filter(command -> !isOpenToAll(command))
                .forEach(command ->
                        rows.add(new Row("not on the list", BadInputWorld.MALLORY, command, "NOT_AUTHORISED")));
        rows.addAll(BadQueueInput.rows());
        rows.addAll(BadMessageInput.rows(world));
        rows.addAll(BadReceiptInput.rows(world));
        rows.addAll(BadTopicInput.rows());
        rows.addAll(BadStreamInput.rows());
        rows.addAll(BadGroupInput.rows());
        return rows;
    }

    /** A receipt of a deleted queue is a receipt of a message that is gone; deleting that once more succeeds. */
    private static Row unknownQueue(final long queue, final Command command) {
        final boolean wasThere = queue == BadInputWorld.DELETED;
        final boolean isAboutReceipts = command instanceof Command.Acknowledge
                || command instanceof Command.DeleteMessages
                || command instanceof Command.ChangeVisibility
                || command instanceof Command.SettleMessages;
        return new Row(
                "queue " + queue, command, wasThere && isAboutReceipts ? "[0 INVALID_RECEIPT]" : "UNKNOWN_QUEUE");
    }

    /** What is no permission's: to stop, and to ask what there is. */
    private static boolean isOpenToAll(final Command command) {
        return command instanceof Command.StopConsuming
                || command.isQuery() && !(command instanceof Command.BrowseMessages);
    }

    @TestFactory
    Stream<DynamicTest> shouldAnswerExactlyAndLeaveNoTrace() {
        return rows().stream().map(row -> dynamicTest(name(row.command()) + ": " + row.what(), () -> check(row)));
    }

    private void check(final Row row) {
        final BadInputWorld asked = present == null ? new BadInputWorld() : present;
        final long before = asked.scenario.kernel.stateHash();
        // Unless the command leaves no trace, the next one is asked in a new world.
        present = null;
        assertEquals(row.answer(), asked.answer(row.session(), row.command()));
        // A commit that is refused ends its transfer.
        if (!(row.command() instanceof Command.CommitPayload)) {
            assertEquals(before, asked.scenario.kernel.stateHash(), "state hash");
            present = asked;
        }
    }

    @Test
    void shouldHaveRowsForEveryOperation() {
        final Set<String> expected = Stream.concat(
                        Stream.of(Command.class.getPermittedSubclasses()),
                        Stream.of(StreamCommand.class, GroupCommand.class)
                                .flatMap(commands -> Stream.of(commands.getDeclaredClasses()))
                                .filter(Command.class::isAssignableFrom))
                .filter(Class::isRecord)
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
        assertEquals(expected, rows().stream().map(row -> name(row.command())).collect(Collectors.toSet()));
    }

    @Test
    void shouldKnowEveryOperationOnAQueue() {
        final Set<String> expected = Stream.of(Command.class.getPermittedSubclasses())
                .filter(Class::isRecord)
                .filter(command -> Stream.of(command.getRecordComponents())
                        .anyMatch(component -> component.getName().equals("queueId")))
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
        assertEquals(
                expected,
                new BadInputWorld()
                        .commandsOn(1).stream().map(BadInputTest::name).collect(Collectors.toSet()));
    }

    private static String name(final Command command) {
        return command.getClass().getSimpleName();
    }
}
