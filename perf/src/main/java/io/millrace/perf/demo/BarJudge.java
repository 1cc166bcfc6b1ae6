package io.millrace.perf.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Puts the parts of bars together, and compares them with bars that are computed from the recording in another way. */
final class BarJudge {
    private static final int MOST_REASONS = 5;

    private BarJudge() {}

    /** {@return bars in the order of time, of what all readers saw} */
    static List<Bar> join(final List<BarPart> parts) {
        final Map<Long, BarPart> byMinute = new TreeMap<>();
        parts.stream()
                .sorted(Comparator.comparingLong(BarPart::firstSequence))
                .forEach(part -> byMinute.merge(part.minute(), part, BarJudge::follow));
        return byMinute.values().stream().map(BarPart::toBar).toList();
    }

    private static BarPart follow(final BarPart first, final BarPart next) {
        if (next.firstSequence() <= first.lastSequence()) {
            throw new IllegalStateException("Records of the minute " + first.minute() + " were read twice: "
                    + next.firstSequence() + " comes behind " + first.lastSequence());
        }
        first.add(next);
        return first;
    }

    /** {@return the bars of some trades, in the order of time} */
    static List<Bar> barsOf(final List<Trade> trades) {
        return trades.stream()
                .collect(Collectors.groupingBy(
                        trade -> Bar.minuteOf(trade.timestamp()), TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(minute -> barOf(minute.getKey(), minute.getValue()))
                .toList();
    }

    private static Bar barOf(final long minute, final List<Trade> trades) {
        final var prices = trades.stream().mapToLong(Trade::priceCents).summaryStatistics();
        return new Bar(
                minute,
                trades.get(0).priceCents(),
                prices.getMax(),
                prices.getMin(),
                trades.get(trades.size() - 1).priceCents(),
                trades.stream().mapToLong(Trade::amount).sum(),
                trades.size());
    }

    /** {@return differences, a sentence each; the last one counts those that are left out} */
    static List<String> differences(final List<Bar> expected, final List<Bar> found) {
        final Map<Long, Bar> byMinute = found.stream().collect(Collectors.toMap(Bar::minute, bar -> bar));
        final TreeSet<Long> minutes = expected.stream().map(Bar::minute).collect(Collectors.toCollection(TreeSet::new));
        final List<String> reasons = new ArrayList<>();
        for (final Bar bar : expected) {
            if (!bar.equals(byMinute.get(bar.minute()))) {
                reasons.add("The bar should be " + bar + ", it is " + byMinute.get(bar.minute()) + ".");
            }
        }
        found.stream()
                .filter(bar -> !minutes.contains(bar.minute()))
                .forEach(bar -> reasons.add("There should be no bar " + bar + "."));
        if (reasons.size() > MOST_REASONS) {
            final List<String> first = new ArrayList<>(reasons.subList(0, MOST_REASONS));
            first.add("And " + (reasons.size() - MOST_REASONS) + " bars more are different.");
            return first;
        }
        return reasons;
    }
}
