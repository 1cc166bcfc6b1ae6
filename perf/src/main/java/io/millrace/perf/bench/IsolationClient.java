package io.millrace.perf.bench;

import io.millrace.perf.process.ParentLink;
import io.millrace.perf.rig.Measurement;
import io.millrace.perf.rig.ThroughputRig;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;

/** The client process of a trial with a consumer that stops polling, or of its control: one thread for all sessions. */
final class IsolationClient {
    /** Report of how many messages came back from the session that stopped. */
    static final String REDELIVERED = "redelivered";

    /** Rig with the session that stops. */
    static final String STALLED = "stalled";

    /** Rig without it. */
    static final String CONTROL = "control";

    /** Messages come back only when nothing is measured any more. */
    private static final long AFTER_MEASURING_NS = TimeUnit.SECONDS.toNanos(5);

    private IsolationClient() {}

    public static void main(final String[] args) {
        final TrialSettings settings = TrialSettings.fromArgs(args);
        final long visibilityNs = settings.mostWarmUpNs() + settings.durationNs() + AFTER_MEASURING_NS;
        final ParentLink parent = ParentLink.open();
        try (IsolationLink link = new IsolationLink(
                TrialSettings.aeronDirectory(args),
                settings.size(),
                visibilityNs,
                settings.rig().equals(STALLED))) {
            parent.report(TrialClient.WARMING, settings.rig());
            final Measurement measurement = new ThroughputRig(link, SystemNanoClock.INSTANCE, 1)
                    // It stops at once: what is measured is life beside it, not the turn that the compilers take when
                    // it stops.
                    .run(() -> link.stopThird() && parent.hasCommand(), settings.durationNs());
            parent.report(TrialReport.KEY, TrialReport.encode(measurement));
            parent.report(REDELIVERED, link.awaitEverything());
        }
        parent.awaitEnd();
    }
}
