package io.millrace.kernel;

import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;
import java.util.List;
import java.util.function.Predicate;

/** What a session may do with a queue or a topic. */
enum ModelAccess {
    SEND(Command.AccessEntry::send),
    RECEIVE(Command.AccessEntry::receive),
    MANAGE(Command.AccessEntry::manage);

    private final Predicate<Command.AccessEntry> permission;

    ModelAccess(final Predicate<Command.AccessEntry> permission) {
        this.permission = permission;
    }

    /** An empty list allows everything; else an entry of the principal must. What sessions consume has the list of its topic. */
    boolean allows(final Session session, final Queue queue) {
        return allows(session, queue.subscription == null ? queue.access : queue.subscription.topic.access);
    }

    /** The same of a list, whatever it protects. */
    boolean allows(final Session session, final List<Command.AccessEntry> access) {
        return access.isEmpty()
                || access.stream()
                        .anyMatch(entry -> entry.principal().equals(session.principal) && permission.test(entry));
    }
}
