package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.AcknowledgeDecoder;
import io.millrace.codecs.ConsumeDecoder;
import io.millrace.codecs.ConsumerStoppedEncoder;
import io.millrace.codecs.DescribeQueueDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReceiveDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendMessagesDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The session is lost in every way there is; what the client was asked to do is done all the same, once. */
class ReconnectTest {
    private final Harness harness = new Harness();
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[1024 * 1024]);
    private FakeServer server;
    private MillraceClient client;

    @BeforeEach
    void connect() {
        new Random(7).nextBytes(body.byteArray());
        client = harness.connect(harness.context().closeTimeoutNs(0));
        server = harness.server;
        harness.recorder.take();
    }

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private List<FakeServer.Received> awaitSends(final int count) {
        harness.until(
                count + " sends",
                () -> server.received.stream()
                                .filter(one -> one.templateId() == SendMessagesDecoder.TEMPLATE_ID)
                                .count()
                        >= count);
        return server.take(SendMessagesDecoder.TEMPLATE_ID);
    }

    private void loseSession() {
        server.disconnect();
        harness.until("the loss", () -> !client.isConnected());
        server.received.clear();
        harness.until("a new session", client::isConnected);
    }

    @Test
    void shouldSendUnansweredCommandsAgainInOrderUnderTheNewSessionAndEpoch() {
        final List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(client.send(5, body, i, 100 + 300 * i));
        }
        final List<FakeServer.Received> first = awaitSends(20);
        server.confirmed(ids.get(0), ids.get(4), 1, 1)
                .refused(ids.get(5), ResultCode.UNKNOWN_QUEUE)
                .entryResults(ids.get(6), ResultCode.GONE)
                .flush();
        harness.until("the answers", () -> harness.recorder.events.size() == 2);
        server.lastSequence = 12;

        loseSession();

        final List<FakeServer.Received> second = awaitSends(13);
        assertEquals(13, second.size());
        for (int i = 0; i < second.size(); i++) {
            final FakeServer.Received before = first.get(i + 7);
            final FakeServer.Received after = second.get(i);
            assertEquals(before.correlationId(), after.correlationId());
            assertEquals(before.producerSequence(), after.producerSequence());
            assertEquals(1002, after.sessionId());
            assertEquals(2, after.producerEpoch());
            before.frame().putLong(Wire.SESSION_ID_OFFSET, 1002, Wire.ORDER);
            before.frame().putInt(Wire.PRODUCER_EPOCH_OFFSET, 2, Wire.ORDER);
            assertArrayEquals(before.frame().byteArray(), after.frame().byteArray());
        }
        assertEquals(13, client.counters().resends());
        assertEquals(1, client.counters().reconnects());
        assertEquals(
                List.of("disconnected CONNECTION_LOST", "connected 1002 1"),
                harness.recorder.take().subList(2, 4));
        assertEquals(ids.get(19) + 3, client.send(5, body, 0, 8));
        assertEquals(21, awaitSends(1).get(0).producerSequence());
    }

    @Test
    void shouldRefuseRequestsWhileThereIsNoSession() {
        server.disconnect();
        harness.until("the loss", () -> !client.isConnected());

        assertEquals(MillraceClient.NOT_CONNECTED, client.send(5, body, 0, 8));
        assertEquals(MillraceClient.NOT_CONNECTED, client.receive(5, 1, 0, 0));
        assertEquals(MillraceClient.NOT_CONNECTED, client.consume(5, 1, 1));
        assertEquals(MillraceClient.NOT_CONNECTED, client.stopConsuming(5));
        assertEquals(MillraceClient.NOT_CONNECTED, client.acknowledge(5, body, 0, 1));
        assertEquals(
                MillraceClient.NOT_CONNECTED,
                client.newSendBatch().begin(5).add(body, 0, 1) ? MillraceClient.NOT_CONNECTED : 0);
    }

    @Test
    void shouldConsumeAgainWithAllItsCredit() {
        final long first = client.consume(5, 10, 1000);
        final long other = client.consume(6, 1, 2, 3);
        client.consume(5, 5, 24);
        final long stopped = client.consume(7, 1, 1);
        final long ended = client.consume(8, 1, 1);
        final long refused = client.consume(9, 1, 1);
        client.stopConsuming(7);
        server.consumerStopped(ended, 8)
                .refused(refused, ResultCode.UNKNOWN_QUEUE)
                .confirmed(first, stopped, 0, 0)
                .flush();
        harness.until("the end of consumers", () -> harness.recorder.events.size() == 3);
        assertTrue(stopped > 0);

        loseSession();
        harness.turn();

        final List<String> consumers = new ArrayList<>();
        for (final FakeServer.Received received : server.take(ConsumeDecoder.TEMPLATE_ID)) {
            final ConsumeDecoder consume =
                    new ConsumeDecoder().wrapAndApplyHeader(received.frame(), 0, new MessageHeaderDecoder());
            consumers.add(consume.command().correlationId() + " " + consume.queueId() + " " + consume.creditMessages()
                    + " " + consume.creditBytes() + " " + consume.visibilityTimeoutNs());
        }
        assertEquals(List.of(first + " 5 15 1024 " + MillraceClient.QUEUE_DEFAULT, other + " 6 1 2 3"), consumers);
    }

    @Test
    void shouldAskAgainForReceivesThatHaveNothingAndEndTheOthers() {
        final long empty = client.receive(5, 10, 1000, 2000);
        final long ended = client.receive(5, 10, 1000, 2000);
        final long started = client.receive(6, 10, 1000, 2000);
        server.receiveEnd(ended, 5, 0)
                .delivery(buffer -> {
                    final io.millrace.codecs.DeliveryEncoder encoder =
                            new io.millrace.codecs.DeliveryEncoder().wrapAndApplyHeader(buffer, 0, server.header());
                    encoder.correlationId(started).queueId(6).sequenceNumber(1).receiveCount(1);
                    encoder.flags().clear();
                    encoder.attributesCount(0);
                    encoder.putBody(new byte[0], 0, 0);
                    return encoder.groupId("")
                            .deduplicationId("")
                            .traceHeader("")
                            .encodedLength();
                })
                .flush();
        harness.until("an end and a message", () -> harness.recorder.events.size() == 2);
        harness.recorder.take();

        loseSession();

        assertEquals(
                List.of("disconnected CONNECTION_LOST", "end " + started + " 6 1 OK", "connected 1002 1"),
                harness.recorder.take());
        assertEquals(empty, harness.await(ReceiveDecoder.TEMPLATE_ID).correlationId());
        harness.turn();
        assertEquals(0, server.take(ReceiveDecoder.TEMPLATE_ID).size());
    }

    @Test
    void shouldTakeAGapAsTheEndOfTheSession() {
        server.frameSequence++;
        server.delivery(1, 5, 1, new byte[4]).flush();

        assertEquals(List.of("disconnected EGRESS_GAP", "connected 1002 1"), harness.events(2));
        assertEquals(1, client.counters().gaps());
    }

    @Test
    void shouldTakeDamagedBytesAsTheEndOfTheSession() {
        server.raw(new byte[40]).flush();

        assertEquals(List.of("disconnected MALFORMED_EGRESS", "connected 1002 1"), harness.events(2));
        assertEquals(1, client.counters().malformed());
    }

    @Test
    void shouldSkipMessagesOfANewerServer() {
        server.delivery(buffer -> new ConsumerStoppedEncoder()
                        .wrapAndApplyHeader(buffer, 0, server.header().templateId(399))
                        .encodedLength())
                .flush();
        server.delivery(buffer -> {
                    final int length = new ConsumerStoppedEncoder()
                            .wrapAndApplyHeader(buffer, 0, server.header())
                            .encodedLength();
                    server.header().templateId(399);
                    return length;
                })
                .confirmed(1)
                .flush();

        harness.until("the skip", () -> client.counters().unknownTemplates() == 1);
        assertTrue(client.isConnected());
    }

    @Test
    void shouldTellOfEveryUnansweredCommandWhenTheProducerIsGone() {
        final long first = client.send(5, body, 0, 8);
        final long second = client.send(5, body, 0, 8);
        awaitSends(2);
        final long before = client.producerId();
        server.producerId += 10;

        loseSession();

        assertEquals(
                List.of(
                        "disconnected CONNECTION_LOST",
                        "refused " + first + "[-1] PRODUCER_UNKNOWN NONE 0 0",
                        "refused " + second + "[-1] PRODUCER_UNKNOWN NONE 0 0",
                        "connected 1002 1"),
                harness.recorder.take());
        assertFalse(client.producerId() == before);
        client.send(5, body, 0, 8);
        assertEquals(1, awaitSends(1).get(0).producerSequence());
    }

    @Test
    void shouldOpenANewProducerWhenTheServerHasForgottenTheOldOne() {
        final long first = client.send(5, body, 0, 8);
        awaitSends(1);
        server.producerId += 10;
        server.refused(first, ResultCode.PRODUCER_UNKNOWN).flush();

        assertEquals(List.of("refused " + first + "[-1] PRODUCER_UNKNOWN NONE 0 0"), harness.events(1));
        harness.until("a new producer", () -> client.producerId() == server.producerId);
        harness.until("an open way", () -> client.send(5, body, 0, 8) > 0);
        assertEquals(1, awaitSends(1).get(0).producerSequence());
        assertEquals(0, client.counters().reconnects());
    }

    @Test
    void shouldGiveCommandsBehindARefusedOneNewSequences() {
        final long first = client.send(5, body, 0, 8);
        final long overloaded = client.send(5, body, 0, 8);
        final long third = client.send(5, body, 0, 8);
        final long large = client.send(5, body, 0, 100_000);
        LargePayload.await(harness);
        awaitSends(3);
        server.lastSequence = 1;
        server.confirmed(first, first, 500, 1)
                .refused(overloaded, ResultCode.OVERLOADED)
                .refused(third, ResultCode.SEQUENCE_GAP)
                .refused(large, ResultCode.SEQUENCE_GAP)
                .refused(large, ResultCode.UNKNOWN_TRANSFER)
                .refused(large, ResultCode.SEQUENCE_GAP)
                .flush();

        final FakeServer.Received again = awaitSends(1).get(0);
        assertEquals(third, again.correlationId());
        assertEquals(2, again.producerSequence());
        assertEquals(2, again.producerEpoch());
        final LargePayload largeAgain = LargePayload.await(harness);
        assertEquals(large, largeAgain.correlationId());
        assertEquals(3, largeAgain.producerSequence());
        assertEquals(
                List.of(
                        "confirmed 3-3 500x1".replace("3-3", first + "-" + first),
                        "refused " + overloaded + "[-1] OVERLOADED NONE 0 0"),
                harness.recorder.take());
        harness.until("an open way", () -> client.send(5, body, 0, 8) > 0);
        assertEquals(4, awaitSends(1).get(0).producerSequence());
        assertTrue(client.isConnected());
    }

    /** The first time it may have been executed, so the refusal says nothing that the application could go by. */
    @Test
    void shouldNotTellOfARefusalThatOnlyACommandSentAgainHasHad() {
        final long first = client.send(5, body, 0, 8);
        final long second = client.send(5, body, 0, 8);
        awaitSends(2);
        loseSession();
        awaitSends(2);
        harness.recorder.take();

        server.refused(first, ResultCode.OVERLOADED)
                .refused(second, ResultCode.SEQUENCE_GAP)
                .flush();

        harness.until(
                "both again",
                () -> server.received.stream()
                                .filter(one -> one.producerEpoch() == 3)
                                .count()
                        == 2);
        server.confirmed(first, second, 9, 1).flush();
        assertEquals(List.of("confirmed " + first + "-" + second + " 9x1"), harness.events(1));
        harness.until("an open way", () -> client.send(5, body, 0, 8) > 0);
    }

    @Test
    void shouldOpenAnotherSessionWhenTheServerDoesNotKnowThisOne() {
        final long unanswered = client.send(5, body, 0, 8);
        awaitSends(1);
        server.refused(unanswered, ResultCode.UNKNOWN_SESSION).flush();

        assertEquals(List.of("disconnected SESSION_ENDED", "connected 1002 1"), harness.events(2));
        assertEquals(unanswered, awaitSends(1).get(0).correlationId());
    }

    @Test
    void shouldRefuseASessionOnTermsThatCannotBe() {
        server.maxFrameBytes = 100;
        server.disconnect();
        harness.until("a refusal", () -> client.counters().malformed() > 0);
        assertFalse(client.isConnected());

        server.maxFrameBytes = 2000;
        harness.until("a session", client::isConnected);
        assertEquals(2000, client.maxFrameBytes());
    }

    @Test
    void shouldSendALargeMessageAgainFromItsStart() {
        final long before = client.send(5, body, 0, 8);
        final long large = client.send(5, body, 0, body.capacity());
        harness.crank();
        client.poll();

        loseSession();

        final LargePayload payload = LargePayload.await(harness);
        assertEquals(before, awaitSends(1).get(0).correlationId());
        assertEquals(large, payload.correlationId());
        assertEquals(2, payload.producerSequence());
        assertArrayEquals(body.byteArray(), payload.body());
    }

    @Test
    void shouldSendMoreAgainThanTheWayHoldsAtATime() {
        final List<Long> ids = new ArrayList<>();
        while (ids.size() < 40) {
            harness.crank();
            final long id = client.send(5, body, 0, 60_000);
            if (id > 0) {
                ids.add(id);
            }
        }
        awaitSends(40);

        loseSession();

        assertEquals(
                ids,
                awaitSends(40).stream().map(FakeServer.Received::correlationId).toList());
    }

    @Test
    void shouldForgetUnansweredCommandsWithoutAProducer() {
        client.close();
        harness.connect(harness.context().producer(false).closeTimeoutNs(0));
        client = harness.client;
        client.send(5, body, 0, 8);
        client.send(5, body, 0, body.capacity());
        harness.recorder.take();

        loseSession();
        harness.turn();

        assertEquals(List.of("disconnected CONNECTION_LOST", "connected 1003 1"), harness.recorder.take());
        assertEquals(0, server.received.size());
        assertTrue(client.send(5, body, 0, 8) > 0);
    }

    @Test
    void shouldKeepAcknowledgementsOverAReconnect() {
        server.disconnect();
        harness.until("the loss", () -> !client.isConnected());
        client.ackBatch(5).add(body, 0);
        assertEquals(0, client.flush());

        harness.until("a new session", client::isConnected);

        assertEquals(1002, harness.await(AcknowledgeDecoder.TEMPLATE_ID).sessionId());
    }

    @Test
    void shouldAskAgainWhatABlockingCallWaitsFor() {
        server.ingressHandler = (buffer, offset, length, aeronHeader) -> {
            server.ingressHandler = (again, againOffset, againLength, againHeader) -> {
                final MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(again, againOffset);
                if (header.templateId() == DescribeQueueDecoder.TEMPLATE_ID) {
                    server.description(again.getLong(againOffset + Wire.CORRELATION_ID_OFFSET, Wire.ORDER), 5, "q")
                            .flush();
                } else {
                    server.onFrame(again, againOffset, againLength);
                }
            };
            server.disconnect();
        };

        assertEquals("q", client.queues().describe(5).name());
        assertEquals(1, client.counters().reconnects());
    }

    @Test
    void shouldComeBackAfterTheDriverWasKilledAndStartedAgain() {
        client.close();
        harness.connect(harness.context().closeTimeoutNs(0));
        client = harness.client;
        final long unanswered = client.send(5, body, 0, 8);
        harness.await(SendMessagesDecoder.TEMPLATE_ID);
        harness.recorder.take();

        harness.replaceServer();
        harness.server.producerId = client.producerId();
        harness.server.bootEpoch = 2;
        server = harness.server;

        assertEquals(List.of("disconnected DRIVER_LOST", "connected 1001 2"), harness.events(2));
        assertEquals(unanswered, awaitSends(1).get(0).correlationId());
    }
}
