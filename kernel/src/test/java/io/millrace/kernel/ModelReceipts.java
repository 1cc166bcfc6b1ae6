package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.IN_FLIGHT;

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

    /** Decides over one receipt. */
    private interface Action {

        Event.EntryResult onReceipt(int index, Receipt receipt);
    }

    private final ModelState state;
    private final KernelModel model;

    ModelReceipts(final ModelState state, final KernelModel model) {
        this.state = state;
        this.model = model;
    }

    Event acknowledge(final Session session, final Command.Acknowledge command, final List<Queue> concerned) {
        return each(command, command.queueId(), command.receipts(), concerned, (index, receipt) -> {
            final Handle handle = handle(session, command.queueId(), receipt);
            if (handle == null) {
                return result(index, ResultCode.INVALID_RECEIPT);
            }
            final Message message = state.messages.get(handle.messageId());
            if (message == null) {
                return result(index, ResultCode.GONE);
            }
            if (message.standing != IN_FLIGHT || message.deliveryNumber != handle.deliveryNumber()) {
                return result(index, ResultCode.STALE_RECEIPT);
            }
            model.remove(message);
            return null;
        });
    }

    Event delete(final Session session, final Command.DeleteMessages command, final List<Queue> concerned) {
        return each(command, command.queueId(), command.receipts(), concerned, (index, receipt) -> {
            final Handle handle = handle(session, command.queueId(), receipt);
            if (handle == null) {
                return result(index, ResultCode.INVALID_RECEIPT);
            }
            final Message message = state.messages.get(handle.messageId());
            if (message != null && message.deliveryNumber == handle.deliveryNumber()) {
                model.remove(message);
            }
            return null;
        });
    }

    Event change(final Session session, final Command.ChangeVisibility command, final List<Queue> concerned) {
        final List<Receipt> receipts =
                command.changes().stream().map(Command.Change::receipt).toList();
        return each(command, command.queueId(), receipts, concerned, (index, receipt) -> {
            final Handle handle = handle(session, command.queueId(), receipt);
            if (handle == null) {
                return result(index, ResultCode.INVALID_RECEIPT);
            }
            final long timeoutNs = command.changes().get(index).visibilityTimeoutNs();
            final Message message = state.messages.get(handle.messageId());
            if (message == null) {
                return result(index, ResultCode.GONE);
            }
            if (message.deliveryNumber != handle.deliveryNumber()) {
                return result(index, ResultCode.STALE_RECEIPT);
            }
            return change(index, message, timeoutNs);
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
        if (timeoutNs == 0) {
            model.endHold(message, false);
            model.makeAvailable(message);
        } else {
            message.standing = IN_FLIGHT;
            state.schedule(message, state.nowNs + timeoutNs);
        }
        return null;
    }

    private Event each(
            final Command command,
            final long queueId,
            final List<Receipt> receipts,
            final List<Queue> concerned,
            final Action action) {
        final Queue queue = state.queues.get(queueId);
        if (queue == null && (queueId < 1 || queueId >= state.nextQueueId)) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_QUEUE, -1);
        }
        if (receipts.isEmpty()) {
            return ModelAnswers.refused(command, ResultCode.EMPTY_BATCH, -1);
        }
        if (receipts.size() > state.limit(LimitId.BATCH_ENTRIES)) {
            return ModelAnswers.limited(
                    command, LimitId.BATCH_ENTRIES, state.limit(LimitId.BATCH_ENTRIES), receipts.size(), -1);
        }
        final List<Event.EntryResult> results = new ArrayList<>();
        for (int i = 0; i < receipts.size(); i++) {
            final Event.EntryResult result = action.onReceipt(i, receipts.get(i));
            if (result != null) {
                results.add(result);
            }
        }
        if (queue != null) {
            concerned.add(queue);
        }
        return results.isEmpty()
                ? new Event.Confirmed(command.correlationId(), 0, 0)
                : new Event.EntryResults(command.correlationId(), results);
    }

    /** What the receipt stands for, null if it is not one of this queue and principal. */
    private Handle handle(final Session session, final long queueId, final Receipt receipt) {
        final Handle handle = state.handles.get(receipt);
        final boolean valid = handle != null
                && handle.queueId() == queueId
                && handle.principal().equals(session.principal);
        return valid ? handle : null;
    }

    private static Event.EntryResult result(final int index, final ResultCode code) {
        return new Event.EntryResult(index, code, LimitId.NONE, 0, 0);
    }
}
