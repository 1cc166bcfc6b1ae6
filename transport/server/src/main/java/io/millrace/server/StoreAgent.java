package io.millrace.server;

import org.agrona.concurrent.Agent;

/** The slow work of storage: touching pages ahead, forcing, looking at free disk, deleting segments, printing for the operator. */
final class StoreAgent implements Agent {

    private final Storage storage;
    private final ErrorReporter errors;

    StoreAgent(final Storage storage, final ErrorReporter errors) {
        this.storage = storage;
        this.errors = errors;
    }

    @Override
    public String roleName() {
        return "millrace-store";
    }

    @Override
    public int doWork() {
        return errors.print() + storage.doHousekeeping();
    }
}
