package io.millrace.server;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.agrona.concurrent.NanoClock;

/**
 * What timers cost the duty cycle: the processor time of the batches that hold a clock record and nothing else. They are journaled at most
 * once a millisecond, or back to back while a backlog of timers is worked off, so that two readings of the thread's own clock do not matter
 * beside them. Timers that fire in front of a command are part of what the command costs.
 */
final class TimerWork {

    private final HostCounters counters;
    private final NanoClock clock;
    private long startNs;

    /**
     * Measures by a clock.
     *
     * @param counters to add to.
     * @param clock    that is read before and after.
     */
    TimerWork(final HostCounters counters, final NanoClock clock) {
        this.counters = counters;
        this.clock = clock;
    }

    /**
     * The processor time of the thread that reads it.
     *
     * @param fallback what is read where that is not to be had.
     * @return the clock.
     */
    static NanoClock threadClock(final NanoClock fallback) {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()
                ? threads::getCurrentThreadCpuTime
                : fallback;
    }

    void begin() {
        startNs = clock.nanoTime();
    }

    void end() {
        final long elapsedNs = clock.nanoTime() - startNs;
        counters.timerBatches++;
        counters.timerCpuNs += elapsedNs;
        counters.maxTimerCpuNs = Math.max(counters.maxTimerCpuNs, elapsedNs);
    }
}
