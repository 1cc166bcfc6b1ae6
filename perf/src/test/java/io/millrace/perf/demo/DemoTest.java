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
    private static final DemoCounts COUNTS = new DemoCounts(TRADES, TRADES, 3 * TRADES, 1_000_000, null);

    /** Of the first 3,000 trades, those of 10 bitcoins or more, and those from 800 to 850 dollars. */
    private static final String TOTALS = "\"audit\":\\{\"received\":3000,\"volume\":252833968964,"
            + "\"value\":20398087165753057,\"verified\":true},"
            + "\"large\":\\{\"received\":53,\"volume\":81672865453,\"value\":6590789196105793,\"verified\":true},"
            + "\"band\":\\{\"received\":2535,\"volume\":211131353649,\"value\":17076651682690452,\"verified\":true}";

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
                                + "\"p99Ns\":[1-9][0-9]*,\"verified\":true},\"topic\":\\{\"trades\":3000,\"acknowledged\":5588,"
                                + "\"redelivered\":0,\"messagesPerSecond\":[1-9][0-9]*,\"p50Ns\":[1-9][0-9]*,"
                                + "\"p99Ns\":[1-9][0-9]*,"
                                + TOTALS
                                + ",\"verified\":true},\"stream\":\\{\"trades\":3000,\"readByMember\":\\[[1-9]\\d*,[1-9]\\d*],"
                                + "\"bars\":[1-9]\\d*,\"messagesPerSecond\":[1-9]\\d*,\"verified\":true}}"),
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
                "large.bin",
                "band.bin",
                "audit-latency.hlog",
                "audit-latency.hgrm",
                "audit-latency.svg",
                "bars-of-member-0.csv",
                "bars-of-member-1.csv",
                "bars.csv",
                "bars.svg",
                "result.json",
                "environment.json")) {
            assertTrue(Files.size(directory.resolve(name)) > 0, name);
        }
        assertEveryDamageIsFound();
        assertEveryDamageOfTheTopicIsFound();
    }

    /** The file of the run just made, judged as it is and with one trade dropped, duplicated, swapped and altered. */
    private void assertEveryDamageIsFound() throws IOException {
        final byte[] received = Files.readAllBytes(directory.resolve("received.bin"));
        assertEquals(0, judge(received));
        for (final Damage damage : Damage.values()) {
            final ByteBuffer damaged = ByteBuffer.wrap(received.clone()).order(ByteOrder.nativeOrder());
            final String reason = damage.inflict(damaged);
            out.getBuffer().setLength(0);

            assertEquals(1, judge(damaged.array()), damage::name);

            assertMismatch(reason);
        }
    }

    private int judge(final byte[] bytes) throws IOException {
        final Path file = directory.resolve("judged.bin");
        Files.write(file, bytes);
        return print(new DemoRun(TRADES, directory, received -> {}).judge(file, COUNTS), topicWithoutFault());
    }

    private void assertEveryDamageOfTheTopicIsFound() throws IOException {
        final TopicRun run = new TopicRun(TRADES, directory, delivered -> {});
        assertEquals(0, print(tradesWithoutFault(), run.judge(directory, COUNTS)));
        for (final TopicShare share : TopicShare.values()) {
            final Path file = directory.resolve(share.fileName());
            final byte[] received = Files.readAllBytes(file);
            for (final Damage damage : Damage.values()) {
                final ByteBuffer damaged = ByteBuffer.wrap(received.clone()).order(ByteOrder.nativeOrder());
                final String reason = damage.inflict(damaged);
                Files.write(file, damaged.array());
                out.getBuffer().setLength(0);

                assertEquals(1, print(tradesWithoutFault(), run.judge(directory, COUNTS)), () -> share + " " + damage);

                assertMismatch(reason);
            }
            Files.write(file, received);
        }
    }

    private void assertMismatch(final String reason) {
        assertTrue(out.toString().contains("MISMATCH"), out::toString);
        assertTrue(out.toString().contains(reason), () -> reason + ": " + out);
    }

    /** What can go wrong with the trade in the middle of a file. */
    private enum Damage {
        DROPPED("Row %1$d was not received.") {
            @Override
            void apply(final ByteBuffer file, final int victim, final int count) {
                final byte[] following = new byte[(count - victim - 1) * RECORD];
                file.get(offset(victim + 1), following);
                file.put(offset(victim), following);
                file.putLong(0, count - 1);
            }
        },
        DUPLICATED("Row %1$d was received again without being flagged as a redelivery.") {
            @Override
            void apply(final ByteBuffer file, final int victim, final int count) {
                final byte[] following = new byte[(count - victim) * RECORD];
                file.get(offset(victim), following);
                file.put(offset(victim + 1), following);
                file.putLong(0, count + 1);
            }
        },
        SWAPPED("Row %2$d was received where row %1$d was due.") {
            @Override
            void apply(final ByteBuffer file, final int victim, final int count) {
                final byte[] first = new byte[RECORD];
                final byte[] second = new byte[RECORD];
                file.get(offset(victim), first).get(offset(victim + 1), second);
                file.put(offset(victim), second).put(offset(victim + 1), first);
            }
        },
        ALTERED("Row %1$d was recorded as") {
            @Override
            void apply(final ByteBuffer file, final int victim, final int count) {
                final int amount = offset(victim) + 16;
                file.put(amount, (byte) (file.get(amount) ^ 1));
            }
        };

        private static final int RECORD = 48;
        private static final int ROW = 40;

        private final String reason;

        Damage(final String reason) {
            this.reason = reason;
        }

        /** Damages a file and tells what the judge should find. */
        String inflict(final ByteBuffer file) {
            final int count = (int) file.getLong(0);
            final int victim = count / 2;
            final String expected =
                    String.format(reason, file.getInt(offset(victim) + ROW), file.getInt(offset(victim + 1) + ROW));
            apply(file, victim, count);
            return expected;
        }

        /** Changes the number of records at the beginning, or the records behind it. */
        abstract void apply(ByteBuffer file, int victim, int count);

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
        final TopicRun run = new TopicRun(TRADES, directory, received -> {}, ForgetfulPublisher.class, 5);

        assertEquals(1, print(tradesWithoutFault(), run.run()));

        assertMismatch("Row 1235 was not received.");
        assertTrue(out.toString().contains("The consumer did not report \"consumed\" within 5 s."), out::toString);
    }

    private DemoResult tradesWithoutFault() {
        final List<Received> received =
                TradeFile.read(TRADES).stream().map(Deliveries::settled).toList();
        final Verdict verdict = Judge.judge(TradeFile.read(TRADES), received);
        return new DemoResult(COUNTS, DemoLatencies.of(received.stream()), verdict, directory.resolve("latency.svg"));
    }

    private TopicResult topicWithoutFault() {
        return new TopicResult(
                tradesWithoutFault(), shareWithoutFault(TopicShare.LARGE), shareWithoutFault(TopicShare.BAND));
    }

    private static Verdict shareWithoutFault(final TopicShare share) {
        final List<Trade> recorded = TradeFile.read(TRADES);
        final List<Received> received = recorded.stream()
                .filter(share.predicate())
                .map(Deliveries::settled)
                .toList();
        return Judge.judge(recorded, share.predicate(), received);
    }

    /** Prints two parts together with a settlement without fault. */
    private int print(final DemoResult trades, final TopicResult topic) {
        final List<Received> settled = Deliveries.settledInOrder(TradeFile.read(TRADES));
        final Verdict verdict = SettlementJudge.judge(TradeFile.read(TRADES), settled);
        final DemoResult fifo =
                new DemoResult(COUNTS, DemoLatencies.of(settled.stream()), verdict, directory.resolve("fifo.svg"));
        final DemoCommand command = new DemoCommand();
        final CommandLine commandLine = new CommandLine(command).setOut(new PrintWriter(out));
        commandLine.parseArgs("--out", directory.toString());
        return command.print(new DemoOutcome(
                trades, new SettlementResult(fifo, new Redrive(30, 30)), topic, Tapes.withoutFault(TRADES, directory)));
    }

    @Test
    void shouldRefuseTradesThatAreNotThere() {
        assertEquals(2, Main.run(new PrintWriter(out), new PrintWriter(err), "demo", "--trades", "100001", "--json"));

        assertEquals("", out.toString());
        assertTrue(err.toString().contains("--trades is from 1 to 100000"), err::toString);
    }
}
