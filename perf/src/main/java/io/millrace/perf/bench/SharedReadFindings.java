package io.millrace.perf.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.report.Table;
import io.millrace.perf.rig.Measurement;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/** What {@link SharedReadCommand} found. */
final class SharedReadFindings {
    static final String MAPPED = "mapped files";
    static final String PUSHED = "pushed";
    static final String READ = "puts beside readers";
    static final String CONTROL = "puts beside spinning processes";

    /** Least part of the put rate that is left beside processes that read, against the same that spin. */
    static final double LIMIT = 0.95;

    private final Findings findings;
    private final int readers;
    private final boolean isPinned;
    private final List<Long> recordsRead;
    private final RoundRatio ratio;

    /**
     * Compares the rounds.
     *
     * @param findings    with as many rounds of each of the four.
     * @param readers     processes beside the producer.
     * @param isPinned    whether the processes were kept on cores of their own.
     * @param recordsRead of each of them in each round in which they read.
     */
    SharedReadFindings(
            final Findings findings, final int readers, final boolean isPinned, final List<Long> recordsRead) {
        this.findings = findings;
        this.readers = readers;
        this.isPinned = isPinned;
        this.recordsRead = recordsRead;
        this.ratio = RoundRatio.of(findings, READ, CONTROL, Measurement::messagesPerSecond);
    }

    void writeFields(final JsonGenerator json) throws IOException {
        json.writeNumberField("putToReadP50Ns", findings.percentile(MAPPED, 50));
        json.writeNumberField("putToReadP99Ns", findings.percentile(MAPPED, 99));
        json.writeNumberField("pushP50Ns", findings.percentile(PUSHED, 50));
        json.writeNumberField("pushP99Ns", findings.percentile(PUSHED, 99));
        json.writeNumberField("putRateRatio", ratio.ratio());
        json.writeNumberField("putRateRatioLeast", ratio.least());
        json.writeNumberField("putRateRatioMost", ratio.most());
        json.writeNumberField("putRateRatioLimit", LIMIT);
        json.writeNumberField("putsPerSecond", Math.round(ratio.dividend()));
        json.writeNumberField("putsPerSecondLeast", Math.round(least(READ)));
        json.writeNumberField("putsPerSecondMost", Math.round(most(READ)));
        json.writeNumberField("controlPutsPerSecond", Math.round(ratio.divisor()));
        json.writeNumberField("controlPutsPerSecondLeast", Math.round(least(CONTROL)));
        json.writeNumberField("controlPutsPerSecondMost", Math.round(most(CONTROL)));
        json.writeNumberField("readers", readers);
        json.writeNumberField("rounds", findings.rounds(READ).size());
        json.writeNumberField("recordsPut", findings.total(READ).messages());
        json.writeNumberField("recordsRead", sum());
        json.writeNumberField("leastRecordsRead", least());
        json.writeBooleanField("pinned", isPinned);
    }

    /** {@return two tables and what is to be known about them, for people} */
    String text(final int size, final int seconds) {
        final Table ages = new Table().row("put to read, ns", "p50", "p90", "p99", "p99.9", "max", "records");
        ages(ages, MAPPED);
        ages(ages, PUSHED);
        final Table rates = new Table()
                .row("records put a second", "median", "least", "most")
                .row(rates(READ, ratio.dividend()))
                .row(rates(CONTROL, ratio.divisor()));
        return String.format(
                        Locale.ROOT,
                        "Records of %d bytes, process durability, %d s each in %d interleaved rounds%n%n",
                        size,
                        seconds,
                        findings.rounds(READ).size())
                + ages
                + System.lineSeparator()
                + rates
                + String.format(
                        Locale.ROOT,
                        "%nBeside %d processes that read: %.3f x of what it is beside as many that spin, from %.3f x to %.3f x; the limit "
                                + "is %.2f x.%n"
                                + "They read %s records, in their order; each of them %s or more in a round.%n",
                        readers,
                        ratio.ratio(),
                        ratio.least(),
                        ratio.most(),
                        LIMIT,
                        Table.count(sum()),
                        Table.count(least()))
                + notes();
    }

    private String notes() {
        final StringBuilder text = new StringBuilder();
        if (ratio.ratio() < LIMIT) {
            text.append(String.format("This is BELOW the limit.%n"));
        }
        if (least() == 0) {
            text.append(String.format("A reader read NOTHING in a round, so the ratio says little.%n"));
        }
        if (!isPinned) {
            text.append(String.format("The processes were not kept on cores of their own: that takes two cores and "
                    + "taskset, so the ratio says little.%n"));
        }
        return text.toString();
    }

    private void ages(final Table table, final String label) {
        final Histogram histogram = findings.total(label).histogram();
        table.row(
                label,
                Table.count(histogram.getValueAtPercentile(50)),
                Table.count(histogram.getValueAtPercentile(90)),
                Table.count(histogram.getValueAtPercentile(99)),
                Table.count(histogram.getValueAtPercentile(99.9)),
                Table.count(histogram.getMaxValue()),
                Table.count(histogram.getTotalCount()));
    }

    private String[] rates(final String label, final double median) {
        return new String[] {
            label,
            Table.count(Math.round(median)),
            Table.count(Math.round(least(label))),
            Table.count(Math.round(most(label)))
        };
    }

    private long sum() {
        return recordsRead.stream().mapToLong(Long::longValue).sum();
    }

    private long least() {
        return recordsRead.stream().mapToLong(Long::longValue).min().orElse(0);
    }

    private double least(final String label) {
        return rates(label).min().orElse(0);
    }

    private double most(final String label) {
        return rates(label).max().orElse(0);
    }

    private DoubleStream rates(final String label) {
        return findings.rounds(label).stream().mapToDouble(Measurement::messagesPerSecond);
    }
}
