package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.Disposition;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReceiptHandleEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SettleMessagesDecoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deliveries that end without an acknowledgement leave together, and come back when the server does not take them. */
class SettleBatchTest {
    private static final long QUEUE = 5;

    private final Harness harness = new Harness();

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private void connect(final ClientContext context) {
        harness.connect(context.closeTimeoutNs(0));
        harness.recorder.take();
    }

    private static UnsafeBuffer receipts(final long... tags) {
        final UnsafeBuffer receipts = new UnsafeBuffer(new byte[tags.length * Delivery.RECEIPT_LENGTH]);
        for (int i = 0; i < tags.length; i++) {
            new ReceiptHandleEncoder()
                    .wrap(receipts, i * Delivery.RECEIPT_LENGTH)
                    .tag(tags[i]);
        }
        return receipts;
    }

    private static List<String> entries(final FakeServer.Received frame) {
        final SettleMessagesDecoder decoder =
                new SettleMessagesDecoder().wrapAndApplyHeader(frame.frame(), 0, new MessageHeaderDecoder());
        assertEquals(QUEUE, decoder.queueId());
        final List<String> result = new ArrayList<>();
        for (final SettleMessagesDecoder.ReceiptsDecoder entry : decoder.receipts()) {
            result.add(entry.receipt().tag() + " " + entry.disposition() + " "
                    + (entry.delayNs() == Long.MIN_VALUE ? "null" : entry.delayNs()));
        }
        return result;
    }

    private FakeServer.Received awaitFrame() {
        return harness.await(SettleMessagesDecoder.TEMPLATE_ID);
    }

    @Test
    void shouldSendAtOnceWhatItIsTold() {
        connect(harness.context());
        final UnsafeBuffer receipts = receipts(1, 2, 3);

        final long correlationId =
                harness.client.settle(QUEUE, receipts, Delivery.RECEIPT_LENGTH, 2, Disposition.REJECT, 7);

        final FakeServer.Received frame = awaitFrame();
        assertEquals(correlationId, frame.correlationId());
        assertEquals(1, frame.producerSequence());
        assertEquals(List.of("2 REJECT 7", "3 REJECT 7"), entries(frame));
        assertEquals(
                MillraceClient.EMPTY,
                harness.client.settle(QUEUE, receipts, 0, 0, Disposition.RETRY, MillraceClient.QUEUE_DEFAULT));
    }

    @Test
    void shouldSendWhatDeliveriesEndedWithAfterThePoll() {
        connect(harness.context());
        final List<Runnable> ends = new ArrayList<>();
        harness.client.messageHandler(delivery -> {
            switch ((int) delivery.sequenceNumber()) {
                case 1:
                    delivery.retry();
                    break;
                case 2:
                    delivery.retry(20);
                    break;
                case 3:
                    delivery.release();
                    break;
                case 4:
                    delivery.release(40);
                    break;
                default:
                    delivery.reject();
                    break;
            }
            ends.add(() -> {});
        });
        for (int i = 1; i <= 5; i++) {
            harness.server.delivery(1, QUEUE, i, new byte[0]);
        }
        harness.server.flush();

        assertEquals(
                List.of("4001 RETRY null", "4002 RETRY 20", "4003 RELEASE null", "4004 RELEASE 40", "4005 REJECT null"),
                entries(awaitFrame()));
        assertEquals(5, ends.size());
    }

    @Test
    void shouldTakeBackWhatIsRefusedForNowOrTooMany() {
        connect(harness.context());
        final SettleBatch batch = harness.client.settleBatch(QUEUE);
        for (long tag = 1; tag <= 5; tag++) {
            batch.retry(receipts(tag), 0, 10 * tag);
        }
        final FakeServer.Received all = awaitFrame();
        assertEquals(5, entries(all).size());
        harness.server
                .refused(all.correlationId(), -1, ResultCode.LIMIT_EXCEEDED, LimitId.BATCH_ENTRIES, 3, 5)
                .flush();

        assertEquals(List.of("1 RETRY 10", "2 RETRY 20", "3 RETRY 30"), entries(awaitFrame()));
        final FakeServer.Received rest = awaitFrame();
        assertEquals(List.of("4 RETRY 40", "5 RETRY 50"), entries(rest));
        harness.server.refused(rest.correlationId(), ResultCode.OVERLOADED).flush();
        harness.until("the receipts to wait again", () -> batch.size() == 2);
        harness.until("the next time to ask", () -> {
            harness.advance(1_000_000_000L);
            return batch.size() == 0;
        });
        assertEquals(List.of("4 RETRY 40", "5 RETRY 50"), entries(awaitFrame()));
        assertEquals(List.of(), harness.recorder.take());
    }

    @Test
    void shouldResendAfterAReconnectAndTellEntries() {
        connect(harness.context());
        harness.client.settleBatch(QUEUE).reject(receipts(9), 0);
        final FakeServer.Received first = awaitFrame();
        harness.server.disconnect();
        harness.until("the loss", () -> !harness.client.isConnected());
        harness.until("a new session", harness.client::isConnected);
        harness.recorder.take();

        final FakeServer.Received again = awaitFrame();
        assertEquals(first.producerSequence(), again.producerSequence());
        assertEquals(first.correlationId(), again.correlationId());
        assertEquals(List.of("9 REJECT null"), entries(again));
        assertTrue(again.sessionId() != first.sessionId());
        harness.server
                .entryResults(again.correlationId(), ResultCode.NO_DEAD_LETTER_QUEUE, 0)
                .flush();
        assertEquals(
                List.of("entry " + again.correlationId() + "[0] NO_DEAD_LETTER_QUEUE NONE 5 6"), harness.events(1));
    }
}
