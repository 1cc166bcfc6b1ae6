package io.millrace.kernel;

/** Names of the queue settings, as the schema numbers them: from 1, in this order. */
enum SettingName {
    TYPE,
    VISIBILITY_TIMEOUT,
    DELAY,
    RECEIVE_WAIT,
    RETENTION,
    MAX_MESSAGE_BYTES,
    CONTENT_DEDUPLICATION,
    DEDUPLICATION_SCOPE,
    THROUGHPUT_SCOPE,
    DEAD_LETTER_QUEUE,
    MAX_RECEIVE_COUNT,
    REDRIVE_PERMISSION,
    BACKOFF,
    PRIORITIES,
    DEPTH_ALARM,
    AGE_ALARM;

    int number() {
        return ordinal() + 1;
    }

    static SettingName of(final long number) {
        return values()[(int) number - 1];
    }
}
