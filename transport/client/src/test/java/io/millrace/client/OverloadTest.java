package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.ConsumeDecoder;
import io.millrace.codecs.OpenProducerDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendMessagesDecoder;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that refuses commands for a while, because its disk is full for example. */
class OverloadTest {
    /** Long enough that only the test's own clock gets there. */
    private static final long RETRY_NS = 3_600_000_000_000L;

    private final Harness harness = new Harness();
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[100]);

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private void refuse(final ResultCode code) {
        final long request = harness.await(OpenProducerDecoder.TEMPLATE_ID).correlationId();
        harness.server.refused(request, code).flush();
    }

    private int openings() {
        return harness.server.take(OpenProducerDecoder.TEMPLATE_ID).size();
    }

    @ParameterizedTest
    @EnumSource(
            value = ResultCode.class,
            names = {"OVERLOADED", "SERVER_STOPPING"})
    void shouldKeepTheSessionWithoutAProducerUntilTheServerOpensOne(final ResultCode code) {
        harness.server.opensProducers = false;
        harness.client = MillraceClient.start(
                harness.context().reconnectIntervalNs(1_000_000L).closeTimeoutNs(0));
        refuse(code);

        harness.until("a session", harness.client::isConnected);
        assertEquals(List.of("connected 1001 1"), harness.recorder.take());
        assertEquals(MillraceClient.BACK_PRESSURED, harness.client.send(5, body, 0, 8));
        final long consumer = harness.client.consume(5, 1, 1);
        assertEquals(consumer, harness.await(ConsumeDecoder.TEMPLATE_ID).correlationId());
        harness.server.delivery(consumer, 5, 1, new byte[0]).flush();
        assertEquals(List.of("message 5 #1 "), harness.events(1));

        refuse(code);
        harness.server.opensProducers = true;
        harness.until("an open way", () -> harness.client.send(5, body, 0, 8) > 0);

        assertEquals(1, harness.await(SendMessagesDecoder.TEMPLATE_ID).producerSequence());
        assertEquals(1, harness.server.connects.size());
        assertEquals(List.of(), harness.recorder.take());
    }

    @Test
    void shouldSendUnansweredCommandsAgainOnceTheProducerIsOpen() {
        harness.connect(harness.context().closeTimeoutNs(0));
        final long unanswered = harness.client.send(5, body, 0, 8);
        harness.await(SendMessagesDecoder.TEMPLATE_ID);
        harness.server.opensProducers = false;
        harness.server.disconnect();
        harness.until("the loss", () -> !harness.client.isConnected());

        refuse(ResultCode.OVERLOADED);
        harness.until("a session", harness.client::isConnected);
        assertEquals(0, harness.server.take(SendMessagesDecoder.TEMPLATE_ID).size());
        refuse(ResultCode.OVERLOADED);
        harness.server.opensProducers = true;

        assertEquals(unanswered, harness.await(SendMessagesDecoder.TEMPLATE_ID).correlationId());
        assertEquals(2, harness.server.connects.size());
    }

    @Test
    void shouldWaitLongerEachTime() {
        final Backoff backoff = new Backoff(100_000_000L);
        assertTrue(backoff.isOver(7));
        long nowNs = 7;
        final long[] expected = {100, 200, 400, 800, 1600, 3200, 5000, 5000};
        for (final long milliseconds : expected) {
            backoff.refused(nowNs);
            backoff.refused(nowNs + 1);
            final long endNs = nowNs + milliseconds * 1_000_000L;
            assertEquals(false, backoff.isOver(endNs - 1));
            assertTrue(backoff.isOver(endNs));
            nowNs = endNs;
        }
        backoff.accepted();
        backoff.refused(nowNs);
        assertTrue(backoff.isOver(nowNs + 100_000_000L));
    }

    @Test
    void shouldNotAskBeforeTheWaitIsOver() {
        harness.server.opensProducers = false;
        harness.client = MillraceClient.start(
                harness.context().reconnectIntervalNs(RETRY_NS).closeTimeoutNs(0));
        refuse(ResultCode.OVERLOADED);
        harness.until("a session", harness.client::isConnected);
        harness.turn();
        assertEquals(0, openings());

        harness.advance(RETRY_NS);
        refuse(ResultCode.OVERLOADED);
        harness.turn();

        assertEquals(0, openings());
    }
}
