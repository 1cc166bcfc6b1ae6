package io.millrace.client;

import org.agrona.DirectBuffer;

/**
 * One message of the server that is to be decoded, and how to measure it: nothing is believed, and each group and text is
 * measured before a generated decoder walks over it.
 */
abstract class AnswerDecoder {
    DirectBuffer buffer;
    int block;
    int blockLength;
    int version;
    int limit;

    final void wrap(
            final DirectBuffer source,
            final int blockOffset,
            final int actingBlockLength,
            final int actingVersion,
            final int messageLimit) {
        buffer = source;
        block = blockOffset;
        blockLength = actingBlockLength;
        version = actingVersion;
        limit = messageLimit;
    }

    /**
     * Measures the group behind the block.
     *
     * @param neededBlock length that the block must have
     * @param neededEntry length that the block of an entry must have
     * @param texts texts that follow the block of an entry
     * @return offset behind the group, or -1 if something ends outside the message.
     */
    final int groupEnd(final int neededBlock, final int neededEntry, final int texts) {
        final int group = block + blockLength;
        if (blockLength < neededBlock || limit - group < Wire.GROUP_HEADER_LENGTH) {
            return -1;
        }
        final int entryLength = buffer.getShort(group, Wire.ORDER) & 0xFFFF;
        final int count = buffer.getShort(group + 2, Wire.ORDER) & 0xFFFF;
        if (count > 0 && entryLength < neededEntry) {
            return -1;
        }
        int at = group + Wire.GROUP_HEADER_LENGTH;
        for (int i = 0; i < count && at >= 0; i++) {
            at = entryLength > limit - at ? -1 : at + entryLength;
            for (int text = 0; text < texts && at >= 0; text++) {
                at = skipText(at);
            }
        }
        return at;
    }

    /** @return offset behind the text, or -1 if it ends outside the message. */
    final int skipText(final int offset) {
        if (limit - offset < Wire.TEXT_HEADER_LENGTH) {
            return -1;
        }
        final int end = offset + Wire.TEXT_HEADER_LENGTH + (buffer.getShort(offset, Wire.ORDER) & 0xFFFF);
        return end > limit ? -1 : end;
    }

    /** @return offset behind bytes with a long length, or -1 if they end outside the message. */
    final int skipData(final int offset) {
        if (limit - offset < Wire.DATA_HEADER_LENGTH) {
            return -1;
        }
        final int start = offset + Wire.DATA_HEADER_LENGTH;
        final int length = buffer.getInt(offset, Wire.ORDER);
        return length < 0 || length > limit - start ? -1 : start + length;
    }
}
