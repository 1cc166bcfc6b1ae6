package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.GroupTables.Group;
import io.millrace.kernel.GroupTables.Lease;
import io.millrace.kernel.GroupTables.Member;
import io.millrace.kernel.QueueTables.Deduplication;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.Tables.Blob;
import io.millrace.kernel.Tables.Lane;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.TopicTables.Archive;
import io.millrace.kernel.TopicTables.Publication;
import io.millrace.kernel.TopicTables.Replay;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.HashIndex;
import io.millrace.kernel.memory.Payloads;
import io.millrace.kernel.memory.SlotTable;
import io.millrace.kernel.memory.TimerHeap;

/**
 * What the kernel has reserved outside the heap, and what of it will be used again before more is reserved. No part of the
 * state: the host looks at it before it lets commands in that would need more than there is.
 *
 * <p>Memory is never given back. To be called by the kernel's thread; allocates nothing.
 */
public final class KernelMemory {
    /** The topic's name stands in the envelope. */
    private static final int LONGEST_NAME_BYTES = 256;

    /** What a group id of 128 bytes takes. */
    private static final int LONGEST_GROUP_BYTES = 136;

    private static final int PUBLISHED_PAYLOADS = 6;

    /** Bytes of one message besides its payload: its row, the payload's row and its timer. */
    public static final int MESSAGE_BYTES = Message.ROW_LENGTH + Payloads.ROW_LENGTH + TimerHeap.TIMER_BYTES;

    /** Bytes of one queue besides its name: its row, its lane's and the name's, and its places in the indexes. */
    public static final int QUEUE_BYTES = Queue.ROW_LENGTH + Lane.ROW_LENGTH + Payloads.ROW_LENGTH + 2 * Integer.BYTES;

    /**
     * Most bytes that a published message takes in each queue that it reaches, where its payload is shared: its row and timer, and
     * in a FIFO queue its lane with the group id, and the memory of its deduplication id.
     */
    public static final int COPY_BYTES = Message.ROW_LENGTH
            + TimerHeap.TIMER_BYTES
            + Lane.ROW_LENGTH
            + Deduplication.ROW_LENGTH
            + Payloads.ROW_LENGTH
            + LONGEST_GROUP_BYTES;

    /** Bytes of one topic besides its name: its row and the name's, and its places in the indexes; row and timer of its archive. */
    public static final int TOPIC_BYTES =
            Topic.ROW_LENGTH + Payloads.ROW_LENGTH + Archive.ROW_LENGTH + TimerHeap.TIMER_BYTES + 2 * Integer.BYTES;

    /** Bytes of one subscription: its row, and its places in the indexes; and the row of a replay. */
    public static final int SUBSCRIPTION_BYTES = Subscription.ROW_LENGTH + Replay.ROW_LENGTH + 2 * Integer.BYTES;

    /**
     * Bytes of a published message, as long as it has not reached all its queues, besides payload and envelope, of which there can
     * be one each for queues, for sessions and for streams.
     */
    public static final int PUBLICATION_BYTES = Publication.ROW_LENGTH + PUBLISHED_PAYLOADS * Payloads.ROW_LENGTH;

    /** Bytes of one blob: its row, and its place in the index. */
    public static final int BLOB_BYTES = Blob.ROW_LENGTH + Integer.BYTES;

    /** Bytes of one stream besides its name and its shards: its row and the name's, its timer, and its places in the indexes. */
    public static final int STREAM_BYTES =
            Stream.ROW_LENGTH + Payloads.ROW_LENGTH + TimerHeap.TIMER_BYTES + 2 * Integer.BYTES;

    /** Bytes of one shard: its row, and its place in the index. */
    public static final int SHARD_BYTES = Shard.ROW_LENGTH + Integer.BYTES;

    /** Bytes of one consumer group besides its name and its shards: its row and the name's, and its place in the index. */
    public static final int GROUP_BYTES = Group.ROW_LENGTH + Payloads.ROW_LENGTH + Integer.BYTES;

    /** Bytes of one member of a consumer group besides its name: its row and the name's, its timer, and its places in the indexes. */
    public static final int MEMBER_BYTES =
            Member.ROW_LENGTH + Payloads.ROW_LENGTH + TimerHeap.TIMER_BYTES + 2 * Integer.BYTES;

    /** Bytes of one shard in one consumer group: its row and its timer. */
    public static final int LEASE_BYTES = Lease.ROW_LENGTH + TimerHeap.TIMER_BYTES;

    private final State state;

    KernelMemory(final State state) {
        this.state = state;
    }

    /**
     * Bytes reserved, with the timers that all messages would need if they were in flight at once: commands that only take
     * messages must not find memory short. What was published and has not reached all its queues counts as if it had.
     *
     * @return bytes.
     */
    public long reservedBytes() {
        long bytes = state.payloads.reservedBytes();
        for (final SlotTable table : state.tables) {
            bytes += table.rowBytes();
        }
        for (final HashIndex index : state.indexes) {
            bytes += index.reservedBytes();
        }
        bytes += state.topics.filtered.reservedBytes();
        final long timers = (long) state.messages.highWater() * TimerHeap.TIMER_BYTES;
        final long missing = Math.max(0, state.topics.reservedMessages - state.messages.freeCount());
        return bytes + Math.max(timers, state.timers.reservedBytes()) + missing * COPY_BYTES;
    }

    /**
     * Subscriptions of a topic.
     *
     * @param topicId of the topic.
     * @return the number, 0 if there is no such topic.
     */
    public int subscriptions(final long topicId) {
        final int topic = state.topics.topicById(topicId);
        return topic < 0 ? 0 : state.topics.topics.getInt(topic, Topic.SUBSCRIPTION_COUNT);
    }

    /**
     * Messages whose rows need no new memory, in queues that a published payload is shared with.
     *
     * @return the number.
     */
    public int freeCopies() {
        return (int) Math.max(0, state.messages.freeCount() - state.topics.reservedMessages);
    }

    /**
     * Published messages whose rows need no new memory.
     *
     * @return the number.
     */
    public int freePublications() {
        return Math.min(state.topics.publications.freeCount(), state.payloads.freeCount() / PUBLISHED_PAYLOADS);
    }

    /**
     * Blobs whose rows need no new memory.
     *
     * @return the number.
     */
    public int freeBlobs() {
        return state.blobs.blobs.freeCount();
    }

    /**
     * Topics whose rows need no new memory.
     *
     * @return the number.
     */
    public int freeTopics() {
        return Math.min(state.topics.topics.freeCount(), state.payloads.freeCount());
    }

    /**
     * Streams whose rows need no new memory.
     *
     * @return the number.
     */
    public int freeStreams() {
        return Math.min(state.streams.streams.freeCount(), state.payloads.freeCount());
    }

    /**
     * Shards of a stream.
     *
     * @param streamId of the stream.
     * @return the number, 0 if there is no such stream.
     */
    public int shards(final long streamId) {
        final int stream = state.streams.streamById(streamId);
        return stream < 0 ? 0 : state.streams.streams.getInt(stream, Stream.LIVE_COUNT);
    }

    /**
     * Consumer groups that a new shard may come into.
     *
     * @return most that any stream can have by now.
     */
    public long mostGroups() {
        return Math.min(state.groups.groups.liveCount(), state.limit(LimitId.GROUPS));
    }

    /**
     * Shards that one stream may have.
     *
     * @return the limit in force.
     */
    public long mostShards() {
        return state.limit(LimitId.SHARDS);
    }

    /**
     * Shards whose rows need no new memory.
     *
     * @return the number.
     */
    public int freeShards() {
        return state.streams.shards.freeCount();
    }

    /**
     * Subscriptions whose rows need no new memory.
     *
     * @return the number.
     */
    public int freeSubscriptions() {
        return state.topics.subscriptions.freeCount();
    }

    /**
     * Messages whose rows need no new memory.
     *
     * @return the number.
     */
    public int freeMessages() {
        return Math.min(freeCopies(), state.payloads.freeCount());
    }

    /**
     * Queues whose rows need no new memory.
     *
     * @return the number.
     */
    public int freeQueues() {
        return Math.min(state.queues.freeCount(), state.payloads.freeCount());
    }

    /**
     * Payload bytes that surely find a place without new memory: what the segment that is written to has left, or half of what
     * is empty, because a payload is not split, so that up to half of a segment may stay empty behind the last one in it.
     *
     * @return bytes.
     */
    public long freePayloadBytes() {
        return Math.max(state.payloads.roomBytes(), state.payloads.freeBytes() / 2);
    }

    /**
     * Bytes that a payload takes.
     *
     * @param length of the payload in bytes.
     * @return bytes.
     */
    public static long payloadBytes(final int length) {
        return Payloads.accountedLength(length);
    }

    /**
     * Whether a payload is so long that memory is reserved for it alone, of which {@link #freePayloadBytes()} knows nothing.
     *
     * @param length of the payload in bytes.
     * @return true if it is.
     */
    public static boolean isLongPayload(final int length) {
        return length > Payloads.LONGEST_USUAL_LENGTH;
    }

    /**
     * Bytes that are reserved for a long payload.
     *
     * @param length of the payload in bytes.
     * @return bytes.
     */
    public static long longPayloadBytes(final int length) {
        return Payloads.ROW_LENGTH + Payloads.longLength(length);
    }

    /**
     * Most bytes that payload and envelope of a published message take, the list of its queues not counted.
     *
     * @param length of the payload and the subject in bytes.
     * @return bytes.
     */
    public static long publishedBytes(final int length) {
        return payloadBytes(length)
                + payloadBytes(Renditions.ENVELOPE_FRAME)
                + (long) Renditions.MOST_ESCAPED_BYTES * (length + LONGEST_NAME_BYTES);
    }
}
