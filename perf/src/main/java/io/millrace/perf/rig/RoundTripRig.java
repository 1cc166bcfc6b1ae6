package io.millrace.perf.rig;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.NanoClock;

/**
 * Closed loop with one message under way: the time from the offer of a send to the delivery of that message. Its confirmation
 * is read and its acknowledgement sent before the next send.
 */
public final class RoundTripRig {
    private static final long WARM_UP_SLICE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Link link;
    private final NanoClock clock;
    private final Histogram histogram = Latencies.histogram();
    private final Watchdog watchdog;
    private long sent;
    private boolean isRecording;

    /**
     * Creates the rig.
     *
     * @param link  what is measured; nothing may have been sent over it.
     * @param clock clock of the sending and receiving thread.
     */
    public RoundTripRig(final Link link, final NanoClock clock) {
        this.link = link;
        this.clock = clock;
        this.watchdog = new Watchdog(clock);
        link.listener(this::onDelivery);
    }

    /**
     * Warms up and measures.
     *
     * @param isWarm     asked every millisecond; until it says yes, round trips are made and forgotten.
     * @param durationNs how long they are recorded.
     * @return what was found.
     * @throws RigException if the link stops answering.
     */
    public Measurement run(final BooleanSupplier isWarm, final long durationNs) {
        isRecording = false;
        while (!isWarm.getAsBoolean()) {
            roundTripsUntil(clock.nanoTime() + WARM_UP_SLICE_NS);
        }
        isRecording = true;
        histogram.reset();
        final long startNs = clock.nanoTime();
        roundTripsUntil(startNs + durationNs);
        return new Measurement(histogram, histogram.getTotalCount(), clock.nanoTime() - startNs);
    }

    private void roundTripsUntil(final long deadlineNs) {
        long nowNs = clock.nanoTime();
        while (nowNs - deadlineNs < 0) {
            while (!link.offer(1, nowNs)) {
                link.poll();
                watchdog.check(sent);
            }
            sent++;
            while (link.settled() < sent) {
                if (link.poll() == 0) {
                    Thread.onSpinWait();
                    watchdog.check(sent);
                }
            }
            nowNs = clock.nanoTime();
        }
    }

    private void onDelivery(final long stamp) {
        if (isRecording) {
            Latencies.record(histogram, clock.nanoTime() - stamp);
        }
    }
}
