package io.millrace.store;

import io.millrace.codecs.BatchDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import org.agrona.BitUtil;

/**
 * Layout of one journal excerpt.
 *
 * <pre>
 *   0               16                       80
 *   +---------------+------------------------+--------+--------+-----
 *   | messageHeader | Batch block, 64 bytes  | record | record | ...
 *   +---------------+------------------------+--------+--------+-----
 *
 *   record, starting on an 8-byte boundary:
 *   0             4            8             16
 *   +-------------+------------+-------------+----------------+---------+
 *   | frameLength | 0          | sessionId   | frame          | 0 ... 0 |
 *   +-------------+------------+-------------+----------------+---------+
 * </pre>
 *
 * <p>All numbers are little-endian. The length of an excerpt is a multiple of 8.
 */
public final class ExcerptFormat {
    /** Layout that this code writes and reads. */
    public static final int FORMAT_VERSION = 1;

    /** Bytes in front of the first record. */
    public static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH + BatchDecoder.BLOCK_LENGTH;

    /** Bytes in front of the frame of a record. */
    public static final int RECORD_HEADER_LENGTH = 16;

    /** Records start at multiples of this. */
    public static final int RECORD_ALIGNMENT = 8;

    /** Offset in an excerpt of its CRC-32C. */
    public static final int CRC_OFFSET = MessageHeaderDecoder.ENCODED_LENGTH + BatchDecoder.crc32cEncodingOffset();

    static final int FRAME_LENGTH_OFFSET = 0;
    static final int RESERVED_OFFSET = 4;
    static final int SESSION_ID_OFFSET = 8;

    private ExcerptFormat() {}

    /**
     * Bytes that a record takes in an excerpt.
     *
     * @param frameLength length of its frame in bytes.
     * @return header, frame and padding in bytes.
     */
    public static int recordLength(final int frameLength) {
        return BitUtil.align(RECORD_HEADER_LENGTH + frameLength, RECORD_ALIGNMENT);
    }
}
