package io.millrace.kernel;

import io.millrace.codecs.BeginPayloadDecoder;
import io.millrace.codecs.BeginPublicationDecoder;
import io.millrace.codecs.BeginRecordDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.Tables.Transfer;
import io.millrace.kernel.memory.Payloads;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** Payloads that arrive in parts, into room of the arena that is theirs from the beginning. */
final class Transfers {
    /** Bytes that attributes and ids may add to a payload over their accounted size, for the check before it has arrived. */
    private static final int PAYLOAD_OVERHEAD = 2048;

    private final State state;
    private final Deliveries deliveries;
    private final Messages messages;
    private final Sends sends;
    private final Publishing publishing;
    private final Puts puts;
    private final FrameValidator payloadValidator = new FrameValidator();
    private final EntryInspector inspector;

    Transfers(
            final State state,
            final Deliveries deliveries,
            final Messages messages,
            final Sends sends,
            final Publishing publishing,
            final Puts puts) {
        this.publishing = publishing;
        this.puts = puts;
        this.state = state;
        this.deliveries = deliveries;
        this.messages = messages;
        this.sends = sends;
        this.inspector = new EntryInspector(state);
    }

    /** Begins a transfer. */
    void begin(final Request request, final BeginPayloadDecoder command) {
        final long queueId = command.queueId();
        final long payloadLength = command.payloadLength();
        final int queue = request.queue(queueId, Access.SEND);
        if (queue < 0) {
            return;
        }
        final long maxMessageBytes = Integer.toUnsignedLong(state.queues.getInt(queue, Queue.MAX_MESSAGE_BYTES));
        if (!inspector.inspectTimes(
                queue, command.delayNs(), command.scheduledTimeNs(), command.timeToLiveNs(), command.priority())) {
            inspector.finding().refuse(request, Request.WHOLE);
            return;
        }
        if (mayOpen(request, command.flags().claim(), maxMessageBytes, payloadLength)) {
            final int transfer = open(request, queueId, state.payloads.reserve((int) payloadLength));
            final SlotTable transfers = state.transfers;
            transfers.putLong(transfer, Transfer.DELAY, command.delayNs());
            transfers.putLong(transfer, Transfer.SCHEDULED_TIME, command.scheduledTimeNs());
            transfers.putLong(transfer, Transfer.TIME_TO_LIVE, command.timeToLiveNs());
            transfers.putInt(transfer, Transfer.PRIORITY, command.priority());
            transfers.putInt(transfer, Transfer.IS_TEXT, command.flags().text() ? 1 : 0);
            transfers.seal(transfer);
        }
    }

    /** Begins a transfer of what is to be published. */
    void begin(final Request request, final BeginPublicationDecoder command) {
        final long topicId = command.topicId();
        final long entryLength = command.entryLength();
        if (request.topic(topicId, Access.SEND) >= 0
                && mayOpen(request, command.flags().claim(), state.limit(LimitId.MESSAGE_BYTES), entryLength)) {
            final int transfer = open(request, 0, state.payloads.reserve((int) entryLength));
            state.transfers.putLong(transfer, Transfer.TOPIC_ID, topicId);
            state.transfers.putInt(transfer, Transfer.IS_TEXT, command.flags().text() ? 1 : 0);
            state.transfers.seal(transfer);
        }
    }

    /** Begins a transfer of a record, which is room for it in the arena until it is put. */
    void begin(final Request request, final BeginRecordDecoder command) {
        final long streamId = command.streamId();
        final long entryLength = command.entryLength();
        if (puts.mayBegin(request, streamId, entryLength)
                && mayHold(request, entryLength)
                && request.hasArenaRoom((int) entryLength, 0)) {
            final int transfer = open(request, 0, state.payloads.reserve((int) entryLength));
            state.transfers.putLong(transfer, Transfer.STREAM_ID, streamId);
            state.transfers.seal(transfer);
        }
    }

    /** Whether the session may begin to send another message; if not, the request is refused. */
    private boolean mayOpen(
            final Request request, final boolean isClaim, final long maxMessageBytes, final long payloadLength) {
        if (isClaim) {
            request.refuse(ResultCode.INVALID_BLOB_REFERENCE);
        } else if (payloadLength > maxMessageBytes + PAYLOAD_OVERHEAD) {
            request.refuseLimit(LimitId.MESSAGE_BYTES, maxMessageBytes, payloadLength);
        } else if (mayHold(request, payloadLength)) {
            return messages.hasRoom(request, 1, Payloads.accountedLength((int) payloadLength));
        }
        return false;
    }

    /** Whether the session may have another transfer of so many bytes; if not, the request is refused. */
    private boolean mayHold(final Request request, final long length) {
        final int session = request.session;
        final int count = state.sessions.getInt(session, Session.TRANSFER_COUNT) + 1;
        final long bytes = state.sessions.getLong(session, Session.TRANSFER_BYTES) + length;
        if (count > state.limit(LimitId.TRANSFERS)) {
            request.refuseLimit(LimitId.TRANSFERS, state.limit(LimitId.TRANSFERS), count);
        } else if (bytes > state.limit(LimitId.TRANSFER_BYTES)) {
            request.refuseLimit(LimitId.TRANSFER_BYTES, state.limit(LimitId.TRANSFER_BYTES), bytes);
        } else {
            return true;
        }
        return false;
    }

    /** Begins a transfer whose command was executed before: what arrives for it is dropped. */
    void beginAgain(final Request request) {
        if (state.sessions.getInt(request.session, Session.TRANSFER_COUNT) < state.limit(LimitId.TRANSFERS)) {
            open(request, 0, -1);
        }
    }

    private int open(final Request request, final long queueId, final int payload) {
        drop(find(request));
        final SlotTable transfers = state.transfers;
        final int transfer = transfers.allocate();
        transfers.putLong(transfer, Transfer.CORRELATION_ID, request.correlationId);
        transfers.putLong(transfer, Transfer.QUEUE_ID, queueId);
        transfers.putLong(transfer, Transfer.TURN, state.next(Root.NEXT_TURN));
        transfers.putInt(transfer, Transfer.SESSION, request.session);
        transfers.putInt(transfer, Transfer.PAYLOAD, payload + 1);
        transfers.seal(transfer);
        link(transfer);
        return transfer;
    }

    /** Puts a transfer's row into the structures that follow from it. */
    void link(final int transfer) {
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

    /** Makes a complete transfer a message, or a record. */
    void commit(final Request request) {
        final int transfer = find(request);
        final int payload = transfer < 0 ? -1 : state.transfers.getInt(transfer, Transfer.PAYLOAD) - 1;
        if (payload < 0) {
            drop(transfer);
            request.refuse(ResultCode.UNKNOWN_TRANSFER);
            return;
        }
        if (state.transfers.getLong(transfer, Transfer.TOPIC_ID) != 0) {
            publish(request, transfer, payload);
            drop(transfer);
            return;
        }
        if (state.transfers.getLong(transfer, Transfer.STREAM_ID) != 0) {
            put(request, transfer, payload);
            drop(transfer);
            return;
        }
        final int length = state.payloads.length(payload);
        final int queue = request.queue(state.transfers.getLong(transfer, Transfer.QUEUE_ID), Access.SEND);
        if (queue < 0 || !RequestRates.admit(state, request, queue, RequestRates.Kind.SEND)) {
            drop(transfer);
            return;
        }
        if (state.payloads.filled(payload) != length) {
            request.refuse(
                    Request.WHOLE, ResultCode.OUT_OF_ORDER_CHUNK, LimitId.NONE, length, state.payloads.filled(payload));
        } else if (!payloadValidator.isPayload(
                state.payloads.buffer(payload), state.payloads.offset(payload), length)) {
            request.refuse(ResultCode.MALFORMED_FRAME);
        } else if (!inspect(queue, transfer, payload)) {
            inspector.finding().refuse(request, Request.WHOLE);
        } else if (messages.hasRoom(request, 1, inspector.laneBytes())) {
            final long delayNs = state.transfers.getLong(transfer, Transfer.DELAY);
            final long scheduledNs = state.transfers.getLong(transfer, Transfer.SCHEDULED_TIME);
            final long timeToLiveNs = state.transfers.getLong(transfer, Transfer.TIME_TO_LIVE);
            final int priority = state.transfers.getInt(transfer, Transfer.PRIORITY);
            close(transfer);
            sends.storeTransferred(request, queue, payload, priority, delayNs, scheduledNs, timeToLiveNs);
            deliveries.dispatch(queue);
            return;
        }
        drop(transfer);
    }

    /** Publishes a complete transfer: what is published is stored beside it, as it is only a part of what arrived. */
    private void publish(final Request request, final int transfer, final int payload) {
        final int length = state.payloads.length(payload);
        final int filled = state.payloads.filled(payload);
        final int topic = request.topic(state.transfers.getLong(transfer, Transfer.TOPIC_ID), Access.SEND);
        if (topic < 0) {
            return;
        }
        if (filled != length) {
            request.refuse(Request.WHOLE, ResultCode.OUT_OF_ORDER_CHUNK, LimitId.NONE, length, filled);
        } else if (!payloadValidator.isPublished(
                state.payloads.buffer(payload), state.payloads.offset(payload), length)) {
            request.refuse(ResultCode.MALFORMED_FRAME);
        } else {
            publishing.publish(
                    request,
                    topic,
                    state.payloads.buffer(payload),
                    state.payloads.offset(payload),
                    state.transfers.getInt(transfer, Transfer.IS_TEXT) != 0);
        }
    }

    /** Puts a complete transfer as a put of one record. */
    private void put(final Request request, final int transfer, final int payload) {
        final int length = state.payloads.length(payload);
        final int filled = state.payloads.filled(payload);
        final DirectBuffer buffer = state.payloads.buffer(payload);
        final int offset = state.payloads.offset(payload);
        if (filled != length) {
            request.refuse(Request.WHOLE, ResultCode.OUT_OF_ORDER_CHUNK, LimitId.NONE, length, filled);
        } else if (!payloadValidator.isRecord(buffer, offset, length)) {
            request.refuse(ResultCode.MALFORMED_FRAME);
        } else {
            puts.put(request, state.transfers.getLong(transfer, Transfer.STREAM_ID), buffer, offset, 1);
        }
    }

    private boolean inspect(final int queue, final int transfer, final int payload) {
        final SlotTable transfers = state.transfers;
        return inspector.inspectTimes(
                        queue,
                        transfers.getLong(transfer, Transfer.DELAY),
                        transfers.getLong(transfer, Transfer.SCHEDULED_TIME),
                        transfers.getLong(transfer, Transfer.TIME_TO_LIVE),
                        transfers.getInt(transfer, Transfer.PRIORITY))
                && inspector.inspectPayload(
                        queue,
                        transfers.getInt(transfer, Transfer.IS_TEXT) != 0,
                        state.payloads.buffer(payload),
                        state.payloads.offset(payload));
    }

    /** Ends a transfer whose commit is not executed. */
    void abandon(final Request request) {
        drop(find(request));
    }

    /** Forgets a transfer and what arrived for it; nothing happens for {@code transfer == -1}. */
    void drop(final int transfer) {
        if (transfer >= 0) {
            final int payload = state.transfers.getInt(transfer, Transfer.PAYLOAD) - 1;
            close(transfer);
            if (payload >= 0) {
                state.payloads.release(payload);
            }
        }
    }

    private void close(final int transfer) {
        final int session = state.transfers.getInt(transfer, Transfer.SESSION);
        count(session, transfer, -1);
        state.sessionTransfers.remove(session, transfer);
        state.transfers.free(transfer);
    }
}
