package io.millrace.client;

import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardPosition;
import java.util.ArrayList;
import java.util.List;

/**
 * Registers, lists and removes consumers of streams, and has shards pushed to them. A consumer is what Kinesis calls one with enhanced
 * fan-out: each has a flow of its own, and has each shard in one place at a time. Every call waits for its answer as those of {@link
 * Streams} do, and throws what they throw.
 */
public final class StreamConsumers {
    private static final int PAGE_ENTRIES = 100;

    /** Half of it is on its way while the other half is read. */
    private static final int WINDOW_BYTES = 256 * 1024;

    private final StreamConsumerFrames frames;
    private final Streams streams;
    private final FrameWriter writer;
    private final BlockingRequests requests;
    private final StreamWork work;
    private final ClientContext context;

    StreamConsumers(
            final Streams streams,
            final FrameWriter writer,
            final BlockingRequests requests,
            final StreamWork work,
            final ClientContext context) {
        this.frames = new StreamConsumerFrames(writer);
        this.streams = streams;
        this.writer = writer;
        this.requests = requests;
        this.work = work;
        this.context = context;
    }

    /**
     * Registers a consumer. One of this name is left as it is.
     *
     * @param streamId the stream
     * @param name of the consumer: UTF-8, at most 256 bytes; once in the stream
     * @return id of the consumer
     */
    public long register(final long streamId, final String name) {
        return requests.command(
                "register the consumer " + name, noStream(streamId), () -> frames.register(streamId, name));
    }

    /**
     * Removes a consumer. Its subscriptions end.
     *
     * @param consumerId the consumer
     */
    public void deregister(final long consumerId) {
        requests.command(
                "deregister the consumer " + consumerId, none(consumerId), () -> frames.deregister(consumerId));
    }

    /**
     * Tells of a consumer.
     *
     * @param consumerId the consumer
     * @return what is known of it
     */
    public StreamConsumerInfo describe(final long consumerId) {
        return requests.query(
                "describe the consumer " + consumerId,
                none(consumerId),
                StreamConsumerInfo.class,
                () -> frames.describe(consumerId));
    }

    /**
     * Lists the consumers of a stream in order of registration, page by page until the last.
     *
     * @param streamId the stream
     * @return the consumers
     */
    public List<StreamConsumerName> list(final long streamId) {
        final List<StreamConsumerName> result = new ArrayList<>();
        long after = 0;
        do {
            final long start = after;
            final Answers.StreamConsumerPage page = requests.query(
                    "list the consumers of the stream " + streamId,
                    noStream(streamId),
                    Answers.StreamConsumerPage.class,
                    () -> frames.list(streamId, start, PAGE_ENTRIES));
            result.addAll(page.consumers());
            after = page.nextAfterConsumerId();
        } while (after != 0);
        return result;
    }

    /**
     * Has a shard pushed to this client, with a window of 256 KiB.
     *
     * @param consumerId a consumer of the shard's stream
     * @param shardId the shard
     * @param start where it begins
     * @param handler takes the records
     * @return the reader, which begins with the next poll
     */
    public PushReader subscribe(
            final long consumerId, final long shardId, final StreamPosition start, final ShardHandler handler) {
        return subscribe(consumerId, shardId, start, WINDOW_BYTES, handler);
    }

    /**
     * Has a shard pushed to this client. Only a start at LATEST asks the server, which record that is.
     *
     * @param consumerId a consumer of the shard's stream
     * @param shardId the shard
     * @param start where it begins
     * @param windowBytes how much of partition keys and data may be on its way: at least 1, at most the server's limit CREDIT_BYTES. A record
     *     that is longer comes alone
     * @param handler takes the records
     * @return the reader, which begins with the next poll
     * @throws IllegalArgumentException if windowBytes is less than 1
     */
    public PushReader subscribe(
            final long consumerId,
            final long shardId,
            final StreamPosition start,
            final int windowBytes,
            final ShardHandler handler) {
        if (windowBytes < 1) {
            throw new IllegalArgumentException("windowBytes must be at least 1.");
        }
        StreamPosition known = start;
        if (start.kind() == ShardPosition.LATEST) {
            // After a reconnect LATEST would be another record.
            final ShardIterator latest = streams.iterator(shardId, start);
            known = new StreamPosition(latest.kind(), latest.position());
        }
        final PushReader reader = new PushReader(consumerId, shardId, known, windowBytes, writer, context, handler);
        work.add(reader);
        return reader;
    }

    /**
     * Has all shards of a stream pushed, through splits and merges, each with a window of 256 KiB.
     *
     * @param consumerId a consumer of the stream
     * @param start where it begins
     * @param handler takes the records
     * @return what is to be polled
     */
    public StreamFollower follow(final long consumerId, final StreamPosition start, final ShardHandler handler) {
        final long streamId = describe(consumerId).streamId();
        return new StreamFollower(
                streams,
                streamId,
                start,
                null,
                (shardId, startOfShard, handlerOfShard) -> subscribe(consumerId, shardId, startOfShard, handlerOfShard),
                handler);
    }

    private static BlockingRequests.Explanation noStream(final long streamId) {
        return refusal -> refusal.code() == ResultCode.UNKNOWN_STREAM
                ? "No stream has the id " + streamId + "."
                : ErrorText.ofStream(refusal.code(), refusal.actual());
    }

    private static BlockingRequests.Explanation none(final long consumerId) {
        return refusal -> refusal.code() == ResultCode.UNKNOWN_STREAM_CONSUMER
                ? "No consumer of a stream has the id " + consumerId + "."
                : null;
    }
}
