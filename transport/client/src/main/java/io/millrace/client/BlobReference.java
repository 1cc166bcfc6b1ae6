package io.millrace.client;

import io.millrace.codecs.BlobReferenceDecoder;
import io.millrace.codecs.BlobReferenceEncoder;
import java.util.HexFormat;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What a message says whose content is in a blob: it is the body of the message then, {@link #LENGTH} bytes.
 *
 * @param blobId the blob
 * @param contentLength its length in bytes
 * @param sha256 SHA-256 of its bytes in hexadecimal digits
 */
public record BlobReference(long blobId, long contentLength, String sha256) {
    /** Bytes of a reference. */
    public static final int LENGTH = BlobReferenceEncoder.ENCODED_LENGTH;

    private static final int DIGEST_LENGTH = BlobReferenceEncoder.sha256Length();

    /** @throws IllegalArgumentException if the digest is not 64 hexadecimal digits. */
    public BlobReference {
        if (sha256.length() != 2 * DIGEST_LENGTH) {
            throw new IllegalArgumentException("A SHA-256 has 64 hexadecimal digits, not " + sha256.length() + ".");
        }
        HexFormat.of().parseHex(sha256);
    }

    /**
     * Writes the reference.
     *
     * @param buffer to write to
     * @param offset where it is to start
     */
    public void encode(final MutableDirectBuffer buffer, final int offset) {
        new BlobReferenceEncoder().wrap(buffer, offset).blobId(blobId).contentLength(contentLength);
        buffer.putBytes(
                offset + BlobReferenceEncoder.sha256EncodingOffset(),
                HexFormat.of().parseHex(sha256));
    }

    /**
     * Reads a reference.
     *
     * @param buffer that holds it
     * @param offset where it starts
     * @return the reference
     */
    public static BlobReference decode(final DirectBuffer buffer, final int offset) {
        buffer.boundsCheck(offset, LENGTH);
        final BlobReferenceDecoder decoder = new BlobReferenceDecoder().wrap(buffer, offset);
        final byte[] digest = new byte[DIGEST_LENGTH];
        buffer.getBytes(offset + BlobReferenceDecoder.sha256EncodingOffset(), digest);
        return new BlobReference(
                decoder.blobId(), decoder.contentLength(), HexFormat.of().formatHex(digest));
    }
}
