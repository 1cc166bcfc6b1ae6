package io.millrace.kernel;

import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SetQueueSettingsDecoder;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** Creates, changes and deletes queues. */
final class Queues {
    private static final int GROUP_HEADER_LENGTH = CreateQueueDecoder.RedriveSourcesDecoder.HEADER_SIZE;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;

    private final State state;
    private final SlotTable queues;
    private final Deliveries deliveries;
    private final Reclaimer reclaimer;
    private final QueueSettings settings;
    private final QueueSettingsJudge judge;
    private final DeadLetterSources sources;
    private final DeletedNames names;
    private final Lifetimes lifetimes;
    private final Alarms alarms;
    private final Graves graves;
    private final QueueLifecycle lifecycle;

    Queues(
            final State state,
            final Deliveries deliveries,
            final Reclaimer reclaimer,
            final DeadLetterSources sources,
            final DeletedNames names,
            final Lifetimes lifetimes,
            final Alarms alarms,
            final Graves graves,
            final QueueLifecycle lifecycle) {
        this.state = state;
        this.queues = state.queues;
        this.deliveries = deliveries;
        this.reclaimer = reclaimer;
        this.sources = sources;
        this.names = names;
        this.lifetimes = lifetimes;
        this.alarms = alarms;
        this.graves = graves;
        this.lifecycle = lifecycle;
        this.settings = new QueueSettings(state);
        this.judge = new QueueSettingsJudge(state, settings);
    }

    void create(final Request request, final CreateQueueDecoder command) {
        final DirectBuffer buffer = command.buffer();
        final int sourcesOffset = command.limit() + GROUP_HEADER_LENGTH;
        final int sourceCount = skip(command.redriveSources());
        final int nameLength = command.nameLength();
        final int nameOffset = command.limit() + TEXT_LENGTH_SIZE;
        if (nameLength > state.limit(LimitId.NAME_BYTES)) {
            request.refuseLimit(LimitId.NAME_BYTES, state.limit(LimitId.NAME_BYTES), nameLength);
            return;
        }
        if (nameLength == 0 || !Text.isUtf8(buffer, nameOffset, nameLength)) {
            request.refuse(ResultCode.INVALID_NAME);
            return;
        }
        final int existing = state.queueByName(buffer, nameOffset, nameLength);
        settings.readNew(command.settings(), buffer, sourcesOffset, sourceCount);
        if (!judge.isRight(request, existing)) {
            return;
        }
        if (existing >= 0) {
            answerExisting(request, existing);
        } else if (isResting(request, buffer, nameOffset, nameLength)) {
            return;
        } else if (queues.liveCount() >= state.limit(LimitId.QUEUES)) {
            request.refuseLimit(LimitId.QUEUES, state.limit(LimitId.QUEUES), queues.liveCount() + 1L);
        } else {
            create(request, buffer, nameOffset, nameLength);
        }
    }

    private boolean isResting(final Request request, final DirectBuffer buffer, final int offset, final int length) {
        final long sinceNs = names.restingNs(buffer, offset, length);
        if (sinceNs >= 0) {
            request.refuse(
                    Request.WHOLE,
                    ResultCode.QUEUE_DELETED_RECENTLY,
                    LimitId.DELETED_NAME_REST,
                    state.limit(LimitId.DELETED_NAME_REST),
                    sinceNs);
        }
        return sinceNs >= 0;
    }

    private static int skip(final CreateQueueDecoder.RedriveSourcesDecoder group) {
        final int count = group.count();
        while (group.hasNext()) {
            group.next();
        }
        return count;
    }

    private void answerExisting(final Request request, final int queue) {
        final int different = settings.firstDifference(queue);
        if (different == 0) {
            request.confirm(queues.getLong(queue, Queue.ID), 1);
        } else {
            request.refuse(Request.WHOLE, ResultCode.QUEUE_EXISTS, LimitId.NONE, 0, different);
        }
    }

    private void create(final Request request, final DirectBuffer buffer, final int nameOffset, final int nameLength) {
        final int queue = lifecycle.open(settings, state.payloads.store(buffer, nameOffset, nameLength), 0);
        state.queuesByName.add(queue);
        request.confirm(queues.getLong(queue, Queue.ID), 1);
    }

    void set(final Request request, final SetQueueSettingsDecoder command) {
        final int queue = request.queue(command.queueId(), Access.MANAGE);
        if (queue < 0) {
            return;
        }
        final int sourcesOffset = command.limit() + GROUP_HEADER_LENGTH;
        final int sourceCount = command.redriveSources().count();
        settings.readChange(command.settings(), command.buffer(), sourcesOffset, sourceCount, queue);
        if (judge.isRight(request, queue)) {
            final long targetIdBefore = queues.getLong(queue, Queue.DEAD_LETTER_QUEUE_ID);
            settings.store(queue);
            sources.update(queue, targetIdBefore);
            alarms.onSettings(queue);
            queues.putLong(queue, Queue.CHANGED_TIME, state.nowNs);
            queues.seal(queue);
            deliveries.states().updateFifoDelay(queue);
            lifetimes.update(queue);
            request.confirm(0, 0);
            deliveries.dispatch(queue);
        }
    }

    /** The queue is empty at once; what it held is freed in slices. Those who wait at it go on waiting. */
    void purge(final Request request, final long queueId) {
        final int queue = request.queue(queueId, Access.MANAGE);
        if (queue < 0) {
            return;
        }
        final long intervalNs = state.limit(LimitId.PURGE_INTERVAL);
        final long purgedTimeNs = queues.getLong(queue, Queue.PURGED_TIME);
        final long sinceNs = state.nowNs - purgedTimeNs;
        if (purgedTimeNs != 0 && sinceNs < intervalNs) {
            request.refuse(Request.WHOLE, ResultCode.PURGE_IN_PROGRESS, LimitId.PURGE_INTERVAL, intervalNs, sinceNs);
            return;
        }
        queues.putLong(queue, Queue.PURGED_TIME, state.nowNs);
        graves.bury(queue);
        queues.seal(queue);
        alarms.onChange(queue);
        request.confirm(0, 0);
        reclaimer.work();
    }

    /** The queue is gone at once; what it holds is freed in slices. */
    void delete(final Request request, final long queueId) {
        final int queue = request.queue(queueId, Access.MANAGE);
        if (queue < 0) {
            return;
        }
        names.add(queue);
        state.queuesByName.remove(queue);
        lifecycle.close(queue);
        request.confirm(0, 0);
        reclaimer.work();
    }
}
