package io.millrace.perf.demo;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What a judge finds as it goes through the deliveries: differences, which rows were there, sums. */
final class Comparison {
    private static final int REASONS = 10;

    private final List<Trade> recorded;
    private final Predicate<Trade> isDue;
    private final List<String> reasons = new ArrayList<>();
    private final boolean[] seen;
    private BigInteger volume = BigInteger.ZERO;
    private BigInteger value = BigInteger.ZERO;
    private long mismatches;

    /**
     * Begins.
     *
     * @param recorded the trades of the recording, in order.
     * @param isDue    which of them have to be there, and no others.
     */
    Comparison(final List<Trade> recorded, final Predicate<Trade> isDue) {
        this.recorded = recorded;
        this.isDue = isDue;
        this.seen = new boolean[recorded.size() + 1];
    }

    /**
     * Compares every field with the recording.
     *
     * @param trade what came.
     * @param verb  what was done with it.
     * @return the trade as it was recorded, null if the recording has no such row.
     */
    Trade original(final Trade trade, final String verb) {
        if (trade.row() < 1 || trade.row() > recorded.size()) {
            mismatch("Row " + trade.row() + " was " + verb + ", but the recording ends at " + recorded.size() + ".");
            return null;
        }
        final Trade original = recorded.get(trade.row() - 1);
        if (!trade.equals(original)) {
            mismatch("Row " + trade.row() + " was recorded as " + original + " and " + verb + " as " + trade + ".");
        }
        if (!isDue.test(original)) {
            mismatch("Row " + trade.row() + " was " + verb + ", but it is not due here.");
        }
        return original;
    }

    /** {@return the first row after another one that has to be there; if there is none, the one behind the last} */
    int nextDue(final int row) {
        int next = row + 1;
        while (next <= recorded.size() && !isDue.test(recorded.get(next - 1))) {
            next++;
        }
        return next;
    }

    boolean isSeen(final int row) {
        return seen[row];
    }

    /** A row is there; its amount and value count. */
    void add(final Trade trade) {
        seen[trade.row()] = true;
        volume = volume.add(BigInteger.valueOf(trade.amount()));
        value = value.add(trade.value());
    }

    void mismatch(final String reason) {
        mismatches++;
        if (reasons.size() < REASONS) {
            reasons.add(reason);
        }
    }

    /**
     * Looks for rows that are missing, compares the sums and ends.
     *
     * @param deliveries  how many there were.
     * @param redelivered how many of them were flagged as redeliveries.
     * @param verb        what should have been done with every row.
     * @return what was found.
     */
    Verdict verdict(final long deliveries, final long redelivered, final String verb) {
        for (int row = nextDue(0); row <= recorded.size(); row = nextDue(row)) {
            if (!seen[row]) {
                mismatch("Row " + row + " was not " + verb + ".");
            }
        }
        requireEqualSums(verb);
        return new Verdict(deliveries, redelivered, volume, value, mismatches, reasons);
    }

    private void requireEqualSums(final String verb) {
        BigInteger recordedVolume = BigInteger.ZERO;
        BigInteger recordedValue = BigInteger.ZERO;
        for (int row = nextDue(0); row <= recorded.size(); row = nextDue(row)) {
            final Trade trade = recorded.get(row - 1);
            recordedVolume = recordedVolume.add(BigInteger.valueOf(trade.amount()));
            recordedValue = recordedValue.add(trade.value());
        }
        if (!volume.equals(recordedVolume)) {
            mismatch("The amounts " + verb + " add up to " + volume + ", those recorded to " + recordedVolume + ".");
        }
        if (!value.equals(recordedValue)) {
            mismatch("Price times amount adds up to " + value + " as " + verb + ", to " + recordedValue
                    + " as recorded.");
        }
    }
}
