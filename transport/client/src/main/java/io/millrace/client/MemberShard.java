package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.store.reader.ReaderException;
import io.millrace.store.reader.SelectiveRecordHandler;
import io.millrace.store.reader.ShardReader;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;

/** One shard that a member of a consumer group has: how it is read, and what is to be told of it. */
final class MemberShard implements ShardHandler {
    private final long shardId;
    private final GroupHandler handler;
    private final SelectiveRecordHandler onShared = this::onShared;
    private PullReader pull;
    private ShardReader shared;
    private long epoch;
    private long stored;
    private long wanted;
    private long sent;
    private ResultCode result;
    private boolean isPolling;
    private boolean isStopped;
    private boolean isEnding;
    private boolean isEndSent;
    private boolean isReleasing;
    private boolean isSuspended;
    private boolean isClosed;

    MemberShard(final long shardId, final long epoch, final long sequenceNumber, final GroupHandler handler) {
        this.shardId = shardId;
        this.epoch = epoch;
        this.stored = sequenceNumber;
        this.wanted = sequenceNumber;
        this.handler = handler;
    }

    void readWith(final PullReader reader) {
        pull = reader;
    }

    /** Reads from mapped files behind the checkpoint. */
    void readFrom(final Path dataDirectory, final long streamId) {
        try {
            shared = ShardReader.open(dataDirectory, streamId, shardId);
            shared.seekAfterSequence(stored);
        } catch (final ReaderException exception) {
            onFault(exception);
        }
    }

    /** Reads on, if the records come from mapped files. @return records handed over */
    int poll(final int limit) {
        if (shared == null || isSuspended) {
            return 0;
        }
        isPolling = true;
        try {
            final int count = shared.pollWhile(onShared, limit);
            if (count == 0 && !isStopped && shared.isAtEnd()) {
                onShardEnd(shardId, List.of());
            }
            return count;
        } catch (final ReaderException exception) {
            onFault(exception);
            return 0;
        } finally {
            isPolling = false;
            if (isStopped) {
                stop();
            }
        }
    }

    /** What went out of reach is left out. The server will tell of a shard that is gone; any other fault ends the reading. */
    private void onFault(final ReaderException exception) {
        if (exception.kind() == ReaderException.Kind.TRIMMED && shared != null) {
            shared.seekToHorizon();
            return;
        }
        stop();
        if (exception.kind() != ReaderException.Kind.DELETED) {
            handler.onReadFailed(shardId, exception);
        }
    }

    private boolean onShared(
            final long sequenceNumber,
            final long arrivalTimeNs,
            final long journalPosition,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        if (isStopped) {
            return false;
        }
        onRecord(shardId, sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength);
        return true;
    }

    @Override
    public void onRecord(
            final long ignored,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        handler.onRecord(shardId, sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength);
    }

    @Override
    public void onShardEnd(final long ignored, final List<ChildShard> children) {
        final long last = pull == null ? shared.lastSequence() : pull.lastSequenceNumber();
        stop();
        handler.onShardEnd(shardId);
        wanted = Math.max(stored, last);
        isEnding = true;
    }

    @Override
    public void onReadRefused(
            final long ignored, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        // The server will tell of a shard that is beyond the retention.
        if (code != ResultCode.UNKNOWN_SHARD) {
            handler.onReadFailed(shardId, new MillraceException(code, limitId, limit, actual));
        }
    }

    /** Reads no more. Files that are being read are closed when that is over: a handler may end the member. */
    void stop() {
        isStopped = true;
        if (pull != null) {
            pull.close();
        }
        if (shared != null && !isPolling) {
            shared.close();
            shared = null;
        }
    }

    /** Reads no more and says no more. */
    void close() {
        stop();
        isClosed = true;
    }

    /** Without a session nobody knows whose the shard is. */
    void suspend() {
        isSuspended = true;
        pause();
    }

    /** Nobody else had the shard. */
    void resume(final long newEpoch) {
        epoch = newEpoch;
        isSuspended = false;
        pause();
    }

    private void pause() {
        if (pull != null) {
            pull.pause(isSuspended);
        }
    }

    void release() {
        stop();
        isReleasing = true;
    }

    void want(final long sequenceNumber) {
        if (!isEnding) {
            wanted = Math.max(wanted, sequenceNumber);
        }
    }

    /** @return whether there is a checkpoint to be stored now. */
    boolean hasToStore() {
        return !isSuspended && !isClosed && (isEnding || wanted > stored);
    }

    long toStore() {
        return wanted;
    }

    void onSent() {
        sent = wanted;
        isEndSent = isEnding;
        result = ResultCode.OK;
    }

    /** The checkpoint that was sent is not stored. */
    void onRefused(final ResultCode code, final long limit) {
        result = code;
        if (code == ResultCode.CHECKPOINT_BEHIND) {
            stored = Math.max(stored, limit);
            wanted = Math.max(wanted, stored);
        } else if (wanted == sent && !isEnding) {
            wanted = stored;
        }
    }

    void onStored() {
        stored = Math.max(stored, sent);
    }

    /** @return how the checkpoint that was sent ended. */
    ResultCode result() {
        return result;
    }

    long sent() {
        return sent;
    }

    long shardId() {
        return shardId;
    }

    long epoch() {
        return epoch;
    }

    boolean isEnding() {
        return isEnding;
    }

    /** @return whether what was sent last is the end of the shard. */
    boolean isEndSent() {
        return isEndSent;
    }

    boolean isReleasing() {
        return isReleasing;
    }

    boolean isSuspended() {
        return isSuspended;
    }

    boolean isClosed() {
        return isClosed;
    }
}
