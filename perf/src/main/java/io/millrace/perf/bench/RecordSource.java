package io.millrace.perf.bench;

/** A way to read a shard, from its end on, by the thread that polls. */
interface RecordSource extends AutoCloseable {
    /** Hands over what there is, at once. */
    void poll();

    @Override
    void close();
}
