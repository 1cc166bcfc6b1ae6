package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MemoryJournalTest {
    private final BatchBuilder builder = new BatchBuilder(16, 4096);
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[64]);

    private int append(final Journal journal, final long firstPosition, final int records) {
        builder.reset();
        for (int i = 0; i < records; i++) {
            frame.putLong(0, firstPosition + i);
            builder.append(1, frame, 0, 24);
        }
        builder.seal(1, journal.bootEpoch(), firstPosition, 0, 0);
        return journal.append(builder.buffer(), 0, builder.length());
    }

    private static List<Long> replayed(final Journal journal, final long from) {
        final List<Long> values = new ArrayList<>();
        journal.replay(from, batch -> {
            while (batch.next()) {
                values.add(batch.buffer().getLong(batch.frameOffset()));
            }
        });
        return values;
    }

    @Test
    void shouldReplayAfterReopen() {
        final MemoryJournal first = MemoryJournal.retaining();
        assertEquals(AppendResult.OK, append(first, 0, 3));
        final MemoryJournal second = first.reopen();
        assertEquals(AppendResult.CLOSED, append(first, 3, 1));
        assertEquals(3, second.nextPosition());
        assertEquals(2, second.bootEpoch());
        assertEquals(AppendResult.OK, append(second, 3, 2));
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), replayed(second, 0));
        assertEquals(List.of(3L, 4L), replayed(second, 3));
        assertEquals(List.of(), replayed(second, 5));
    }

    @Test
    void shouldRefuseAPositionOutOfSequence() {
        final MemoryJournal journal = MemoryJournal.retaining();
        assertEquals(AppendResult.OUT_OF_SEQUENCE, append(journal, 1, 1));
        assertEquals(0, journal.nextPosition());
    }

    @Test
    void shouldDeleteOnlyWhatLiesBeforeThePosition() {
        final MemoryJournal journal = MemoryJournal.retaining();
        append(journal, 0, 3);
        append(journal, 3, 3);
        journal.deleteBefore(5);
        assertEquals(List.of(3L, 4L, 5L), replayed(journal, 3));
        assertThrows(JournalException.class, () -> replayed(journal, 0));
    }

    @Test
    void shouldKeepNothingUnlessAskedTo() {
        final MemoryJournal journal = new MemoryJournal();
        assertEquals(0, Allocations.leastOf(() -> {
            for (int i = 0; i < 20_000; i++) {
                append(journal, journal.nextPosition(), 2);
            }
        }));
        assertThrows(JournalException.class, () -> replayed(journal, 0));
    }
}
