package io.millrace.kernel;

import io.millrace.codecs.AcknowledgeDecoder;
import io.millrace.codecs.ChangeVisibilityDecoder;
import io.millrace.codecs.DeleteMessagesDecoder;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ReceiptHandleDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SettleMessagesDecoder;
import io.millrace.kernel.Receipts.Standing;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Root;

/** Ends deliveries: acknowledge, delete as SQS does it, change of visibility, settle in other ways. */
final class Acknowledgements {
    private final State state;
    private final Receipts receipts;
    private final Deliveries deliveries;
    private final Consumers consumers;
    private final Messages messages;
    private final Push push;
    private int queue;

    Acknowledgements(
            final State state,
            final Receipts receipts,
            final Deliveries deliveries,
            final Consumers consumers,
            final Messages messages,
            final Push push) {
        this.state = state;
        this.receipts = receipts;
        this.deliveries = deliveries;
        this.consumers = consumers;
        this.messages = messages;
        this.push = push;
    }

    void acknowledge(final Request request, final AcknowledgeDecoder command) {
        final long queueId = command.queueId();
        final AcknowledgeDecoder.ReceiptsDecoder entries = command.receipts();
        if (begin(request, queueId, entries.count()) && isWithinRate(request)) {
            for (int i = 0; entries.hasNext(); i++) {
                final ReceiptHandleDecoder receipt = entries.next().receipt();
                switch (receipts.judge(request.session, queueId, queue, receipt)) {
                    case IN_FLIGHT -> remove(receipt);
                    case EXPIRED, STALE -> request.failEntry(i, ResultCode.STALE_RECEIPT);
                    case GONE -> request.failEntry(i, ResultCode.GONE);
                    default -> request.failEntry(i, ResultCode.INVALID_RECEIPT);
                }
            }
            end(request);
        }
    }

    /**
     * The results of SQS DeleteMessage, V1, V2, V3 and V5 of its documented behaviour: an expired handle still deletes on a standard
     * queue, on a FIFO queue it is worth nothing.
     */
    void delete(final Request request, final DeleteMessagesDecoder command) {
        final long queueId = command.queueId();
        final DeleteMessagesDecoder.ReceiptsDecoder entries = command.receipts();
        if (begin(request, queueId, entries.count()) && isWithinRate(request)) {
            for (int i = 0; entries.hasNext(); i++) {
                final ReceiptHandleDecoder receipt = entries.next().receipt();
                final Standing standing = receipts.judge(request.session, queueId, queue, receipt);
                if (standing == Standing.FORGED) {
                    request.failEntry(i, ResultCode.INVALID_RECEIPT);
                } else if (standing == Standing.EXPIRED && state.isFifo(queue)) {
                    request.failEntry(i, ResultCode.RECEIPT_EXPIRED);
                } else if (standing == Standing.IN_FLIGHT || standing == Standing.EXPIRED) {
                    remove(receipt);
                }
            }
            end(request);
        }
    }

    void changeVisibility(final Request request, final ChangeVisibilityDecoder command) {
        final long queueId = command.queueId();
        final ChangeVisibilityDecoder.ReceiptsDecoder entries = command.receipts();
        if (begin(request, queueId, entries.count())) {
            for (int i = 0; entries.hasNext(); i++) {
                final ReceiptHandleDecoder receipt = entries.next().receipt();
                final long visibilityNs = entries.visibilityTimeoutNs();
                final Standing standing = receipts.judge(request.session, queueId, queue, receipt);
                // A session's delivery that expired has failed: it may be on its last way already.
                switch (standing == Standing.EXPIRED && push.isPush(queue) ? Standing.STALE : standing) {
                    case IN_FLIGHT, EXPIRED -> changeVisibility(request, i, (int) receipt.slot(), visibilityNs);
                    case STALE -> request.failEntry(i, ResultCode.STALE_RECEIPT);
                    case GONE -> request.failEntry(i, ResultCode.GONE);
                    default -> request.failEntry(i, ResultCode.INVALID_RECEIPT);
                }
            }
            end(request);
        }
    }

    /** The total from the receive may not pass the limit: a longer time is refused, not cut (SQS developer guide, visibility timeout). */
    private void changeVisibility(final Request request, final int entry, final int message, final long visibilityNs) {
        final long sinceReceiveNs = state.nowNs - state.messages.getLong(message, Message.RECEIVED_TIME);
        final long remainder = Math.max(0, state.limit(LimitId.VISIBILITY) - sinceReceiveNs);
        if (visibilityNs < 0) {
            request.failEntry(entry, ResultCode.INVALID_ARGUMENT);
        } else if (visibilityNs > remainder) {
            request.failEntry(entry, LimitId.VISIBILITY, remainder, visibilityNs);
        } else {
            deliveries.changeVisibility(queue, message, visibilityNs);
        }
    }

    /** Retries, releases or rejects deliveries that are in flight. */
    void settle(final Request request, final SettleMessagesDecoder command) {
        final long queueId = command.queueId();
        final SettleMessagesDecoder.ReceiptsDecoder entries = command.receipts();
        if (begin(request, queueId, entries.count())) {
            for (int i = 0; entries.hasNext(); i++) {
                final ReceiptHandleDecoder receipt = entries.next().receipt();
                final long delayNs = entries.delayNs();
                final int disposition = entries.dispositionRaw();
                switch (receipts.judge(request.session, queueId, queue, receipt)) {
                    case IN_FLIGHT -> settle(request, i, (int) receipt.slot(), disposition, delayNs);
                    case EXPIRED, STALE -> request.failEntry(i, ResultCode.STALE_RECEIPT);
                    case GONE -> request.failEntry(i, ResultCode.GONE);
                    default -> request.failEntry(i, ResultCode.INVALID_RECEIPT);
                }
            }
            end(request);
        }
    }

    private void settle(
            final Request request, final int entry, final int message, final int disposition, final long delayNs) {
        if (disposition == Disposition.REJECT.value()) {
            if (!deliveries.reject(queue, message)) {
                request.failEntry(entry, ResultCode.NO_DEAD_LETTER_QUEUE);
            }
        } else if (delayNs < 0 && !Commands.isNull(delayNs)) {
            request.failEntry(entry, ResultCode.INVALID_ARGUMENT);
        } else if (delayNs > state.limit(LimitId.VISIBILITY)) {
            request.failEntry(entry, LimitId.VISIBILITY, state.limit(LimitId.VISIBILITY), delayNs);
        } else if (disposition == Disposition.RETRY.value()) {
            deliveries.fail(queue, message, delayNs);
        } else if (disposition == Disposition.RELEASE.value()) {
            deliveries.giveBackAfter(queue, message, Commands.isNull(delayNs) ? 0 : delayNs);
        } else {
            request.failEntry(entry, ResultCode.INVALID_ARGUMENT);
        }
    }

    private boolean begin(final Request request, final long queueId, final int count) {
        queue = state.queueById(queueId);
        consumers.heard(request.session, queue);
        if (queue < 0 && (queueId <= 0 || queueId >= state.root.getLong(State.ONLY, Root.NEXT_QUEUE_ID))) {
            request.refuse(ResultCode.UNKNOWN_QUEUE);
        } else if ((queue < 0 || !request.isForbidden(queue, Access.RECEIVE)) && isCountRight(request, count)) {
            return true;
        }
        dispatch();
        return false;
    }

    private boolean isCountRight(final Request request, final int count) {
        if (count == 0) {
            request.refuse(ResultCode.EMPTY_BATCH);
        } else if (count > state.limit(LimitId.BATCH_ENTRIES)) {
            request.refuseLimit(LimitId.BATCH_ENTRIES, state.limit(LimitId.BATCH_ENTRIES), count);
        } else {
            return true;
        }
        return false;
    }

    /** Acknowledging counts as deleting, which it is in SQS. */
    private boolean isWithinRate(final Request request) {
        if (queue < 0 || RequestRates.admit(state, request, queue, RequestRates.Kind.DELETE)) {
            return true;
        }
        dispatch();
        return false;
    }

    private void remove(final ReceiptHandleDecoder receipt) {
        if (push.isPush(queue)) {
            push.onDelivered(queue);
        }
        messages.remove(queue, (int) receipt.slot());
        state.counters.acknowledgements++;
    }

    private void end(final Request request) {
        request.answerEntries();
        dispatch();
    }

    private void dispatch() {
        if (queue >= 0) {
            deliveries.dispatch(queue);
        }
    }
}
