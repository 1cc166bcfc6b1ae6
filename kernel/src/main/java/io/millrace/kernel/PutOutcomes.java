package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.PutResultsEncoder.ResultsEncoder;
import io.millrace.codecs.ResultCode;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Collects how the records of a put end: the results group of PutResults, all of them in order. */
final class PutOutcomes {
    private static final int HEADER_LENGTH = ResultsEncoder.HEADER_SIZE;
    private static final int COUNT = 2;
    private static final int ENTRY_LENGTH = ResultsEncoder.sbeBlockLength();

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[0]);
    private int count;

    /** Makes room for the largest put; called when limits change, not on the hot path. */
    void capacity(final int entries) {
        buffer.wrap(new byte[HEADER_LENGTH + entries * ENTRY_LENGTH]);
    }

    void begin() {
        count = 0;
    }

    void put(final long shardId, final long sequence) {
        add(shardId, sequence, ResultCode.OK, LimitId.NONE, 0, 0);
    }

    void fail(final long shardId, final LimitId limitId, final long limit, final long actual) {
        add(shardId, 0, ResultCode.LIMIT_EXCEEDED, limitId, limit, actual);
    }

    private void add(
            final long shardId,
            final long sequence,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        final int offset = HEADER_LENGTH + count++ * ENTRY_LENGTH;
        buffer.putLong(offset + ResultsEncoder.shardIdEncodingOffset(), shardId, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + ResultsEncoder.sequenceNumberEncodingOffset(), sequence, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + ResultsEncoder.limitValueEncodingOffset(), limit, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + ResultsEncoder.actualValueEncodingOffset(), actual, ByteOrder.LITTLE_ENDIAN);
        buffer.putByte(offset + ResultsEncoder.codeEncodingOffset(), (byte) code.value());
        buffer.putByte(offset + ResultsEncoder.limitIdEncodingOffset(), (byte) limitId.value());
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
