package io.millrace.perf.rig;

import org.agrona.concurrent.NanoClock;

/** Closed loop with a window: messages a second that were sent, confirmed, delivered and acknowledged. */
public final class ThroughputRig {
    /** Messages that may be sent and not yet completed. */
    public static final int WINDOW = 256;

    private static final int TURNS_PER_CLOCK_READING = 16;

    private final Link link;
    private final NanoClock clock;
    private final int messagesPerFrame;
    private final Watchdog watchdog;
    private long sent;

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
        link.listener(stamp -> {});
    }

    /**
     * Warms up, measures, and waits until everything sent is completed.
     *
     * @param warmupNs   how long the link runs before anything counts; see {@link WarmUp}.
     * @param durationNs how long completed messages are counted.
     * @return what was found; its histogram is empty.
     * @throws RigException if the link stops answering.
     */
    public Measurement run(final long warmupNs, final long durationNs) {
        final WarmUp warmUp = new WarmUp(clock.nanoTime(), warmupNs);
        do {
            runUntil(warmUp.nextLookNs(clock.nanoTime()));
        } while (!warmUp.isOver(clock.nanoTime(), link.completed()));
        final long completedBefore = link.completed();
        final long startNs = clock.nanoTime();
        runUntil(startNs + durationNs);
        final long messages = link.completed() - completedBefore;
        final long elapsedNs = clock.nanoTime() - startNs;
        drain();
        return new Measurement(Latencies.histogram(), messages, elapsedNs);
    }

    /**
     * Sends a number of messages and waits until all are completed.
     *
     * @param messages how many, rounded up to whole frames.
     * @return what was found; its histogram is empty.
     * @throws RigException if the link stops answering.
     */
    public Measurement runCount(final long messages) {
        final long first = sent;
        final long startNs = clock.nanoTime();
        while (sent - first < messages) {
            turn(first + messages);
        }
        drain();
        return new Measurement(Latencies.histogram(), sent - first, clock.nanoTime() - startNs);
    }

    private void runUntil(final long deadlineNs) {
        do {
            for (int i = 0; i < TURNS_PER_CLOCK_READING; i++) {
                turn(Long.MAX_VALUE);
            }
        } while (clock.nanoTime() - deadlineNs < 0);
    }

    private void turn(final long toSend) {
        while (sent < toSend
                && sent - link.completed() <= WINDOW - messagesPerFrame
                && link.offer(messagesPerFrame, sent)) {
            sent += messagesPerFrame;
        }
        if (link.poll() == 0) {
            Thread.onSpinWait();
        }
        watchdog.check(link.completed());
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
