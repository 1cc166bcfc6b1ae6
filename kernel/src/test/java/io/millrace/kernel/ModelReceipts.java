package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.AVAILABLE;
import static io.millrace.kernel.ModelState.Standing.IN_FLIGHT;

import io.millrace.codecs.Disposition;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Handle;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;
import java.util.ArrayList;
import java.util.List;

/** What the model does with receipts. */
final class ModelReceipts {

    /** What a receipt is worth. */
    private enum Worth {
        IN_FLIGHT(ResultCode.OK),
        /** The delivery is over, and the message was not delivered again. */
        EXPIRED(ResultCode.STALE_RECEIPT),
        STALE(ResultCode.STALE_RECEIPT),
        GONE(ResultCode.GONE),
        INVALID(ResultCode.INVALID_RECEIPT);

        private final ResultCode code;

        Worth(final ResultCode code) {
            this.code = code;
        }
    }

    /** Decides over one receipt; null if it is OK. */
    private interface Action {

        Event.EntryResult onReceipt(int index, Worth worth, Message message);
    }

    private final KernelModel model;
    private final ModelState state;

    ModelReceipts(final KernelModel model) {
        this.model = model;
        state = model.state;
    }

    Event acknowledge(final Session session, final Command.Acknowledge command) {
        return each(session, command, command.queueId(), command.receipts(), (index, worth, message) -> {
            if (worth != Worth.IN_FLIGHT) {
                return result(index, worth.code);
            }
            model.acknowledge(message);
            return null;
        });
    }

    /** V1, V2, V3, V5. */
    Event delete(final Session session, final Command.DeleteMessages command) {
        return each(session, command, command.queueId(), command.receipts(), (index, worth, message) -> {
            if (worth == Worth.INVALID) {
                return result(index, worth.code);
            }
            if (worth == Worth.EXPIRED && message.queue.isFifo()) {
                return result(index, ResultCode.RECEIPT_EXPIRED);
            }
            if (worth == Worth.IN_FLIGHT || worth == Worth.EXPIRED) {
                model.acknowledge(message);
            }
            return null;
        });
    }

    /** V4, V7: an expired delivery can be extended, unless it was pushed to a session that consumes a subscription: then it has failed. */
    Event change(final Session session, final Command.ChangeVisibility command) {
        final List<Receipt> receipts =
                command.changes().stream().map(Command.Change::receipt).toList();
        return each(session, command, command.queueId(), receipts, (index, worth, message) -> {
            final boolean canBeExtended = worth == Worth.EXPIRED && message.queue.subscription == null;
            if (worth != Worth.IN_FLIGHT && !canBeExtended) {
                return result(index, worth.code);
            }
            return change(index, message, command.changes().get(index).visibilityTimeoutNs());
        });
    }

    private Event.EntryResult change(final int index, final Message message, final long timeoutNs) {
        if (timeoutNs < 0) {
            return result(index, ResultCode.INVALID_ARGUMENT);
        }
        final long sinceReceiveNs = state.nowNs - message.receivedTimeNs;
        final long remainder = Math.max(0, state.limit(LimitId.VISIBILITY) - sinceReceiveNs);
        if (timeoutNs > remainder) {
            return new Event.EntryResult(index, ResultCode.LIMIT_EXCEEDED, LimitId.VISIBILITY, remainder, timeoutNs);
        }
        model.attempts.change(message);
        if (timeoutNs > 0) {
            model.waitUntil(message, IN_FLIGHT, state.nowNs + timeoutNs);
            return null;
        }
        if (message.standing == IN_FLIGHT) {
            model.endHold(message, false);
            model.fail(message, 0L);
        } else {
            model.waitUntil(message, AVAILABLE, 0);
        }
        return null;
    }

    Event settle(final Session session, final Command.SettleMessages command) {
        final List<Receipt> receipts =
                command.settlements().stream().map(Command.Settlement::receipt).toList();
        return each(
                session,
                command,
                command.queueId(),
                receipts,
                (index, worth, message) -> worth == Worth.IN_FLIGHT
                        ? settle(index, message, command.settlements().get(index))
                        : result(index, worth.code));
    }

    private Event.EntryResult settle(final int index, final Message message, final Command.Settlement settlement) {
        if (settlement.disposition() == Disposition.REJECT) {
            if (!model.moves.hasDeadLetterQueue(message.queue)) {
                return result(index, ResultCode.NO_DEAD_LETTER_QUEUE);
            }
            model.attempts.change(message);
            model.moves.toDeadLetterQueue(message);
            return null;
        }
        final Long delayNs = settlement.delayNs();
        if (delayNs != null && delayNs < 0) {
            return result(index, ResultCode.INVALID_ARGUMENT);
        }
        if (delayNs != null && delayNs > state.limit(LimitId.VISIBILITY)) {
            return new Event.EntryResult(
                    index, ResultCode.LIMIT_EXCEEDED, LimitId.VISIBILITY, state.limit(LimitId.VISIBILITY), delayNs);
        }
        model.attempts.change(message);
        model.endHold(message, false);
        if (settlement.disposition() == Disposition.RETRY) {
            model.fail(message, delayNs);
        } else {
            model.deliverAgain(message, delayNs == null ? 0 : delayNs);
        }
        return null;
    }

    private Event each(
            final Session session,
            final Command command,
            final long queueId,
            final List<Receipt> receipts,
            final Action action) {
        final Queue queue = state.queues.get(queueId);
        if (queue == null && (queueId < 1 || queueId >= state.nextQueueId)) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_QUEUE, -1);
        }
        if (queue != null && !ModelAccess.RECEIVE.allows(session, queue)) {
            return ModelAnswers.refused(command, ResultCode.NOT_AUTHORISED, -1);
        }
        if (receipts.isEmpty()) {
            return ModelAnswers.refused(command, ResultCode.EMPTY_BATCH, -1);
        }
        if (receipts.size() > state.limit(LimitId.BATCH_ENTRIES)) {
            return ModelAnswers.limited(
                    command, LimitId.BATCH_ENTRIES, state.limit(LimitId.BATCH_ENTRIES), receipts.size(), -1);
        }
        if (queue != null && (command instanceof Command.Acknowledge || command instanceof Command.DeleteMessages)) {
            final Event refusal = ModelRates.refusal(state, command, queue, ModelRates.DELETE);
            if (refusal != null) {
                return refusal;
            }
        }
        if (queue != null) {
            // It has its turn before the queues that something moves to.
            model.touch(queue);
        }
        final List<Event.EntryResult> results = new ArrayList<>();
        for (int i = 0; i < receipts.size(); i++) {
            final Handle handle = state.handles.get(receipts.get(i));
            final Worth worth = worth(session, queueId, handle);
            final boolean dead = worth == Worth.INVALID || worth == Worth.GONE;
            final Message message = dead ? null : state.messages.get(handle.messageId());
            final Event.EntryResult result = action.onReceipt(i, worth, message);
            if (result != null) {
                results.add(result);
            }
        }
        return results.isEmpty()
                ? new Event.Confirmed(command.correlationId(), 0, 0)
                : new Event.EntryResults(command.correlationId(), results);
    }

    private Worth worth(final Session session, final long queueId, final Handle handle) {
        if (handle == null || handle.queueId() != queueId || !handle.principal().equals(session.principal)) {
            return Worth.INVALID;
        }
        final Message message = state.messages.get(handle.messageId());
        if (message == null || message.queue.id != queueId) {
            return Worth.GONE;
        }
        if (message.deliveryNumber != handle.deliveryNumber()) {
            return Worth.STALE;
        }
        return message.standing == IN_FLIGHT ? Worth.IN_FLIGHT : Worth.EXPIRED;
    }

    private static Event.EntryResult result(final int index, final ResultCode code) {
        return new Event.EntryResult(index, code, LimitId.NONE, 0, 0);
    }
}
