package io.millrace.kernel;

import static io.millrace.codecs.QueueScope.MESSAGE_GROUP;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import io.millrace.kernel.ModelState.Queue;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Defaults, ranges and relations of the settings of a queue, in the order of their numbers. */
final class ModelSettings {

    private static final long SECOND = 1_000_000_000L;

    private final ModelState state;

    ModelSettings(final ModelState state) {
        this.state = state;
    }

    Settings defaults() {
        return new Settings(
                30 * SECOND,
                0L,
                0L,
                Math.min(4 * 24 * 3_600 * SECOND, state.limit(LimitId.RETENTION)),
                0L,
                0L,
                state.limit(LimitId.BACKOFF),
                0L,
                0L,
                0L,
                0L,
                state.limit(LimitId.MESSAGE_BYTES),
                0L,
                QueueType.STANDARD,
                Switch.OFF,
                QueueScope.QUEUE,
                QueueScope.QUEUE,
                RedrivePermission.ALLOW_ALL,
                Backoff.NONE,
                1,
                List.of());
    }

    /**
     * The first thing that is wrong, null if nothing is.
     *
     * @param self the queue whose settings these are to be; null if it is to be made.
     * @param given what the command names.
     * @param all the settings as they would be.
     */
    Event wrong(final Command command, final Queue self, final Settings given, final Settings all) {
        final boolean typeChanges = self != null
                && !(command instanceof Command.CreateQueue)
                && all.queueType() != self.settings.queueType();
        return Stream.<Supplier<Event>>of(
                        () -> typeChanges ? ModelAnswers.invalidSetting(command, SettingName.TYPE) : null,
                        () -> range(command, LimitId.VISIBILITY, all.visibilityTimeoutNs()),
                        () -> range(command, LimitId.DELAY, all.delayNs()),
                        () -> range(command, LimitId.WAIT, all.receiveWaitNs()),
                        () -> wrongRetention(command, all.retentionNs()),
                        () -> range(command, LimitId.MESSAGE_BYTES, all.maxMessageBytes()),
                        () -> wrongScopes(command, all),
                        () -> wrongDeadLetterQueue(command, self, given, all),
                        () -> wrongReceiveCount(command, all),
                        () -> wrongPermission(command, all),
                        () -> range(command, LimitId.BACKOFF, all.backoffDelayNs()),
                        () -> range(command, LimitId.BACKOFF, all.backoffMaxNs()),
                        () -> wrongPriorities(command, all),
                        () -> wrongMarks(command, SettingName.DEPTH_ALARM, all.highDepth(), all.lowDepth()),
                        () -> wrongMarks(command, SettingName.AGE_ALARM, all.highAgeNs(), all.lowAgeNs()))
                .map(Supplier::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private Event wrongRetention(final Command command, final long retentionNs) {
        final long least = state.limit(LimitId.RETENTION_LEAST);
        return retentionNs < least
                ? ModelAnswers.limited(command, LimitId.RETENTION_LEAST, least, retentionNs, -1)
                : range(command, LimitId.RETENTION, retentionNs);
    }

    /** D5: deduplication by group does not need throughput by group; the reverse does. */
    private static Event wrongScopes(final Command command, final Settings all) {
        final boolean fifo = all.queueType() == QueueType.FIFO;
        if (!fifo && all.contentDeduplication() == Switch.ON) {
            return ModelAnswers.invalidSetting(command, SettingName.CONTENT_DEDUPLICATION);
        }
        if (!fifo && all.deduplicationScope() == MESSAGE_GROUP) {
            return ModelAnswers.invalidSetting(command, SettingName.DEDUPLICATION_SCOPE);
        }
        return all.throughputScope() == MESSAGE_GROUP && all.deduplicationScope() != MESSAGE_GROUP
                ? ModelAnswers.invalidSetting(command, SettingName.THROUGHPUT_SCOPE)
                : null;
    }

    /** Q4: the same type, and allowed; looked at when the command names the dead-letter queue. */
    private Event wrongDeadLetterQueue(
            final Command command, final Queue self, final Settings given, final Settings all) {
        if (all.deadLetterQueueId() == 0) {
            return all.maxReceiveCount() == 0
                    ? null
                    : ModelAnswers.invalidSetting(command, SettingName.DEAD_LETTER_QUEUE);
        }
        if (given.deadLetterQueueId() == null) {
            return null;
        }
        final Queue target = state.ownQueue(all.deadLetterQueueId());
        if (target == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_QUEUE, -1);
        }
        if (target == self || target.settings.queueType() != all.queueType()) {
            return ModelAnswers.invalidSetting(command, SettingName.DEAD_LETTER_QUEUE);
        }
        final boolean allowed = switch (target.settings.redrivePermission()) {
            case ALLOW_ALL -> true;
            case BY_QUEUE -> self != null && target.settings.redriveSources().contains(self.id);
            default -> false;
        };
        return allowed ? null : ModelAnswers.refused(command, ResultCode.REDRIVE_NOT_ALLOWED, -1);
    }

    private Event wrongReceiveCount(final Command command, final Settings all) {
        return all.deadLetterQueueId() != 0 && all.maxReceiveCount() == 0
                ? ModelAnswers.invalidSetting(command, SettingName.MAX_RECEIVE_COUNT)
                : range(command, LimitId.RECEIVE_COUNT, all.maxReceiveCount());
    }

    private Event wrongPermission(final Command command, final Settings all) {
        if (all.redrivePermission() != RedrivePermission.BY_QUEUE
                && !all.redriveSources().isEmpty()) {
            return ModelAnswers.invalidSetting(command, SettingName.REDRIVE_PERMISSION);
        }
        return range(command, LimitId.REDRIVE_SOURCES, all.redriveSources().size());
    }

    private Event wrongPriorities(final Command command, final Settings all) {
        final Event wrong = range(command, LimitId.PRIORITIES, all.priorities());
        final boolean fits = all.priorities() == 1 || all.priorities() > 0 && all.queueType() == QueueType.STANDARD;
        return wrong == null && !fits ? ModelAnswers.invalidSetting(command, SettingName.PRIORITIES) : wrong;
    }

    private static Event wrongMarks(final Command command, final SettingName setting, final long high, final long low) {
        if (high < 0 || low < 0) {
            return ModelAnswers.invalid(command, high < 0 ? high : low, -1);
        }
        return low > high ? ModelAnswers.invalidSetting(command, setting) : null;
    }

    private Event range(final Command command, final LimitId limitId, final long value) {
        return ModelAnswers.outOfRange(command, limitId, state.limit(limitId), value, -1);
    }

    /** Number of the first setting in which they differ, 0 if they are equal. */
    static int firstDifference(final Settings a, final Settings b) {
        final List<List<Object>> ofA = inOrder(a);
        final List<List<Object>> ofB = inOrder(b);
        for (int i = 0; i < ofA.size(); i++) {
            if (!ofA.get(i).equals(ofB.get(i))) {
                return i + 1;
            }
        }
        return 0;
    }

    private static List<List<Object>> inOrder(final Settings s) {
        return List.of(
                List.of(s.queueType()),
                List.of(s.visibilityTimeoutNs()),
                List.of(s.delayNs()),
                List.of(s.receiveWaitNs()),
                List.of(s.retentionNs()),
                List.of(s.maxMessageBytes()),
                List.of(s.contentDeduplication()),
                List.of(s.deduplicationScope()),
                List.of(s.throughputScope()),
                List.of(s.deadLetterQueueId()),
                List.of(s.maxReceiveCount()),
                List.of(s.redrivePermission(), s.redriveSources()),
                List.of(s.backoff(), s.backoffDelayNs(), s.backoffMaxNs()),
                List.of(s.priorities()),
                List.of(s.highDepth(), s.lowDepth()),
                List.of(s.highAgeNs(), s.lowAgeNs()));
    }

    /** How long a message waits that failed so often. */
    static long backoffNs(final Settings settings, final long failedCount) {
        final BigInteger delay = BigInteger.valueOf(settings.backoffDelayNs());
        final BigInteger most = BigInteger.valueOf(settings.backoffMaxNs());
        return switch (settings.backoff()) {
            case FIXED -> settings.backoffDelayNs();
            case LINEAR ->
                delay.multiply(BigInteger.valueOf(failedCount)).min(most).longValueExact();
            case EXPONENTIAL -> delay.shiftLeft((int) failedCount - 1).min(most).longValueExact();
            default -> 0;
        };
    }
}
