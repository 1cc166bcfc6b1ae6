package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams from the command line to a real server and back. */
class StreamCommandsTest {
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
        final Object id =
                json("create", "made", "--shards", "2", "--retention", "2d").get("streamId");
        assertEquals(
                "Stream made has id " + id + ".",
                stream("create", "made", "--shards", "2", "--retention", "2d")
                        .out()
                        .strip());
        assertRefused(
                "A stream of this name exists with another value of RETENTION.", "create", "made", "--shards", "2");
        assertEquals(
                "Stream made is changed.",
                stream("set", "made", "--max-record-bytes", "1000").out().strip());

        final Map<String, Object> described = json("describe", "made");
        assertEquals(id, described.get("streamId"));
        assertEquals("active", described.get("status"));
        assertEquals(2 * 86_400_000_000_000L, described.get("retentionNs"));
        assertEquals(1_000L, described.get("maxRecordBytes"));
        assertEquals(2L, described.get("openShards"));
        assertEquals(0L, described.get("records"));
        final String text = stream("describe", "made").out();
        assertTrue(text.contains("stream              made (id " + id + ")"), text);
        assertTrue(text.contains("retention           2d"), text);

        assertEquals("made", json("list", "--prefix", "ma").get("stream"));
        assertEquals(
                "There is no stream whose name starts with zz.",
                stream("list", "--prefix", "zz").out().strip());
        assertRefused(
                "The record has 1001 bytes, more than RECORD_BYTES allows (1000).",
                "put",
                "made",
                "x".repeat(1000),
                "--key",
                "k");
        assertEquals("Stream made is deleted.", stream("delete", "made").out().strip());
        assertRefused("No stream is named made.", "describe", "made");
    }

    @Test
    void shouldTagAndAllow() {
        stream("create", "owned");
        assertEquals(List.of("a=1", "b=2"), stream("tag", "owned", "a=1", "b=2").lines());
        assertEquals(
                "Stream owned has 1 tag now.",
                stream("untag", "owned", "a").out().strip());
        assertEquals(
                "Everybody may do everything with stream owned.",
                stream("access", "owned").out().strip());
        final Map<String, Object> entry = json("access", "owned", "--allow", "=put,manage");
        assertEquals(List.of(true, false, true), List.of(entry.get("put"), entry.get("read"), entry.get("manage")));
        stream("put", "owned", "data", "--key", "k");
        assertRefused("This client may not do that.", "get", "owned");
    }

    @Test
    void shouldPutAndGet() {
        stream("create", "tape", "--shards", "2");
        final Map<String, Object> first = json("put", "tape", "buy 100", "--key", "BTC", "--hash-key", "0");
        assertEquals(1L, first.get("put"));
        final String last = "340282366920938463463374607431768211455";
        final String text = stream("put", "tape", "sell \"5\"", "--key", "ETH", "--hash-key", last)
                .out();
        assertTrue(text.matches("Record \\d+ is put to shard \\d+\\.\\R"), text);
        assertEquals(
                "2 records are put.",
                withStdin("BTC\tone\nETH\ttwo\tmore\n", "put", "tape", "--stdin")
                        .out()
                        .strip());
        withStdin("three\n", "put", "tape", "--stdin", "--key", "BTC");

        final List<Object> got = new ArrayList<>();
        stream("get", "tape", "--json")
                .lines()
                .forEach(line -> got.add(Json.object(line).get("data")));
        assertEquals(5, got.size());
        assertTrue(got.containsAll(List.of("buy 100", "sell \"5\"", "one", "two\tmore", "three")), got::toString);
        assertEquals(2, stream("get", "tape", "--max", "2").lines().size());
        final String shard = first.get("lastShardId").toString();
        final String line = stream(
                        "get",
                        "tape",
                        "--shard",
                        shard,
                        "--from",
                        first.get("lastSequenceNumber").toString(),
                        "--max",
                        "1")
                .out();
        assertTrue(
                line.matches("shard=" + shard + " sequence=\\d+ arrived=\\S+ key=\"BTC\" data=\"buy 100\"\\R"), line);
        assertRefused("Stream tape has no shard with the id 999.", "get", "tape", "--shard", "999");
        assertTrue(withStdin("no tab\n", "put", "tape", "--stdin")
                .err()
                .contains("A line has no key and tab in front of its data, and there is no --key."));
    }

    private static Cli withStdin(final String lines, final String... words) {
        final InputStream stdin = System.in;
        System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
        try {
            return Cli.run(command(words));
        } finally {
            System.setIn(stdin);
        }
    }

    @Test
    void shouldPutAFileThatFitsNoFrameAndPrintIt() throws IOException {
        stream("create", "files");
        final String content = "0123456789".repeat(90_000);
        final Path file = Files.writeString(directory.resolve("large.txt"), content);
        stream("put", "files", "--file", file.toString(), "--key", "reports");

        assertEquals(content, json("get", "files").get("data"));
        stream("set", "files", "--max-record-bytes", "10485760");
        final Path largest = Files.writeString(directory.resolve("largest.txt"), "0123456789".repeat(1_048_570));
        stream("put", "files", "--file", largest.toString(), "--key", "reports");
        assertRefused("File " + file + "x cannot be read.", "put", "files", "--file", file + "x", "--key", "reports");
    }

    @Test
    void shouldSplitMergeUpdateAndTailAcrossIt() {
        stream("create", "changing");
        final String shard = json("shards", "changing").get("shardId").toString();
        stream("put", "changing", "one", "--key", "k");
        final List<?> halves = (List<?>) json("split", "changing", shard).get("openShards");
        assertEquals(2, halves.size());
        stream("put", "changing", "two", "--key", "k");
        final List<?> merged = (List<?>) json(
                        "merge",
                        "changing",
                        halves.get(0).toString(),
                        halves.get(1).toString())
                .get("openShards");
        assertEquals(1, merged.size());
        stream("put", "changing", "three", "--key", "k");
        assertEquals(2, ((List<?>) json("update", "changing", "--shards", "2").get("openShards")).size());
        stream("put", "changing", "four", "--key", "k");

        for (final String[] way : new String[][] {{}, {"--pull"}}) {
            final List<String> words =
                    new ArrayList<>(List.of("tail", "changing", "--from", "horizon", "--count", "4", "--json"));
            words.addAll(List.of(way));
            final List<Object> tailed = stream(words.toArray(new String[0])).lines().stream()
                    .map(line -> Json.object(line).get("data"))
                    .toList();
            assertEquals(List.of("one", "two", "three", "four"), tailed);
        }
        final List<String> shards = stream("shards", "changing").lines();
        assertEquals(6, shards.size());
        assertTrue(
                shards.get(0)
                        .matches("\\s+" + shard + "  closed   0 to 340282366920938463463374607431768211455  1 records"),
                shards.get(0));
        assertTrue(shards.get(3).endsWith("from " + halves.get(0) + " and " + halves.get(1)), shards.get(3));
        assertEquals(2, stream("shards", "changing", "--open").lines().size());
        assertRefused("The shard has already been merged or split.", "split", "changing", shard);
        assertRefused("The stream has no shard with the id 999.", "split", "changing", "999");
        assertRefused("The setting SHARD_COUNT does not fit the stream.", "update", "changing", "--shards", "100");
    }

    @Test
    void shouldPutWhatIsPublishedToATopic() {
        stream("create", "fed");
        Cli.done("topic", "create", "news", "--dir", directory);
        final Object id = Json.object(Cli.done(
                                "topic",
                                "subscribe",
                                "news",
                                "--stream",
                                "fed",
                                "--key-attribute",
                                "symbol",
                                "--raw",
                                "on",
                                "--json",
                                "--dir",
                                directory)
                        .out())
                .get("subscriptionId");
        Cli.done("topic", "publish", "news", "buy 100", "--attribute", "symbol=BTC", "--dir", directory);

        final Map<String, Object> record = json("tail", "fed", "--from", "horizon", "--count", "1");
        assertEquals(List.of("BTC", "buy 100"), List.of(record.get("key"), record.get("data")));
        final Map<String, Object> subscription =
                Json.object(Cli.done("topic", "subscriptions", "news", "--json", "--dir", directory)
                        .out());
        assertEquals(
                List.of(id, "stream", "fed", "symbol", 1L),
                List.of(
                        subscription.get("subscriptionId"),
                        subscription.get("endpoint"),
                        subscription.get("stream"),
                        subscription.get("keyAttribute"),
                        subscription.get("delivered")));
        final String text =
                Cli.done("topic", "subscriptions", "news", "--dir", directory).out();
        assertTrue(text.contains("news -> stream fed, raw: 1 delivered"), text);
        Cli.done("topic", "unsubscribe", "news", "--stream", "fed", "--dir", directory);
        assertEquals(
                "Topic news has no subscriptions.",
                Cli.done("topic", "subscriptions", "news", "--dir", directory)
                        .out()
                        .strip());
    }

    @Test
    void shouldTailWhatComes() throws InterruptedException {
        stream("create", "live", "--shards", "2");
        final List<Cli> tails = new ArrayList<>();
        final Thread tail = new Thread(() -> tails.add(stream("tail", "live", "--count", "100")));
        tail.start();
        while (tail.isAlive()) {
            withStdin("a\t1\nb\t2\nc\t3\n", "put", "live", "--stdin");
        }
        tail.join();
        assertEquals(100, tails.get(0).lines().size());
        assertEquals("", stream("tail", "live", "--for", "1ms").out());
        assertRefused("No stream is named dead.", "tail", "dead");
    }

    @Test
    void shouldHaveRecordsPushedToAConsumer() {
        stream("create", "pushed", "--shards", "2");
        final Object id = json("consumer", "register", "pushed", "bars").get("consumerId");
        assertEquals(
                "Consumer bars of stream pushed has id " + id + ".",
                stream("consumer", "register", "pushed", "bars").out().strip());
        stream("put", "pushed", "one", "--key", "k");
        stream("put", "pushed", "two", "--key", "l");

        final List<String> tailed = stream(
                        "tail", "pushed", "--push", "bars", "--from", "horizon", "--count", "2", "--json")
                .lines();

        assertEquals(2, tailed.size());
        assertEquals(0L, json("consumer", "describe", "pushed", "bars").get("subscriptions"));
        assertEquals("bars", json("consumer", "list", "pushed").get("consumer"));
        assertRefused(
                "Stream pushed has no consumer none. See millrace stream consumer list.",
                "tail",
                "pushed",
                "--push",
                "none");
        assertEquals(
                "Consumer bars of stream pushed is removed.",
                stream("consumer", "deregister", "pushed", "bars").out().strip());
        assertEquals(
                "Stream pushed has no consumer.",
                stream("consumer", "list", "pushed").out().strip());
    }

    @Test
    void shouldManageConsumerGroups() {
        stream("create", "shared", "--shards", "1");
        assertEquals(
                "Stream shared has no consumer group.",
                stream("group", "list", "shared").out().strip());
        final Object id =
                json("group", "create", "shared", "bars", "--lease", "30s").get("groupId");
        assertEquals(
                "Consumer group bars of stream shared has id " + id + ".",
                stream("group", "create", "shared", "bars", "--lease", "30s")
                        .out()
                        .strip());
        assertRefused(
                "The stream has a consumer group of this name with another value of START.",
                "group",
                "create",
                "shared",
                "bars",
                "--lease",
                "30s",
                "--from-latest");
        assertEquals(id, json("group", "list", "shared").get("groupId"));

        final Map<String, Object> shard = json("group", "describe", "shared", "bars");
        assertEquals(
                List.of("bars", "free", "", 0L, 0L),
                List.of(
                        shard.get("group"),
                        shard.get("state"),
                        shard.get("member"),
                        shard.get("checkpoint"),
                        shard.get("leaseEpoch")));
        final String text = stream("group", "describe", "shared", "bars").out();
        assertTrue(
                text.contains("lease 30s, from horizon: 0 members, 0 shards owned, 1 free, 0 waiting, 0 drained"),
                text);
        assertEquals(
                "Consumer group bars of stream shared is deleted.",
                stream("group", "delete", "shared", "bars").out().strip());
        assertRefused("Stream shared has no consumer group bars.", "group", "delete", "shared", "bars");
    }

    private static Cli stream(final String... words) {
        return Cli.done(command(words));
    }

    private static Map<String, Object> json(final String... words) {
        final List<String> all = new ArrayList<>(List.of(words));
        all.add("--json");
        return Json.object(stream(all.toArray(new String[0])).out());
    }

    private static void assertRefused(final String sentence, final String... words) {
        final Cli cli = Cli.run(command(words));
        assertEquals(Main.FAILED, cli.exitCode(), cli::toString);
        assertTrue(cli.err().contains(sentence), cli::err);
    }

    private static Object[] command(final String... words) {
        final List<Object> all = new ArrayList<>(List.of("stream"));
        all.addAll(List.of(words));
        all.add("--dir");
        all.add(directory);
        return all.toArray();
    }
}
