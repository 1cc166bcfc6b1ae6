package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of the command line that consume topics of a real server. */
class TopicListenTest {
    private static final String FILTER = "{\"n\":[1,2]}";

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
    void shouldListenUnderANameThatStays() {
        topic("create", "heard");
        assertEquals(
                "",
                listen("heard", "--name", "desk", "--for", "1ms", "--filter", FILTER)
                        .out());
        for (final String number : List.of("1", "2", "3", "1")) {
            topic("publish", "heard", "body " + number, "--attribute", "n=Number:" + number);
        }
        final List<String> two = listen("heard", "--name", "desk", "--filter", FILTER, "--count", "2", "--json")
                .lines();
        assertEquals(
                List.of("body 1", "body 2"),
                two.stream().map(line -> Json.object(line).get("body")).toList());
        final String line = listen("heard", "--name", "desk", "--filter", FILTER, "--count", "1")
                .out();
        assertTrue(line.matches("message=\\d+ sequence=3 .*n=\"1\" body=\"body 1\"\\R"), line);

        final Map<String, Object> subscription = json("subscriptions", "heard");
        assertEquals("session", subscription.get("endpoint"));
        assertEquals("desk", subscription.get("name"));
        assertEquals(
                List.of(3L, 0L, 0L, 1L),
                List.of("delivered", "retried", "pending", "filtered").stream()
                        .map(subscription::get)
                        .toList());
        assertEquals(
                subscription.get("subscriptionId"),
                json("unsubscribe", "heard", "--name", "desk").get("subscriptionId"));
        assertRefused(
                "Topic heard has no subscription of sessions that is named desk.",
                "unsubscribe",
                "heard",
                "--name",
                "desk");
        assertRefused("No topic is named unheard.", "listen", "unheard");
    }

    @Test
    void shouldListenAtMostOnceAndLeaveNothingBehind() throws InterruptedException {
        topic("create", "ticks");
        final List<Cli> heard = new ArrayList<>();
        final Thread listener = new Thread(() -> heard.add(listen("ticks", "--at-most-once", "--count", "100")));
        listener.start();
        Waits.until(
                "a subscription",
                () -> json("describe", "ticks").get("subscriptions").equals(1L));
        Waits.until("a session with credit", () -> {
            topic("publish", "ticks", "first");
            return (long) json("subscriptions", "ticks").get("delivered") > 0;
        });
        while (listener.isAlive()) {
            topic("publish-batch", "ticks", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
        }
        listener.join();

        assertEquals(100, heard.get(0).lines().size());
        assertEquals(
                "Topic ticks has no subscriptions.",
                topic("subscriptions", "ticks").out().strip());
    }

    @Test
    void shouldSetDeliveryPolicies() {
        topic("create", "retried");
        listen("retried", "--name", "desk", "--for", "1ms");
        final String standard = "3 retries (0 at once, 0 after the least delay, 0 after the greatest), 20s apart";
        assertTrue(
                topic("subscriptions", "retried")
                        .out()
                        .contains("retried -> sessions as desk, raw, " + standard + ": 0"),
                () -> topic("subscriptions", "retried").out());
        assertEquals(
                "The delivery policy of topic retried is 9 retries (1 at once, 2 after the least delay, 3 after the greatest), "
                        + "1s to 1m exponential, at most 5 a second.",
                topic(
                                "set-delivery",
                                "retried",
                                "--retries",
                                "9",
                                "--retries-at-once",
                                "1",
                                "--retries-min-delay",
                                "2",
                                "--retries-max-delay",
                                "3",
                                "--min-delay",
                                "1s",
                                "--max-delay",
                                "1m",
                                "--retry-function",
                                "exponential",
                                "--max-per-second",
                                "5")
                        .out()
                        .strip());
        assertEquals(9L, json("subscriptions", "retried").get("retries"));
        assertEquals(
                "desk",
                json("set-delivery", "retried", "desk", "--retries", "0").get("subscription"));
        final Map<String, Object> own = json("subscriptions", "retried");
        assertEquals(
                List.of(0L, 0L, "linear"),
                List.of(own.get("retries"), own.get("maxPerSecond"), own.get("retryFunction")));
        topic("set-delivery", "retried", "desk", "--none");
        assertEquals(9L, json("subscriptions", "retried").get("retries"));
        assertRefused(
                "The delays and phases of the delivery policy do not fit",
                "set-delivery",
                "retried",
                "--retries-at-once",
                "4");
        assertRefused(
                "has no subscription of sessions that is named dusk.", "set-delivery", "retried", "dusk", "--none");
    }

    private static Cli listen(final Object... args) {
        final List<Object> line = new ArrayList<>(List.of("listen"));
        line.addAll(List.of(args));
        return topic(line.toArray());
    }

    private static Cli topic(final Object... args) {
        return Cli.done(topicWords(args));
    }

    private static Map<String, Object> json(final Object... args) {
        final List<Object> line = new ArrayList<>(List.of(args));
        line.add("--json");
        return Json.object(topic(line.toArray()).out());
    }

    private static void assertRefused(final String sentence, final Object... args) {
        final Cli cli = Cli.run(topicWords(args));
        assertEquals(Main.FAILED, cli.exitCode(), cli::toString);
        assertEquals(1, cli.err().lines().count(), cli::err);
        assertTrue(cli.err().contains(sentence), cli::err);
    }

    private static Object[] topicWords(final Object... args) {
        final List<Object> line = new ArrayList<>(List.of("topic"));
        line.addAll(List.of(args));
        line.addAll(List.of("--dir", directory));
        return line.toArray();
    }
}
