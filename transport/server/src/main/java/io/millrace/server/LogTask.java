package io.millrace.server;

import io.millrace.store.reader.ReaderException;
import io.millrace.store.reader.SelectiveRecordHandler;
import io.millrace.store.reader.ShardReader;

/** What the reader agent does for a flow, a step at a time. */
abstract class LogTask implements SelectiveRecordHandler {

    final OpenShards shards;
    final ErrorReporter errors;
    ShardReader reader;

    /** When the record arrived that was to be taken next and was not; 0: there is none. */
    long nextTimeNs;

    LogTask(final OpenShards shards, final ErrorReporter errors) {
        this.shards = shards;
        this.errors = errors;
    }

    /** {@return whether the flow was handed back: nothing of it may be looked at any more} */
    abstract boolean hasEnded();

    /**
     * Does the next step: a frame, a page, or the end.
     *
     * @return 0 if there is nothing to do now.
     */
    abstract int work();

    /** Gives back what is held, without a word to anybody. */
    abstract void close();

    /** Reads on until it is declined; true if there was nothing to stop at but the end of what is there. */
    final boolean poll(final long horizonTimeNs) {
        nextTimeNs = 0;
        while (true) {
            try {
                reader.pollWhile(this, Integer.MAX_VALUE);
                return nextTimeNs == 0;
            } catch (final ReaderException e) {
                if (e.kind() != ReaderException.Kind.TRIMMED) {
                    throw e;
                }
                // It has left the reach of everybody since it was granted.
                reader.seekAtTime(Math.max(e.horizonTimeNs(), horizonTimeNs));
            }
        }
    }

    /** Whether the files of the shard are gone; any other fault is reported. */
    final boolean isGone(final ReaderException e) {
        final boolean isGone = e.kind() == ReaderException.Kind.NOT_FOUND || e.kind() == ReaderException.Kind.DELETED;
        if (!isGone) {
            errors.onError(e);
        }
        return isGone;
    }

    /** A reader that met a fault is not used again. */
    final void discardReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
