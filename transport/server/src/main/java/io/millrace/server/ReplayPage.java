package io.millrace.server;

import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.ReplayMessagesEncoder;
import io.millrace.codecs.ReplayPartEncoder;
import io.millrace.codecs.ResultCode;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One record for the journal with archived messages of a replay, or with a part of one that fits no record. */
final class ReplayPage {

    private static final int MOST_BYTES = ServerContext.MAX_FRAME_BYTES;
    private static final int MOST_MESSAGES = 0xFFFE;
    private static final int OVERHEAD = ReplayMessagesEncoder.MessagesEncoder.sbeBlockLength()
            + ReplayMessagesEncoder.MessagesEncoder.recordHeaderLength();
    /** Behind the block comes the header of the group: the length of its entries, then their number. */
    private static final int COUNT_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + ReplayMessagesEncoder.BLOCK_LENGTH + Short.BYTES;

    private static final int MOST_PART = MOST_BYTES
            - MessageHeaderEncoder.ENCODED_LENGTH
            - ReplayPartEncoder.BLOCK_LENGTH
            - ReplayPartEncoder.partHeaderLength();

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MOST_BYTES]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ReplayMessagesEncoder messages = new ReplayMessagesEncoder();
    private final ReplayPartEncoder part = new ReplayPartEncoder();
    private ReplayMessagesEncoder.MessagesEncoder group;
    private int length;
    private int count;
    private long firstSequence;
    private long lastSequence;
    private int newBytes;
    private boolean isPart;
    private long replayId;
    private long afterSequence;

    /** Which run of the agent it was filled in: see {@link ReplayFlow#run}. */
    int run;

    /** Whether there was nothing behind what it holds. */
    boolean isCaughtUp;

    /** Why nothing more can be read, null if there is no such reason; then it holds nothing. */
    ResultCode failure;

    /**
     * Begins anew.
     *
     * @param newReplayId      the replay that the messages are for.
     * @param newAfterSequence number of the message in front, 0 if there is none that was read.
     */
    void begin(final long newReplayId, final long newAfterSequence) {
        replayId = newReplayId;
        afterSequence = newAfterSequence;
        group = messages.wrapAndApplyHeader(buffer, 0, header)
                .replayId(replayId)
                .afterSequenceNumber(afterSequence)
                .messagesCount(MOST_MESSAGES);
        failure = null;
        length = messages.limit();
        count = 0;
        firstSequence = 0;
        lastSequence = 0;
        newBytes = 0;
        isPart = false;
    }

    /**
     * Adds a message.
     *
     * @return false if there is no room for it.
     */
    boolean add(
            final long sequenceNumber,
            final long timeNs,
            final DirectBuffer source,
            final int offset,
            final int recordLength) {
        if (isPart || count == MOST_MESSAGES || recordLength > MOST_BYTES - OVERHEAD - length) {
            return false;
        }
        group.next().sequenceNumber(sequenceNumber).publishedTimeNs(timeNs).putRecord(source, offset, recordLength);
        length = messages.limit();
        firstSequence = count == 0 ? sequenceNumber : firstSequence;
        lastSequence = sequenceNumber;
        newBytes = length;
        count++;
        return true;
    }

    /**
     * Makes the empty page the next part of a message.
     *
     * @param source       that holds all of it.
     * @param offset       where the message starts there.
     * @param recordLength of the message in bytes.
     * @param partOffset   where the part starts in the message.
     * @return where the part ends in the message.
     */
    int addPart(
            final long sequenceNumber,
            final long timeNs,
            final DirectBuffer source,
            final int offset,
            final int recordLength,
            final int partOffset) {
        final int partLength = Math.min(recordLength - partOffset, MOST_PART);
        part.wrapAndApplyHeader(buffer, 0, header)
                .replayId(replayId)
                .afterSequenceNumber(afterSequence)
                .sequenceNumber(sequenceNumber)
                .publishedTimeNs(timeNs)
                .recordLength(recordLength)
                .partOffset(partOffset)
                .putPart(source, offset + partOffset, partLength);
        length = part.limit();
        header.messageLength(length).frameSequence(0);
        isPart = true;
        firstSequence = sequenceNumber;
        // All that the message takes is asked for in front of its first part.
        newBytes = partOffset == 0 ? recordLength : 0;
        final int end = partOffset + partLength;
        lastSequence = end == recordLength ? sequenceNumber : 0;
        return end;
    }

    /** Makes it a record of what it holds so far; more may be added. */
    void end() {
        if (!isPart) {
            buffer.putShort(COUNT_OFFSET, (short) count, ByteOrder.LITTLE_ENDIAN);
            header.wrap(buffer, 0).messageLength(length).frameSequence(0);
        }
    }

    boolean isEmpty() {
        return count == 0 && !isPart;
    }

    /** {@return the bytes, from 0} */
    DirectBuffer buffer() {
        return buffer;
    }

    /** {@return bytes of the record} */
    int length() {
        return length;
    }

    /** {@return messages in it, or 1 if it is a part of one} */
    int count() {
        return isPart ? 1 : count;
    }

    /** {@return bytes that the kernel may need for it; 0 for all parts of a message but the first} */
    int newBytes() {
        return newBytes;
    }

    /** {@return whether all of it was replayed, with what came up to a message} */
    boolean isBehind(final long reached) {
        return failure == null && (isPart ? firstSequence : lastSequence) <= reached;
    }

    /** {@return number of the first message in it} */
    long firstSequence() {
        return firstSequence;
    }

    /** {@return number of the last message that ends in it, 0 if none does} */
    long lastSequence() {
        return lastSequence;
    }
}
