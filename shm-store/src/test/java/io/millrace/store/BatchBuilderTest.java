package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.BatchDecoder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class BatchBuilderTest {
    private static final int MARGIN = 64;

    private final BatchBuilder builder = new BatchBuilder(4, 512);
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[600]);
    private final ExcerptVerifier verifier = new ExcerptVerifier(1024);

    @Test
    void shouldReadBackWhatWasAppended() {
        for (int i = 0; i < frame.capacity(); i++) {
            frame.putByte(i, (byte) i);
        }
        assertTrue(builder.append(7, frame, 3, 13));
        assertTrue(builder.append(0, frame, 20, 0));
        assertTrue(builder.append(-9, frame, 100, 16));
        builder.seal(5, 6, 1000, 123_456_789L, 0xABCDL);

        final BatchReader reader = new BatchReader().wrap(builder.buffer(), 0, builder.length());
        assertEquals(5, reader.kernelVersion());
        assertEquals(6, reader.bootEpoch());
        assertEquals(1000, reader.firstPosition());
        assertEquals(1002, reader.lastPosition());
        assertEquals(123_456_789L, reader.timestampNs());
        assertEquals(0xABCDL, reader.stateHashBefore());
        assertEquals(3, reader.recordCount());
        assertRecord(reader, 1000, 7, 3, 13);
        assertRecord(reader, 1001, 0, 20, 0);
        assertRecord(reader, 1002, -9, 100, 16);
        assertFalse(reader.next());
        assertEquals(80 + 32 + 16 + 32, builder.length());
    }

    private void assertRecord(
            final BatchReader reader, final long position, final long sessionId, final int from, final int length) {
        assertTrue(reader.next());
        assertEquals(position, reader.position());
        assertEquals(sessionId, reader.sessionId());
        final byte[] expected = new byte[length];
        final byte[] actual = new byte[reader.frameLength()];
        frame.getBytes(from, expected);
        reader.buffer().getBytes(reader.frameOffset(), actual);
        assertArrayEquals(expected, actual);
    }

    @Test
    void shouldRefuseWhatDoesNotFitByCount() {
        for (int i = 0; i < 4; i++) {
            assertTrue(builder.append(i, frame, 0, 8));
        }
        final int length = builder.length();
        assertFalse(builder.append(4, frame, 0, 8));
        assertEquals(4, builder.recordCount());
        assertEquals(length, builder.length());
    }

    @Test
    void shouldRefuseWhatDoesNotFitByBytes() {
        assertFalse(builder.append(1, frame, 0, 512 - 80 - 16 + 1));
        assertFalse(builder.append(1, frame, 0, Integer.MAX_VALUE));
        assertFalse(builder.append(1, frame, 0, -1));
        assertEquals(0, builder.recordCount());
        assertTrue(builder.append(1, frame, 0, 512 - 80 - 16));
        assertEquals(512, builder.length());
        assertFalse(builder.append(1, frame, 0, 0));
    }

    @Test
    void shouldForgetRecordsOnReset() {
        builder.append(1, frame, 0, 40);
        builder.reset();
        builder.append(2, frame, 0, 8);
        builder.seal(1, 1, 0, 0, 0);
        final BatchReader reader = new BatchReader().wrap(builder.buffer(), 0, builder.length());
        assertTrue(reader.next());
        assertEquals(2, reader.sessionId());
        assertFalse(reader.next());
    }

    @Test
    void shouldRefuseToSealNothing() {
        assertThrows(IllegalStateException.class, () -> builder.seal(1, 1, 0, 0, 0));
    }

    @Test
    void shouldChecksumTheExcerptWithTheFieldZero() {
        builder.append(1, frame, 0, 21);
        builder.seal(1, 2, 3, 4, 5);
        final byte[] bytes = new byte[builder.length()];
        builder.buffer().getBytes(0, bytes);
        final int written = builder.buffer().getInt(20);
        for (int i = 20; i < 24; i++) {
            bytes[i] = 0;
        }
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        assertEquals((int) crc.getValue(), written);
    }

    @Test
    void shouldFindEveryFlippedByte() {
        builder.append(1, frame, 0, 100);
        builder.append(2, frame, 0, 33);
        builder.seal(1, 2, 3, 4, 5);
        final int length = builder.length();
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, builder.buffer(), 0, length);
        assertEquals(ExcerptVerdict.OK, verifier.verify(copy, 0, length));
        for (int i = 0; i < length; i++) {
            final byte before = copy.getByte(i);
            copy.putByte(i, (byte) (before ^ 0x40));
            assertFalse(verifier.verify(copy, 0, length) == ExcerptVerdict.OK, "byte " + i);
            copy.putByte(i, before);
        }
        assertEquals(ExcerptVerdict.OK, verifier.verify(copy, 0, length));
    }

    /** Any read behind the excerpt throws here, or finds poison. */
    @Test
    void shouldReadNothingBehindAnExcerptThatIsCutAnywhere() {
        final byte[] excerpt = excerpt();
        for (int shorter = 0; shorter < excerpt.length; shorter++) {
            final UnsafeBuffer exact = exact(Arrays.copyOf(excerpt, shorter));
            final byte[] poisoned = Arrays.copyOf(excerpt, excerpt.length + MARGIN);
            Arrays.fill(poisoned, shorter, poisoned.length, (byte) (31 * shorter + 17));
            final int length = shorter;
            assertFalse(verifier.verify(exact, 0, length) == ExcerptVerdict.OK, () -> "length " + length);
            assertEquals(
                    verifier.verify(exact, 0, length),
                    verifier.verify(new UnsafeBuffer(poisoned), 0, length),
                    () -> "length " + length);
        }
    }

    @Test
    void shouldReadNothingBehindAnExcerptWithAnyByteReplaced() {
        final byte[] excerpt = excerpt();
        final BatchReader reader = new BatchReader();
        for (int at = 0; at < excerpt.length; at++) {
            final byte original = excerpt[at];
            for (int value = 0; value < 256; value++) {
                excerpt[at] = (byte) value;
                final boolean isSame = value == (original & 0xFF);
                assertEquals(isSame, verifier.verify(exact(excerpt), 0, excerpt.length) == ExcerptVerdict.OK);
                // The reader is given verified excerpts only; it keeps inside of others all the same.
                reader.wrap(exact(excerpt), 0, excerpt.length);
                for (int records = 0; reader.next(); records++) {
                    assertTrue(records < excerpt.length);
                    reader.buffer().boundsCheck(reader.frameOffset(), reader.frameLength());
                }
            }
            excerpt[at] = original;
        }
    }

    private byte[] excerpt() {
        builder.append(1, frame, 0, 100);
        builder.append(2, frame, 0, 33);
        builder.seal(1, 2, 3, 4, 5);
        final byte[] excerpt = new byte[builder.length()];
        builder.buffer().getBytes(0, excerpt);
        return excerpt;
    }

    private static UnsafeBuffer exact(final byte[] bytes) {
        assertTrue(UnsafeBuffer.SHOULD_BOUNDS_CHECK, "bounds checks are off");
        return new UnsafeBuffer(bytes);
    }

    @Test
    void shouldTellAnUnknownFormatFromDamage() {
        builder.append(1, frame, 0, 8);
        builder.seal(1, 2, 3, 4, 5);
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[builder.length()]);
        copy.putBytes(0, builder.buffer(), 0, builder.length());
        assertEquals(ExcerptVerdict.BAD_MAGIC, verifier.verify(new UnsafeBuffer(new byte[200]), 0, 200));
        copy.putInt(16 + BatchDecoder.formatVersionEncodingOffset(), 2);
        assertEquals(ExcerptVerdict.BAD_VERSION, verifier.verify(copy, 0, builder.length()));
    }

    @Test
    void shouldAllocateNothing() {
        final BatchReader reader = new BatchReader();
        final long[] sum = new long[1];
        final Runnable work = () -> {
            for (int i = 0; i < 20_000; i++) {
                builder.reset();
                builder.append(i, frame, 0, 100);
                builder.append(i, frame, 0, 200);
                builder.seal(1, 1, i, i, i);
                reader.wrap(builder.buffer(), 0, builder.length());
                while (reader.next()) {
                    sum[0] += reader.frameLength();
                }
            }
        };
        assertEquals(0, Allocations.leastOf(work));
        assertEquals(0, sum[0] % 300);
    }
}
