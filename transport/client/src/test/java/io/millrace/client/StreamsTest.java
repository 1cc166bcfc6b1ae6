package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.codecs.CreateStreamDecoder;
import io.millrace.codecs.DeleteStreamDecoder;
import io.millrace.codecs.DescribeStreamAccessDecoder;
import io.millrace.codecs.DescribeStreamDecoder;
import io.millrace.codecs.GetShardIteratorDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ListShardsDecoder;
import io.millrace.codecs.ListStreamTagsDecoder;
import io.millrace.codecs.ListStreamsDecoder;
import io.millrace.codecs.LookUpStreamDecoder;
import io.millrace.codecs.MergeShardsDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SetStreamAccessDecoder;
import io.millrace.codecs.SetStreamSettingsDecoder;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.ShardState;
import io.millrace.codecs.SplitShardDecoder;
import io.millrace.codecs.StreamSettingsDecoder;
import io.millrace.codecs.StreamStatus;
import io.millrace.codecs.TagStreamDecoder;
import io.millrace.codecs.UntagStreamDecoder;
import io.millrace.codecs.UpdateShardCountDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the calls about streams ask for, read with the generated decoders, and what they make of the answers. */
class StreamsTest {
    private static final StreamInfo TAPE = new StreamInfo(7, "tape", StreamStatus.ACTIVE, 1, 2, 3, 8, 9, 6, 7, 4, 5);

    private final Harness harness = new Harness();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final List<FakeServer.Received> requests = new ArrayList<>();
    private FakeServer server;
    private Streams streams;

    @BeforeEach
    void connect() {
        streams = harness.connect(harness.context().closeTimeoutNs(0)).streams();
        server = harness.server;
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
        final FakeServer.Received request = requests.remove(0);
        assertEquals(templateId, request.templateId());
        assertEquals(harness.client.sessionId(), request.sessionId());
        return request.frame();
    }

    @Test
    void shouldSayEverySettingOfAStream() {
        answer(id -> server.confirmed(id, id, 41, 1));
        assertEquals(
                41, streams.create(StreamSettings.named("tape").retentionNs(5).maxRecordBytes(6), 4));
        final CreateStreamDecoder create =
                new CreateStreamDecoder().wrapAndApplyHeader(request(CreateStreamDecoder.TEMPLATE_ID), 0, header);
        assertEquals(
                "5 6", create.settings().retentionNs() + " " + create.settings().maxRecordBytes());
        assertEquals(4, create.shardCount());
        assertEquals(1, create.command().producerSequence());
        assertEquals("tape", create.name());

        streams.set(9, StreamSettings.changes().retentionNs(7));
        final SetStreamSettingsDecoder set = new SetStreamSettingsDecoder()
                .wrapAndApplyHeader(request(SetStreamSettingsDecoder.TEMPLATE_ID), 0, header);
        assertEquals("9 7", set.streamId() + " " + set.settings().retentionNs());
        assertEquals(
                StreamSettingsDecoder.maxRecordBytesNullValue(), set.settings().maxRecordBytes());
        assertThrows(
                IllegalArgumentException.class, () -> StreamSettings.changes().maxRecordBytes(-1));

        streams.delete(10);
        assertEquals(
                10,
                new DeleteStreamDecoder()
                        .wrapAndApplyHeader(request(DeleteStreamDecoder.TEMPLATE_ID), 0, header)
                        .streamId());
    }

    @Test
    void shouldTellOfStreams() {
        answer(id -> StreamEgress.stream(server, id, 7, StreamStatus.ACTIVE));
        assertEquals(TAPE, streams.describe(7));
        assertEquals(
                7,
                new DescribeStreamDecoder()
                        .wrapAndApplyHeader(request(DescribeStreamDecoder.TEMPLATE_ID), 0, header)
                        .streamId());
        assertEquals(TAPE, streams.lookUp("tape"));
        assertEquals(
                "tape",
                new LookUpStreamDecoder()
                        .wrapAndApplyHeader(request(LookUpStreamDecoder.TEMPLATE_ID), 0, header)
                        .name());

        answer(id -> StreamEgress.streams(server, id, requests.size() == 1 ? 2 : 0, "a"));
        assertEquals(List.of(new StreamName(2, "a"), new StreamName(0, "a")), streams.list("pre"));
        final ListStreamsDecoder list =
                new ListStreamsDecoder().wrapAndApplyHeader(requests.get(1).frame(), 0, header);
        assertEquals("2 100 pre", list.afterStreamId() + " " + list.maxEntries() + " " + list.prefix());
    }

    @Test
    void shouldWaitUntilAStreamIsActive() {
        answer(id ->
                StreamEgress.stream(server, id, 7, requests.size() < 3 ? StreamStatus.CREATING : StreamStatus.ACTIVE));
        assertEquals(TAPE, streams.awaitActive(7));
        assertEquals(3, requests.size());

        answer(id -> {
            harness.advance(1_900_000_000L);
            StreamEgress.stream(server, id, 7, StreamStatus.UPDATING);
        });
        final MillraceTimeoutException timeout =
                assertThrows(MillraceTimeoutException.class, () -> streams.awaitActive(7));
        assertEquals("Could not see the stream 7 become active within 10000 ms: it is UPDATING.", timeout.getMessage());
    }

    @Test
    void shouldListShardsAndIssueIterators() {
        final ShardInfo shard =
                new ShardInfo(11, 10, ShardState.CLOSED, 2, 3, new HashKey(1, 2), HashKey.MAX, 4, 5, 6, 7, 8, 9);
        answer(id -> StreamEgress.shards(server, id, requests.size() == 1 ? 11 : 0, 11));
        assertEquals(List.of(shard, shard), streams.shards(9, ShardSelection.from(5)));
        final List<String> asked = new ArrayList<>();
        for (final FakeServer.Received request : requests) {
            final ListShardsDecoder list = new ListShardsDecoder().wrapAndApplyHeader(request.frame(), 0, header);
            asked.add(list.streamId() + " after " + list.afterShardId() + " token " + list.tokenTimeNs() + " "
                    + list.filter() + " " + list.timestampNs() + " " + list.maxEntries());
        }
        assertEquals(
                List.of("9 after 0 token 0 FROM_TIMESTAMP 5 100", "9 after 11 token 77 FROM_TIMESTAMP 5 100"), asked);

        final ShardIterator iterator = StreamEgress.after(11, 22, 33);
        answer(id -> StreamEgress.iterator(server, id, iterator));
        assertEquals(iterator, streams.iterator(11, StreamPosition.LATEST));
        final GetShardIteratorDecoder query = new GetShardIteratorDecoder();
        query.wrapAndApplyHeader(request(GetShardIteratorDecoder.TEMPLATE_ID), 0, header);
        assertEquals("11 LATEST 0", query.shardId() + " " + query.kind() + " " + query.position());
        streams.iterator(11, StreamPosition.atTime(5));
        query.wrapAndApplyHeader(request(GetShardIteratorDecoder.TEMPLATE_ID), 0, header);
        assertEquals(ShardPosition.AT_TIMESTAMP + " 5", query.kind() + " " + query.position());
    }

    @Test
    void shouldSplitMergeAndUpdate() {
        answer(server::confirmed);
        streams.split(11, new HashKey(1, 2));
        final SplitShardDecoder split =
                new SplitShardDecoder().wrapAndApplyHeader(request(SplitShardDecoder.TEMPLATE_ID), 0, header);
        assertEquals(
                "11 1 2",
                split.shardId() + " " + split.startingHashKey().high() + " "
                        + split.startingHashKey().low());

        streams.merge(11, 12);
        final MergeShardsDecoder merge =
                new MergeShardsDecoder().wrapAndApplyHeader(request(MergeShardsDecoder.TEMPLATE_ID), 0, header);
        assertEquals("11 12", merge.shardId() + " " + merge.adjacentShardId());

        streams.updateShardCount(9, 8);
        final UpdateShardCountDecoder update = new UpdateShardCountDecoder()
                .wrapAndApplyHeader(request(UpdateShardCountDecoder.TEMPLATE_ID), 0, header);
        assertEquals("9 8", update.streamId() + " " + update.shardCount());
    }

    @Test
    void shouldTagAndUntag() {
        answer(server::confirmed);
        final Map<String, String> tags = new LinkedHashMap<>();
        tags.put("colour", "gr\u00fcn");
        tags.put("empty", "");
        streams.tag(9, tags);
        final TagStreamDecoder tag =
                new TagStreamDecoder().wrapAndApplyHeader(request(TagStreamDecoder.TEMPLATE_ID), 0, header);
        assertEquals(9, tag.streamId());
        final Map<String, String> sent = new LinkedHashMap<>();
        tag.tags().forEach(one -> sent.put(one.key(), one.value()));
        assertEquals(tags, sent);

        streams.untag(9, List.of("a", "b"));
        final UntagStreamDecoder untag =
                new UntagStreamDecoder().wrapAndApplyHeader(request(UntagStreamDecoder.TEMPLATE_ID), 0, header);
        final List<String> keys = new ArrayList<>();
        untag.keys().forEach(one -> keys.add(one.key()));
        assertEquals("9 [a, b]", untag.streamId() + " " + keys);

        answer(id -> server.tags(id, "z", "a"));
        assertEquals("{z=value of z, a=value of a}", streams.tags(9).toString());
        assertEquals(
                9,
                new ListStreamTagsDecoder()
                        .wrapAndApplyHeader(request(ListStreamTagsDecoder.TEMPLATE_ID), 0, header)
                        .streamId());
    }

    @Test
    void shouldSetAndTellAccess() {
        answer(server::confirmed);
        final List<AccessEntry> entries =
                List.of(new AccessEntry("", true, true, true), new AccessEntry("feed", true, true, false));
        streams.setAccess(9, entries);
        final SetStreamAccessDecoder set =
                new SetStreamAccessDecoder().wrapAndApplyHeader(request(SetStreamAccessDecoder.TEMPLATE_ID), 0, header);
        assertEquals(9, set.streamId());
        final List<String> sent = new ArrayList<>();
        set.entries().forEach(one -> sent.add(one.permissions().getRaw() + one.principal()));
        assertEquals(List.of("7", "3feed"), sent);

        answer(id -> server.access(id, "", "feed"));
        assertEquals(entries, streams.access(9));
        assertEquals(
                9,
                new DescribeStreamAccessDecoder()
                        .wrapAndApplyHeader(request(DescribeStreamAccessDecoder.TEMPLATE_ID), 0, header)
                        .streamId());
    }

    @Test
    void shouldNameWhatDoesNotExistOrFit() {
        assertRefused("No stream has the id 9.", ResultCode.UNKNOWN_STREAM, 0, () -> streams.describe(9));
        assertRefused("No stream is named x.", ResultCode.UNKNOWN_STREAM, 0, () -> streams.lookUp("x"));
        assertRefused(
                "No shard has the id 7, or all of it is beyond the retention.",
                ResultCode.UNKNOWN_SHARD,
                0,
                () -> streams.iterator(7, StreamPosition.HORIZON));
        assertRefused(
                "No shard has the id 7 or 8, or all of it is beyond the retention.",
                ResultCode.UNKNOWN_SHARD,
                0,
                () -> streams.merge(7, 8));
        assertRefused(
                "The hash key 5 is not in the range of the shard, behind its start.",
                ResultCode.INVALID_ARGUMENT,
                0,
                () -> streams.split(7, new HashKey(0, 5)));
        assertRefused(
                "A stream of this name exists with another value of SHARD_COUNT.",
                ResultCode.STREAM_EXISTS,
                3,
                () -> streams.create("tape", 4));
        assertRefused(
                "The setting SHARD_COUNT does not fit the stream.",
                ResultCode.INVALID_SETTING,
                3,
                () -> streams.updateShardCount(9, 100));
        assertRefused(
                "The stream is being created, or its shards are being changed: try again later.",
                ResultCode.RESOURCE_IN_USE,
                0,
                () -> streams.split(7, HashKey.MAX));
        assertRefused("This client may not do that.", ResultCode.NOT_AUTHORISED, 0, () -> streams.delete(9));
    }

    private void assertRefused(final String sentence, final ResultCode code, final long actual, final Executable call) {
        answer(id -> server.refused(id, -1, code, LimitId.NONE, 0, actual));
        final MillraceException refusal = assertThrows(MillraceException.class, call);
        assertEquals(sentence, refusal.getMessage());
        assertEquals(code, refusal.code());
    }
}
