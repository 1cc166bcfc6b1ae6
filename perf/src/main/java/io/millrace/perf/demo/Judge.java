package io.millrace.perf.demo;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares what a consumer received with what was recorded. After the redeliveries that were flagged as such are removed, each
 * row has to be there exactly once, in order, with every field equal, and the sums have to be equal as integers. A redelivery
 * has to repeat a row that came before, unaltered.
 */
final class Judge {
    private static final int REASONS = 10;

    private final List<Trade> recorded;
    private final List<String> reasons = new ArrayList<>();
    private final boolean[] seen;
    private BigInteger volume = BigInteger.ZERO;
    private BigInteger value = BigInteger.ZERO;
    private long mismatches;
    private long redelivered;
    private int expectedRow = 1;

    private Judge(final List<Trade> recorded) {
        this.recorded = recorded;
        this.seen = new boolean[recorded.size() + 1];
    }

    /**
     * Judges.
     *
     * @param recorded the trades of the recording, in order.
     * @param received the deliveries, in order.
     * @return what was found.
     */
    static Verdict judge(final List<Trade> recorded, final List<Received> received) {
        final Judge judge = new Judge(recorded);
        received.forEach(judge::take);
        judge.requireAll();
        judge.requireEqualSums();
        return new Verdict(
                received.size(), judge.redelivered, judge.volume, judge.value, judge.mismatches, judge.reasons);
    }

    private void take(final Received delivery) {
        final Trade trade = delivery.trade();
        if (trade.row() < 1 || trade.row() > recorded.size()) {
            mismatch("Row " + trade.row() + " was received, but the recording ends at " + recorded.size() + ".");
            return;
        }
        final Trade original = recorded.get(trade.row() - 1);
        if (!trade.equals(original)) {
            mismatch("Row " + trade.row() + " was recorded as " + original + " and received as " + trade + ".");
        }
        if (delivery.isRedelivered()) {
            takeRedelivery(trade);
        } else {
            takeFirst(trade);
        }
    }

    private void takeRedelivery(final Trade trade) {
        redelivered++;
        if (!seen[trade.row()]) {
            mismatch("Row " + trade.row() + " was flagged as a redelivery, but it had not been received before.");
        }
    }

    private void takeFirst(final Trade trade) {
        if (seen[trade.row()]) {
            mismatch("Row " + trade.row() + " was received again without being flagged as a redelivery.");
        } else if (trade.row() != expectedRow) {
            mismatch("Row " + trade.row() + " was received where row " + expectedRow + " was due.");
        }
        seen[trade.row()] = true;
        expectedRow = trade.row() + 1;
        volume = volume.add(BigInteger.valueOf(trade.amount()));
        value = value.add(trade.value());
    }

    private void requireAll() {
        for (int row = 1; row <= recorded.size(); row++) {
            if (!seen[row]) {
                mismatch("Row " + row + " was not received.");
            }
        }
    }

    private void requireEqualSums() {
        BigInteger recordedVolume = BigInteger.ZERO;
        BigInteger recordedValue = BigInteger.ZERO;
        for (final Trade trade : recorded) {
            recordedVolume = recordedVolume.add(BigInteger.valueOf(trade.amount()));
            recordedValue = recordedValue.add(trade.value());
        }
        if (!volume.equals(recordedVolume)) {
            mismatch("The amounts received add up to " + volume + ", those recorded to " + recordedVolume + ".");
        }
        if (!value.equals(recordedValue)) {
            mismatch("Price times amount adds up to " + value + " as received, to " + recordedValue + " as recorded.");
        }
    }

    private void mismatch(final String reason) {
        mismatches++;
        if (reasons.size() < REASONS) {
            reasons.add(reason);
        }
    }
}
