package io.millrace.kernel;

/** What a session may read of a shard, as the kernel judged its GetRecords: nothing behind the last record belongs to the answer. */
public final class ReadGrant extends ShardGrant {
    int maxRecords;
    int maxBytes;

    ReadGrant() {}

    /**
     * How many records at most.
     *
     * @return the number, at least 1.
     */
    public int maxRecords() {
        return maxRecords;
    }

    /**
     * How much of partition keys and data at most; a first record beyond it comes alone.
     *
     * @return bytes, at least 1.
     */
    public int maxBytes() {
        return maxBytes;
    }
}
