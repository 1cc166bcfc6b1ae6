package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics from the command line to a real server and back. */
class TopicCommandsTest {
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
    void shouldCreateListDescribeSetAndDelete() {
        final Object id = json("create", "made", "--type", "fifo", "--deduplication-scope", "message-group")
                .get("topicId");
        assertEquals(
                "Topic made has id " + id + ".",
                topic("create", "made", "--type", "fifo", "--deduplication-scope", "message-group")
                        .out()
                        .strip());
        assertEquals(
                "Topic made is changed.",
                topic("set", "made", "--content-deduplication", "on").out().strip());

        final Map<String, Object> described = json("describe", "made");
        assertEquals(id, described.get("topicId"));
        assertEquals("fifo", described.get("type"));
        assertEquals("on", described.get("contentDeduplication"));
        assertEquals("message-group", described.get("deduplicationScope"));
        assertEquals(0L, described.get("subscriptions"));
        assertEquals(0L, described.get("published"));
        assertEquals(0L, described.get("pending"));
        final String text = topic("describe", "made").out();
        assertTrue(text.contains("topic               made (id " + id + ")"), text);
        assertTrue(text.contains("dedup scope         message-group"), text);

        assertEquals("made", json("list", "--prefix", "ma").get("topic"));
        assertEquals(
                "There is no topic whose name starts with zz.",
                topic("list", "--prefix", "zz").out().strip());
        assertRefused(
                "A topic of this name exists with another value of CONTENT_DEDUPLICATION.",
                "create",
                "made",
                "--type",
                "fifo",
                "--deduplication-scope",
                "message-group");
        assertRefused("The setting TYPE does not fit the topic", "set", "made", "--type", "standard");
        assertEquals("Topic made is deleted.", topic("delete", "made").out().strip());
        assertRefused("No topic is named made.", "describe", "made");
    }

    @Test
    void shouldReplayFromAnArchive() {
        topic("create", "archived", "--type", "fifo", "--content-deduplication", "on", "--archive", "30d");
        assertEquals(TimeUnit.DAYS.toNanos(30), json("describe", "archived").get("archivePeriodNs"));
        final String text = topic("describe", "archived").out();
        assertTrue(text.contains("archive             30d, since 2"), text);
        topic("publish", "archived", "before", "--group", "g");
        Cli.done(words("queue", "create", "late", "--type", "fifo"));
        topic("subscribe", "archived", "late", "--raw", "on", "--replay-from", "-1h");
        topic("publish", "archived", "behind", "--group", "g");

        final Map<String, Object> replayed = json(receive("late"));
        final Map<String, Object> live = json(receive("late"));

        assertEquals("before true", replayed.get("body") + " " + replayed.get("replayed"));
        assertEquals("behind false", live.get("body") + " " + live.get("replayed"));
        assertTrue(topic("subscriptions", "archived").out().contains(" completed: 2 delivered"));
        assertRefused("has an archive", "delete", "archived");
        topic("set-subscription", "archived", "late", "--replay-from", "0");
        topic("set", "archived", "--archive", "0");
        assertTrue(topic("describe", "archived").out().contains("archive             none"));
        assertRefused("no archive", "set-subscription", "archived", "late", "--replay-from", "-1h");
        topic("delete", "archived");
    }

    @Test
    void shouldPublishABodyForEachProtocol() {
        Cli.done(words("queue", "create", "structured"));
        topic("create", "structured");
        topic("subscribe", "structured", "structured", "--raw", "on");
        topic(
                "publish",
                "structured",
                "for all",
                "--body-for",
                "queue=for queues",
                "--body-for",
                "session=for sessions");

        assertEquals(
                "for queues",
                json(Cli.done(words("queue", "receive", "structured"))).get("body"));
        assertRefused(
                "A message with bodies for protocols needs a body for the subscribers of the others.",
                "publish",
                "structured",
                "",
                "--body-for",
                "queue=x");
    }

    @Test
    void shouldSubscribePublishAndUnsubscribe() {
        final Object plain = json(Cli.done(words("queue", "create", "plain"))).get("queueId");
        final Object raw = json(Cli.done(words("queue", "create", "raw"))).get("queueId");
        Cli.done(words("queue", "create", "failed"));
        topic("create", "trades");
        final Object first = json("subscribe", "trades", "plain").get("subscriptionId");
        final Object second = json("subscribe", "trades", "raw", "--raw", "on", "--dead-letter-queue", "failed")
                .get("subscriptionId");
        assertRefused(
                "The queue is subscribed already, with another value of RAW_DELIVERY.", "subscribe", "trades", "raw");

        final Map<String, Object> published =
                json("publish", "trades", "buy 100", "--subject", "a trade", "--attribute", "venue=Number:7");
        assertEquals(1L, published.get("published"));
        assertEquals(0L, published.get("duplicates"));
        final Map<String, Object> received = json(Cli.done(words("queue", "receive", "raw")));
        assertEquals("buy 100", received.get("body"));
        assertEquals(List.of(Map.of("name", "venue", "type", "NUMBER", "value", "7")), received.get("attributes"));
        final String envelope =
                json(Cli.done(words("queue", "receive", "plain"))).get("body").toString();
        assertTrue(envelope.contains("\"Subject\":\"a trade\""), envelope);
        assertTrue(envelope.contains("\"Message\":\"buy 100\""), envelope);

        final List<Map<String, Object>> subscriptions = lines(topic("subscriptions", "trades", "--json"));
        assertEquals(
                List.of(first, second),
                subscriptions.stream().map(one -> one.get("subscriptionId")).toList());
        assertEquals(
                List.of(plain, raw),
                subscriptions.stream().map(one -> one.get("queueId")).toList());
        assertEquals("off", subscriptions.get(0).get("rawDelivery"));
        assertEquals("on", subscriptions.get(1).get("rawDelivery"));
        assertEquals(1L, subscriptions.get(1).get("delivered"));
        assertTrue(lines(topic("subscriptions", "--json")).containsAll(subscriptions));
        assertTrue(
                topic("subscriptions", "trades")
                        .out()
                        .contains(second + "  trades -> raw, raw, dead letters to failed: 1 delivered, 0 dead letters, "
                                + "0 discarded, 0 filtered"),
                () -> topic("subscriptions", "trades").out());

        assertEquals(
                "Subscription " + second + " is changed.",
                topic("set-subscription", "trades", "raw", "--raw", "off", "--dead-letter-queue", "none")
                        .out()
                        .strip());
        assertEquals(
                0L, lines(topic("subscriptions", "trades", "--json")).get(1).get("deadLetterQueueId"));
        Cli.done(words("queue", "delete", "plain"));
        assertTrue(topic("subscriptions", "trades").out().contains("trades -> id " + plain + " (deleted)"));
        assertEquals(
                "Subscription " + first + " has ended.",
                topic("unsubscribe", "trades", "--id", first).out().strip());
        assertEquals(second, json("unsubscribe", "trades", "raw").get("subscriptionId"));
        assertRefused("Queue raw is not subscribed to topic trades.", "unsubscribe", "trades", "raw");
        assertRefused("Topic trades has no subscription with id 99.", "unsubscribe", "trades", "--id", "99");
        assertEquals(
                "Topic trades has no subscriptions.",
                topic("subscriptions", "trades").out().strip());
    }

    @Test
    void shouldPublishToAFifoTopicOnce() {
        topic("create", "once", "--type", "fifo");
        final Map<String, Object> first = json("publish", "once", "1", "--group", "a", "--dedup-id", "one");
        assertEquals(1L, first.get("lastSequenceNumber"));
        assertEquals(
                "Message " + first.get("firstMessageId") + " was published before: the duplicate is dropped.",
                topic("publish", "once", "1", "--group", "a", "--dedup-id", "one")
                        .out()
                        .strip());
        assertEquals(1L, json("describe", "once").get("published"));

        final List<Map<String, Object>> results = lines(topic(
                "publish-batch", "once", "1", "2", "--group", "a", "--dedup-id", "one", "--dedup-id", "two", "--json"));
        assertEquals(
                List.of(true, false),
                results.stream().map(one -> one.get("duplicate")).toList());
        assertEquals(first.get("firstMessageId"), results.get(0).get("messageId"));
        assertEquals(2L, results.get(1).get("sequenceNumber"));
        assertRefused("A message to a FIFO queue or topic needs a message group.", "publish", "once", "x");
    }

    @Test
    void shouldTellWhatBecameOfEachMessageOfABatch() {
        topic("create", "batch");
        final Cli cli = Cli.run(words("topic", "publish-batch", "batch", "right", "", "--text"));

        assertEquals(Main.FAILED, cli.exitCode(), cli::toString);
        assertEquals("millrace: 1 of 2 messages were refused." + System.lineSeparator(), cli.err());
        assertTrue(cli.lines().get(0).matches("Entry 0: message \\d+ is published\\."), cli::out);
        assertEquals(
                "Entry 1: The message is to be text and has no body.",
                cli.lines().get(1));
        assertEquals(1L, json("describe", "batch").get("published"));
        final Cli machine = Cli.run(words("topic", "publish-batch", "batch", "", "right", "--text", "--json"));
        assertEquals(
                "The message is to be text and has no body.",
                lines(machine).get(0).get("refused"));
        assertEquals(1L, lines(machine).get(1).get("entry"));
    }

    @Test
    void shouldTagAndSetAccess() {
        topic("create", "tagged");
        assertEquals("Topic tagged has no tags.", topic("tags", "tagged").out().strip());
        final String both = String.format("team=settlement%nstage=test%n");
        assertEquals(
                both, topic("tag", "tagged", "team=settlement", "stage=test").out());
        assertEquals(1L, json("untag", "tagged", "stage", "other").get("tags"));
        assertEquals(
                "Everybody may do everything with topic tagged.",
                topic("access", "tagged").out().strip());
        assertEquals(
                String.format("feed: publish%nadmin: publish, subscribe, manage%n"),
                topic("access", "tagged", "--allow", "feed=publish", "--allow", "admin=all")
                        .out());
        final Map<String, Object> feed =
                lines(topic("access", "tagged", "--json")).get(0);
        assertEquals(
                Map.of("topic", "tagged", "principal", "feed", "publish", true, "subscribe", false, "manage", false),
                feed);
        assertRefused("This client may not do that.", "publish", "tagged", "body");
        assertRefused("This client may not do that.", "delete", "tagged");
    }

    @Test
    void shouldDeliverWhatPassesTheFilter() {
        Cli.done(words("queue", "create", "large"));
        topic("create", "filtered");
        final String policy = "{\"amount\":[{\"numeric\":[\">=\",10]}]}";
        topic("subscribe", "filtered", "large", "--raw", "on", "--filter", policy);

        topic("publish-batch", "filtered", "small", "none");
        topic("publish", "filtered", "large", "--attribute", "amount=Number:10");
        assertEquals("large", json(Cli.done(words("queue", "receive", "large"))).get("body"));
        final Map<String, Object> subscription = json("subscriptions", "filtered");
        assertEquals(policy, subscription.get("filterPolicy"));
        assertEquals("message-attributes", subscription.get("filterScope"));
        assertEquals(2L, subscription.get("filtered"));
        assertEquals(1L, subscription.get("delivered"));
        assertTrue(topic("subscriptions", "filtered").out().contains(", message-attributes " + policy + ": 1 deliv"));

        topic(
                "set-subscription",
                "filtered",
                "large",
                "--filter",
                "{\"a\":{\"b\":[1]}}",
                "--filter-scope",
                "message-body");
        topic("publish", "filtered", "{\"a\":{\"b\":1}}");
        assertEquals(
                "{\"a\":{\"b\":1}}",
                json(Cli.done(words("queue", "receive", "large"))).get("body"));
        topic("set-subscription", "filtered", "large", "--filter", "none");
        assertEquals("", json("subscriptions", "filtered").get("filterPolicy"));
        assertRefused(
                "Invalid parameter: FilterPolicy: Unrecognized match type wildcard",
                "set-subscription",
                "filtered",
                "large",
                "--filter",
                "{\"a\":[{\"wildcard\":\"x*\"}]}");
    }

    @Test
    void shouldCountWhatIsPublishedAndWhatIsDiscarded() {
        Cli.done(words("queue", "create", "vanishing"));
        topic("create", "counted");
        topic("subscribe", "counted", "vanishing");
        Cli.done(words("queue", "delete", "vanishing"));
        topic("publish", "counted", "body");

        // No other test here has a message that nobody can take.
        Waits.until("the counters", () -> stat().get("undeliverable").equals(1L) && (long) stat().get("publishes") > 0);
    }

    private static Map<String, Object> stat() {
        return json(Cli.done("stat", "--once", "--json", "--dir", directory));
    }

    private static void assertRefused(final String sentence, final Object... args) {
        final Cli cli = Cli.run(topicWords(args));
        assertEquals(Main.FAILED, cli.exitCode(), cli::toString);
        assertEquals(1, cli.err().lines().count(), cli::err);
        assertTrue(cli.err().contains(sentence), cli::err);
    }

    private static Cli receive(final String queue) {
        return Cli.done(words("queue", "receive", queue, "--ack", "--wait", "10s"));
    }

    private static Cli topic(final Object... args) {
        return Cli.done(topicWords(args));
    }

    private static Map<String, Object> json(final Object... args) {
        final List<Object> line = new ArrayList<>(List.of(args));
        line.add("--json");
        return json(topic(line.toArray()));
    }

    private static Map<String, Object> json(final Cli cli) {
        return Json.object(cli.out());
    }

    private static List<Map<String, Object>> lines(final Cli cli) {
        return cli.lines().stream().map(Json::object).collect(Collectors.toList());
    }

    private static Object[] topicWords(final Object... args) {
        final List<Object> line = new ArrayList<>(List.of("topic"));
        line.addAll(List.of(args));
        line.addAll(List.of("--dir", directory));
        return line.toArray();
    }

    /** A command whose result is read as JSON. */
    private static Object[] words(final Object... args) {
        final List<Object> line = new ArrayList<>(List.of(args));
        line.addAll(List.of("--dir", directory));
        if (args[0].equals("queue")) {
            line.add("--json");
        }
        return line.toArray();
    }
}
