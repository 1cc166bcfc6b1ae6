package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCommandsTest {
    private static final String BODY = "a body that can be found in the file";

    private static final int SEARCHED_BYTES = 1 << 20;

    @TempDir
    Path directory;

    @Test
    void shouldPrintEveryKindOfRecord() {
        try (TestServer server = new TestServer(directory)) {
            fill(server);
        }
        final List<Map<String, Object>> records = records();
        final Set<Object> kinds =
                records.stream().map(record -> record.get("record")).collect(Collectors.toSet());
        assertEquals(
                new TreeSet<>(Set.of(
                        "Genesis",
                        "Configure",
                        "Boot",
                        "SessionOpened",
                        "SessionClosed",
                        "OpenProducer",
                        "CreateQueue",
                        "SendMessages",
                        "BeginPayload",
                        "AppendPayload",
                        "CommitPayload",
                        "Receive",
                        "Consume",
                        "StopConsuming",
                        "Acknowledge",
                        "DeleteMessages",
                        "ChangeVisibility",
                        "Clock",
                        "DeleteQueue")),
                new TreeSet<>(kinds));
        for (int i = 0; i < records.size(); i++) {
            assertEquals((long) i, records.get(i).get("position"));
            assertEquals(1L, records.get(i).get("bootEpoch"));
        }
        final Map<?, ?> genesis = (Map<?, ?>) records.get(0).get("fields");
        assertEquals("redacted", genesis.get("secret0"));
        assertEquals("redacted", genesis.get("secret1"));
        assertTrue(print().out().contains("body=\"" + BODY + "\""));
    }

    @Test
    void shouldPrintARange() {
        try (TestServer server = new TestServer(directory)) {
            send(server, 3);
        }
        final List<Map<String, Object>> all = records();
        assertEquals(all.subList(2, 5), records("--from", "2", "--to", "4"));
        assertEquals(all.subList(3, all.size()), records("--from", "3"));
        assertEquals(List.of(), records("--from", all.size()));
        final Cli text = print("--from", "0", "--to", "0");
        assertEquals(1, text.lines().size());
        assertTrue(
                text.out().matches("0 boot=1 \\S+Z Genesis secret0=redacted secret1=redacted directoryId=.*\\R"),
                text::out);
    }

    @Test
    void shouldPrintAndVerifyWhileAServerIsRunning() {
        try (TestServer server = new TestServer(directory)) {
            send(server, 3);
            assertTrue(print().out().contains("SendMessages"));
            final Map<String, Object> found = verify();
            assertEquals(true, found.get("good"));
            assertTrue((long) found.get("stateCheckedBatches") > 0, found::toString);
        }
    }

    @Test
    void shouldVerifyOverSeveralStartsAndSnapshots() {
        try (TestServer server = new TestServer(directory)) {
            send(server, 3);
            server.stop();
            server.start();
            Cli.done("snapshot", "--dir", directory);
            send(server, 3);
        }
        final Map<String, Object> found = verify();
        assertEquals(true, found.get("good"), found::toString);
        assertEquals(found.get("records"), (long) found.get("endPosition") - (long) found.get("basePosition") + 1);
        // What lies before the older of the two snapshots is not needed any more, and not replayed.
        final long checked = (long) found.get("stateCheckedBatches");
        assertTrue(checked > 0 && checked <= (long) found.get("batches"), found::toString);
        final String text = Cli.done("journal", "verify", "--dir", directory).out();
        assertTrue(text.contains("nothing was lost") && text.contains("Good snapshots: 2."), text);
    }

    @Test
    void shouldSayWhatIsDamagedAndWhere() throws IOException {
        try (TestServer server = new TestServer(directory)) {
            send(server, 5);
        }
        IoUtil.delete(directory.resolve("snapshots").toFile(), true);
        final Path file = damage(BODY);

        final Cli cli = Cli.run("journal", "verify", "--dir", directory, "--json");
        assertEquals(Main.FAILED, cli.exitCode());
        assertTrue(cli.err().startsWith("millrace: The journal is damaged in " + file + " at byte "), cli::err);
        assertTrue(cli.err().contains("millrace journal repair --end-at-damage --dir " + directory), cli::err);
        final Map<String, Object> found = Json.object(cli.out());
        assertEquals(false, found.get("good"));
        final long end = (long) found.get("endPosition");
        assertEquals(end + 1, records().size());

        final Map<String, Object> repaired =
                Json.object(Cli.done("journal", "repair", "--end-at-damage", "--dir", directory, "--json")
                        .out());
        assertEquals(true, repaired.get("repaired"));
        assertEquals(end, repaired.get("endPosition"));
        assertEquals(true, verify().get("good"));
        assertTrue(Files.exists(file));
        final Cli again = Cli.done("journal", "repair", "--end-at-damage", "--dir", directory);
        assertEquals(
                "The journal is not damaged: nothing was changed.", again.out().strip());
        try (TestServer server = new TestServer(directory)) {
            assertEquals(
                    "orders",
                    Json.object(Cli.done("queue", "describe", "orders", "--dir", server.directory(), "--json")
                                    .out())
                            .get("queue"));
        }
    }

    @Test
    void shouldSetAsideWhatASnapshotCovers() throws IOException {
        try (TestServer server = new TestServer(directory)) {
            send(server, 5);
        }
        damage(BODY);
        final Cli cli = Cli.done("journal", "repair", "--end-at-damage", "--dir", directory);
        assertTrue(cli.out().startsWith("The damage lies before the snapshot of position "), cli::out);

        try (TestServer server = new TestServer(directory)) {
            final Map<String, Object> queue =
                    Json.object(Cli.done("queue", "describe", "orders", "--dir", server.directory(), "--json")
                            .out());
            assertEquals(5L, queue.get("available"));
        }
        Cli.done("journal", "verify", "--dir", directory);
    }

    @Test
    void shouldSayThatASnapshotIsDamaged() throws IOException {
        try (TestServer server = new TestServer(directory)) {
            send(server, 1);
        }
        final Path snapshot;
        try (Stream<Path> files = Files.list(directory.resolve("snapshots"))) {
            snapshot = files.findFirst().orElseThrow();
        }
        flip(snapshot, Files.size(snapshot) / 2);
        final Cli cli = Cli.run("journal", "verify", "--dir", directory);
        assertEquals(Main.FAILED, cli.exitCode());
        assertTrue(cli.err().contains(snapshot + " is damaged"), cli::err);
    }

    @Test
    void shouldSayThatThereIsNoJournal() {
        for (final String command : List.of("print", "verify")) {
            final Cli cli = Cli.run("journal", command, "--dir", directory);
            assertEquals(Main.FAILED, cli.exitCode());
            assertEquals(
                    "millrace: There is no journal in " + directory + ": name the directory of a server with --dir.",
                    cli.err().strip());
        }
    }

    @Test
    void shouldNotRepairUnderARunningServer() {
        try (TestServer server = new TestServer(directory)) {
            final Cli cli = Cli.run("journal", "repair", "--end-at-damage", "--dir", server.directory());
            assertEquals(Main.FAILED, cli.exitCode());
            assertTrue(
                    cli.err()
                            .contains("in use by pid " + ProcessHandle.current().pid()),
                    cli::err);
        }
    }

    /** Has a server journal every kind of record that a client can cause. */
    private void fill(final TestServer server) {
        final UnsafeBuffer body = new UnsafeBuffer(BODY.getBytes());
        final UnsafeBuffer large = new UnsafeBuffer(new byte[200_000]);
        final UnsafeBuffer receipt = new UnsafeBuffer(new byte[ReceiptText.BYTES]);
        final List<Long> delivered = new ArrayList<>();
        final ClientContext context = new ClientContext()
                .aeronDirectoryName(server.aeronDirectory().toString())
                .messageHandler(delivery -> {
                    delivered.add(delivery.messageId());
                    delivery.copyReceiptTo(receipt, 0);
                });
        try (MillraceClient client = MillraceClient.connect(context)) {
            final long queue = client.queues().create("orders");
            until(client, () -> client.send(queue, body, 0, body.capacity(), 300_000_000L));
            until(client, () -> client.receive(queue, 1, 5_000_000_000L, MillraceClient.QUEUE_DEFAULT));
            Waits.until("the delayed message", () -> client.poll() >= 0 && delivered.size() == 1);
            until(client, () -> client.changeVisibility(queue, receipt, 0, 1_000_000_000L));
            until(client, () -> client.acknowledge(queue, receipt, 0, 1));
            until(client, () -> client.deleteMessage(queue, receipt, 0));
            until(client, () -> client.send(queue, large, 0, large.capacity()));
            until(client, () -> client.consume(queue, 10, 1_000_000));
            Waits.until("the large message", () -> client.poll() >= 0 && delivered.size() == 2);
            until(client, () -> client.stopConsuming(queue));
            client.queues().delete(queue);
        }
        Waits.until("the session to end", () -> {
            final Cli stat = Cli.done("stat", "--once", "--json", "--dir", server.directory());
            return (long) Json.object(stat.out()).get("sessions") == 0;
        });
    }

    private static void until(final MillraceClient client, final LongSupplier request) {
        Waits.until("room for a request", () -> {
            client.poll();
            return request.getAsLong() > 0;
        });
    }

    private void send(final TestServer server, final int count) {
        Cli.done("queue", "create", "orders", "--dir", server.directory());
        for (int i = 0; i < count; i++) {
            Cli.done("queue", "send", "orders", BODY, "--dir", server.directory());
        }
    }

    /** Flips a bit in the second record that holds a text. */
    private Path damage(final String text) throws IOException {
        final Path file;
        try (Stream<Path> files = Files.walk(directory.resolve("journal"))) {
            file = files.filter(path -> path.toString().endsWith(".cq4"))
                    .findFirst()
                    .orElseThrow();
        }
        final String content;
        try (InputStream in = Files.newInputStream(file)) {
            content = new String(in.readNBytes(SEARCHED_BYTES), StandardCharsets.ISO_8859_1);
        }
        final int second = content.indexOf(text, content.indexOf(text) + 1);
        assertFalse(second < 0, "the journal does not hold the text twice");
        flip(file, second);
        return file;
    }

    private static void flip(final Path file, final long position) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(position);
            final int value = access.read();
            access.seek(position);
            access.write(value ^ 1);
        }
    }

    private Map<String, Object> verify() {
        return Json.object(
                Cli.done("journal", "verify", "--dir", directory, "--json").out());
    }

    private List<Map<String, Object>> records(final Object... options) {
        final List<Object> line = new ArrayList<>(List.of(options));
        line.add("--json");
        return print(line.toArray()).lines().stream().map(Json::object).collect(Collectors.toList());
    }

    private Cli print(final Object... options) {
        final List<Object> line = new ArrayList<>(List.of("journal", "print", "--dir", directory));
        line.addAll(List.of(options));
        return Cli.done(line.toArray());
    }
}
