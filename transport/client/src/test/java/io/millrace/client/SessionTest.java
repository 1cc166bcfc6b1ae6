package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendMessagesDecoder;
import io.millrace.codecs.SessionCloseDecoder;
import io.millrace.codecs.SessionKeepAliveDecoder;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionTest {
    private Harness harness = new Harness();

    @AfterEach
    void tearDown() {
        harness.close();
    }

    @Test
    void shouldConnectAndTellWhoItIs() {
        final MillraceClient client =
                harness.connect(harness.context().clientName("desk 7").credentials("secret".getBytes()));

        assertTrue(client.isConnected());
        assertEquals(1001, client.sessionId());
        assertEquals(78, client.producerId());
        assertEquals(List.of("connected 1001 1"), harness.recorder.take());
        assertEquals(1, harness.server.connects.size());
        assertTrue(harness.server.connects.get(0).matches("aeron:ipc\\?session-id=-?\\d+\\|desk 7\\|secret"));
    }

    @Test
    void shouldConnectOverUdpWithAPortOfTheDriversChoice() {
        harness.close();
        harness = new Harness("aeron:udp?endpoint=localhost:24871");

        harness.connect();

        final String channel = harness.server.connects.get(0);
        assertTrue(channel.matches("aeron:udp\\?.*endpoint=127\\.0\\.0\\.1:[1-9]\\d*.*"), channel);
        assertTrue(channel.contains("session-id="), channel);
    }

    @Test
    void shouldThrowWhyTheServerRefuses() {
        harness.server.sessionCode = ResultCode.NOT_AUTHENTICATED;

        final MillraceException refusal =
                assertThrows(MillraceException.class, () -> harness.connect(harness.context()));

        assertEquals(ResultCode.NOT_AUTHENTICATED, refusal.code());
        assertEquals("The server refused the credentials.", refusal.getMessage());
    }

    @Test
    void shouldTryAgainWhileTheServerIsFullAndThenSayWhy() {
        harness.server.sessionCode = ResultCode.LIMIT_EXCEEDED;

        final MillraceException refusal = assertThrows(
                MillraceException.class, () -> harness.connect(harness.context().connectTimeoutNs(300_000_000L)));

        assertEquals(LimitId.SESSIONS, refusal.limitId());
        assertEquals("The server would have 4097 sessions, more than SESSIONS allows (4096).", refusal.getMessage());
        assertTrue(harness.server.connects.size() > 1, "tried " + harness.server.connects.size());
    }

    @Test
    void shouldSayWhereItLookedWhenThereIsNoServer() {
        final ClientContext context = new ClientContext()
                .aeronDirectoryName(harness.directory + "-nowhere")
                .connectTimeoutNs(10_000_000L);

        final MillraceTimeoutException timeout =
                assertThrows(MillraceTimeoutException.class, () -> MillraceClient.connect(context));

        assertTrue(timeout.getMessage().contains(harness.directory + "-nowhere"), timeout.getMessage());
    }

    @Test
    void shouldKeepASilentSessionAliveAndNotABusyOne() {
        harness.connect();
        harness.turn();
        assertEquals(0, harness.client.counters().keepAlives());

        harness.advance(FakeServer.SESSION_TIMEOUT_NS / 4);
        final FakeServer.Received keepAlive = harness.await(SessionKeepAliveDecoder.TEMPLATE_ID);
        assertEquals(1001, keepAlive.at(Wire.SESSION_ID_OFFSET));

        harness.client.send(5, new UnsafeBuffer(new byte[8]), 0, 8);
        harness.advance(FakeServer.SESSION_TIMEOUT_NS / 4);
        final FakeServer.Received send = harness.await(SendMessagesDecoder.TEMPLATE_ID);
        harness.turn();
        assertEquals(1, harness.client.counters().keepAlives());
        harness.server.confirmed(send.correlationId()).flush();
        harness.until("the answer", () -> harness.recorder.events.size() == 2);
    }

    @Test
    void shouldKeepTheSessionAliveWhileASlowHandlerHasAlwaysMoreToDo() {
        harness.connect(harness.context().fragmentLimit(1));
        harness.client.messageHandler(delivery -> harness.advance(FakeServer.SESSION_TIMEOUT_NS / 8));
        for (int i = 1; i <= 20; i++) {
            harness.server.delivery(1, 5, i, new byte[4]).flush();
        }

        for (int i = 0; i < 20; i++) {
            assertTrue(harness.client.poll() > 0, "poll " + i);
        }

        // The handler took two and a half timeouts, in which a busy client must not be silent for a whole one.
        assertTrue(
                harness.client.counters().keepAlives() >= 5,
                "keep-alives " + harness.client.counters().keepAlives());
    }

    @Test
    void shouldCloseTheSessionAndAnswerClosedFromThenOn() {
        final MillraceClient client = harness.connect();
        harness.recorder.take();

        client.close();

        assertTrue(client.isClosed());
        assertEquals(List.of("disconnected CLIENT_CLOSED"), harness.recorder.take());
        assertEquals(MillraceClient.CLOSED, client.send(1, new UnsafeBuffer(new byte[1]), 0, 1));
        assertEquals(0, client.poll());
        harness.crank();
        harness.crank();
        assertEquals(1, harness.server.take(SessionCloseDecoder.TEMPLATE_ID).size());
    }

    @Test
    void shouldSendAcknowledgementsAndWaitForAnswersBeforeItCloses() {
        final MillraceClient client = harness.connect();
        harness.recorder.take();
        final long correlationId = client.send(5, new UnsafeBuffer(new byte[8]), 0, 8);
        harness.await(SendMessagesDecoder.TEMPLATE_ID);
        harness.server.confirmed(correlationId, correlationId, 9, 1).flush();

        client.close();

        assertEquals(
                List.of("confirmed " + correlationId + "-" + correlationId + " 9x1", "disconnected CLIENT_CLOSED"),
                harness.recorder.take());
    }

    @Test
    void shouldCloseFromInsideAHandler() {
        final MillraceClient client = harness.connect();
        client.messageHandler(delivery -> {
            assertThrows(IllegalStateException.class, client::poll);
            assertThrows(IllegalStateException.class, () -> client.queues().lookUp("orders"));
            client.close();
            assertFalse(client.isClosed());
        });
        harness.server.delivery(1, 5, 1, new byte[1]).flush();

        harness.until("the end", client::isClosed);
    }

    @ParameterizedTest
    @EnumSource(
            value = ResultCode.class,
            names = {"SESSION_TIMEOUT", "SLOW_CONSUMER", "SERVER_STOPPING"})
    void shouldSayWhyTheServerEndedTheSessionAndConnectAgain(final ResultCode code) {
        harness.connect();
        harness.recorder.take();

        harness.server.sessionEvent(code).flush();

        assertEquals(List.of("disconnected " + code, "connected 1002 1"), harness.events(2));
        assertEquals(1, harness.client.counters().reconnects());
    }

    @Test
    void shouldRefuseAContextThatCannotWork() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new ClientContext().fragmentLimit(0).conclude());
        assertThrows(
                IllegalArgumentException.class,
                () -> new ClientContext().termLength(100_000).conclude());
        assertThrows(
                IllegalArgumentException.class,
                () -> new ClientContext().ingressChannel("ipc").conclude());
        assertThrows(
                IllegalArgumentException.class,
                () -> new ClientContext().producer(false).producerId(4).conclude());
        final ClientContext context = new ClientContext().conclude();
        assertThrows(IllegalStateException.class, context::conclude);
    }
}
