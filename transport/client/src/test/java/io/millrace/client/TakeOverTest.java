package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.millrace.codecs.OpenProducerDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendMessagesDecoder;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two clients with one producer: the results of one are no answers to the commands of the other. */
class TakeOverTest {
    private static final int NONCE_OFFSET = Wire.HEADER_LENGTH + OpenProducerDecoder.nonceEncodingOffset();

    private final Harness harness = new Harness();
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[100]);
    private FakeServer server;
    private MillraceClient client;
    private long producerId;

    @BeforeEach
    void connect() {
        client = harness.connect(harness.context().closeTimeoutNs(0));
        server = harness.server;
        producerId = client.producerId();
        harness.recorder.take();
    }

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private void loseSession() {
        server.disconnect();
        harness.until("the loss", () -> !client.isConnected());
        server.received.clear();
        harness.until("a new session", client::isConnected);
    }

    private void shouldHaveANewProducer() {
        assertNotEquals(producerId, client.producerId());
        harness.until("an open way", () -> client.send(5, body, 0, 8) > 0);
        assertEquals(1, harness.await(SendMessagesDecoder.TEMPLATE_ID).producerSequence());
    }

    @Test
    void shouldNotTakeTheResultsOfAnotherClientForItsOwn() {
        final long first = client.send(5, body, 0, 8);
        final long second = client.send(5, body, 0, 8);
        server.producerEpoch++;
        server.lastSequence = 20;

        loseSession();

        assertEquals(
                List.of(
                        "disconnected CONNECTION_LOST",
                        "refused " + first + "[-1] PRODUCER_FENCED NONE 0 0",
                        "refused " + second + "[-1] PRODUCER_FENCED NONE 0 0",
                        "connected 1002 1"),
                harness.recorder.take());
        assertEquals(0, client.counters().resends());
        shouldHaveANewProducer();
    }

    @Test
    void shouldSeeByTheEpochThatAnotherClientHadTheProducer() {
        final long first = client.send(5, body, 0, 8);
        server.producerEpoch++;
        server.lastSequence = 1;

        loseSession();

        assertEquals(
                "refused " + first + "[-1] PRODUCER_FENCED NONE 0 0",
                harness.recorder.take().get(1));
        shouldHaveANewProducer();
    }

    @Test
    void shouldKnowItsOwnOpeningsWhoseAnswersWereLost() {
        final long first = client.send(5, body, 0, 8);
        server.opensProducers = false;
        server.disconnect();
        harness.until("the loss", () -> !client.isConnected());
        server.producerNonce = harness.await(OpenProducerDecoder.TEMPLATE_ID).at(NONCE_OFFSET);
        server.producerEpoch++;
        server.opensProducers = true;

        server.disconnect();
        harness.until("a new session", client::isConnected);

        assertEquals(producerId, client.producerId());
        assertEquals(List.of("disconnected CONNECTION_LOST", "connected 1003 1"), harness.recorder.take());
        harness.until(
                "the command again",
                () -> server.received.stream()
                        .anyMatch(one -> one.correlationId() == first && one.producerEpoch() == 2));
    }

    @Test
    void shouldMarkEachOpeningButNotEachRequestForIt() {
        final long before = server.producerNonce;
        server.opensProducers = false;
        server.disconnect();
        harness.until("the loss", () -> !client.isConnected());
        final long asked = harness.await(OpenProducerDecoder.TEMPLATE_ID).at(NONCE_OFFSET);
        server.disconnect();
        final long askedAgain = harness.await(OpenProducerDecoder.TEMPLATE_ID).at(NONCE_OFFSET);
        server.opensProducers = true;
        server.disconnect();
        harness.until("a new session", client::isConnected);
        final long answered = server.producerNonce;
        loseSession();

        assertNotEquals(0, before);
        assertNotEquals(before, asked);
        assertEquals(asked, askedAgain);
        assertEquals(asked, answered);
        assertNotEquals(answered, server.producerNonce);
    }

    @Test
    void shouldTakeOverWhatItsContextNamesAtWhateverEpoch() {
        client.close();
        server.producerEpoch = 9;
        server.lastSequence = 20;

        client = harness.connect(harness.context().producerId(producerId).closeTimeoutNs(0));

        assertEquals(producerId, client.producerId());
        client.send(5, body, 0, 8);
        assertEquals(21, harness.await(SendMessagesDecoder.TEMPLATE_ID).producerSequence());
    }

    @Test
    void shouldLeaveTheProducerToTheOtherClientWhenItIsFenced() {
        final long first = client.send(5, body, 0, 8);
        final long second = client.send(5, body, 0, 8);
        harness.await(SendMessagesDecoder.TEMPLATE_ID);
        harness.await(SendMessagesDecoder.TEMPLATE_ID);

        server.refused(first, ResultCode.PRODUCER_FENCED)
                .refused(second, ResultCode.PRODUCER_FENCED)
                .flush();

        assertEquals(
                List.of(
                        "refused " + first + "[-1] PRODUCER_FENCED NONE 0 0",
                        "refused " + second + "[-1] PRODUCER_FENCED NONE 0 0"),
                harness.events(2));
        harness.until("a new producer", () -> client.producerId() != producerId);
        shouldHaveANewProducer();
        assertEquals(0, client.counters().reconnects());
    }
}
