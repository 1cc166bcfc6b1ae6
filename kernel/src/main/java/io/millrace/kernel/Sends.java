package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendMessagesDecoder;
import io.millrace.codecs.SendMessagesDecoder.MessagesDecoder;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.Payloads;
import org.agrona.DirectBuffer;

/**
 * Stores the messages of SendMessages: first all entries are inspected, then those that are right are stored. Unless entries stand for
 * themselves, all of them have to be right.
 */
final class Sends {
    private static final int ENTRY_BLOCK_LENGTH = MessagesDecoder.sbeBlockLength();
    private static final int DELAY = MessagesDecoder.delayNsEncodingOffset();
    private static final int SCHEDULED_TIME = MessagesDecoder.scheduledTimeNsEncodingOffset();
    private static final int TIME_TO_LIVE = MessagesDecoder.timeToLiveNsEncodingOffset();
    private static final int PRIORITY = MessagesDecoder.priorityEncodingOffset();

    private final State state;
    private final Deliveries deliveries;
    private final Messages messages;
    private final Deduplications deduplications;
    private final EntryInspector inspector;
    private final PayloadIds ids = new PayloadIds();
    private final Blobs blobs;

    /** Whether the bodies of the present command refer to blobs. */
    private boolean isClaim;

    Sends(
            final State state,
            final Deliveries deliveries,
            final Messages messages,
            final Deduplications deduplications,
            final Blobs blobs) {
        this.state = state;
        this.blobs = blobs;
        this.deliveries = deliveries;
        this.messages = messages;
        this.deduplications = deduplications;
        this.inspector = new EntryInspector(state);
    }

    void send(final Request request, final SendMessagesDecoder command) {
        final int queue = request.queue(command.queueId(), Access.SEND);
        if (queue < 0 || !RequestRates.admit(state, request, queue, RequestRates.Kind.SEND)) {
            return;
        }
        final DirectBuffer buffer = command.buffer();
        final int first = command.limit() + MessagesDecoder.HEADER_SIZE;
        final boolean standsForItself = command.flags().eachEntry();
        final boolean isText = command.flags().text();
        isClaim = command.flags().claim();
        final int count = command.messages().count();
        if (isBatchAllowed(request, count) && inspect(request, queue, buffer, first, count, isText, standsForItself)) {
            if (standsForItself || state.isFifo(queue)) {
                storeEach(request, queue, buffer, first, count);
            } else {
                storeAll(request, queue, buffer, first, count);
            }
            deliveries.dispatch(queue);
        }
    }

    private boolean isBatchAllowed(final Request request, final int count) {
        if (count == 0) {
            request.refuse(ResultCode.EMPTY_BATCH);
        } else if (count > state.limit(LimitId.BATCH_ENTRIES)) {
            request.refuseLimit(LimitId.BATCH_ENTRIES, state.limit(LimitId.BATCH_ENTRIES), count);
        } else {
            return true;
        }
        return false;
    }

    private boolean inspect(
            final Request request,
            final int queue,
            final DirectBuffer buffer,
            final int first,
            final int count,
            final boolean isText,
            final boolean standsForItself) {
        final SendOutcomes outcomes = request.sendOutcomes();
        outcomes.begin(count);
        long stored = 0;
        long accounted = 0;
        int right = 0;
        int position = first;
        for (int i = 0; i < count; i++) {
            final boolean isRight = inspectEntry(queue, buffer, position, isText);
            if (isRight) {
                outcomes.accept(i);
                right++;
                stored += Payloads.accountedLength(inspector.payloadLength()) + inspector.laneBytes();
            } else if (standsForItself && !inspector.concernsCommand(state.isFifo(queue))) {
                outcomes.fail(i, inspector.finding());
            } else {
                inspector.finding().refuse(request, i);
                return false;
            }
            position += ENTRY_BLOCK_LENGTH;
            position += FrameValidator.payloadLength(buffer, position);
            accounted += inspector.accountedBytes();
        }
        if (accounted > state.limit(LimitId.BATCH_BYTES)) {
            request.refuseLimit(LimitId.BATCH_BYTES, state.limit(LimitId.BATCH_BYTES), accounted);
            return false;
        }
        return messages.hasRoom(request, right, stored);
    }

    private boolean inspectEntry(final int queue, final DirectBuffer buffer, final int entry, final boolean isText) {
        final boolean timesAreRight = inspector.inspectTimes(
                queue,
                Commands.nullableLong(buffer, entry + DELAY),
                Commands.nullableLong(buffer, entry + SCHEDULED_TIME),
                Commands.nullableLong(buffer, entry + TIME_TO_LIVE),
                buffer.getByte(entry + PRIORITY) & 0xFF);
        return inspector.inspectPayload(queue, isText, buffer, entry + ENTRY_BLOCK_LENGTH)
                && timesAreRight
                && (!isClaim || inspector.inspectClaim(blobs, false));
    }

    private void storeAll(
            final Request request, final int queue, final DirectBuffer buffer, final int first, final int count) {
        final long firstId = state.root.getLong(State.ONLY, Root.NEXT_MESSAGE_ID);
        int position = first;
        for (int i = 0; i < count; i++) {
            final int length = FrameValidator.payloadLength(buffer, position + ENTRY_BLOCK_LENGTH);
            store(queue, buffer, position, length);
            position += ENTRY_BLOCK_LENGTH + length;
        }
        request.confirm(firstId, count);
    }

    private void storeEach(
            final Request request, final int queue, final DirectBuffer buffer, final int first, final int count) {
        final SendOutcomes outcomes = request.sendOutcomes();
        int position = first;
        for (int i = 0; i < count; i++) {
            final int length = FrameValidator.payloadLength(buffer, position + ENTRY_BLOCK_LENGTH);
            if (outcomes.isAccepted(i)) {
                storeUnlessDuplicate(outcomes, i, queue, buffer, position, length);
            }
            position += ENTRY_BLOCK_LENGTH + length;
        }
        request.answerSend();
    }

    private void storeUnlessDuplicate(
            final SendOutcomes outcomes,
            final int index,
            final int queue,
            final DirectBuffer buffer,
            final int entry,
            final int length) {
        final boolean isFifo = state.isFifo(queue);
        int original = -1;
        if (isFifo) {
            ids.wrap(buffer, entry + ENTRY_BLOCK_LENGTH);
            original = deduplications.find(queue, ids);
        }
        if (original >= 0) {
            outcomes.duplicate(index, deduplications.messageId(original), deduplications.sequence(original));
            state.counters.duplicates++;
            return;
        }
        final int message = store(queue, buffer, entry, length);
        if (isFifo) {
            deduplications.track(queue, message);
        }
        outcomes.stored(
                index, state.messages.getLong(message, Message.ID), state.messages.getLong(message, Message.SEQUENCE));
    }

    private int store(final int queue, final DirectBuffer buffer, final int entry, final int length) {
        final int payload = state.payloads.store(buffer, entry + ENTRY_BLOCK_LENGTH, length);
        if (isClaim) {
            ids.wrap(buffer, entry + ENTRY_BLOCK_LENGTH);
            blobs.attach(payload, ids);
        }
        return messages.store(
                queue,
                payload,
                buffer.getByte(entry + PRIORITY) & 0xFF,
                visibleNs(
                        queue,
                        Commands.nullableLong(buffer, entry + DELAY),
                        Commands.nullableLong(buffer, entry + SCHEDULED_TIME)),
                Commands.nullableLong(buffer, entry + TIME_TO_LIVE));
    }

    /** When a message to a standard queue can be delivered first. */
    private long visibleNs(final int queue, final long delayNs, final long scheduledNs) {
        if (!Commands.isNull(scheduledNs)) {
            return scheduledNs;
        }
        return state.nowNs + (Commands.isNull(delayNs) ? state.queues.getLong(queue, Queue.DELAY) : delayNs);
    }

    /** Stores the message of a transfer, whose payload it takes over or releases. */
    void storeTransferred(
            final Request request,
            final int queue,
            final int payload,
            final int priority,
            final long delayNs,
            final long scheduledNs,
            final long timeToLiveNs) {
        final long visibleNs = visibleNs(queue, delayNs, scheduledNs);
        if (!state.isFifo(queue)) {
            request.confirm(state.root.getLong(State.ONLY, Root.NEXT_MESSAGE_ID), 1);
            messages.store(queue, payload, priority, visibleNs, timeToLiveNs);
            return;
        }
        final SendOutcomes outcomes = request.sendOutcomes();
        outcomes.begin(1);
        ids.wrap(state.payloads.buffer(payload), state.payloads.offset(payload));
        final int original = deduplications.find(queue, ids);
        if (original >= 0) {
            outcomes.duplicate(0, deduplications.messageId(original), deduplications.sequence(original));
            state.counters.duplicates++;
            state.payloads.release(payload);
        } else {
            final int message = messages.store(queue, payload, priority, visibleNs, timeToLiveNs);
            deduplications.track(queue, message);
            outcomes.stored(
                    0, state.messages.getLong(message, Message.ID), state.messages.getLong(message, Message.SEQUENCE));
        }
        request.answerSend();
    }
}
