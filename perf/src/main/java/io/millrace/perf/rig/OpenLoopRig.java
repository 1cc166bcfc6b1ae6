package io.millrace.perf.rig;

import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.NanoClock;

/**
 * Open loop: messages are due at fixed times whatever became of the earlier ones, and each latency counts from the time at
 * which the message was due. A stall therefore shows in every message that should have been sent during it.
 */
public final class OpenLoopRig {
    /** A run that reaches less than this part of its rate has missed it. */
    public static final double REQUIRED_PART_OF_RATE = 0.99;

    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final Link link;
    private final NanoClock clock;
    private final long rate;
    private final Histogram histogram = Latencies.histogram();
    private final Watchdog watchdog;
    private boolean isMeasuring;
    private long measuredFromNs;
    private long lastDeliveryNs;

    /**
     * Creates the rig.
     *
     * @param link  what is measured; nothing may have been sent over it.
     * @param clock clock of the sending and receiving thread.
     * @param rate  messages a second, 1 to 1 billion.
     */
    public OpenLoopRig(final Link link, final NanoClock clock, final long rate) {
        if (rate < 1 || rate > NS_PER_SECOND) {
            throw new IllegalArgumentException("A rate is 1 to 1,000,000,000 messages a second, not " + rate);
        }
        this.link = link;
        this.clock = clock;
        this.rate = rate;
        this.watchdog = new Watchdog(clock);
        link.listener(this::onDelivery);
    }

    /**
     * Runs a schedule that does not count, then one that does, and waits until everything sent is settled. What could not be sent
     * within one more duration stays unsent.
     *
     * @param isWarm     asked again and again; when it says yes, the schedule that counts begins.
     * @param durationNs length of that schedule.
     * @return latencies from its intended send times, and its messages over the time from its start to the delivery of its last
     *     message.
     * @throws RigException if the link stops answering.
     */
    public Measurement run(final BooleanSupplier isWarm, final long durationNs) {
        final long alreadySent = warmUp(isWarm);
        final long startNs = clock.nanoTime();
        isMeasuring = true;
        measuredFromNs = startNs;
        lastDeliveryNs = startNs;
        send(alreadySent, messagesIn(durationNs), startNs + 2 * durationNs);
        final long measured = histogram.getTotalCount();
        // The last message was due one interval before the end of the schedule; without this a perfect run would be too
        // fast.
        final long elapsedNs = Math.max(durationNs, lastDeliveryNs - measuredFromNs);
        return new Measurement(histogram, measured, elapsedNs);
    }

    /**
     * Whether a run missed its rate.
     *
     * @param rate        messages a second asked for.
     * @param measurement what was found.
     * @return true if the run is no measurement of that rate.
     */
    public static boolean isFailed(final long rate, final Measurement measurement) {
        return measurement.messagesPerSecond() < rate * REQUIRED_PART_OF_RATE;
    }

    private long warmUp(final BooleanSupplier isWarm) {
        final long startNs = clock.nanoTime();
        long sent = 0;
        while (!isWarm.getAsBoolean()) {
            if (dueNs(startNs, sent) - clock.nanoTime() <= 0 && link.offer(1, dueNs(startNs, sent))) {
                sent++;
            }
            poll(sent);
        }
        return sent;
    }

    private void send(final long alreadySent, final long messages, final long cutoffNs) {
        final long startNs = measuredFromNs;
        long sent = 0;
        long toSend = messages;
        while (link.settled() < alreadySent + toSend) {
            final long nowNs = clock.nanoTime();
            if (nowNs - cutoffNs > 0) {
                toSend = sent;
            }
            while (sent < toSend && dueNs(startNs, sent) - nowNs <= 0 && link.offer(1, dueNs(startNs, sent))) {
                sent++;
            }
            poll(sent);
        }
    }

    private void poll(final long sent) {
        if (link.poll() == 0) {
            Thread.onSpinWait();
        }
        watchdog.check(sent + link.settled());
    }

    private long messagesIn(final long timeNs) {
        return Math.multiplyExact(timeNs / 1_000, rate) / (NS_PER_SECOND / 1_000);
    }

    /** Computed from the number of the message, so that no rounding adds up over a run. */
    private long dueNs(final long startNs, final long number) {
        final long seconds = number / rate;
        return startNs + seconds * NS_PER_SECOND + (number % rate) * NS_PER_SECOND / rate;
    }

    private void onDelivery(final long stamp) {
        if (isMeasuring && stamp - measuredFromNs >= 0) {
            final long nowNs = clock.nanoTime();
            Latencies.record(histogram, nowNs - stamp);
            lastDeliveryNs = nowNs;
        }
    }
}
