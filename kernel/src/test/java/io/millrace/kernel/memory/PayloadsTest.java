package io.millrace.kernel.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PayloadsTest {
    private static final int MIB = 1024 * 1024;

    /** Things that payloads are attached to. */
    private static final class Counts implements Payloads.Attachments {
        private final int[] references = new int[8];

        @Override
        public void onReferences(final int slot, final int count) {
            references[slot] += count;
        }
    }

    private final Counts counts = new Counts();
    private final Payloads payloads = new Payloads(1, counts);

    @Test
    void shouldCountTheReferencesOfWhatAPayloadIsAttachedTo() {
        final int attached = payloads.store(content(1, 200), 0, 200);
        final int free = payloads.store(content(1, 200), 0, 200);
        payloads.attach(attached, 0);
        payloads.retain(attached);
        payloads.retain(free);
        assertEquals(2, counts.references[0]);
        assertEquals(0, payloads.attachment(attached));
        assertEquals(-1, payloads.attachment(free));

        payloads.release(attached);
        payloads.release(free);
        assertEquals(1, counts.references[0]);
        payloads.release(attached);
        assertEquals(0, counts.references[0]);
        assertEquals(-1, payloads.attachment(payloads.store(content(2, 9), 0, 9)));
    }

    @Test
    void shouldFreeTheRoomWithTheLastReference() {
        final int slot = payloads.store(content(1, 200), 0, 200);
        assertEquals(Payloads.accountedLength(200), payloads.accountedBytes());

        payloads.release(slot);

        assertEquals(0, payloads.accountedBytes());
        assertEquals(0, payloads.liveCount());
    }

    @Test
    void shouldUseTheSameMemoryAgainWhenAQueueStaysShallow() {
        for (int i = 0; i < 100_000; i++) {
            payloads.release(payloads.store(content(i, 200), 0, 200));
        }
        assertTrue(payloads.reservedBytes() <= 4 * MIB, "reserved " + payloads.reservedBytes());
    }

    @Test
    void shouldKeepLongContentsAndUseTheirMemoryAgain() {
        final int kept = payloads.store(content(1, 5 * MIB), 0, 5 * MIB);
        final int small = payloads.store(content(2, 100), 0, 100);
        final long reserved = payloads.reservedBytes();
        assertEquals((6 + 2) * MIB, reserved);
        for (int i = 0; i < 10; i++) {
            final int first = payloads.store(content(i, 10 * MIB), 0, 10 * MIB);
            final int second = payloads.store(content(i, 3 * MIB), 0, 3 * MIB);
            assertTrue(payloads.matches(first, content(i, 10 * MIB), 0, 10 * MIB));
            payloads.release(first);
            payloads.release(second);
            for (int quantum = 0; quantum < 100; quantum++) {
                payloads.compact();
            }
        }

        assertEquals(reserved + (12 + 4) * MIB, payloads.reservedBytes());
        assertEquals(0, payloads.freeBytes());
        assertTrue(payloads.matches(kept, content(1, 5 * MIB), 0, 5 * MIB));
        assertTrue(payloads.matches(small, content(2, 100), 0, 100));
        assertTrue(payloads.verifyContents());
    }

    @Test
    void shouldHashAContentTheSameInOnePieceAndInParts() {
        final UnsafeBuffer content = content(9, 1000);
        final int whole = payloads.store(content, 0, 1000);
        final int parts = payloads.reserve(1000);
        for (int from = 0; from < 1000; from += 37) {
            payloads.append(parts, content, from, Math.min(37, 1000 - from));
        }
        assertEquals(payloads.contentHash(whole), payloads.contentHash(parts));
        assertTrue(payloads.matches(parts, content, 0, 1000));
        assertTrue(payloads.verifyContents());
    }

    @Test
    void shouldGiveBackSegmentsThatAreMostlyDeadWithoutChangingAContent() {
        final Random random = new Random(1);
        final int count = 200_000;
        final int[] slots = new int[count];
        for (int i = 0; i < count; i++) {
            slots[i] = payloads.store(content(i, 300), 0, 300);
        }
        final long full = payloads.reservedBytes();
        for (int i = 0; i < count; i++) {
            if (i % 20 != 0) {
                payloads.release(slots[i]);
            }
        }
        final long hash = payloads.recomputeHash();
        for (int i = 0; i < 20_000; i++) {
            payloads.compact();
        }
        assertEquals(hash, payloads.recomputeHash());
        for (int i = 0; i < count; i += 20) {
            assertTrue(payloads.matches(slots[i], content(i, 300), 0, 300), "payload " + i);
        }
        // What was given back serves seven tenths of the payloads again without another segment.
        for (int i = 0; i < count * 7 / 10; i++) {
            payloads.store(content(random.nextInt(), 300), 0, 300);
        }
        assertTrue(payloads.reservedBytes() <= full, payloads.reservedBytes() + " of " + full);
    }

    private static UnsafeBuffer content(final int seed, final int length) {
        final byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return new UnsafeBuffer(bytes);
    }
}
