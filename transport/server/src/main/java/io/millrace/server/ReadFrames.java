package io.millrace.server;

import io.millrace.codecs.MessageHeaderEncoder;
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
 * Builds the frames that answer a read and puts them into the ring to the duty cycle. While the ring is full they wait here, and
 * nothing else is read.
 */
final class ReadFrames {

    private static final int FRAME = ShardReads.FRAME_OFFSET;
    private static final int MOST_BYTES = FRAME + ServerContext.MAX_FRAME_BYTES;
    private static final int MOST_RECORDS = 0xFFFE;
    private static final int RECORD_OVERHEAD = ShardRecordsEncoder.RecordsEncoder.sbeBlockLength()
            + ShardRecordsEncoder.RecordsEncoder.partitionKeyHeaderLength()
            + ShardRecordsEncoder.RecordsEncoder.dataHeaderLength();

    private final OneToOneRingBuffer ring;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MOST_BYTES]);
    private final ExpandableArrayBuffer end = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ShardRecordsEncoder message = new ShardRecordsEncoder();
    private final RecordsEndEncoder endMessage = new RecordsEndEncoder();
    private ShardRecordsEncoder.RecordsEncoder records;
    private int recordCount;
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
        if (waitingType == ShardReads.FRAME && ring.write(ShardReads.FRAME, buffer, 0, waitingLength)) {
            waitingType = 0;
        } else if (waitingType == ShardReads.END && ring.write(ShardReads.END, end, 0, waitingLength)) {
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
        buffer.putInt(ShardReads.INDEX_OFFSET, read.index);
        buffer.putLong(ShardReads.BYTES_OFFSET, 0);
        records = message.wrapAndApplyHeader(buffer, FRAME, header)
                .correlationId(read.correlationId)
                .shardId(read.shardId)
                .recordsCount(MOST_RECORDS);
        recordCount = 0;
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
        if (message.limit() + RECORD_OVERHEAD + keyLength + dataLength > MOST_BYTES || recordCount == MOST_RECORDS) {
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
     * Hands the frame over, if there is a record in it.
     *
     * @return its length in bytes, 0 if it is empty.
     */
    int commit() {
        if (recordCount == 0) {
            return 0;
        }
        records.resetCountToIndex();
        final int length = message.limit() - FRAME;
        header.wrap(buffer, FRAME).messageLength(length).frameSequence(0);
        waitingType = ShardReads.FRAME;
        waitingLength = FRAME + length;
        recordCount = 0;
        flush();
        return length;
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
        end.putInt(ShardReads.INDEX_OFFSET, read.index);
        end.putLong(ShardReads.BYTES_OFFSET, readBytes);
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
     * Says that a read has ended for which nobody waits.
     *
     * @param read      that ends.
     * @param readBytes partition keys and data returned.
     */
    void abandon(final ShardRead read, final long readBytes) {
        end.putInt(ShardReads.INDEX_OFFSET, read.index);
        end.putLong(ShardReads.BYTES_OFFSET, readBytes);
        end(0);
    }

    private void end(final int frameLength) {
        waitingType = ShardReads.END;
        waitingLength = FRAME + frameLength;
        flush();
    }
}
