package io.millrace.perf.demo;

import java.util.List;
import java.util.function.Predicate;

/** Who gets which of the trades that are published to the topic. The server has the filter policies, the judge has the predicates. */
enum TopicShare {
    /** The queue that gets everything. */
    AUDIT("audited.bin", "", trade -> true),

    /** The queue of large trades: 10 bitcoins or more. */
    LARGE("large.bin", "{\"amount\":[{\"numeric\":[\">=\",10]}]}", trade -> trade.amount() >= 1_000_000_000L),

    /** The session that has the trades of one price band pushed. */
    BAND("band.bin", "{\"price\":[{\"numeric\":[\">=\",800,\"<\",850]}]}", trade -> PriceBand.of(trade) == 16);

    private final String fileName;
    private final String filterPolicy;
    private final Predicate<Trade> predicate;

    TopicShare(final String fileName, final String filterPolicy, final Predicate<Trade> predicate) {
        this.fileName = fileName;
        this.filterPolicy = filterPolicy;
        this.predicate = predicate;
    }

    /** {@return name of the file with what was received} */
    String fileName() {
        return fileName;
    }

    /** {@return JSON about the attributes {@code amount}, bitcoins, and {@code price}, dollars; empty: all trades} */
    String filterPolicy() {
        return filterPolicy;
    }

    /** {@return whether it gets a trade} */
    Predicate<Trade> predicate() {
        return predicate;
    }

    /** {@return how many of some trades it gets} */
    int countOf(final List<Trade> trades) {
        return Math.toIntExact(trades.stream().filter(predicate).count());
    }
}
