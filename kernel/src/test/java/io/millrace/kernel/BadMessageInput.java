package io.millrace.kernel;

import static io.millrace.kernel.BadInputWorld.FIFO;
import static io.millrace.kernel.BadInputWorld.STANDARD;
import static io.millrace.kernel.Command.Producer.NONE;
import static io.millrace.kernel.Scenario.MS;
import static io.millrace.kernel.Scenario.SECOND;

import io.millrace.kernel.BadInputTest.Row;
import io.millrace.kernel.Command.Entry;
import io.millrace.kernel.Payload.Attribute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** What can be wrong about messages that are sent, in whole or in parts, and about receives and consumers. */
final class BadMessageInput {
    private static final long YEAR = 365 * 24 * 3_600 * SECOND;
    private static final long NOW = Scenario.START_NS + 10 * MS;
    private static final Payload X = Payload.of("x");
    private static final Payload TO_FIFO = X.inGroup("g").withDeduplicationId("id");

    private BadMessageInput() {}

    static List<Row> rows(final BadInputWorld world) {
        final List<Row> rows = new ArrayList<>();
        times(rows);
        timesOnFifo(rows);
        payloads(rows);
        ids(rows);
        batches(rows);
        transfers(rows, world);
        receives(rows);
        consumers(rows);
        return rows;
    }

    private static Row send(final String what, final long queue, final Entry entry, final String answer) {
        return new Row(what, new Command.SendMessages(1, NONE, queue, List.of(entry)), answer + " entry 0");
    }

    private static Row send(final String what, final long queue, final Payload payload, final String answer) {
        return send(what, queue, new Entry(null, payload), answer);
    }

    /** What stands in front of a payload is looked at when the payload is begun, too. */
    private static void wrongTimes(
            final List<Row> rows, final String what, final long queue, final Entry entry, final String answer) {
        rows.add(send(what, queue, entry.withPayload(queue == FIFO ? TO_FIFO : X), answer));
        rows.add(new Row(what, new Command.BeginPayload(1, NONE, queue, false, entry, 20), answer));
    }

    private static void times(final List<Row> rows) {
        wrongTimes(rows, "delay -1", STANDARD, new Entry(-1L, null), "INVALID_ARGUMENT -1");
        wrongTimes(
                rows,
                "a delay beyond a year",
                STANDARD,
                new Entry(YEAR + 1, null),
                "LIMIT_EXCEEDED DELAY " + YEAR + " " + (YEAR + 1));
        wrongTimes(
                rows,
                "scheduled beyond a year",
                STANDARD,
                new Entry(null, NOW + YEAR + 1, null, 0, null),
                "LIMIT_EXCEEDED DELAY " + YEAR + " " + (YEAR + 1));
        wrongTimes(rows, "delayed and scheduled", STANDARD, new Entry(1L, NOW + 1, null, 0, null), "INVALID_ARGUMENT");
        wrongTimes(rows, "time to live 0", STANDARD, new Entry(null, null, 0L, 0, null), "INVALID_ARGUMENT");
        wrongTimes(rows, "time to live -1", STANDARD, new Entry(null, null, -1L, 0, null), "INVALID_ARGUMENT -1");
        wrongTimes(
                rows,
                "a time to live beyond a year",
                STANDARD,
                new Entry(null, null, YEAR + 1, 0, null),
                "LIMIT_EXCEEDED TIME_TO_LIVE " + YEAR + " " + (YEAR + 1));
        wrongTimes(
                rows,
                "a priority that the queue has not",
                STANDARD,
                new Entry(null, null, null, 1, null),
                "LIMIT_EXCEEDED PRIORITIES 1 1");
    }

    private static void timesOnFifo(final List<Row> rows) {
        final String wrong = "NOT_FOR_QUEUE_TYPE ";
        wrongTimes(rows, "a delay on FIFO", FIFO, new Entry(2 * SECOND, null), wrong + 2 * SECOND);
        wrongTimes(rows, "delay -1 on FIFO", FIFO, new Entry(-1L, null), wrong + -1);
        wrongTimes(rows, "scheduled on FIFO", FIFO, new Entry(null, NOW, null, 0, null), wrong + NOW);
        wrongTimes(rows, "a priority on FIFO", FIFO, new Entry(null, null, null, 1, null), wrong + 1);
    }

    private static void payloads(final List<Row> rows) {
        final Attribute[] many = IntStream.range(0, 33)
                .mapToObj(i -> Attribute.text("name " + i, "x"))
                .toArray(Attribute[]::new);
        final Attribute right = Attribute.text("name", "value");
        rows.add(send("too many attributes", STANDARD, Payload.of("x", many), "LIMIT_EXCEEDED ATTRIBUTES 32 33"));
        rows.add(send(
                "a long name of an attribute",
                STANDARD,
                Payload.of("x", Attribute.text("x".repeat(257), "x")),
                "LIMIT_EXCEEDED ATTRIBUTE_NAME_BYTES 256 257"));
        final String wrong = "INVALID_ATTRIBUTE";
        rows.add(send("no name", STANDARD, Payload.of("x", Attribute.text("", "x")), wrong));
        rows.add(send("a name not in UTF-8", STANDARD, Payload.of("x", Attribute.text("\u00FF", "x")), wrong));
        rows.add(send("no value", STANDARD, Payload.of("x", Attribute.text("name", "")), wrong));
        rows.add(send("a number that is none", STANDARD, Payload.of("x", Attribute.number("name", "x")), wrong));
        rows.add(send("no type", STANDARD, Payload.of("x", new Attribute(0, "name", "", "x")), wrong));
        rows.add(send("an unknown type", STANDARD, Payload.of("x", new Attribute(4, "name", "", "x")), wrong));
        rows.add(send("an attribute twice", STANDARD, Payload.of("x", right, right), wrong));
        rows.add(send(
                "too many bytes",
                STANDARD,
                Payload.of("x".repeat(1_048_576), Attribute.text("a", "b")),
                "LIMIT_EXCEEDED MESSAGE_BYTES 1048576 1048584"));
        rows.add(text("an empty text", "", "EMPTY_BODY entry 0"));
        rows.add(text("a text with a control character", "\u0001", "INVALID_CHARACTERS entry 0"));
        rows.add(text("a text that is not UTF-8", "\u00FF", "INVALID_CHARACTERS entry 0"));
    }

    private static Row text(final String what, final String body, final String answer) {
        final List<Entry> entries = List.of(new Entry(null, Payload.of(body)));
        return new Row(what, new Command.SendMessages(1, NONE, STANDARD, true, false, entries), answer);
    }

    private static void ids(final List<Row> rows) {
        final String tooLong = "x".repeat(129);
        for (final long queue : new long[] {STANDARD, FIFO}) {
            final Payload payload = queue == FIFO ? X.withDeduplicationId("id") : X;
            rows.add(send("a long group", queue, payload.inGroup(tooLong), "LIMIT_EXCEEDED GROUP_ID_BYTES 128 129"));
            rows.add(send("a blank in a group", queue, payload.inGroup("a b"), "INVALID_ARGUMENT"));
            rows.add(send("a group beyond ASCII", queue, payload.inGroup("\u00C3\u00BC"), "INVALID_ARGUMENT"));
        }
        rows.add(send(
                "a deduplication id on a standard queue", STANDARD, X.withDeduplicationId("id"), "NOT_FOR_QUEUE_TYPE"));
        rows.add(send(
                "a long deduplication id",
                FIFO,
                X.inGroup("g").withDeduplicationId(tooLong),
                "LIMIT_EXCEEDED DEDUPLICATION_ID_BYTES 128 129"));
        rows.add(send(
                "a blank in a deduplication id", FIFO, X.inGroup("g").withDeduplicationId("a b"), "INVALID_ARGUMENT"));
        rows.add(send("no group", FIFO, X.withDeduplicationId("id"), "GROUP_ID_REQUIRED"));
        rows.add(send("no deduplication id", FIFO, X.inGroup("g"), "DEDUPLICATION_ID_REQUIRED"));
    }

    private static void batches(final List<Row> rows) {
        final Entry right = new Entry(null, X);
        final Entry large = new Entry(null, Payload.of("x".repeat(1_048_576)));
        batch(rows, "none", List.of(), "EMPTY_BATCH");
        batch(rows, "too many", Collections.nCopies(257, right), "LIMIT_EXCEEDED BATCH_ENTRIES 256 257");
        batch(
                rows,
                "too many bytes in all",
                List.of(large, large, large, large, right),
                "LIMIT_EXCEEDED BATCH_BYTES 4194304 4194305");
        rows.add(new Row(
                "one of three is wrong",
                new Command.SendMessages(1, NONE, STANDARD, List.of(right, new Entry(-1L, X), right)),
                "INVALID_ARGUMENT -1 entry 1"));
    }

    /** What is wrong about the whole command refuses it, whether entries stand for themselves or not. */
    private static void batch(final List<Row> rows, final String what, final List<Entry> entries, final String answer) {
        rows.add(new Row(what, new Command.SendMessages(1, NONE, STANDARD, false, false, entries), answer));
        rows.add(new Row(
                what + ", each for itself", new Command.SendMessages(1, NONE, STANDARD, false, true, entries), answer));
    }

    private static void transfers(final List<Row> rows, final BadInputWorld world) {
        rows.add(begin("a message too large", 2_000_000, "LIMIT_EXCEEDED MESSAGE_BYTES 1048576 2000000"));
        rows.add(new Row("of nothing", new Command.AppendPayload(1, 0, "x"), "UNKNOWN_TRANSFER"));
        rows.add(
                new Row("too early", new Command.AppendPayload(world.transfer, 4, "x"), "OUT_OF_ORDER_CHUNK NONE 5 4"));
        rows.add(new Row(
                "with a gap", new Command.AppendPayload(world.transfer, 6, "x"), "OUT_OF_ORDER_CHUNK NONE 5 6"));
        rows.add(new Row(
                "more than there was to be",
                new Command.AppendPayload(world.transfer, 5, "x".repeat(16)),
                "OUT_OF_ORDER_CHUNK NONE 5 5"));
        rows.add(new Row(
                "of somebody else",
                BadInputWorld.MALLORY,
                new Command.AppendPayload(world.transfer, 5, "x"),
                "UNKNOWN_TRANSFER"));
        rows.add(new Row("of nothing", new Command.CommitPayload(1, NONE), "UNKNOWN_TRANSFER"));
        rows.add(new Row(
                "before all has come",
                new Command.CommitPayload(world.transfer, NONE),
                "OUT_OF_ORDER_CHUNK NONE 20 5"));
        rows.add(new Row("unknown", new Command.OpenProducer(1, 99, 0), "PRODUCER_UNKNOWN"));
        final Command.Producer other = new Command.Producer(99, 1, 1);
        rows.add(new Row(
                "by an unknown producer",
                new Command.SendMessages(1, other, STANDARD, List.of(new Entry(null, X))),
                "PRODUCER_UNKNOWN"));
    }

    private static Row begin(final String what, final long length, final String answer) {
        return new Row(what, new Command.BeginPayload(1, NONE, STANDARD, null, length), answer);
    }

    private static void receives(final List<Row> rows) {
        final long hour = 3_600 * SECOND;
        rows.add(receive("none", 0, null, null, "LIMIT_EXCEEDED RECEIVE_MESSAGES 256 0"));
        rows.add(receive("too many", 257, null, null, "LIMIT_EXCEEDED RECEIVE_MESSAGES 256 257"));
        rows.add(receive("wait -1", 1, -1L, null, "INVALID_ARGUMENT -1"));
        rows.add(receive("a long wait", 1, hour + 1, null, "LIMIT_EXCEEDED WAIT " + hour + " " + (hour + 1)));
        rows.add(receive("visibility -1", 1, null, -1L, "INVALID_ARGUMENT -1"));
        rows.add(receive(
                "a long visibility",
                1,
                null,
                12 * hour + 1,
                "LIMIT_EXCEEDED VISIBILITY " + 12 * hour + " " + (12 * hour + 1)));
        rows.add(new Row(
                "one waiting too many",
                new Command.Receive(1, BadInputWorld.OTHER_SOURCE, 1, hour, null),
                "LIMIT_EXCEEDED WAITERS 1 2"));
        rows.add(attempt("an attempt on a standard queue", STANDARD, "id", "NOT_FOR_QUEUE_TYPE"));
        rows.add(attempt("a long attempt id", FIFO, "x".repeat(129), "LIMIT_EXCEEDED ATTEMPT_ID_BYTES 128 129"));
        rows.add(attempt("a blank in an attempt id", FIFO, "a b", "INVALID_ARGUMENT"));
        rows.add(attempt("an attempt whose message was acknowledged", FIFO, "changed", "ATTEMPT_CHANGED"));
    }

    private static Row receive(
            final String what, final int max, final Long waitNs, final Long visibilityNs, final String answer) {
        return new Row(what, new Command.Receive(1, STANDARD, max, waitNs, visibilityNs), answer);
    }

    private static Row attempt(final String what, final long queue, final String id, final String answer) {
        return new Row(what, new Command.Receive(1, queue, 1, 0L, null, List.of(), id), answer);
    }

    private static void consumers(final List<Row> rows) {
        final long twelveHours = 43_200 * SECOND;
        rows.add(consume("visibility -1", 1, 1, -1L, "INVALID_ARGUMENT -1"));
        rows.add(consume(
                "a long visibility",
                1,
                1,
                twelveHours + 1,
                "LIMIT_EXCEEDED VISIBILITY " + twelveHours + " " + (twelveHours + 1)));
        rows.add(consume("too many messages", 65_537, 1, null, "LIMIT_EXCEEDED CREDIT_MESSAGES 65536 65537"));
        rows.add(consume("too many bytes", 1, 16_777_217, null, "LIMIT_EXCEEDED CREDIT_BYTES 16777216 16777217"));
        rows.add(consume("one too many", 1, 1, null, "LIMIT_EXCEEDED CONSUMERS 1 2"));
        rows.add(new Row("not consumed from", new Command.StopConsuming(1, STANDARD), "NOT_CONSUMING"));
    }

    private static Row consume(
            final String what, final long messages, final long bytes, final Long visibilityNs, final String answer) {
        return new Row(what, new Command.Consume(1, STANDARD, messages, bytes, visibilityNs), answer);
    }
}
