package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.ChildShard;
import io.millrace.client.PushReader;
import io.millrace.client.ShardHandler;
import io.millrace.client.StreamConsumerName;
import io.millrace.client.StreamConsumers;
import io.millrace.client.StreamPosition;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards that are pushed: through the client library, Aeron, the kernel, the record logs and back. */
class StreamPushTest {
    private static final long REST_S = 2;
    private static final long DURATION_S = 8;

    @TempDir
    private Path directory;

    private TestServer server;
    private LibraryClient client;
    private RawStreams streams;
    private long stream;
    private long shard;
    private long consumer;

    @BeforeEach
    void start() {
        server = new TestServer(
                directory,
                ctx -> ctx.limits(Limits.nativeProfile()
                        .with(LimitId.SHARD_SUBSCRIPTION_REST, TimeUnit.SECONDS.toNanos(REST_S))
                        .with(LimitId.SHARD_SUBSCRIPTION, TimeUnit.SECONDS.toNanos(DURATION_S))));
        connect();
        stream = streams.create("tape", 1);
        shard = streams.shards(stream).get(0).value();
        consumer = consumers().register(stream, "bars");
    }

    private void connect() {
        client = new LibraryClient(server);
        streams = new RawStreams(server, server.client());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        assertEquals(0, server.server().errorCount(), () -> "errors: " + server.log);
    }

    private StreamConsumers consumers() {
        return client.client().streams().consumers();
    }

    /** What a reader hands over: the data of each record, and how it ends. */
    private static final class Seen implements ShardHandler {
        private final List<String> data = new ArrayList<>();
        private final List<String> ends = new ArrayList<>();

        @Override
        public void onRecord(
                final long shardId,
                final long sequenceNumber,
                final long arrivalTimeNs,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            data.add(buffer.getStringWithoutLengthUtf8(dataOffset, dataLength));
        }

        @Override
        public void onShardEnd(final long shardId, final List<ChildShard> children) {
            ends.add("children " + children.stream().map(ChildShard::shardId).toList());
        }

        @Override
        public void onReadRefused(
                final long shardId, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
            ends.add(code.name());
        }
    }

    private PushReader subscribe(final LibraryClient at, final StreamPosition start, final Seen seen) {
        final PushReader reader = at.client().streams().consumers().subscribe(consumer, shard, start, seen);
        at.await("the subscription", reader::isSubscribed);
        return reader;
    }

    private void await(final Seen seen, final String... data) {
        client.await(data.length + " records", () -> seen.data.size() >= data.length);
        assertEquals(List.of(data), seen.data);
    }

    /** Time goes by, in steps that no session dies of. */
    private void advance(final long seconds) {
        for (int second = 0; second < seconds; second++) {
            server.advance(1, TimeUnit.SECONDS);
            client.client().poll();
            server.crank(20);
        }
    }

    @Test
    void shouldPushWhatIsThereAndThenWhatComes() {
        streams.put(stream, "k", "1", "2");
        final Seen seen = new Seen();
        final PushReader reader = subscribe(client, StreamPosition.HORIZON, seen);
        await(seen, "1", "2");

        streams.put(stream, "k", "3");
        await(seen, "1", "2", "3");
        streams.put(stream, "k", "4", "5");

        await(seen, "1", "2", "3", "4", "5");
        assertEquals(0, reader.behindNs());
        assertEquals(1, consumers().describe(consumer).subscriptionCount());
        assertEquals(
                List.of(new StreamConsumerName(consumer, "bars")), consumers().list(stream));
    }

    @Test
    void shouldPushFromTheLatestOn() {
        streams.put(stream, "k", "before");
        final Seen seen = new Seen();
        subscribe(client, StreamPosition.LATEST, seen);

        streams.put(stream, "k", "after");

        await(seen, "after");
    }

    @Test
    void shouldPushNoMoreThanTheWindowTakes() {
        final long id = streams.subscribe(consumer, shard, 10);
        final long subscription = streams.confirmed(id);
        streams.put(stream, "k", "123", "4567", "89", "0");
        final List<Event> first = streams.await("Pushed", id, 2);
        assertEquals(List.of("k=123", "k=4567"), texts(id));
        assertEquals(1, first.get(1).count(), "more is there");

        streams.credit(subscription, 3);
        assertEquals(3, streams.await("Pushed", id, 3).size());
        streams.credit(subscription, 1_000_000);
        assertEquals(4, streams.await("Pushed", id, 4).size());

        streams.credit(subscription, 1_000_000);
        streams.put(stream, "k", "a".repeat(9), "b".repeat(9));
        assertEquals(5, streams.await("Pushed", id, 5).size(), "no more window was given back than was used");
    }

    @Test
    void shouldPushARecordThatIsLongerThanTheWindowAlone() {
        final long id = streams.subscribe(consumer, shard, 5);
        final long subscription = streams.confirmed(id);
        streams.put(stream, "k", "1", "longer than the window", "2");
        streams.await("Pushed", id, 1);
        assertEquals(List.of("k=1"), texts(id));

        streams.credit(subscription, 2);
        assertEquals(2, streams.await("Pushed", id, 2).size());
        streams.credit(subscription, 1 + "longer than the window".length());

        streams.await("Pushed", id, 3);
        assertEquals(List.of("k=1", "k=longer than the window", "k=2"), texts(id));
    }

    @Test
    void shouldTakeNoWindowFromAnotherSession() {
        final long id = streams.subscribe(consumer, shard, 2);
        final long subscription = streams.confirmed(id);
        streams.put(stream, "k", "1", "2");
        streams.await("Pushed", id, 1);

        new RawStreams(server, server.client()).credit(subscription, 2);

        assertEquals(1, streams.await("Pushed", id, 1).size());
    }

    /** Statement K12: not before it has rested. */
    @Test
    void shouldLetASecondSubscriptionTakeTheShardOverAfterARest() {
        final Seen first = new Seen();
        final Seen second = new Seen();
        final PushReader loser = subscribe(client, StreamPosition.HORIZON, first);
        try (LibraryClient other = new LibraryClient(server)) {
            final PushReader winner =
                    other.client().streams().consumers().subscribe(consumer, shard, StreamPosition.HORIZON, second);
            for (int i = 0; i < 200; i++) {
                server.crank();
                client.client().poll();
                other.client().poll();
            }
            assertFalse(winner.isSubscribed(), "refused while the first has not rested");
            server.advance(REST_S, TimeUnit.SECONDS);
            other.await("the shard", winner::isSubscribed);
            client.await("the end", loser::isEnded);

            streams.put(stream, "k", "1");
            other.await("the record", () -> !second.data.isEmpty());

            assertEquals(List.of("PUSH_TAKEN_OVER"), first.ends);
            assertEquals(List.of(), first.data);
            assertEquals(List.of("1"), second.data);
        }
    }

    /** Statement K12: for so long, and behind the last record again. */
    @Test
    void shouldGoOnWithANewSubscriptionWhenItsTimeIsOver() {
        final Seen seen = new Seen();
        final long id = streams.subscribe(consumers().register(stream, "raw"), shard, 1_000);
        subscribe(client, StreamPosition.HORIZON, seen);
        final List<Event> put = streams.put(stream, "k", "1", "2");
        await(seen, "1", "2");

        advance(DURATION_S + 1);
        final Event end = streams.await("PushEnd", id, 1).get(0);
        streams.put(stream, "k", "3");

        await(seen, "1", "2", "3");
        assertEquals(ResultCode.PUSH_EXPIRED, end.code());
        assertEquals(put.get(1).value(), end.value(), "the continuation is the last record");
    }

    @Test
    void shouldEndWithTheChildrenOfAClosedShard() {
        final Seen seen = new Seen();
        streams.put(stream, "k", "1");
        final PushReader reader = subscribe(client, StreamPosition.HORIZON, seen);
        await(seen, "1");
        streams.put(stream, "k", "2", "3");

        streams.split(shard, 1L << 62);
        streams.awaitActive(stream);
        client.await("the end", reader::isEnded);

        await(seen, "1", "2", "3");
        final List<Long> children = streams.shards(stream).stream()
                .filter(each -> each.to() == shard)
                .map(Event::value)
                .toList();
        assertEquals(2, children.size());
        assertEquals(List.of("children " + children), seen.ends);
    }

    @Test
    void shouldPushAClosedShardToItsEnd() {
        streams.put(stream, "k", "1", "2");
        streams.split(shard, 1L << 62);
        streams.awaitActive(stream);
        final Seen seen = new Seen();

        final PushReader reader = consumers().subscribe(consumer, shard, StreamPosition.HORIZON, seen);
        client.await("the end", reader::isEnded);

        assertEquals(List.of("1", "2"), seen.data);
        assertEquals(1, seen.ends.size());
    }

    @Test
    void shouldEndWithItsConsumerItsStreamAndItsReader() {
        final Seen seen = new Seen();
        final PushReader reader = subscribe(client, StreamPosition.HORIZON, seen);
        consumers().deregister(consumer);
        client.await("the end", reader::isEnded);
        assertEquals(List.of("UNKNOWN_STREAM_CONSUMER"), seen.ends);

        consumer = consumers().register(stream, "again");
        final PushReader closed = subscribe(client, StreamPosition.HORIZON, new Seen());
        closed.close();
        client.await("no subscription", () -> consumers().describe(consumer).subscriptionCount() == 0);

        final Seen ofStream = new Seen();
        final PushReader last = subscribe(client, StreamPosition.HORIZON, ofStream);
        streams.delete(stream);
        client.await("the end", last::isEnded);
        assertEquals(1, ofStream.ends.size());
        server.crankUntil("nothing is left", () -> server.core().flows.activeCount() == 0);
    }

    @Test
    void shouldGoOnWhereItWasWhenTheServerIsKilled() {
        final Seen seen = new Seen();
        streams.put(stream, "k", "1", "2");
        subscribe(client, StreamPosition.HORIZON, seen);
        await(seen, "1", "2");
        client.close();
        server.kill();
        server.start();
        connect();
        streams.put(stream, "k", "3");
        final Seen again = new Seen();
        subscribe(client, StreamPosition.HORIZON, again);

        await(again, "1", "2", "3");
    }

    @Test
    void shouldLetNobodyWaitForASessionThatDoesNotTakeItsRecords() {
        final RawClient stalled = server.client();
        final RawStreams lazy = new RawStreams(server, stalled);
        lazy.confirmed(lazy.subscribe(consumers().register(stream, "lazy"), shard, 8 << 20));
        stalled.isPolling = false;
        final Seen seen = new Seen();
        subscribe(client, StreamPosition.HORIZON, seen);

        for (int i = 0; i < 100; i++) {
            streams.put(stream, "k", "x".repeat(50_000));
        }
        client.await("all records", () -> seen.data.size() == 100);

        assertTrue(server.core().egress.of(stalled.sessionId).stagedBytes() < 1 << 20);
    }

    @Test
    void shouldSayThatAServerPushesAsManyShardsAsItCan() {
        final int shards = 64;
        final long wide = streams.create("wide", shards);
        long taken = 0;
        for (int i = 0; i < ShardFlows.MOST_PUSHES; i++) {
            if (i % shards == 0) {
                consumer = consumers().register(wide, "consumer " + i / shards);
            }
            taken = streams.subscribe(consumer, shard + 1 + i % shards, 10);
        }
        streams.confirmed(taken);
        final long oneMore = consumers().register(wide, "one more");
        final RawStreams other = new RawStreams(server, server.client());
        final long refused = other.subscribe(oneMore, shard + 1, 10);
        other.confirmed(refused);
        server.crankUntil("the refusal", () -> !other.of("PushEnd", refused).isEmpty());

        assertEquals(ResultCode.OVERLOADED, other.of("PushEnd", refused).get(0).code());
        assertEquals(List.of(), streams.of("PushEnd", taken));
    }

    private List<String> texts(final long id) {
        return streams.of("Pushed", id).stream().map(Event::text).toList();
    }
}
