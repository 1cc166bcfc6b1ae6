package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.DeliveryEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ResultCode;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A listener that throws at every call is told everything all the same. */
class ListenerFaultTest {
    private final Harness harness = new Harness();
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[100]);
    private final List<String> events = new ArrayList<>();
    private FakeServer server;
    private MillraceClient client;

    @BeforeEach
    void connect() {
        client = harness.connect(harness.context().closeTimeoutNs(0));
        server = harness.server;
    }

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private void takeErrors(final int count) {
        assertEquals(count, harness.errors.size(), () -> "errors " + harness.errors);
        harness.errors.clear();
    }

    @Test
    void shouldTellOfEveryCommandThatEndsWithTheProducer() {
        client.listener(new Faulty());
        final long first = client.send(5, body, 0, 8);
        client.send(5, body, 0, 8);
        final long third = client.send(5, body, 0, 8);
        server.producerId += 10;

        server.disconnect();
        harness.until("the loss", () -> !client.isConnected());
        harness.until("a new session", client::isConnected);

        assertEquals(List.of("refused " + first, "refused " + (first + 1), "refused " + third), events);
        takeErrors(3);
    }

    @Test
    void shouldTellOfEveryReceiveThatEndsWithTheSession() {
        client.listener(new Faulty());
        final long first = client.receive(5, 10, 0, 0);
        final long second = client.receive(6, 10, 0, 0);
        client.messageHandler(delivery -> events.add("message " + delivery.correlationId()));
        received(first);
        received(second);
        server.flush();
        harness.until("the messages", () -> events.size() == 2);
        events.clear();

        server.disconnect();
        harness.until("the loss", () -> !client.isConnected());
        harness.until("a new session", client::isConnected);

        assertEquals(List.of("end " + second, "end " + first), events);
        takeErrors(2);
    }

    /** Says a delivery that was asked for and not pushed. */
    private void received(final long correlationId) {
        server.delivery(buffer -> {
            final DeliveryEncoder encoder = new DeliveryEncoder().wrapAndApplyHeader(buffer, 0, server.header());
            encoder.correlationId(correlationId).flags().clear();
            encoder.attributesCount(0);
            encoder.putBody(new byte[0], 0, 0);
            return encoder.groupId("").deduplicationId("").traceHeader("").encodedLength();
        });
    }

    @Test
    void shouldTellOfEveryEntry() {
        client.listener(new Faulty());

        server.entryResults(11, ResultCode.STALE_RECEIPT, 0, 3, 7).flush();
        harness.until("the results", () -> events.size() == 3);

        assertEquals(List.of("entry 0", "entry 3", "entry 7"), events);
        takeErrors(3);
    }

    @Test
    void shouldAnswerABlockingCallThatEndsWithTheProducer() {
        server.ingressHandler = (buffer, offset, length, aeronHeader) -> {
            if (new MessageHeaderDecoder().wrap(buffer, offset).templateId() == CreateQueueDecoder.TEMPLATE_ID) {
                server.producerId += 10;
                server.disconnect();
            } else {
                server.onFrame(buffer, offset, length);
            }
        };

        final MillraceException refusal =
                assertThrows(MillraceException.class, () -> client.queues().create("orders"));

        assertEquals(ResultCode.PRODUCER_UNKNOWN, refusal.code());
    }

    private final class Faulty implements ClientListener {
        @Override
        public void onRefused(
                final long correlationId,
                final int entryIndex,
                final ResultCode code,
                final LimitId limitId,
                final long limit,
                final long actual) {
            fail("refused " + correlationId);
        }

        @Override
        public void onEntryResult(
                final long correlationId,
                final int entryIndex,
                final ResultCode code,
                final LimitId limitId,
                final long limit,
                final long actual) {
            fail("entry " + entryIndex);
        }

        @Override
        public void onReceiveEnd(
                final long correlationId, final long queueId, final int messageCount, final ResultCode code) {
            fail("end " + correlationId);
        }

        private void fail(final String event) {
            events.add(event);
            throw new IllegalStateException(event);
        }
    }
}
