package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardState;
import io.millrace.codecs.StreamStatus;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Collectors;

/** Everything the kernel may tell a session of streams, as values. */
interface StreamEvent {

    /** A sequence number as boot epoch and counter. */
    static String sequence(final long number) {
        return number == 0 ? "0" : (number >> 40) + "." + (number & (1L << 40) - 1);
    }

    /** How one record ended. */
    record PutResult(long shardId, long sequenceNumber, ResultCode code, LimitId limitId, long limit, long actual) {

        @Override
        public String toString() {
            return shardId + ":"
                    + (code == ResultCode.OK
                            ? sequence(sequenceNumber)
                            : code + Event.limitText(code, limitId, limit, actual));
        }
    }

    record PutResults(long correlationId, List<PutResult> results) implements Event.OfStream {

        @Override
        public Event repeatedFor(final long otherCorrelationId) {
            return new PutResults(otherCorrelationId, results);
        }

        @Override
        public String toString() {
            return "put " + results.stream().map(PutResult::toString).collect(Collectors.joining(" "));
        }
    }

    record IteratorIssued(long correlationId, StreamCommand.Iterator iterator) implements Event.OfStream {

        @Override
        public String toString() {
            return "iterator " + iterator.kind() + " " + sequence(iterator.position());
        }
    }

    record StreamDescription(
            long correlationId,
            long streamId,
            long createdTimeNs,
            long changedTimeNs,
            long horizonTimeNs,
            long recordCount,
            long recordBytes,
            StreamCommand.Settings settings,
            long openShardCount,
            long shardCount,
            StreamStatus status,
            String name)
            implements Event.OfStream {

        @Override
        public String toString() {
            return "stream " + streamId + " '" + name + "' " + status + " shards=" + openShardCount + "/" + shardCount
                    + " records=" + recordCount + " bytes=" + recordBytes;
        }
    }

    /** What is known of a stream's subscription. */
    record OfSubscription(long streamId, String keyAttribute, Event.SubscriptionDescription description)
            implements Event.OfStream {

        @Override
        public long correlationId() {
            return description.correlationId();
        }

        @Override
        public String toString() {
            return description + " stream " + streamId + (keyAttribute.isEmpty() ? "" : " by " + keyAttribute);
        }
    }

    record StreamList(long correlationId, long nextAfterStreamId, List<String> streams) implements Event.OfStream {

        @Override
        public String toString() {
            return "streams " + streams + (nextAfterStreamId == 0 ? "" : " next=" + nextAfterStreamId);
        }
    }

    record StreamConsumerDescription(
            long correlationId, long consumerId, long streamId, long createdTimeNs, long subscriptionCount, String name)
            implements Event.OfStream {

        @Override
        public String toString() {
            return "consumer " + consumerId + " '" + name + "' of " + streamId + " since "
                    + (createdTimeNs - Scenario.START_NS) / Scenario.MS + " shards=" + subscriptionCount;
        }
    }

    record StreamConsumerList(long correlationId, long nextAfterConsumerId, List<String> consumers)
            implements Event.OfStream {

        @Override
        public String toString() {
            return "consumers " + consumers + (nextAfterConsumerId == 0 ? "" : " next=" + nextAfterConsumerId);
        }
    }

    /** A shard as it is listed. */
    record ShardDescription(
            long shardId,
            long parentId,
            long adjacentParentId,
            BigInteger first,
            BigInteger last,
            long openedTimeNs,
            long closedTimeNs,
            long lastSequenceNumber,
            long lastTimeNs,
            long recordCount,
            long recordBytes,
            long index,
            ShardState state) {

        @Override
        public String toString() {
            final String parents = parentId == 0 ? "" : "<" + parentId;
            return shardId + parents + (adjacentParentId == 0 ? "" : "+" + adjacentParentId) + " " + state;
        }
    }

    record ShardList(long correlationId, long nextAfterShardId, long tokenTimeNs, List<ShardDescription> shards)
            implements Event.OfStream {

        @Override
        public String toString() {
            return "shards " + shards + (nextAfterShardId == 0 ? "" : " next=" + nextAfterShardId);
        }
    }
}
