package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendMessagesDecoder;
import io.millrace.codecs.SendMessagesDecoder.MessagesDecoder;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.Tables.Transfer;
import io.millrace.kernel.memory.Payloads;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** Stores messages: whole ones from SendMessages, large ones from a transfer. A command is stored entirely or refused entirely. */
final class Sends {
    private static final int ENTRY_BLOCK_LENGTH = MessagesDecoder.sbeBlockLength();
    /** Bytes that attributes may add to a payload over their accounted size, for the check before a transfer has arrived. */
    private static final int PAYLOAD_OVERHEAD = 1024;

    private final State state;
    private final Deliveries deliveries;
    private final Lanes lanes;
    private final PayloadIds ids = new PayloadIds();
    private final FrameValidator payloadValidator = new FrameValidator();
    private final PayloadInspector inspector;

    Sends(final State state, final Deliveries deliveries) {
        this.state = state;
        this.deliveries = deliveries;
        this.lanes = deliveries.lanes();
        this.inspector = new PayloadInspector(state);
    }

    void send(final Request request, final SendMessagesDecoder command) {
        final int queue = state.queueById(command.queueId());
        if (queue < 0) {
            request.refuse(ResultCode.UNKNOWN_QUEUE);
            return;
        }
        final DirectBuffer buffer = command.buffer();
        final int first = command.limit() + MessagesDecoder.HEADER_SIZE;
        final int count = command.messages().count();
        if (!isBatchAllowed(request, count) || !inspect(request, queue, buffer, first, count)) {
            return;
        }
        final long firstId = state.root.getLong(State.ONLY, Root.NEXT_MESSAGE_ID);
        int position = first;
        for (int i = 0; i < count; i++) {
            final long delayNs = Commands.nullableLong(buffer, position);
            position += ENTRY_BLOCK_LENGTH;
            final int length = FrameValidator.payloadLength(buffer, position);
            store(queue, state.payloads.store(buffer, position, length), delayNs);
            position += length;
        }
        request.confirm(firstId, count);
        deliveries.dispatch(queue);
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
            final Request request, final int queue, final DirectBuffer buffer, final int first, final int count) {
        final long maxMessageBytes = Integer.toUnsignedLong(state.queues.getInt(queue, Queue.MAX_MESSAGE_BYTES));
        long accounted = 0;
        int position = first;
        for (int i = 0; i < count; i++) {
            if (!isDelayAllowed(request, i, Commands.nullableLong(buffer, position))) {
                return false;
            }
            position += ENTRY_BLOCK_LENGTH;
            if (!inspector.inspect(buffer, position, maxMessageBytes)) {
                inspector.refuse(request, i);
                return false;
            }
            position += inspector.payloadLength();
            accounted += Payloads.accountedLength(inspector.payloadLength());
        }
        return hasRoom(request, count, accounted);
    }

    private boolean isDelayAllowed(final Request request, final int entry, final long delayNs) {
        if (Commands.isNull(delayNs)) {
            return true;
        }
        final long limit = state.limit(LimitId.DELAY);
        if (delayNs < 0) {
            request.refuse(entry, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, delayNs);
        } else if (delayNs > limit) {
            request.refuse(entry, ResultCode.LIMIT_EXCEEDED, LimitId.DELAY, limit, delayNs);
        } else {
            return true;
        }
        return false;
    }

    private boolean hasRoom(final Request request, final int count, final long accountedBytes) {
        final long messages = state.messages.liveCount() + (long) count;
        final long bytes = state.payloads.accountedBytes() + accountedBytes;
        if (messages > state.limit(LimitId.MESSAGES)) {
            request.refuseLimit(LimitId.MESSAGES, state.limit(LimitId.MESSAGES), messages);
        } else if (bytes > state.limit(LimitId.ARENA_BYTES)) {
            request.refuseLimit(LimitId.ARENA_BYTES, state.limit(LimitId.ARENA_BYTES), bytes);
        } else {
            return true;
        }
        return false;
    }

    private void store(final int queue, final int payload, final long askedDelayNs) {
        ids.wrap(state.payloads.buffer(payload), state.payloads.offset(payload));
        final int lane = lanes.open(queue, 0, ids.buffer(), ids.groupIdOffset(), ids.groupIdLength());
        final SlotTable messages = state.messages;
        final SlotTable queues = state.queues;
        final int message = messages.allocate();
        final long sequence = queues.getLong(queue, Queue.NEXT_SEQUENCE);
        queues.putSealed(queue, Queue.NEXT_SEQUENCE, sequence + 1);
        messages.putLong(message, Message.ID, state.next(Root.NEXT_MESSAGE_ID));
        messages.putLong(message, Message.SEQUENCE, sequence);
        messages.putLong(message, Message.SENT_TIME, state.nowNs);
        messages.putLong(message, Message.ARRIVED_TIME, state.nowNs);
        messages.putInt(message, Message.QUEUE, queue);
        messages.putInt(message, Message.PAYLOAD, payload);
        messages.putInt(message, Message.EPOCH, queues.getInt(queue, Queue.EPOCH));
        messages.putInt(message, Message.LANE, lane);
        lanes.join(message);
        state.arrivals.addLast(queue, message);
        final long delayNs = Commands.isNull(askedDelayNs) ? queues.getLong(queue, Queue.DELAY) : askedDelayNs;
        if (delayNs == 0) {
            deliveries.addFresh(queue, message);
        } else {
            deliveries.addDelayed(queue, message, state.nowNs + delayNs);
        }
        messages.seal(message);
        state.counters.sends++;
    }

    /** Removes a message for good. */
    void remove(final int queue, final int message) {
        deliveries.detach(queue, message);
        lanes.leave(message);
        state.arrivals.remove(queue, message);
        state.payloads.release(state.messages.getInt(message, Message.PAYLOAD));
        state.messages.free(message);
    }

    /** Begins a transfer. */
    void begin(final Request request, final long queueId, final long delayNs, final long payloadLength) {
        final int queue = state.queueById(queueId);
        if (queue < 0) {
            request.refuse(ResultCode.UNKNOWN_QUEUE);
            return;
        }
        final int session = request.session;
        final int count = state.sessions.getInt(session, Session.TRANSFER_COUNT) + 1;
        final long bytes = state.sessions.getLong(session, Session.TRANSFER_BYTES) + payloadLength;
        final long maxMessageBytes = Integer.toUnsignedLong(state.queues.getInt(queue, Queue.MAX_MESSAGE_BYTES));
        if (!isDelayAllowed(request, Request.WHOLE, delayNs)) {
            return;
        }
        if (payloadLength > maxMessageBytes + PAYLOAD_OVERHEAD) {
            request.refuseLimit(LimitId.MESSAGE_BYTES, maxMessageBytes, payloadLength);
        } else if (count > state.limit(LimitId.TRANSFERS)) {
            request.refuseLimit(LimitId.TRANSFERS, state.limit(LimitId.TRANSFERS), count);
        } else if (bytes > state.limit(LimitId.TRANSFER_BYTES)) {
            request.refuseLimit(LimitId.TRANSFER_BYTES, state.limit(LimitId.TRANSFER_BYTES), bytes);
        } else if (hasRoom(request, 1, Payloads.accountedLength((int) payloadLength))) {
            open(request, queueId, delayNs, state.payloads.reserve((int) payloadLength));
        }
    }

    /** Begins a transfer whose command was executed before: what arrives for it is dropped. */
    void beginAgain(final Request request) {
        if (state.sessions.getInt(request.session, Session.TRANSFER_COUNT) < state.limit(LimitId.TRANSFERS)) {
            open(request, 0, 0, -1);
        }
    }

    private void open(final Request request, final long queueId, final long delayNs, final int payload) {
        dropTransfer(find(request));
        final SlotTable transfers = state.transfers;
        final int transfer = transfers.allocate();
        transfers.putLong(transfer, Transfer.CORRELATION_ID, request.correlationId);
        transfers.putLong(transfer, Transfer.QUEUE_ID, queueId);
        transfers.putLong(transfer, Transfer.DELAY, delayNs);
        transfers.putLong(transfer, Transfer.TURN, state.next(Root.NEXT_TURN));
        transfers.putInt(transfer, Transfer.SESSION, request.session);
        transfers.putInt(transfer, Transfer.PAYLOAD, payload + 1);
        transfers.seal(transfer);
        linkTransfer(transfer);
    }

    /** Puts a transfer's row into the structures that follow from it. */
    void linkTransfer(final int transfer) {
        final int session = state.transfers.getInt(transfer, Transfer.SESSION);
        state.sessionTransfers.addLast(session, transfer);
        count(session, transfer, 1);
    }

    private void count(final int session, final int transfer, final int sign) {
        final int payload = state.transfers.getInt(transfer, Transfer.PAYLOAD) - 1;
        final int length = payload < 0 ? 0 : state.payloads.length(payload);
        final SlotTable sessions = state.sessions;
        sessions.putInt(session, Session.TRANSFER_COUNT, sessions.getInt(session, Session.TRANSFER_COUNT) + sign);
        sessions.putLong(
                session,
                Session.TRANSFER_BYTES,
                sessions.getLong(session, Session.TRANSFER_BYTES) + (long) sign * length);
    }

    /** The session's transfer under the request's correlation id, -1 if there is none; a session has few. */
    private int find(final Request request) {
        int transfer = state.sessionTransfers.first(request.session);
        while (transfer >= 0 && state.transfers.getLong(transfer, Transfer.CORRELATION_ID) != request.correlationId) {
            transfer = state.sessionTransfers.next(transfer);
        }
        return transfer;
    }

    /** Adds a chunk to a transfer. */
    void append(
            final Request request,
            final long payloadOffset,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        final int transfer = find(request);
        if (transfer < 0) {
            request.refuse(ResultCode.UNKNOWN_TRANSFER);
            return;
        }
        final int payload = state.transfers.getInt(transfer, Transfer.PAYLOAD) - 1;
        if (payload >= 0) {
            final int filled = state.payloads.filled(payload);
            if (payloadOffset != filled || length > state.payloads.length(payload) - filled) {
                request.refuse(Request.WHOLE, ResultCode.OUT_OF_ORDER_CHUNK, LimitId.NONE, filled, payloadOffset);
            } else {
                state.payloads.append(payload, buffer, offset, length);
            }
        }
    }

    /** Makes a complete transfer a message. */
    void commit(final Request request) {
        final int transfer = find(request);
        final int payload = transfer < 0 ? -1 : state.transfers.getInt(transfer, Transfer.PAYLOAD) - 1;
        if (payload < 0) {
            dropTransfer(transfer);
            request.refuse(ResultCode.UNKNOWN_TRANSFER);
            return;
        }
        final int length = state.payloads.length(payload);
        final int queue = state.queueById(state.transfers.getLong(transfer, Transfer.QUEUE_ID));
        if (queue < 0) {
            request.refuse(ResultCode.UNKNOWN_QUEUE);
        } else if (state.payloads.filled(payload) != length) {
            request.refuse(
                    Request.WHOLE, ResultCode.OUT_OF_ORDER_CHUNK, LimitId.NONE, length, state.payloads.filled(payload));
        } else if (!payloadValidator.isPayload(
                state.payloads.buffer(payload), state.payloads.offset(payload), length)) {
            request.refuse(ResultCode.MALFORMED_FRAME);
        } else if (!inspector.inspect(
                state.payloads.buffer(payload),
                state.payloads.offset(payload),
                Integer.toUnsignedLong(state.queues.getInt(queue, Queue.MAX_MESSAGE_BYTES)))) {
            inspector.refuse(request, Request.WHOLE);
        } else if (hasRoom(request, 1, 0)) {
            final long delayNs = state.transfers.getLong(transfer, Transfer.DELAY);
            closeTransfer(transfer);
            request.confirm(state.root.getLong(State.ONLY, Root.NEXT_MESSAGE_ID), 1);
            store(queue, payload, delayNs);
            deliveries.dispatch(queue);
            return;
        }
        dropTransfer(transfer);
    }

    /** Ends a transfer whose commit is not executed. */
    void abandon(final Request request) {
        dropTransfer(find(request));
    }

    /** Forgets a transfer and what arrived for it; nothing happens for {@code transfer == -1}. */
    void dropTransfer(final int transfer) {
        if (transfer >= 0) {
            final int payload = state.transfers.getInt(transfer, Transfer.PAYLOAD) - 1;
            closeTransfer(transfer);
            if (payload >= 0) {
                state.payloads.release(payload);
            }
        }
    }

    private void closeTransfer(final int transfer) {
        final int session = state.transfers.getInt(transfer, Transfer.SESSION);
        count(session, transfer, -1);
        state.sessionTransfers.remove(session, transfer);
        state.transfers.free(transfer);
    }
}
