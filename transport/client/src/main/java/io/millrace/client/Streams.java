package io.millrace.client;

import io.millrace.codecs.ResultCode;
import io.millrace.codecs.StreamStatus;
import io.millrace.store.reader.ShardReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Makes, finds, changes and removes streams and their shards. Every call waits for its answer, at most the context's request timeout, and
 * polls meanwhile, as the calls of {@link Queues} do, and is not to be called from inside a handler. Only {@link #producer}, {@link
 * #reader} and {@link #sharedReader} ask nothing: they make what puts and reads records.
 *
 * <p>Every call throws {@link MillraceException} if the server refuses, and {@link MillraceTimeoutException} if it does
 * not answer in time; a query is asked again after a reconnect.
 */
public final class Streams {
    private static final int PAGE_ENTRIES = 100;

    private static final int BUFFER_LENGTH = 4 * 1024 * 1024;

    /** A record that fills a frame fits twice. */
    private static final int MIN_BUFFER_LENGTH = 128 * 1024;

    private final StreamFrames frames;
    private final FrameWriter writer;
    private final BlockingRequests requests;
    private final StreamWork work;
    private final ClientContext context;
    private final ConsumerGroups groups;
    private final StreamConsumers consumers;

    Streams(
            final FrameWriter writer,
            final BlockingRequests requests,
            final StreamWork work,
            final ClientContext context) {
        this.frames = new StreamFrames(writer);
        this.writer = writer;
        this.requests = requests;
        this.work = work;
        this.context = context;
        this.groups = new ConsumerGroups(writer, requests, work, context);
        this.consumers = new StreamConsumers(this, writer, requests, work, context);
    }

    /** @return calls about consumer groups of streams, and what joins them. */
    public ConsumerGroups groups() {
        return groups;
    }

    /** @return calls about consumers that shards are pushed to, and what subscribes them. */
    public StreamConsumers consumers() {
        return consumers;
    }

    /**
     * Creates a stream. One of this name, these settings and this number of shards is left as it is. Records can be put when its
     * shards are open, which {@link #awaitActive} waits for.
     *
     * @param settings of the stream
     * @param shardCount shards, which divide the hash keys evenly
     * @return id of the stream
     */
    public long create(final StreamSettings settings, final int shardCount) {
        return requests.command(
                "create the stream " + settings.name(),
                none("is named " + settings.name()),
                () -> frames.create(settings, shardCount));
    }

    /**
     * Creates a stream with the server's defaults.
     *
     * @param name of the stream
     * @param shardCount shards, which divide the hash keys evenly
     * @return id of the stream
     */
    public long create(final String name, final int shardCount) {
        return create(StreamSettings.named(name), shardCount);
    }

    /**
     * Waits until the shards of a stream stand: until it was created, or what {@link #split}, {@link #merge} and {@link
     * #updateShardCount} began is done.
     *
     * @param streamId the stream
     * @return the stream, ACTIVE
     */
    public StreamInfo awaitActive(final long streamId) {
        return requests.repeat(
                "see the stream " + streamId + " become active",
                () -> describe(streamId),
                StreamInfo::status,
                StreamStatus.ACTIVE);
    }

    /**
     * Changes settings of a stream.
     *
     * @param streamId the stream
     * @param changes what is not set in them stays as it is
     */
    public void set(final long streamId, final StreamSettings changes) {
        requests.command("change the stream " + streamId, noneWithId(streamId), () -> frames.set(streamId, changes));
    }

    /**
     * Finds a stream.
     *
     * @param name of the stream
     * @return the stream; {@code UNKNOWN_STREAM} is thrown if there is none
     */
    public StreamInfo lookUp(final String name) {
        return requests.query(
                "look up the stream " + name, none("is named " + name), StreamInfo.class, () -> frames.lookUp(name));
    }

    /**
     * Tells of a stream.
     *
     * @param streamId the stream
     * @return its settings and counts
     */
    public StreamInfo describe(final long streamId) {
        return requests.query(
                "describe the stream " + streamId,
                noneWithId(streamId),
                StreamInfo.class,
                () -> frames.describe(streamId));
    }

    /**
     * Lists streams in order of creation, page by page until the last.
     *
     * @param prefix only names that start with this; may be empty
     * @return the streams
     */
    public List<StreamName> list(final String prefix) {
        final List<StreamName> result = new ArrayList<>();
        long after = 0;
        do {
            final long start = after;
            final Answers.StreamPage page = requests.query(
                    "list the streams",
                    none("is there"),
                    Answers.StreamPage.class,
                    () -> frames.list(start, PAGE_ENTRIES, prefix));
            result.addAll(page.streams());
            after = page.nextAfterStreamId();
        } while (after != 0);
        return result;
    }

    /**
     * Deletes a stream and all its records.
     *
     * @param streamId the stream
     */
    public void delete(final long streamId) {
        requests.command("delete the stream " + streamId, noneWithId(streamId), () -> frames.delete(streamId));
    }

    /**
     * Adds tags to a stream, or replaces their values.
     *
     * @param streamId the stream
     * @param tags values by key
     */
    public void tag(final long streamId, final Map<String, String> tags) {
        requests.command("tag the stream " + streamId, noneWithId(streamId), () -> frames.tag(streamId, tags));
    }

    /**
     * Removes tags of a stream; keys that it does not have are none.
     *
     * @param streamId the stream
     * @param keys of the tags
     */
    public void untag(final long streamId, final Collection<String> keys) {
        requests.command("untag the stream " + streamId, noneWithId(streamId), () -> frames.untag(streamId, keys));
    }

    /**
     * Tells the tags of a stream.
     *
     * @param streamId the stream
     * @return values by key, in the order in which the keys were added
     */
    public Map<String, String> tags(final long streamId) {
        return requests.query(
                        "list the tags of the stream " + streamId,
                        noneWithId(streamId),
                        Answers.Tags.class,
                        () -> frames.listTags(streamId))
                .tags();
    }

    /**
     * Sets who may do what with a stream: to send is to put, to receive is to read.
     *
     * @param streamId the stream
     * @param entries the whole list; empty: everybody may do everything
     */
    public void setAccess(final long streamId, final List<AccessEntry> entries) {
        requests.command(
                "set the access to the stream " + streamId,
                noneWithId(streamId),
                () -> frames.setAccess(streamId, entries));
    }

    /**
     * Tells who may do what with a stream.
     *
     * @param streamId the stream
     * @return the whole list; empty: everybody may do everything
     */
    public List<AccessEntry> access(final long streamId) {
        return requests.query(
                        "tell the access to the stream " + streamId,
                        noneWithId(streamId),
                        Answers.Access.class,
                        () -> frames.describeAccess(streamId))
                .entries();
    }

    /**
     * Lists shards of a stream in order of their creation, page by page until the last.
     *
     * @param streamId the stream
     * @param selection which
     * @return the shards
     */
    public List<ShardInfo> shards(final long streamId, final ShardSelection selection) {
        final List<ShardInfo> result = new ArrayList<>();
        long after = 0;
        long tokenTimeNs = 0;
        do {
            final long start = after;
            final long token = tokenTimeNs;
            final Answers.ShardPage page = requests.query(
                    "list the shards of the stream " + streamId,
                    noneWithId(streamId),
                    Answers.ShardPage.class,
                    () -> frames.listShards(streamId, selection, start, token, PAGE_ENTRIES));
            result.addAll(page.shards());
            after = page.nextAfterShardId();
            tokenTimeNs = page.tokenTimeNs();
        } while (after != 0);
        return result;
    }

    /** @param streamId the stream. @return all shards that may still hold records, and those that will */
    public List<ShardInfo> shards(final long streamId) {
        return shards(streamId, ShardSelection.ALL);
    }

    /**
     * Divides a shard in two. The stream is UPDATING until they are open; then the shard is CLOSED.
     *
     * @param shardId the shard
     * @param startingHashKey where the second one begins: inside the range of the shard, behind its start
     */
    public void split(final long shardId, final HashKey startingHashKey) {
        requests.command(
                "split the shard " + shardId,
                refusal -> refusal.code() == ResultCode.INVALID_ARGUMENT
                        ? "The hash key " + startingHashKey + " is not in the range of the shard, behind its start."
                        : ofShard(shardId, refusal),
                () -> frames.split(shardId, startingHashKey));
    }

    /**
     * Makes one shard of two. The stream is UPDATING until it is open; then the two are CLOSED.
     *
     * @param shardId the shard
     * @param adjacentShardId the one whose range begins where that of the first ends
     */
    public void merge(final long shardId, final long adjacentShardId) {
        requests.command(
                "merge the shards " + shardId + " and " + adjacentShardId,
                refusal -> refusal.code() == ResultCode.UNKNOWN_SHARD
                        ? "No shard has the id " + shardId + " or " + adjacentShardId
                                + ", or all of it is beyond the retention."
                        : ErrorText.ofStream(refusal.code(), refusal.actual()),
                () -> frames.merge(shardId, adjacentShardId));
    }

    /**
     * Splits or merges shards, spread evenly, until there are as many as wanted. The stream is UPDATING until they are open.
     *
     * @param streamId the stream
     * @param shardCount open shards wanted: at most twice, at least half of what there is
     */
    public void updateShardCount(final long streamId, final int shardCount) {
        requests.command(
                "change the number of shards of the stream " + streamId,
                noneWithId(streamId),
                () -> frames.updateShardCount(streamId, shardCount));
    }

    /**
     * Asks where to begin to read a shard.
     *
     * @param shardId the shard
     * @param position where
     * @return the iterator
     */
    public ShardIterator iterator(final long shardId, final StreamPosition position) {
        return requests.query(
                "get an iterator of the shard " + shardId,
                refusal -> ofShard(shardId, refusal),
                ShardIterator.class,
                () -> frames.iterator(shardId, position));
    }

    /**
     * Makes a producer of records with a buffer of 1 MiB.
     *
     * @param streamId the stream
     * @param listener hears what became of each record
     * @return the producer
     * @throws IllegalStateException if the context has {@code producer(false)}
     */
    public StreamProducer producer(final long streamId, final PutListener listener) {
        return producer(streamId, BUFFER_LENGTH, listener);
    }

    /**
     * Makes a producer of records.
     *
     * @param streamId the stream
     * @param bufferLength of the buffer that keeps records until they are stored, in bytes: a power of two, at least 128 KiB
     * @param listener hears what became of each record
     * @return the producer
     * @throws IllegalStateException if the context has {@code producer(false)}: a frame that was lost would never be answered
     * @throws IllegalArgumentException if the buffer cannot have this length
     */
    public StreamProducer producer(final long streamId, final int bufferLength, final PutListener listener) {
        if (!context.producer()) {
            throw new IllegalStateException("A producer of records needs a context with producer(true).");
        }
        if (Integer.bitCount(bufferLength) != 1 || bufferLength < MIN_BUFFER_LENGTH) {
            throw new IllegalArgumentException("bufferLength must be a power of two >= " + MIN_BUFFER_LENGTH + ".");
        }
        final StreamProducer producer = new StreamProducer(streamId, bufferLength, writer, context, listener);
        work.add(producer);
        return producer;
    }

    /**
     * Makes a reader that asks the server for the records of a shard, again and again.
     *
     * @param shardId the shard
     * @param start where it begins
     * @param handler takes the records
     * @return the reader, which begins with the next poll
     */
    public PullReader reader(final long shardId, final StreamPosition start, final ShardHandler handler) {
        final PullReader reader = new PullReader(shardId, start, writer, context, handler);
        work.add(reader);
        return reader;
    }

    /**
     * Opens a reader of a shard's mapped files, in the server's directory that the context was told of. It needs no server: neither a
     * thread of it nor this client takes part in reading.
     *
     * @param streamId the stream
     * @param shardId the shard
     * @return a reader at the horizon
     * @throws IllegalStateException if the context was not told of a directory with {@link ClientContext#serverDirectory}
     * @throws io.millrace.store.reader.ReaderException if there is no such shard or its files cannot be read
     */
    public ShardReader sharedReader(final long streamId, final long shardId) {
        return ShardReader.open(context.knownServerDirectory(), streamId, shardId);
    }

    /**
     * Begins to read all shards of a stream by asking the server, through splits and merges.
     *
     * @param streamId the stream
     * @param start where it begins
     * @param handler takes the records
     * @return what is to be polled
     */
    public StreamFollower follow(final long streamId, final StreamPosition start, final ShardHandler handler) {
        return new StreamFollower(this, streamId, start, null, this::reader, handler);
    }

    /**
     * Begins to read all shards of a stream from mapped files, through splits and merges. The server is asked only which shards there are.
     *
     * @param streamId the stream
     * @param start where it begins
     * @param dataDirectory of the server; null: the one that the context was told of
     * @param handler takes the records; an exception of it comes out of {@link StreamFollower#poll}, and the record is taken for read
     * @return what is to be polled
     * @throws IllegalStateException if no directory is known
     * @throws io.millrace.store.reader.ReaderException if the files of a shard cannot be read
     */
    public StreamFollower followShared(
            final long streamId, final StreamPosition start, final Path dataDirectory, final ShardHandler handler) {
        final Path directory = dataDirectory == null ? context.knownServerDirectory() : dataDirectory;
        return new StreamFollower(this, streamId, start, directory, null, handler);
    }

    private static String ofShard(final long shardId, final MillraceException refusal) {
        return refusal.code() == ResultCode.UNKNOWN_SHARD
                ? "No shard has the id " + shardId + ", or all of it is beyond the retention."
                : ErrorText.ofStream(refusal.code(), refusal.actual());
    }

    private static BlockingRequests.Explanation noneWithId(final long streamId) {
        return none("has the id " + streamId);
    }

    private static BlockingRequests.Explanation none(final String whichStream) {
        return refusal -> refusal.code() == ResultCode.UNKNOWN_STREAM
                ? "No stream " + whichStream + "."
                : ErrorText.ofStream(refusal.code(), refusal.actual());
    }
}
