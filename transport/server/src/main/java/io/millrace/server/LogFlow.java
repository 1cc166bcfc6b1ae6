package io.millrace.server;

import io.millrace.codecs.ShardPosition;

/** What the reader agent is to read for somebody: a log, the place to begin at, and whether anybody waits for it still. */
abstract class LogFlow {

    long streamId;
    long shardId;
    ShardPosition kind;
    long position;
    long horizonTimeNs;
    private volatile boolean isCancelled;

    /** Takes back that it was cancelled; only while the agent does not know it. */
    final void renew() {
        isCancelled = false;
    }

    final void cancel() {
        isCancelled = true;
    }

    /** {@return true once nobody waits for records any more} */
    final boolean isCancelled() {
        return isCancelled;
    }
}
