package io.millrace.perf.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RigTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000 * MILLISECOND;

    @Test
    void shouldHaveOneRoundTripUnderWay() {
        final FakeLink link = new FakeLink(5_000, 10);

        final Measurement found = new RoundTripRig(link, link).run(link.hasPassed(MILLISECOND), 10 * MILLISECOND);

        assertEquals(1, link.mostUnderWay());
        assertEquals(5_000, found.histogram().getValueAtPercentile(50), 50);
        assertEquals(10 * MILLISECOND / 5_000, found.messages(), 100);
    }

    @Test
    void shouldForgetRoundTripsOfTheWarmup() {
        final FakeLink link = new FakeLink(1_000, 10).stall(0, 2 * MILLISECOND);

        final Measurement found = new RoundTripRig(link, link).run(link.hasPassed(4 * MILLISECOND), 4 * MILLISECOND);

        assertTrue(
                found.histogram().getMaxValue() < 2_000,
                () -> "" + found.histogram().getMaxValue());
    }

    @Test
    void shouldHideAStallInAClosedLoopButNotInAnOpenOne() {
        final FakeLink closed = new FakeLink(1_000, 10).stall(20 * MILLISECOND, 30 * MILLISECOND);
        final FakeLink open = new FakeLink(1_000, 10).stall(20 * MILLISECOND, 30 * MILLISECOND);

        final Histogram closedLoop = new RoundTripRig(closed, closed)
                .run(closed.hasPassed(10 * MILLISECOND), 90 * MILLISECOND)
                .histogram();
        final Histogram openLoop = new OpenLoopRig(open, open, 100_000)
                .run(open.hasPassed(10 * MILLISECOND), 90 * MILLISECOND)
                .histogram();

        assertEquals(1_000, closedLoop.getValueAtPercentile(95), 100);
        // 1,000 of 9,000 messages were due during the stall of 10 ms, evenly: the worst waited all of it.
        assertEquals(10 * MILLISECOND, openLoop.getMaxValue(), 100_000);
        assertEquals(1_000, openLoop.getValueAtPercentile(88), 200);
        assertEquals(5 * MILLISECOND, openLoop.getValueAtPercentile(100 - 500 / 90.0), 200_000);
    }

    @Test
    void shouldTakeLatencyFromTheIntendedTimeWhenTheSendItselfWaits() {
        final FakeLink link = new FakeLink(1_000, 10)
                .stall(20 * MILLISECOND, 30 * MILLISECOND)
                .room(8);

        final Measurement found =
                new OpenLoopRig(link, link, 100_000).run(link.hasPassed(10 * MILLISECOND), 90 * MILLISECOND);

        assertEquals(10 * MILLISECOND, found.histogram().getMaxValue(), 200_000);
        assertEquals(9_000, found.messages());
        assertEquals(8, link.mostUnderWay());
    }

    @Test
    void shouldSendAtTheTimesOfTheSchedule() {
        final FakeLink link = new FakeLink(1_000, 10);

        final Measurement found = new OpenLoopRig(link, link, 30_000).run(() -> true, SECOND / 10);

        assertEquals(3_000, link.stamps().size());
        final long first = link.stamps().get(0);
        for (int i = 0; i < 3_000; i++) {
            assertEquals(i * SECOND / 30_000, link.stamps().get(i) - first);
        }
        assertEquals(3_000, found.messages());
        assertEquals(30_000, found.messagesPerSecond(), 30);
        assertFalse(OpenLoopRig.isFailed(30_000, found));
    }

    @Test
    void shouldFailARunThatMissesItsRate() {
        final FakeLink link = new FakeLink(1_000, 10).service(20_000);

        final Measurement found = new OpenLoopRig(link, link, 100_000).run(() -> true, 50 * MILLISECOND);

        assertEquals(50_000, found.messagesPerSecond(), 1_000);
        assertTrue(OpenLoopRig.isFailed(100_000, found));
    }

    @Test
    void shouldGiveUpARateThatCannotBeSent() {
        final FakeLink link = new FakeLink(1_000, 10).service(1_000_000).room(1);

        final Measurement found = new OpenLoopRig(link, link, 100_000).run(() -> true, 50 * MILLISECOND);

        assertTrue(link.stamps().size() < 110, () -> link.stamps().size() + " sent");
        assertTrue(OpenLoopRig.isFailed(100_000, found));
    }

    @Test
    void shouldKeepTheWindowFull() {
        final FakeLink link = new FakeLink(100_000, 10);

        final Measurement found = new ThroughputRig(link, link, 16).run(link.hasPassed(MILLISECOND), 50 * MILLISECOND);

        assertEquals(256, link.mostUnderWay());
        assertEquals(256 * 10_000, found.messagesPerSecond(), 100_000);
    }

    @Test
    void shouldTimeSomeOfTheFramesFromSendToDelivery() {
        final FakeLink link = new FakeLink(100_000, 10).stall(0, 2 * MILLISECOND);

        final Histogram found = new ThroughputRig(link, link, 16)
                .run(link.hasPassed(4 * MILLISECOND), 50 * MILLISECOND)
                .histogram();

        // 16 frames in 100 us: one of them is timed, at the delivery of each of its messages.
        assertEquals(16 * 500, found.getTotalCount(), 100);
        assertEquals(100_000, found.getValueAtPercentile(50), 1_000);
        assertTrue(found.getMaxValue() < 110_000, () -> "" + found.getMaxValue());
    }

    @Test
    void shouldNotCountTheBacklogOfTheWarmUp() {
        final FakeLink link = new FakeLink(1_000, 10).stall(MILLISECOND, 9 * MILLISECOND);

        final Measurement found =
                new OpenLoopRig(link, link, 100_000).run(link.hasPassed(10 * MILLISECOND), 10 * MILLISECOND);

        assertEquals(1_000, found.messages());
        assertTrue(
                found.histogram().getMaxValue() < 2_000,
                () -> "" + found.histogram().getMaxValue());
    }

    @Test
    void shouldSendAndCompleteACount() {
        final FakeLink link = new FakeLink(1_000, 10);

        final Measurement found = new ThroughputRig(link, link, 16).runCount(1_000);

        assertEquals(1_008, found.messages());
        assertEquals(1_008, link.completed());
    }

    @Test
    void shouldStopWhenNothingComesBack() {
        final FakeLink link = new FakeLink(100 * SECOND, 1_000_000);

        assertThrows(RigException.class, () -> new RoundTripRig(link, link).run(link.hasPassed(SECOND), SECOND));
        assertThrows(RigException.class, () -> new ThroughputRig(link, link, 1).runCount(10_000));
    }

    @Test
    void shouldAddRoundsUp() {
        final Histogram histogram = Latencies.histogram();
        Latencies.record(histogram, 500);
        Latencies.record(histogram, Long.MAX_VALUE);
        final Measurement round = new Measurement(histogram, 1_000, SECOND / 2);

        final Measurement sum = round.plus(round).plus(round);

        assertEquals(6, sum.histogram().getTotalCount());
        assertEquals(3_000, sum.messages());
        assertEquals(2_000, sum.messagesPerSecond());
        assertEquals(2, round.histogram().getTotalCount());
    }
}
