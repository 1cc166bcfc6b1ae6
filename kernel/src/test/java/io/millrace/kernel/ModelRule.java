package io.millrace.kernel;

import static io.millrace.kernel.ModelFeature.ATTEMPTS;
import static io.millrace.kernel.ModelFeature.DEAD_LETTERS;
import static io.millrace.kernel.ModelFeature.DEDUPLICATION;
import static io.millrace.kernel.ModelFeature.FIFO;
import static io.millrace.kernel.ModelFeature.RETENTION;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Rules that a model can be told to break, to show that the random histories meet them and that a difference is seen. */
enum ModelRule {
    /** F1: a group stops at its first message in flight. Broken: it does not. */
    GROUP_LOCKING(FIFO),
    /** D3: the window counts from the first accepted send. Broken: each duplicate extends it. */
    DEDUPLICATION_WINDOW(FIFO, DEDUPLICATION),
    /** Q1: the move happens when the failed deliveries reach the count. Broken: one delivery later. */
    DEAD_LETTER_MOVE(DEAD_LETTERS),
    /** V9: retention removes a message in flight. Broken: it is held until its delivery ends. */
    RETENTION_IN_FLIGHT(RETENTION),
    /** Q8: a redriven message is a new one. Broken: it keeps its id, its time and its counts. */
    REDRIVE_MAKES_NEW(DEAD_LETTERS, ModelFeature.REDRIVE),
    /** A2: the same attempt again restarts the visibility timeouts. Broken: they go on. */
    ATTEMPT_RESTARTS_VISIBILITY(FIFO, ATTEMPTS);

    private final Set<ModelFeature> features;

    ModelRule(final ModelFeature... features) {
        this.features = EnumSet.copyOf(List.of(features));
    }

    boolean isMetWith(final Set<ModelFeature> present) {
        return present.containsAll(features);
    }
}
