package io.millrace.client;

import io.millrace.codecs.GetRecordsEncoder;
import io.millrace.codecs.GetShardIteratorEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardIteratorEncoder;
import io.millrace.codecs.ShardPosition;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * Reads one shard by asking for records again and again. {@link MillraceClient#poll()} asks and hands the records to the {@link
 * ShardHandler}. The reader goes on by itself after a reconnect, when its iterator has expired, and when the server asks for patience; it
 * ends at the end of a closed shard, when the server refuses for good, and with {@link #close}. In steady state nothing allocates.
 *
 * <p>Made by {@link Streams#reader}; used by the thread that polls.
 */
public final class PullReader implements AutoCloseable {
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    /** Longest that a server can make the reader wait at once: the quotas count by seconds. */
    private static final long MOST_SECONDS = 10;

    private enum State {
        WANTS_ITERATOR,
        AWAITS_ITERATOR,
        HAS_ITERATOR,
        AWAITS_RECORDS
    }

    private final long shardId;
    private final FrameWriter writer;
    private final NanoClock clock;
    private final ErrorHandler errorHandler;
    private final ShardHandler handler;
    private final ShardIteratorEncoder iterator = new ShardIteratorEncoder();
    private final LargeRecord large = new LargeRecord();
    private int maxRecords = 1_000;
    private int maxBytes = 1024 * 1024;
    private int maxRecordBytes = 10 * 1024 * 1024;
    private long pollIntervalNs = TimeUnit.MILLISECONDS.toNanos(10);
    private State state = State.WANTS_ITERATOR;
    private ShardPosition kind;
    private long position;
    private long issuedTimeNs;
    private long correlationId;
    private long sessionId;
    private long waitUntilNs;
    private boolean isWaiting;
    private boolean isPaused;
    private boolean isEnded;
    private long lastSequenceNumber;
    private long behindNs = -1;

    PullReader(
            final long shardId,
            final StreamPosition start,
            final FrameWriter writer,
            final ClientContext context,
            final ShardHandler handler) {
        this.shardId = shardId;
        this.kind = start.kind();
        this.position = start.value();
        this.writer = writer;
        this.clock = context.nanoClock();
        this.errorHandler = context.errorHandler();
        this.handler = handler;
    }

    /** @param value records that one request asks for; default 1,000, at most the server's limit READ_RECORDS. @return this */
    public PullReader maxRecords(final int value) {
        maxRecords = value;
        return this;
    }

    /** @param value bytes that one request asks for; default 1 MiB, at most the server's limit READ_BYTES. @return this */
    public PullReader maxBytes(final int value) {
        maxBytes = value;
        return this;
    }

    /**
     * @param value bytes of a record, partition key included, that the reader puts together where it comes in parts; default 10 MiB, the most
     *     that a stream may take. A longer one ends the reader: the handler is told of {@link LimitId#RECORD_BYTES}
     * @return this
     */
    public PullReader maxRecordBytes(final int value) {
        maxRecordBytes = value;
        return this;
    }

    /** @param value how long the reader waits where there was nothing to read, nanoseconds; default 10 ms. @return this */
    public PullReader pollIntervalNs(final long value) {
        pollIntervalNs = value;
        return this;
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

    /** @return whether nothing more will be read. */
    public boolean isEnded() {
        return isEnded;
    }

    /** @param value whether the reader asks for no more until it is called with false; what was asked for still comes. */
    public void pause(final boolean value) {
        isPaused = value;
    }

    /** Ends the reader: the handler is not called any more. */
    @Override
    public void close() {
        isEnded = true;
    }

    /** @return whether the reader has ended and no answer is to come any more, which would else be taken for somebody's. */
    boolean isOver() {
        return isEnded && (!isAwaiting() || sessionId != writer.sessionId());
    }

    /** Asks for what comes next, if it is time. @return requests sent */
    int advance() {
        if (isEnded || isPaused || writer.gate() != 0) {
            return 0;
        }
        if (isAwaiting()) {
            if (sessionId == writer.sessionId()) {
                return 0;
            }
            // The answer is lost with its session. What it had handed over is behind the iterator.
            state = State.WANTS_ITERATOR;
            large.clear();
        }
        if (isWaiting && clock.nanoTime() - waitUntilNs < 0) {
            return 0;
        }
        isWaiting = false;
        final boolean wantsIterator = state == State.WANTS_ITERATOR;
        final long result = wantsIterator ? askForIterator() : askForRecords();
        if (result <= 0) {
            return 0;
        }
        correlationId = result;
        sessionId = writer.sessionId();
        state = wantsIterator ? State.AWAITS_ITERATOR : State.AWAITS_RECORDS;
        return 1;
    }

    private boolean isAwaiting() {
        return state == State.AWAITS_ITERATOR || state == State.AWAITS_RECORDS;
    }

    private long askForIterator() {
        final int length = Wire.HEADER_LENGTH + GetShardIteratorEncoder.BLOCK_LENGTH;
        final long refusal = writer.begin(
                GetShardIteratorEncoder.TEMPLATE_ID, GetShardIteratorEncoder.BLOCK_LENGTH, length, FrameWriter.QUERY);
        if (refusal != 0) {
            return refusal;
        }
        final MutableDirectBuffer frame = writer.buffer();
        final int block = writer.offset() + Wire.HEADER_LENGTH;
        frame.putLong(block + GetShardIteratorEncoder.shardIdEncodingOffset(), shardId, Wire.ORDER);
        frame.putLong(block + GetShardIteratorEncoder.positionEncodingOffset(), position, Wire.ORDER);
        frame.putByte(block + GetShardIteratorEncoder.kindEncodingOffset(), (byte) kind.value());
        return writer.end();
    }

    private long askForRecords() {
        final int length = Wire.HEADER_LENGTH + GetRecordsEncoder.BLOCK_LENGTH;
        final long refusal =
                writer.begin(GetRecordsEncoder.TEMPLATE_ID, GetRecordsEncoder.BLOCK_LENGTH, length, FrameWriter.PLAIN);
        if (refusal != 0) {
            return refusal;
        }
        final MutableDirectBuffer frame = writer.buffer();
        final int block = writer.offset() + Wire.HEADER_LENGTH;
        iterator.wrap(frame, block + GetRecordsEncoder.iteratorEncodingOffset());
        ShardIterator.encode(iterator, shardId, kind, position, issuedTimeNs);
        frame.putInt(block + GetRecordsEncoder.maxRecordsEncodingOffset(), maxRecords, Wire.ORDER);
        frame.putInt(block + GetRecordsEncoder.maxBytesEncodingOffset(), maxBytes, Wire.ORDER);
        return writer.end();
    }

    /** @return whether an answer is this reader's. */
    boolean owns(final long answeredCorrelationId) {
        return isAwaiting() && answeredCorrelationId == correlationId;
    }

    void onIterator(final ShardIterator issued) {
        goOn(issued.kind(), issued.position(), issued.issuedTimeNs());
    }

    private void goOn(final ShardPosition newKind, final long newPosition, final long newIssuedTimeNs) {
        kind = newKind;
        position = newPosition;
        issuedTimeNs = newIssuedTimeNs;
        state = State.HAS_ITERATOR;
    }

    void onRecord(
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        large.clear();
        tell(sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength);
    }

    /** A record begins whose data comes in parts. One that was not complete has left the reach of everybody. */
    void onRecordBegin(
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataLength) {
        large.clear();
        final long length = (long) keyLength + dataLength;
        if (isEnded) {
            return;
        }
        if (length > maxRecordBytes) {
            isEnded = true;
            refuse(ResultCode.LIMIT_EXCEEDED, LimitId.RECORD_BYTES, maxRecordBytes, length);
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
            tell(
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

    private void tell(
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
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

    void onRecordsEnd(
            final long nextShardId,
            final ShardPosition nextKind,
            final long nextPosition,
            final long nextIssuedTimeNs,
            final long nextBehindNs,
            final long recordCount,
            final ResultCode code,
            final List<ChildShard> children) {
        large.clear();
        if (isEnded || code != ResultCode.OK) {
            onRefused(code, LimitId.NONE, 0, 0);
            return;
        }
        behindNs = nextBehindNs;
        if (nextShardId == 0) {
            end(() -> handler.onShardEnd(shardId, children));
            return;
        }
        goOn(nextKind, nextPosition, nextIssuedTimeNs);
        if (recordCount == 0 && nextBehindNs == 0) {
            waitFor(pollIntervalNs);
        }
    }

    private void end(final Runnable notification) {
        state = State.WANTS_ITERATOR;
        isEnded = true;
        try {
            notification.run();
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    private void refuse(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        try {
            handler.onReadRefused(shardId, code, limitId, limit, actual);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }

    private void waitFor(final long durationNs) {
        waitUntilNs = clock.nanoTime() + durationNs;
        isWaiting = true;
    }

    void onRefused(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        final boolean wantedIterator = state == State.AWAITS_ITERATOR;
        state = wantedIterator ? State.WANTS_ITERATOR : State.HAS_ITERATOR;
        if (isEnded) {
            return;
        }
        if (code == ResultCode.EXPIRED_ITERATOR) {
            state = State.WANTS_ITERATOR;
        } else if (code == ResultCode.RESOURCE_IN_USE || ClientSession.isPassing(code)) {
            waitFor(PATIENCE_NS);
        } else if (code == ResultCode.LIMIT_EXCEEDED && limit > 0) {
            onLimit(limitId, limit, actual);
        } else {
            end(() -> handler.onReadRefused(shardId, code, limitId, limit, actual));
        }
    }

    private void onLimit(final LimitId limitId, final long limit, final long actual) {
        switch (limitId) {
            case SHARD_READS -> waitFor(PATIENCE_NS);
            case SHARD_READ_BYTES -> waitFor(Math.min(Math.max(1, actual / limit), MOST_SECONDS) * SECOND_NS);
            case READ_RECORDS -> maxRecords = (int) Math.min(limit, Integer.MAX_VALUE);
            case READ_BYTES -> maxBytes = (int) Math.min(limit, Integer.MAX_VALUE);
            default -> end(() -> handler.onReadRefused(shardId, ResultCode.LIMIT_EXCEEDED, limitId, limit, actual));
        }
    }
}
