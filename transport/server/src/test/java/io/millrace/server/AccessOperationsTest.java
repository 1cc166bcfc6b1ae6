package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.aeron.security.Authenticator;
import io.aeron.security.SessionProxy;
import io.millrace.client.AccessEntry;
import io.millrace.client.MillraceException;
import io.millrace.client.PublishOptions;
import io.millrace.client.QueueSettings;
import io.millrace.client.SubscriptionSettings;
import io.millrace.client.TopicSettings;
import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.ResultCode;
import io.millrace.server.LibraryClient.Delivered;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what with a queue or a topic, by the principals that an authenticator gives. */
class AccessOperationsTest {

    private static final List<String> REFUSED = List.of("refused NOT_AUTHORISED");

    @TempDir
    Path directory;

    private TestServer server;
    private LibraryClient admin;
    private LibraryClient feed;
    private long queue;

    @BeforeEach
    void start() {
        server = new TestServer(directory, ctx -> ctx.authenticatorSupplier(Names::new));
        admin = new LibraryClient(server, "admin");
        feed = new LibraryClient(server, "feed");
        queue = admin.queues().create("orders");
        admin.queues()
                .setAccess(
                        queue,
                        List.of(
                                new AccessEntry("admin", true, true, true),
                                new AccessEntry("feed", true, false, false)));
    }

    @AfterEach
    void stop() {
        feed.close();
        admin.close();
        server.close();
        assertEquals(0, server.server().errorCount(), () -> "errors: " + server.log);
    }

    @Test
    void shouldLetEachDoWhatTheListSays() {
        assertEquals(List.of("confirmed 1"), feed.send(queue, "body"));
        final Delivered delivered = admin.receive(queue, 1).get(0);
        final long refusedBefore = server.core().kernel.counters().notAuthorised();

        assertEquals(REFUSED, feed.answer(() -> feed.client().receive(queue, 1, 0, 0)));
        assertEquals(REFUSED, feed.answer(() -> feed.client().consume(queue, 1, 1)));
        assertEquals(REFUSED, feed.answer(() -> feed.client().acknowledge(queue, delivered.receipt(), 0, 1)));
        assertEquals(REFUSED, feed.answer(() -> feed.client().deleteMessage(queue, delivered.receipt(), 0)));
        assertRefused(() -> feed.queues().purge(queue));
        assertRefused(() -> feed.queues().delete(queue));
        assertRefused(() -> feed.queues().tag(queue, Map.of("key", "value")));
        assertRefused(() -> feed.queues().set(queue, QueueSettings.changes().delayNs(1)));
        assertRefused(() -> feed.queues().setAccess(queue, List.of()));
        assertRefused(() -> feed.queues().watch(queue));
        assertEquals(10, server.core().kernel.counters().notAuthorised() - refusedBefore);
        assertRefused(() ->
                feed.queues().browse(queue, EnumSet.of(MessageStatus.AVAILABLE)).hasNext());
        assertEquals(
                List.of(new AccessEntry("admin", true, true, true), new AccessEntry("feed", true, false, false)),
                feed.queues().access(queue));
        assertEquals("orders", feed.queues().describe(queue).name());
    }

    @Test
    void shouldTakeNoReceiptOfAnotherPrincipal() {
        admin.queues().setAccess(queue, List.of());
        feed.send(queue, "body");
        final Delivered delivered = admin.receive(queue, 1).get(0);

        assertEquals(
                List.of("0: INVALID_RECEIPT"),
                feed.answer(() -> feed.client().acknowledge(queue, delivered.receipt(), 0, 1)));
        assertEquals(
                List.of("confirmed"), admin.answer(() -> admin.client().acknowledge(queue, delivered.receipt(), 0, 1)));
    }

    @Test
    void shouldStopConsumersWhosePermissionIsTakenAway() {
        admin.answer(() -> admin.client().consume(queue, 10, 1_000));

        admin.queues().setAccess(queue, List.of(new AccessEntry("admin", true, false, true)));
        admin.await("the end of the consumer", () -> !admin.stopped.isEmpty());

        assertEquals(List.of(queue + " NOT_AUTHORISED"), admin.stopped);
        assertEquals(REFUSED, feed.send(queue, "body"));
    }

    @Test
    void shouldLetEachDoWithATopicWhatItsListSays() {
        final long topic = admin.topics().create("trades");
        final SubscriptionSettings plain = new SubscriptionSettings();
        final List<AccessEntry> list =
                List.of(new AccessEntry("admin", true, true, true), new AccessEntry("feed", true, false, false));
        admin.topics().setAccess(topic, list);
        final long subscription = admin.topics().subscribeQueue(topic, queue, plain);

        assertEquals(List.of("confirmed 1"), feed.publish(topic, "body", new PublishOptions()));
        assertRefused(() -> feed.topics().subscribeQueue(topic, queue, plain));
        assertRefused(() -> feed.topics().unsubscribe(subscription));
        assertRefused(() -> feed.topics().setSubscription(subscription, plain));
        assertRefused(() -> feed.topics().set(topic, TopicSettings.changes()));
        assertRefused(() -> feed.topics().tag(topic, Map.of("key", "value")));
        assertRefused(() -> feed.topics().setAccess(topic, List.of()));
        assertRefused(() -> feed.topics().delete(topic));
        assertEquals(list, feed.topics().access(topic));
        assertEquals(1, feed.topics().describe(topic).publishedCount());

        admin.topics().setAccess(topic, List.of(new AccessEntry("admin", false, true, true)));
        assertEquals(REFUSED, feed.publish(topic, "body", new PublishOptions()));
        assertEquals(REFUSED, admin.publish(topic, "body", new PublishOptions()));
    }

    private static void assertRefused(final Executable request) {
        assertEquals(
                ResultCode.NOT_AUTHORISED,
                assertThrows(MillraceException.class, request).code());
    }

    /** Takes the credentials for the principal. */
    private static final class Names implements Authenticator {
        private final Map<Long, byte[]> names = new HashMap<>();

        @Override
        public void onConnectRequest(final long sessionId, final byte[] encodedCredentials, final long nowMs) {
            names.put(sessionId, encodedCredentials);
        }

        @Override
        public void onChallengeResponse(final long sessionId, final byte[] encodedCredentials, final long nowMs) {}

        @Override
        public void onConnectedSession(final SessionProxy session, final long nowMs) {
            session.authenticate(names.remove(session.sessionId()));
        }

        @Override
        public void onChallengedSession(final SessionProxy session, final long nowMs) {
            session.reject();
        }
    }
}
