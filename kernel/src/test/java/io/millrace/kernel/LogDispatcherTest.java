package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host's own records reach the kernel through the dispatcher as they would by its methods. */
class LogDispatcherTest {

    private static final int OFFSET = 24;
    private static final long NOW = 1_700_000_000_000_000_000L;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8192]);
    private final LogWriter writer = new LogWriter(buffer, OFFSET);
    private final Kernel direct = new Kernel(new RecordingEgress());
    private final Kernel dispatched = new Kernel(new RecordingEgress());
    private final LogDispatcher dispatcher = new LogDispatcher(dispatched);

    @Test
    void shouldDoWhatTheMethodsDo() {
        final Limits limits = Limits.awsProfile().with(LimitId.QUEUES, 77);
        direct.genesis(NOW, 1, 2, 3);
        dispatch(NOW, writer.genesis(1, 2, 3));
        direct.configure(NOW, limits);
        dispatch(NOW, writer.configure(limits));
        direct.boot(NOW + 1, 5);
        dispatch(NOW + 1, writer.boot(5));
        final byte[] principal = Payload.raw("alice");
        direct.openSession(NOW + 2, 9, new UnsafeBuffer(principal), 0, principal.length);
        dispatch(NOW + 2, writer.sessionOpened(9, "alice"));
        assertEquals(direct.stateHash(), dispatched.stateHash());

        direct.closeSession(NOW + 3, 9, io.millrace.codecs.ResultCode.SESSION_TIMEOUT);
        dispatch(NOW + 3, writer.sessionClosed(9));
        direct.onClock(NOW + 4);
        dispatch(NOW + 4, writer.clock());
        direct.shardsReady(NOW + 4, 1, 2);
        dispatch(NOW + 4, writer.shardsReady(1, 2));
        direct.recordsRead(NOW + 4, 2, 1_000);
        dispatch(NOW + 4, writer.recordsRead(2, 1_000));
        assertEquals(direct.stateHash(), dispatched.stateHash());
        assertEquals(limits, dispatched.limits());
        assertEquals(5, dispatched.bootEpoch());
        assertEquals(NOW + 4, dispatched.timeNs());
    }

    /** Any read behind the record throws. */
    @Test
    void shouldReadNothingBehindARecord() {
        final Limits limits = Limits.awsProfile();
        dispatchExact(NOW, writer.genesis(1, 2, 3));
        dispatchExact(NOW, writer.configure(limits));
        dispatchExact(NOW, writer.boot(5));
        dispatchExact(NOW, writer.sessionOpened(9, "alice"));
        dispatchExact(NOW, writer.sessionOpened(10, ""));
        dispatchExact(NOW, writer.sessionClosed(9));
        dispatchExact(NOW, writer.clock());
        dispatchExact(NOW, writer.shardsReady(1, 2));
        dispatchExact(NOW, writer.recordsRead(2, 1_000));
        direct.genesis(NOW, 1, 2, 3);
        direct.configure(NOW, limits);
        direct.boot(NOW, 5);
        final byte[] principal = Payload.raw("alice");
        direct.openSession(NOW, 9, new UnsafeBuffer(principal), 0, principal.length);
        direct.openSession(NOW, 10, new UnsafeBuffer(principal), 0, 0);
        direct.closeSession(NOW, 9, io.millrace.codecs.ResultCode.SESSION_TIMEOUT);
        direct.onClock(NOW);

        assertEquals(direct.stateHash(), dispatched.stateHash());
    }

    @Test
    void shouldTellSecretsAndDirectoriesApart() {
        dispatch(NOW, writer.genesis(1, 2, 3));
        direct.genesis(NOW, 1, 2, 4);
        assertNotEquals(direct.stateHash(), dispatched.stateHash());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99, 108, 131, 200, 300, 310, 400, 410, 416, 500, 65_535})
    void shouldStopAtARecordThatItDoesNotKnow(final int templateId) {
        dispatch(NOW, writer.sessionOpened(9, ""));
        final int length = writer.clock();
        buffer.putShort(
                OFFSET + MessageHeaderDecoder.templateIdEncodingOffset(), (short) templateId, ByteOrder.LITTLE_ENDIAN);

        assertThrows(IllegalStateException.class, () -> dispatcher.onRecord(NOW, 9, buffer, OFFSET, length));
    }

    private void dispatchExact(final long timeNs, final int length) {
        final byte[] record = new byte[length];
        buffer.getBytes(OFFSET, record);
        dispatcher.onRecord(timeNs, 0, new GuardedFrame().exact(record), 0, length);
    }

    private void dispatch(final long timeNs, final int length) {
        dispatcher.onRecord(timeNs, 0, buffer, OFFSET, length);
    }
}
