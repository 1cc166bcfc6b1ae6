package io.millrace.store;

import org.agrona.BitUtil;

/**
 * Layout of a snapshot file, little-endian.
 *
 * <pre>
 *   0       8               12    16         24        32
 *   +-------+---------------+-----+----------+---------+--------+--------+-----+---------+
 *   | magic | formatVersion | 0   | position | 0       | record | record | ... | trailer |
 *   +-------+---------------+-----+----------+---------+--------+--------+-----+---------+
 *
 *   record:  length (4), 0 (4), bytes, padding to 8        trailer: -1 (4), 0 (4), record count (8), CRC-32C (4), 0 (4)
 * </pre>
 *
 * <p>The CRC-32C covers everything in front of it.
 */
final class SnapshotFormat {
    static final long MAGIC = 0x31_54_4f_48_53_50_4e_53L;
    static final int FORMAT_VERSION = 1;
    static final int HEADER_LENGTH = 32;
    static final int VERSION_OFFSET = 8;
    static final int POSITION_OFFSET = 16;
    static final int RECORD_HEADER_LENGTH = 8;
    static final int END_OF_RECORDS = -1;
    static final int TRAILER_LENGTH = 24;
    static final int TRAILER_COUNT_OFFSET = 8;
    static final int TRAILER_CRC_OFFSET = 16;
    static final int ALIGNMENT = 8;
    static final String SUFFIX = ".snapshot";
    static final String UNFINISHED_SUFFIX = ".tmp";

    private SnapshotFormat() {}

    static int padding(final int length) {
        return BitUtil.align(length, ALIGNMENT) - length;
    }

    /** Name of the file of a position; names sort like positions. */
    static String fileName(final long position) {
        return String.format("%019d", position) + SUFFIX;
    }
}
