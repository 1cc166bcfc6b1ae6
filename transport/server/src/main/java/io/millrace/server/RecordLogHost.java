package io.millrace.server;

import io.millrace.codecs.ResultCode;
import io.millrace.kernel.PushGrant;
import io.millrace.kernel.ReadGrant;
import io.millrace.kernel.RecordLogs;
import io.millrace.kernel.ReplayGrant;
import io.millrace.store.AppendResult;
import io.millrace.store.RecordLogStore;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;

/**
 * Takes what the kernel says about its streams to the record logs, live and in replay alike. Replay appends everything again:
 * the logs skip what they hold. What is slow, opening and removing, the logs' keeper does on the helper's thread; when the logs
 * of a stream are open, a record says so to the kernel.
 */
final class RecordLogHost implements RecordLogs {

    /** Shards of a stream whose logs were asked for. */
    private static final class Opening {
        private int waiting;
        private long lastShardId;
    }

    private final ShardFlows flows;
    private final ReplayFlows replays;
    private final Long2ObjectHashMap<Opening> openings = new Long2ObjectHashMap<>();

    /** Pairs: a stream, and its shard that was asked for last. */
    private final LongArrayList ready = new LongArrayList();

    private RecordLogStore store;
    private boolean isReplaying;
    private int waiting;
    private long position;
    private int result = AppendResult.OK;

    /**
     * Creates a host without logs: there are none until the storage says where recovery stands.
     *
     * @param flows   that take what the kernel grants to sessions.
     * @param replays that take what it grants to subscriptions of topics.
     */
    RecordLogHost(final ShardFlows flows, final ReplayFlows replays) {
        this.flows = flows;
        this.replays = replays;
    }

    /**
     * Replay begins: shards are opened as records come for them.
     *
     * @param newStore the logs.
     */
    void beginReplay(final RecordLogStore newStore) {
        store = newStore;
        isReplaying = true;
    }

    /** Everything was replayed. */
    void endReplay() {
        store.keeper().doHousekeeping();
        isReplaying = false;
    }

    /** Opens what the boot asked for, before the first client is let in. */
    void openAll() {
        while (waiting > 0) {
            store.keeper().doHousekeeping();
            store.pollOpened(this::onOpened);
        }
    }

    /**
     * The next record is about to be applied.
     *
     * @param newPosition of it in the journal.
     */
    void at(final long newPosition) {
        position = newPosition;
    }

    /**
     * A batch was applied: what it put is in the logs, and readers may see it.
     *
     * @return a code of {@link AppendResult}. What is not OK is final: the next start appends again what is missing.
     */
    int endBatch() {
        if (store != null && result == AppendResult.OK && store.isDirty()) {
            result = store.flush(position);
            if (result == AppendResult.OK) {
                store.publish(position);
            }
        }
        flows.release();
        return result;
    }

    /** {@return why the logs failed, null if nobody knows} */
    Throwable failure() {
        return store.failure();
    }

    /**
     * Takes logs that were opened meanwhile.
     *
     * @return their number.
     */
    int poll() {
        return waiting == 0 ? 0 : store.pollOpened(this::onOpened);
    }

    /**
     * Tells the kernel which streams can go on.
     *
     * @param batch that takes the records; what does not fit is kept.
     * @return records taken.
     */
    int announce(final Batch batch) {
        int count = 0;
        while (!ready.isEmpty() && batch.appendShardsReady(ready.getLong(0), ready.getLong(1))) {
            ready.removeAt(1);
            ready.removeAt(0);
            count++;
        }
        return count;
    }

    private void onOpened(final long streamId, final long shardId) {
        final Opening opening = openings.get(streamId);
        waiting--;
        opening.waiting--;
        settle(streamId, opening);
    }

    private void settle(final long streamId, final Opening opening) {
        if (opening.waiting == 0 && opening.lastShardId != 0) {
            ready.addLong(streamId);
            ready.addLong(opening.lastShardId);
            openings.remove(streamId);
        }
    }

    private Opening opening(final long streamId) {
        return openings.computeIfAbsent(streamId, key -> new Opening());
    }

    @Override
    public void open(final long streamId, final long shardId) {
        if (!isReplaying) {
            opening(streamId).waiting++;
            waiting++;
            store.open(streamId, shardId);
        }
    }

    @Override
    public void awaitOpen(final long streamId, final long lastShardId) {
        if (!isReplaying) {
            final Opening opening = opening(streamId);
            opening.lastShardId = lastShardId;
            settle(streamId, opening);
        }
    }

    @Override
    public void append(
            final long streamId,
            final long shardId,
            final long sequenceNumber,
            final long timeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        if (result != AppendResult.OK) {
            return;
        }
        int code = store.append(
                shardId, sequenceNumber, timeNs, position, buffer, keyOffset, keyLength, dataOffset, dataLength);
        if (code == AppendResult.NOT_OPEN && isReplaying) {
            openNow(streamId, shardId);
            code = store.append(
                    shardId, sequenceNumber, timeNs, position, buffer, keyOffset, keyLength, dataOffset, dataLength);
        }
        result = code;
        replays.onAppend(shardId, sequenceNumber, timeNs, buffer, dataOffset, dataLength);
    }

    private void openNow(final long streamId, final long shardId) {
        store.open(streamId, shardId);
        store.keeper().doHousekeeping();
        store.pollOpened((stream, shard) -> {});
    }

    @Override
    public void close(final long streamId, final long shardId, final long lastSequenceNumber) {
        store.seal(streamId, shardId, lastSequenceNumber);
    }

    @Override
    public void read(final ReadGrant grant) {
        if (!isReplaying) {
            flows.reads.grant(grant);
        }
    }

    @Override
    public void push(final PushGrant grant) {
        if (!isReplaying) {
            flows.pushes.grant(grant);
        }
    }

    @Override
    public void finishPush(final PushGrant grant) {
        flows.pushes.finish(grant);
    }

    @Override
    public void endPush(final long subscriptionId, final ResultCode code) {
        flows.pushes.end(subscriptionId, code);
    }

    @Override
    public void replay(final ReplayGrant grant) {
        if (!isReplaying) {
            replays.grant(grant);
        }
    }

    @Override
    public void replayed(final long replayId, final long sequenceNumber) {
        replays.replayed(replayId, sequenceNumber);
    }

    @Override
    public void endReplay(final long replayId) {
        replays.end(replayId);
    }

    @Override
    public void trim(final long streamId, final long horizonTimeNs) {
        store.trim(streamId, horizonTimeNs);
    }

    @Override
    public void delete(final long streamId, final long shardId) {
        store.delete(streamId, shardId);
    }
}
