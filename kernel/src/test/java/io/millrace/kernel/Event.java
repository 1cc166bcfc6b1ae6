package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
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

    record QueueDescription(
            long correlationId,
            long queueId,
            String name,
            long createdTimeNs,
            long visibilityTimeoutNs,
            long delayNs,
            long receiveWaitNs,
            long maxMessageBytes,
            long availableCount,
            long delayedCount,
            long inFlightCount)
            implements Event {

        @Override
        public String toString() {
            return "queue " + queueId + " " + name + " available=" + availableCount + " delayed=" + delayedCount
                    + " inFlight=" + inFlightCount;
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
            long deliveryNumber,
            long receiveCount,
            boolean redelivered,
            boolean pushed,
            boolean chunked,
            Payload payload,
            Receipt receipt)
            implements Event {

        /** Without the parts of the receipt that only the kernel can know. */
        Delivery withoutReceipt() {
            return new Delivery(
                    correlationId,
                    queueId,
                    messageId,
                    sequenceNumber,
                    sentTimeNs,
                    firstReceivedTimeNs,
                    deliveryNumber,
                    receiveCount,
                    redelivered,
                    pushed,
                    chunked,
                    payload,
                    null);
        }

        @Override
        public String toString() {
            return (pushed ? "push " : "delivery ")
                    + payload
                    + (receiveCount == 1 ? "" : " count=" + receiveCount)
                    + (redelivered ? " redelivered" : "")
                    + (chunked ? " in chunks" : "");
        }
    }

    record ConsumerStopped(long correlationId, long queueId, ResultCode code) implements Event {

        @Override
        public String toString() {
            return "consumer of " + queueId + " stopped " + code;
        }
    }

    private static String limitText(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        return switch (code) {
            case LIMIT_EXCEEDED -> " " + limitId + " limit=" + limit + " actual=" + actual;
            case SEQUENCE_GAP -> " expected=" + actual;
            default -> "";
        };
    }
}
