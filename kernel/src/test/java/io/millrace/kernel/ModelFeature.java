package io.millrace.kernel;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Parts of the kernel that the model test can be run with or without. */
enum ModelFeature {
    /** All settings, SetQueueSettings, and descriptions in full. */
    SETTINGS,
    /** FIFO queues, message groups on them, their delay, SendResults. */
    FIFO,
    /** Group ids on standard queues. */
    FAIR_TURNS,
    PRIORITIES,
    /** Deduplication ids given by the sender and made from the content. */
    DEDUPLICATION,
    ATTEMPTS,
    /** Retry, release, reject. */
    SETTLE,
    BACKOFF,
    DEAD_LETTERS,
    REDRIVE,
    RETENTION,
    TIME_TO_LIVE,
    SCHEDULED,
    /** Entries that stand for themselves, and limits on the bytes of a command. */
    EACH_ENTRY,
    TEXT,
    ATTRIBUTE_NAMES,
    IN_FLIGHT_LIMITS,
    PURGE,
    NAME_REST,
    TAGS,
    ACCESS,
    ALARMS,
    BROWSE;

    /** What the kernel has; the property {@code millrace.features} overrides it: names, or {@code all}. */
    private static final Set<ModelFeature> BUILT = Set.of(
            SETTINGS,
            PRIORITIES,
            TEXT,
            ATTRIBUTE_NAMES,
            SCHEDULED,
            IN_FLIGHT_LIMITS,
            RETENTION,
            TIME_TO_LIVE,
            PURGE,
            NAME_REST,
            SETTLE,
            BACKOFF,
            TAGS,
            ACCESS,
            ALARMS,
            BROWSE,
            FAIR_TURNS,
            FIFO,
            DEDUPLICATION,
            DEAD_LETTERS,
            REDRIVE);

    static Set<ModelFeature> present() {
        final String asked = System.getProperty("millrace.features");
        if (asked == null) {
            return Set.copyOf(BUILT);
        } else if (asked.equals("all")) {
            return all();
        }
        return Arrays.stream(asked.split(","))
                .filter(name -> !name.isBlank())
                .map(name -> valueOf(name.trim()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ModelFeature.class)));
    }

    static Set<ModelFeature> all() {
        return EnumSet.allOf(ModelFeature.class);
    }
}
