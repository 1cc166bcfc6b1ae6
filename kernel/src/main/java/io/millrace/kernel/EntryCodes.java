package io.millrace.kernel;

import io.millrace.codecs.EntryResultsEncoder.ResultsEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Collects the entries of a command that are not OK, encoded as the results group of EntryResults. */
final class EntryCodes {
    private static final int HEADER_LENGTH = ResultsEncoder.HEADER_SIZE;
    private static final int COUNT = 2;
    private static final int ENTRY_LENGTH = ResultsEncoder.sbeBlockLength();

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[0]);
    private int count;

    /** Makes room for the largest batch; called when limits change, not on the hot path. */
    void capacity(final int entries) {
        buffer.wrap(new byte[HEADER_LENGTH + entries * ENTRY_LENGTH]);
    }

    void reset() {
        count = 0;
    }

    void add(final int entryIndex, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        final int offset = length();
        buffer.putLong(offset + ResultsEncoder.limitValueEncodingOffset(), limit, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + ResultsEncoder.actualValueEncodingOffset(), actual, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(
                offset + ResultsEncoder.entryIndexEncodingOffset(), (short) entryIndex, ByteOrder.LITTLE_ENDIAN);
        buffer.putByte(offset + ResultsEncoder.codeEncodingOffset(), (byte) code.value());
        buffer.putByte(offset + ResultsEncoder.limitIdEncodingOffset(), (byte) limitId.value());
        count++;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int length() {
        return HEADER_LENGTH + count * ENTRY_LENGTH;
    }

    /** The group, its header written. */
    UnsafeBuffer group() {
        buffer.putShort(0, (short) ENTRY_LENGTH, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(COUNT, (short) count, ByteOrder.LITTLE_ENDIAN);
        return buffer;
    }
}
