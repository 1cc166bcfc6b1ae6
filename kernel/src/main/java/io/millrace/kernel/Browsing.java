package io.millrace.kernel;

import io.millrace.codecs.BrowseEndEncoder;
import io.millrace.codecs.BrowseMessagesDecoder;
import io.millrace.codecs.BrowsedMessageEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Consumer;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/**
 * Shows messages of a queue in the order of their arrival.
 *
 * <p>A cursor holds the slot of the message examined last and the low half of the sequence up to which everything was examined. If
 * that message has left since, the search starts at the oldest one and skips what was examined; if it does not come to an end of that,
 * the page is empty and the next one goes on.
 */
final class Browsing {
    private static final int CONTENT_LENGTH_SIZE = Integer.BYTES;
    /** Messages examined before that one request may skip. */
    private static final int MOST_SKIPPED = 4 * Kernel.SLICE;

    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private final State state;
    private final SlotTable messages;
    private final Egress egress;
    private final Reply reply;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final BrowsedMessageEncoder browsed = new BrowsedMessageEncoder();
    private final BrowseEndEncoder end = new BrowseEndEncoder();

    Browsing(final State state, final Egress egress, final Reply reply) {
        this.state = state;
        this.messages = state.messages;
        this.egress = egress;
        this.reply = reply;
    }

    void browse(final long sessionId, final long correlationId, final BrowseMessagesDecoder query) {
        final int queue = state.queueById(query.queueId());
        final int session = state.sessionById(sessionId);
        final int max = query.maxMessages();
        final long limit = state.limit(LimitId.RECEIVE_MESSAGES);
        if (queue < 0) {
            refuse(sessionId, correlationId, ResultCode.UNKNOWN_QUEUE, LimitId.NONE, 0, 0);
        } else if (session < 0 || !Access.allows(state, session, queue, Access.RECEIVE)) {
            state.counters.notAuthorised++;
            refuse(sessionId, correlationId, ResultCode.NOT_AUTHORISED, LimitId.NONE, 0, 0);
        } else if (max == 0 || max > limit) {
            refuse(sessionId, correlationId, ResultCode.LIMIT_EXCEEDED, LimitId.RECEIVE_MESSAGES, limit, max);
        } else if (query.cursor() < 0) {
            refuse(sessionId, correlationId, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, query.cursor());
        } else {
            browse(sessionId, correlationId, queue, query, max);
        }
    }

    private void browse(
            final long sessionId,
            final long correlationId,
            final int queue,
            final BrowseMessagesDecoder query,
            final int max) {
        long examined = query.cursor() == 0 ? 0 : sequenceOf(queue, query.cursor());
        int last = positionOf(queue, query.cursor(), examined);
        int message = after(queue, last);
        for (int left = MOST_SKIPPED; left > 0 && message >= 0 && sequence(message) <= examined; left--) {
            last = message;
            message = after(queue, last);
        }
        int shown = 0;
        for (long left = state.limit(LimitId.LIST_ENTRIES);
                left > 0 && shown < max && message >= 0 && sequence(message) > examined;
                left--) {
            if (isAskedFor(message, query)) {
                show(sessionId, correlationId, message);
                shown++;
            }
            examined = sequence(message);
            last = message;
            message = after(queue, last);
        }
        final long cursor = message < 0 ? 0 : (last + 1L) << Integer.SIZE | examined & LOW_HALF;
        end(sessionId, correlationId, cursor, shown);
    }

    private int after(final int queue, final int message) {
        return message < 0 ? state.arrivals.first(queue) : state.arrivals.next(message);
    }

    private long sequence(final int message) {
        return messages.getLong(message, Message.SEQUENCE);
    }

    /** The message that a cursor names if it is still in the queue, else -1: then the search starts at the oldest. */
    private int positionOf(final int queue, final long cursor, final long examined) {
        final int slot = (int) (cursor >>> Integer.SIZE) - 1;
        final boolean isThere = messages.isLive(slot)
                && messages.getInt(slot, Message.QUEUE) == queue
                && state.isPresent(slot)
                && sequence(slot) <= examined;
        return isThere ? slot : -1;
    }

    /** The latest sequence of the queue that has the low half which the cursor has. */
    private long sequenceOf(final int queue, final long cursor) {
        final long next = state.queues.getLong(queue, Queue.NEXT_SEQUENCE);
        final long sequence = next & ~LOW_HALF | cursor & LOW_HALF;
        return sequence < next ? sequence : sequence - LOW_HALF - 1;
    }

    private boolean isAskedFor(final int message, final BrowseMessagesDecoder query) {
        return switch (messages.status(message)) {
            case Message.AVAILABLE -> query.statuses().available();
            case Message.IN_FLIGHT -> query.statuses().inFlight();
            default -> query.statuses().delayed();
        };
    }

    private void show(final long sessionId, final long correlationId, final int message) {
        final int payload = messages.getInt(message, Message.PAYLOAD);
        final int payloadLength = state.payloads.length(payload);
        final int overhead =
                MessageHeaderEncoder.ENCODED_LENGTH + BrowsedMessageEncoder.BLOCK_LENGTH + CONTENT_LENGTH_SIZE;
        final int shownLength = (int) Math.min(payloadLength, state.limit(LimitId.FRAME_BYTES) - overhead);
        final int length = overhead + shownLength;
        final int offset = egress.claim(sessionId, length);
        final MutableDirectBuffer buffer = egress.buffer();
        browsed.wrapAndApplyHeader(buffer, offset, header)
                .correlationId(correlationId)
                .messageId(messages.getLong(message, Message.ID))
                .sequenceNumber(sequence(message))
                .sentTimeNs(messages.getLong(message, Message.SENT_TIME))
                .arrivedTimeNs(messages.getLong(message, Message.ARRIVED_TIME))
                .visibleTimeNs(visibleTimeNs(message))
                .holderSessionId(holderOf(message))
                .deadLetterSourceId(messages.getLong(message, Message.DEAD_LETTER_SOURCE_ID))
                .receiveCount(Integer.toUnsignedLong(messages.getInt(message, Message.RECEIVE_COUNT)))
                .failedCount(Integer.toUnsignedLong(messages.getInt(message, Message.FAILED_COUNT)))
                .payloadLength(payloadLength)
                .status(MessageStatus.get((short) messages.status(message)))
                .priority((short) messages.getInt(message, Message.PRIORITY));
        buffer.putInt(offset + overhead - CONTENT_LENGTH_SIZE, shownLength, ByteOrder.LITTLE_ENDIAN);
        state.payloads.copy(payload, 0, buffer, offset + overhead, shownLength);
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }

    /** On a FIFO queue the delay counts as the queue has it now. */
    private long visibleTimeNs(final int message) {
        final int queue = messages.getInt(message, Message.QUEUE);
        return messages.status(message) == Message.DELAYED && state.isFifo(queue)
                ? messages.getLong(message, Message.SENT_TIME) + state.queues.getLong(queue, Queue.DELAY)
                : messages.getLong(message, Message.DEADLINE);
    }

    private long holderOf(final int message) {
        final int consumer = messages.getInt(message, Message.CONSUMER_LINK) - 1;
        return consumer < 0 ? 0 : state.sessionId(state.consumers.getInt(consumer, Consumer.SESSION));
    }

    private void end(final long sessionId, final long correlationId, final long cursor, final int shown) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + BrowseEndEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(sessionId, length);
        end.wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .nextCursor(cursor)
                .messageCount(shown);
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }

    private void refuse(
            final long sessionId,
            final long correlationId,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        reply.refused(sessionId, correlationId, Request.WHOLE, code, limitId, limit, actual);
    }
}
