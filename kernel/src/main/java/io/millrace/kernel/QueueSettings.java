package io.millrace.kernel;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueSettingsDecoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Tables.Queue;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The settings that a command names, completed with defaults or with those that a queue has: compared with a queue's, and stored in
 * its row. Whether they are right is for {@link QueueSettingsJudge} to say.
 */
final class QueueSettings {
    private static final long DEFAULT_VISIBILITY_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long DEFAULT_RETENTION_NS = TimeUnit.DAYS.toNanos(4);
    private static final int NULL_BYTE = 255;

    /** One value of the composite: number of the QueueSetting that it belongs to, and its place in a queue's row. */
    enum Value {
        TYPE(1, Queue.TYPE, false),
        VISIBILITY(2, Queue.VISIBILITY, true),
        DELAY(3, Queue.DELAY, true),
        RECEIVE_WAIT(4, Queue.RECEIVE_WAIT, true),
        RETENTION(5, Queue.RETENTION, true),
        MAX_MESSAGE_BYTES(6, Queue.MAX_MESSAGE_BYTES, false),
        CONTENT_DEDUPLICATION(7, Queue.CONTENT_DEDUPLICATION, false),
        DEDUPLICATION_SCOPE(8, Queue.DEDUPLICATION_SCOPE, false),
        THROUGHPUT_SCOPE(9, Queue.THROUGHPUT_SCOPE, false),
        DEAD_LETTER_QUEUE(10, Queue.DEAD_LETTER_QUEUE_ID, true),
        MAX_RECEIVE_COUNT(11, Queue.MAX_RECEIVE_COUNT, false),
        REDRIVE_PERMISSION(12, Queue.REDRIVE_PERMISSION, false),
        BACKOFF(13, Queue.BACKOFF, false),
        BACKOFF_DELAY(13, Queue.BACKOFF_DELAY, true),
        BACKOFF_MAX(13, Queue.BACKOFF_MAX, true),
        PRIORITIES(14, Queue.PRIORITIES, false),
        HIGH_DEPTH(15, Queue.HIGH_DEPTH, true),
        LOW_DEPTH(15, Queue.LOW_DEPTH, true),
        HIGH_AGE(16, Queue.HIGH_AGE, true),
        LOW_AGE(16, Queue.LOW_AGE, true);

        final int setting;
        private final int field;
        private final boolean isLong;

        Value(final int setting, final int field, final boolean isLong) {
            this.setting = setting;
            this.field = field;
            this.isLong = isLong;
        }
    }

    private static final Value[] VALUES = Value.values();

    private final State state;
    private final long[] values = new long[VALUES.length];
    private final boolean[] isGiven = new boolean[VALUES.length];
    private final UnsafeBuffer sources = new UnsafeBuffer(0, 0);
    private boolean isCreation;
    private boolean areSourcesGiven;

    QueueSettings(final State state) {
        this.state = state;
    }

    /** Reads what a CreateQueue names; the rest is the default. */
    void readNew(final QueueSettingsDecoder settings, final DirectBuffer buffer, final int offset, final int count) {
        read(settings);
        isCreation = true;
        areSourcesGiven = true;
        sources.wrap(buffer, offset, count * Long.BYTES);
        for (final Value value : VALUES) {
            if (!isGiven[value.ordinal()]) {
                values[value.ordinal()] = defaultOf(value);
            }
        }
    }

    /** Takes the defaults of a queue by which sessions consume a subscription. */
    void readDefaults(final int type, final long deadLetterQueueId) {
        isCreation = true;
        areSourcesGiven = true;
        sources.wrap(0, 0);
        for (final Value value : VALUES) {
            values[value.ordinal()] = defaultOf(value);
        }
        values[Value.TYPE.ordinal()] = type;
        values[Value.DEAD_LETTER_QUEUE.ordinal()] = deadLetterQueueId;
    }

    /** Reads what a SetQueueSettings names; the rest is as the queue has it. */
    void readChange(
            final QueueSettingsDecoder settings,
            final DirectBuffer buffer,
            final int offset,
            final int count,
            final int queue) {
        read(settings);
        isCreation = false;
        areSourcesGiven = count > 0 || isGiven[Value.REDRIVE_PERMISSION.ordinal()];
        final int present = state.queues.getInt(queue, Queue.REDRIVE_SOURCES_PAYLOAD_LINK) - 1;
        if (areSourcesGiven || present < 0) {
            sources.wrap(buffer, offset, count * Long.BYTES);
        } else {
            sources.wrap(
                    state.payloads.buffer(present), state.payloads.offset(present), state.payloads.length(present));
        }
        for (final Value value : VALUES) {
            if (!isGiven[value.ordinal()]) {
                values[value.ordinal()] = of(queue, value);
            }
        }
    }

    private void read(final QueueSettingsDecoder settings) {
        read(Value.TYPE, settings.queueTypeRaw(), NULL_BYTE);
        readLong(Value.VISIBILITY, settings.visibilityTimeoutNs());
        readLong(Value.DELAY, settings.delayNs());
        readLong(Value.RECEIVE_WAIT, settings.receiveWaitNs());
        readLong(Value.RETENTION, settings.retentionNs());
        read(Value.MAX_MESSAGE_BYTES, settings.maxMessageBytes(), QueueSettingsDecoder.maxMessageBytesNullValue());
        read(Value.CONTENT_DEDUPLICATION, settings.contentDeduplicationRaw(), NULL_BYTE);
        read(Value.DEDUPLICATION_SCOPE, settings.deduplicationScopeRaw(), NULL_BYTE);
        read(Value.THROUGHPUT_SCOPE, settings.throughputScopeRaw(), NULL_BYTE);
        readLong(Value.DEAD_LETTER_QUEUE, settings.deadLetterQueueId());
        read(Value.MAX_RECEIVE_COUNT, settings.maxReceiveCount(), QueueSettingsDecoder.maxReceiveCountNullValue());
        read(Value.REDRIVE_PERMISSION, settings.redrivePermissionRaw(), NULL_BYTE);
        read(Value.BACKOFF, settings.backoffRaw(), NULL_BYTE);
        readLong(Value.BACKOFF_DELAY, settings.backoffDelayNs());
        readLong(Value.BACKOFF_MAX, settings.backoffMaxNs());
        read(Value.PRIORITIES, settings.priorities(), NULL_BYTE);
        readLong(Value.HIGH_DEPTH, settings.highDepth());
        readLong(Value.LOW_DEPTH, settings.lowDepth());
        readLong(Value.HIGH_AGE, settings.highAgeNs());
        readLong(Value.LOW_AGE, settings.lowAgeNs());
    }

    private void readLong(final Value value, final long given) {
        read(value, given, QueueSettingsDecoder.visibilityTimeoutNsNullValue());
    }

    private void read(final Value value, final long given, final long nullValue) {
        isGiven[value.ordinal()] = given != nullValue;
        values[value.ordinal()] = given;
    }

    private long defaultOf(final Value value) {
        return switch (value) {
            case TYPE -> QueueType.STANDARD.value();
            case VISIBILITY -> DEFAULT_VISIBILITY_NS;
            case RETENTION -> Math.min(DEFAULT_RETENTION_NS, state.limit(LimitId.RETENTION));
            case MAX_MESSAGE_BYTES -> state.limit(LimitId.MESSAGE_BYTES);
            case CONTENT_DEDUPLICATION -> Switch.OFF.value();
            case DEDUPLICATION_SCOPE, THROUGHPUT_SCOPE -> QueueScope.QUEUE.value();
            case REDRIVE_PERMISSION -> RedrivePermission.ALLOW_ALL.value();
            case BACKOFF -> Backoff.NONE.value();
            case BACKOFF_MAX -> state.limit(LimitId.BACKOFF);
            case PRIORITIES -> 1;
            default -> 0;
        };
    }

    /** A value as it would be. */
    long get(final Value value) {
        return values[value.ordinal()];
    }

    /** Whether a value is to be judged: what stays as it is stays right, even if a limit was lowered since. */
    boolean isNew(final Value value) {
        return isCreation || isGiven[value.ordinal()];
    }

    /** Whether these are the settings of a queue that is to be made; its name may exist already. */
    boolean isCreation() {
        return isCreation;
    }

    /** Queues that may have this one as their dead-letter queue. */
    int sourceCount() {
        return sources.capacity() / Long.BYTES;
    }

    /** Number of the first setting in which a queue differs, 0 if there is none. */
    int firstDifference(final int queue) {
        for (final Value value : VALUES) {
            final boolean isSame = of(queue, value) == values[value.ordinal()];
            if (!isSame || value == Value.REDRIVE_PERMISSION && !hasSources(queue)) {
                return value.setting;
            }
        }
        return 0;
    }

    private boolean hasSources(final int queue) {
        final int present = state.queues.getInt(queue, Queue.REDRIVE_SOURCES_PAYLOAD_LINK) - 1;
        return present < 0 ? sources.capacity() == 0 : state.payloads.matches(present, sources, 0, sources.capacity());
    }

    /** Writes the settings into a queue's row, which is left to be sealed. */
    void store(final int queue) {
        for (final Value value : VALUES) {
            if (value.isLong) {
                state.queues.putLong(queue, value.field, values[value.ordinal()]);
            } else {
                state.queues.putInt(queue, value.field, (int) values[value.ordinal()]);
            }
        }
        if (areSourcesGiven) {
            final int before = state.queues.getInt(queue, Queue.REDRIVE_SOURCES_PAYLOAD_LINK) - 1;
            final int length = sources.capacity();
            state.queues.putInt(
                    queue,
                    Queue.REDRIVE_SOURCES_PAYLOAD_LINK,
                    length == 0 ? 0 : state.payloads.store(sources, 0, length) + 1);
            if (before >= 0) {
                state.payloads.release(before);
            }
        }
        // The command's buffer is the host's again.
        sources.wrap(0, 0);
    }

    private long of(final int queue, final Value value) {
        return value.isLong
                ? state.queues.getLong(queue, value.field)
                : Integer.toUnsignedLong(state.queues.getInt(queue, value.field));
    }
}
