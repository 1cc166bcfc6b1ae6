package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KernelClockTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long nanoNs = 77;
    private long wallNs = 1_000 * SECOND;

    @Test
    void shouldStartAtTheWallClock() {
        assertEquals(wallNs, clock(0).timeNs(nanoNs));
    }

    @Test
    void shouldStartAtTheLastRecordIfTheWallClockLiesBeforeIt() {
        assertEquals(5_000 * SECOND, clock(5_000 * SECOND).timeNs(nanoNs));
    }

    @Test
    void shouldFollowTheMonotonicClockWhateverTheWallClockDoes() {
        final KernelClock clock = clock(0);
        final long start = clock.timeNs(nanoNs);

        wallNs -= 3_600 * SECOND;
        nanoNs += SECOND;

        assertEquals(start + SECOND, clock.timeNs(nanoNs));
    }

    @Test
    void shouldDrawNearByOnePartInAThousand() {
        final KernelClock clock = clock(0);
        final long start = clock.timeNs(nanoNs);
        wallNs += 60 * SECOND;

        for (int i = 0; i < 1_000; i++) {
            nanoNs += SECOND / 100;
            wallNs += SECOND / 100;
            clock.slew();
        }

        assertEquals(start + 10 * SECOND + 10 * SECOND / 1_000, clock.timeNs(nanoNs));
    }

    @Test
    void shouldNeverGoBackWhileItSlows() {
        final KernelClock clock = clock(0);
        wallNs -= 60 * SECOND;
        long last = clock.timeNs(nanoNs);

        for (int i = 0; i < 1_000; i++) {
            nanoNs += SECOND / 1_000;
            wallNs += SECOND / 1_000;
            final long before = clock.timeNs(nanoNs);
            clock.slew();
            final long after = clock.timeNs(nanoNs);
            assertTrue(before >= last && after >= before);
            last = after;
        }
        assertTrue(last < 1_000 * SECOND + SECOND, "it slowed down");
        assertTrue(last >= 1_000 * SECOND + SECOND - SECOND / 1_000, "by one part in a thousand");
    }

    @Test
    void shouldArriveAtTheWallClockAndStayThere() {
        final KernelClock clock = clock(0);
        wallNs += 5_000_000;

        for (int i = 0; i < 10_000; i++) {
            nanoNs += SECOND / 100;
            wallNs += SECOND / 100;
            clock.slew();
        }

        assertTrue(Math.abs(wallNs - clock.timeNs(nanoNs)) <= 1_000_000);
    }

    private KernelClock clock(final long lastNs) {
        return new KernelClock(() -> nanoNs, () -> wallNs, lastNs);
    }
}
