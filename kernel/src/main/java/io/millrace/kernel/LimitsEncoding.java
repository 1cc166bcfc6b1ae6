package io.millrace.kernel;

import io.millrace.codecs.ConfigureEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderEncoder;
import org.agrona.MutableDirectBuffer;

/** Encodes limits as the Configure record that a host journals. */
public final class LimitsEncoding {
    private LimitsEncoding() {}

    /**
     * Encodes a Configure record: header, profile, one entry a limit.
     *
     * @param limits to encode.
     * @param buffer to encode into, at least 1,024 bytes behind the offset.
     * @param offset of the record.
     * @return length of the record in bytes.
     */
    public static int encode(final Limits limits, final MutableDirectBuffer buffer, final int offset) {
        final MessageHeaderEncoder header = new MessageHeaderEncoder();
        final ConfigureEncoder configure = new ConfigureEncoder();
        configure.wrapAndApplyHeader(buffer, offset, header).profile(limits.profile());
        final ConfigureEncoder.LimitsEncoder group = configure.limitsCount(Limits.COUNT - 1);
        for (int id = 1; id < Limits.COUNT; id++) {
            final LimitId limitId = LimitId.get((short) id);
            group.next().value(limits.get(limitId)).limitId(limitId);
        }
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + configure.encodedLength();
        header.messageLength(length).frameSequence(0);
        return length;
    }
}
