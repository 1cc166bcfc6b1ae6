package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.Backoff;
import io.millrace.codecs.BrowseMessagesDecoder;
import io.millrace.codecs.CancelRedriveDecoder;
import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.DescribeQueueAccessDecoder;
import io.millrace.codecs.ListDeadLetterSourcesDecoder;
import io.millrace.codecs.ListQueueTagsDecoder;
import io.millrace.codecs.ListRedrivesDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.PurgeQueueDecoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.RedriveStatus;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SetQueueAccessDecoder;
import io.millrace.codecs.SetQueueSettingsDecoder;
import io.millrace.codecs.StartRedriveDecoder;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TagQueueDecoder;
import io.millrace.codecs.UntagQueueDecoder;
import io.millrace.codecs.WatchQueueDecoder;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the calls about queues ask for, read with the generated decoders, and what they make of the answers. */
class QueuesTest {
    private final Harness harness = new Harness();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final List<FakeServer.Received> requests = new ArrayList<>();
    private FakeServer server;
    private Queues queues;

    @BeforeEach
    void connect() {
        queues = harness.connect(harness.context().closeTimeoutNs(0)).queues();
        server = harness.server;
        harness.recorder.take();
    }

    @AfterEach
    void tearDown() {
        harness.close();
    }

    /** Answers each request that comes from now on. */
    private void answer(final LongConsumer speech) {
        requests.clear();
        server.ingressHandler = (buffer, offset, length, aeronHeader) -> {
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
            copy.putBytes(0, buffer, offset, length);
            final FakeServer.Received request =
                    new FakeServer.Received(header.wrap(copy, 0).templateId(), copy, length);
            requests.add(request);
            speech.accept(request.correlationId());
            server.flush();
        };
    }

    private UnsafeBuffer request(final int templateId) {
        assertEquals(1, requests.size());
        assertEquals(templateId, requests.get(0).templateId());
        assertEquals(harness.client.sessionId(), requests.get(0).sessionId());
        return requests.get(0).frame();
    }

    private static QueueSettings everything(final QueueSettings settings) {
        return settings.visibilityTimeoutNs(2)
                .delayNs(3)
                .receiveWaitNs(4)
                .retentionNs(12)
                .deadLetterQueueId(13)
                .backoffDelayNs(14)
                .backoffMaxNs(15)
                .highDepth(16)
                .lowDepth(17)
                .highAgeNs(18)
                .lowAgeNs(19)
                .maxMessageBytes(8)
                .maxReceiveCount(20)
                .queueType(QueueType.FIFO)
                .contentDeduplication(Switch.ON)
                .deduplicationScope(QueueScope.MESSAGE_GROUP)
                .throughputScope(QueueScope.QUEUE)
                .redrivePermission(RedrivePermission.BY_QUEUE)
                .backoff(Backoff.LINEAR)
                .priorities(1)
                .redriveSources(21, 22);
    }

    @Test
    void shouldSayEverySetting() {
        answer(id -> server.confirmed(id, id, 41, 1));
        assertEquals(41, queues.create(everything(QueueSettings.named("orders"))));
        final CreateQueueDecoder create =
                new CreateQueueDecoder().wrapAndApplyHeader(request(CreateQueueDecoder.TEMPLATE_ID), 0, header);
        final List<Long> sources = new ArrayList<>();
        create.redriveSources().forEach(source -> sources.add(source.queueId()));
        assertEquals(List.of(21L, 22L), sources);
        assertEquals("orders", create.name());
        assertEquals(1, create.command().producerSequence());
        final String settings = create.settings().toString();

        answer(server::confirmed);
        queues.set(9, everything(QueueSettings.changes()));
        final SetQueueSettingsDecoder set = new SetQueueSettingsDecoder()
                .wrapAndApplyHeader(request(SetQueueSettingsDecoder.TEMPLATE_ID), 0, header);
        assertEquals(9, set.queueId());
        assertEquals(2, set.command().producerSequence());
        assertEquals(settings, set.settings().toString());
        assertEquals(2, set.redriveSources().count());

        // The codec of the description says the same of the same settings, so each setter hits its field.
        answer(id -> server.description(id, 7, "orders"));
        final QueueInfo info = queues.describe(7);
        assertEquals(
                "2 3 4 12 13 14 15 16 17 18 19 8 20 FIFO ON MESSAGE_GROUP QUEUE BY_QUEUE LINEAR 1 [21, 22]",
                String.join(
                        " ",
                        List.of(
                                        info.visibilityTimeoutNs(),
                                        info.delayNs(),
                                        info.receiveWaitNs(),
                                        info.retentionNs(),
                                        info.deadLetterQueueId(),
                                        info.backoffDelayNs(),
                                        info.backoffMaxNs(),
                                        info.highDepth(),
                                        info.lowDepth(),
                                        info.highAgeNs(),
                                        info.lowAgeNs(),
                                        info.maxMessageBytes(),
                                        info.maxReceiveCount(),
                                        info.queueType(),
                                        info.contentDeduplication(),
                                        info.deduplicationScope(),
                                        info.throughputScope(),
                                        info.redrivePermission(),
                                        info.backoff(),
                                        info.priorities(),
                                        info.redriveSources())
                                .stream()
                                .map(String::valueOf)
                                .toList()));
    }

    @Test
    void shouldLeaveNullWhatIsNotSaid() {
        answer(server::confirmed);
        queues.set(9, QueueSettings.changes().retentionNs(60));
        final SetQueueSettingsDecoder set = new SetQueueSettingsDecoder()
                .wrapAndApplyHeader(request(SetQueueSettingsDecoder.TEMPLATE_ID), 0, header);
        assertEquals(60, set.settings().retentionNs());
        assertEquals(Long.MIN_VALUE, set.settings().visibilityTimeoutNs());
        assertEquals(QueueType.NULL_VAL, set.settings().queueType());
        assertEquals(255, set.settings().priorities());
        assertEquals(0xFFFF_FFFFL, set.settings().maxReceiveCount());
        assertEquals(0, set.redriveSources().count());
        assertThrows(
                IllegalArgumentException.class, () -> QueueSettings.changes().priorities(255));
    }

    @Test
    void shouldPurgeTagAndUntag() {
        answer(server::confirmed);
        queues.purge(9);
        assertEquals(
                9,
                new PurgeQueueDecoder()
                        .wrapAndApplyHeader(request(PurgeQueueDecoder.TEMPLATE_ID), 0, header)
                        .queueId());

        requests.clear();
        final Map<String, String> tags = new LinkedHashMap<>();
        tags.put("colour", "grün");
        tags.put("empty", "");
        queues.tag(9, tags);
        final TagQueueDecoder tag =
                new TagQueueDecoder().wrapAndApplyHeader(request(TagQueueDecoder.TEMPLATE_ID), 0, header);
        final Map<String, String> sent = new LinkedHashMap<>();
        tag.tags().forEach(one -> sent.put(one.key(), one.value()));
        assertEquals(tags, sent);

        requests.clear();
        queues.untag(9, List.of("a", "b"));
        final UntagQueueDecoder untag =
                new UntagQueueDecoder().wrapAndApplyHeader(request(UntagQueueDecoder.TEMPLATE_ID), 0, header);
        final List<String> keys = new ArrayList<>();
        untag.keys().forEach(one -> keys.add(one.key()));
        assertEquals(List.of("a", "b"), keys);

        answer(id -> server.tags(id, "z", "a"));
        assertEquals("{z=value of z, a=value of a}", queues.tags(9).toString());
        assertEquals(9, queueId(request(ListQueueTagsDecoder.TEMPLATE_ID)));
    }

    /** Queries have it behind a shorter header. */
    private static long queueId(final UnsafeBuffer query) {
        return query.getLong(Wire.CORRELATION_ID_OFFSET + 8, ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void shouldSetAndTellAccess() {
        answer(server::confirmed);
        final List<AccessEntry> entries = List.of(
                new AccessEntry("", true, true, true),
                new AccessEntry("trader", true, true, false),
                new AccessEntry("feed", true, false, false));
        queues.setAccess(9, entries);
        final SetQueueAccessDecoder set =
                new SetQueueAccessDecoder().wrapAndApplyHeader(request(SetQueueAccessDecoder.TEMPLATE_ID), 0, header);
        final List<String> sent = new ArrayList<>();
        set.entries().forEach(one -> sent.add(one.permissions().getRaw() + one.principal()));
        assertEquals(List.of("7", "3trader", "1feed"), sent);

        answer(id -> server.access(id, "", "trader", "feed"));
        assertEquals(entries, queues.access(9));
        assertEquals(9, queueId(request(DescribeQueueAccessDecoder.TEMPLATE_ID)));
    }

    @Test
    void shouldStartCancelAndListRedrives() {
        answer(id -> server.confirmed(id, id, 77, 1));
        assertEquals(77, queues.startRedrive(9, 10, 500));
        final StartRedriveDecoder start =
                new StartRedriveDecoder().wrapAndApplyHeader(request(StartRedriveDecoder.TEMPLATE_ID), 0, header);
        assertEquals("9 10 500", start.queueId() + " " + start.destinationQueueId() + " " + start.messagesPerSecond());

        requests.clear();
        assertEquals(77, queues.cancelRedrive(12));
        assertEquals(
                12,
                new CancelRedriveDecoder()
                        .wrapAndApplyHeader(request(CancelRedriveDecoder.TEMPLATE_ID), 0, header)
                        .taskId());

        answer(id -> server.redrives(id, RedriveStatus.RUNNING));
        assertEquals(List.of(new RedriveTask(10, 20, 30, 40, 50, 60, RedriveStatus.RUNNING)), queues.redrives(9));
        assertEquals(9, queueId(request(ListRedrivesDecoder.TEMPLATE_ID)));

        answer(id -> server.list(id, requests.size() == 1 ? 2 : 0, "source"));
        assertEquals(List.of(new QueueName(2, "source"), new QueueName(0, "source")), queues.deadLetterSources(9));
        final ListDeadLetterSourcesDecoder list = new ListDeadLetterSourcesDecoder()
                .wrapAndApplyHeader(requests.get(1).frame(), 0, header);
        assertEquals("9 2", list.queueId() + " " + list.afterQueueId());
    }

    @Test
    void shouldBrowsePageByPage() {
        final byte[] payload = payload();
        answer(id -> {
            switch (requests.size()) {
                case 1 -> server.browsed(id, 1, payload.length, payload).browseEnd(id, 5, 1);
                case 2 -> server.browseEnd(id, 8, 0);
                default ->
                    server.browsed(id, 2, 1_000_000, new byte[] {1, 0, 0, 0, 0x40, 0x42, 0xf, 0, 'x'})
                            .browseEnd(id, 0, 1);
            }
        });

        final Iterator<BrowsedMessage> messages =
                queues.browse(9, EnumSet.of(MessageStatus.AVAILABLE, MessageStatus.AWAITING_RETRY));

        assertEquals(1, requests.size());
        final BrowsedMessage first = messages.next();
        assertEquals(
                "1001 1 2001 3001 4001 6 7 8 9 IN_FLIGHT 3 true body 4 g d t",
                first.messageId() + " " + first.sequenceNumber() + " " + first.sentTimeNs() + " "
                        + first.arrivedTimeNs() + " " + first.visibleTimeNs() + " " + first.holderSessionId() + " "
                        + first.deadLetterSourceId() + " " + first.receiveCount() + " " + first.failedCount() + " "
                        + first.status() + " " + first.priority() + " " + first.isComplete() + " "
                        + new String(first.body()) + " " + first.bodyLength() + " " + first.groupId() + " "
                        + first.deduplicationId() + " " + first.traceHeader());
        assertEquals(0, first.attributes().count());
        final BrowsedMessage second = messages.next();
        assertEquals(
                "2 false x 1000000 ''",
                second.sequenceNumber() + " " + second.isComplete() + " " + new String(second.body()) + " "
                        + second.bodyLength() + " '" + second.groupId() + "'");
        assertEquals(false, messages.hasNext());
        final List<String> asked = new ArrayList<>();
        for (final FakeServer.Received request : requests) {
            final BrowseMessagesDecoder browse =
                    new BrowseMessagesDecoder().wrapAndApplyHeader(request.frame(), 0, header);
            asked.add(browse.queueId() + " " + browse.cursor() + " " + browse.maxMessages() + " "
                    + browse.statuses().getRaw());
        }
        assertEquals(List.of("9 0 10 3", "9 5 10 3", "9 8 10 3"), asked);
    }

    private static byte[] payload() {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[Wire.PAYLOAD_OVERHEAD + 4 + 3]);
        payload.putShort(0, (short) 1, Wire.ORDER);
        payload.putInt(4, 4, Wire.ORDER);
        payload.putBytes(8, "body".getBytes());
        new SendOptions().groupId("g").deduplicationId("d").traceHeader("t").putTexts(payload, 12);
        return payload.byteArray();
    }

    @Test
    void shouldWatchAgainInEverySessionUntilToldNotTo() {
        answer(server::confirmed);
        queues.watch(9);
        queues.watch(10);
        final List<Long> ids =
                requests.stream().map(FakeServer.Received::correlationId).toList();
        server.alarm(9, AlarmKind.DEPTH_HIGH, 100).flush();
        assertEquals(List.of("alarm 9 DEPTH_HIGH 100 77"), harness.events(1));

        server.ingressHandler = (buffer, offset, length, aeronHeader) -> server.onFrame(buffer, offset, length);
        reconnect();
        assertEquals(List.of("9 ON " + ids.get(0), "10 ON " + ids.get(1)), takeWatches());

        // What the server refuses for now is asked for again; what it refuses for good is not.
        server.refused(ids.get(0), ResultCode.OVERLOADED)
                .refused(ids.get(1), ResultCode.UNKNOWN_QUEUE)
                .flush();
        assertEquals(List.of("refused " + ids.get(1) + "[-1] UNKNOWN_QUEUE NONE 0 0"), harness.events(1));
        harness.until("the next time to ask", () -> {
            harness.advance(1_000_000_000L);
            return !server.received.isEmpty();
        });
        assertEquals(List.of("9 ON " + ids.get(0)), takeWatches());

        answer(server::confirmed);
        queues.unwatch(9);
        server.ingressHandler = (buffer, offset, length, aeronHeader) -> server.onFrame(buffer, offset, length);
        reconnect();
        assertEquals(List.of(), takeWatches());
    }

    private void reconnect() {
        server.disconnect();
        harness.until("the loss", () -> !harness.client.isConnected());
        server.received.clear();
        harness.until("a new session", harness.client::isConnected);
        harness.turn();
        harness.recorder.take();
    }

    private List<String> takeWatches() {
        final List<String> result = new ArrayList<>();
        for (final FakeServer.Received received : server.take(WatchQueueDecoder.TEMPLATE_ID)) {
            final WatchQueueDecoder watch = new WatchQueueDecoder().wrapAndApplyHeader(received.frame(), 0, header);
            result.add(watch.queueId() + " " + watch.watching() + " " + received.correlationId());
        }
        return result;
    }

    @Test
    void shouldThrowWhatIsRefused() {
        answer(id -> server.refused(id, ResultCode.PURGE_IN_PROGRESS));
        assertEquals(
                ResultCode.PURGE_IN_PROGRESS,
                assertThrows(MillraceException.class, () -> queues.purge(9)).code());
        answer(id -> server.refused(id, ResultCode.UNKNOWN_QUEUE));
        assertEquals(
                "No queue has the id 9.",
                assertThrows(MillraceException.class, () -> queues.browse(9, Set.of(MessageStatus.AVAILABLE)))
                        .getMessage());
    }
}
