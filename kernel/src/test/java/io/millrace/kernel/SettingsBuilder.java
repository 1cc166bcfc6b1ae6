package io.millrace.kernel;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.Switch;
import java.util.List;

/** Settings of a queue, one by one; what is not set is left out. Durations are milliseconds. */
final class SettingsBuilder {

    private Long visibilityNs;
    private Long delayNs;
    private Long deadLetterQueueId;
    private Long maxReceiveCount;
    private Long backoffDelayNs;
    private Long backoffMaxNs;
    private Integer priorities;
    private QueueType type = QueueType.NULL_VAL;
    private Switch contentDeduplication = Switch.NULL_VAL;
    private QueueScope deduplicationScope = QueueScope.NULL_VAL;
    private QueueScope throughputScope = QueueScope.NULL_VAL;
    private Backoff backoff = Backoff.NULL_VAL;

    static SettingsBuilder standard() {
        return new SettingsBuilder();
    }

    /** Nothing but what is set: a change of settings. */
    static SettingsBuilder change() {
        return new SettingsBuilder();
    }

    /** FIFO, with content-based deduplication. */
    static SettingsBuilder fifo() {
        final SettingsBuilder builder = new SettingsBuilder();
        builder.type = QueueType.FIFO;
        builder.contentDeduplication = Switch.ON;
        return builder;
    }

    SettingsBuilder contentDeduplication(final Switch isOn) {
        contentDeduplication = isOn;
        return this;
    }

    SettingsBuilder deduplicationScope(final QueueScope scope) {
        deduplicationScope = scope;
        return this;
    }

    SettingsBuilder throughputScope(final QueueScope scope) {
        throughputScope = scope;
        return this;
    }

    SettingsBuilder visibility(final long millis) {
        visibilityNs = millis * Scenario.MS;
        return this;
    }

    SettingsBuilder delay(final long millis) {
        delayNs = millis * Scenario.MS;
        return this;
    }

    SettingsBuilder deadLetters(final long queueId, final long receives) {
        deadLetterQueueId = queueId;
        maxReceiveCount = receives;
        return this;
    }

    SettingsBuilder backoff(final Backoff kind, final long delayMillis, final long maxMillis) {
        backoff = kind;
        backoffDelayNs = delayMillis * Scenario.MS;
        backoffMaxNs = maxMillis * Scenario.MS;
        return this;
    }

    SettingsBuilder priorities(final int count) {
        priorities = count;
        return this;
    }

    Settings build() {
        return new Settings(
                visibilityNs,
                delayNs,
                null,
                null,
                deadLetterQueueId,
                backoffDelayNs,
                backoffMaxNs,
                null,
                null,
                null,
                null,
                null,
                maxReceiveCount,
                type,
                contentDeduplication,
                deduplicationScope,
                throughputScope,
                Settings.NONE.redrivePermission(),
                backoff,
                priorities,
                List.of());
    }
}
