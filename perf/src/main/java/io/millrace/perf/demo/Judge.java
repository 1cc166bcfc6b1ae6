package io.millrace.perf.demo;

import java.util.List;
import java.util.function.Predicate;

/**
 * Compares what a consumer received with what was recorded. After the redeliveries that were flagged as such are removed, each
 * row that is due to the consumer has to be there exactly once, in order, with every field equal, and no other; and the sums have to be
 * equal as integers. A redelivery has to repeat a row that came before, unaltered.
 */
final class Judge {
    private static final String RECEIVED = "received";

    private final Comparison comparison;
    private long redelivered;
    private int expectedRow;

    private Judge(final List<Trade> recorded, final Predicate<Trade> isDue) {
        this.comparison = new Comparison(recorded, isDue);
        expectedRow = comparison.nextDue(0);
    }

    /**
     * Judges what a consumer got to whom everything is due.
     *
     * @param recorded the trades of the recording, in order.
     * @param received the deliveries, in order.
     * @return what was found.
     */
    static Verdict judge(final List<Trade> recorded, final List<Received> received) {
        return judge(recorded, trade -> true, received);
    }

    /**
     * Judges what a consumer got to whom some trades are due.
     *
     * @param recorded the trades of the recording, in order.
     * @param isDue    which of them are due.
     * @param received the deliveries, in order.
     * @return what was found.
     */
    static Verdict judge(final List<Trade> recorded, final Predicate<Trade> isDue, final List<Received> received) {
        final Judge judge = new Judge(recorded, isDue);
        received.forEach(judge::take);
        return judge.comparison.verdict(received.size(), judge.redelivered, RECEIVED);
    }

    private void take(final Received delivery) {
        final Trade trade = delivery.trade();
        if (comparison.original(trade, RECEIVED) == null) {
            return;
        }
        if (delivery.isRedelivered()) {
            takeRedelivery(trade.row());
        } else {
            takeFirst(trade);
        }
    }

    private void takeRedelivery(final int row) {
        redelivered++;
        if (!comparison.isSeen(row)) {
            comparison.mismatch("Row " + row + " was flagged as a redelivery, but it had not been received before.");
        }
    }

    private void takeFirst(final Trade trade) {
        final int row = trade.row();
        if (comparison.isSeen(row)) {
            comparison.mismatch("Row " + row + " was received again without being flagged as a redelivery.");
        } else if (row != expectedRow) {
            comparison.mismatch("Row " + row + " was received where row " + expectedRow + " was due.");
        }
        expectedRow = comparison.nextDue(row);
        comparison.add(trade);
    }
}
