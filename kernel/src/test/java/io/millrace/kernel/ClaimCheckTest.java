package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.DeliveryPolicy;
import io.millrace.kernel.Command.Entry;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.Command.ProtocolBody;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.SubscriptionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Messages whose content is in a blob. */
class ClaimCheckTest {
    private static final BlobReference PICTURE = new BlobReference(0, 5_000_000, 'p');
    private static final BlobReference SONG = new BlobReference(0, 3_000, 's');
    private static final long REST_MS = 60_000;
    private static final long PLENTY = 1_000_000;

    private final Scenario scenario = new Scenario(Limits.nativeProfile()
            .with(LimitId.BLOBS, 3)
            .with(LimitId.BLOB_BYTES, PICTURE.contentLength())
            .with(LimitId.BLOB_REST, REST_MS * Scenario.MS));
    private final TopicSupport topics = new TopicSupport(scenario);
    private final Map<String, Receipt> receipts = new TreeMap<>();
    private final long queue = scenario.createQueue("queue", 1_000L, null, null, null);
    private final long topic = topics.create("topic");
    private long correlationId = 5_000_000;

    private BlobReference declare(final BlobReference blob) {
        scenario.forget();
        askToDeclare(blob);
        final Event.Confirmed answer =
                (Event.Confirmed) scenario.egress.drain().get(0).event();
        return blob.withId(answer.firstValue());
    }

    private void askToDeclare(final BlobReference blob) {
        scenario.apply(A, new Command.DeclareBlob(++correlationId, Producer.NONE, blob));
    }

    private void send(final boolean eachEntry, final String... bodies) {
        final List<Entry> entries = new ArrayList<>();
        for (final String body : bodies) {
            entries.add(new Entry(null, Payload.of(body)));
        }
        scenario.apply(
                A,
                new Command.Claim(
                        new Command.SendMessages(++correlationId, Producer.NONE, queue, false, eachEntry, entries)));
    }

    private void publish(final BlobReference blob) {
        publish(new Published(Payload.of(blob.text()), ""));
    }

    private void publish(final Published... entries) {
        scenario.apply(
                A,
                new Command.Claim(new Command.PublishMessages(
                        ++correlationId, Producer.NONE, topic, false, false, List.of(entries))));
    }

    private void describe(final BlobReference blob) {
        scenario.apply(A, new Command.DescribeBlob(++correlationId, blob.id()));
    }

    /** What is received, of which the receipts are kept by the blob's digest. */
    private List<String> receive(final long fromQueue) {
        scenario.forget();
        scenario.receive(B, fromQueue, 10);
        final List<String> received = new ArrayList<>();
        for (final RecordingEgress.Emitted sent : scenario.egress.drain()) {
            if (sent.event() instanceof Event.Claim claim) {
                receipts.put(
                        String.valueOf(claim.blob().digest()), claim.delivery().receipt());
            }
            received.add(sent.event().toString());
        }
        return received;
    }

    @Test
    void shouldKnowWhatWasDeclared() {
        askToDeclare(PICTURE);
        askToDeclare(SONG);
        describe(PICTURE.withId(1));
        scenario.apply(A, new Command.ListBlobs(++correlationId, 0, 1));
        scenario.apply(A, new Command.ListBlobs(++correlationId, 1, 10));

        scenario.shouldTell(
                "A: confirmed 1",
                "A: confirmed 2",
                "A: blobs [1: 5000000 bytes p x0]",
                "A: blobs [1: 5000000 bytes p x0] next=1",
                "A: blobs [2: 3000 bytes s x0]");
    }

    @Test
    void shouldRefuseMoreAndLongerBlobsThanTheLimitsSay() {
        askToDeclare(new BlobReference(0, PICTURE.contentLength() + 1, 'x'));
        askToDeclare(new BlobReference(0, -1, 'x'));
        askToDeclare(new BlobReference(7, 1, 'x'));
        askToDeclare(PICTURE);
        askToDeclare(PICTURE);
        askToDeclare(PICTURE);
        askToDeclare(PICTURE);

        scenario.shouldTell(
                "A: refused LIMIT_EXCEEDED BLOB_BYTES limit=5000000 actual=5000001",
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT",
                "A: confirmed 1",
                "A: confirmed 2",
                "A: confirmed 3",
                "A: refused LIMIT_EXCEEDED BLOBS limit=3 actual=4");
    }

    @Test
    void shouldRefuseReferencesToNothingAndToSomethingElse() {
        final BlobReference song = declare(SONG);
        final String other = new BlobReference(song.id(), song.contentLength(), 'x').text();
        final String shorter = new BlobReference(song.id(), 1, 's').text();
        send(false, song.text(), song.withId(9).text());
        send(true, other, shorter, "short", song.text());
        publish(song.withId(9));
        publish(new Published(Payload.of(song.text()), "", List.of(new ProtocolBody(1, ""))));
        scenario.apply(
                A, new Command.Claim(new Command.BeginPayload(++correlationId, Producer.NONE, queue, null, 100_000)));

        scenario.shouldTell(
                "A: refused UNKNOWN_BLOB entry=1",
                "A: sent [BLOB_DIFFERS, BLOB_DIFFERS, INVALID_BLOB_REFERENCE, 1]",
                "A: refused UNKNOWN_BLOB entry=0",
                "A: refused INVALID_BLOB_REFERENCE entry=0",
                "A: refused INVALID_BLOB_REFERENCE");
    }

    @Test
    void shouldKeepABlobUntilItsLastMessageIsAcknowledged() {
        final BlobReference picture = declare(PICTURE);
        final BlobReference song = declare(SONG);
        send(false, picture.text(), song.text(), picture.text());
        scenario.forget();
        describe(picture);
        scenario.shouldTell("A: blobs [1: 5000000 bytes p x2]");

        assertEquals(
                List.of(
                        "delivery of blob 1: 5000000 bytes p",
                        "delivery of blob 2: 3000 bytes s",
                        "delivery of blob 1: 5000000 bytes p"),
                receive(queue).subList(0, 3));
        scenario.acknowledge(B, queue, receipts.get("p"));
        assertEquals(List.of(), scenario.unusedBlobs);
        scenario.acknowledge(B, queue, receipts.get("s"));
        assertEquals(List.of("2: 3000 bytes"), scenario.unusedBlobs);
        scenario.pass(1_000);
        receive(queue);
        scenario.acknowledge(B, queue, receipts.get("p"));
        assertEquals(List.of("2: 3000 bytes", "1: 5000000 bytes"), scenario.unusedBlobs);
        assertEquals(2, scenario.kernel.counters().unusedBlobs());

        scenario.forget();
        describe(picture);
        send(false, picture.text());
        scenario.shouldTell("A: refused UNKNOWN_BLOB", "A: refused UNKNOWN_BLOB entry=0");
    }

    @Test
    void shouldKeepABlobUntilTheLastSubscriberHasDoneWithIt() {
        final long dead = scenario.createQueue("dead");
        final long small = scenario.createQueue("small", null, null, null, 8L);
        topics.subscribe(topic, queue, SubscriptionSettings.NONE);
        topics.subscribe(topic, small, SubscriptionSettings.RAW.withDeadLetters(dead));
        final long pushed = topics.subscribeSessions(
                topic, "desk", SubscriptionSettings.NONE, DeliveryPolicy.NONE, Switch.NULL_VAL);
        scenario.consume(B, pushed, 10, PLENTY);
        final BlobReference picture = declare(PICTURE);
        publish(picture);
        final List<RecordingEgress.Emitted> emitted = scenario.egress.drain();
        assertEquals("push of blob 1: 5000000 bytes p", emitted.get(1).event().toString());
        describe(picture);
        scenario.shouldTell("A: blobs [1: 5000000 bytes p x3]");

        scenario.acknowledge(
                B, pushed, ((Event.Claim) emitted.get(1).event()).delivery().receipt());
        assertEquals(
                List.of("delivery of blob 1: 5000000 bytes p"), receive(queue).subList(0, 1));
        scenario.acknowledge(B, queue, receipts.get("p"));
        assertEquals(List.of(), scenario.unusedBlobs);
        scenario.deleteQueue(A, dead);
        scenario.workOff();
        assertEquals(List.of("1: 5000000 bytes"), scenario.unusedBlobs);
    }

    @Test
    void shouldLetGoOfWhatIsPublishedToNobodyOrPurged() {
        publish(declare(SONG));
        assertEquals(List.of("1: 3000 bytes"), scenario.unusedBlobs);

        final BlobReference picture = declare(PICTURE);
        send(false, picture.text(), picture.text());
        new QueueSupport(scenario).purge(A, queue);
        scenario.workOff();
        assertEquals(List.of("1: 3000 bytes", "2: 5000000 bytes"), scenario.unusedBlobs);
    }

    @Test
    void shouldKeepABlobThatALaterMessageOfTheBatchRefersTo() {
        topics.subscribe(topic, queue, SubscriptionSettings.RAW.withPolicy("{\"side\":[\"buy\"]}"));
        final String song = declare(SONG).text();
        final Published toNobody = new Published(Payload.of(song), "");
        publish(toNobody, new Published(Payload.of(song, Payload.Attribute.text("side", "buy")), ""));
        assertEquals(List.of("delivery of blob 1: 3000 bytes s"), receive(queue).subList(0, 1));
        assertEquals(List.of(), scenario.unusedBlobs);

        publish(toNobody, toNobody);
        scenario.acknowledge(B, queue, receipts.get("s"));
        assertEquals(List.of("1: 3000 bytes"), scenario.unusedBlobs);
        final Published again = new Published(Payload.of(declare(PICTURE).text()), "");
        publish(again, again);
        assertEquals(List.of("1: 3000 bytes", "2: 5000000 bytes"), scenario.unusedBlobs);
    }

    @Test
    void shouldForgetABlobThatNothingReferredToForTooLong() {
        declare(PICTURE);
        final BlobReference song = declare(SONG);
        send(false, song.text());
        scenario.pass(REST_MS - 1);
        assertEquals(List.of(), scenario.unusedBlobs);
        scenario.pass(1);
        assertEquals(List.of("1: 5000000 bytes"), scenario.unusedBlobs);
        scenario.pass(REST_MS);
        assertEquals(1, scenario.unusedBlobs.size());
    }

    @Test
    void shouldKeepReferencesThroughASnapshot() {
        final BlobReference picture = declare(PICTURE);
        declare(SONG);
        send(false, picture.text(), picture.text());
        receive(queue);
        final List<String> told = new ArrayList<>();
        final RecordingEgress egress = new RecordingEgress();
        final Kernel copy =
                new Kernel(egress, (blobId, length) -> told.add(blobId + ": " + length + " bytes"), RecordLogs.NONE);
        final SnapshotLoader loader = copy.loader();
        Snapshots.of(scenario.kernel).forEach(record -> loader.onRecord(new UnsafeBuffer(record), 0, record.length));
        loader.complete();
        assertEquals(DerivedState.of(scenario.kernel), DerivedState.of(copy));

        scenario.deleteQueue(A, queue);
        scenario.pass(REST_MS);
        final ExpandableArrayBuffer frame = new ExpandableArrayBuffer();
        final int length = new CommandWriter().write(frame, 0, A, new Command.DeleteQueue(1, Producer.NONE, queue));
        copy.apply(scenario.nowNs() - REST_MS * Scenario.MS, A, frame, 0, length);
        while (copy.workPending()) {
            copy.onClock(scenario.nowNs() - REST_MS * Scenario.MS);
        }
        copy.onClock(scenario.nowNs());
        assertEquals(List.of("1: 5000000 bytes", "2: 3000 bytes"), scenario.unusedBlobs);
        assertEquals(scenario.unusedBlobs, told);
        assertEquals(scenario.kernel.stateHash(), copy.stateHash());
    }
}
