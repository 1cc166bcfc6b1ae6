package io.millrace.store.reader;

import io.millrace.codecs.LogRecordDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.RecordExcerptDecoder;
import io.millrace.codecs.RecordLogFileDecoder;
import org.agrona.BitUtil;

/**
 * Layout of the excerpts of a record log.
 *
 * <pre>
 *   first excerpt of a file: messageHeader, RecordLogFile
 *
 *   every other excerpt:
 *   0               16                               80
 *   +---------------+--------------------------------+--------+--------+-----
 *   | messageHeader | RecordExcerpt block, 64 bytes  | record | record | ...
 *   +---------------+--------------------------------+--------+--------+-----
 *
 *   record:
 *   0                           40
 *   +---------------------------+-----+------+---------+
 *   | LogRecord block, 40 bytes | key | data | 0 ... 0 |
 *   +---------------------------+-----+------+---------+
 * </pre>
 *
 * <p>All numbers are little-endian; records and excerpts are padded to multiples of 8 bytes.
 */
public final class RecordFormat {
    /** Layout that this code writes and reads. */
    public static final int FORMAT_VERSION = 1;

    /** Bytes in front of the first record of an excerpt. */
    public static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH + RecordExcerptDecoder.BLOCK_LENGTH;

    /** Bytes of the first excerpt of a file. */
    public static final int FILE_HEADER_LENGTH =
            MessageHeaderDecoder.ENCODED_LENGTH + RecordLogFileDecoder.BLOCK_LENGTH;

    /** Bytes in front of the key of a record. */
    public static final int RECORD_HEADER_LENGTH = LogRecordDecoder.BLOCK_LENGTH;

    /** Records start at multiples of this. */
    public static final int ALIGNMENT = 8;

    /** Offset of the CRC-32C in either kind of excerpt. */
    public static final int CRC_OFFSET = MessageHeaderDecoder.ENCODED_LENGTH;

    /** The CRC-32C is over the bytes from here to the end of the excerpt. */
    public static final int CHECKED_OFFSET = CRC_OFFSET + Integer.BYTES;

    private RecordFormat() {}

    /**
     * Bytes that a record takes in an excerpt.
     *
     * @param keyLength  of its partition key, in bytes.
     * @param dataLength of its data, in bytes.
     * @return header, key, data and padding in bytes.
     */
    public static int recordLength(final int keyLength, final int dataLength) {
        return BitUtil.align(RECORD_HEADER_LENGTH + keyLength + dataLength, ALIGNMENT);
    }
}
