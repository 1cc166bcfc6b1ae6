package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {

    private static final long THIRTY_SECONDS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer(
                directory, ctx -> ctx.limits(Limits.nativeProfile().with(LimitId.SESSIONS, 3)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldGiveEachClientASessionOfItsOwn() {
        final RawClient first = server.client();
        final RawClient second = server.client();

        assertEquals(first.sessionId + 1, second.sessionId);
        assertEquals(2, server.counters().sessions);
    }

    @Test
    void shouldEndASessionOnRequest() {
        final RawClient client = server.client();

        client.closeSession();
        final Event end = client.await("the end", e -> e.code() == ResultCode.CLIENT_CLOSED);

        assertEquals(client.sessionId, end.value());
        server.crankUntil("the egress has ended", () -> {
            client.poll();
            return server.counters().sessions == 0;
        });
    }

    @Test
    void shouldCloseASilentSessionAndReturnItsMessages() {
        final RawClient silent = server.client();
        final RawClient other = server.client();
        final long queue = other.createQueue("orders", THIRTY_SECONDS);
        silent.consume(queue, 10, 1 << 20);
        other.send(queue, "hello");
        silent.awaitCount("Delivery", 1);

        for (int i = 0; i < 6; i++) {
            server.advance(2, TimeUnit.SECONDS);
            other.keepAlive();
            server.crankFor(2, TimeUnit.MILLISECONDS);
        }
        final Event end = silent.await("the end", e -> e.code() == ResultCode.SESSION_TIMEOUT);
        other.receive(queue, 1, 0);
        final Event delivery = other.awaitCount("Delivery", 1).get(0);

        assertEquals(silent.sessionId, end.value());
        assertEquals("hello", delivery.text());
        assertEquals(1, server.counters().sessionsTimedOut);
        assertEquals(1, server.counters().sessions);
    }

    @Test
    void shouldKeepASessionThatOnlySaysThatItLives() {
        final RawClient client = server.client();

        for (int i = 0; i < 20; i++) {
            server.advance(4, TimeUnit.SECONDS);
            client.keepAlive();
            server.crankFor(1, TimeUnit.MILLISECONDS);
        }

        assertEquals(1, server.counters().sessions);
    }

    @Test
    void shouldHearItsClientsBeforeItCallsThemSilentAfterAStall() {
        server.close();
        server = new TestServer(directory);
        final List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            clients.add(server.client());
        }
        server.crankFor(5, TimeUnit.MILLISECONDS);

        server.advance(11, TimeUnit.SECONDS);
        clients.forEach(RawClient::keepAlive);
        server.crankFor(5, TimeUnit.MILLISECONDS);
        server.advance(3, TimeUnit.SECONDS);
        server.crank(100);

        assertEquals(0, server.counters().sessionsTimedOut);
        assertEquals(12, server.counters().sessions);
    }

    @Test
    void shouldCloseTheSessionOfAClientThatIsGone() {
        final RawClient client = server.client();
        final RawClient other = server.client();

        client.close();

        server.crankUntil("one session is left", () -> server.counters().sessions == 1);
        other.keepAlive();
        assertEquals(0, server.counters().sessionsTimedOut);
    }

    @Test
    void shouldRefuseASessionAboveTheLimit() {
        for (int i = 0; i < 3; i++) {
            server.client();
        }
        final RawClient fourth = new RawClient(server);
        fourth.sendConnect(fourth.responseChannel());

        final Event event = fourth.await("the refusal", e -> e.type().equals("SessionEvent"));

        assertEquals(ResultCode.LIMIT_EXCEEDED, event.code());
        assertEquals(0, event.value());
        assertEquals(3, server.counters().sessions);
    }

    @Test
    void shouldRefuseToActForAnotherSession() {
        final RawClient victim = server.client();
        final long queue = victim.createQueue("orders", THIRTY_SECONDS);
        final RawClient thief = server.client();
        final long own = thief.sessionId;
        thief.sessionId = victim.sessionId;

        final long id = thief.send(queue, "in your name");
        final Event refused = thief.await("the refusal", e -> e.type().equals("Refused"));
        thief.closeSession();
        server.crankFor(2, TimeUnit.MILLISECONDS);
        victim.describe(queue);
        final Event description = victim.await("the description", e -> e.type().equals("QueueDescription"));

        assertEquals(ResultCode.UNKNOWN_SESSION, refused.code());
        assertEquals(id, refused.correlationId());
        assertEquals(0, description.count());
        assertEquals(2, server.counters().unknownSessionFrames);
        assertEquals(2, server.counters().sessions);
        assertTrue(own != victim.sessionId);
    }

    @Test
    void shouldAnswerARepeatedRequestOnce() {
        final RawClient client = server.client();
        client.correlationId = 1;

        client.sendConnect(client.responseChannel());
        server.crankFor(2, TimeUnit.MILLISECONDS);
        client.poll();

        assertEquals(1, client.all("SessionEvent").size());
        assertEquals(1, server.counters().sessions);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://example.com",
                "aeron:",
                "aeron:ipc",
                "aeron:ipc?session-id=x",
                "aeron:ipc?session-id=1|endpoint=localhost:1",
                "aeron-spy:aeron:ipc?session-id=1",
                "aeron:udp?session-id=1",
                "aeron:udp?endpoint=localhost:40123|session-id=1",
                "aeron:udp?endpoint=10.0.0.1:40123|session-id=1",
                "aeron:ipc?session-id=1|linger=999999999999",
                "aeron:ipc?session-id=1|tags=1,2",
                "aeron:ipc?session-id=99999999999999",
                "aeron:ipc?session-id=1\u0000|\u00ff"
            })
    void shouldIgnoreAResponseChannelThatItWillNotUse(final String channel) {
        final RawClient client = new RawClient(server);

        client.sendConnect(channel);
        server.crankUntil("the request is counted", () -> server.counters().sessionsRefused == 1);
        final RawClient other = server.client();

        assertTrue(other.sessionId > 0);
        assertFalse(client.isEgressConnected());
        assertEquals(0, server.server().errorCount());
    }
}
