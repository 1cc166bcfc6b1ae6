package io.millrace.perf.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.report.Table;
import io.millrace.perf.rig.Measurement;
import java.io.IOException;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What {@link IsolationCommand} found, and whether that is within its limits. */
final class IsolationFindings {
    static final String CONTROL = "throughput, one consumer";
    static final String STALLED = "throughput, and one that stopped";
    static final String ALONE = "round trip, no idle session";
    static final String CROWDED = "round trip, idle sessions";

    /** Least part of its throughput that a consumer keeps beside one that stopped. */
    static final double STALLED_LIMIT = 0.95;

    /** Most times longer that a round trip takes beside idle sessions. */
    static final double IDLE_LIMIT = 1.5;

    private static final ToDoubleFunction<Measurement> P50 =
            measurement -> measurement.histogram().getValueAtPercentile(50);

    private final int sessions;
    private final int rounds;
    private final RoundRatio stalled;
    private final RoundRatio idle;

    /**
     * Compares the rounds.
     *
     * @param findings with as many rounds of each of the four.
     * @param sessions idle sessions.
     */
    IsolationFindings(final Findings findings, final int sessions) {
        this.sessions = sessions;
        this.rounds = findings.rounds(CONTROL).size();
        this.stalled = RoundRatio.of(findings, STALLED, CONTROL, Measurement::messagesPerSecond);
        this.idle = RoundRatio.of(findings, CROWDED, ALONE, P50);
    }

    /** {@return whether a ratio is beyond its limit} */
    boolean isFailed() {
        return isStalledFailed() || isIdleFailed();
    }

    private boolean isStalledFailed() {
        return stalled.ratio() < STALLED_LIMIT;
    }

    private boolean isIdleFailed() {
        return idle.ratio() > IDLE_LIMIT;
    }

    void writeFields(final JsonGenerator json) throws IOException {
        json.writeNumberField("controlMessagesPerSecond", Math.round(stalled.divisor()));
        json.writeNumberField("stalledMessagesPerSecond", Math.round(stalled.dividend()));
        json.writeNumberField("stalledRatio", stalled.ratio());
        json.writeNumberField("stalledRatioLeast", stalled.least());
        json.writeNumberField("stalledRatioMost", stalled.most());
        json.writeNumberField("stalledRatioLimit", STALLED_LIMIT);
        json.writeBooleanField("stalledFailed", isStalledFailed());
        json.writeNumberField("redeliveredPerStall", IsolationLink.STALLED_CREDIT);
        json.writeNumberField("idleSessions", sessions);
        json.writeNumberField("p50Ns", Math.round(idle.divisor()));
        json.writeNumberField("idleP50Ns", Math.round(idle.dividend()));
        json.writeNumberField("idleRatioP50", idle.ratio());
        json.writeNumberField("idleRatioP50Least", idle.least());
        json.writeNumberField("idleRatioP50Most", idle.most());
        json.writeNumberField("idleRatioP50Limit", IDLE_LIMIT);
        json.writeBooleanField("idleFailed", isIdleFailed());
        json.writeNumberField("rounds", rounds);
        json.writeBooleanField("failed", isFailed());
    }

    /** {@return a table and the verdict, for people} */
    String text(final int seconds) {
        final Table table = new Table()
                .row("medians of the rounds", "without", "with", "ratio", "least", "most")
                .row(row("messages/s; a consumer that stopped", stalled))
                .row(row("round trip p50, ns; " + Table.count(sessions) + " idle sessions", idle));
        return String.format(
                        Locale.ROOT,
                        "Messages of 200 bytes, process durability, %d s each in %d interleaved rounds%n%n",
                        seconds,
                        rounds)
                + table
                + String.format(
                        Locale.ROOT,
                        "%nEach time all %d messages that the stopped consumer held were delivered again, once, to the "
                                + "other.%n",
                        IsolationLink.STALLED_CREDIT)
                + verdict();
    }

    private String verdict() {
        final StringBuilder text = new StringBuilder();
        if (isStalledFailed()) {
            text.append(String.format(
                    Locale.ROOT, "FAILED: beside a consumer that stopped, less than %.2f x is left.%n", STALLED_LIMIT));
        }
        if (isIdleFailed()) {
            text.append(String.format(
                    Locale.ROOT, "FAILED: beside idle sessions a round trip takes more than %.1f x.%n", IDLE_LIMIT));
        }
        return text.toString();
    }

    private static String[] row(final String name, final RoundRatio ratio) {
        return new String[] {
            name,
            Table.count(Math.round(ratio.divisor())),
            Table.count(Math.round(ratio.dividend())),
            String.format(Locale.ROOT, "%.3f x", ratio.ratio()),
            String.format(Locale.ROOT, "%.3f x", ratio.least()),
            String.format(Locale.ROOT, "%.3f x", ratio.most())
        };
    }
}
