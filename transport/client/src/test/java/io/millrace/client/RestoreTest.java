package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.codecs.ConsumeDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReceiveDecoder;
import io.millrace.codecs.ResultCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a new session is asked for: consumers with the credit that was granted, and receives, none forgotten. */
class RestoreTest {
    private static final long RETRY_NS = 1_000_000L;

    private final Harness harness = new Harness();
    private FakeServer server;
    private MillraceClient client;

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private void connect(final ClientContext context) {
        client = harness.connect(context.closeTimeoutNs(0));
        server = harness.server;
        harness.recorder.take();
    }

    private void loseSession() {
        server.disconnect();
        harness.until("the loss", () -> !client.isConnected());
        server.received.clear();
        harness.recorder.take();
    }

    private void reconnect() {
        loseSession();
        harness.until("a new session", client::isConnected);
        harness.turn();
        harness.recorder.take();
    }

    private List<String> takeConsumes() {
        final List<String> result = new ArrayList<>();
        for (final FakeServer.Received received : server.take(ConsumeDecoder.TEMPLATE_ID)) {
            final ConsumeDecoder consume =
                    new ConsumeDecoder().wrapAndApplyHeader(received.frame(), 0, new MessageHeaderDecoder());
            result.add(received.correlationId() + " " + consume.queueId() + " " + consume.creditMessages() + " "
                    + consume.creditBytes());
        }
        return result;
    }

    private List<Long> takeIds(final int templateId) {
        return server.take(templateId).stream()
                .map(FakeServer.Received::correlationId)
                .toList();
    }

    @Test
    void shouldForgetNothingWhenSomethingEndsBeforeAllIsAskedForAgain() {
        connect(harness.context().termLength(64 * 1024));
        final List<Long> consumers = new ArrayList<>();
        final List<Long> receives = new ArrayList<>();
        while (consumers.size() < 220) {
            harness.crank();
            consumers.add(client.consume(1 + consumers.size(), 1, 1));
        }
        while (receives.size() < 60) {
            harness.crank();
            receives.add(client.receive(5, 1, 0, 0));
        }
        server.confirmed(consumers.get(0), consumers.get(219), 0, 0).flush();
        harness.events(1);

        server.afterProducerOpened = () -> server.isReading = false;
        loseSession();
        harness.until("a stop", () -> !server.isReading);
        harness.turn();
        assertFalse(client.isConnected());
        for (int i = 0; i < 5; i++) {
            server.consumerStopped(consumers.get(i), 1 + i).receiveEnd(receives.get(i), 5, 0);
        }
        server.flush();
        harness.events(10);
        server.isReading = true;
        harness.until("a new session", client::isConnected);
        harness.turn();

        assertEquals(consumers, takeIds(ConsumeDecoder.TEMPLATE_ID));
        assertEquals(
                receives, takeIds(ReceiveDecoder.TEMPLATE_ID).stream().sorted().toList());
    }

    @Test
    void shouldNotAskAgainForCreditThatWasRefused() {
        connect(harness.context());
        final long first = client.consume(5, 10, 1000);
        final long tooMuch = client.consume(5, 100_000, 1000);
        server.confirmed(first)
                .refused(tooMuch, -1, ResultCode.LIMIT_EXCEEDED, LimitId.CREDIT_MESSAGES, 65_536, 100_010)
                .flush();
        harness.events(2);

        reconnect();

        assertEquals(List.of(first + " 5 10 1000"), takeConsumes());
    }

    @Test
    void shouldNotAskAgainForCreditThatIsSpentForGood() {
        connect(harness.context());
        final long first = client.consume(5, 10, 40);
        server.confirmed(first)
                .delivery(first, 5, 1, new byte[1])
                .settled(first, 5, new byte[10])
                .flush();
        harness.events(3);
        reconnect();
        assertEquals(List.of(first + " 5 9 16"), takeConsumes(), "a payload has 14 bytes besides its body");

        server.settled(first, 5, new byte[10]).flush();
        harness.events(1);
        reconnect();
        assertEquals(List.of(first + " 5 8 0"), takeConsumes());
    }

    @Test
    void shouldAskAgainForCreditThatHasNoAnswerUnderItsOwnId() {
        connect(harness.context());
        final long first = client.consume(5, 10, 1000);
        final long granted = client.consume(5, 2, 20);
        final long unanswered = client.consume(5, 3, 30);
        final long other = client.consume(6, 4, 40);
        server.confirmed(first, granted, 0, 0).flush();
        harness.events(1);

        reconnect();

        assertEquals(List.of(first + " 5 12 1020", unanswered + " 5 3 30", other + " 6 4 40"), takeConsumes());
        server.refused(unanswered, ResultCode.LIMIT_EXCEEDED).confirmed(other).flush();
        harness.events(2);
        reconnect();
        assertEquals(List.of(first + " 5 12 1020", other + " 6 4 40"), takeConsumes());
    }

    @Test
    void shouldNameAConsumerAfterTheFirstRequestThatWasGranted() {
        connect(harness.context());
        final long refused = client.consume(5, 100_000, 1000);
        final long granted = client.consume(5, 2, 20);
        server.refused(refused, ResultCode.LIMIT_EXCEEDED).confirmed(granted).flush();
        harness.events(2);

        reconnect();
        assertEquals(List.of(granted + " 5 2 20"), takeConsumes());

        server.consumerStopped(granted, 5).flush();
        harness.events(1);
        reconnect();
        assertEquals(List.of(), takeConsumes());
    }

    @Test
    void shouldAskForLessWhenCreditGatheredOverTimeIsTooMuchAtOnce() {
        connect(harness.context());
        final long first = client.consume(5, 60_000, 1000);
        final long second = client.consume(5, 60_000, 2000);
        server.confirmed(first, second, 0, 0).flush();
        harness.events(1);
        reconnect();
        assertEquals(List.of(first + " 5 120000 3000"), takeConsumes());

        server.refused(first, -1, ResultCode.LIMIT_EXCEEDED, LimitId.CREDIT_MESSAGES, 65_536, 120_000)
                .flush();
        harness.turn();
        assertEquals(List.of(first + " 5 65536 3000"), takeConsumes());
        server.refused(first, -1, ResultCode.LIMIT_EXCEEDED, LimitId.CREDIT_BYTES, 2048, 3000)
                .flush();
        harness.turn();

        assertEquals(List.of(first + " 5 65536 2048"), takeConsumes());
        assertEquals(List.of(), harness.recorder.take());
    }

    @Test
    void shouldAskAgainLaterWhenAnOverloadedServerRefusesAGrantedConsumer() {
        connect(harness.context().reconnectIntervalNs(RETRY_NS));
        final long first = client.consume(5, 10, 1000);
        server.confirmed(first).flush();
        harness.events(1);
        reconnect();
        assertEquals(1, takeConsumes().size());

        server.refused(first, ResultCode.OVERLOADED).flush();
        harness.until("the consumer again", () -> server.received.size() == 1);

        assertEquals(List.of(first + " 5 10 1000"), takeConsumes());
        assertEquals(List.of(), harness.recorder.take());
        final long another = client.consume(6, 1, 1);
        server.refused(another, ResultCode.OVERLOADED).flush();
        assertEquals(List.of("refused " + another + "[-1] OVERLOADED NONE 0 0"), harness.events(1));
    }
}
