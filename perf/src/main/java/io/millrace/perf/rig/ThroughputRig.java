package io.millrace.perf.rig;

import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.NanoClock;

/**
 * Closed loop with a window: messages a second that were sent, confirmed, delivered and acknowledged. Of every sixteenth frame
 * the time from send to delivery is taken too; reading the clock for all of them would slow down what is measured.
 */
public final class ThroughputRig {
    /** Messages that may be sent and not yet completed. */
    public static final int WINDOW = 256;

    private static final int TURNS_PER_CLOCK_READING = 16;
    private static final int FRAMES_PER_TIMED_ONE = 16;
    private static final long NOT_TIMED = Long.MIN_VALUE;

    private final Link link;
    private final NanoClock clock;
    private final int messagesPerFrame;
    private final Watchdog watchdog;
    private final Histogram histogram = Latencies.histogram();
    private long sent;
    private int framesUntilTimed;
    private boolean isRecording;

    /**
     * Creates the rig.
     *
     * @param link             what is measured; nothing may have been sent over it.
     * @param clock            clock of this thread.
     * @param messagesPerFrame messages sent together, at most the window.
     */
    public ThroughputRig(final Link link, final NanoClock clock, final int messagesPerFrame) {
        if (messagesPerFrame < 1 || messagesPerFrame > WINDOW) {
            throw new IllegalArgumentException("A frame holds 1 to " + WINDOW + " messages, not " + messagesPerFrame);
        }
        this.link = link;
        this.clock = clock;
        this.messagesPerFrame = messagesPerFrame;
        this.watchdog = new Watchdog(clock);
        link.listener(this::onDelivery);
    }

    /**
     * Warms up, measures, and waits until everything sent is completed. It can be called again.
     *
     * @param isWarm     asked again and again; until it says yes, the link runs and nothing counts.
     * @param durationNs how long completed messages are counted.
     * @return what was found.
     * @throws RigException if the link stops answering.
     */
    public Measurement run(final BooleanSupplier isWarm, final long durationNs) {
        while (!isWarm.getAsBoolean()) {
            turns();
        }
        histogram.reset();
        isRecording = true;
        final long completedBefore = link.completed();
        final long startNs = clock.nanoTime();
        do {
            turns();
        } while (clock.nanoTime() - (startNs + durationNs) < 0);
        final long messages = link.completed() - completedBefore;
        final long elapsedNs = clock.nanoTime() - startNs;
        isRecording = false;
        drain();
        return new Measurement(histogram.copy(), messages, elapsedNs);
    }

    /**
     * Sends a number of messages and waits until all are completed.
     *
     * @param messages how many, rounded up to whole frames.
     * @return what was found.
     * @throws RigException if the link stops answering.
     */
    public Measurement runCount(final long messages) {
        isRecording = true;
        histogram.reset();
        final long first = sent;
        final long startNs = clock.nanoTime();
        while (sent - first < messages) {
            turn(first + messages);
        }
        drain();
        return new Measurement(histogram, sent - first, clock.nanoTime() - startNs);
    }

    private void turns() {
        for (int i = 0; i < TURNS_PER_CLOCK_READING; i++) {
            turn(Long.MAX_VALUE);
        }
    }

    private void turn(final long toSend) {
        while (sent < toSend
                && sent - link.completed() <= WINDOW - messagesPerFrame
                && link.offer(messagesPerFrame, stamp())) {
            sent += messagesPerFrame;
            framesUntilTimed = framesUntilTimed == 0 ? FRAMES_PER_TIMED_ONE - 1 : framesUntilTimed - 1;
        }
        if (link.poll() == 0) {
            Thread.onSpinWait();
        }
        watchdog.check(link.completed());
    }

    private long stamp() {
        return framesUntilTimed == 0 ? clock.nanoTime() : NOT_TIMED;
    }

    private void onDelivery(final long stamp) {
        if (isRecording && stamp != NOT_TIMED) {
            Latencies.record(histogram, clock.nanoTime() - stamp);
        }
    }

    private void drain() {
        while (link.completed() < sent) {
            if (link.poll() == 0) {
                Thread.onSpinWait();
            }
            watchdog.check(link.completed());
        }
    }
}
