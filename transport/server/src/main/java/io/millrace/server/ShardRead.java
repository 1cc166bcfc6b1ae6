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
        maxRecords = grant.maxRecords();
        maxBytes = grant.maxBytes();
        start(grant, firstBytes);
    }
}
