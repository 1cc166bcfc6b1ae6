package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendResultsEncoder.ResultsEncoder;
import io.millrace.codecs.Switch;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Collects how the entries of a send end: the results group of SendResults, all entries in order. */
final class SendOutcomes {
    private static final int HEADER_LENGTH = ResultsEncoder.HEADER_SIZE;
    private static final int COUNT = 2;
    private static final int ENTRY_LENGTH = ResultsEncoder.sbeBlockLength();

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[0]);
    private int count;

    /** Makes room for the largest batch; called when limits change, not on the hot path. */
    void capacity(final int entries) {
        buffer.wrap(new byte[HEADER_LENGTH + entries * ENTRY_LENGTH]);
    }

    void begin(final int entries) {
        count = entries;
    }

    /** The entry is not stored. */
    void fail(final int entry, final Finding finding) {
        put(entry, 0, 0, finding.code(), Switch.OFF);
        final int offset = offset(entry);
        buffer.putLong(offset + ResultsEncoder.limitValueEncodingOffset(), finding.limit(), ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + ResultsEncoder.actualValueEncodingOffset(), finding.actual(), ByteOrder.LITTLE_ENDIAN);
        buffer.putByte(offset + ResultsEncoder.limitIdEncodingOffset(), (byte)
                finding.limitId().value());
    }

    /** The entry is right, and is to be stored. */
    void accept(final int entry) {
        put(entry, 0, 0, ResultCode.OK, Switch.OFF);
    }

    boolean isAccepted(final int entry) {
        return buffer.getByte(offset(entry) + ResultsEncoder.codeEncodingOffset()) == ResultCode.OK.value();
    }

    void stored(final int entry, final long messageId, final long sequence) {
        put(entry, messageId, sequence, ResultCode.OK, Switch.OFF);
    }

    void duplicate(final int entry, final long messageId, final long sequence) {
        put(entry, messageId, sequence, ResultCode.OK, Switch.ON);
    }

    /** Whether an entry that was accepted became a message: it was no duplicate. */
    boolean isStored(final int entry) {
        return isAccepted(entry)
                && buffer.getByte(offset(entry) + ResultsEncoder.duplicateEncodingOffset()) == Switch.OFF.value();
    }

    /** The message that an entry became, 0 if none. */
    long messageId(final int entry) {
        return buffer.getLong(offset(entry) + ResultsEncoder.messageIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
    }

    private void put(
            final int entry, final long messageId, final long sequence, final ResultCode code, final Switch duplicate) {
        final int offset = offset(entry);
        buffer.putLong(offset + ResultsEncoder.messageIdEncodingOffset(), messageId, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + ResultsEncoder.sequenceNumberEncodingOffset(), sequence, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + ResultsEncoder.limitValueEncodingOffset(), 0, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + ResultsEncoder.actualValueEncodingOffset(), 0, ByteOrder.LITTLE_ENDIAN);
        buffer.putByte(offset + ResultsEncoder.codeEncodingOffset(), (byte) code.value());
        buffer.putByte(offset + ResultsEncoder.limitIdEncodingOffset(), (byte) LimitId.NONE.value());
        buffer.putByte(offset + ResultsEncoder.duplicateEncodingOffset(), (byte) duplicate.value());
    }

    private static int offset(final int entry) {
        return HEADER_LENGTH + entry * ENTRY_LENGTH;
    }

    int length() {
        return offset(count);
    }

    /** The group, its header written. */
    UnsafeBuffer group() {
        buffer.putShort(0, (short) ENTRY_LENGTH, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(COUNT, (short) count, ByteOrder.LITTLE_ENDIAN);
        return buffer;
    }
}
