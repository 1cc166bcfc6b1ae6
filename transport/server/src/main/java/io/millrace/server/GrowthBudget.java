package io.millrace.server;

import io.millrace.codecs.BeginPayloadDecoder;
import io.millrace.codecs.BeginPublicationDecoder;
import io.millrace.codecs.BeginRecordDecoder;
import io.millrace.codecs.CreateGroupDecoder;
import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.CreateStreamDecoder;
import io.millrace.codecs.CreateTopicDecoder;
import io.millrace.codecs.DeclareBlobDecoder;
import io.millrace.codecs.JoinGroupDecoder;
import io.millrace.codecs.MergeShardsDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.PublishMessagesDecoder;
import io.millrace.codecs.SendMessagesDecoder;
import io.millrace.codecs.SplitShardDecoder;
import io.millrace.codecs.SubscribeQueueDecoder;
import io.millrace.codecs.SubscribeSessionDecoder;
import io.millrace.codecs.SubscribeStreamDecoder;
import io.millrace.codecs.UpdateShardCountDecoder;
import io.millrace.kernel.KernelMemory;
import org.agrona.DirectBuffer;

/**
 * Whether the commands that make the state grow still fit into the memory that the kernel may reserve. What does not fit must
 * be refused before it is journaled: once it is in the journal, every replay needs the memory too.
 *
 * <p>Commands that take messages, or give memory back, are never counted: what they need is part of what is reserved already.
 */
final class GrowthBudget {

    /** A sixteenth is left to queues, topics and subscriptions, which can be created while messages are refused. */
    private static final int QUEUE_SHARE = 16;

    /**
     * A frame of so many bytes takes at most this many times as much in the kernel: an entry without attributes and body has
     * 16 bytes on the wire.
     */
    private static final int MOST_PER_BYTE = KernelMemory.MESSAGE_BYTES / 16 + 2;

    /** A quarter is left to what clients send: a replay can wait, they would be refused. */
    private static final int CLIENT_SHARE = 4;

    /** While so much is free nobody looks into a batch. */
    private static final long AMPLE_BYTES = 256L * 1024 * 1024;

    private static final int LONGEST_NAME_BYTES = 1024;

    private final KernelMemory memory;
    private final long limitBytes;
    private final SendMessagesDecoder send = new SendMessagesDecoder();
    private final BeginPayloadDecoder begin = new BeginPayloadDecoder();
    private final PublishMessagesDecoder publish = new PublishMessagesDecoder();
    private final BeginPublicationDecoder beginPublication = new BeginPublicationDecoder();
    private final BeginRecordDecoder beginRecord = new BeginRecordDecoder();
    private final CreateStreamDecoder createStream = new CreateStreamDecoder();
    private final CreateGroupDecoder createGroup = new CreateGroupDecoder();
    private final UpdateShardCountDecoder updateShardCount = new UpdateShardCountDecoder();
    private long freeBytes;
    private long freeBytesForQueues;
    private long freePayloadBytes;
    private int freeMessages;
    private int freeCopies;
    private int freePublications;
    private int freeQueues;
    private int freeTopics;
    private int freeSubscriptions;
    private int freeBlobs;
    private int freeStreams;
    private long freeShards;
    private int newSubscriptions;
    private long refusals;

    GrowthBudget(final KernelMemory memory, final long limitBytes) {
        this.memory = memory;
        this.limitBytes = limitBytes;
        renew();
    }

    /** Looks at what the kernel has reserved by now; to be called on a cadence, when all that was taken is applied. */
    void renew() {
        freeBytesForQueues = limitBytes - memory.reservedBytes();
        freeBytes = freeBytesForQueues - limitBytes / QUEUE_SHARE;
        freePayloadBytes = memory.freePayloadBytes();
        freeMessages = memory.freeMessages();
        freeCopies = memory.freeCopies();
        freePublications = memory.freePublications();
        freeQueues = memory.freeQueues();
        freeTopics = memory.freeTopics();
        freeSubscriptions = memory.freeSubscriptions();
        freeBlobs = memory.freeBlobs();
        freeStreams = memory.freeStreams();
        freeShards = memory.freeShards();
        newSubscriptions = 0;
    }

    /**
     * Takes what a command needs.
     *
     * @param templateId of the command.
     * @param buffer     that holds its frame, which is valid.
     * @param offset     of the frame.
     * @param length     of the frame.
     * @return false if there is not enough.
     */
    boolean take(final int templateId, final DirectBuffer buffer, final int offset, final int length) {
        return switch (templateId) {
            case SendMessagesDecoder.TEMPLATE_ID -> takeBatch(buffer, offset, length);
            case BeginPayloadDecoder.TEMPLATE_ID -> takeTransfer(buffer, offset);
            case BeginPublicationDecoder.TEMPLATE_ID -> takePublication(buffer, offset);
            case BeginRecordDecoder.TEMPLATE_ID -> takeRecord(buffer, offset);
            case PublishMessagesDecoder.TEMPLATE_ID -> takePublish(buffer, offset, length);
            case CreateQueueDecoder.TEMPLATE_ID -> takeQueue();
            case CreateTopicDecoder.TEMPLATE_ID -> takeTopic();
            case DeclareBlobDecoder.TEMPLATE_ID -> takeBlob();
            case SubscribeQueueDecoder.TEMPLATE_ID, SubscribeStreamDecoder.TEMPLATE_ID -> takeSubscription();
            case SubscribeSessionDecoder.TEMPLATE_ID -> takeSubscription() && takeQueue();
            case CreateStreamDecoder.TEMPLATE_ID -> takeStream(buffer, offset);
            case UpdateShardCountDecoder.TEMPLATE_ID -> takeShardCount(buffer, offset);
            case CreateGroupDecoder.TEMPLATE_ID -> takeGroup(buffer, offset);
            case JoinGroupDecoder.TEMPLATE_ID -> takeMember();
            case SplitShardDecoder.TEMPLATE_ID -> takeShards(2);
            case MergeShardsDecoder.TEMPLATE_ID -> takeShards(1);
            default -> true;
        };
    }

    /**
     * Takes what archived messages need that are delivered to one subscription.
     *
     * @param count  of the messages.
     * @param length of all of them in bytes; 0 if it was taken before.
     * @return false if there is not enough.
     */
    boolean takeReplay(final int count, final int length) {
        // What was given back counts too: it is not reserved anew.
        final long leftBytes = freeBytes + freePayloadBytes + (long) freeCopies * KernelMemory.COPY_BYTES;
        return length == 0 || leftBytes > limitBytes / CLIENT_SHARE && takeCopies(count, count, length);
    }

    /** A command is refused: there was not enough. */
    void onRefused() {
        refusals++;
    }

    /** {@return commands for which there was not enough} */
    long refusals() {
        return refusals;
    }

    /** {@return bytes that the kernel may reserve} */
    long limitBytes() {
        return limitBytes;
    }

    private boolean takeBatch(final DirectBuffer buffer, final int offset, final int length) {
        final long most = (long) length * MOST_PER_BYTE;
        if (freeBytes > AMPLE_BYTES) {
            freeBytes -= most;
            return true;
        }
        send.wrap(
                buffer,
                offset + MessageHeaderDecoder.ENCODED_LENGTH,
                SendMessagesDecoder.BLOCK_LENGTH,
                SendMessagesDecoder.SCHEMA_VERSION);
        final int count = send.messages().count();
        // Each payload gets a header and padding; the frame holds more than the payloads.
        return takeMessages(count, length + count * KernelMemory.payloadBytes(0) + count * (long) Long.BYTES);
    }

    private boolean takeTransfer(final DirectBuffer buffer, final int offset) {
        begin.wrap(
                buffer,
                offset + MessageHeaderDecoder.ENCODED_LENGTH,
                BeginPayloadDecoder.BLOCK_LENGTH,
                BeginPayloadDecoder.SCHEMA_VERSION);
        return takeMessages(1, begin.payloadLength() + KernelMemory.payloadBytes(0) + Long.BYTES);
    }

    /**
     * A publish costs by its topic's subscriptions, which its frame does not tell. Those that were asked for since the last look
     * may all be this topic's. A message with bodies for protocols is stored twice, for queues and for sessions.
     */
    private boolean takePublish(final DirectBuffer buffer, final int offset, final int length) {
        publish.wrap(
                buffer,
                offset + MessageHeaderDecoder.ENCODED_LENGTH,
                PublishMessagesDecoder.BLOCK_LENGTH,
                PublishMessagesDecoder.SCHEMA_VERSION);
        return takePublish(publish.topicId(), publish.messages().count(), length);
    }

    private boolean takePublication(final DirectBuffer buffer, final int offset) {
        beginPublication.wrap(
                buffer,
                offset + MessageHeaderDecoder.ENCODED_LENGTH,
                BeginPublicationDecoder.BLOCK_LENGTH,
                BeginPublicationDecoder.SCHEMA_VERSION);
        final long length = beginPublication.entryLength();
        // What is longer than a message may be is refused by the kernel.
        return length > Integer.MAX_VALUE / 2
                || takeMessages(1, length + KernelMemory.payloadBytes(0) + Long.BYTES)
                        && takePublish(beginPublication.topicId(), 1, (int) length);
    }

    /** A record in parts takes what a message takes as long as it is under way. */
    private boolean takeRecord(final DirectBuffer buffer, final int offset) {
        beginRecord.wrap(
                buffer,
                offset + MessageHeaderDecoder.ENCODED_LENGTH,
                BeginRecordDecoder.BLOCK_LENGTH,
                BeginRecordDecoder.SCHEMA_VERSION);
        final long length = beginRecord.entryLength();
        // What is longer than a record may be is refused by the kernel.
        if (length > Integer.MAX_VALUE / 2) {
            return true;
        }
        return KernelMemory.isLongPayload((int) length)
                ? reserve(KernelMemory.longPayloadBytes((int) length), 0)
                : takeMessages(1, KernelMemory.payloadBytes((int) length));
    }

    private boolean takePublish(final long topicId, final int count, final int length) {
        final long subscriptions = (long) memory.subscriptions(topicId) + newSubscriptions;
        return takeCopies(subscriptions * count, count, length);
    }

    private boolean takeCopies(final long copies, final int count, final int length) {
        final boolean reusesRows = copies <= freeCopies;
        final boolean reusesPublications = count <= freePublications;
        final long payloadBytes =
                KernelMemory.publishedBytes(length) + 3 * count * KernelMemory.publishedBytes(0) + copies * Long.BYTES;
        final long rowBytes = (reusesPublications ? 0 : count * (long) KernelMemory.PUBLICATION_BYTES)
                + (reusesRows ? 0 : copies * KernelMemory.COPY_BYTES);
        if (!reserve(rowBytes + payloadBytes, payloadBytes)) {
            return false;
        }
        freePublications -= reusesPublications ? count : 0;
        takeRows(reusesRows ? (int) copies : 0);
        return true;
    }

    private boolean takeMessages(final int count, final long payloadBytes) {
        final boolean reusesRows = count <= freeMessages;
        if (!reserve((reusesRows ? 0 : count * (long) KernelMemory.MESSAGE_BYTES) + payloadBytes, payloadBytes)) {
            return false;
        }
        takeRows(reusesRows ? count : 0);
        return true;
    }

    /** Takes bytes of which some are payload and may find room in what is reserved already. */
    private boolean reserve(final long bytes, final long payloadBytes) {
        final boolean reusesSegments = payloadBytes <= freePayloadBytes;
        final long needed = bytes - (reusesSegments ? payloadBytes : 0);
        if (needed > Math.max(0, freeBytes)) {
            return false;
        }
        freeBytes -= needed;
        freePayloadBytes -= reusesSegments ? payloadBytes : 0;
        return true;
    }

    private void takeRows(final int rows) {
        freeMessages -= rows;
        freeCopies -= rows;
    }

    private boolean takeQueue() {
        if (freeQueues > 0) {
            freeQueues--;
            return true;
        }
        return reserveForQueues(KernelMemory.QUEUE_BYTES + KernelMemory.payloadBytes(LONGEST_NAME_BYTES));
    }

    private boolean takeTopic() {
        if (freeTopics > 0) {
            freeTopics--;
            return true;
        }
        return reserveForQueues(KernelMemory.TOPIC_BYTES + KernelMemory.payloadBytes(LONGEST_NAME_BYTES));
    }

    private boolean takeBlob() {
        if (freeBlobs > 0) {
            freeBlobs--;
            return true;
        }
        return reserveForQueues(KernelMemory.BLOB_BYTES);
    }

    private boolean takeStream(final DirectBuffer buffer, final int offset) {
        createStream.wrap(
                buffer,
                offset + MessageHeaderDecoder.ENCODED_LENGTH,
                CreateStreamDecoder.BLOCK_LENGTH,
                CreateStreamDecoder.SCHEMA_VERSION);
        final boolean hasRow = freeStreams > 0;
        freeStreams -= hasRow ? 1 : 0;
        return (hasRow || reserveForQueues(KernelMemory.STREAM_BYTES + KernelMemory.payloadBytes(LONGEST_NAME_BYTES)))
                && takeShards(createStream.shardCount());
    }

    /** No more shards are made than there are to be in the end. */
    private boolean takeShardCount(final DirectBuffer buffer, final int offset) {
        updateShardCount.wrap(
                buffer,
                offset + MessageHeaderDecoder.ENCODED_LENGTH,
                UpdateShardCountDecoder.BLOCK_LENGTH,
                UpdateShardCountDecoder.SCHEMA_VERSION);
        return takeShards(updateShardCount.shardCount());
    }

    /** More than the limit are refused by the kernel, and take nothing. */
    private boolean takeShards(final long count) {
        if (count <= freeShards || count > memory.mostShards()) {
            freeShards -= count > freeShards ? 0 : count;
            return true;
        }
        return reserveForQueues(count * (KernelMemory.SHARD_BYTES + memory.mostGroups() * KernelMemory.LEASE_BYTES));
    }

    /** A group knows something of each shard of its stream. */
    private boolean takeGroup(final DirectBuffer buffer, final int offset) {
        createGroup.wrap(
                buffer,
                offset + MessageHeaderDecoder.ENCODED_LENGTH,
                CreateGroupDecoder.BLOCK_LENGTH,
                CreateGroupDecoder.SCHEMA_VERSION);
        final long leases = (long) memory.shards(createGroup.streamId()) * KernelMemory.LEASE_BYTES;
        return reserveForQueues(KernelMemory.GROUP_BYTES + KernelMemory.payloadBytes(LONGEST_NAME_BYTES) + leases);
    }

    private boolean takeMember() {
        return reserveForQueues(KernelMemory.MEMBER_BYTES + KernelMemory.payloadBytes(LONGEST_NAME_BYTES));
    }

    private boolean takeSubscription() {
        newSubscriptions++;
        if (freeSubscriptions > 0) {
            freeSubscriptions--;
            return true;
        }
        return reserveForQueues(KernelMemory.SUBSCRIPTION_BYTES);
    }

    private boolean reserveForQueues(final long needed) {
        if (needed > freeBytesForQueues) {
            return false;
        }
        freeBytesForQueues -= needed;
        return true;
    }
}
