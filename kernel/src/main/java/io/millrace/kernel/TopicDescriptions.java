package io.millrace.kernel;

import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.SubscriptionDescriptionEncoder;
import io.millrace.codecs.SubscriptionListEncoder;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TopicDescriptionEncoder;
import io.millrace.codecs.TopicListEncoder;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.TopicTables.Archive;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Encodes what is known of topics and subscriptions. */
final class TopicDescriptions {
    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final int TOPIC_ENTRY_LENGTH = TopicListEncoder.TopicsEncoder.sbeBlockLength();
    private static final int SUBSCRIPTION_ENTRY_LENGTH = SubscriptionListEncoder.SubscriptionsEncoder.sbeBlockLength();
    /** A page ends when it would become longer than this, whatever was asked for. */
    private static final int PAGE_LENGTH = 32 * 1024;

    private final State state;
    private final TopicState topics;
    private final SlotTable subscriptions;
    private final Egress egress;
    private final FanOut fanOut;
    private final Push push;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TopicDescriptionEncoder topicDescription = new TopicDescriptionEncoder();
    private final SubscriptionDescriptionEncoder subscriptionDescription = new SubscriptionDescriptionEncoder();
    private final TopicListEncoder topicList = new TopicListEncoder();
    private final SubscriptionListEncoder subscriptionList = new SubscriptionListEncoder();
    private final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_LENGTH]);
    private int pageLength;
    private int entries;

    TopicDescriptions(final State state, final Egress egress, final FanOut fanOut) {
        this.state = state;
        this.topics = state.topics;
        this.subscriptions = state.topics.subscriptions;
        this.egress = egress;
        this.fanOut = fanOut;
        this.push = new Push(state);
    }

    void describe(final long sessionId, final long correlationId, final int topic) {
        final SlotTable rows = topics.topics;
        final int name = rows.getInt(topic, Topic.NAME_PAYLOAD);
        final int nameLength = state.payloads.length(name);
        final int archive = topics.archiveOf(topic);
        final int length = HEADER_LENGTH + TopicDescriptionEncoder.BLOCK_LENGTH + TEXT_LENGTH_SIZE + nameLength;
        final int offset = egress.claim(sessionId, length);
        topicDescription
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .topicId(rows.getLong(topic, Topic.ID))
                .createdTimeNs(rows.getLong(topic, Topic.CREATED_TIME))
                .changedTimeNs(rows.getLong(topic, Topic.CHANGED_TIME))
                .subscriptionCount(rows.getInt(topic, Topic.SUBSCRIPTION_COUNT))
                .publishedCount(rows.getLong(topic, Topic.PUBLISHED_COUNT))
                .pendingCount(rows.getInt(topic, Topic.PUBLICATION_COUNT))
                .archiveBeganNs(archive < 0 ? 0 : topics.archives.getLong(archive, Archive.BEGAN_TIME));
        topicDescription
                .settings()
                .archivePeriodNs(Archives.period(topics, topic))
                .topicType(QueueType.get((short) rows.getInt(topic, Topic.TYPE)))
                .contentDeduplication(Switch.get((short) rows.getInt(topic, Topic.CONTENT_DEDUPLICATION)))
                .deduplicationScope(QueueScope.get((short) rows.getInt(topic, Topic.DEDUPLICATION_SCOPE)))
                .reserved((short) 0);
        topicDescription.putName(state.payloads.buffer(name), state.payloads.offset(name), nameLength);
        commit(length);
    }

    void describeSubscription(final long sessionId, final long correlationId, final int subscription) {
        final int policyLink = subscriptions.getInt(subscription, Subscription.POLICY_PAYLOAD_LINK);
        final int policyLength = FilterPolicies.textLength(state, policyLink);
        final int name = subscriptions.getInt(subscription, Subscription.NAME_PAYLOAD_LINK) - 1;
        final int nameLength = name < 0 ? 0 : state.payloads.length(name);
        final int key = subscriptions.getInt(subscription, Subscription.KEY_ATTRIBUTE_PAYLOAD_LINK) - 1;
        final int keyLength = key < 0 ? 0 : state.payloads.length(key);
        final int length = HEADER_LENGTH
                + SubscriptionDescriptionEncoder.BLOCK_LENGTH
                + TEXT_LENGTH_SIZE
                + policyLength
                + TEXT_LENGTH_SIZE
                + nameLength
                + TEXT_LENGTH_SIZE
                + keyLength;
        final int offset = egress.claim(sessionId, length);
        subscriptionDescription
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .subscriptionId(subscriptions.getLong(subscription, Subscription.ID))
                .topicId(topicId(subscription))
                .queueId(subscriptions.getLong(subscription, Subscription.QUEUE_ID))
                .streamId(subscriptions.getLong(subscription, Subscription.STREAM_ID))
                .createdTimeNs(subscriptions.getLong(subscription, Subscription.CREATED_TIME))
                .deliveredCount(subscriptions.getLong(subscription, Subscription.DELIVERED_COUNT))
                .deadLetterCount(subscriptions.getLong(subscription, Subscription.DEAD_LETTER_COUNT))
                .discardedCount(subscriptions.getLong(subscription, Subscription.DISCARDED_COUNT))
                .filteredCount(filteredCount(subscription))
                .replayState(ReplayState.get((short) subscriptions.getInt(subscription, Subscription.REPLAY_STATE)));
        subscriptionDescription
                .settings()
                .replayFromNs(subscriptions.getLong(subscription, Subscription.REPLAY_FROM))
                .deadLetterQueueId(subscriptions.getLong(subscription, Subscription.DEAD_LETTER_QUEUE_ID))
                .rawDelivery(Switch.get((short) subscriptions.getInt(subscription, Subscription.RAW_DELIVERY)))
                .filterScope(
                        FilterPolicyScope.get((short) subscriptions.getInt(subscription, Subscription.FILTER_SCOPE)))
                .reserved2(0)
                .reserved4(0);
        describeDeliveries(subscription, name >= 0);
        if (policyLength == 0) {
            subscriptionDescription.putFilterPolicy(page, 0, 0);
        } else {
            subscriptionDescription.putFilterPolicy(
                    state.payloads.buffer(policyLink - 1),
                    FilterPolicies.textOffset(state, policyLink - 1),
                    policyLength);
        }
        if (name < 0) {
            subscriptionDescription.putName(page, 0, 0);
        } else {
            subscriptionDescription.putName(state.payloads.buffer(name), state.payloads.offset(name), nameLength);
        }
        if (key < 0) {
            subscriptionDescription.putKeyAttribute(page, 0, 0);
        } else {
            subscriptionDescription.putKeyAttribute(state.payloads.buffer(key), state.payloads.offset(key), keyLength);
        }
        commit(length);
    }

    /** What was published since, or replayed, did not come and is not to come. */
    private long filteredCount(final int subscription) {
        final int topic = subscriptions.getInt(subscription, Subscription.TOPIC);
        final long published =
                topics.isReplaying(subscription) ? 0 : topics.topics.getLong(topic, Topic.PUBLISHED_COUNT);
        long count = published
                - subscriptions.getLong(subscription, Subscription.PUBLISHED_BEFORE)
                - reachedCount(subscription);
        int publication = topics.unfinished.first(topic);
        while (publication >= 0) {
            count -= fanOut.awaits(publication, subscription) ? 1 : 0;
            publication = topics.unfinished.next(publication);
        }
        return count;
    }

    /** What a queue got is delivered at once; what sessions got is counted again when its fate is known. */
    private long reachedCount(final int subscription) {
        return topics.isForSessions(subscription)
                ? subscriptions.getLong(subscription, Subscription.REACHED_COUNT)
                : subscriptions.getLong(subscription, Subscription.DELIVERED_COUNT)
                        + subscriptions.getLong(subscription, Subscription.DEAD_LETTER_COUNT)
                        + subscriptions.getLong(subscription, Subscription.DISCARDED_COUNT);
    }

    private void describeDeliveries(final int subscription, final boolean isForSessions) {
        final int queue =
                isForSessions ? state.queueById(subscriptions.getLong(subscription, Subscription.QUEUE_ID)) : -1;
        final int oldest = queue < 0 ? -1 : state.arrivals.first(queue);
        subscriptionDescription
                .retriedCount(subscriptions.getLong(subscription, Subscription.RETRIED_COUNT))
                .pendingCount(queue < 0 ? 0 : messagesOf(queue))
                .oldestTimeNs(oldest < 0 ? 0 : state.messages.getLong(oldest, Message.ARRIVED_TIME));
        push.policyOf(subscription).encode(subscriptionDescription.policy());
        subscriptionDescription.acknowledged(
                isForSessions
                        ? Switch.get((short) subscriptions.getInt(subscription, Subscription.ACKNOWLEDGED))
                        : Switch.ON);
    }

    private long messagesOf(final int queue) {
        return state.queues.getLong(queue, Queue.AVAILABLE_COUNT)
                + state.queues.getLong(queue, Queue.DELAYED_COUNT)
                + state.queues.getLong(queue, Queue.IN_FLIGHT_COUNT);
    }

    private long topicId(final int subscription) {
        return topics.topics.getLong(subscriptions.getInt(subscription, Subscription.TOPIC), Topic.ID);
    }

    void beginPage() {
        pageLength = 0;
        entries = 0;
    }

    int entries() {
        return entries;
    }

    /** Adds a topic to the page; false if it is full. */
    boolean add(final int topic) {
        final int name = topics.topics.getInt(topic, Topic.NAME_PAYLOAD);
        final int length = state.payloads.length(name);
        if (pageLength + TOPIC_ENTRY_LENGTH + TEXT_LENGTH_SIZE + length > PAGE_LENGTH) {
            return false;
        }
        page.putLong(pageLength, topics.topics.getLong(topic, Topic.ID), ByteOrder.LITTLE_ENDIAN);
        page.putShort(pageLength + TOPIC_ENTRY_LENGTH, (short) length, ByteOrder.LITTLE_ENDIAN);
        state.payloads.copy(name, 0, page, pageLength + TOPIC_ENTRY_LENGTH + TEXT_LENGTH_SIZE, length);
        pageLength += TOPIC_ENTRY_LENGTH + TEXT_LENGTH_SIZE + length;
        entries++;
        return true;
    }

    /** Whether the page has as many subscriptions as were asked for, or no room for another. */
    boolean isFull(final int max) {
        return entries >= max || pageLength + SUBSCRIPTION_ENTRY_LENGTH > PAGE_LENGTH;
    }

    /** Adds a subscription to a page that is not full. */
    void addSubscription(final int subscription) {
        page.putLong(pageLength, subscriptions.getLong(subscription, Subscription.ID), ByteOrder.LITTLE_ENDIAN);
        page.putLong(pageLength + Long.BYTES, topicId(subscription), ByteOrder.LITTLE_ENDIAN);
        page.putLong(
                pageLength + 2 * Long.BYTES,
                subscriptions.getLong(subscription, Subscription.QUEUE_ID),
                ByteOrder.LITTLE_ENDIAN);
        page.putLong(
                pageLength + 3 * Long.BYTES,
                subscriptions.getLong(subscription, Subscription.STREAM_ID),
                ByteOrder.LITTLE_ENDIAN);
        pageLength += SUBSCRIPTION_ENTRY_LENGTH;
        entries++;
    }

    void sendTopics(final long sessionId, final long correlationId, final long nextAfter) {
        final int length =
                HEADER_LENGTH + TopicListEncoder.BLOCK_LENGTH + TopicListEncoder.TopicsEncoder.HEADER_SIZE + pageLength;
        final int offset = egress.claim(sessionId, length);
        topicList
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .nextAfterTopicId(nextAfter)
                .topicsCount(entries);
        egress.buffer().putBytes(offset + length - pageLength, page, 0, pageLength);
        commit(length);
    }

    void sendSubscriptions(final long sessionId, final long correlationId, final long nextAfter) {
        final int length = HEADER_LENGTH
                + SubscriptionListEncoder.BLOCK_LENGTH
                + SubscriptionListEncoder.SubscriptionsEncoder.HEADER_SIZE
                + pageLength;
        final int offset = egress.claim(sessionId, length);
        subscriptionList
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .nextAfterSubscriptionId(nextAfter)
                .subscriptionsCount(entries);
        egress.buffer().putBytes(offset + length - pageLength, page, 0, pageLength);
        commit(length);
    }

    private void commit(final int length) {
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }
}
