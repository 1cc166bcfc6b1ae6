package io.millrace.kernel;

import io.millrace.codecs.QueueType;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.TopicTables.Archive;
import io.millrace.kernel.TopicTables.Publication;
import io.millrace.kernel.TopicTables.Replay;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.filter.FilterIndex;
import io.millrace.kernel.memory.HashIndex;
import io.millrace.kernel.memory.Hashing;
import io.millrace.kernel.memory.IntrusiveList;
import io.millrace.kernel.memory.Payloads;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** The part of the state that topics are: their tables, and the structures that follow from them. */
final class TopicState implements FilterIndex.Programs {
    final SlotTable topics = new SlotTable(Topic.TABLE, Topic.ROW_LENGTH, Topic.LOGICAL_END);
    final SlotTable subscriptions =
            new SlotTable(Subscription.TABLE, Subscription.ROW_LENGTH, Subscription.LOGICAL_END);
    final SlotTable publications = new SlotTable(Publication.TABLE, Publication.ROW_LENGTH, Publication.LOGICAL_END);

    final SlotTable archives = new SlotTable(Archive.TABLE, Archive.ROW_LENGTH, Archive.LOGICAL_END);
    final SlotTable replays = new SlotTable(Replay.TABLE, Replay.ROW_LENGTH, Replay.LOGICAL_END);

    /** In the order of their creation. */
    final IntrusiveList ofTopic = new IntrusiveList(
            topics,
            Topic.SUBSCRIPTIONS,
            Topic.SUBSCRIPTIONS + Integer.BYTES,
            subscriptions,
            Subscription.TOPIC_NEXT,
            Subscription.TOPIC_PREVIOUS);

    /** Those without a filter policy, in the order in which they came to have none. */
    final IntrusiveList unfiltered = new IntrusiveList(
            topics,
            Topic.UNFILTERED,
            Topic.UNFILTERED + Integer.BYTES,
            subscriptions,
            Subscription.UNFILTERED_NEXT,
            Subscription.UNFILTERED_PREVIOUS);

    /** Those with one. */
    final FilterIndex filtered;

    final IntrusiveList unfinished = new IntrusiveList(
            topics,
            Topic.PUBLICATIONS,
            Topic.PUBLICATIONS + Integer.BYTES,
            publications,
            Publication.TOPIC_NEXT,
            Publication.TOPIC_PREVIOUS);
    final IntrusiveList pendingTopics;
    /** Archives that wait for their logs. */
    final IntrusiveList openingArchives;

    final IntrusiveList deletedTopics;

    final HashIndex topicsById =
            new HashIndex(topics, Topic.ID_CHAIN, slot -> Hashing.mix(topics.getLong(slot, Topic.ID)));
    final HashIndex topicsByName;
    final HashIndex subscriptionsById = new HashIndex(
            subscriptions, Subscription.ID_CHAIN, slot -> Hashing.mix(subscriptions.getLong(slot, Subscription.ID)));
    final HashIndex subscriptionsByKey = new HashIndex(
            subscriptions,
            Subscription.KEY_CHAIN,
            slot -> key(subscriptions.getInt(slot, Subscription.TOPIC), endpoint(slot)));

    private final Payloads payloads;

    /** Messages that fan-out not done yet may make: they count as if they were there. */
    long reservedMessages;

    TopicState(final SlotTable root, final Payloads payloads) {
        this.payloads = payloads;
        filtered = new FilterIndex(() -> root.getLong(State.ONLY, Root.SECRET_1));
        openingArchives = new IntrusiveList(
                root,
                Root.OPENING_ARCHIVES,
                Root.OPENING_ARCHIVES + Integer.BYTES,
                archives,
                Archive.OPENING_NEXT,
                Archive.OPENING_PREVIOUS);
        pendingTopics = new IntrusiveList(
                root,
                Root.PENDING_TOPICS,
                Root.PENDING_TOPICS + Integer.BYTES,
                topics,
                Topic.PENDING_NEXT,
                Topic.PENDING_PREVIOUS);
        deletedTopics = new IntrusiveList(
                root,
                Root.DELETED_TOPICS,
                Root.DELETED_TOPICS + Integer.BYTES,
                topics,
                Topic.DELETED_NEXT,
                Topic.DELETED_PREVIOUS);
        topicsByName = new HashIndex(
                topics,
                Topic.NAME_CHAIN,
                slot -> Hashing.mix(payloads.contentHash(topics.getInt(slot, Topic.NAME_PAYLOAD))));
    }

    int topicById(final long topicId) {
        int slot = topicsById.first(Hashing.mix(topicId));
        while (slot >= 0 && topics.getLong(slot, Topic.ID) != topicId) {
            slot = topicsById.next(slot);
        }
        return slot;
    }

    int topicByName(final DirectBuffer name, final int offset, final int length) {
        int slot = topicsByName.first(Hashing.mix(Hashing.content(0, name, offset, 0, length)));
        while (slot >= 0 && !payloads.matches(topics.getInt(slot, Topic.NAME_PAYLOAD), name, offset, length)) {
            slot = topicsByName.next(slot);
        }
        return slot;
    }

    /** A subscription of a topic that was not deleted. */
    int subscriptionById(final long subscriptionId) {
        final int slot = anySubscriptionById(subscriptionId);
        return slot < 0 || isDeleted(subscriptions.getInt(slot, Subscription.TOPIC)) ? -1 : slot;
    }

    int anySubscriptionById(final long subscriptionId) {
        int slot = subscriptionsById.first(Hashing.mix(subscriptionId));
        while (slot >= 0 && subscriptions.getLong(slot, Subscription.ID) != subscriptionId) {
            slot = subscriptionsById.next(slot);
        }
        return slot;
    }

    int subscriptionOf(final int topic, final long queueId) {
        int slot = subscriptionsByKey.first(key(topic, queueId));
        while (slot >= 0
                && (subscriptions.getInt(slot, Subscription.TOPIC) != topic
                        || subscriptions.getLong(slot, Subscription.QUEUE_ID) != queueId)) {
            slot = subscriptionsByKey.next(slot);
        }
        return slot;
    }

    /** The subscription of a stream. */
    int subscriptionOfStream(final int topic, final long streamId) {
        int slot = subscriptionsByKey.first(key(topic, -streamId));
        while (slot >= 0
                && (subscriptions.getInt(slot, Subscription.TOPIC) != topic
                        || subscriptions.getLong(slot, Subscription.STREAM_ID) != streamId)) {
            slot = subscriptionsByKey.next(slot);
        }
        return slot;
    }

    /** A subscription that sessions consume. */
    int subscriptionByName(final int topic, final DirectBuffer name, final int offset, final int length) {
        int slot = subscriptionsByKey.first(key(topic, Hashing.content(0, name, offset, 0, length)));
        while (slot >= 0 && !hasName(slot, topic, name, offset, length)) {
            slot = subscriptionsByKey.next(slot);
        }
        return slot;
    }

    /** An archive that waits for its log; -1 if none with this id does. */
    int openingArchive(final long archiveId) {
        int slot = openingArchives.first(State.ONLY);
        while (slot >= 0 && archives.getLong(slot, Archive.ID) != archiveId) {
            slot = openingArchives.next(slot);
        }
        return slot;
    }

    /** A replay that is running; -1 if none has this id. There are never so many that an index would find it sooner. */
    int replayById(final long replayId) {
        for (int slot = 0; slot < replays.highWater(); slot++) {
            if (replays.getLong(slot, Replay.ID) == replayId && replays.isLive(slot)) {
                return slot;
            }
        }
        return -1;
    }

    /** The archive of a topic, -1 if it has none. */
    int archiveOf(final int topic) {
        return topics.getInt(topic, Topic.ARCHIVE_LINK) - 1;
    }

    /** Whether archived messages are being replayed to a subscription: then others do not find it. */
    boolean isReplaying(final int subscription) {
        return subscriptions.getInt(subscription, Subscription.REPLAY_STATE) == ReplayState.RUNNING.value();
    }

    /** Changes a count of a topic that is outside of the state. */
    void count(final int topic, final int field, final int change) {
        topics.putInt(topic, field, topics.getInt(topic, field) + change);
    }

    private boolean hasName(
            final int slot, final int topic, final DirectBuffer name, final int offset, final int length) {
        final int present = subscriptions.getInt(slot, Subscription.NAME_PAYLOAD_LINK) - 1;
        return subscriptions.getInt(slot, Subscription.TOPIC) == topic
                && present >= 0
                && payloads.matches(present, name, offset, length);
    }

    /** What the subscription of a topic is found by, beside the topic: the id of the queue, or of the stream as a negative number, or the content of the name. */
    private long endpoint(final int slot) {
        if (isForStream(slot)) {
            return -subscriptions.getLong(slot, Subscription.STREAM_ID);
        }
        final int name = subscriptions.getInt(slot, Subscription.NAME_PAYLOAD_LINK) - 1;
        return name < 0 ? subscriptions.getLong(slot, Subscription.QUEUE_ID) : payloads.contentHash(name);
    }

    boolean isFifo(final int topic) {
        return topics.getInt(topic, Topic.TYPE) == QueueType.FIFO.value();
    }

    boolean isDeleted(final int topic) {
        return topics.getLong(topic, Topic.DELETED_TURN) != 0;
    }

    boolean isRaw(final int subscription) {
        return subscriptions.getInt(subscription, Subscription.RAW_DELIVERY) == Switch.ON.value();
    }

    /** Whether sessions consume a subscription, by a queue of its own. */
    boolean isForSessions(final int subscription) {
        return subscriptions.getInt(subscription, Subscription.NAME_PAYLOAD_LINK) != 0;
    }

    /** Whether a subscription puts records into a stream. */
    boolean isForStream(final int subscription) {
        return subscriptions.getLong(subscription, Subscription.QUEUE_ID) == 0;
    }

    boolean hasStreams(final int topic) {
        return topics.getInt(topic, Topic.STREAM_COUNT) > 0;
    }

    boolean isFiltered(final int subscription) {
        return subscriptions.getInt(subscription, Subscription.POLICY_PAYLOAD_LINK) != 0;
    }

    /** Subscriptions that messages find or pass over. */
    int liveCount(final int topic) {
        return topics.getInt(topic, Topic.SUBSCRIPTION_COUNT) - topics.getInt(topic, Topic.REPLAY_COUNT);
    }

    /** Those of them with a filter policy. */
    int filteredCount(final int topic) {
        return liveCount(topic) - topics.getInt(topic, Topic.UNFILTERED_COUNT);
    }

    @Override
    public long id(final int subscription) {
        return subscriptions.getLong(subscription, Subscription.ID);
    }

    @Override
    public DirectBuffer buffer(final int subscription) {
        return payloads.buffer(policy(subscription));
    }

    @Override
    public int offset(final int subscription) {
        return payloads.offset(policy(subscription));
    }

    private int policy(final int subscription) {
        return subscriptions.getInt(subscription, Subscription.POLICY_PAYLOAD_LINK) - 1;
    }

    private static long key(final int topic, final long endpoint) {
        return Hashing.mix(endpoint ^ Hashing.mix(topic));
    }
}
