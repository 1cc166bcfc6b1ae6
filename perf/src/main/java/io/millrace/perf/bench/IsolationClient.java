package io.millrace.perf.bench;

import io.millrace.perf.process.ParentLink;
import io.millrace.perf.rig.Measurement;
import io.millrace.perf.rig.ThroughputRig;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The client process of a trial with a consumer that stops polling: one thread for all sessions. In the same processes, once they are
 * warm, it measures without that consumer, twice with it, and without it again, so that neither what one JVM does better than another nor
 * what a machine loses in the course of a minute is taken for its cost.
 */
final class IsolationClient {
    /** Report of what was measured without the session that stops. */
    static final String CONTROL = "control";

    /** Report of what was measured beside it. */
    static final String STALLED = "stalled";

    /** Measurements of each kind. */
    static final int SLICES = 2;

    /** Messages come back because their session ends, not because their time is over. */
    private static final long VISIBILITY_NS = TimeUnit.HOURS.toNanos(1);

    private final IsolationLink link;
    private final ThroughputRig rig;
    private final long sliceNs;

    private IsolationClient(final IsolationLink link, final long sliceNs) {
        this.link = link;
        this.rig = new ThroughputRig(link, SystemNanoClock.INSTANCE, 1);
        this.sliceNs = sliceNs;
    }

    public static void main(final String[] args) {
        final TrialSettings settings = TrialSettings.fromArgs(args);
        final ParentLink parent = ParentLink.open();
        try (IsolationLink link =
                new IsolationLink(TrialSettings.aeronDirectory(args), settings.size(), VISIBILITY_NS)) {
            new IsolationClient(link, settings.durationNs() / SLICES).run(parent);
        }
        parent.awaitEnd();
    }

    private void run(final ParentLink parent) {
        parent.report(TrialClient.WARMING, CONTROL);
        rig.run(parent::hasCommand, sliceNs);
        // The first of its kind makes the compilers think again.
        besideStalled();
        final Measurement before = alone();
        final Measurement stalled = besideStalled().plus(besideStalled());
        final Measurement control = before.plus(alone());
        parent.report(CONTROL, TrialReport.encode(control));
        parent.report(STALLED, TrialReport.encode(stalled));
    }

    private Measurement alone() {
        return rig.run(link::isSettled, sliceNs);
    }

    private Measurement besideStalled() {
        link.beginStall();
        final Measurement found = rig.run(link::isSettled, sliceNs);
        link.endStall();
        return found;
    }
}
