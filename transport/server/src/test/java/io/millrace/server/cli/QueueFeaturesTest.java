package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings, groups, tags, access, settling and so on from the command line to a real server and back. */
class QueueFeaturesTest {
    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(directory);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void shouldCreateSetAndDescribeEverySetting() {
        final Object failed = json("create", "set-failed", "--type", "fifo").get("queueId");
        final Object source = json("create", "set-source", "--type", "fifo").get("queueId");
        final List<Object> line = new ArrayList<>(List.of("create", "set-all", "--type", "FIFO"));
        line.addAll(List.of("--visibility-timeout", "1m", "--delay", "2s", "--receive-wait", "3s"));
        line.addAll(List.of("--retention", "1h", "--content-deduplication", "on", "--deduplication-scope"));
        line.addAll(List.of("message-group", "--throughput-scope", "message-group", "--dead-letter-queue"));
        line.addAll(List.of("set-failed", "--max-receive-count", "4", "--redrive-permission", "by-queue"));
        line.addAll(List.of("--redrive-source", "set-source", "--backoff", "linear", "--backoff-delay", "5s"));
        line.addAll(List.of("--backoff-max", "1m", "--high-depth", "100", "--low-depth", "10", "--high-age", "1h"));
        line.addAll(List.of("--low-age", "1m", "--max-message-bytes", "1000"));
        final Map<String, Object> created = json(line.toArray());

        final Map<String, Object> described = json("describe", "set-all");
        assertEquals(created.get("queueId"), described.get("queueId"));
        final Map<String, Object> expected = new TreeMap<>();
        expected.put("type", "fifo");
        expected.put("visibilityTimeoutNs", 60_000_000_000L);
        expected.put("delayNs", 2_000_000_000L);
        expected.put("receiveWaitNs", 3_000_000_000L);
        expected.put("retentionNs", 3_600_000_000_000L);
        expected.put("contentDeduplication", "on");
        expected.put("deduplicationScope", "message-group");
        expected.put("throughputScope", "message-group");
        expected.put("deadLetterQueueId", failed);
        expected.put("maxReceiveCount", 4L);
        expected.put("redrivePermission", "by-queue");
        expected.put("redriveSources", List.of(source));
        expected.put("backoff", "linear");
        expected.put("backoffDelayNs", 5_000_000_000L);
        expected.put("backoffMaxNs", 60_000_000_000L);
        expected.put("priorities", 1L);
        expected.put("highDepth", 100L);
        expected.put("lowDepth", 10L);
        expected.put("highAgeNs", 3_600_000_000_000L);
        expected.put("lowAgeNs", 60_000_000_000L);
        expected.put("maxMessageBytes", 1_000L);
        expected.forEach((key, value) -> assertEquals(value, described.get(key), key));
        assertEquals("set-all", json("redrive", "sources", "set-failed").get("queue"));

        assertEquals(
                "Queue set-all is changed.",
                queue("set", "set-all", "--dead-letter-queue", "none", "--backoff", "none")
                        .out()
                        .strip());
        final String text = queue("describe", "set-all").out();
        assertTrue(text.contains("dead-letter queue   none"), text);
        assertTrue(text.contains("back-off            none"), text);
        assertTrue(text.contains("depth alarm         100 to 10"), text);
        assertTrue(text.contains("age alarm           1h to 1m"), text);
        assertEquals(
                "No queue has set-failed as its dead-letter queue.",
                queue("redrive", "sources", "set-failed").out().strip());
    }

    @Test
    void shouldSendToGroupsOnceAndReceiveInOrder() {
        queue("create", "fifo", "--type", "fifo");
        final Map<String, Object> first = json("send", "fifo", "1", "--group", "a", "--dedup-id", "one");
        assertEquals(0L, first.get("duplicates"));
        assertEquals(1L, first.get("lastSequenceNumber"));
        final Map<String, Object> twin = json("send", "fifo", "1", "--group", "a", "--dedup-id", "one");
        assertEquals(1L, twin.get("duplicates"));
        assertEquals(first.get("firstMessageId"), twin.get("firstMessageId"));
        assertEquals(
                "Message " + first.get("firstMessageId") + " was sent before: the duplicate is dropped.",
                queue("send", "fifo", "1", "--group", "a", "--dedup-id", "one")
                        .out()
                        .strip());
        json("send", "fifo", "2", "--group", "a", "--dedup-id", "two", "--trace-header", "Root=1");

        final List<Map<String, Object>> received =
                lines(queue("receive", "fifo", "--max", "10", "--attempt-id", "try", "--json"));
        assertEquals(List.of("1", "2"), bodies(received));
        assertEquals("a", received.get(1).get("groupId"));
        assertEquals("two", received.get(1).get("deduplicationId"));
        assertEquals("Root=1", received.get(1).get("traceHeader"));
        assertEquals(
                received.stream().map(one -> one.get("handle")).toList(),
                lines(queue("receive", "fifo", "--max", "10", "--attempt-id", "try", "--json")).stream()
                        .map(one -> one.get("handle"))
                        .toList());
        assertRefused(
                "A message to a FIFO queue or topic needs a message group.", "send", "fifo", "x", "--dedup-id", "x");
    }

    @Test
    void shouldDeliverTheAttributesThatAreAskedFor() {
        queue("create", "attributes");
        json(
                "send",
                "attributes",
                "body",
                "--attribute",
                "price.bid=Number:1.5",
                "--attribute",
                "blob=Binary.png:AAEC",
                "--attribute",
                "side=buy");
        final Map<String, Object> received =
                json("receive", "attributes", "--attribute-names", "price.*,blob", "--visibility", "0");
        assertEquals(
                List.of(
                        Map.of("name", "price.bid", "type", "NUMBER", "value", "1.5"),
                        Map.of("name", "blob", "type", "BINARY", "customType", "png", "value", "\0\1\2")),
                received.get("attributes"));
    }

    @Test
    void shouldRetryReleaseAndRefuseToReject() {
        queue("create", "settle");
        json("send", "settle", "body");
        final Object first = json("receive", "settle").get("handle");
        assertEquals(
                "The message is to be retried.",
                queue("settle", "settle", "--retry", first).out().strip());
        final Map<String, Object> second = json("receive", "settle");
        assertEquals(1L, second.get("failedCount"));
        final Map<String, Object> settled =
                json("settle", "settle", "--release", "--after", "1h", second.get("handle"));
        assertEquals("release", settled.get("disposition"));
        assertEquals(1L, json("describe", "settle").get("delayed"));
        assertRefused("no longer in flight", "settle", "settle", "--retry", first);
        json("send", "settle", "again");
        final Object third = json("receive", "settle").get("handle");
        assertRefused("The queue has no dead-letter queue.", "settle", "settle", "--reject", third);
    }

    @Test
    void shouldTagPurgeAndSetAccess() {
        queue("create", "tagged");
        assertEquals("Queue tagged has no tags.", queue("tag", "tagged").out().strip());
        final String both = String.format("team=settlement%nstage=a=b%n");
        assertEquals(
                both, queue("tag", "tagged", "team=settlement", "stage=a=b").out());
        assertEquals(both, queue("tag", "tagged").out());
        assertEquals(1L, json("untag", "tagged", "stage", "other").get("tags"));

        json("send", "tagged", "body");
        assertEquals("Queue tagged is purged.", queue("purge", "tagged").out().strip());
        assertEquals(0L, json("describe", "tagged").get("available"));

        assertEquals(
                "Everybody may do everything with queue tagged.",
                queue("access", "tagged").out().strip());
        assertEquals(
                String.format("feed: send%nadmin: send, receive, manage%n"),
                queue("access", "tagged", "--allow", "feed=send", "--allow", "admin=all")
                        .out());
        assertRefused("This client may not do that.", "send", "tagged", "body");
        assertRefused("This client may not do that.", "access", "tagged", "--everybody");
    }

    @Test
    void shouldKeepScheduledAndShortLivedMessages() {
        queue("create", "timed", "--priorities", "3");
        json("send", "timed", "low");
        json("send", "timed", "high", "--priority", "2");
        json("send", "timed", "late", "--delay", "1h", "--ttl", "2h");
        final List<Map<String, Object>> received = lines(queue("receive", "timed", "--max", "10", "--json"));
        assertEquals(List.of("high", "low"), bodies(received));
        assertEquals(2L, received.get(0).get("priority"));
        assertEquals(1L, json("describe", "timed").get("delayed"));
    }

    @Test
    void shouldPrintAlarms() {
        queue("create", "watched", "--high-depth", "2");
        assertEquals("", queue("watch", "watched", "--for", "1ms", "--json").out());
        json("send", "watched", "one");
        json("send", "watched", "two");

        final Map<String, Object> alarm = json("watch", "watched", "--count", "1", "--for", "1m");
        assertEquals("watched", alarm.get("queue"));
        assertEquals("depth-high", alarm.get("alarm"));
        assertEquals(2L, alarm.get("value"));
        final String text = queue("watch", "watched", "--count", "1").out();
        assertTrue(text.endsWith(" watched depth-high 2" + System.lineSeparator()), text);
    }

    @Test
    void shouldRedriveDeadLettersAndTellHowFarItIs() {
        final Object dead = json("create", "dead").get("queueId");
        final Object source = json("create", "source", "--dead-letter-queue", "dead", "--max-receive-count", "1")
                .get("queueId");
        final Object target = json("create", "target").get("queueId");
        assertTrue(
                queue("describe", "source").out().contains("dead-letter queue   dead after 1 receives"),
                () -> queue("describe", "source").out());
        json("send", "source", "--text", "letter");
        assertEquals(
                "The message is rejected.",
                queue("settle", "source", "--reject", json("receive", "source").get("handle"))
                        .out()
                        .strip());
        assertEquals(
                String.format("%8d  source%n", source),
                queue("redrive", "sources", "dead").out());
        assertEquals(
                "Queue dead has no redrive task.",
                queue("redrive", "list", "dead").out().strip());

        final Map<String, Object> started = json("redrive", "start", "dead", "--to", "target", "--rate", "7");
        assertEquals("dead", started.get("queue"));
        Waits.until(
                "the end of the task",
                () -> json("redrive", "list", "dead").get("status").equals("completed"));
        final Map<String, Object> task = json("redrive", "list", "dead");
        task.remove("startedTimeNs");
        assertEquals(
                Map.of(
                        "queue",
                        "dead",
                        "taskId",
                        started.get("taskId"),
                        "status",
                        "completed",
                        "destinationQueueId",
                        target,
                        "moved",
                        1L,
                        "toMove",
                        1L,
                        "messagesPerSecond",
                        7L),
                task);
        final String text = queue("redrive", "list", "dead").out();
        assertTrue(text.startsWith(started.get("taskId") + " completed moved=1 of=1 to=target rate=7 started="), text);
        assertEquals("letter", json("receive", "target").get("body"));
        assertRefused("No redrive task has this id, or it has ended.", "redrive", "cancel", started.get("taskId"));
        assertRefused("No queue has this one as its dead-letter queue.", "redrive", "start", "target");
        assertEquals(0L, json("describe", "dead").get("available"));
        assertEquals(dead, json("describe", "source").get("deadLetterQueueId"));
    }

    @Test
    void shouldCancelARedrive() {
        queue("create", "slow-dead");
        queue("create", "slow", "--dead-letter-queue", "slow-dead", "--max-receive-count", "1");
        for (int i = 0; i < 20; i++) {
            json("send", "slow", "letter");
        }
        final List<Object> line = new ArrayList<>(List.of("settle", "slow", "--reject"));
        lines(queue("receive", "slow", "--max", "20", "--json")).forEach(message -> line.add(message.get("handle")));
        assertEquals("20 messages are rejected.", queue(line.toArray()).out().strip());

        final Object task = json("redrive", "start", "slow-dead", "--rate", "1").get("taskId");
        final String text = queue("redrive", "cancel", task).out();
        assertTrue(text.matches("Redrive task " + task + " is cancelled; it moved \\d+ messages?\\.\\R"), text);
        final Map<String, Object> cancelled = json("redrive", "list", "slow-dead");
        assertEquals("cancelled", cancelled.get("status"));
        assertEquals(20L, cancelled.get("toMove"));
        assertEquals(
                20L - (long) cancelled.get("moved"),
                json("describe", "slow-dead").get("available"));
    }

    @Test
    void shouldShowMessagesAsTheyAre() {
        queue("create", "peeked");
        final Object id =
                json("send", "peeked", "body", "--attribute", "side=buy").get("firstMessageId");
        json("send", "peeked", "second");

        final Map<String, Object> shown = json("peek", "peeked", "--max", "1");
        assertEquals(id, shown.get("messageId"));
        assertEquals("available", shown.get("status"));
        assertEquals("body", shown.get("body"));
        assertEquals(4L, shown.get("bodyLength"));
        assertEquals(true, shown.get("complete"));
        assertEquals("841a2d689ad86bd1611447453c22c6fc", shown.get("bodyMD5"));
        final Map<String, Object> received = json("receive", "peeked");
        assertEquals(shown.get("bodyMD5"), received.get("bodyMD5"));
        assertEquals(shown.get("attributesMD5"), received.get("attributesMD5"));
        assertEquals(List.of("second"), bodies(lines(queue("peek", "peeked", "--status", "available", "--json"))));
        final String text = queue("peek", "peeked", "--status", "in-flight").out();
        assertTrue(
                text.matches("message=" + id + " sequence=1 status=in-flight sent=\\S+ receives=1 failures=0 "
                        + "visible=\\S+ side=\"buy\" body=\"body\"\\R"),
                text);
        assertEquals(
                "No such message is in queue peeked.",
                queue("peek", "peeked", "--status", "delayed").out().strip());
    }

    private static List<Object> bodies(final List<Map<String, Object>> messages) {
        return messages.stream().map(message -> message.get("body")).collect(Collectors.toList());
    }

    private static void assertRefused(final String sentence, final Object... args) {
        final Cli cli = Cli.run(words(args));
        assertEquals(Main.FAILED, cli.exitCode(), cli::toString);
        assertEquals(1, cli.err().lines().count(), cli::err);
        assertTrue(cli.err().contains(sentence), cli::err);
    }

    private static Cli queue(final Object... args) {
        return Cli.done(words(args));
    }

    private static Map<String, Object> json(final Object... args) {
        final List<Object> line = new ArrayList<>(List.of(args));
        line.add("--json");
        return Json.object(queue(line.toArray()).out());
    }

    private static List<Map<String, Object>> lines(final Cli cli) {
        return cli.lines().stream().map(Json::object).collect(Collectors.toList());
    }

    private static Object[] words(final Object... args) {
        final List<Object> line = new ArrayList<>(List.of("queue"));
        line.addAll(List.of(args));
        line.addAll(List.of("--dir", directory));
        return line.toArray();
    }
}
