package io.millrace.perf.bench;

import io.millrace.perf.process.ParentLink;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that puts records one at a time, each with the time at which it was put. It sleeps in between, so that it may share the
 * core of the process that reads them.
 */
final class PacedPuts {
    /** Report of stream and shard. */
    static final String PLACE = "place";

    private PacedPuts() {}

    public static void main(final String[] args) {
        final TrialSettings settings = TrialSettings.fromArgs(args);
        final long intervalNs = TimeUnit.SECONDS.toNanos(1) / settings.rate();
        final ParentLink parent = ParentLink.open();
        try (StreamLink link = new StreamLink(settings, 1, TrialSettings.aeronDirectory(args))) {
            parent.report(PLACE, link.place());
            long sent = 0;
            while (parent.isOpen()) {
                link.poll();
                // What is put behind one that is not answered would wait for it in the producer.
                if (link.completed() == sent && link.offer(1, System.nanoTime())) {
                    sent++;
                    link.poll();
                }
                LockSupport.parkNanos(intervalNs);
            }
        }
    }
}
