package io.millrace.server;

import io.millrace.codecs.CreateStreamEncoder;
import io.millrace.codecs.DeleteStreamEncoder;
import io.millrace.codecs.DescribeStreamEncoder;
import io.millrace.codecs.GetRecordsEncoder;
import io.millrace.codecs.ListShardsEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PutRecordsEncoder;
import io.millrace.codecs.QueryHeaderEncoder;
import io.millrace.codecs.RegisterStreamConsumerEncoder;
import io.millrace.codecs.ShardCreditEncoder;
import io.millrace.codecs.ShardFilter;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.SplitShardEncoder;
import io.millrace.codecs.StreamSettingsEncoder;
import io.millrace.codecs.SubscribeToShardEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a {@link RawClient} says about streams. */
final class RawStreams {

    /** Cycles in which whatever is on its way comes. */
    private static final int PATIENCE = 200;

    private final RawClient client;
    private final TestServer server;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    RawStreams(final TestServer server, final RawClient client) {
        this.server = server;
        this.client = client;
    }

    /** {@return the id of a new stream, whose shards are open} */
    long create(final String name, final int shards) {
        final CreateStreamEncoder command = new CreateStreamEncoder().wrapAndApplyHeader(client.buffer, 0, header);
        final long id = client.command(command.command());
        command.shardCount(shards)
                .settings()
                .retentionNs(StreamSettingsEncoder.retentionNsNullValue())
                .maxRecordBytes(StreamSettingsEncoder.maxRecordBytesNullValue())
                .reserved(0);
        client.offer(command.name(name).encodedLength());
        final long streamId = confirmed(id);
        awaitActive(streamId);
        return streamId;
    }

    void delete(final long streamId) {
        final DeleteStreamEncoder command = new DeleteStreamEncoder().wrapAndApplyHeader(client.buffer, 0, header);
        final long id = client.command(command.command());
        client.offer(command.streamId(streamId).encodedLength());
        confirmed(id);
    }

    void awaitActive(final long streamId) {
        server.crankUntil("the shards of stream " + streamId + " are open", () -> {
            final DescribeStreamEncoder query =
                    new DescribeStreamEncoder().wrapAndApplyHeader(client.buffer, 0, header);
            final long id = query(query.query());
            client.offer(query.streamId(streamId).encodedLength());
            return client.await(
                                    "stream " + streamId,
                                    e -> e.type().equals("StreamDescription") && e.correlationId() == id)
                            .count()
                    == 1;
        });
    }

    /** {@return shards in order of creation} */
    List<Event> shards(final long streamId) {
        final ListShardsEncoder query = new ListShardsEncoder().wrapAndApplyHeader(client.buffer, 0, header);
        final long id = query(query.query());
        client.offer(query.streamId(streamId)
                .afterShardId(0)
                .tokenTimeNs(0)
                .timestampNs(0)
                .maxEntries(100)
                .filter(ShardFilter.FROM_TRIM_HORIZON)
                .encodedLength());
        client.await("shards", e -> e.type().equals("ShardListEnd") && e.correlationId() == id);
        return of("Shard", id);
    }

    void split(final long shardId, final long high) {
        final SplitShardEncoder command = new SplitShardEncoder().wrapAndApplyHeader(client.buffer, 0, header);
        final long id = client.command(command.command());
        command.shardId(shardId).startingHashKey().high(high).low(0);
        client.offer(command.encodedLength());
        confirmed(id);
    }

    /** Puts records of one key in one command; each result is an event. */
    List<Event> put(final long streamId, final String key, final String... data) {
        final PutRecordsEncoder command = new PutRecordsEncoder().wrapAndApplyHeader(client.buffer, 0, header);
        final long id = client.command(command.command());
        final PutRecordsEncoder.RecordsEncoder records =
                command.streamId(streamId).recordsCount(data.length);
        for (final String text : data) {
            records.next().hashKey().high(0).low(0);
            records.flags().clear();
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            records.partitionKey(key).putData(bytes, 0, bytes.length);
        }
        client.offer(command.encodedLength());
        client.await("results", e -> e.type().equals("Put") && e.correlationId() == id);
        return of("Put", id);
    }

    /** Asks for records; nothing is awaited. */
    long ask(final long shardId, final ShardPosition kind, final long position, final int records, final int bytes) {
        final GetRecordsEncoder command = new GetRecordsEncoder().wrapAndApplyHeader(client.buffer, 0, header);
        final long id = client.command(command.command());
        command.iterator()
                .shardId(shardId)
                .position(position)
                .issuedTimeNs(TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()))
                .kind(kind)
                .reserved1((short) 0)
                .reserved2(0)
                .reserved4(0);
        client.offer(command.maxRecords(records).maxBytes(bytes).encodedLength());
        return id;
    }

    /** {@return the id of a consumer} */
    long register(final long streamId, final String name) {
        final RegisterStreamConsumerEncoder command =
                new RegisterStreamConsumerEncoder().wrapAndApplyHeader(client.buffer, 0, header);
        final long id = client.command(command.command());
        client.offer(command.streamId(streamId).name(name).encodedLength());
        return confirmed(id);
    }

    /** Has a shard pushed from its oldest record on; nothing is awaited. */
    long subscribe(final long consumerId, final long shardId, final int windowBytes) {
        final SubscribeToShardEncoder command =
                new SubscribeToShardEncoder().wrapAndApplyHeader(client.buffer, 0, header);
        final long id = client.command(command.command());
        client.offer(command.consumerId(consumerId)
                .shardId(shardId)
                .position(0)
                .windowBytes(windowBytes)
                .kind(ShardPosition.TRIM_HORIZON)
                .encodedLength());
        return id;
    }

    /** Gives window back. */
    void credit(final long subscriptionId, final long bytes) {
        final ShardCreditEncoder message = new ShardCreditEncoder().wrapAndApplyHeader(client.buffer, 0, header);
        client.offer(message.sessionId(client.sessionId)
                .subscriptionId(subscriptionId)
                .bytes(bytes)
                .encodedLength());
    }

    Event awaitEnd(final long id) {
        return client.await("the end of read " + id, e -> isAnswer(e) && e.correlationId() == id);
    }

    private static boolean isAnswer(final Event event) {
        return event.type().equals("RecordsEnd") || event.type().equals("Refused");
    }

    /** {@return the records behind a sequence number, "key=data"} */
    List<String> read(final long shardId, final long after) {
        final long id = ask(shardId, ShardPosition.AFTER_SEQUENCE_NUMBER, after, 10_000, 10 << 20);
        awaitEnd(id);
        return of("Record", id).stream().map(Event::text).toList();
    }

    /** Waits for so many events, and a while for more. */
    List<Event> await(final String type, final long id, final int count) {
        server.crankUntil(count + " of " + type, () -> {
            client.poll();
            return of(type, id).size() >= count;
        });
        for (int i = 0; i < PATIENCE; i++) {
            server.crank();
            client.poll();
        }
        return of(type, id);
    }

    List<Event> of(final String type, final long id) {
        return client.all(type).stream().filter(e -> e.correlationId() == id).toList();
    }

    long confirmed(final long id) {
        return client.await(
                        "confirmation", e -> e.type().equals("Confirmed") && e.correlationId() <= id && id <= e.to())
                .value();
    }

    private long query(final QueryHeaderEncoder query) {
        final long id = client.correlationId++;
        query.sessionId(client.sessionId).correlationId(id);
        return id;
    }
}
