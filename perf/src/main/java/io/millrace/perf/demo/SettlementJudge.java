package io.millrace.perf.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares what a consumer settled with what was recorded. Each row has to be there exactly once, in its price band, with every
 * field equal, and the sums have to be equal as integers. Exactly every hundredth row has to be a redriven one. In each price
 * band those that settled at first are in order, and so are the redriven ones among themselves.
 */
final class SettlementJudge {
    private static final String SETTLED = "settled";

    private final Comparison comparison;
    private final Map<Integer, Integer> lastByBand = new HashMap<>();
    private final Map<Integer, Integer> lastRedrivenByBand = new HashMap<>();

    private SettlementJudge(final List<Trade> recorded) {
        this.comparison = new Comparison(recorded, trade -> true);
    }

    /**
     * Judges.
     *
     * @param recorded the trades of the recording, in order.
     * @param settled  what was settled, in the order of settling.
     * @return what was found.
     */
    static Verdict judge(final List<Trade> recorded, final List<Received> settled) {
        final SettlementJudge judge = new SettlementJudge(recorded);
        settled.forEach(judge::take);
        return judge.comparison.verdict(settled.size(), 0, SETTLED);
    }

    private void take(final Received settled) {
        final Trade original = comparison.original(settled.trade(), SETTLED);
        if (original == null) {
            return;
        }
        final int row = original.row();
        if (comparison.isSeen(row)) {
            comparison.mismatch("Row " + row + " was settled again.");
        }
        if (settled.band() != PriceBand.of(original)) {
            comparison.mismatch("Row " + row + " was settled in the price band " + settled.band() + ", but belongs to "
                    + PriceBand.of(original) + ".");
        }
        if (settled.isRedriven() && !PriceBand.isFailing(row)) {
            comparison.mismatch("Row " + row + " was settled as a redriven one, but it never fails.");
        } else if (!settled.isRedriven() && PriceBand.isFailing(row)) {
            comparison.mismatch("Row " + row + " was settled, but it fails until it is redriven.");
        }
        requireOrder(settled.isRedriven() ? lastRedrivenByBand : lastByBand, settled.band(), row);
        comparison.add(settled.trade());
    }

    private void requireOrder(final Map<Integer, Integer> lastRows, final int band, final int row) {
        final Integer last = lastRows.put(band, row);
        if (last != null && last > row) {
            comparison.mismatch(
                    "Row " + row + " was settled after row " + last + " of the same price band, " + band + ".");
        }
    }
}
