package io.millrace.kernel;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.Switch;
import io.millrace.kernel.ModelState.Queue;
import java.util.ArrayList;
import java.util.List;

/** Draws settings of queues: most of them fit together. */
final class RandomSettings {

    private final RandomValues values;
    private final ModelState state;

    RandomSettings(final RandomValues values) {
        this.values = values;
        state = values.state;
    }

    /** Settings for a new queue, or those of the one that exists. */
    Settings ofNew(final String name) {
        final Queue existing = state.named(name);
        if (existing != null && values.beyondPlain(2)) {
            return existing.settings;
        }
        final boolean fifo = values.beyondPlain(2);
        final QueueType type = fifo ? QueueType.FIFO : values.oneOf(QueueType.STANDARD, QueueType.NULL_VAL);
        return drawn(fifo, type, 3, values.oneIn(4) ? null : values.time());
    }

    /** Settings for a change: few of them. */
    Settings ofChange(final long queueId) {
        final QueueType type = values.oneIn(30) ? values.oneOf(QueueType.STANDARD, QueueType.FIFO) : QueueType.NULL_VAL;
        return drawn(values.isFifo(queueId), type, 8, values.oneIn(6) ? values.time() : null);
    }

    private Settings drawn(final boolean fifo, final QueueType type, final int rarity, final Long visibilityNs) {
        final boolean deadLetters = values.beyondPlain(rarity - 1);
        final boolean backoff = values.beyondPlain(rarity);
        final boolean alarms = values.beyondPlain(rarity);
        final RedrivePermission permission = permission(rarity);
        return new Settings(
                visibilityNs,
                values.oneIn(rarity) ? delayNs(fifo) : null,
                values.oneIn(rarity) ? values.time() : null,
                values.beyondPlain(rarity) ? (Long) values.oddTime(7, 3, 30, 100, 400) : null,
                deadLetters && !values.oneIn(20) ? (Long) deadLetterQueueId(fifo) : null,
                backoff ? (Long) values.time() : null,
                backoff && values.oneIn(2) ? (Long) values.time() : null,
                alarms ? (Long) (long) (values.random.nextInt(8) - (values.oneIn(30) ? 9 : 0)) : null,
                alarms ? (Long) (long) values.random.nextInt(3) : null,
                alarms ? (Long) values.oddTime(17, 2, 10, 40) : null,
                alarms && values.oneIn(2) ? (Long) values.oddTime(19, 1, 5, 20) : null,
                values.oneIn(4 * rarity) ? Long.valueOf(values.random.nextInt(120)) : null,
                deadLetters && !values.oneIn(20) ? (Long) receiveCount() : null,
                type,
                contentDeduplication(fifo, rarity),
                scope(fifo, rarity),
                scope(fifo, rarity),
                permission,
                backoff
                        ? values.oneOf(Backoff.NONE, Backoff.FIXED, Backoff.LINEAR, Backoff.EXPONENTIAL)
                        : Backoff.NULL_VAL,
                priorities(fifo, rarity),
                sources(permission));
    }

    /** The ends of a FIFO queue's delays coincide with nothing else. */
    private long delayNs(final boolean fifo) {
        return fifo && !values.oneIn(3) ? values.oddTime(3, 1, 5, 20) : fifo ? 0 : values.time();
    }

    private long deadLetterQueueId(final boolean fifo) {
        return values.oneIn(12) ? 0 : values.queueId(queue -> queue.isFifo() == fifo);
    }

    private long receiveCount() {
        return values.oneIn(8)
                ? values.random.nextInt(2) * (state.limit(LimitId.RECEIVE_COUNT) + 1)
                : 1 + values.random.nextInt(3);
    }

    private Switch contentDeduplication(final boolean fifo, final int rarity) {
        if (!values.beyondPlain(fifo ? rarity : 40)) {
            return Switch.NULL_VAL;
        }
        return values.oneIn(4) ? Switch.OFF : Switch.ON;
    }

    private QueueScope scope(final boolean fifo, final int rarity) {
        if (!values.beyondPlain(fifo ? rarity : 40)) {
            return QueueScope.NULL_VAL;
        }
        return values.oneIn(3) ? QueueScope.QUEUE : QueueScope.MESSAGE_GROUP;
    }

    private Integer priorities(final boolean fifo, final int rarity) {
        if (!values.beyondPlain(fifo ? 40 : rarity)) {
            return null;
        }
        return values.oneIn(20) ? values.random.nextInt(2) * 9 : 1 + values.random.nextInt(4);
    }

    private RedrivePermission permission(final int rarity) {
        if (!values.beyondPlain(2 * rarity)) {
            return RedrivePermission.NULL_VAL;
        }
        return values.oneOf(
                RedrivePermission.ALLOW_ALL,
                RedrivePermission.ALLOW_ALL,
                RedrivePermission.DENY_ALL,
                RedrivePermission.BY_QUEUE,
                RedrivePermission.BY_QUEUE);
    }

    private List<Long> sources(final RedrivePermission permission) {
        final boolean wanted = permission == RedrivePermission.BY_QUEUE || values.beyondPlain(40);
        final List<Long> sources = new ArrayList<>();
        final long most = state.limit(LimitId.REDRIVE_SOURCES) + 1;
        for (long i = wanted ? values.random.nextInt((int) most + 1) : 0; i > 0; i--) {
            sources.add(values.queueId());
        }
        return sources;
    }
}
