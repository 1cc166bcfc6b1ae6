package io.millrace.perf.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.server.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DemoTest {
    private static final int TRADES = 3_000;
    private static final DemoCounts COUNTS = new DemoCounts(TRADES, TRADES, TRADES, 1_000_000, null);

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
                                + "\"verified\":true,\"fifo\":\\{\"trades\":3000,\"settled\":3000,\"deadLetters\":30,"
                                + "\"redriven\":30,\"messagesPerSecond\":[1-9][0-9]*,\"p50Ns\":[1-9][0-9]*,"
                                + "\"p99Ns\":[1-9][0-9]*,\"verified\":true},\"topic\":\\{\"trades\":3000,\"audited\":3000,"
                                + "\"redelivered\":0,\"messagesPerSecond\":[1-9][0-9]*,\"p50Ns\":[1-9][0-9]*,"
                                + "\"p99Ns\":[1-9][0-9]*,\"verified\":true}}"),
                out::toString);
        for (final String name : List.of(
                "received.bin",
                "latency.hlog",
                "latency.hgrm",
                "latency.svg",
                "settled.bin",
                "settlement-latency.hlog",
                "settlement-latency.hgrm",
                "settlement-latency.svg",
                "audited.bin",
                "audit-latency.hlog",
                "audit-latency.hgrm",
                "audit-latency.svg",
                "result.json",
                "environment.json")) {
            assertTrue(Files.size(directory.resolve(name)) > 0, name);
        }
        assertEveryDamageIsFound();
    }

    /** The file of the run just made, judged as it is and with one trade dropped, duplicated, swapped and altered. */
    private void assertEveryDamageIsFound() throws IOException {
        final byte[] received = Files.readAllBytes(directory.resolve("received.bin"));
        assertEquals(0, judge(received));
        for (final Damage damage : Damage.values()) {
            final ByteBuffer damaged = ByteBuffer.wrap(received.clone()).order(ByteOrder.nativeOrder());
            damage.apply(damaged);
            out.getBuffer().setLength(0);

            assertEquals(1, judge(damaged.array()), damage::name);

            assertTrue(out.toString().contains("MISMATCH"), () -> damage + ": " + out);
            assertTrue(out.toString().contains(damage.reason), () -> damage + ": " + out);
        }
    }

    private int judge(final byte[] bytes) throws IOException {
        final Path file = directory.resolve("judged.bin");
        Files.write(file, bytes);
        return print(new DemoRun(DemoQueues.TRADES, TRADES, directory, received -> {}).judge(file, COUNTS));
    }

    /** What can go wrong with row 1,235 on its way. */
    private enum Damage {
        DROPPED("Row 1235 was not received.") {
            @Override
            void apply(final ByteBuffer file) {
                final byte[] following = new byte[(TRADES - VICTIM - 1) * RECORD];
                file.get(offset(VICTIM + 1), following);
                file.put(offset(VICTIM), following);
                file.putLong(0, TRADES - 1);
            }
        },
        DUPLICATED("Row 1235 was received again without being flagged as a redelivery.") {
            @Override
            void apply(final ByteBuffer file) {
                final byte[] following = new byte[(TRADES - VICTIM) * RECORD];
                file.get(offset(VICTIM), following);
                file.put(offset(VICTIM + 1), following);
                file.putLong(0, TRADES + 1);
            }
        },
        SWAPPED("Row 1236 was received where row 1235 was due.") {
            @Override
            void apply(final ByteBuffer file) {
                final byte[] first = new byte[RECORD];
                final byte[] second = new byte[RECORD];
                file.get(offset(VICTIM), first).get(offset(VICTIM + 1), second);
                file.put(offset(VICTIM), second).put(offset(VICTIM + 1), first);
            }
        },
        ALTERED("Row 1235 was recorded as") {
            @Override
            void apply(final ByteBuffer file) {
                final int amount = offset(VICTIM) + 16;
                file.put(amount, (byte) (file.get(amount) ^ 1));
            }
        };

        private static final int VICTIM = 1_234;
        private static final int RECORD = 48;

        private final String reason;

        Damage(final String reason) {
            this.reason = reason;
        }

        /** Changes the number of records at the beginning, or the records behind it. */
        abstract void apply(ByteBuffer file);

        private static int offset(final int record) {
            return Long.BYTES + record * RECORD;
        }
    }

    /** The demo's publisher, except that it leaves a trade out. */
    static final class ForgetfulPublisher {
        private ForgetfulPublisher() {}

        public static void main(final String[] args) {
            final List<Trade> trades = new ArrayList<>(TradeFile.read(Integer.parseInt(args[1])));
            trades.remove(1_234);
            DemoPublisher.publish(args, trades);
        }
    }

    @Test
    void shouldNameATradeThatNeverArrives() throws IOException {
        final DemoRun run =
                new DemoRun(DemoQueues.AUDIT, TRADES, directory, received -> {}, ForgetfulPublisher.class, 5);

        assertEquals(1, print(run.run()));

        assertTrue(out.toString().contains("MISMATCH"), out::toString);
        assertTrue(out.toString().contains("Row 1235 was not received."), out::toString);
        assertTrue(out.toString().contains("The consumer did not report \"consumed\" within 5 s."), out::toString);
    }

    /** Prints a part with a standard queue in the place of both, together with a second part without fault. */
    private int print(final DemoResult result) {
        final List<Received> settled = Deliveries.settledInOrder(TradeFile.read(TRADES));
        final Verdict verdict = SettlementJudge.judge(TradeFile.read(TRADES), settled);
        final DemoResult fifo =
                new DemoResult(COUNTS, DemoLatencies.of(settled.stream()), verdict, directory.resolve("fifo.svg"));
        final DemoCommand command = new DemoCommand();
        final CommandLine commandLine = new CommandLine(command).setOut(new PrintWriter(out));
        commandLine.parseArgs("--out", directory.toString());
        return command.print(new DemoOutcome(result, new SettlementResult(fifo, new Redrive(30, 30)), result));
    }

    @Test
    void shouldRefuseTradesThatAreNotThere() {
        assertEquals(2, Main.run(new PrintWriter(out), new PrintWriter(err), "demo", "--trades", "100001", "--json"));

        assertEquals("", out.toString());
        assertTrue(err.toString().contains("--trades is from 1 to 100000"), err::toString);
    }
}
