package io.millrace.perf.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What members of a group make of the tape, for tests. */
final class Tapes {
    private Tapes() {}

    /** {@return a part with a stream in which nothing is wrong} */
    static TapeResult withoutFault(final int rows, final Path directory) {
        return new TapeResult(
                rows,
                List.of(1L, rows - 1L),
                BarJudge.barsOf(TradeFile.read(rows)),
                1_000_000,
                List.of(),
                null,
                directory.resolve("bars.csv"),
                directory.resolve("bars.svg"));
    }

    /** {@return lines of parts, a new one with each minute and wherever a shard goes from one member to the other} */
    static List<String> parts(final List<Trade> trades, final int tradesOfOneMember) {
        final List<String> lines = new ArrayList<>();
        BarPart part = null;
        for (final Trade trade : trades) {
            final long minute = Bar.minuteOf(trade.timestamp());
            if (part == null || part.minute() != minute || trade.row() % tradesOfOneMember == 0) {
                if (part != null) {
                    lines.add(part.toLine());
                }
                part = new BarPart(minute, trade.row());
            }
            part.add(trade.priceCents(), trade.amount(), trade.row());
        }
        lines.add(part.toLine());
        return lines;
    }
}
