package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import io.millrace.client.MillraceException;
import io.millrace.codecs.ResultCode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class QueueCommandsTest {
    private static final String UNKNOWN_HANDLE = "00".repeat(ReceiptText.BYTES);

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
    void shouldCreateDescribeListAndDelete() {
        final Map<String, Object> created = json(
                "create",
                "settings",
                "--visibility-timeout",
                "45s",
                "--delay",
                "500ms",
                "--receive-wait",
                "0",
                "--max-message-bytes",
                "1000");
        assertEquals("settings", created.get("queue"));

        final Map<String, Object> described = json("describe", "settings");
        assertEquals(created.get("queueId"), described.get("queueId"));
        assertEquals(45_000_000_000L, described.get("visibilityTimeoutNs"));
        assertEquals(500_000_000L, described.get("delayNs"));
        assertEquals(0L, described.get("receiveWaitNs"));
        assertEquals(1_000L, described.get("maxMessageBytes"));
        assertEquals(0L, described.get("available"));
        assertTrue(queue("describe", "settings").out().contains("visibility timeout  45s"));

        assertEquals(List.of(created), lines(queue("list", "--prefix", "sett", "--json")));
        assertTrue(queue("list").out().contains("  settings"));

        assertEquals(
                "Queue settings is deleted.", queue("delete", "settings").out().strip());
        assertEquals(List.of(), lines(queue("list", "--prefix", "sett", "--json")));
        assertEquals(
                "There is no queue whose name starts with sett.",
                queue("list", "--prefix", "sett").out().strip());
    }

    @Test
    void shouldSendReceiveAndAcknowledge() {
        queue("create", "round");
        final Map<String, Object> sent =
                json("send", "round", "buy \"100\"", "--attribute", "symbol=BTC=USD", "--attribute", "side=buy");
        assertEquals(1L, sent.get("sent"));

        final Map<String, Object> received = json("receive", "round", "--wait", "5s", "--visibility", "1h");
        assertEquals(sent.get("firstMessageId"), received.get("messageId"));
        assertEquals("buy \"100\"", received.get("body"));
        assertEquals(1L, received.get("sequenceNumber"));
        assertEquals(1L, received.get("receiveCount"));
        assertEquals(false, received.get("redelivered"));
        assertEquals(
                List.of(
                        Map.of("name", "symbol", "type", "STRING", "value", "BTC=USD"),
                        Map.of("name", "side", "type", "STRING", "value", "buy")),
                received.get("attributes"));
        assertEquals(1L, json("describe", "round").get("inFlight"));

        assertEquals(1L, json("ack", "round", received.get("handle")).get("acknowledged"));
        assertEquals(0L, json("describe", "round").get("inFlight"));
        assertEquals("No message is available.", queue("receive", "round").out().strip());
        assertEquals("", queue("receive", "round", "--json").out());
    }

    @Test
    void shouldSendEveryLineOfStdinAndAcknowledgeWhatItPrinted() {
        queue("create", "lines");
        final String input = "one\ntwo\n\nfour\n";
        final InputStream stdin = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            assertEquals(
                    "4 messages are stored.",
                    queue("send", "lines", "--stdin").out().strip());
        } finally {
            System.setIn(stdin);
        }

        final List<Map<String, Object>> received =
                lines(queue("receive", "lines", "--max", "10", "--wait", "5s", "--ack", "--json"));
        assertEquals(
                List.of("one", "two", "", "four"),
                received.stream().map(message -> message.get("body")).collect(Collectors.toList()));
        final Map<String, Object> described = json("describe", "lines");
        assertEquals(0L, described.get("inFlight"));
        assertEquals(0L, described.get("available"));
    }

    @Test
    void shouldWaitForTheDelay() {
        queue("create", "delayed");
        json("send", "delayed", "later", "--delay", "2s");
        assertEquals(
                "No message is available.", queue("receive", "delayed").out().strip());
        assertEquals("later", json("receive", "delayed", "--wait", "10s").get("body"));
    }

    @Test
    void shouldSayWhatIsRefused() {
        queue("create", "refusals", "--max-message-bytes", "100");
        assertRefused("No queue is named no-such-queue.", "send", "no-such-queue", "body");
        assertRefused(
                "A queue of this name exists with another value of DELAY.", "create", "refusals", "--delay", "1s");
        assertRefused("The receipt does not belong to this queue and client.", "ack", "refusals", UNKNOWN_HANDLE);
        assertRefused("more than MESSAGE_BYTES allows (100).", "send", "refusals", "x".repeat(101));
        assertRefused("more than RECEIVE_MESSAGES allows", "receive", "refusals", "--max", "60000");
    }

    @Test
    void shouldNameTheIdThatNoQueueHas() {
        try (MillraceClient client = MillraceClient.connect(new ClientContext().serverDirectory(directory))) {
            for (final Executable request : List.<Executable>of(
                    () -> client.queues().describe(4_711), () -> client.queues().delete(4_711))) {
                final MillraceException e = assertThrows(MillraceException.class, request);
                assertEquals("No queue has the id 4711.", e.getMessage());
                assertEquals(ResultCode.UNKNOWN_QUEUE, e.code());
            }
        }
    }

    @Test
    void shouldAnswerOverTheAeronDirectoryAndChannelToo() {
        final Cli cli = Cli.done(
                "queue",
                "list",
                "--aeron-dir",
                server.aeronDirectory(),
                "--channel",
                "aeron:ipc",
                "--prefix",
                "no-such");
        assertEquals(
                "There is no queue whose name starts with no-such.", cli.out().strip());
    }

    @Test
    void shouldSayThatAChannelIsNone() {
        final Cli cli = Cli.run("queue", "list", "--aeron-dir", server.aeronDirectory(), "--channel", "nonsense");
        assertEquals(Main.FAILED, cli.exitCode());
        assertEquals(1, cli.err().lines().count(), cli::err);
        assertTrue(cli.err().startsWith("millrace: Cannot connect over nonsense on "), cli::err);
    }

    @Test
    void shouldShowCounters() {
        queue("create", "counted");
        final long sends = (long) Json.object(stat("--once", "--json").out()).get("sends");
        json("send", "counted", "body");
        Waits.until(
                "the counter of sends to grow",
                () -> (long) Json.object(stat("--once", "--json").out()).get("sends") == sends + 1);
        assertTrue(
                stat("--once").out().matches("(?s).*\\bsends +[\\d,]+\\R.*"),
                stat("--once").out());
    }

    @Test
    void shouldTakeASnapshot() {
        final Map<String, Object> result =
                Json.object(Cli.done("snapshot", "--dir", directory, "--json").out());
        assertTrue((long) result.get("position") >= 0, result::toString);
        assertTrue((long) result.get("bytes") > 0, result::toString);
        assertTrue((long) result.get("durationNs") > 0, result::toString);
        final String text = Cli.done("snapshot", "--dir", directory).out();
        assertTrue(text.matches("Snapshot up to position [\\d,]+: [\\d,]+ bytes in [\\d.]+ ms\\. .*\\.\\R"), text);
    }

    private static void assertRefused(final String sentence, final Object... args) {
        final Cli cli = Cli.run(words(args));
        assertEquals(Main.FAILED, cli.exitCode(), cli::toString);
        assertEquals("", cli.out());
        assertEquals(1, cli.err().lines().count(), cli::err);
        assertTrue(cli.err().contains(sentence), cli::err);
    }

    private static Cli stat(final Object... args) {
        final List<Object> line = new ArrayList<>(List.of("stat", "--dir", directory));
        line.addAll(List.of(args));
        return Cli.done(line.toArray());
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
