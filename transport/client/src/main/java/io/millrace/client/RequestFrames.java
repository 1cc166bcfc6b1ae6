package io.millrace.client;

import io.millrace.codecs.CommandHeaderEncoder;
import io.millrace.codecs.QueryHeaderEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/** Requests that are encoded in a buffer of their own first, because only then their length is known. */
abstract class RequestFrames {
    static final int MAX_GROUP_ENTRIES = 0xFFFE;
    static final int MAX_TEXT_LENGTH = 0xFFFE;

    /** Where a request is encoded, from the start of its block. */
    final ExpandableArrayBuffer body = new ExpandableArrayBuffer();

    private final FrameWriter writer;

    RequestFrames(final FrameWriter writer) {
        this.writer = writer;
    }

    final long command(final int templateId, final int blockLength, final int length) {
        return send(FrameWriter.MUTATING, CommandHeaderEncoder.ENCODED_LENGTH, templateId, blockLength, length);
    }

    /** A command that is nothing but its block. */
    final long command(final int templateId, final int blockLength) {
        return command(templateId, blockLength, blockLength);
    }

    /** A query that is nothing but its block. */
    final long query(final int templateId, final int blockLength) {
        return query(templateId, blockLength, blockLength);
    }

    final long query(final int templateId, final int blockLength, final int length) {
        return send(FrameWriter.QUERY, QueryHeaderEncoder.ENCODED_LENGTH, templateId, blockLength, length);
    }

    /** The writer has the header of the request; the rest is copied behind it. */
    private long send(
            final int kind, final int headerLength, final int templateId, final int blockLength, final int length) {
        final long refusal = writer.begin(templateId, blockLength, Wire.HEADER_LENGTH + length, kind);
        if (refusal != 0) {
            return refusal;
        }
        final int target = writer.offset() + Wire.HEADER_LENGTH + headerLength;
        writer.buffer().putBytes(target, body, headerLength, length - headerLength);
        return writer.end();
    }

    static boolean isTooLong(final Collection<String> texts) {
        return texts.size() > MAX_GROUP_ENTRIES
                || texts.stream().anyMatch(text -> bytes(text).length > MAX_TEXT_LENGTH);
    }

    static boolean isListTooLong(final List<AccessEntry> entries) {
        return isTooLong(entries.stream().map(AccessEntry::principal).toList());
    }

    static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
