package io.millrace.server;

import io.millrace.kernel.ReadGrant;

/** A read that a session asked for: records up to the last that there was, and an end. */
final class ShardRead extends ShardFlow {

    int maxRecords;
    int maxBytes;

    ShardRead(final int index) {
        super(index);
    }

    void set(final ReadGrant grant, final long firstBytes) {
        sessionId = grant.sessionId();
        correlationId = grant.correlationId();
        streamId = grant.streamId();
        shardId = grant.shardId();
        kind = grant.kind();
        position = grant.position();
        lastSequenceNumber = grant.lastSequenceNumber();
        horizonTimeNs = grant.horizonTimeNs();
        timeNs = grant.timeNs();
        maxRecords = grant.maxRecords();
        maxBytes = grant.maxBytes();
        children(grant.children(), grant.childrenLength());
        start(grant.isClosed(), firstBytes);
    }
}
