package io.millrace.perf.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.server.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DemoTest {
    private static final int TRADES = 3_000;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void shouldVerifyTradesThatWentThroughThreeProcesses() throws IOException {
        final int exitCode = Main.run(
                new PrintWriter(out),
                new PrintWriter(err),
                "demo",
                "--trades",
                Integer.toString(TRADES),
                "--json",
                "--out",
                directory.toString());

        assertEquals("", err.toString());
        assertEquals(0, exitCode);
        final List<String> lines = out.toString().lines().toList();
        assertEquals(1, lines.size(), out::toString);
        assertTrue(
                lines.get(0)
                        .matches("\\{\"trades\":3000,\"received\":3000,\"acknowledged\":3000,\"redelivered\":0,"
                                + "\"messagesPerSecond\":[1-9][0-9]*,\"p50Ns\":[1-9][0-9]*,\"p99Ns\":[1-9][0-9]*,"
                                + "\"verified\":true}"),
                out::toString);
        for (final String name : List.of("received.bin", "latency.hlog", "latency.hgrm", "environment.json")) {
            assertTrue(Files.size(directory.resolve(name)) > 0, name);
        }
        assertOneAlteredByteIsFound();
    }

    /** The file of the run just made, with the amount of one trade changed by the smallest possible amount. */
    private void assertOneAlteredByteIsFound() throws IOException {
        final Path file = directory.resolve("received.bin");
        final String[] published = {"3000", "3000", "0"};
        final String[] consumed = {"3000", "3000", "0", "1000000"};
        final DemoRun run = new DemoRun(TRADES, directory, received -> {});
        assertEquals(0, print(run.judge(file, published, consumed)));
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            final long amount = Long.BYTES + 1_234 * 48 + 16;
            bytes.seek(amount);
            final int before = bytes.read();
            bytes.seek(amount);
            bytes.write(before ^ 1);
        }
        out.getBuffer().setLength(0);

        assertEquals(1, print(run.judge(file, published, consumed)));

        assertTrue(out.toString().contains("MISMATCH"), out::toString);
        assertTrue(out.toString().contains("Row 1235 was recorded as"), out::toString);
    }

    private int print(final DemoResult result) {
        final DemoCommand command = new DemoCommand();
        final CommandLine commandLine = new CommandLine(command).setOut(new PrintWriter(out));
        commandLine.parseArgs("--out", directory.toString());
        return command.print(result);
    }

    @Test
    void shouldRefuseTradesThatAreNotThere() {
        assertEquals(2, Main.run(new PrintWriter(out), new PrintWriter(err), "demo", "--trades", "100001", "--json"));

        assertEquals("", out.toString());
        assertTrue(err.toString().contains("--trades is from 1 to 100000"), err::toString);
    }
}
