package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResendRingTest {
    private record Entry(long correlationId, int offset, int length) {}

    @Test
    void shouldNeverGiveBytesThatAreStillNeeded() {
        final long seed = 3;
        final Random random = new Random(seed);
        final ResendRing ring = new ResendRing(256 * 1024);
        final ArrayDeque<Entry> entries = new ArrayDeque<>();
        long nextId = 1;
        int full = 0;
        for (int i = 0; i < 100_000; i++) {
            final int length = 64 + random.nextInt(1 << 6 + random.nextInt(11));
            final long place = ring.reserve(length);
            if (place >= 0) {
                for (int at = 0; at < length; at += 64) {
                    ring.buffer().putByte((int) place + at, (byte) nextId);
                }
                ring.add(nextId, nextId, (int) place, length, false);
                entries.add(new Entry(nextId++, (int) place, length));
            } else {
                assertEquals(MillraceClient.WINDOW_FULL, place);
                full++;
            }
            if (place < 0 || random.nextInt(3) == 0) {
                answer(ring, entries, random);
            }
        }
        assertTrue(full > 100, "full " + full + " times with seed " + seed);
    }

    private static void answer(final ResendRing ring, final ArrayDeque<Entry> entries, final Random random) {
        final int count = Math.min(entries.size(), 1 + random.nextInt(5));
        for (int k = 0; k < count; k++) {
            final Entry entry = entries.poll();
            for (int at = 0; at < entry.length; at += 64) {
                assertEquals((byte) entry.correlationId, ring.buffer().getByte(entry.offset + at));
            }
            ring.onAnswered(entry.correlationId, entry.correlationId);
        }
    }

    @Test
    void shouldStayAtTheStartWhileNothingIsUnanswered() {
        final ResendRing ring = new ResendRing(256 * 1024);
        for (int i = 1; i < 1000; i++) {
            assertEquals(0, ring.reserve(1000));
            ring.add(i, i, 0, 1000, false);
            ring.onAnswered(i, i);
        }
    }

    @Test
    void shouldKeepToASmallPartWhileItCan() {
        final ResendRing ring = new ResendRing(1024 * 1024);
        for (int i = 1; i < 10_000; i++) {
            final long place = ring.reserve(1000);
            assertTrue(place >= 0 && place < 70 * 1024, "place " + place);
            ring.add(i, i, (int) place, 1000, false);
            ring.onAnswered(i - 20, i - 20);
        }
    }

    @Test
    void shouldSayThatACommandCanNeverBeKept() {
        assertEquals(MillraceClient.TOO_LARGE, new ResendRing(1024).reserve(1025));
    }

    @Test
    void shouldFreeInOrderHoweverAnswersCome() {
        final ResendRing ring = new ResendRing(64 * 1024);
        for (int i = 1; i <= 3; i++) {
            ring.add(i, i, (int) ring.reserve(64), 64, false);
        }
        ring.onAnswered(2, 3);
        assertEquals(0, ring.find(1));
        assertEquals(-1, ring.find(2));
        assertEquals(0, ring.head());
        assertEquals(4, ring.renumberAfter(3));
        assertEquals(2, ring.renumberAfter(0));
        ring.onAnswered(1, 1);
        assertTrue(ring.isEmpty());
    }
}
