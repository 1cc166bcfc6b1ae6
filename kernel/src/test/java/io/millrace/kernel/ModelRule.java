package io.millrace.kernel;

/** Rules that a model can be told to break, to show that the random histories meet them and that a difference is seen. */
enum ModelRule {
    /** F1: a group stops at its first message in flight. Broken: it does not. */
    GROUP_LOCKING,
    /** D3: the window counts from the first accepted send. Broken: each duplicate extends it. */
    DEDUPLICATION_WINDOW,
    /** Q1: the move happens when the failed deliveries reach the count. Broken: one delivery later. */
    DEAD_LETTER_MOVE,
    /** V9: retention removes a message in flight. Broken: it is held until its delivery ends. */
    RETENTION_IN_FLIGHT,
    /** Q8: a redriven message is a new one. Broken: it keeps its id, its time and its counts. */
    REDRIVE_MAKES_NEW,
    /** A2: the same attempt again restarts the visibility timeouts. Broken: they go on. */
    ATTEMPT_RESTARTS_VISIBILITY
}
