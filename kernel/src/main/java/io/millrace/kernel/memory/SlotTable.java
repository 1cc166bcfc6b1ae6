package io.millrace.kernel.memory;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;

/**
 * A table of fixed-length rows addressed by slot.
 *
 * <pre>
 *   0        4        8               16                    logicalEnd            rowLength
 *   +--------+--------+----------------+--------------------+---------------------+
 *   | gener- | status |      seal      |   logical fields   |   derived fields    |
 *   | ation  | 0=free |                |                    |  (links, counts)    |
 *   +--------+--------+----------------+--------------------+---------------------+
 * </pre>
 *
 * <p>Generation, status and the logical fields are the state: they are what the state hash covers and what a snapshot holds.
 * The derived fields follow from them and are rebuilt when a snapshot is loaded. A free row's first logical field is its
 * depth in the free stack, so that the order in which slots will be handed out is covered too.
 *
 * <p>The seal is the sum of the row's terms; mixed, it is the row's share of the table's hash. Whoever changes logical fields calls {@link #seal(int)} once
 * when the row is complete.
 */
public class SlotTable {
    /** Offset of the first logical field. */
    public static final int FIRST_FIELD = 16;

    private static final int GENERATION = 0;
    private static final int STATUS = 4;
    private static final int SEAL = 8;
    private static final int FREE_DEPTH = FIRST_FIELD;
    private static final int FREE_NEXT = FIRST_FIELD + 8;
    private static final int FREE_MARK = FIRST_FIELD + 12;

    private final ChunkedMemory memory = new ChunkedMemory();
    private final int tableId;
    private final int rowShift;
    private final int logicalEnd;
    private int highWater;
    private int freeHead;
    private int freeCount;
    private int liveCount;
    private long hash;

    /**
     * An empty table.
     *
     * @param tableId number of the table in hashes and snapshots.
     * @param rowLength bytes of a row, a power of two of at least 64.
     * @param logicalEnd offset behind the last logical field, a multiple of 8.
     */
    public SlotTable(final int tableId, final int rowLength, final int logicalEnd) {
        if (Integer.bitCount(rowLength) != 1 || rowLength < 64 || (logicalEnd & 7) != 0 || logicalEnd > rowLength) {
            throw new IllegalArgumentException("rowLength=" + rowLength + " logicalEnd=" + logicalEnd);
        }
        this.tableId = tableId;
        this.rowShift = Integer.numberOfTrailingZeros(rowLength);
        this.logicalEnd = logicalEnd;
    }

    /**
     * Takes a slot: the one freed last, else the next unused one. All fields are 0; the status is 1.
     *
     * @return the slot.
     */
    public final int allocate() {
        final int slot;
        if (freeHead != 0) {
            slot = freeHead - 1;
            freeHead = getInt(slot, FREE_NEXT);
            freeCount--;
            hash ^= Hashing.mix(getLong(slot, SEAL));
            // All else was cleared when the slot was freed.
            putLong(slot, SEAL, 0);
            putLong(slot, FREE_DEPTH, 0);
            putLong(slot, FREE_NEXT, 0);
        } else {
            slot = highWater++;
            memory.ensure((long) highWater << rowShift);
        }
        putInt(slot, STATUS, 1);
        liveCount++;
        return slot;
    }

    /**
     * Takes a given slot of a table that is addressed by computed slots; nothing happens if it is taken already.
     *
     * @param slot to take.
     */
    public final void claim(final int slot) {
        if (slot >= highWater) {
            highWater = slot + 1;
            memory.ensure((long) highWater << rowShift);
        }
        if (getInt(slot, STATUS) == 0) {
            putInt(slot, STATUS, 1);
            liveCount++;
        }
    }

    /**
     * Gives a slot back. Its generation grows, so that handles to the old row are known as such.
     *
     * @param slot to free.
     */
    public final void free(final int slot) {
        hash ^= Hashing.mix(getLong(slot, SEAL));
        clear(slot);
        putInt(slot, GENERATION, getInt(slot, GENERATION) + 1);
        pushFree(slot);
        liveCount--;
    }

    private void pushFree(final int slot) {
        putLong(slot, FREE_DEPTH, freeCount);
        putInt(slot, FREE_NEXT, freeHead);
        putInt(slot, FREE_MARK, 1);
        freeHead = slot + 1;
        freeCount++;
        final long sum = sum(slot);
        putLong(slot, SEAL, sum);
        hash ^= Hashing.mix(sum);
    }

    /** Everything but the generation. */
    private void clear(final int slot) {
        final long row = row(slot);
        UnsafeApi.putInt(row + STATUS, 0);
        for (int field = SEAL; field < 1 << rowShift; field += Long.BYTES) {
            UnsafeApi.putLong(row + field, 0);
        }
    }

    /**
     * Where a row stands, for whoever reads and writes many of its fields: see {@link Row}.
     *
     * @param slot of the row.
     * @return its address, which stays the same.
     */
    public final long row(final int slot) {
        return memory.address((long) slot << rowShift);
    }

    /**
     * Brings the table's hash up to date with a row.
     *
     * @param slot whose logical fields changed.
     */
    public final void seal(final int slot) {
        reseal(row(slot), sum(slot));
    }

    /**
     * Writes one logical field of a sealed row and keeps the seal right: cheaper than sealing the whole row.
     *
     * @param slot of the row.
     * @param field its offset, a multiple of 8.
     * @param value to write.
     */
    public final void putSealed(final int slot, final int field, final long value) {
        final long row = row(slot);
        addSealed(row, field, value - UnsafeApi.getLong(row + field));
    }

    /**
     * Adds to a logical field of a sealed row and keeps the seal right.
     *
     * @param row where it stands.
     * @param field its offset, a multiple of 8.
     * @param difference to add.
     */
    public final void addSealed(final long row, final int field, final long difference) {
        UnsafeApi.putLong(row + field, UnsafeApi.getLong(row + field) + difference);
        reseal(row, UnsafeApi.getLong(row + SEAL) + Hashing.term(field, difference));
    }

    /**
     * Seals a row that was just allocated and got its fields by {@link Row#putTerm} alone: cheaper than {@link #seal}, which reads all of them.
     *
     * @param slot of the row.
     * @param row where it stands.
     * @param status to set.
     * @param terms sum of what the fields add.
     */
    public final void sealNew(final int slot, final long row, final int status, final long terms) {
        final long sum = head(slot, UnsafeApi.getInt(row + GENERATION), status) + terms;
        UnsafeApi.putInt(row + STATUS, status);
        UnsafeApi.putLong(row + SEAL, sum);
        hash ^= Hashing.mix(sum);
    }

    private void reseal(final long row, final long sum) {
        hash ^= Hashing.mix(UnsafeApi.getLong(row + SEAL)) ^ Hashing.mix(sum);
        UnsafeApi.putLong(row + SEAL, sum);
    }

    private long sum(final int slot) {
        final long row = row(slot);
        // As two words: read as one, a status just written would first have to reach the cache.
        final int status = UnsafeApi.getInt(row + STATUS);
        long sum = head(slot, UnsafeApi.getInt(row + GENERATION), status);
        // The depth alone describes a free row: its link is derived.
        final int end = status == 0 ? FREE_NEXT : logicalEnd;
        for (int field = FIRST_FIELD; field < end; field += Long.BYTES) {
            sum += Hashing.term(field, UnsafeApi.getLong(row + field));
        }
        return sum;
    }

    private long head(final int slot, final int generation, final int status) {
        return Hashing.term(((long) tableId << Integer.SIZE) | slot, word(generation, status));
    }

    /**
     * Two int fields that stand side by side, as one word.
     *
     * @param low the first.
     * @param high the one behind it.
     * @return the word.
     */
    public static long word(final int low, final int high) {
        return (long) high << Integer.SIZE | low & 0xFFFF_FFFFL;
    }

    /**
     * The hash of all rows, kept up by {@link #seal(int)}.
     *
     * @return the hash.
     */
    public final long hash() {
        return hash;
    }

    /**
     * The hash of all rows computed from nothing: linear in the table, for tests and verification.
     *
     * @return the hash.
     */
    public final long recomputeHash() {
        long result = 0;
        for (int slot = 0; slot < highWater; slot++) {
            if (isLive(slot) || isFree(slot)) {
                result ^= Hashing.mix(sum(slot));
            }
        }
        return result;
    }

    /** In a table addressed by computed slots a slot can be neither live nor free: never claimed. */
    private boolean isFree(final int slot) {
        return getInt(slot, STATUS) == 0 && getInt(slot, FREE_MARK) != 0;
    }

    /**
     * Whether a slot holds a row.
     *
     * @param slot any number.
     * @return true if it does.
     */
    public final boolean isLive(final int slot) {
        return slot >= 0 && slot < highWater && getInt(slot, STATUS) != 0;
    }

    /**
     * Number of the table in hashes and snapshots.
     *
     * @return the number.
     */
    public final int tableId() {
        return tableId;
    }

    /**
     * Slots used so far, free ones included.
     *
     * @return the number.
     */
    public final int highWater() {
        return highWater;
    }

    /**
     * Rows.
     *
     * @return the number.
     */
    public final int liveCount() {
        return liveCount;
    }

    /**
     * Free slots below the high-water mark.
     *
     * @return the number.
     */
    public final int freeCount() {
        return freeCount;
    }

    /**
     * Memory reserved for the rows.
     *
     * @return bytes.
     */
    public final long rowBytes() {
        return memory.length();
    }

    /**
     * Offset behind the last logical field.
     *
     * @return offset in bytes.
     */
    public final int logicalEnd() {
        return logicalEnd;
    }

    /**
     * The free slots, the next one to be handed out last.
     *
     * @return the slots; allocated, for snapshots.
     */
    public final int[] freeSlots() {
        final int[] slots = new int[freeCount];
        int next = freeHead;
        for (int i = freeCount - 1; i >= 0; i--) {
            slots[i] = next - 1;
            next = getInt(next - 1, FREE_NEXT);
        }
        return slots;
    }

    /**
     * Copies the logical fields of a row.
     *
     * @param slot of the row.
     * @param target to copy to.
     * @param offset in the target.
     * @return bytes copied.
     */
    public final int copyLogical(final int slot, final MutableDirectBuffer target, final int offset) {
        final long row = row(slot);
        for (int field = FIRST_FIELD; field < logicalEnd; field += Long.BYTES) {
            target.putLong(offset + field - FIRST_FIELD, UnsafeApi.getLong(row + field));
        }
        return logicalEnd - FIRST_FIELD;
    }

    /** Empties a table of one row, before a snapshot is restored into it. */
    public final void reset() {
        if (highWater > 1) {
            throw new IllegalStateException("table " + tableId + " has a history");
        }
        clear(0);
        highWater = 0;
        liveCount = 0;
        hash = 0;
    }

    /**
     * Sets the high-water mark of an empty table before its rows are restored.
     *
     * @param slots used so far.
     */
    public final void restoreHighWater(final int slots) {
        highWater = slots;
        memory.ensure((long) slots << rowShift);
    }

    /**
     * Restores a free slot; they come in the order of {@link #freeSlots()}.
     *
     * @param slot to restore.
     * @param generation it has.
     */
    public final void restoreFree(final int slot, final int generation) {
        putInt(slot, GENERATION, generation);
        pushFree(slot);
    }

    /**
     * Restores a row and seals it.
     *
     * @param slot of the row.
     * @param generation it has.
     * @param status it has.
     * @param source of the logical fields.
     * @param offset of the logical fields.
     */
    public final void restoreRow(
            final int slot, final int generation, final int status, final DirectBuffer source, final int offset) {
        final long row = row(slot);
        for (int field = FIRST_FIELD; field < logicalEnd; field += Long.BYTES) {
            UnsafeApi.putLong(row + field, source.getLong(offset + field - FIRST_FIELD));
        }
        putInt(slot, GENERATION, generation);
        putInt(slot, STATUS, status);
        liveCount++;
        seal(slot);
    }

    /**
     * How often the slot was freed.
     *
     * @param slot of a row.
     * @return its generation.
     */
    public final int generation(final int slot) {
        return getInt(slot, GENERATION);
    }

    /**
     * The row's status: 0 if free, else what the table makes of it.
     *
     * @param slot of a row.
     * @return its status.
     */
    public final int status(final int slot) {
        return getInt(slot, STATUS);
    }

    /**
     * Sets the row's status.
     *
     * @param slot of a row.
     * @param status not 0.
     */
    public final void status(final int slot, final int status) {
        putInt(slot, STATUS, status);
    }

    /**
     * Reads a long field.
     *
     * @param slot of the row.
     * @param field its offset.
     * @return the value.
     */
    public final long getLong(final int slot, final int field) {
        return UnsafeApi.getLong(row(slot) + field);
    }

    /**
     * Writes a long field.
     *
     * @param slot of the row.
     * @param field its offset.
     * @param value to write.
     */
    public final void putLong(final int slot, final int field, final long value) {
        UnsafeApi.putLong(row(slot) + field, value);
    }

    /**
     * Reads an int field.
     *
     * @param slot of the row.
     * @param field its offset.
     * @return the value.
     */
    public final int getInt(final int slot, final int field) {
        return UnsafeApi.getInt(row(slot) + field);
    }

    /**
     * Writes an int field.
     *
     * @param slot of the row.
     * @param field its offset.
     * @param value to write.
     */
    public final void putInt(final int slot, final int field, final int value) {
        UnsafeApi.putInt(row(slot) + field, value);
    }

    /**
     * Writes two int fields that stand side by side. Who seals the row next reads both as one word, which is there sooner if it was
     * written as one.
     *
     * @param slot of the row.
     * @param field offset of the first, a multiple of 8.
     * @param first value to write.
     * @param second value to write behind it.
     */
    public final void putInts(final int slot, final int field, final int first, final int second) {
        UnsafeApi.putLong(row(slot) + field, word(first, second));
    }
}
