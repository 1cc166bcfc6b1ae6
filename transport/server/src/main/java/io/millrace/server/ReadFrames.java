package io.millrace.server;

import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PushedRecordsEncoder;
import io.millrace.codecs.RecordBeginEncoder;
import io.millrace.codecs.RecordChunkEncoder;
import io.millrace.codecs.RecordsEndEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.ShardRecordsEncoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * Builds the frames of reads and subscriptions and puts them into the ring to the duty cycle. While the ring is full they wait here, and
 * nothing else is read.
 */
final class ReadFrames {

    private static final int FRAME = ShardFlows.FRAME_OFFSET;
    private static final int MOST_BYTES = FRAME + ServerContext.MAX_FRAME_BYTES;
    private static final int MOST_RECORDS = 0xFFFE;
    private static final int RECORD_OVERHEAD = ShardRecordsEncoder.RecordsEncoder.sbeBlockLength()
            + ShardRecordsEncoder.RecordsEncoder.partitionKeyHeaderLength()
            + ShardRecordsEncoder.RecordsEncoder.dataHeaderLength();

    private static final int MOST_CHUNK = ServerContext.MAX_FRAME_BYTES
            - MessageHeaderEncoder.ENCODED_LENGTH
            - RecordChunkEncoder.BLOCK_LENGTH
            - RecordChunkEncoder.chunkHeaderLength();

    private final OneToOneRingBuffer ring;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MOST_BYTES]);
    private final ExpandableArrayBuffer end = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ShardRecordsEncoder message = new ShardRecordsEncoder();
    private final PushedRecordsEncoder pushed = new PushedRecordsEncoder();
    private final ShardRecordsEncoder group = new ShardRecordsEncoder();
    private final PushEnd pushEnd = new PushEnd();
    private final RecordBeginEncoder beginMessage = new RecordBeginEncoder();
    private final RecordChunkEncoder chunkMessage = new RecordChunkEncoder();
    private final RecordsEndEncoder endMessage = new RecordsEndEncoder();
    private ShardRecordsEncoder.RecordsEncoder records;
    private int recordCount;
    private int partLength;
    private int waitingType;
    private int waitingLength;

    ReadFrames(final OneToOneRingBuffer ring) {
        this.ring = ring;
    }

    /**
     * Tries again to hand over what waits.
     *
     * @return true if nothing waits any more.
     */
    boolean flush() {
        if (waitingType == ShardFlows.FRAME && ring.write(ShardFlows.FRAME, buffer, 0, waitingLength)) {
            waitingType = 0;
        } else if (waitingType == ShardFlows.END && ring.write(ShardFlows.END, end, 0, waitingLength)) {
            waitingType = 0;
        }
        return waitingType == 0;
    }

    /**
     * Begins a frame of records.
     *
     * @param read that it answers.
     */
    void begin(final ShardRead read) {
        begin(read.index, ShardRecordsEncoder.BLOCK_LENGTH);
    }

    /**
     * Begins a frame of pushed records.
     *
     * @param push that they are for.
     */
    void begin(final ShardPush push) {
        begin(push.index, PushedRecordsEncoder.BLOCK_LENGTH);
    }

    /** The groups of records of both frames are the same: only the block in front of them is longer in one, and written at the end. */
    private void begin(final int index, final int blockLength) {
        buffer.putInt(ShardFlows.INDEX_OFFSET, index);
        records = group.wrap(
                        buffer,
                        FRAME + MessageHeaderEncoder.ENCODED_LENGTH + blockLength - ShardRecordsEncoder.BLOCK_LENGTH)
                .recordsCount(MOST_RECORDS);
        recordCount = 0;
        partLength = 0;
    }

    /** {@return whether the frame holds nothing so far} */
    boolean isEmpty() {
        return recordCount == 0 && partLength == 0;
    }

    /**
     * Makes the empty frame the beginning of a record that does not fit one.
     *
     * @param flow that it is for.
     */
    void addBegin(
            final ShardFlow flow,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer source,
            final int keyOffset,
            final int keyLength,
            final int dataLength) {
        beginMessage
                .wrapAndApplyHeader(buffer, FRAME, header)
                .correlationId(flow.correlationId)
                .shardId(flow.shardId)
                .sequenceNumber(sequenceNumber)
                .arrivalTimeNs(arrivalTimeNs)
                .dataLength(dataLength)
                .putPartitionKey(source, keyOffset, keyLength);
        partLength = MessageHeaderEncoder.ENCODED_LENGTH + beginMessage.encodedLength();
    }

    /**
     * Makes the empty frame the next part of a record that was begun.
     *
     * @param flow       that it is for.
     * @param dataOffset where the part starts in the data.
     * @param source     that holds it.
     * @param offset     where it starts there.
     * @param length     bytes of the data from there on.
     * @return bytes taken.
     */
    int addChunk(
            final ShardFlow flow, final int dataOffset, final DirectBuffer source, final int offset, final int length) {
        final int chunkLength = Math.min(length, MOST_CHUNK);
        chunkMessage
                .wrapAndApplyHeader(buffer, FRAME, header)
                .correlationId(flow.correlationId)
                .dataOffset(dataOffset)
                .putChunk(source, offset, chunkLength);
        partLength = MessageHeaderEncoder.ENCODED_LENGTH + chunkMessage.encodedLength();
        return chunkLength;
    }

    /**
     * Adds a record.
     *
     * @return false if the frame has no room for it.
     */
    boolean add(
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer source,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        if (partLength > 0
                || group.limit() + RECORD_OVERHEAD + keyLength + dataLength > MOST_BYTES
                || recordCount == MOST_RECORDS) {
            return false;
        }
        records.next()
                .sequenceNumber(sequenceNumber)
                .arrivalTimeNs(arrivalTimeNs)
                .putPartitionKey(source, keyOffset, keyLength)
                .putData(source, dataOffset, dataLength);
        recordCount++;
        return true;
    }

    /**
     * Hands the frame over, if there is a record or a part of one in it.
     *
     * @param read that it answers.
     * @return its length in bytes, 0 if it is empty.
     */
    int commit(final ShardRead read) {
        if (recordCount == 0) {
            return commit(0);
        }
        message.wrapAndApplyHeader(buffer, FRAME, header)
                .correlationId(read.correlationId)
                .shardId(read.shardId);
        return commit(0);
    }

    /**
     * Hands the frame over, if there is a record or a part of one in it.
     *
     * @param push         that it is for.
     * @param bytes        partition keys and data of the records that it holds, or is the last part of.
     * @param continuation number of its last record.
     * @param behindNs     how long ago the record arrived that comes next, 0 if there is none.
     * @return its length in bytes, 0 if it is empty.
     */
    int commit(final ShardPush push, final long bytes, final long continuation, final long behindNs) {
        if (recordCount == 0) {
            return commit(bytes);
        }
        pushed.wrapAndApplyHeader(buffer, FRAME, header)
                .correlationId(push.correlationId)
                .shardId(push.shardId)
                .continuationSequenceNumber(continuation)
                .behindNs(behindNs);
        return commit(bytes);
    }

    private int commit(final long bytes) {
        if (isEmpty()) {
            return 0;
        }
        final int length = partLength > 0 ? partLength : endRecords();
        header.messageLength(length).frameSequence(0);
        buffer.putLong(ShardFlows.BYTES_OFFSET, bytes);
        waitingType = ShardFlows.FRAME;
        waitingLength = FRAME + length;
        recordCount = 0;
        partLength = 0;
        flush();
        return length;
    }

    private int endRecords() {
        records.resetCountToIndex();
        return group.limit() - FRAME;
    }

    /**
     * Hands over the end of an answer.
     *
     * @param read      that ends.
     * @param readBytes partition keys and data returned.
     * @param count     records returned.
     * @param kind      how the next position is meant; null at the end of a closed shard.
     * @param position  where to go on.
     * @param behindNs  how long ago the record arrived that comes next, 0 if there is none.
     * @param code      why nothing could be read, or OK.
     */
    void end(
            final ShardRead read,
            final long readBytes,
            final int count,
            final ShardPosition kind,
            final long position,
            final long behindNs,
            final ResultCode code) {
        final boolean goesOn = kind != null;
        end.putInt(ShardFlows.INDEX_OFFSET, read.index);
        end.putLong(ShardFlows.BYTES_OFFSET, readBytes);
        endMessage
                .wrapAndApplyHeader(end, FRAME, header)
                .correlationId(read.correlationId)
                .behindNs(behindNs)
                .recordCount(count)
                .code(code)
                .next()
                .shardId(goesOn ? read.shardId : 0)
                .position(position)
                .issuedTimeNs(read.timeNs)
                .kind(goesOn ? kind : ShardPosition.AFTER_SEQUENCE_NUMBER)
                .reserved1((short) 0)
                .reserved2(0)
                .reserved4(0);
        final int length = endMessage.encodedLength() + MessageHeaderEncoder.ENCODED_LENGTH;
        final int whole = length + putChildren(read, FRAME + length, goesOn);
        header.wrap(end, FRAME).messageLength(whole).frameSequence(0);
        end(whole);
    }

    private int putChildren(final ShardRead read, final int offset, final boolean goesOn) {
        if (!goesOn) {
            end.putBytes(offset, read.children(), 0, read.childrenLength);
            return read.childrenLength;
        }
        end.putShort(offset, (short) RecordsEndEncoder.ChildrenEncoder.sbeBlockLength(), ByteOrder.LITTLE_ENDIAN);
        end.putShort(offset + Short.BYTES, (short) 0, ByteOrder.LITTLE_ENDIAN);
        return RecordsEndEncoder.ChildrenEncoder.HEADER_SIZE;
    }

    /**
     * Hands over the end of a subscription.
     *
     * @param push         that ends.
     * @param continuation number of the last record pushed.
     * @param code         why.
     */
    void end(final ShardPush push, final long continuation, final ResultCode code) {
        final boolean isAll = code == ResultCode.SHARD_CLOSED;
        final int length = pushEnd.encode(
                push.correlationId,
                push.shardId,
                continuation,
                code,
                isAll ? push.children() : PushEnd.NO_CHILDREN,
                isAll ? push.childrenLength : PushEnd.NO_CHILDREN_LENGTH);
        end.putInt(ShardFlows.INDEX_OFFSET, push.index);
        end.putLong(ShardFlows.BYTES_OFFSET, 0);
        end.putBytes(FRAME, pushEnd.buffer(), 0, length);
        end(length);
    }

    /**
     * Says that a flow has ended for which nobody waits.
     *
     * @param flow      that ends.
     * @param readBytes partition keys and data returned.
     */
    void abandon(final ShardFlow flow, final long readBytes) {
        end.putInt(ShardFlows.INDEX_OFFSET, flow.index);
        end.putLong(ShardFlows.BYTES_OFFSET, readBytes);
        end(0);
    }

    private void end(final int frameLength) {
        waitingType = ShardFlows.END;
        waitingLength = FRAME + frameLength;
        flush();
    }
}
