package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.PutRecordsEncoder;
import io.millrace.codecs.RecordFlagsEncoder;
import io.millrace.codecs.ResultCode;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * Puts records to one stream, many in a frame, and one that is too large for a frame in parts. {@link #offer} takes a record into a buffer and never waits; {@link
 * MillraceClient#poll()} sends what there is, in the next frame as soon as the last one is answered, and tells the {@link PutListener}
 * what became of each record. In steady state nothing allocates.
 *
 * <p>Records of one partition key are stored in the order in which they were offered, and so are records of one explicit hash key. A record
 * that a shard refuses because it has had its quota of the second is tried again a little later, and those of its key that were offered
 * behind it wait for it; others overtake it. Therefore only one frame is under way at a time. What is not answered when the connection is
 * lost is sent again with the next, and stored once.
 *
 * <p>Made by {@link Streams#producer}; used by the thread that polls.
 */
public final class StreamProducer implements AutoCloseable {
    /** Records of a frame, unless the server allows fewer. */
    private static final int MAX_RECORDS = 500;

    private static final int MAX_KEY_LENGTH = 0xFFFE;
    private static final int GROUP_OFFSET = Wire.HEADER_LENGTH + PutRecordsEncoder.BLOCK_LENGTH;
    private static final int ENTRIES_OFFSET = GROUP_OFFSET + Wire.GROUP_HEADER_LENGTH;
    private static final int ENTRY_BLOCK = PutRecordsEncoder.RecordsEncoder.sbeBlockLength();
    private static final int HASH_KEY = PutRecordsEncoder.RecordsEncoder.hashKeyEncodingOffset();
    private static final int FLAGS = PutRecordsEncoder.RecordsEncoder.flagsEncodingOffset();
    private static final int KEY_OFFSET = ENTRY_BLOCK + Wire.TEXT_HEADER_LENGTH;

    /** What an entry has besides partition key and data. */
    private static final int ENTRY_OVERHEAD = KEY_OFFSET + Wire.DATA_HEADER_LENGTH;

    private final long streamId;
    private final FrameWriter writer;
    private final NanoClock clock;
    private final ErrorHandler errorHandler;
    private final PutListener listener;
    private final PutBuffer buffer;
    private final OrderKeys orderKeys = new OrderKeys();
    private final RecordFlagsEncoder flags = new RecordFlagsEncoder();
    private final long[] sent = new long[MAX_RECORDS];
    private long retryDelayNs = 100_000_000;
    private int maxRecords = MAX_RECORDS;
    private long maxBytes = Long.MAX_VALUE;
    private int sentCount;
    private long correlationId;
    private long heldUntilNs;
    private boolean isHeld;
    private boolean isClosed;
    private long tickets;
    private long retries;

    StreamProducer(
            final long streamId,
            final int bufferLength,
            final FrameWriter writer,
            final ClientContext context,
            final PutListener listener) {
        this.streamId = streamId;
        this.writer = writer;
        this.clock = context.nanoClock();
        this.errorHandler = context.errorHandler();
        this.listener = listener;
        this.buffer = new PutBuffer(bufferLength);
    }

    /**
     * Sets how long a record waits that the server refused for the time being.
     *
     * @param value nanoseconds; default 100 ms
     * @return this
     */
    public StreamProducer retryDelayNs(final long value) {
        retryDelayNs = value;
        return this;
    }

    /** @return the stream. */
    public long streamId() {
        return streamId;
    }

    /** @return records that were offered and neither stored nor refused for good. */
    public int pending() {
        return buffer.count();
    }

    /** @return how often a record was put off, to be tried again. */
    public long retries() {
        return retries;
    }

    /**
     * Takes a record, which goes to the shard of its partition key.
     *
     * @param partitionKey not empty; the server takes up to 256 characters
     * @param data holds the data
     * @param offset where it starts
     * @param length its bytes, may be 0
     * @return a ticket, counting up from 1; or {@link MillraceClient#BACK_PRESSURED} if the buffer is full: poll, then try again; or {@link
     *     MillraceClient#CLOSED}, or {@link MillraceClient#TOO_LARGE} for a record that does not fit twice into the buffer, or not into the
     *     client's resend buffer
     * @throws IllegalArgumentException if the partition key is empty
     */
    public long offer(final CharSequence partitionKey, final DirectBuffer data, final int offset, final int length) {
        return offer(null, partitionKey, data, offset, length);
    }

    /**
     * Like {@link #offer(CharSequence, DirectBuffer, int, int)}, for a record that goes to the shard of a hash key.
     *
     * @param hashKey says which shard; null: the partition key does
     * @param partitionKey not empty; the server takes up to 256 characters
     * @param data holds the data
     * @param offset where it starts
     * @param length its bytes, may be 0
     * @return a ticket or a negative code
     * @throws IllegalArgumentException if the partition key is empty
     */
    public long offer(
            final HashKey hashKey,
            final CharSequence partitionKey,
            final DirectBuffer data,
            final int offset,
            final int length) {
        final int keyLength = Utf8.length(partitionKey);
        final long place = begin(keyLength, data, offset, length);
        if (place >= 0) {
            Utf8.put(buffer.buffer(), buffer.entryOffset(place) + KEY_OFFSET, partitionKey);
        }
        return place < 0 ? place : end(place, hashKey, keyLength, data, offset, length);
    }

    /**
     * Like {@link #offer(CharSequence, DirectBuffer, int, int)}, for a partition key that stands in a buffer as UTF-8.
     *
     * @param key holds the partition key
     * @param keyOffset where it starts
     * @param keyLength its bytes, not 0
     * @param data holds the data
     * @param offset where it starts
     * @param length its bytes, may be 0
     * @return a ticket or a negative code
     * @throws IllegalArgumentException if the partition key is empty
     */
    public long offer(
            final DirectBuffer key,
            final int keyOffset,
            final int keyLength,
            final DirectBuffer data,
            final int offset,
            final int length) {
        final long place = begin(keyLength, data, offset, length);
        if (place >= 0) {
            buffer.buffer().putBytes(buffer.entryOffset(place) + KEY_OFFSET, key, keyOffset, keyLength);
        }
        return place < 0 ? place : end(place, null, keyLength, data, offset, length);
    }

    /** @return a place for the entry, or a negative code */
    private long begin(final int keyLength, final DirectBuffer data, final int offset, final int length) {
        data.boundsCheck(offset, length);
        if (keyLength == 0) {
            throw new IllegalArgumentException("A record needs a partition key that is not empty.");
        }
        final long entryLength = (long) ENTRY_OVERHEAD + keyLength + length;
        if (isClosed || writer.gate() == MillraceClient.CLOSED) {
            return MillraceClient.CLOSED;
        }
        if (keyLength > MAX_KEY_LENGTH
                || entryLength > writer.maxLargeLength()
                || entryLength > buffer.maxEntryLength()) {
            return MillraceClient.TOO_LARGE;
        }
        final long place = buffer.reserve((int) entryLength);
        return place < 0 ? MillraceClient.BACK_PRESSURED : place;
    }

    /** Writes what stands around the key, which was written already. @return the record's ticket */
    private long end(
            final long place,
            final HashKey hashKey,
            final int keyLength,
            final DirectBuffer data,
            final int offset,
            final int length) {
        final MutableDirectBuffer target = buffer.buffer();
        final int entry = buffer.entryOffset(place);
        final int key = entry + KEY_OFFSET;
        target.putLong(entry + HASH_KEY, hashKey == null ? 0 : hashKey.high(), Wire.ORDER);
        target.putLong(entry + HASH_KEY + Long.BYTES, hashKey == null ? 0 : hashKey.low(), Wire.ORDER);
        flags.wrap(target, entry + FLAGS).clear().explicitHashKey(hashKey != null);
        target.putShort(entry + ENTRY_BLOCK, (short) keyLength, Wire.ORDER);
        target.putInt(key + keyLength, length, Wire.ORDER);
        target.putBytes(key + keyLength + Wire.DATA_HEADER_LENGTH, data, offset, length);
        final long orderKey = hashKey == null ? OrderKeys.hash(target, key, keyLength) : OrderKeys.hash(hashKey);
        buffer.add(place, ENTRY_OVERHEAD + keyLength + length, ++tickets, orderKey);
        return tickets;
    }

    /**
     * Takes no more records. Those that were offered are still sent by {@link MillraceClient#poll()} and told of; a client that is closed
     * waits for them, at most its close timeout.
     */
    @Override
    public void close() {
        isClosed = true;
    }

    /** @return whether this producer is closed and has nothing left to do. */
    boolean isOver() {
        return isClosed && buffer.count() == 0;
    }

    /** Sends the next frame, if the last one is answered and there is something to send. @return frames sent */
    int flush() {
        if (sentCount > 0 || buffer.count() == 0 || writer.mutatingGate() != 0) {
            return 0;
        }
        final long nowNs = clock.nanoTime();
        if (isHeld && nowNs - heldUntilNs < 0) {
            return 0;
        }
        isHeld = false;
        final int count = select(nowNs);
        return count > 0 && send(count) ? 1 : 0;
    }

    /** Chooses the records of a frame. @return how many */
    private int select(final long nowNs) {
        orderKeys.clear();
        int count = 0;
        int frameLength = ENTRIES_OFFSET;
        long bytes = 0;
        long place = buffer.first();
        while (place < buffer.tail() && count < maxRecords && !orderKeys.isFull()) {
            final int length = buffer.entryLength(place);
            if (buffer.isHeld(place, nowNs)) {
                orderKeys.hold(buffer.orderKey(place));
            } else if (orderKeys.admit(buffer.orderKey(place), length)) {
                frameLength += length;
                bytes += length - ENTRY_OVERHEAD;
                if (count > 0 && (frameLength > writer.maxFrameLength() || bytes > maxBytes)) {
                    return count;
                }
                sent[count++] = place;
            }
            place = buffer.next(place);
        }
        return count;
    }

    private boolean send(final int count) {
        int frameLength = ENTRIES_OFFSET;
        for (int i = 0; i < count; i++) {
            frameLength += buffer.entryLength(sent[i]);
        }
        if (frameLength > writer.maxFrameLength()) {
            // A frame with several records is never too large.
            return sendInParts(sent[0]);
        }
        final long refusal = writer.begin(
                PutRecordsEncoder.TEMPLATE_ID, PutRecordsEncoder.BLOCK_LENGTH, frameLength, FrameWriter.MUTATING);
        if (refusal != 0) {
            return false;
        }
        final MutableDirectBuffer frame = writer.buffer();
        final int start = writer.offset();
        final int block = start + Wire.HEADER_LENGTH;
        frame.putLong(block + PutRecordsEncoder.streamIdEncodingOffset(), streamId, Wire.ORDER);
        Wire.putGroupHeader(frame, start + GROUP_OFFSET, ENTRY_BLOCK, count);
        int at = start + ENTRIES_OFFSET;
        for (int i = 0; i < count; i++) {
            final int length = buffer.entryLength(sent[i]);
            frame.putBytes(at, buffer.buffer(), buffer.entryOffset(sent[i]), length);
            at += length;
        }
        return hasSent(writer.end(), count);
    }

    private boolean sendInParts(final long place) {
        final int length = buffer.entryLength(place);
        final int recordLength = LargeTransfer.PAYLOAD_OFFSET + length;
        final long start = writer.beginLarge(recordLength);
        if (start < 0) {
            return false;
        }
        final MutableDirectBuffer record = writer.largeBuffer(recordLength);
        record.putBytes((int) start + LargeTransfer.PAYLOAD_OFFSET, buffer.buffer(), buffer.entryOffset(place), length);
        LargeTransfer.putBeginRecord(record, (int) start, streamId, length);
        return hasSent(writer.endLarge(record, (int) start, recordLength), 1);
    }

    private boolean hasSent(final long result, final int count) {
        if (result > 0) {
            correlationId = result;
            sentCount = count;
        }
        return result > 0;
    }

    /** @return whether an answer is this producer's. */
    boolean owns(final long answeredCorrelationId) {
        return sentCount > 0 && answeredCorrelationId == correlationId;
    }

    /** How one record of the frame ended. */
    void onResult(
            final int index,
            final long shardId,
            final long sequenceNumber,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        if (index >= sentCount) {
            return;
        }
        final long place = sent[index];
        if (code == ResultCode.OK) {
            final long ticket = buffer.ticket(place);
            buffer.done(place);
            try {
                listener.onPut(ticket, shardId, sequenceNumber);
            } catch (final Exception exception) {
                errorHandler.onError(exception);
            }
        } else if (limitId == LimitId.SHARD_PUTS || limitId == LimitId.SHARD_PUT_BYTES) {
            retries++;
            buffer.retry(place, clock.nanoTime() + retryDelayNs);
        } else {
            refuse(place, code, limitId, limit, actual);
        }
    }

    /** So many records of the frame were told of; a server that leaves some out says nothing of them. */
    void onResultsEnd(final int count) {
        for (int i = count; i < sentCount; i++) {
            refuse(sent[i], ResultCode.NULL_VAL, LimitId.NONE, 0, 0);
        }
        sentCount = 0;
    }

    /** The frame was refused as a whole: for now, for one record of it, or for a limit that the next one keeps to. */
    void onFrameRefused(
            final int entryIndex, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        final int count = sentCount;
        final boolean isWrongEntry = entryIndex >= 0 && entryIndex < count;
        if (code == ResultCode.RESOURCE_IN_USE || ClientSession.isPassing(code)) {
            retries += count;
            heldUntilNs = clock.nanoTime() + retryDelayNs;
            isHeld = true;
        } else if (limitId == LimitId.PUT_ENTRIES && limit > 0 && count > limit) {
            maxRecords = (int) limit;
        } else if (limitId == LimitId.PUT_BYTES && count > 1) {
            maxBytes = limit;
        } else {
            for (int i = isWrongEntry ? entryIndex : 0; i < (isWrongEntry ? entryIndex + 1 : count); i++) {
                refuse(sent[i], code, limitId, limit, actual);
            }
        }
        sentCount = 0;
    }

    private void refuse(
            final long place, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        final long ticket = buffer.ticket(place);
        buffer.done(place);
        try {
            listener.onRefused(ticket, code, limitId, limit, actual);
        } catch (final Exception exception) {
            errorHandler.onError(exception);
        }
    }
}
