package io.millrace.store;

import org.agrona.DirectBuffer;

/**
 * The input log of the kernel.
 *
 * <p>{@link #append} and {@link #close} belong to one thread; {@link #doHousekeeping}, {@link #sync} and {@link #deleteBefore}
 * to helper threads. The getters may be called from any thread.
 */
public interface Journal extends AutoCloseable {
    /**
     * Appends one sealed excerpt with one bounded copy. Never throws in steady state.
     *
     * @param excerpt buffer that holds it, direct or on the heap.
     * @param offset  where it starts.
     * @param length  its length in bytes.
     * @return {@link AppendResult#OK}, or a negative code of {@link AppendResult}.
     */
    int append(DirectBuffer excerpt, int offset, int length);

    /**
     * Position that the first record of the next excerpt must have.
     *
     * @return position, 0 in an empty journal.
     */
    long nextPosition();

    /**
     * Number of this start, for batch headers and the boot record. Greater than that of every earlier start of the directory.
     *
     * @return epoch, from 1.
     */
    long bootEpoch();

    /**
     * Hands over every batch from a position on. To be called before the first append.
     *
     * @param fromPosition first position wanted: the first of a batch, or {@link #nextPosition()}.
     * @param handler      receives the batches.
     * @throws JournalException if the journal does not hold the position, or a file can no longer be read as it was at open.
     */
    void replay(long fromPosition, BatchHandler handler);

    /**
     * Deletes segments all of whose records lie before a position. Whole segments only, never the present one.
     *
     * @param position first position to keep.
     */
    void deleteBefore(long position);

    /**
     * Slow work: touches pages ahead, forces to disk now and then, looks at free space.
     *
     * @return amount of work done, 0 if there was nothing to do.
     */
    int doHousekeeping();

    /**
     * Forces everything appended so far to the disk. Blocks.
     *
     * @return the last position known to be on disk, -1 if none.
     * @throws JournalException if the operating system reports an error; the journal has failed then.
     */
    long sync();

    /**
     * Last position known to be on disk.
     *
     * @return position, -1 if none.
     */
    long syncedPosition();

    /**
     * Whether free space was below the watermark at the last look. The host refuses new work then.
     *
     * @return true below it.
     */
    boolean diskLow();

    /** Forces what is there and releases everything. Later calls have no effect. */
    @Override
    void close();
}
