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
        assertRefused("A message to a FIFO queue needs a message group.", "send", "fifo", "x", "--dedup-id", "x");
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
                "feed: send",
                queue("access", "tagged", "--allow", "feed=send").out().strip());
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
