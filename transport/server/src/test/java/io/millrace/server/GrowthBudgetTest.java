package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.CreateQueueEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PurgeQueueEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendMessagesEncoder;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused because memory is full, between two looks of the duty cycle at what is free. */
class GrowthBudgetTest {

    private static final long LIMIT_BYTES = 32L * 1024 * 1024;

    @TempDir
    Path directory;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private RouterRig rig;

    @BeforeEach
    void start() {
        start(LIMIT_BYTES);
    }

    private void start(final long limitBytes) {
        rig = new RouterRig(new ServerContext().directory(directory).conclude(), limitBytes);
        final CreateQueueEncoder create = new CreateQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
        create.command().sessionId(RouterRig.SESSION).correlationId(1);
        RawClient.defaults(create.settings());
        create.redriveSourcesCount(0);
        create.name("orders");
        assertNull(offer(create.encodedLength()).refusal());
    }

    @Test
    void shouldRefuseBeforeTheLimit() {
        final int sent = fill();

        assertTrue(sent > 1_000, sent + " sent");
        assertTrue(rig.reservedBytes() <= LIMIT_BYTES, rig.reservedBytes() + " bytes");
        assertEquals(0, send().journaled());
        assertEquals(sent, rig.messageCount());
    }

    @Test
    void shouldTakeAgainAsSoonAsSomethingIsGivenBack() {
        fill();
        purge();
        rig.settle();

        final RouterRig.Trace trace = send();

        assertNull(trace.refusal());
        assertEquals(1, trace.journaled());
    }

    @Test
    void shouldLetReplaysWaitWhileClientsHaveRoom() {
        start(4 * LIMIT_BYTES);
        assertTrue(rig.takesReplay(10, 1_000));
        int sent = 0;
        while (rig.takesReplay(10_000, 1_000_000)) {
            assertNull(send().refusal());
            sent++;
        }

        assertNull(send().refusal());
        purge();
        rig.settle();
        assertTrue(rig.takesReplay(10, 1_000));
        assertTrue(fill() > sent);
        assertFalse(rig.takesReplay(10, 1_000));
        assertTrue(rig.takesReplay(1, 0), "a part of a message that has its room already");
    }

    private int fill() {
        int sent = 0;
        while (send().refusal() != ResultCode.OVERLOADED) {
            sent++;
        }
        return sent;
    }

    private void purge() {
        final PurgeQueueEncoder purge = new PurgeQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
        purge.command().sessionId(RouterRig.SESSION).correlationId(1);
        offer(purge.queueId(ClientFrames.QUEUE).encodedLength());
    }

    private RouterRig.Trace send() {
        final SendMessagesEncoder send = new SendMessagesEncoder().wrapAndApplyHeader(buffer, 0, header);
        send.command().sessionId(RouterRig.SESSION).correlationId(1);
        final SendMessagesEncoder.MessagesEncoder message =
                send.queueId(ClientFrames.QUEUE).messagesCount(1).next();
        message.delayNs(SendMessagesEncoder.MessagesEncoder.delayNsNullValue())
                .scheduledTimeNs(SendMessagesEncoder.MessagesEncoder.scheduledTimeNsNullValue())
                .timeToLiveNs(SendMessagesEncoder.MessagesEncoder.timeToLiveNsNullValue())
                .priority((short) 0);
        message.attributesCount(0);
        message.putBody(new byte[] {1, 2, 3, 4}, 0, 4);
        message.groupId("").deduplicationId("").traceHeader("");
        return offer(send.encodedLength());
    }

    private RouterRig.Trace offer(final int encodedLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encodedLength;
        header.messageLength(length);
        return rig.offer(buffer, 0, length);
    }
}
