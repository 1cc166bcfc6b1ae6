package io.millrace.store;

import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A journal in memory. Either it keeps nothing but the position ({@code memory} durability, no allocation), or it keeps a copy
 * of every excerpt for tests, which survives {@link #close()} and can be opened again with {@link #reopen()}.
 */
public final class MemoryJournal implements Journal {
    private final boolean retaining;
    private final BatchReader reader = new BatchReader();
    private final Deque<UnsafeBuffer> excerpts;
    private final long bootEpoch;
    private volatile long nextPosition;
    private volatile boolean closed;

    /** A journal that keeps nothing. */
    public MemoryJournal() {
        this(false, new ArrayDeque<>(), 1, 0);
    }

    private MemoryJournal(
            final boolean retaining,
            final Deque<UnsafeBuffer> excerpts,
            final long bootEpoch,
            final long nextPosition) {
        this.retaining = retaining;
        this.excerpts = excerpts;
        this.bootEpoch = bootEpoch;
        this.nextPosition = nextPosition;
    }

    /**
     * A journal that keeps every excerpt.
     *
     * @return an empty one.
     */
    public static MemoryJournal retaining() {
        return new MemoryJournal(true, new ArrayDeque<>(), 1, 0);
    }

    /**
     * The next start over the same excerpts.
     *
     * @return a journal that continues this one; this one is closed.
     */
    public MemoryJournal reopen() {
        close();
        return new MemoryJournal(retaining, excerpts, bootEpoch + 1, nextPosition);
    }

    @Override
    public int append(final DirectBuffer excerpt, final int offset, final int length) {
        if (closed) {
            return AppendResult.CLOSED;
        }
        reader.wrap(excerpt, offset, length);
        final long next = nextPosition;
        if (reader.firstPosition() != next) {
            return AppendResult.OUT_OF_SEQUENCE;
        }
        if (retaining) {
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
            copy.putBytes(0, excerpt, offset, length);
            excerpts.addLast(copy);
        }
        nextPosition = next + reader.recordCount();
        return AppendResult.OK;
    }

    @Override
    public long nextPosition() {
        return nextPosition;
    }

    @Override
    public long bootEpoch() {
        return bootEpoch;
    }

    @Override
    public void replay(final long fromPosition, final BatchHandler handler) {
        final BatchReader batch = new BatchReader();
        long expected = fromPosition;
        for (final UnsafeBuffer excerpt : excerpts) {
            batch.wrap(excerpt, 0, excerpt.capacity());
            if (batch.lastPosition() < fromPosition) {
                continue;
            }
            if (batch.firstPosition() != expected) {
                throw new JournalException("the journal in memory does not hold position " + expected);
            }
            expected = batch.lastPosition() + 1;
            handler.onBatch(batch);
        }
        if (expected != nextPosition) {
            throw new JournalException("the journal in memory does not hold position " + expected);
        }
    }

    @Override
    public void deleteBefore(final long position) {
        final BatchReader batch = new BatchReader();
        while (!excerpts.isEmpty()) {
            final UnsafeBuffer oldest = excerpts.peekFirst();
            if (batch.wrap(oldest, 0, oldest.capacity()).lastPosition() >= position) {
                return;
            }
            excerpts.removeFirst();
        }
    }

    @Override
    public int doHousekeeping() {
        return 0;
    }

    @Override
    public long sync() {
        return nextPosition - 1;
    }

    @Override
    public long syncedPosition() {
        return nextPosition - 1;
    }

    @Override
    public boolean diskLow() {
        return false;
    }

    @Override
    public void close() {
        closed = true;
    }
}
