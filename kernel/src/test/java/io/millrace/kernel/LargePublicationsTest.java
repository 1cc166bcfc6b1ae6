package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.QueueScope;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.Command.ProtocolBody;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import io.millrace.kernel.Payload.Attribute;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

/** Messages to topics that do not fit a frame. */
class LargePublicationsTest {
    private static final int CHUNK = 32_768;

    private final Scenario scenario = new Scenario();
    private final TopicSupport topics = new TopicSupport(scenario);
    private final long topic = topics.create("topic");
    private final long queue = scenario.createQueue("queue");
    private long correlationId = 7_000_000;

    private void begin(final long topicId, final long length) {
        scenario.apply(A, new Command.BeginPublication(++correlationId, Producer.NONE, topicId, false, length));
    }

    private void append(final String entry) {
        for (int at = 0; at < entry.length(); at += CHUNK) {
            final String chunk = entry.substring(at, Math.min(entry.length(), at + CHUNK));
            scenario.apply(A, new Command.AppendPayload(correlationId, at, chunk));
        }
    }

    private void publish(final long topicId, final Published published) {
        final String entry = PublicationEntry.encode(published);
        begin(topicId, entry.length());
        append(entry);
        scenario.apply(A, commit());
    }

    private Command commit() {
        return new Command.CommitPayload(correlationId, Producer.NONE);
    }

    private List<Payload> payloadsIn(final long fromQueue) {
        scenario.forget();
        scenario.receive(B, fromQueue, 10);
        return scenario.egress.drain().stream()
                .filter(sent -> sent.event() instanceof Event.Delivery)
                .map(sent -> ((Event.Delivery) sent.event()).payload())
                .toList();
    }

    @Test
    void shouldPublishWhatArrivesInParts() {
        final long wrapped = scenario.createQueue("wrapped");
        topics.subscribe(topic, queue, SubscriptionSettings.RAW);
        topics.subscribe(topic, wrapped, SubscriptionSettings.NONE);
        scenario.forget();
        final Payload payload = Payload.of("x".repeat(200_000), Attribute.text("side", "buy"));
        publish(topic, new Published(payload, "a subject"));
        scenario.shouldTell("A: confirmed 1");

        assertEquals(List.of(payload), payloadsIn(queue));
        final String body = payloadsIn(wrapped).get(0).body();
        assertTrue(body.contains("\"Subject\":\"a subject\",\"Message\":\"" + payload.body() + "\""), body);
    }

    @Test
    void shouldPublishLargeBodiesForProtocols() {
        topics.subscribe(topic, queue, SubscriptionSettings.RAW);
        final Payload forQueues = Payload.of("q".repeat(150_000));
        publish(topic, new Published(Payload.of("x"), "", List.of(new ProtocolBody(1, forQueues.body()))));

        assertEquals(List.of(forQueues), payloadsIn(queue));
    }

    @Test
    void shouldKeepNothingOfWhatArrivedBesideWhatIsPublished() {
        topics.subscribe(topic, queue, SubscriptionSettings.RAW);
        final long before = scenario.kernel.arenaBytes();
        publish(topic, new Published(Payload.of("x".repeat(200_000)), "a subject"));
        final long stored = scenario.kernel.arenaBytes() - before;
        assertTrue(stored >= 200_000 && stored < 200_100, () -> stored + " bytes");

        topics.unsubscribe(1);
        publish(topic, new Published(Payload.of("x".repeat(200_000)), "a subject"));
        assertEquals(stored, scenario.kernel.arenaBytes() - before);
    }

    @Test
    void shouldTellDuplicatesOfAFifoTopic() {
        final long orders = topics.create("orders", TopicSettings.fifo(Switch.ON, QueueScope.NULL_VAL));
        scenario.forget();
        final Published order = new Published(Payload.of("x".repeat(100_000)).inGroup("g"), "");
        publish(orders, order);
        publish(orders, order);

        scenario.shouldTell("A: sent [1]", "A: sent [1 duplicate]");
    }

    @Test
    void shouldRefuseWhatIsNoMessageAndWhatIsTooLarge() {
        begin(9, 100);
        begin(topic, 1_048_576 + 2_049);
        final String entry = PublicationEntry.encode(new Published(Payload.of("body"), "subject"));
        begin(topic, entry.length() - 1);
        append(entry.substring(0, entry.length() - 1));
        scenario.apply(A, commit());
        begin(topic, entry.length());
        append(entry.substring(0, entry.length() - 1));
        scenario.apply(A, commit());
        publish(topic, new Published(Payload.of("x".repeat(1_048_577)), ""));
        publish(topic, new Published(Payload.of("x"), "two\nlines"));
        begin(topic, entry.length());
        topics.delete(topic);
        append(entry);
        scenario.apply(A, commit());

        scenario.shouldTell(
                "A: refused UNKNOWN_TOPIC",
                "A: refused LIMIT_EXCEEDED MESSAGE_BYTES limit=1048576 actual=1050625",
                "A: refused MALFORMED_FRAME",
                "A: refused OUT_OF_ORDER_CHUNK",
                "A: refused LIMIT_EXCEEDED MESSAGE_BYTES limit=1048576 actual=1048577 entry=0",
                "A: refused INVALID_CHARACTERS entry=0",
                "A: confirmed",
                "A: refused UNKNOWN_TOPIC");
    }

    @Test
    void shouldGoOnAfterASnapshot() {
        topics.subscribe(topic, queue, SubscriptionSettings.RAW);
        final String entry = PublicationEntry.encode(new Published(Payload.of("x".repeat(100_000)), ""));
        begin(topic, entry.length());
        append(entry);
        final RecordingEgress egress = new RecordingEgress();
        final Kernel copy = Snapshots.copy(scenario.kernel, egress);
        scenario.forget();
        final ExpandableArrayBuffer frame = new ExpandableArrayBuffer();
        final int length = new CommandWriter().write(frame, 0, A, commit());
        copy.apply(scenario.nowNs(), A, frame, 0, length);
        scenario.apply(A, commit());

        assertEquals(scenario.egress.drain(), egress.drain());
        assertEquals(scenario.kernel.stateHash(), copy.stateHash());
        assertEquals(1, copy.messageCount());
    }
}
