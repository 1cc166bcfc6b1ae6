package io.millrace.kernel;

import io.millrace.codecs.Disposition;
import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RetryFunction;
import io.millrace.codecs.Switch;
import java.util.List;

/** Everything a client may ask of the kernel, as values; null durations and sizes are left out of the frame. */
sealed interface Command {

    /** The producer fields of a command, all 0 for a command without protection. */
    record Producer(long id, long sequence, int epoch) {

        static final Producer NONE = new Producer(0, 0, 0);
    }

    /** One message of a send. */
    record Entry(Long delayNs, Long scheduledTimeNs, Long timeToLiveNs, int priority, Payload payload) {

        Entry(final Long delayNs, final Payload payload) {
            this(delayNs, null, null, 0, payload);
        }

        Entry withPayload(final Payload other) {
            return new Entry(delayNs, scheduledTimeNs, timeToLiveNs, priority, other);
        }
    }

    /** One delivery whose visibility is changed. */
    record Change(Receipt receipt, long visibilityTimeoutNs) {}

    /** One delivery that is ended without being acknowledged. */
    record Settlement(Receipt receipt, Long delayNs, Disposition disposition) {}

    /** A tag of a queue. */
    record Tag(String key, String value) {}

    /** What a principal may do with a queue. */
    record AccessEntry(boolean send, boolean receive, boolean manage, String principal) {}

    /** Returned in the answer. */
    long correlationId();

    /** Who protects the command against a second execution. */
    default Producer producer() {
        return Producer.NONE;
    }

    record CreateQueue(long correlationId, Producer producer, String name, Settings settings) implements Command {

        CreateQueue(
                final long correlationId,
                final Producer producer,
                final String name,
                final Long visibilityTimeoutNs,
                final Long delayNs,
                final Long receiveWaitNs,
                final Long maxMessageBytes) {
            this(
                    correlationId,
                    producer,
                    name,
                    Settings.of(visibilityTimeoutNs, delayNs, receiveWaitNs, maxMessageBytes));
        }
    }

    record DeleteQueue(long correlationId, Producer producer, long queueId) implements Command {}

    record SetQueueSettings(long correlationId, Producer producer, long queueId, Settings settings)
            implements Command {}

    record PurgeQueue(long correlationId, Producer producer, long queueId) implements Command {}

    record TagQueue(long correlationId, Producer producer, long queueId, List<Tag> tags) implements Command {}

    record UntagQueue(long correlationId, Producer producer, long queueId, List<String> keys) implements Command {}

    record SetQueueAccess(long correlationId, Producer producer, long queueId, List<AccessEntry> entries)
            implements Command {}

    record WatchQueue(long correlationId, long queueId, boolean watching) implements Command {}

    record SendMessages(
            long correlationId, Producer producer, long queueId, boolean text, boolean eachEntry, List<Entry> entries)
            implements Command {

        SendMessages(final long correlationId, final Producer producer, final long queueId, final List<Entry> entries) {
            this(correlationId, producer, queueId, false, false, entries);
        }
    }

    /** The entry's payload comes later. */
    record BeginPayload(
            long correlationId, Producer producer, long queueId, boolean text, Entry entry, long payloadLength)
            implements Command {

        BeginPayload(
                final long correlationId,
                final Producer producer,
                final long queueId,
                final Long delayNs,
                final long payloadLength) {
            this(correlationId, producer, queueId, false, new Entry(delayNs, null), payloadLength);
        }

        Long delayNs() {
            return entry.delayNs();
        }
    }

    record AppendPayload(long correlationId, long payloadOffset, String chunk) implements Command {

        @Override
        public String toString() {
            return "AppendPayload[correlationId=" + correlationId + ", payloadOffset=" + payloadOffset + ", "
                    + chunk.length() + " bytes]";
        }
    }

    record CommitPayload(long correlationId, Producer producer) implements Command {}

    record Receive(
            long correlationId,
            long queueId,
            int maxMessages,
            Long waitNs,
            Long visibilityTimeoutNs,
            List<String> attributeNames,
            String attemptId)
            implements Command {

        Receive(
                final long correlationId,
                final long queueId,
                final int maxMessages,
                final Long waitNs,
                final Long visibilityTimeoutNs) {
            this(correlationId, queueId, maxMessages, waitNs, visibilityTimeoutNs, List.of(), "");
        }
    }

    record Consume(long correlationId, long queueId, long creditMessages, long creditBytes, Long visibilityTimeoutNs)
            implements Command {}

    record StopConsuming(long correlationId, long queueId) implements Command {}

    record Acknowledge(long correlationId, Producer producer, long queueId, List<Receipt> receipts)
            implements Command {}

    record DeleteMessages(long correlationId, Producer producer, long queueId, List<Receipt> receipts)
            implements Command {}

    record ChangeVisibility(long correlationId, Producer producer, long queueId, List<Change> changes)
            implements Command {}

    record SettleMessages(long correlationId, Producer producer, long queueId, List<Settlement> settlements)
            implements Command {}

    record StartRedrive(
            long correlationId, Producer producer, long queueId, long destinationQueueId, long messagesPerSecond)
            implements Command {}

    record CancelRedrive(long correlationId, Producer producer, long taskId) implements Command {}

    /** Here the producer's id is the one to take over, 0 for a new one. */
    record OpenProducer(long correlationId, long producerId, long nonce) implements Command {}

    record LookUpQueue(long correlationId, String name) implements Command {}

    record DescribeQueue(long correlationId, long queueId) implements Command {}

    record ListQueues(long correlationId, long afterQueueId, int maxEntries, String prefix) implements Command {}

    record ListQueueTags(long correlationId, long queueId) implements Command {}

    record DescribeQueueAccess(long correlationId, long queueId) implements Command {}

    record ListDeadLetterSources(long correlationId, long queueId, long afterQueueId, int maxEntries)
            implements Command {}

    record ListRedrives(long correlationId, long queueId) implements Command {}

    record BrowseMessages(
            long correlationId,
            long queueId,
            long cursor,
            int maxMessages,
            boolean available,
            boolean delayed,
            boolean inFlight)
            implements Command {}

    /** Settings of a topic, as the schema's enums; NULL_VAL leaves one out. */
    record TopicSettings(
            QueueType type, Switch contentDeduplication, QueueScope deduplicationScope, Long archivePeriodNs) {

        static final TopicSettings NONE = new TopicSettings(QueueType.NULL_VAL, Switch.NULL_VAL, QueueScope.NULL_VAL);

        TopicSettings(final QueueType type, final Switch contentDeduplication, final QueueScope deduplicationScope) {
            this(type, contentDeduplication, deduplicationScope, null);
        }

        TopicSettings keeping(final long periodNs) {
            return new TopicSettings(type, contentDeduplication, deduplicationScope, periodNs);
        }

        TopicSettings withoutArchive() {
            return new TopicSettings(type, contentDeduplication, deduplicationScope);
        }

        static TopicSettings fifo(final Switch contentDeduplication, final QueueScope scope) {
            return new TopicSettings(QueueType.FIFO, contentDeduplication, scope);
        }
    }

    /** Settings of a subscription; null and NULL_VAL leave one out. */
    record SubscriptionSettings(
            Long deadLetterQueueId,
            Switch rawDelivery,
            FilterPolicyScope filterScope,
            String filterPolicy,
            Long replayFromNs) {

        static final SubscriptionSettings NONE = new SubscriptionSettings(null, Switch.NULL_VAL);
        static final SubscriptionSettings RAW = new SubscriptionSettings(null, Switch.ON);

        SubscriptionSettings(final Long deadLetterQueueId, final Switch rawDelivery) {
            this(deadLetterQueueId, rawDelivery, FilterPolicyScope.NULL_VAL, null);
        }

        SubscriptionSettings(
                final Long deadLetterQueueId,
                final Switch rawDelivery,
                final FilterPolicyScope filterScope,
                final String filterPolicy) {
            this(deadLetterQueueId, rawDelivery, filterScope, filterPolicy, null);
        }

        SubscriptionSettings from(final long timeNs) {
            return new SubscriptionSettings(deadLetterQueueId, rawDelivery, filterScope, filterPolicy, timeNs);
        }

        SubscriptionSettings withoutReplay() {
            return new SubscriptionSettings(deadLetterQueueId, rawDelivery, filterScope, filterPolicy);
        }

        SubscriptionSettings withDeadLetters(final long queueId) {
            return new SubscriptionSettings(queueId, rawDelivery, filterScope, filterPolicy, replayFromNs);
        }

        SubscriptionSettings withPolicy(final String policy) {
            return new SubscriptionSettings(deadLetterQueueId, rawDelivery, filterScope, policy, replayFromNs);
        }

        SubscriptionSettings about(final FilterPolicyScope scope) {
            return new SubscriptionSettings(deadLetterQueueId, rawDelivery, scope, filterPolicy, replayFromNs);
        }

        /** The text of the policy, empty if there is none. */
        String policyText() {
            return filterPolicy == null ? "" : filterPolicy;
        }
    }

    /** One message that is published. */
    record Published(Payload payload, String subject, List<ProtocolBody> bodies) {

        Published(final Payload payload, final String subject) {
            this(payload, subject, List.of());
        }

        long accountedBytes() {
            return payload.accountedBytes()
                    + bodies.stream().mapToLong(body -> body.body().length()).sum();
        }
    }

    /** A body for subscribers of one protocol; a protocol outside 1 to 3 is wrong on purpose. */
    record ProtocolBody(int protocol, String body) {}

    record CreateTopic(long correlationId, Producer producer, String name, TopicSettings settings) implements Command {}

    record DeleteTopic(long correlationId, Producer producer, long topicId) implements Command {}

    record SetTopicSettings(long correlationId, Producer producer, long topicId, TopicSettings settings)
            implements Command {}

    record TagTopic(long correlationId, Producer producer, long topicId, List<Tag> tags) implements Command {}

    record UntagTopic(long correlationId, Producer producer, long topicId, List<String> keys) implements Command {}

    record SetTopicAccess(long correlationId, Producer producer, long topicId, List<AccessEntry> entries)
            implements Command {}

    record SubscribeQueue(
            long correlationId, Producer producer, long topicId, long queueId, SubscriptionSettings settings)
            implements Command {}

    /** A policy of deliveries, times in nanoseconds. */
    record DeliveryPolicy(
            int retries,
            int noDelayRetries,
            int minDelayRetries,
            int maxDelayRetries,
            long minDelayNs,
            long maxDelayNs,
            RetryFunction function,
            long maxPerSecond) {

        static final DeliveryPolicy NONE = new DeliveryPolicy(0xFFFF, 0, 0, 0, 0, 0, RetryFunction.NULL_VAL, 0);

        static final DeliveryPolicy DEFAULT =
                new DeliveryPolicy(3, 0, 0, 0, 20_000_000_000L, 20_000_000_000L, RetryFunction.LINEAR, 0);

        DeliveryPolicy withMaxPerSecond(final long deliveries) {
            return new DeliveryPolicy(
                    retries,
                    noDelayRetries,
                    minDelayRetries,
                    maxDelayRetries,
                    minDelayNs,
                    maxDelayNs,
                    function,
                    deliveries);
        }
    }

    record SubscribeSession(
            long correlationId,
            Producer producer,
            long topicId,
            SubscriptionSettings settings,
            DeliveryPolicy policy,
            Switch acknowledged,
            String name)
            implements Command {}

    record SetDeliveryPolicy(
            long correlationId, Producer producer, long topicId, long subscriptionId, DeliveryPolicy policy)
            implements Command {}

    record Unsubscribe(long correlationId, Producer producer, long subscriptionId) implements Command {}

    record SetSubscription(long correlationId, Producer producer, long subscriptionId, SubscriptionSettings settings)
            implements Command {}

    record PublishMessages(
            long correlationId,
            Producer producer,
            long topicId,
            boolean text,
            boolean eachEntry,
            List<Published> entries)
            implements Command {}

    /** The entry comes later. */
    record BeginPublication(long correlationId, Producer producer, long topicId, boolean text, long entryLength)
            implements Command {}

    record DeclareBlob(long correlationId, Producer producer, BlobReference blob) implements Command {}

    record DescribeBlob(long correlationId, long blobId) implements Command {}

    record ListBlobs(long correlationId, long afterBlobId, int maxEntries) implements Command {}

    /** A command that says of its messages that their bodies refer to blobs. */
    record Claim(Command command) implements Command {

        @Override
        public long correlationId() {
            return command.correlationId();
        }

        @Override
        public Producer producer() {
            return command.producer();
        }
    }

    record LookUpTopic(long correlationId, String name) implements Command {}

    record DescribeTopic(long correlationId, long topicId) implements Command {}

    record ListTopics(long correlationId, long afterTopicId, int maxEntries, String prefix) implements Command {}

    record ListTopicTags(long correlationId, long topicId) implements Command {}

    record DescribeTopicAccess(long correlationId, long topicId) implements Command {}

    record DescribeSubscription(long correlationId, long subscriptionId) implements Command {}

    record ListSubscriptions(long correlationId, long topicId, long afterSubscriptionId, int maxEntries)
            implements Command {}

    /** What concerns streams. */
    non-sealed interface OfStream extends Command {}

    /** Whether this is a query: not journaled, changes nothing. */
    default boolean isQuery() {
        return this instanceof LookUpQueue
                || this instanceof DescribeQueue
                || this instanceof ListQueues
                || this instanceof ListQueueTags
                || this instanceof DescribeQueueAccess
                || this instanceof ListDeadLetterSources
                || this instanceof ListRedrives
                || this instanceof BrowseMessages
                || this instanceof DescribeBlob
                || this instanceof ListBlobs
                || this instanceof LookUpTopic
                || this instanceof DescribeTopic
                || this instanceof ListTopics
                || this instanceof ListTopicTags
                || this instanceof DescribeTopicAccess
                || this instanceof DescribeSubscription
                || this instanceof ListSubscriptions;
    }
}
