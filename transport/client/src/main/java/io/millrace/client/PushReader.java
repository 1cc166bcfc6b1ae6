package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardCreditEncoder;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.SubscribeToShardEncoder;
import io.millrace.codecs.UnsubscribeFromShardEncoder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * Has one shard pushed. {@link MillraceClient#poll()} hands the records to the {@link ShardHandler} and gives back the window that they
 * took. The reader subscribes again by itself behind the last record when its time is over, after a reconnect, and when the server asks
 * for patience; it ends at the end of a closed shard, when the consumer is subscribed to the shard elsewhere (PUSH_TAKEN_OVER) or the
 * server refuses for good, and with {@link #close}. In steady state nothing allocates.
 *
 * <p>Made by {@link StreamConsumers#subscribe}; used by the thread that polls.
 */
public final class PushReader implements AutoCloseable {
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Longest record that is put together, partition key included: the most that a stream may take. */
    private static final int MAX_RECORD_BYTES = 10 * 1024 * 1024;

    private enum State {
        WANTS_SUBSCRIPTION,
        AWAITS_SUBSCRIPTION,
        SUBSCRIBED,
        AWAITS_END
    }

    private final long consumerId;
    private final long shardId;
    private final int windowBytes;
    private final FrameWriter writer;
    private final NanoClock clock;
    private final ErrorHandler errorHandler;
    private final ShardHandler handler;
    private final LargeRecord large = new LargeRecord();
    private State state = State.WANTS_SUBSCRIPTION;
    private ShardPosition kind;
    private long position;
    private long correlationId;
    private long unsubscribeId;
    private long subscriptionId;
    private long sessionId;
    private long waitUntilNs;
    private boolean isWaiting;
    private boolean isEnded;
    private boolean hasRead;
    private long readBytes;
    private long lastSequenceNumber;
    private long behindNs = -1;

    PushReader(
            final long consumerId,
            final long shardId,
            final StreamPosition start,
            final int windowBytes,
            final FrameWriter writer,
            final ClientContext context,
            final ShardHandler handler) {
        this.consumerId = consumerId;
        this.shardId = shardId;
        this.kind = start.kind();
        this.position = start.value();
        this.windowBytes = windowBytes;
        this.writer = writer;
        this.clock = context.nanoClock();
        this.errorHandler = context.errorHandler();
        this.handler = handler;
    }

    /** @return the shard. */
    public long shardId() {
        return shardId;
    }

    /** @return number of the record that was handed over last; 0: none was. */
    public long lastSequenceNumber() {
        return lastSequenceNumber;
    }

    /** @return how long ago the record arrived that comes next, nanoseconds; 0: there is none; -1: the server has not said yet. */
    public long behindNs() {
        return behindNs;
    }

    /** @return whether the server pushes. */
    public boolean isSubscribed() {
        return state == State.SUBSCRIBED && sessionId == writer.sessionId();
    }

    /** @return whether nothing more will be read. */
    public boolean isEnded() {
        return isEnded;
    }

    /** Ends the reader: the handler is not called any more, and the next polls end the subscription. */
    @Override
    public void close() {
        isEnded = true;
    }

    /** @return whether the reader has ended and nothing of it is left in the session. */
    boolean isOver() {
        return isEnded && (state == State.WANTS_SUBSCRIPTION || sessionId != writer.sessionId());
    }

    /** Subscribes, gives window back or unsubscribes, if it is time. @return frames sent */
    int advance() {
        if (writer.gate() != 0) {
            return 0;
        }
        if (sessionId != writer.sessionId()) {
            // Its subscription ended with the session.
            state = State.WANTS_SUBSCRIPTION;
        }
        return switch (state) {
            case WANTS_SUBSCRIPTION -> isEnded || isToWait() ? 0 : subscribe();
            case SUBSCRIBED -> isEnded ? unsubscribe() : giveBack();
            default -> 0;
        };
    }

    private boolean isToWait() {
        isWaiting = isWaiting && clock.nanoTime() - waitUntilNs < 0;
        return isWaiting;
    }

    private int subscribe() {
        final int length = Wire.HEADER_LENGTH + SubscribeToShardEncoder.BLOCK_LENGTH;
        final long refusal = writer.begin(
                SubscribeToShardEncoder.TEMPLATE_ID, SubscribeToShardEncoder.BLOCK_LENGTH, length, FrameWriter.PLAIN);
        if (refusal != 0) {
            return 0;
        }
        final MutableDirectBuffer frame = writer.buffer();
        final int block = writer.offset() + Wire.HEADER_LENGTH;
        frame.putLong(block + SubscribeToShardEncoder.consumerIdEncodingOffset(), consumerId, Wire.ORDER);
        frame.putLong(block + SubscribeToShardEncoder.shardIdEncodingOffset(), shardId, Wire.ORDER);
        frame.putLong(block + SubscribeToShardEncoder.positionEncodingOffset(), position, Wire.ORDER);
        frame.putInt(block + SubscribeToShardEncoder.windowBytesEncodingOffset(), windowBytes, Wire.ORDER);
        frame.putByte(block + SubscribeToShardEncoder.kindEncodingOffset(), (byte) kind.value());
        final long result = writer.end();
        if (result <= 0) {
            return 0;
        }
        correlationId = result;
        sessionId = writer.sessionId();
        state = State.AWAITS_SUBSCRIPTION;
        readBytes = 0;
        large.clear();
        return 1;
    }

    /**
     * Half of a window at once while there is much to read, the rest when nothing came: a record that is longer than what is left of the
     * window would wait for ever.
     */
    private int giveBack() {
        final boolean isDue = readBytes > 0 && (!hasRead || 2 * readBytes >= windowBytes);
        hasRead = false;
        if (!isDue) {
            return 0;
        }
        final int length = Wire.HEADER_LENGTH + ShardCreditEncoder.BLOCK_LENGTH;
        final long refusal = writer.begin(
                ShardCreditEncoder.TEMPLATE_ID, ShardCreditEncoder.BLOCK_LENGTH, length, FrameWriter.QUERY, 0);
        if (refusal != 0) {
            return 0;
        }
        final MutableDirectBuffer frame = writer.buffer();
        final int block = writer.offset() + Wire.HEADER_LENGTH;
        frame.putLong(block + ShardCreditEncoder.subscriptionIdEncodingOffset(), subscriptionId, Wire.ORDER);
        frame.putInt(block + ShardCreditEncoder.bytesEncodingOffset(), (int) readBytes, Wire.ORDER);
        if (writer.end() < 0) {
            return 0;
        }
        readBytes = 0;
        return 1;
    }

    private int unsubscribe() {
        final int length = Wire.HEADER_LENGTH + UnsubscribeFromShardEncoder.BLOCK_LENGTH;
        final long refusal = writer.begin(
                UnsubscribeFromShardEncoder.TEMPLATE_ID,
                UnsubscribeFromShardEncoder.BLOCK_LENGTH,
                length,
                FrameWriter.PLAIN);
        if (refusal != 0) {
            return 0;
        }
        final MutableDirectBuffer frame = writer.buffer();
        final int block = writer.offset() + Wire.HEADER_LENGTH;
        frame.putLong(block + UnsubscribeFromShardEncoder.consumerIdEncodingOffset(), consumerId, Wire.ORDER);
        frame.putLong(block + UnsubscribeFromShardEncoder.shardIdEncodingOffset(), shardId, Wire.ORDER);
        final long result = writer.end();
        if (result <= 0) {
            return 0;
        }
        unsubscribeId = result;
        state = State.AWAITS_END;
        return 1;
    }

    /** @return the command whose answer this reader waits for; 0: none. */
    long awaited() {
        return switch (state) {
            case AWAITS_SUBSCRIPTION -> correlationId;
            case AWAITS_END -> unsubscribeId;
            default -> 0;
        };
    }

    /** @return whether a subscription is this reader's. */
    boolean owns(final long subscribedCorrelationId) {
        return state == State.SUBSCRIBED && subscribedCorrelationId == correlationId;
    }

    void onConfirmed(final long value) {
        if (state == State.AWAITS_END) {
            state = State.WANTS_SUBSCRIPTION;
        } else {
            subscriptionId = value;
            state = State.SUBSCRIBED;
        }
    }

    void onRecord(
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        readBytes += keyLength + dataLength;
        hasRead = true;
        if (isEnded) {
            return;
        }
        lastSequenceNumber = sequenceNumber;
        kind = ShardPosition.AFTER_SEQUENCE_NUMBER;
        position = sequenceNumber;
        try {
            handler.onRecord(
                    shardId, sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    /** A record begins whose data comes in parts. */
    void onRecordBegin(
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataLength) {
        final long length = (long) keyLength + dataLength;
        large.clear();
        if (isEnded) {
            return;
        }
        if (length > MAX_RECORD_BYTES) {
            end(() -> handler.onReadRefused(
                    shardId, ResultCode.LIMIT_EXCEEDED, LimitId.RECORD_BYTES, MAX_RECORD_BYTES, length));
        } else {
            large.begin(sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataLength);
        }
    }

    /** @return false if this is not the next part. */
    boolean onRecordChunk(final long dataOffset, final DirectBuffer buffer, final int offset, final int length) {
        if (isEnded) {
            return true;
        }
        if (!large.append(dataOffset, buffer, offset, length)) {
            return false;
        }
        if (large.isComplete()) {
            onRecord(
                    large.sequenceNumber(),
                    large.arrivalTimeNs(),
                    large.bytes(),
                    0,
                    large.keyLength(),
                    large.keyLength(),
                    large.dataLength());
            large.clear();
        }
        return true;
    }

    void onRecordsEnd(final long newBehindNs) {
        behindNs = newBehindNs;
    }

    /** The subscription ended; the server tells no place to go on from that this reader does not know. */
    void onSubscriptionEnded(final ResultCode code, final List<ChildShard> children) {
        state = State.WANTS_SUBSCRIPTION;
        if (isEnded) {
            return;
        }
        if (code == ResultCode.SHARD_CLOSED) {
            end(() -> handler.onShardEnd(shardId, children));
        } else if (ClientSession.isPassing(code)) {
            waitAWhile();
        } else if (code != ResultCode.PUSH_EXPIRED) {
            end(() -> handler.onReadRefused(shardId, code, LimitId.NONE, 0, 0));
        }
    }

    void onRefused(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        state = State.WANTS_SUBSCRIPTION;
        if (isEnded) {
            return;
        }
        if (code == ResultCode.RESOURCE_IN_USE || ClientSession.isPassing(code)) {
            waitAWhile();
        } else {
            end(() -> handler.onReadRefused(shardId, code, limitId, limit, actual));
        }
    }

    private void waitAWhile() {
        waitUntilNs = clock.nanoTime() + PATIENCE_NS;
        isWaiting = true;
    }

    private void end(final Runnable notification) {
        isEnded = true;
        try {
            notification.run();
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }
}
