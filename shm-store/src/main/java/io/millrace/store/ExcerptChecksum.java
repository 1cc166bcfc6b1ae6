package io.millrace.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** CRC-32C of excerpts in one direct buffer. Allocates nothing after construction; for one thread. */
final class ExcerptChecksum {
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer bytes;

    ExcerptChecksum(final ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("the buffer must be direct");
        }
        bytes = direct.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        bytes.clear();
    }

    /** CRC-32C of the first {@code length} bytes, in which the CRC field must be 0. */
    int compute(final int length) {
        crc.reset();
        bytes.limit(length).position(0);
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Compares the CRC in the excerpt of {@code length} bytes with its bytes; the excerpt is left as it was. */
    boolean matches(final int length) {
        bytes.clear();
        final int written = bytes.getInt(ExcerptFormat.CRC_OFFSET);
        bytes.putInt(ExcerptFormat.CRC_OFFSET, 0);
        final int computed = compute(length);
        bytes.clear();
        bytes.putInt(ExcerptFormat.CRC_OFFSET, written);
        return computed == written;
    }
}
