package io.millrace.kernel;

import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;
import java.util.function.Predicate;

/** What a session may do with a queue. */
enum ModelAccess {
    SEND(Command.AccessEntry::send),
    RECEIVE(Command.AccessEntry::receive),
    MANAGE(Command.AccessEntry::manage);

    private final Predicate<Command.AccessEntry> permission;

    ModelAccess(final Predicate<Command.AccessEntry> permission) {
        this.permission = permission;
    }

    /** An empty list allows everything; else an entry of the principal must. */
    boolean allows(final Session session, final Queue queue) {
        return queue.access.isEmpty()
                || queue.access.stream()
                        .anyMatch(entry -> entry.principal().equals(session.principal) && permission.test(entry));
    }
}
