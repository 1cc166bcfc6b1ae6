package io.millrace.perf.rig;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final long LOOK = WarmUp.LOOK_INTERVAL_NS;
    private static final long LOOKS = 20;

    private final WarmUp warmUp = new WarmUp(-LOOK, LOOKS * LOOK, 2);
    private long nowNs = -LOOK;
    private long serverMs = 700;
    private long clientMs = 900;

    @Test
    void shouldEndAfterTwoQuietLooks() {
        assertFalse(look(300, 300));
        assertFalse(look(9, 9));
        assertTrue(look(9, 9));
    }

    @Test
    void shouldWaitForBothProcesses() {
        assertFalse(look(300, 300));
        assertFalse(look(0, 10));
        assertFalse(look(0, 10));
        assertFalse(look(10, 0));
        assertFalse(look(0, 0));
        assertTrue(look(0, 0));
    }

    @Test
    void shouldBeginAgainWhenOneBecomesBusy() {
        assertFalse(look(300, 300));
        assertFalse(look(0, 0));
        assertFalse(look(400, 0));
        assertFalse(look(0, 0));
        assertTrue(look(0, 0));
    }

    @Test
    void shouldTakeNothingFromTheFirstLook() {
        assertFalse(look(0, 0));
        assertFalse(look(0, 0));
        assertTrue(look(0, 0));
    }

    @Test
    void shouldNotCountLooksThatAreTooClose() {
        assertFalse(look(300, 300));
        assertFalse(look(0, 0));
        for (int i = 1; i < 10; i++) {
            assertFalse(warmUp.isOver(nowNs + i * LOOK / 10, serverMs, clientMs));
        }
        assertTrue(look(0, 0));
    }

    @Test
    void shouldEndAtTheLatestAfterTheMaximum() {
        for (int i = 1; i < LOOKS; i++) {
            assertFalse(look(300, 300));
        }
        assertTrue(look(300, 300));
    }

    private boolean look(final long serverGrowthMs, final long clientGrowthMs) {
        nowNs += LOOK;
        serverMs += serverGrowthMs;
        clientMs += clientGrowthMs;
        return warmUp.isOver(nowNs, serverMs, clientMs);
    }
}
