package io.millrace.kernel.memory;

/**
 * Finds rows by a 64-bit hash: linear hashing (Litwin, VLDB 1980) with the chains linked through the rows.
 *
 * <p>The index grows by splitting one bucket per insertion, so no insertion pays for a rehash of everything.
 */
public final class HashIndex {
    private static final int LINK_LENGTH = 4;

    /** Gives the hash under which a row was added. */
    @FunctionalInterface
    public interface RowHash {
        /**
         * The hash of a row.
         *
         * @param slot of the row.
         * @return its hash.
         */
        long hash(int slot);
    }

    private final ChunkedMemory buckets = new ChunkedMemory();
    private final SlotTable rows;
    private final int next;
    private final RowHash rowHash;
    private long level = 16;
    private long split;
    private long count;

    /**
     * An empty index.
     *
     * @param rows table whose rows are found.
     * @param next offset of the chain link in a row.
     * @param rowHash that gives the hash of a row.
     */
    public HashIndex(final SlotTable rows, final int next, final RowHash rowHash) {
        this.rows = rows;
        this.next = next;
        this.rowHash = rowHash;
        buckets.ensure(level * LINK_LENGTH);
    }

    /**
     * The first row that may have a hash; the caller compares what it looks for.
     *
     * @param hash looked for.
     * @return its slot, -1 if there is none.
     */
    public int first(final long hash) {
        return buckets.getInt(bucket(hash) * LINK_LENGTH) - 1;
    }

    /**
     * The next row of the same bucket.
     *
     * @param slot of a row from {@link #first} or {@link #next}.
     * @return its slot, -1 if there is none.
     */
    public int next(final int slot) {
        return rows.getInt(slot, next) - 1;
    }

    /**
     * Adds a row.
     *
     * @param slot of the row.
     */
    public void add(final int slot) {
        if (++count > level + split) {
            splitOne();
        }
        link(bucket(rowHash.hash(slot)), slot);
    }

    /**
     * Takes a row out.
     *
     * @param slot of the row.
     */
    public void remove(final int slot) {
        final long address = bucket(rowHash.hash(slot)) * LINK_LENGTH;
        int link = buckets.getInt(address);
        if (link == slot + 1) {
            buckets.putInt(address, rows.getInt(slot, next));
        } else {
            while (rows.getInt(link - 1, next) != slot + 1) {
                link = rows.getInt(link - 1, next);
            }
            rows.putInt(link - 1, next, rows.getInt(slot, next));
        }
        rows.putInt(slot, next, 0);
        count--;
    }

    /**
     * Memory reserved for the buckets.
     *
     * @return bytes.
     */
    public long reservedBytes() {
        return buckets.length();
    }

    private void splitOne() {
        buckets.ensure((level + split + 1) * LINK_LENGTH);
        final long from = split++;
        if (split == level) {
            level <<= 1;
            split = 0;
        }
        int link = buckets.getInt(from * LINK_LENGTH);
        buckets.putInt(from * LINK_LENGTH, 0);
        while (link != 0) {
            final int slot = link - 1;
            link = rows.getInt(slot, next);
            link(bucket(rowHash.hash(slot)), slot);
        }
    }

    private void link(final long bucket, final int slot) {
        rows.putInt(slot, next, buckets.getInt(bucket * LINK_LENGTH));
        buckets.putInt(bucket * LINK_LENGTH, slot + 1);
    }

    private long bucket(final long hash) {
        final long bucket = hash & (level - 1);
        return bucket < split ? hash & ((level << 1) - 1) : bucket;
    }
}
