package io.millrace.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A blob, its length and what its SHA-256 is in the tests: 32 times the same character.
 *
 * @param id            0 where it is only being declared.
 * @param contentLength in bytes.
 * @param digest        the character.
 */
record BlobReference(long id, long contentLength, char digest) {
    static final int LENGTH = 48;
    private static final int DIGEST_LENGTH = 32;

    /** Stands for a digest that is none of these tests'. */
    private static final char OTHER = '?';

    BlobReference withId(final long newId) {
        return new BlobReference(newId, contentLength, digest);
    }

    /** The bytes, one in each char. */
    String text() {
        final byte[] head = ByteBuffer.allocate(2 * Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(id)
                .putLong(contentLength)
                .array();
        return new String(head, ISO_8859_1) + String.valueOf(digest).repeat(DIGEST_LENGTH);
    }

    /** Of the text. */
    static BlobReference of(final String text) {
        return read(new UnsafeBuffer(text.getBytes(ISO_8859_1)), 0);
    }

    static BlobReference read(final DirectBuffer buffer, final int offset) {
        final long id = buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
        final long contentLength = buffer.getLong(offset + Long.BYTES, ByteOrder.LITTLE_ENDIAN);
        final BlobReference read =
                new BlobReference(id, contentLength, (char) (buffer.getByte(offset + 2 * Long.BYTES) & 0xFF));
        final byte[] bytes = new byte[LENGTH];
        buffer.getBytes(offset, bytes);
        return read.text().equals(new String(bytes, ISO_8859_1)) ? read : new BlobReference(id, contentLength, OTHER);
    }

    @Override
    public String toString() {
        return id + ": " + contentLength + " bytes " + digest;
    }
}
