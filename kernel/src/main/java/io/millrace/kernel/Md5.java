package io.millrace.kernel;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * MD5 (RFC 1321) without garbage, its 16 bytes held as a number of 128 bits whose first byte is the most significant. It spreads
 * partition keys over shards, as Kinesis has it, and protects nothing.
 */
final class Md5 {
    private static final int BLOCK = 64;
    private static final int LENGTH_OFFSET = BLOCK - Long.BYTES;
    private static final int ROUND = 16;

    private static final int A = 0x67452301;
    private static final int B = 0xEFCDAB89;
    private static final int C = 0x98BADCFE;
    private static final int D = 0x10325476;

    /** Rotations of the four rounds, four to each. */
    private static final int[] ROTATIONS = {7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21};

    /** Integer parts of 2^32 times |sin(i + 1)|. */
    private static final int[] SINES = new int[BLOCK];

    static {
        for (int i = 0; i < BLOCK; i++) {
            SINES[i] = (int) (long) (0x1p32 * Math.abs(StrictMath.sin(i + 1.0)));
        }
    }

    private final UnsafeBuffer last = new UnsafeBuffer(new byte[2 * BLOCK]);
    private int a;
    private int b;
    private int c;
    private int d;

    /** Computes the digest of bytes. */
    void digest(final DirectBuffer buffer, final int offset, final int length) {
        a = A;
        b = B;
        c = C;
        d = D;
        final int rest = length & (BLOCK - 1);
        final int whole = length - rest;
        for (int i = 0; i < whole; i += BLOCK) {
            step(buffer, offset + i);
        }
        final int padded = rest < LENGTH_OFFSET ? BLOCK : 2 * BLOCK;
        last.setMemory(0, padded, (byte) 0);
        last.putBytes(0, buffer, offset + whole, rest);
        last.putByte(rest, (byte) 0x80);
        last.putLong(padded - Long.BYTES, (long) length * Byte.SIZE, ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < padded; i += BLOCK) {
            step(last, i);
        }
    }

    private void step(final DirectBuffer block, final int offset) {
        int p = a;
        int q = b;
        int r = c;
        int s = d;
        for (int i = 0; i < BLOCK; i++) {
            final int mixed;
            final int word;
            switch (i / ROUND) {
                case 0 -> {
                    mixed = (q & r) | (~q & s);
                    word = i;
                }
                case 1 -> {
                    mixed = (s & q) | (~s & r);
                    word = 5 * i + 1;
                }
                case 2 -> {
                    mixed = q ^ r ^ s;
                    word = 3 * i + 5;
                }
                default -> {
                    mixed = r ^ (q | ~s);
                    word = 7 * i;
                }
            }
            final int input = block.getInt(offset + (word & (ROUND - 1)) * Integer.BYTES, ByteOrder.LITTLE_ENDIAN);
            final int turned =
                    q + Integer.rotateLeft(p + mixed + SINES[i] + input, ROTATIONS[(i / ROUND) * 4 + (i & 3)]);
            p = s;
            s = r;
            r = q;
            q = turned;
        }
        a += p;
        b += q;
        c += r;
        d += s;
    }

    /** The first eight bytes of the digest, as an unsigned number. */
    long high() {
        return word(a, b);
    }

    /** The last eight bytes of the digest, as an unsigned number. */
    long low() {
        return word(c, d);
    }

    private static long word(final int first, final int second) {
        return (long) Integer.reverseBytes(first) << Integer.SIZE | Integer.reverseBytes(second) & 0xFFFF_FFFFL;
    }
}
