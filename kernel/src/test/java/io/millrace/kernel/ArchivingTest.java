package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.Command.ProtocolBody;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.TopicSettings;
import io.millrace.kernel.RecordingLogs.Archived;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** FIFO topics keep what is published. */
class ArchivingTest {
    private static final long DAY = 86_400 * SECOND;
    private static final int QUEUE = 1;
    private static final TopicSettings FIFO = TopicSettings.fifo(Switch.ON, QueueScope.NULL_VAL);
    private static final TopicSettings UNCHANGED = TopicSettings.NONE;

    private final Scenario scenario = new Scenario();
    private final TopicSupport topics = new TopicSupport(scenario);

    /** A topic whose archive, 1/1, has begun. */
    private long archived(final long periodNs) {
        final long topic = topics.create("trades", FIFO.keeping(periodNs));
        begin();
        return topic;
    }

    private void begin() {
        final RecordingLogs.Awaited awaited = scenario.logs.takeAwaited();
        scenario.kernel.shardsReady(scenario.nowNs(), awaited.streamId(), awaited.lastShardId());
        scenario.logs.drain();
    }

    private static Payload message(final String body) {
        return Payload.of(body).inGroup("g");
    }

    /** The bodies that went into an archive, with their numbers. */
    private List<String> kept(final long archiveId) {
        return scenario.logs.records(archiveId).stream()
                .map(record -> record.sequence() + " " + record.key() + "=" + body(record))
                .toList();
    }

    private static String body(final Archived record) {
        final PublishedEntry entry = new PublishedEntry();
        final PayloadIds ids = new PayloadIds();
        entry.wrap(new UnsafeBuffer(record.data()), Archives.HEADER_LENGTH);
        ids.wrap(entry.buffer(), entry.payload());
        return new String(record.data(), ids.bodyOffset(), ids.bodyLength(), StandardCharsets.ISO_8859_1);
    }

    @Test
    @Statement("N16")
    void shouldKeepWhatIsPublishedOnceItsLogIsOpen() {
        final long topic = topics.create("trades", FIFO.keeping(30 * DAY));
        topics.publish(topic, message("too early"));
        topics.describe(topic);
        assertEquals(List.of("open 1/1", "await 1/1"), scenario.logs.drain());
        scenario.passSilently(7);
        scenario.kernel.shardsReady(scenario.nowNs(), 1, 1);
        topics.describe(topic);
        topics.publish(topic, message("to nobody"));
        topics.publish(topic, message("to nobody"));
        topics.publish(topic, message("next"));

        scenario.shouldTell(
                "A: sent [1]",
                "A: topic 1 'trades' FIFO subscriptions=0 published=1 archive of 2592000 s",
                "A: topic 1 'trades' FIFO subscriptions=0 published=1 archive of 2592000 s since 7",
                "A: sent [2]",
                "A: sent [2 duplicate]",
                "A: sent [3]");
        assertEquals(List.of("2 g=to nobody", "3 g=next"), kept(1));
        assertEquals(2, scenario.kernel.counters().archived());
    }

    @Test
    void shouldKeepAllThatIsToBeReplayed() {
        final long topic = archived(DAY);
        scenario.passSilently(5);
        final Payload payload =
                Payload.of("both", Payload.Attribute.text("side", "buy")).inGroup("g");
        final Published published = new Published(payload, "a subject", List.of(new ProtocolBody(QUEUE, "for queues")));
        topics.publish(topic, false, List.of(published));

        final Archived record = scenario.logs.records(1).get(0);
        final UnsafeBuffer data = new UnsafeBuffer(record.data());
        final PublishedEntry entry = new PublishedEntry();
        entry.wrap(data, Archives.HEADER_LENGTH);
        assertEquals(scenario.nowNs(), record.timeNs());
        assertEquals(1, data.getLong(0, ByteOrder.LITTLE_ENDIAN), "message id");
        assertEquals("bothsideStringbuyfor queues".length(), data.getInt(8, ByteOrder.LITTLE_ENDIAN), "bytes");
        assertEquals(0, data.getInt(12, ByteOrder.LITTLE_ENDIAN), "flags");
        assertEquals(record.data().length, entry.end());
        assertEquals("a subject", data.getStringWithoutLengthAscii(entry.subject(), entry.subjectLength()));
        assertEquals("for queues", data.getStringWithoutLengthAscii(entry.queueBody(), entry.queueBodyLength()));
        assertEquals("both", body(record));
    }

    @Test
    void shouldRefusePeriodsOutsideTheirLimits() {
        topics.ask("one", new TopicSettings(QueueType.STANDARD, Switch.NULL_VAL, QueueScope.NULL_VAL, DAY));
        topics.ask("one", FIFO.keeping(-1));
        topics.ask("one", FIFO.keeping(SECOND - 1));
        topics.ask("one", FIFO.keeping(365 * DAY + 1));
        final Scenario aws = new Scenario(Limits.awsProfile());
        new TopicSupport(aws).ask("one", FIFO.keeping(DAY - 1));

        scenario.shouldTell(
                "A: refused INVALID_SETTING " + SettingName.of(4),
                "A: refused LIMIT_EXCEEDED ARCHIVE_PERIOD_LEAST limit=" + SECOND + " actual=-1",
                "A: refused LIMIT_EXCEEDED ARCHIVE_PERIOD_LEAST limit=" + SECOND + " actual=" + (SECOND - 1),
                "A: refused LIMIT_EXCEEDED ARCHIVE_PERIOD limit=" + 365 * DAY + " actual=" + (365 * DAY + 1));
        aws.shouldTell("A: refused LIMIT_EXCEEDED ARCHIVE_PERIOD_LEAST limit=" + DAY + " actual=" + (DAY - 1));
    }

    @Test
    void shouldCompareThePeriodOfATopicThatExists() {
        topics.ask("trades", FIFO.keeping(DAY));
        topics.ask("trades", FIFO.keeping(DAY));
        topics.ask("trades", FIFO.keeping(2 * DAY));
        topics.ask("trades", FIFO);
        topics.ask("plain", FIFO);
        topics.ask("plain", FIFO.keeping(DAY));

        scenario.shouldTell(
                "A: confirmed 1",
                "A: confirmed 1",
                "A: refused TOPIC_EXISTS differs in 4",
                "A: refused TOPIC_EXISTS differs in 4",
                "A: confirmed 2",
                "A: refused TOPIC_EXISTS differs in 4");
        assertEquals(List.of("open 1/1", "await 1/1"), scenario.logs.drain());
    }

    @Test
    void shouldTurnAnArchiveOnAndOff() {
        final long topic = topics.create("trades", FIFO);
        topics.set(topic, UNCHANGED.keeping(DAY));
        assertEquals(List.of("open 1/1", "await 1/1"), scenario.logs.drain());
        begin();
        topics.publish(topic, message("one"));
        topics.set(topic, UNCHANGED);
        topics.set(topic, UNCHANGED.keeping(DAY));
        scenario.logs.drain();
        topics.set(topic, UNCHANGED.keeping(0));
        assertEquals(List.of("delete 1/1"), scenario.logs.drain());
        topics.publish(topic, message("two"));
        topics.describe(topic);
        topics.set(topic, UNCHANGED.keeping(DAY));
        scenario.kernel.shardsReady(scenario.nowNs(), 1, 1);
        topics.publish(topic, message("three"));
        assertEquals(List.of("open 2/2", "await 2/2"), scenario.logs.drain());
        begin();
        topics.publish(topic, message("four"));

        scenario.shouldTell(
                "A: confirmed",
                "A: sent [1]",
                "A: confirmed",
                "A: confirmed",
                "A: confirmed",
                "A: sent [2]",
                "A: topic 1 'trades' FIFO subscriptions=0 published=2",
                "A: confirmed",
                "A: sent [3]",
                "A: sent [4]");
        assertEquals(List.of("1 g=one"), kept(1));
        assertEquals(List.of("4 g=four"), kept(2));
    }

    @Test
    @Statement("N16")
    void shouldRefuseToDeleteATopicThatHasAnArchive() {
        final long topic = archived(DAY);
        topics.delete(topic);
        topics.describe(topic);
        topics.set(topic, UNCHANGED.keeping(0));
        topics.delete(topic);

        scenario.shouldTell(
                "A: refused TOPIC_HAS_ARCHIVE",
                "A: topic 1 'trades' FIFO subscriptions=0 published=0 archive of 86400 s since 0",
                "A: confirmed",
                "A: confirmed");
    }

    @Test
    void shouldTellTheLogEachHourWhatIsOutOfReach() {
        archived(3_600 * SECOND);
        scenario.pass(3_599_999);
        assertEquals(List.of(), scenario.logs.drain());
        scenario.pass(1);
        assertEquals(List.of("trim 1 before 0"), scenario.logs.drain());
        scenario.pass(3_600_000);
        assertEquals(List.of("trim 1 before 3600000"), scenario.logs.drain());
    }

    @Test
    void shouldNotReachBackFurtherAfterALongerPeriod() {
        final long topic = archived(2 * SECOND);
        scenario.passSilently(10_000);
        topics.set(topic, UNCHANGED.keeping(SECOND));
        topics.set(topic, UNCHANGED.keeping(DAY));
        assertEquals(List.of("trim 1 before 9000", "trim 1 before 9000"), scenario.logs.drain());
        scenario.pass(3_600_000);

        assertEquals(List.of("trim 1 before 9000"), scenario.logs.drain());
    }

    @Test
    void shouldAskForItsLogsAgainWhenTheServerStarts() {
        archived(DAY);
        topics.create("other", FIFO.keeping(DAY));
        scenario.logs.drain();
        scenario.kernel.boot(scenario.nowNs(), 2);

        assertEquals(List.of("open 1/1", "open 2/2", "await 2/2"), scenario.logs.drain());
    }

    @Test
    void shouldGoOnAfterASnapshot() {
        final long topic = archived(DAY);
        topics.publish(topic, message("one"));
        final RecordingLogs logs = new RecordingLogs();
        final Kernel restored = Snapshots.copy(scenario.kernel, new RecordingEgress(), logs);
        restored.onClock(scenario.nowNs() + 3_600 * SECOND);
        assertEquals(List.of("trim 1 before -82800000"), logs.drain());
        restored.boot(scenario.nowNs() + 3_600 * SECOND, 2);
        assertEquals(List.of("open 1/1"), logs.drain());
    }

    @Test
    void shouldRefuseWhatIsInABlob() {
        final long topic = archived(DAY);
        final long plain = topics.create("plain", FIFO);
        final BlobReference blob = new BlobReference(0, 100, 'b');
        scenario.apply(A, new Command.DeclareBlob(1, Producer.NONE, blob));
        for (final long each : new long[] {topic, plain}) {
            final Published entry = new Published(message(blob.withId(1).text()), "");
            scenario.apply(
                    A,
                    new Command.Claim(
                            new Command.PublishMessages(2, Producer.NONE, each, false, false, List.of(entry))));
        }

        scenario.shouldTell("A: confirmed 1", "A: refused CLAIM_NOT_ARCHIVED", "A: sent [1]");
    }

    @Test
    void shouldLimitNothingElse() {
        final Scenario limited = new Scenario(Limits.nativeProfile().with(LimitId.STREAMS, 0));
        final TopicSupport others = new TopicSupport(limited);
        others.ask("trades", FIFO.keeping(DAY));

        limited.shouldTell("A: confirmed 1");
        assertTrue(limited.logs.drain().contains("open 1/1"));
    }
}
