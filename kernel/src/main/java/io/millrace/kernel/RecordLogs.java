package io.millrace.kernel;

import io.millrace.codecs.ResultCode;
import org.agrona.DirectBuffer;

/**
 * Where the kernel's records go, and who reads them: the host's record logs, one of its own for each shard as seen from here. All calls come
 * from the thread that applies records and must neither block nor throw; in replay they come again, so that the host can tell what its
 * logs lack.
 *
 * <p>The archive of a topic is a stream with one shard here, which is never closed and read by {@link #replay} alone.
 *
 * <p>The kernel keeps no record. It knows of each shard what its last sequence number is, and of each stream from which arrival time on
 * records are in reach: the horizon.
 */
public interface RecordLogs {
    /** Logs of a host without streams: nothing is kept, nothing is answered, and no stream is ever opened. */
    RecordLogs NONE = new RecordLogs() {};

    /**
     * A shard needs its log. A boot asks again for every shard that is not closed, in the order of their ids within a stream.
     *
     * @param streamId the stream.
     * @param shardId the shard.
     */
    default void open(final long streamId, final long shardId) {}

    /**
     * A stream goes on when the logs of all its shards that were asked for are open: then the host journals ShardsReady with these two
     * ids. A boot asks again; ShardsReady that comes twice, or too late, does nothing.
     *
     * @param streamId the stream.
     * @param lastShardId the shard whose log was asked for last.
     */
    default void awaitOpen(final long streamId, final long lastShardId) {}

    /**
     * A record was put.
     *
     * @param streamId the stream.
     * @param shardId the shard.
     * @param sequenceNumber greater than those before in the shard, and once in the stream.
     * @param timeNs when it arrived: not before the ones in front of it in the shard.
     * @param buffer that holds partition key and data as long as the call lasts.
     * @param keyOffset of the partition key.
     * @param keyLength of the partition key in bytes.
     * @param dataOffset of the data.
     * @param dataLength of the data in bytes.
     */
    default void append(
            final long streamId,
            final long shardId,
            final long sequenceNumber,
            final long timeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {}

    /**
     * A shard was closed by a split or a merge: nothing is appended to it any more, and it stays readable until it is deleted. A boot tells
     * it again of every closed shard there is, in the place of {@link #open}.
     *
     * @param streamId the stream.
     * @param shardId the shard.
     * @param lastSequenceNumber of its last record; 0 if it has none.
     */
    default void close(final long streamId, final long shardId, final long lastSequenceNumber) {}

    /**
     * A session may read: the host copies records from the log and answers with ShardRecords, as many as needed, and RecordsEnd. Without effect
     * in replay, when there is no session.
     *
     * @param grant what it may read; the kernel uses the object again after the call.
     */
    default void read(final ReadGrant grant) {}

    /**
     * The records of a shard are to be pushed to a session, from a position on and as they come, until {@link #endPush}. Without effect in
     * replay, when there is no session.
     *
     * @param grant what is to be pushed; the kernel uses the object again after the call.
     */
    default void push(final PushGrant grant) {}

    /**
     * The shard of a subscription was closed: when the last record of the grant is pushed, the subscription has ended with SHARD_CLOSED. The
     * grant names no position and no window.
     *
     * @param grant of the subscription, as it is now; the kernel uses the object again after the call.
     */
    default void finishPush(final PushGrant grant) {}

    /**
     * A subscription ended; without effect if the host does not know it, or knows already.
     *
     * @param subscriptionId of the grant.
     * @param code           why, as ShardSubscriptionEnded tells it.
     */
    default void endPush(final long subscriptionId, final ResultCode code) {}

    /**
     * Messages of an archive are to be replayed, from a position on: the host journals ReplayMessages and ReplayPart with all there are,
     * and goes on with what is appended meanwhile, until {@link #endReplay}. A boot gives each one that is running, after all logs were
     * asked for. Without effect in replay, when another boot is to come.
     *
     * @param grant what is to be replayed; the kernel uses the object again after the call.
     */
    default void replay(final ReplayGrant grant) {}

    /**
     * How far a replay has come: after each ReplayMessages and ReplayPart that was for a replay that goes on. Less than what the record
     * held to its end means that there was no room for the rest, which is to be journaled again, later: a message in parts from its first.
     *
     * @param replayId       of the grant.
     * @param sequenceNumber of the last message that was replayed; 0 if none was.
     */
    default void replayed(final long replayId, final long sequenceNumber) {}

    /**
     * A replay ended; without effect if the host does not know it.
     *
     * @param replayId of the grant.
     */
    default void endReplay(final long replayId) {}

    /**
     * Records of a stream that arrived before a time are out of reach: files may go that hold nothing else and that no grant reads. Told from
     * time to time, at the latest an hour of the kernel's time after the horizon has moved.
     *
     * @param streamId the stream.
     * @param horizonTimeNs the time.
     */
    default void trim(final long streamId, final long horizonTimeNs) {}

    /**
     * A shard is gone: its log may go when no grant reads it.
     *
     * @param streamId the stream.
     * @param shardId the shard.
     */
    default void delete(final long streamId, final long shardId) {}
}
