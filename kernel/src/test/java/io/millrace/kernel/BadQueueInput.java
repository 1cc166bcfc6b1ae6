package io.millrace.kernel;

import static io.millrace.kernel.BadInputWorld.CLOSED;
import static io.millrace.kernel.BadInputWorld.DEAD;
import static io.millrace.kernel.BadInputWorld.FIFO;
import static io.millrace.kernel.BadInputWorld.NEVER_THERE;
import static io.millrace.kernel.BadInputWorld.OTHER_DEAD;
import static io.millrace.kernel.BadInputWorld.PURGED;
import static io.millrace.kernel.BadInputWorld.SOURCE;
import static io.millrace.kernel.BadInputWorld.STANDARD;
import static io.millrace.kernel.Command.Producer.NONE;
import static io.millrace.kernel.Scenario.SECOND;

import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;
import io.millrace.kernel.BadInputTest.Row;
import io.millrace.kernel.Command.Tag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What can be wrong about queues as such: names, settings, tags, lists, redrive, pages. */
final class BadQueueInput {
    private static final long DAY = 24 * 3_600 * SECOND;
    private static final Settings FIFO_SETTINGS = Settings.NONE.with("queueType", QueueType.FIFO);

    private BadQueueInput() {}

    static List<Row> rows() {
        final List<Row> rows = new ArrayList<>();
        names(rows);
        ranges(rows);
        types(rows);
        deadLetters(rows);
        alarms(rows);
        tagsAndLists(rows);
        redrives(rows);
        pages(rows);
        return rows;
    }

    private static Row create(final String what, final String name, final Settings settings, final String answer) {
        return new Row(what, new Command.CreateQueue(1, NONE, name, settings), answer);
    }

    private static Row change(final String what, final long queue, final Settings settings, final String answer) {
        return new Row(what, new Command.SetQueueSettings(1, NONE, queue, settings), answer);
    }

    /** A setting that is wrong at creation is wrong as a change, too. */
    private static void wrong(final List<Row> rows, final String setting, final Object value, final String answer) {
        final Settings settings = Settings.NONE.with(setting, value);
        final String what = setting + " " + value;
        rows.add(create(what, "new", settings, answer));
        rows.add(change(what, STANDARD, settings, answer));
    }

    private static void wrongOnFifo(
            final List<Row> rows, final String setting, final Object value, final String answer) {
        final String what = setting + " " + value + " on FIFO";
        rows.add(create(what, "new", FIFO_SETTINGS.with(setting, value), answer));
        rows.add(change(what, FIFO, Settings.NONE.with(setting, value), answer));
    }

    private static void names(final List<Row> rows) {
        rows.add(create("no name", "", Settings.NONE, "INVALID_NAME"));
        rows.add(create("not UTF-8", "\u00FF", Settings.NONE, "INVALID_NAME"));
        rows.add(create("a long name", "x".repeat(257), Settings.NONE, "LIMIT_EXCEEDED NAME_BYTES 256 257"));
        rows.add(create("other settings", "standard", Settings.NONE.with("delayNs", 1L), "QUEUE_EXISTS 3"));
        rows.add(create("another type", "standard", FIFO_SETTINGS, "QUEUE_EXISTS 1"));
        rows.add(create(
                "a name at rest",
                "deleted",
                Settings.NONE,
                "QUEUE_DELETED_RECENTLY DELETED_NAME_REST " + 60 * SECOND + " 0"));
        rows.add(new Row(
                "again at once",
                new Command.PurgeQueue(1, NONE, PURGED),
                "PURGE_IN_PROGRESS PURGE_INTERVAL " + 60 * SECOND + " 0"));
    }

    private static void ranges(final List<Row> rows) {
        final long twelveHours = 43_200 * SECOND;
        range(rows, "visibilityTimeoutNs", "VISIBILITY", twelveHours);
        range(rows, "delayNs", "DELAY", 365 * DAY);
        range(rows, "receiveWaitNs", "WAIT", 3_600 * SECOND);
        range(rows, "backoffDelayNs", "BACKOFF", twelveHours);
        range(rows, "backoffMaxNs", "BACKOFF", twelveHours);
        wrong(rows, "retentionNs", -1L, "LIMIT_EXCEEDED RETENTION_LEAST " + SECOND + " -1");
        wrong(rows, "retentionNs", SECOND - 1, "LIMIT_EXCEEDED RETENTION_LEAST " + SECOND + " " + (SECOND - 1));
        wrong(rows, "retentionNs", 365 * DAY + 1, "LIMIT_EXCEEDED RETENTION " + 365 * DAY + " " + (365 * DAY + 1));
        wrong(rows, "maxMessageBytes", 1_048_577L, "LIMIT_EXCEEDED MESSAGE_BYTES 1048576 1048577");
        wrong(rows, "priorities", 9, "LIMIT_EXCEEDED PRIORITIES 8 9");
        wrong(rows, "priorities", 0, "INVALID_SETTING 14");
    }

    private static void range(final List<Row> rows, final String setting, final String limitId, final long limit) {
        wrong(rows, setting, -1L, "INVALID_ARGUMENT -1");
        wrong(rows, setting, limit + 1, "LIMIT_EXCEEDED " + limitId + " " + limit + " " + (limit + 1));
    }

    private static void types(final List<Row> rows) {
        wrong(rows, "contentDeduplication", Switch.ON, "INVALID_SETTING 7");
        wrong(rows, "deduplicationScope", QueueScope.MESSAGE_GROUP, "INVALID_SETTING 8");
        wrong(rows, "throughputScope", QueueScope.MESSAGE_GROUP, "INVALID_SETTING 9");
        wrongOnFifo(rows, "throughputScope", QueueScope.MESSAGE_GROUP, "INVALID_SETTING 9");
        wrongOnFifo(rows, "priorities", 2, "INVALID_SETTING 14");
        rows.add(change("another type", STANDARD, FIFO_SETTINGS, "INVALID_SETTING 1"));
        rows.add(
                change("another type", FIFO, Settings.NONE.with("queueType", QueueType.STANDARD), "INVALID_SETTING 1"));
    }

    private static void deadLetters(final List<Row> rows) {
        final Settings once = Settings.NONE.with("maxReceiveCount", 1L);
        wrong(rows, "deadLetterQueueId", DEAD, "INVALID_SETTING 11");
        wrong(rows, "maxReceiveCount", 1L, "INVALID_SETTING 10");
        wrong(rows, "redriveSources", List.of(1L), "INVALID_SETTING 12");
        deadLetterQueue(rows, "unknown", once.with("deadLetterQueueId", NEVER_THERE), "UNKNOWN_QUEUE");
        deadLetterQueue(rows, "of another type", once.with("deadLetterQueueId", FIFO), "INVALID_SETTING 10");
        deadLetterQueue(rows, "that allows none", once.with("deadLetterQueueId", CLOSED), "REDRIVE_NOT_ALLOWED");
        deadLetterQueue(
                rows,
                "with too many receives",
                Settings.NONE.with("deadLetterQueueId", DEAD).with("maxReceiveCount", 1_001L),
                "LIMIT_EXCEEDED RECEIVE_COUNT 1000 1001");
        rows.add(change(
                "itself as its dead-letter queue",
                STANDARD,
                once.with("deadLetterQueueId", STANDARD),
                "INVALID_SETTING 10"));
        deadLetterQueue(
                rows,
                "with eleven sources",
                Settings.NONE
                        .with("redrivePermission", RedrivePermission.BY_QUEUE)
                        .with("redriveSources", LongStream.range(0, 11).boxed().toList()),
                "LIMIT_EXCEEDED REDRIVE_SOURCES 10 11");
    }

    private static void deadLetterQueue(
            final List<Row> rows, final String what, final Settings settings, final String answer) {
        rows.add(create("a dead-letter queue " + what, "new", settings, answer));
        rows.add(change("a dead-letter queue " + what, STANDARD, settings, answer));
    }

    private static void alarms(final List<Row> rows) {
        wrong(rows, "highDepth", -1L, "INVALID_ARGUMENT -1");
        wrong(rows, "lowDepth", -1L, "INVALID_ARGUMENT -1");
        wrong(rows, "highAgeNs", -1L, "INVALID_ARGUMENT -1");
        wrong(rows, "lowAgeNs", -1L, "INVALID_ARGUMENT -1");
        wrong(rows, "lowDepth", 1L, "INVALID_SETTING 15");
        wrong(rows, "lowAgeNs", 1L, "INVALID_SETTING 16");
        rows.add(new Row(
                "one more than allowed", new Command.WatchQueue(1, STANDARD, true), "LIMIT_EXCEEDED WATCHES 1 2"));
    }

    private static void tagsAndLists(final List<Row> rows) {
        final List<Tag> many =
                IntStream.range(0, 51).mapToObj(i -> new Tag("key " + i, "")).toList();
        rows.add(tag("none", List.of(), "EMPTY_BATCH"));
        rows.add(tag("no key", List.of(new Tag("a", ""), new Tag("", "x")), "INVALID_NAME entry 1"));
        rows.add(tag("a key that is not UTF-8", List.of(new Tag("\u00FF", "x")), "INVALID_NAME entry 0"));
        rows.add(tag("a value that is not UTF-8", List.of(new Tag("a", "\u00FF")), "INVALID_NAME entry 0"));
        rows.add(tag(
                "a long key", List.of(new Tag("x".repeat(129), "")), "LIMIT_EXCEEDED TAG_KEY_BYTES 128 129 entry 0"));
        rows.add(tag(
                "a long value",
                List.of(new Tag("a", "x".repeat(257))),
                "LIMIT_EXCEEDED TAG_VALUE_BYTES 256 257 entry 0"));
        rows.add(tag("too many", many, "LIMIT_EXCEEDED TAGS 50 51"));
        rows.add(new Row("none", new Command.UntagQueue(1, NONE, STANDARD, List.of()), "EMPTY_BATCH"));
        rows.add(new Row(
                "too many",
                new Command.SetQueueAccess(
                        1, NONE, STANDARD, Collections.nCopies(65, new Command.AccessEntry(true, false, false, "x"))),
                "LIMIT_EXCEEDED ACCESS_ENTRIES 64 65"));
    }

    private static Row tag(final String what, final List<Tag> tags, final String answer) {
        return new Row(what, new Command.TagQueue(1, NONE, STANDARD, tags), answer);
    }

    private static void redrives(final List<Row> rows) {
        rows.add(redrive("not a dead-letter queue", STANDARD, 0, 0, "NOT_A_DEAD_LETTER_QUEUE"));
        rows.add(redrive("one is running", DEAD, 0, 0, "REDRIVE_RUNNING"));
        rows.add(redrive("to nowhere", OTHER_DEAD, NEVER_THERE, 0, "UNKNOWN_QUEUE"));
        rows.add(redrive("to another type", OTHER_DEAD, FIFO, 0, "NOT_FOR_QUEUE_TYPE"));
        rows.add(redrive("to itself", OTHER_DEAD, OTHER_DEAD, 0, "INVALID_ARGUMENT " + OTHER_DEAD));
        rows.add(redrive("too fast", OTHER_DEAD, SOURCE, 501, "LIMIT_EXCEEDED REDRIVE_RATE 500 501"));
        rows.add(redrive("one task too many", OTHER_DEAD, SOURCE, 500, "LIMIT_EXCEEDED REDRIVE_TASKS 1 2"));
        rows.add(new Row("unknown", new Command.CancelRedrive(1, NONE, 99), "UNKNOWN_TASK"));
    }

    private static Row redrive(
            final String what, final long queue, final long destination, final long rate, final String answer) {
        return new Row(what, new Command.StartRedrive(1, NONE, queue, destination, rate), answer);
    }

    private static void pages(final List<Row> rows) {
        rows.add(new Row("unknown", new Command.LookUpQueue(1, "stand"), "UNKNOWN_QUEUE"));
        rows.add(new Row("empty", new Command.LookUpQueue(1, ""), "UNKNOWN_QUEUE"));
        rows.add(new Row("none", new Command.ListQueues(1, 0, 0, ""), "LIMIT_EXCEEDED LIST_ENTRIES 1000 0"));
        rows.add(new Row("too many", new Command.ListQueues(1, 0, 1001, ""), "LIMIT_EXCEEDED LIST_ENTRIES 1000 1001"));
        rows.add(new Row("behind -1", new Command.ListQueues(1, -1, 1, ""), "INVALID_ARGUMENT -1"));
        rows.add(sources("none", 0, 0, "LIMIT_EXCEEDED LIST_ENTRIES 1000 0"));
        rows.add(sources("too many", 0, 1001, "LIMIT_EXCEEDED LIST_ENTRIES 1000 1001"));
        rows.add(sources("behind what is no source", STANDARD, 1, "INVALID_ARGUMENT " + STANDARD));
        rows.add(browse("none", 0, 0, "LIMIT_EXCEEDED RECEIVE_MESSAGES 256 0"));
        rows.add(browse("too many", 0, 257, "LIMIT_EXCEEDED RECEIVE_MESSAGES 256 257"));
        rows.add(browse("behind -1", -1, 1, "INVALID_ARGUMENT -1"));
    }

    private static Row sources(final String what, final long after, final int max, final String answer) {
        return new Row(what, new Command.ListDeadLetterSources(1, DEAD, after, max), answer);
    }

    private static Row browse(final String what, final long cursor, final int max, final String answer) {
        return new Row(what, new Command.BrowseMessages(1, STANDARD, cursor, max, true, true, true), answer);
    }
}
