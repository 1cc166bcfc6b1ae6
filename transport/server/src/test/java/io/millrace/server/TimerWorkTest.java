package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What timers cost is added up between the begin and the end of their batches. */
class TimerWorkTest {

    private final HostCounters counters = new HostCounters();
    private long nowNs = 1_000;
    private final TimerWork work = new TimerWork(counters, () -> nowNs);

    @Test
    void shouldAddUpAndKeepTheMost() {
        batch(30);
        nowNs += 500;
        batch(50);
        batch(10);

        assertEquals(3, counters.timerBatches);
        assertEquals(90, counters.timerCpuNs);
        assertEquals(50, counters.maxTimerCpuNs);
    }

    private void batch(final long ns) {
        work.begin();
        nowNs += ns;
        work.end();
    }
}
