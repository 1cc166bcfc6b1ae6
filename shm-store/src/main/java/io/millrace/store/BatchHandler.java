package io.millrace.store;

/** Receives the batches of a replay in order of their positions. */
@FunctionalInterface
public interface BatchHandler {
    /**
     * One batch, verified.
     *
     * @param batch reader before its first record; valid during the call only.
     */
    void onBatch(BatchReader batch);
}
