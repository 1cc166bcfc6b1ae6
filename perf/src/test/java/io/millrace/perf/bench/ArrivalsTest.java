package io.millrace.perf.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.perf.rig.RigException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final int OFFSET = 8;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(32));
    private final Arrivals arrivals = new Arrivals();

    @Test
    void shouldTellHowOldRecordsAreSinceItForgotThoseBefore() {
        arrive(1, TimeUnit.SECONDS.toNanos(30));
        arrivals.reset();
        arrive(2, TimeUnit.SECONDS.toNanos(10));
        arrive(7, TimeUnit.SECONDS.toNanos(10));

        assertEquals(2, arrivals.histogram().getTotalCount());
        final double ageS = arrivals.histogram().getValueAtPercentile(50) / 1e9;
        assertTrue(ageS >= 9.9 && ageS < 20, () -> ageS + " s");
    }

    @Test
    void shouldRefuseToTellAgesIfARecordCameTwiceOrLate() {
        arrive(2, 1);
        arrive(2, 1);
        arrive(3, 1);

        final RigException exception = assertThrows(RigException.class, arrivals::histogram);
        assertTrue(exception.getMessage().contains("2"), exception::getMessage);
    }

    @Test
    void shouldRefuseToTellAgesOfNothing() {
        arrive(1, 1);
        arrivals.reset();

        assertThrows(RigException.class, arrivals::histogram);
    }

    private void arrive(final long sequenceNumber, final long ageNs) {
        buffer.putLong(OFFSET, System.nanoTime() - ageNs);
        arrivals.onRecord(sequenceNumber, buffer, OFFSET);
    }
}
