package io.millrace.perf.bench;

import io.millrace.perf.process.ParentLink;
import io.millrace.perf.rig.DeliveryListener;
import io.millrace.perf.rig.Link;
import io.millrace.perf.rig.Measurement;
import io.millrace.perf.rig.ThroughputRig;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The process that puts records as fast as they are answered, whenever it is told to: until the next command comes, and then for the time
 * that counts.
 */
final class FullPuts {
    /** Command that begins the load. */
    static final String LOAD = "load";

    private static final int SHARDS = 1;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private FullPuts() {}

    public static void main(final String[] args) {
        final TrialSettings settings = TrialSettings.fromArgs(args);
        final ParentLink parent = ParentLink.open();
        try (StreamLink link = new StreamLink(settings, SHARDS, TrialSettings.aeronDirectory(args))) {
            final ThroughputRig rig = new ThroughputRig(new Yielding(link), SystemNanoClock.INSTANCE, 1);
            parent.report(PacedPuts.PLACE, link.place());
            for (String command = next(parent, link); command != null; command = next(parent, link)) {
                if (command.equals(LOAD)) {
                    final Measurement measured = rig.run(parent::hasCommand, settings.durationNs());
                    parent.report(TrialReport.KEY, TrialReport.encode(measured));
                }
            }
        }
    }

    /** A session ends that is not polled. */
    private static String next(final ParentLink parent, final Link link) {
        while (!parent.hasCommand()) {
            link.poll();
            LockSupport.parkNanos(PAUSE_NS);
        }
        return parent.awaitCommand();
    }

    /** Leaves the core to the server whenever there is nothing to do. */
    private record Yielding(Link link) implements Link {
        @Override
        public void listener(final DeliveryListener listener) {
            link.listener(listener);
        }

        @Override
        public boolean offer(final int messages, final long stamp) {
            return link.offer(messages, stamp);
        }

        @Override
        public int poll() {
            final int work = link.poll();
            if (work == 0) {
                Thread.yield();
            }
            return work;
        }

        @Override
        public long settled() {
            return link.settled();
        }

        @Override
        public long completed() {
            return link.completed();
        }

        @Override
        public void close() {
            link.close();
        }
    }
}
