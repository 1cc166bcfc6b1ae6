package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.PutResultsEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendResultsEncoder;
import io.millrace.kernel.Tables.Producer;
import io.millrace.kernel.Tables.Result;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/**
 * Producers and the last {@value Result#KEPT} results of each, so that a command sent again after a reconnect is executed once
 * and answered with its first result.
 */
final class Producers {
    private final State state;
    private final SlotTable producers;
    private final SlotTable results;
    private final Reply reply;

    Producers(final State state, final Reply reply) {
        this.state = state;
        this.producers = state.producers;
        this.results = state.results;
        this.reply = reply;
    }

    /**
     * Opens a producer, or takes one over under a new epoch. The nonce of the last time tells that it is the same request, which a
     * client sent on one session after the other until it was answered: in whatever order they come, all get one epoch.
     */
    void open(final Request request, final long producerId, final long nonce) {
        int producer = state.producerById(producerId);
        if (producerId == 0) {
            producer = create();
        } else if (producer < 0) {
            request.refuse(ResultCode.PRODUCER_UNKNOWN);
            return;
        }
        if (nonce == 0 || producers.getLong(producer, Producer.NONCE) != nonce) {
            producers.putInt(producer, Producer.EPOCH, producers.getInt(producer, Producer.EPOCH) + 1);
            producers.putLong(producer, Producer.NONCE, nonce);
        }
        touch(producer);
        reply.producerOpened(
                request.sessionId,
                request.correlationId,
                producers.getLong(producer, Producer.ID),
                producers.getInt(producer, Producer.EPOCH),
                producers.getLong(producer, Producer.LAST_SEQUENCE));
    }

    private int create() {
        if (producers.liveCount() >= state.limit(LimitId.PRODUCERS)) {
            evict(state.idleProducers.first(State.ONLY));
        }
        final int producer = producers.allocate();
        producers.putLong(producer, Producer.ID, state.next(Root.NEXT_PRODUCER_ID));
        state.producersById.add(producer);
        state.idleProducers.addLast(State.ONLY, producer);
        return producer;
    }

    private void evict(final int producer) {
        state.producersById.remove(producer);
        state.idleProducers.remove(State.ONLY, producer);
        producers.free(producer);
        for (int i = 0; i < Result.KEPT; i++) {
            final int row = producer * Result.KEPT + i;
            if (results.isLive(row) && results.getLong(row, Result.SEQUENCE) != 0) {
                clear(row);
                results.seal(row);
            }
        }
    }

    /** The producer was used: it becomes the last to be evicted. */
    private void touch(final int producer) {
        state.idleProducers.remove(State.ONLY, producer);
        state.idleProducers.addLast(State.ONLY, producer);
        producers.putLong(producer, Producer.TURN, state.next(Root.NEXT_TURN));
        producers.seal(producer);
    }

    /**
     * Decides whether a protected command is to be executed; if it is not, it has been answered.
     *
     * @param counts whether the command uses up the sequence; BeginPayload leaves that to CommitPayload.
     * @return true if the command is new.
     */
    boolean admit(
            final Request request, final long producerId, final int epoch, final long sequence, final boolean counts) {
        final int producer = state.producerById(producerId);
        if (producer < 0) {
            request.refuse(ResultCode.PRODUCER_UNKNOWN);
            return false;
        }
        if (producers.getInt(producer, Producer.EPOCH) != epoch) {
            request.refuse(ResultCode.PRODUCER_FENCED);
            return false;
        }
        final long last = producers.getLong(producer, Producer.LAST_SEQUENCE);
        if (sequence <= last) {
            if (counts) {
                answerAgain(request, producer, sequence, last);
            }
            return false;
        }
        if (sequence != last + 1) {
            request.refuse(Request.WHOLE, ResultCode.SEQUENCE_GAP, LimitId.NONE, 0, last + 1);
            return false;
        }
        if (counts) {
            producers.putLong(producer, Producer.LAST_SEQUENCE, sequence);
            touch(producer);
            request.protect(producer, sequence);
        }
        return true;
    }

    private void answerAgain(final Request request, final int producer, final long sequence, final long last) {
        if (sequence <= last - Result.KEPT || sequence <= 0) {
            request.refuse(ResultCode.TOO_OLD);
            return;
        }
        touch(producer);
        final int row = row(producer, sequence);
        final int entries = results.getInt(row, Result.ENTRIES_PAYLOAD_LINK) - 1;
        final int code = results.getInt(row, Result.CODE);
        if (entries >= 0) {
            answerEntriesAgain(request, results.getInt(row, Result.TEMPLATE), entries);
        } else if (code == ResultCode.OK.value()) {
            reply.confirmed(
                    request.sessionId,
                    request.correlationId,
                    results.getLong(row, Result.FIRST_VALUE),
                    results.getInt(row, Result.VALUE_COUNT));
        } else {
            reply.refused(
                    request.sessionId,
                    request.correlationId,
                    results.getInt(row, Result.ENTRY_INDEX),
                    ResultCode.get((short) code),
                    LimitId.get((short) results.getInt(row, Result.LIMIT_ID)),
                    results.getLong(row, Result.LIMIT),
                    results.getLong(row, Result.ACTUAL));
        }
    }

    private void answerEntriesAgain(final Request request, final int templateId, final int entries) {
        final DirectBuffer buffer = state.payloads.buffer(entries);
        final int offset = state.payloads.offset(entries);
        final int length = state.payloads.length(entries);
        if (templateId == SendResultsEncoder.TEMPLATE_ID) {
            reply.sendResults(request.sessionId, request.correlationId, buffer, offset, length);
        } else if (templateId == PutResultsEncoder.TEMPLATE_ID) {
            reply.putResults(request.sessionId, request.correlationId, buffer, offset, length);
        } else {
            reply.entryResults(request.sessionId, request.correlationId, buffer, offset, length);
        }
    }

    /** Keeps a confirmation. */
    void keep(final int producer, final long sequence, final long firstValue, final int valueCount) {
        final int row = reuse(producer, sequence);
        results.putLong(row, Result.FIRST_VALUE, firstValue);
        results.putInt(row, Result.VALUE_COUNT, valueCount);
        results.seal(row);
    }

    /** Keeps a refusal. */
    void keep(
            final int producer,
            final long sequence,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        final int row = reuse(producer, sequence);
        results.putLong(row, Result.LIMIT, limit);
        results.putLong(row, Result.ACTUAL, actual);
        results.putInt(row, Result.ENTRY_INDEX, entryIndex);
        results.putInt(row, Result.CODE, code.value());
        results.putInt(row, Result.LIMIT_ID, limitId.value());
        results.seal(row);
    }

    /** Keeps a results group and the template of the message that told it. */
    void keep(
            final int producer, final long sequence, final int templateId, final DirectBuffer group, final int length) {
        final int row = reuse(producer, sequence);
        results.putInt(row, Result.TEMPLATE, templateId);
        results.putInt(row, Result.ENTRIES_PAYLOAD_LINK, state.payloads.store(group, 0, length) + 1);
        results.seal(row);
    }

    private int reuse(final int producer, final long sequence) {
        final int row = row(producer, sequence);
        results.claim(row);
        clear(row);
        results.putLong(row, Result.SEQUENCE, sequence);
        return row;
    }

    private void clear(final int row) {
        final int entries = results.getInt(row, Result.ENTRIES_PAYLOAD_LINK) - 1;
        if (entries >= 0) {
            state.payloads.release(entries);
        }
        for (int field = Result.SEQUENCE; field < Result.LOGICAL_END; field += Long.BYTES) {
            results.putLong(row, field, 0);
        }
    }

    private static int row(final int producer, final long sequence) {
        return producer * Result.KEPT + (int) (sequence & (Result.KEPT - 1));
    }
}
