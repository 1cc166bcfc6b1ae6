package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.millrace.codecs.AcknowledgeDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReceiptHandleEncoder;
import io.millrace.codecs.ResultCode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Receipts that wait are sent in frames that the server takes, and come back when it does not. */
class AckBatchTest {
    private static final long RETRY_NS = 3_600_000_000_000L;

    private final Harness harness = new Harness();
    private final UnsafeBuffer receipt = new UnsafeBuffer(new byte[Wire.RECEIPT_LENGTH]);

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private void connect(final ClientContext context) {
        harness.connect(context.closeTimeoutNs(0));
        harness.recorder.take();
    }

    private void acknowledge(final AckBatch batch, final long from, final long to) {
        for (long tag = from; tag <= to; tag++) {
            new ReceiptHandleEncoder().wrap(receipt, 0).tag(tag);
            batch.add(receipt, 0);
        }
    }

    private List<FakeServer.Received> awaitFrames(final int receipts) {
        final List<FakeServer.Received> result = new ArrayList<>();
        for (int count = 0; count < receipts; ) {
            final FakeServer.Received frame = harness.await(AcknowledgeDecoder.TEMPLATE_ID);
            result.add(frame);
            count += tags(frame).size();
        }
        harness.turn();
        assertEquals(0, harness.server.take(AcknowledgeDecoder.TEMPLATE_ID).size());
        return result;
    }

    private static List<Long> tags(final FakeServer.Received frame) {
        final List<Long> result = new ArrayList<>();
        new AcknowledgeDecoder()
                .wrapAndApplyHeader(frame.frame(), 0, new MessageHeaderDecoder())
                .receipts()
                .forEach(entry -> result.add(entry.receipt().tag()));
        return result;
    }

    private static List<Long> allTags(final List<FakeServer.Received> frames) {
        return frames.stream().flatMap(frame -> tags(frame).stream()).toList();
    }

    private static List<Integer> sizes(final List<FakeServer.Received> frames) {
        return frames.stream().map(frame -> tags(frame).size()).toList();
    }

    private static List<Long> range(final long from, final long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void shouldPutNoMoreIntoAFrameThanItHolds() {
        harness.server.maxFrameBytes = 4096;
        connect(harness.context().ackBatchEntries(0xFFFF));

        acknowledge(harness.client.ackBatch(5), 1, 1000);

        assertEquals(range(1, 1000), allTags(awaitFrames(1000)));
    }

    @Test
    void shouldSendAgainInSmallerFramesWhatIsTooMuchForTheServer() {
        connect(harness.context());
        acknowledge(harness.client.ackBatch(5), 1, 25);
        final FakeServer.Received first = awaitFrames(25).get(0);
        acknowledge(harness.client.ackBatch(6), 26, 37);
        final FakeServer.Received second = awaitFrames(12).get(0);

        harness.server
                .refused(first.correlationId(), -1, ResultCode.LIMIT_EXCEEDED, LimitId.BATCH_ENTRIES, 10, 25)
                .refused(second.correlationId(), -1, ResultCode.LIMIT_EXCEEDED, LimitId.BATCH_ENTRIES, 10, 12)
                .flush();

        final List<FakeServer.Received> again = awaitFrames(37);
        assertEquals(List.of(10, 10, 5, 10, 2), sizes(again));
        assertEquals(range(1, 37), allTags(again));
        assertEquals(List.of(), harness.recorder.take());
        acknowledge(harness.client.ackBatch(7), 1, 11);
        assertEquals(List.of(10, 1), sizes(awaitFrames(11)));
    }

    @Test
    void shouldSendAgainLaterWhatAnOverloadedServerRefuses() {
        connect(harness.context().reconnectIntervalNs(RETRY_NS));
        acknowledge(harness.client.ackBatch(5), 1, 3);
        final FakeServer.Received first = awaitFrames(3).get(0);

        harness.server.refused(first.correlationId(), ResultCode.OVERLOADED).flush();
        harness.until("their return", () -> harness.client.ackBatch(5).size() == 3);
        harness.turn();
        assertEquals(0, harness.server.take(AcknowledgeDecoder.TEMPLATE_ID).size());
        harness.advance(RETRY_NS);

        assertEquals(range(1, 3), allTags(awaitFrames(3)));
        assertEquals(List.of(), harness.recorder.take());
    }

    @Test
    void shouldSendUnderTheNextProducerWhatTheLastOneLeft() {
        connect(harness.context());
        acknowledge(harness.client.ackBatch(5), 1, 3);
        awaitFrames(3);
        harness.server.producerId += 10;

        harness.server.disconnect();
        harness.until("the loss", () -> !harness.client.isConnected());

        assertEquals(range(1, 3), allTags(awaitFrames(3)));
        assertEquals(List.of("disconnected CONNECTION_LOST", "connected 1002 1"), harness.recorder.take());
    }

    @Test
    void shouldTellOfARefusedCommandOfTheApplication() {
        connect(harness.context());
        final long id = harness.client.acknowledge(5, receipt, 0, 1);
        awaitFrames(1);

        harness.server.refused(id, ResultCode.OVERLOADED).flush();

        assertEquals(List.of("refused " + id + "[-1] OVERLOADED NONE 0 0"), harness.events(1));
    }

    @Test
    void shouldForgetEmptyBatchesOfManyQueuesButSendWhatIsAddedToThem() {
        connect(harness.context().producer(false));
        final AckBatch held = harness.client.ackBatch(1);
        acknowledge(harness.client.ackBatch(2), 2, 2);
        for (int i = 3; i < AckBatches.MAX_KEPT + 1; i++) {
            harness.client.ackBatch(i);
        }
        final AckBatch waiting = harness.client.ackBatch(2);
        assertSame(held, harness.client.ackBatch(1));

        harness.client.ackBatch(AckBatches.MAX_KEPT + 1);
        harness.client.ackBatch(AckBatches.MAX_KEPT + 2);

        assertNotSame(held, harness.client.ackBatch(1));
        assertSame(waiting, harness.client.ackBatch(2));
        acknowledge(held, 7, 7);
        acknowledge(harness.client.ackBatch(1), 8, 8);
        assertEquals(List.of(2L, 7L, 8L), allTags(awaitFrames(3)));
    }

    @Test
    void shouldSendFirstWhatHasWaitedForLongest() {
        connect(harness.context());
        for (int i = 0; i < ResendRing.WINDOW; i++) {
            acknowledge(harness.client.ackBatch(i), i, i);
        }
        awaitFrames(ResendRing.WINDOW);
        final long last = harness.client.lastCorrelationId();
        for (int i = 0; i < 10; i++) {
            acknowledge(harness.client.ackBatch(100 + i), i, i);
        }
        harness.server.confirmed(last - 63, last - 60, 0, 0).flush();
        assertEquals(range(0, 3), allTags(awaitFrames(4)));

        acknowledge(harness.client.ackBatch(100), 10, 10);
        harness.server.confirmed(last - 59, last, 0, 0).flush();

        assertEquals(range(4, 10), allTags(awaitFrames(7)));
    }
}
