package io.millrace.perf.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest {
    private static final int VICTIM = 54_320;

    private static List<Trade> recorded;

    @TempDir
    private Path directory;

    @BeforeAll
    static void readRecording() {
        recorded = TradeFile.read(TradeFile.ROWS);
    }

    @Test
    void shouldVerifyWhatArrivedAsRecorded() {
        final Verdict verdict = judge(deliveries());

        assertTrue(verdict.isVerified(), () -> verdict.reasons().toString());
        assertEquals(100_000, verdict.received());
        assertEquals(new BigInteger("1686288929947683929"), verdict.value());
        assertEquals(new BigInteger("17577865435677"), verdict.volume());
    }

    @Test
    void shouldVerifyAfterRemovingFlaggedRedeliveries() {
        final List<Received> received = deliveries();
        received.add(VICTIM + 3, redelivery(recorded.get(VICTIM)));
        received.add(redelivery(recorded.get(VICTIM)));

        final Verdict verdict = judge(received);

        assertTrue(verdict.isVerified(), () -> verdict.reasons().toString());
        assertEquals(100_002, verdict.received());
        assertEquals(2, verdict.redelivered());
    }

    @Test
    void shouldFindDroppedTrade() {
        final List<Received> received = deliveries();
        received.remove(VICTIM);

        assertMismatch(received, "Row 54321 was not received.");
    }

    @Test
    void shouldFindLastTradeDropped() {
        final List<Received> received = deliveries();
        received.remove(received.size() - 1);

        assertMismatch(received, "Row 100000 was not received.");
    }

    @Test
    void shouldFindDuplicatedTrade() {
        final List<Received> received = deliveries();
        received.add(VICTIM + 1, received.get(VICTIM));

        assertMismatch(received, "Row 54321 was received again without being flagged as a redelivery.");
    }

    @Test
    void shouldFindSwappedTrades() {
        final List<Received> received = deliveries();
        received.set(VICTIM, received.set(VICTIM + 1, received.get(VICTIM)));

        assertMismatch(received, "Row 54322 was received where row 54321 was due.");
    }

    @Test
    void shouldFindEachAlteredField() {
        final Trade trade = recorded.get(VICTIM);
        final List<Trade> altered = List.of(
                new Trade(trade.row(), trade.timestamp() + 1, trade.priceCents(), trade.amount()),
                new Trade(trade.row(), trade.timestamp(), trade.priceCents() - 1, trade.amount()),
                new Trade(trade.row(), trade.timestamp(), trade.priceCents(), -trade.amount()),
                new Trade(100_001, trade.timestamp(), trade.priceCents(), trade.amount()),
                new Trade(0, trade.timestamp(), trade.priceCents(), trade.amount()));
        for (final Trade wrong : altered) {
            final List<Received> received = deliveries();
            received.set(VICTIM, first(wrong));
            assertFalse(judge(received).isVerified(), () -> wrong + " passed for " + trade);
        }
    }

    @Test
    void shouldKnowTheShareOfEachSubscription() {
        assertEquals(100_000, TopicShare.AUDIT.countOf(recorded));
        assertEquals(3_712, TopicShare.LARGE.countOf(recorded));
        assertEquals(19_068, TopicShare.BAND.countOf(recorded));
        final List<Received> large = share(TopicShare.LARGE);
        final Verdict verdict = Judge.judge(recorded, TopicShare.LARGE.predicate(), large);
        assertTrue(verdict.isVerified(), () -> verdict.reasons().toString());
        assertEquals(3_712, verdict.received());
        assertEquals(new BigInteger("9604342827158"), verdict.volume());
        assertEquals(new BigInteger("918643863290072105"), verdict.value());
    }

    @Test
    void shouldFindWhatIsNotDueInAShare() {
        for (final TopicShare share : List.of(TopicShare.LARGE, TopicShare.BAND)) {
            final Trade foreign = recorded.stream()
                    .filter(share.predicate().negate())
                    .findFirst()
                    .orElseThrow();
            final List<Received> received = share(share);
            received.add(0, first(foreign));

            final Verdict verdict = Judge.judge(recorded, share.predicate(), received);

            assertFalse(verdict.isVerified());
            assertEquals(
                    "Row " + foreign.row() + " was received, but it is not due here.",
                    verdict.reasons().get(0));
        }
    }

    private static List<Received> share(final TopicShare share) {
        return new ArrayList<>(recorded.stream()
                .filter(share.predicate())
                .map(JudgeTest::first)
                .toList());
    }

    @Test
    void shouldFindRedeliveryOfWhatNeverCame() {
        final List<Received> received = deliveries();
        received.set(VICTIM, redelivery(recorded.get(VICTIM)));

        assertMismatch(received, "Row 54321 was flagged as a redelivery, but it had not been received before.");
    }

    @Test
    void shouldFindAlteredRedelivery() {
        final Trade trade = recorded.get(VICTIM);
        final List<Received> received = deliveries();
        received.add(redelivery(new Trade(trade.row(), trade.timestamp(), trade.priceCents(), trade.amount() + 1)));

        assertFalse(judge(received).isVerified());
    }

    @Test
    void shouldNotVerifyNothing() {
        assertFalse(judge(List.of()).isVerified());
    }

    @Test
    void shouldReadBackWhatTheConsumerWrote() {
        final Path path = directory.resolve("received.bin");
        final List<Received> written =
                List.of(first(recorded.get(0)), redelivery(recorded.get(0)), Deliveries.redriven(recorded.get(1)));
        try (ReceivedFile file = ReceivedFile.create(path, 4)) {
            written.forEach(delivery -> Deliveries.write(file, delivery));
        }

        assertEquals(written, ReceivedFile.read(path));
    }

    private static Verdict judge(final List<Received> received) {
        return Judge.judge(recorded, received);
    }

    private static void assertMismatch(final List<Received> received, final String reason) {
        final Verdict verdict = judge(received);
        assertFalse(verdict.isVerified());
        assertTrue(verdict.reasons().contains(reason), () -> verdict.reasons().toString());
    }

    private static List<Received> deliveries() {
        return new ArrayList<>(recorded.stream().map(JudgeTest::first).toList());
    }

    private static Received first(final Trade trade) {
        return new Received(trade, 0, false, false, 1_000L + trade.row(), 2_000L + trade.row());
    }

    private static Received redelivery(final Trade trade) {
        return new Received(trade, 0, true, false, 1_000L + trade.row(), 3_000L + trade.row());
    }
}
