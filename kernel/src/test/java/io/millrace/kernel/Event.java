package io.millrace.kernel;

import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.DeliveryDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.RedriveStatus;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import java.util.List;
import java.util.stream.Collectors;

/** Everything the kernel may tell a session, as values. The texts leave out what a specification does not turn on. */
sealed interface Event {

    /** The request that this answers. */
    long correlationId();

    /** The first result of a command, told again under another correlation id. */
    default Event repeatedFor(final long otherCorrelationId) {
        throw new AssertionError("not a result that is kept: " + this);
    }

    /** The event without what kernels without settings do not tell. */
    default Event inShort() {
        return this;
    }

    record Confirmed(long correlationId, long firstValue, long valuesPerCommand) implements Event {

        @Override
        public Event repeatedFor(final long otherCorrelationId) {
            return new Confirmed(otherCorrelationId, firstValue, valuesPerCommand);
        }

        @Override
        public String toString() {
            return switch ((int) valuesPerCommand) {
                case 0 -> "confirmed";
                case 1 -> "confirmed " + firstValue;
                default -> "confirmed " + firstValue + "-" + (firstValue + valuesPerCommand - 1);
            };
        }
    }

    record Refused(long correlationId, ResultCode code, LimitId limitId, long limit, long actual, int entryIndex)
            implements Event {

        @Override
        public Event repeatedFor(final long otherCorrelationId) {
            return new Refused(otherCorrelationId, code, limitId, limit, actual, entryIndex);
        }

        @Override
        public Event inShort() {
            return code == ResultCode.QUEUE_EXISTS
                    ? new Refused(correlationId, code, limitId, limit, 0, entryIndex)
                    : this;
        }

        @Override
        public String toString() {
            return "refused " + code + limitText(code, limitId, limit, actual)
                    + (entryIndex < 0 ? "" : " entry=" + entryIndex);
        }
    }

    /** One entry that is not OK. */
    record EntryResult(int entryIndex, ResultCode code, LimitId limitId, long limit, long actual) {

        @Override
        public String toString() {
            return entryIndex + " " + code + limitText(code, limitId, limit, actual);
        }
    }

    record EntryResults(long correlationId, List<EntryResult> results) implements Event {

        @Override
        public Event repeatedFor(final long otherCorrelationId) {
            return new EntryResults(otherCorrelationId, results);
        }

        @Override
        public String toString() {
            return "results " + results;
        }
    }

    record ReceiveEnd(long correlationId, long queueId, long messageCount, ResultCode code) implements Event {

        @Override
        public String toString() {
            return "end of " + messageCount + (code == ResultCode.OK ? "" : " " + code);
        }
    }

    record ProducerOpened(long correlationId, long producerId, long lastSequence, int producerEpoch) implements Event {

        @Override
        public String toString() {
            return "producer " + producerId + " epoch=" + producerEpoch + " last=" + lastSequence;
        }
    }

    /** How one entry of a send ended. */
    record SendResult(
            long messageId,
            long sequenceNumber,
            ResultCode code,
            LimitId limitId,
            long limit,
            long actual,
            boolean duplicate) {

        @Override
        public String toString() {
            return code == ResultCode.OK
                    ? messageId + (duplicate ? " duplicate" : "")
                    : code + limitText(code, limitId, limit, actual);
        }
    }

    record SendResults(long correlationId, List<SendResult> results) implements Event {

        @Override
        public Event repeatedFor(final long otherCorrelationId) {
            return new SendResults(otherCorrelationId, results);
        }

        @Override
        public String toString() {
            return "sent " + results;
        }
    }

    record QueueDescription(
            long correlationId,
            long queueId,
            String name,
            long createdTimeNs,
            long changedTimeNs,
            long availableCount,
            long delayedCount,
            long inFlightCount,
            long reclaimingCount,
            long oldestTimeNs,
            Settings settings)
            implements Event {

        /** In short. */
        QueueDescription(
                final long correlationId,
                final long queueId,
                final String name,
                final long createdTimeNs,
                final long visibilityTimeoutNs,
                final long delayNs,
                final long receiveWaitNs,
                final long maxMessageBytes,
                final long availableCount,
                final long delayedCount,
                final long inFlightCount) {
            this(
                    correlationId,
                    queueId,
                    name,
                    createdTimeNs,
                    0,
                    availableCount,
                    delayedCount,
                    inFlightCount,
                    0,
                    0,
                    Settings.of(visibilityTimeoutNs, delayNs, receiveWaitNs, maxMessageBytes));
        }

        @Override
        public Event inShort() {
            return new QueueDescription(
                    correlationId,
                    queueId,
                    name,
                    createdTimeNs,
                    settings.visibilityTimeoutNs(),
                    settings.delayNs(),
                    settings.receiveWaitNs(),
                    settings.maxMessageBytes(),
                    availableCount,
                    delayedCount,
                    inFlightCount);
        }

        @Override
        public String toString() {
            return "queue " + queueId + " " + name + " available=" + availableCount + " delayed=" + delayedCount
                    + " inFlight=" + inFlightCount + (reclaimingCount == 0 ? "" : " reclaiming=" + reclaimingCount);
        }
    }

    /** One line of a list of queues. */
    record QueueEntry(long queueId, String name) {

        @Override
        public String toString() {
            return queueId + " " + name;
        }
    }

    record QueueList(long correlationId, long nextAfterQueueId, List<QueueEntry> queues) implements Event {

        @Override
        public String toString() {
            return queues.stream().map(QueueEntry::toString).collect(Collectors.joining(", ", "queues [", "]"))
                    + (nextAfterQueueId == 0 ? "" : " next=" + nextAfterQueueId);
        }
    }

    record Delivery(
            long correlationId,
            long queueId,
            long messageId,
            long sequenceNumber,
            long sentTimeNs,
            long firstReceivedTimeNs,
            long deadLetterSourceId,
            long deliveryNumber,
            long receiveCount,
            long failedCount,
            int priority,
            boolean redelivered,
            boolean pushed,
            boolean moved,
            boolean settled,
            boolean chunked,
            Payload payload,
            Receipt receipt)
            implements Event {

        private static final int LONGEST_MESSAGE = 65_536;

        /** Whether a delivery of the payload does not fit a frame. */
        static boolean isChunked(final Payload payload) {
            return MessageHeaderDecoder.ENCODED_LENGTH + DeliveryDecoder.BLOCK_LENGTH + payload.length()
                    > LONGEST_MESSAGE;
        }

        /** Without the parts of the receipt that only the kernel can know. */
        Delivery withoutReceipt() {
            return withReceipt(null);
        }

        Delivery withReceipt(final Receipt other) {
            return new Delivery(
                    correlationId,
                    queueId,
                    messageId,
                    sequenceNumber,
                    sentTimeNs,
                    firstReceivedTimeNs,
                    deadLetterSourceId,
                    deliveryNumber,
                    receiveCount,
                    failedCount,
                    priority,
                    redelivered,
                    pushed,
                    moved,
                    settled,
                    chunked,
                    payload,
                    other);
        }

        @Override
        public String toString() {
            return (pushed ? "push " : "delivery ")
                    + payload
                    + (receiveCount == 1 ? "" : " count=" + receiveCount)
                    + (redelivered ? " redelivered" : "")
                    + (settled ? " settled" : "")
                    + (chunked ? " in chunks" : "");
        }
    }

    /** A delivery whose body refers to a blob. */
    record Claim(Delivery delivery, BlobReference blob) implements Event {

        @Override
        public long correlationId() {
            return delivery.correlationId;
        }

        @Override
        public String toString() {
            return (delivery.pushed ? "push " : "delivery ") + "of blob " + blob;
        }
    }

    /** What a page of blobs holds, or the description of one. */
    record BlobList(long correlationId, long nextAfterBlobId, List<String> blobs) implements Event {

        @Override
        public String toString() {
            return "blobs " + blobs + (nextAfterBlobId == 0 ? "" : " next=" + nextAfterBlobId);
        }
    }

    record ConsumerStopped(long correlationId, long queueId, ResultCode code) implements Event {

        @Override
        public String toString() {
            return "consumer of " + queueId + " stopped " + code;
        }
    }

    record QueueTags(long correlationId, long queueId, List<Command.Tag> tags) implements Event {

        @Override
        public String toString() {
            return tags.stream()
                    .map(tag -> tag.key() + "=" + tag.value())
                    .collect(Collectors.joining(", ", "tags [", "]"));
        }
    }

    record BrowsedMessage(
            long correlationId,
            long messageId,
            long sequenceNumber,
            long sentTimeNs,
            long arrivedTimeNs,
            long visibleTimeNs,
            long holderSessionId,
            long deadLetterSourceId,
            long receiveCount,
            long failedCount,
            long payloadLength,
            MessageStatus status,
            int priority,
            String content)
            implements Event {

        @Override
        public String toString() {
            return "browsed " + sequenceNumber + " " + status + " count=" + receiveCount + " failed=" + failedCount;
        }
    }

    record BrowseEnd(long correlationId, long nextCursor, long messageCount) implements Event {

        @Override
        public String toString() {
            return "end of " + messageCount + " browsed" + (nextCursor == 0 ? "" : ", more");
        }
    }

    record QueueAlarm(long queueId, long timeNs, long value, AlarmKind kind) implements Event {

        @Override
        public long correlationId() {
            return 0;
        }

        @Override
        public String toString() {
            return "alarm of " + queueId + " " + kind + " " + value;
        }
    }

    record QueueAccess(long correlationId, long queueId, List<Command.AccessEntry> entries) implements Event {

        @Override
        public String toString() {
            return "access " + entries;
        }
    }

    record TopicDescription(
            long correlationId,
            long topicId,
            long createdTimeNs,
            long changedTimeNs,
            long subscriptionCount,
            long publishedCount,
            long pendingCount,
            Command.TopicSettings settings,
            String name)
            implements Event {

        @Override
        public String toString() {
            return "topic " + topicId + " '" + name + "' " + settings.type() + " subscriptions=" + subscriptionCount
                    + " published=" + publishedCount + (pendingCount == 0 ? "" : " pending=" + pendingCount);
        }
    }

    record TopicList(long correlationId, long nextAfterTopicId, List<String> topics) implements Event {

        @Override
        public String toString() {
            return "topics " + topics + (nextAfterTopicId == 0 ? "" : " next=" + nextAfterTopicId);
        }
    }

    record SubscriptionDescription(
            long correlationId,
            long subscriptionId,
            long topicId,
            long queueId,
            long createdTimeNs,
            long deliveredCount,
            long deadLetterCount,
            long discardedCount,
            Command.SubscriptionSettings settings,
            long filteredCount,
            SessionDeliveries sessions)
            implements Event {

        @Override
        public String toString() {
            return "subscription " + subscriptionId + " " + topicId + "->" + queueId
                    + (settings.rawDelivery() == Switch.ON ? " raw" : "") + " delivered=" + deliveredCount
                    + (deadLetterCount == 0 ? "" : " dead letters=" + deadLetterCount)
                    + (discardedCount == 0 ? "" : " discarded=" + discardedCount)
                    + (filteredCount == 0 ? "" : " filtered=" + filteredCount)
                    + (settings.filterPolicy().isEmpty() ? "" : " " + settings.filterScope() + settings.filterPolicy())
                    + sessions;
        }
    }

    /** What is known of a subscription that sessions consume. */
    record SessionDeliveries(
            long retriedCount,
            long pendingCount,
            long oldestTimeNs,
            Command.DeliveryPolicy policy,
            Switch acknowledged,
            String name) {

        static final SessionDeliveries OF_A_QUEUE =
                new SessionDeliveries(0, 0, 0, Command.DeliveryPolicy.DEFAULT, Switch.ON, "");

        @Override
        public String toString() {
            return (name.isEmpty() ? "" : " '" + name + "'" + (acknowledged == Switch.OFF ? " at most once" : ""))
                    + (retriedCount == 0 ? "" : " retried=" + retriedCount)
                    + (pendingCount == 0 ? "" : " pending=" + pendingCount);
        }
    }

    record SubscriptionList(long correlationId, long nextAfterSubscriptionId, List<String> subscriptions)
            implements Event {

        @Override
        public String toString() {
            return "subscriptions " + subscriptions
                    + (nextAfterSubscriptionId == 0 ? "" : " next=" + nextAfterSubscriptionId);
        }
    }

    record RedriveTask(
            long taskId,
            long destinationQueueId,
            long startedTimeNs,
            long movedCount,
            long toMoveCount,
            long messagesPerSecond,
            RedriveStatus status) {

        @Override
        public String toString() {
            return taskId + " " + status + " " + movedCount + " of " + toMoveCount;
        }
    }

    record RedriveList(long correlationId, long queueId, List<RedriveTask> tasks) implements Event {

        @Override
        public String toString() {
            return "redrives " + tasks;
        }
    }

    /** What concerns streams. */
    non-sealed interface OfStream extends Event {}

    static String limitText(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        return switch (code) {
            case LIMIT_EXCEEDED -> " " + limitId + " limit=" + limit + " actual=" + actual;
            case INVALID_FILTER_POLICY -> " fault=" + limit + " at=" + actual;
            case SEQUENCE_GAP -> " expected=" + actual;
            case INVALID_SETTING -> " " + SettingName.of(actual);
            case TOPIC_EXISTS, SUBSCRIPTION_EXISTS, STREAM_EXISTS, GROUP_EXISTS -> " differs in " + actual;
            case PURGE_IN_PROGRESS, QUEUE_DELETED_RECENTLY -> " limit=" + limit + " actual=" + actual;
            default -> "";
        };
    }
}
