package io.millrace.kernel;

import io.millrace.kernel.memory.SlotTable;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** SHA-256 (FIPS 180-4) without garbage, its 32 bytes held as four words. */
final class Digest {
    static final int WORDS = 4;

    private static final int LENGTH = 32;
    private static final int CHUNK_LENGTH = 4096;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private final MessageDigest sha256;
    private final byte[] chunk = new byte[CHUNK_LENGTH];
    private final byte[] digest = new byte[LENGTH];
    private final byte[] hex = new byte[2 * LENGTH];
    private final UnsafeBuffer words = new UnsafeBuffer(digest);
    private final UnsafeBuffer hexBuffer = new UnsafeBuffer(hex);

    Digest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void update(final DirectBuffer buffer, final int offset, final int length) {
        for (int from = 0; from < length; from += CHUNK_LENGTH) {
            final int part = Math.min(CHUNK_LENGTH, length - from);
            buffer.getBytes(offset + from, chunk, 0, part);
            sha256.update(chunk, 0, part);
        }
    }

    void update(final int value) {
        sha256.update((byte) value);
    }

    /** Ends the digest of what was given since the last end. */
    void end() {
        try {
            sha256.digest(digest, 0, LENGTH);
        } catch (final DigestException e) {
            throw new IllegalStateException("the digest has room", e);
        }
    }

    long word(final int index) {
        return words.getLong(index * Long.BYTES);
    }

    /** The digest in lower-case hexadecimal digits, {@link #hexLength()} of them from offset 0. */
    DirectBuffer hex() {
        for (int i = 0; i < LENGTH; i++) {
            hex[2 * i] = HEX[(digest[i] >> 4) & 0xF];
            hex[2 * i + 1] = HEX[digest[i] & 0xF];
        }
        return hexBuffer;
    }

    static int hexLength() {
        return 2 * LENGTH;
    }

    /** Writes the digest into a row. */
    void put(final SlotTable table, final int slot, final int field) {
        for (int i = 0; i < WORDS; i++) {
            table.putLong(slot, field + i * Long.BYTES, word(i));
        }
    }

    /** Takes over a digest that a row holds. */
    void get(final SlotTable table, final int slot, final int field) {
        for (int i = 0; i < WORDS; i++) {
            words.putLong(i * Long.BYTES, table.getLong(slot, field + i * Long.BYTES));
        }
    }

    /** Whether a row holds this digest. */
    boolean matches(final SlotTable table, final int slot, final int field) {
        for (int i = 0; i < WORDS; i++) {
            if (table.getLong(slot, field + i * Long.BYTES) != word(i)) {
                return false;
            }
        }
        return true;
    }
}
