package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CncFileDescriptor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoServerTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue create orders",
                "queue list",
                "queue describe orders",
                "queue delete orders",
                "queue send orders body",
                "queue receive orders",
                "queue ack orders 000000000000000000000000000000000000000000000000",
                "topic publish trades body",
                "snapshot",
                "stat --once"
            })
    void shouldSayHowToStartOne(final String command) {
        assertFailsSoon(command, "--dir", "No server has used");
        assertFailsSoon(command, "--aeron-dir", "No server runs on");
    }

    @Test
    void shouldNotWaitForADriverThatIsGone() throws IOException {
        final Path data = Files.createDirectory(directory.resolve("data"));
        final Path copy = Files.createDirectory(directory.resolve("aeron"));
        try (TestServer server = new TestServer(data)) {
            // What a killed server leaves: a CnC file whose heartbeat stands still.
            Files.copy(
                    server.aeronDirectory().resolve(CncFileDescriptor.CNC_FILE),
                    copy.resolve(CncFileDescriptor.CNC_FILE));
        }
        Waits.until("the heartbeat to be old", () -> {
            final Cli cli = Cli.run("queue", "list", "--aeron-dir", copy);
            return cli.err().contains("No server runs on");
        });
        final long startNs = System.nanoTime();
        final Cli cli = Cli.run("queue", "list", "--aeron-dir", copy);
        assertTrue(cli.err().contains("No server runs on"), cli::err);
        assertTrue(System.nanoTime() - startNs < PATIENCE_NS, "took " + (System.nanoTime() - startNs) + " ns");
    }

    @Test
    void shouldEndStatWhenTheServerStops() throws Exception {
        final TestServer server = new TestServer(directory);
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final CompletableFuture<Integer> stat = CompletableFuture.supplyAsync(() -> Main.run(
                new PrintWriter(out),
                new PrintWriter(err),
                "stat",
                "--json",
                "--interval",
                "20ms",
                "--aeron-dir",
                server.aeronDirectory().toString()));
        Waits.until("three looks", () -> out.toString().lines().count() >= 3 || stat.isDone());
        server.close();
        assertEquals(Main.FAILED, stat.get(PATIENCE_NS, TimeUnit.NANOSECONDS));
        assertTrue(err.toString().startsWith("millrace: "), err::toString);
        out.toString()
                .lines()
                .forEach(line -> assertEquals(0L, Json.object(line).get("sends")));
        assertTrue(out.toString().lines().count() >= 3, out::toString);
    }

    @Test
    void shouldSayThatACnCFileIsNone() throws IOException {
        Files.write(directory.resolve(CncFileDescriptor.CNC_FILE), new byte[4096]);
        assertFailsSoon("queue list", "--aeron-dir", "No server runs on");
    }

    private void assertFailsSoon(final String command, final String option, final String sentence) {
        final List<Object> line = new ArrayList<>(List.of(command.split(" ")));
        line.addAll(List.of(option, directory));
        final long startNs = System.nanoTime();
        final Cli cli = Cli.run(line.toArray());
        final long tookNs = System.nanoTime() - startNs;
        assertEquals(Main.FAILED, cli.exitCode(), cli::toString);
        assertEquals("", cli.out());
        assertEquals(1, cli.err().lines().count(), cli::err);
        assertTrue(cli.err().startsWith("millrace: " + sentence), cli::err);
        assertTrue(cli.err().contains("./millrace server"), cli::err);
        assertTrue(tookNs < PATIENCE_NS, command + " took " + tookNs + " ns");
    }
}
