package io.millrace.perf.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SettlementJudgeTest {
    private static final int ROWS = 20_000;
    private static final Redrive REDRIVEN = new Redrive(ROWS / 100, ROWS / 100);

    private static List<Trade> recorded;

    private final List<Received> settled = Deliveries.settledInOrder(recorded);
    private final StringWriter out = new StringWriter();

    @TempDir
    private Path directory;

    @BeforeAll
    static void readRecording() {
        recorded = TradeFile.read(ROWS);
    }

    @Test
    void shouldPutTheWholeRecordingIntoNineBands() {
        final List<Trade> all = TradeFile.read(TradeFile.ROWS);

        final List<Integer> bands =
                all.stream().map(PriceBand::of).distinct().sorted().toList();

        assertEquals(List.of(15, 16, 17, 18, 19, 20, 21, 22, 23), bands);
        assertEquals(
                1_000,
                all.stream().filter(trade -> PriceBand.isFailing(trade.row())).count());
    }

    @Test
    void shouldVerifyTheWholeRecording() {
        final List<Trade> all = TradeFile.read(TradeFile.ROWS);

        final Verdict verdict = SettlementJudge.judge(all, Deliveries.settledInOrder(all));

        assertTrue(verdict.isVerified(), () -> verdict.reasons().toString());
        assertEquals(100_000, verdict.received());
        assertEquals(new BigInteger("1686288929947683929"), verdict.value());
        assertEquals(new BigInteger("17577865435677"), verdict.volume());
    }

    @Test
    void shouldVerifyBandsThatOvertakeEachOther() throws IOException {
        settled.sort((left, right) -> left.isRedriven() == right.isRedriven()
                ? Integer.compare(right.band(), left.band())
                : Boolean.compare(left.isRedriven(), right.isRedriven()));

        assertEquals(0, exitCode(REDRIVEN), out::toString);
        assertTrue(out.toString().contains("VERIFIED"), out::toString);
    }

    @Test
    void shouldFindDroppedTrade() throws IOException {
        settled.remove(indexOf(4_321));

        assertMismatch("Row 4321 was not settled.");
    }

    @Test
    void shouldFindRedrivenTradeDropped() throws IOException {
        settled.remove(indexOf(4_300));

        assertMismatch("Row 4300 was not settled.");
    }

    @Test
    void shouldFindDuplicatedTrade() throws IOException {
        settled.add(settled.get(indexOf(4_321)));

        assertMismatch("Row 4321 was settled again.");
    }

    @Test
    void shouldFindFailingTradeDuplicated() throws IOException {
        settled.add(settled.get(indexOf(4_300)));

        assertMismatch("Row 4300 was settled again.");
    }

    @Test
    void shouldFindTradesSwappedWithinABand() throws IOException {
        final int next = nextOfBand(4_321);
        Collections.swap(settled, indexOf(4_321), indexOf(next));

        assertMismatch("Row 4321 was settled after row " + next + " of the same price band");
    }

    @Test
    void shouldFindRedrivenTradesSwappedWithinABand() throws IOException {
        final int next = nextOfBand(4_300);
        Collections.swap(settled, indexOf(4_300), indexOf(next));

        assertMismatch("Row 4300 was settled after row " + next + " of the same price band");
    }

    @Test
    void shouldFindEachAlteredField() throws IOException {
        final Trade trade = recorded.get(4_320);
        final int index = indexOf(4_321);
        for (final Trade wrong : List.of(
                new Trade(trade.row(), trade.timestamp() + 1, trade.priceCents(), trade.amount()),
                new Trade(trade.row(), trade.timestamp(), trade.priceCents() - 1, trade.amount()),
                new Trade(trade.row(), trade.timestamp(), trade.priceCents(), -trade.amount()))) {
            settled.set(index, Deliveries.settled(wrong));

            assertMismatch("Row 4321 was recorded as " + trade + " and settled as " + wrong);
        }
    }

    @Test
    void shouldFindRowsThatWereNeverRecorded() throws IOException {
        final Trade trade = recorded.get(4_320);
        for (final int row : List.of(0, ROWS + 1)) {
            settled.add(Deliveries.settled(new Trade(row, trade.timestamp(), trade.priceCents(), trade.amount())));

            assertMismatch("Row " + row + " was settled, but the recording ends at " + ROWS + ".");
        }
    }

    @Test
    void shouldFindTradeSettledInAnotherBand() throws IOException {
        final Received right = settled.get(indexOf(4_321));
        settled.set(
                indexOf(4_321),
                new Received(right.trade(), right.band() + 1, false, false, right.sentNs(), right.receivedNs()));

        assertMismatch("Row 4321 was settled in the price band " + (right.band() + 1));
    }

    @Test
    void shouldFindFailingTradeThatSettledWithoutBeingRedriven() throws IOException {
        settled.set(indexOf(4_300), Deliveries.settled(recorded.get(4_299)));

        assertMismatch("Row 4300 was settled, but it fails until it is redriven.");
    }

    @Test
    void shouldFindTradeThatWasRedrivenButNeverFailed() throws IOException {
        settled.set(indexOf(4_321), Deliveries.redriven(recorded.get(4_320)));

        assertMismatch("Row 4321 was settled as a redriven one, but it never fails.");
    }

    @Test
    void shouldFindDeadLettersThatWereNotRedriven() throws IOException {
        assertEquals(1, exitCode(new Redrive(ROWS / 100, ROWS / 100 - 1)));
        assertEquals(1, exitCode(new Redrive(ROWS / 100 + 1, ROWS / 100)));

        assertTrue(out.toString().contains("Not exactly every hundredth trade was a dead letter"), out::toString);
    }

    @Test
    void shouldNotVerifyNothing() {
        assertFalse(SettlementJudge.judge(recorded, List.of()).isVerified());
    }

    private void assertMismatch(final String reason) throws IOException {
        out.getBuffer().setLength(0);

        assertEquals(1, exitCode(REDRIVEN), out::toString);

        assertTrue(out.toString().contains("MISMATCH"), out::toString);
        assertTrue(out.toString().contains(reason), out::toString);
    }

    /** Writes the file of the consumer, has it judged beside other parts without fault, and prints. */
    private int exitCode(final Redrive redrive) throws IOException {
        final Path file = directory.resolve("judged.bin");
        Files.deleteIfExists(file);
        try (ReceivedFile written = ReceivedFile.create(file, 2 * ROWS)) {
            settled.forEach(delivery -> Deliveries.write(written, delivery));
        }
        final DemoCounts counts = new DemoCounts(ROWS, ROWS, 3 * ROWS, 1_000_000, null);
        final SettlementResult fifo = new SettlementRun(ROWS, directory, count -> {}).judge(file, counts, redrive);
        final DemoResult other = otherPart(counts);
        final TopicResult topic = new TopicResult(other, other.verdict(), other.verdict());
        return print(new DemoOutcome(other, fifo, topic, Tapes.withoutFault(ROWS, directory)));
    }

    private DemoResult otherPart(final DemoCounts counts) {
        final List<Received> received =
                new ArrayList<>(recorded.stream().map(Deliveries::settled).toList());
        final Verdict verdict = Judge.judge(recorded, received);
        return new DemoResult(counts, DemoLatencies.of(received.stream()), verdict, directory.resolve("latency.svg"));
    }

    private int print(final DemoOutcome outcome) {
        final DemoCommand command = new DemoCommand();
        final CommandLine commandLine = new CommandLine(command).setOut(new PrintWriter(out));
        commandLine.parseArgs("--out", directory.toString());
        return command.print(outcome);
    }

    private int indexOf(final int row) {
        for (int i = 0; i < settled.size(); i++) {
            if (settled.get(i).trade().row() == row) {
                return i;
            }
        }
        throw new IllegalArgumentException("Row " + row + " is not there.");
    }

    /** {@return the next row of the same band that fails, or does not, like this one} */
    private static int nextOfBand(final int row) {
        final int band = PriceBand.of(recorded.get(row - 1));
        return recorded.stream()
                .filter(trade -> trade.row() > row)
                .filter(trade -> PriceBand.of(trade) == band)
                .filter(trade -> PriceBand.isFailing(trade.row()) == PriceBand.isFailing(row))
                .findFirst()
                .orElseThrow()
                .row();
    }
}
