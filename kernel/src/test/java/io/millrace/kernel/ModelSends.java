package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.AVAILABLE;
import static io.millrace.kernel.ModelState.Standing.DELAYED;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;
import io.millrace.kernel.ModelState.Transfer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/** Sends of the model, whole and in chunks. */
final class ModelSends {

    private static final String DECIMAL = "[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?";

    private static final int PAYLOAD_OVERHEAD = 1_024;

    private final ModelState state;

    ModelSends(final ModelState state) {
        this.state = state;
    }

    Event send(final Command.SendMessages command, final List<Queue> concerned) {
        final Queue queue = state.queues.get(command.queueId());
        if (queue == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_QUEUE, -1);
        }
        final List<Command.Entry> entries = command.entries();
        if (entries.isEmpty()) {
            return ModelAnswers.refused(command, ResultCode.EMPTY_BATCH, -1);
        }
        if (entries.size() > state.limit(LimitId.BATCH_ENTRIES)) {
            return limited(command, LimitId.BATCH_ENTRIES, entries.size(), -1);
        }
        long bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            final Command.Entry entry = entries.get(i);
            Event wrong = wrongDelay(command, entry.delayNs(), i);
            wrong = wrong != null ? wrong : wrongPayload(command, queue, entry.payload(), i);
            if (wrong != null) {
                return wrong;
            }
            bytes += ModelState.accounted(entry.payload().length());
        }
        final Event full = full(command, entries.size(), bytes);
        if (full != null) {
            return full;
        }
        final long firstId = state.nextMessageId;
        entries.forEach(entry -> store(queue, entry.delayNs(), entry.payload()));
        concerned.add(queue);
        return new Event.Confirmed(command.correlationId(), firstId, entries.size());
    }

    Event begin(final Session session, final Command.BeginPayload command, final boolean executed) {
        if (executed) {
            if (session.transfers.size() < state.limit(LimitId.TRANSFERS)) {
                open(session, command).dropped = true;
            }
            return null;
        }
        final Queue queue = state.queues.get(command.queueId());
        if (queue == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_QUEUE, -1);
        }
        final Event wrong = wrongDelay(command, command.delayNs(), -1);
        if (wrong != null) {
            return wrong;
        }
        if (command.payloadLength() > queue.maxMessageBytes + PAYLOAD_OVERHEAD) {
            return ModelAnswers.limited(
                    command, LimitId.MESSAGE_BYTES, queue.maxMessageBytes, command.payloadLength(), -1);
        }
        if (session.transfers.size() >= state.limit(LimitId.TRANSFERS)) {
            return limited(command, LimitId.TRANSFERS, session.transfers.size() + 1, -1);
        }
        final long begun = command.payloadLength()
                + session.transfers.values().stream()
                        .mapToLong(other -> other.dropped ? 0 : other.length)
                        .sum();
        if (begun > state.limit(LimitId.TRANSFER_BYTES)) {
            return limited(command, LimitId.TRANSFER_BYTES, begun, -1);
        }
        final Event full = full(command, 1, ModelState.accounted(command.payloadLength()));
        if (full == null) {
            open(session, command);
        }
        return full;
    }

    private static Transfer open(final Session session, final Command.BeginPayload command) {
        final Transfer transfer = new Transfer();
        transfer.queueId = command.queueId();
        transfer.delayNs = command.delayNs();
        transfer.length = command.payloadLength();
        session.transfers.put(command.correlationId(), transfer);
        return transfer;
    }

    Event append(final Session session, final Command.AppendPayload command) {
        final Transfer transfer = session.transfers.get(command.correlationId());
        if (transfer == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_TRANSFER, -1);
        }
        if (transfer.dropped) {
            return null;
        }
        final boolean fits = transfer.chars.length() + command.chunk().length() <= transfer.length;
        if (command.payloadOffset() != transfer.chars.length() || !fits) {
            return ModelAnswers.outOfOrder(command, transfer.chars.length(), command.payloadOffset());
        }
        transfer.chars.append(command.chunk());
        return null;
    }

    Event commit(final Session session, final Command.CommitPayload command, final List<Queue> concerned) {
        final Transfer transfer = session.transfers.remove(command.correlationId());
        if (transfer == null || transfer.dropped) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_TRANSFER, -1);
        }
        final Queue queue = state.queues.get(transfer.queueId);
        if (queue == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_QUEUE, -1);
        }
        if (transfer.chars.length() != transfer.length) {
            return ModelAnswers.outOfOrder(command, transfer.length, transfer.chars.length());
        }
        final byte[] bytes = Payload.raw(transfer.chars.toString());
        final Payload payload = Payload.decode(new UnsafeBuffer(bytes), 0, bytes.length);
        Event wrong = wrongPayload(command, queue, payload, -1);
        wrong = wrong != null ? wrong : full(command, 1, ModelState.accounted(payload.length()));
        if (wrong != null) {
            return wrong;
        }
        concerned.add(queue);
        return new Event.Confirmed(command.correlationId(), store(queue, transfer.delayNs, payload), 1);
    }

    private long store(final Queue queue, final Long delayNs, final Payload payload) {
        final Message message = new Message();
        message.queue = queue;
        message.id = state.nextMessageId++;
        message.sequence = queue.nextSequence++;
        message.sentTimeNs = state.nowNs;
        message.payload = payload;
        final long wait = delayNs == null ? queue.delayNs : delayNs;
        message.standing = wait == 0 ? AVAILABLE : DELAYED;
        if (wait > 0) {
            state.schedule(message, state.nowNs + wait);
        }
        queue.messages.put(message.sequence, message);
        state.messages.put(message.id, message);
        return message.id;
    }

    private Event full(final Command command, final int messages, final long bytes) {
        if (state.messages.size() + messages > state.limit(LimitId.MESSAGES)) {
            return limited(command, LimitId.MESSAGES, state.messages.size() + messages, -1);
        }
        final long used = state.storedBytes() + bytes;
        return used > state.limit(LimitId.ARENA_BYTES) ? limited(command, LimitId.ARENA_BYTES, used, -1) : null;
    }

    private Event wrongDelay(final Command command, final Long delayNs, final int entryIndex) {
        if (delayNs == null) {
            return null;
        }
        if (delayNs < 0) {
            return ModelAnswers.invalid(command, delayNs, entryIndex);
        }
        return delayNs > state.limit(LimitId.DELAY) ? limited(command, LimitId.DELAY, delayNs, entryIndex) : null;
    }

    private Event wrongPayload(final Command command, final Queue queue, final Payload payload, final int entryIndex) {
        final List<Payload.Attribute> attributes = payload.attributes();
        if (attributes.size() > state.limit(LimitId.ATTRIBUTES)) {
            return limited(command, LimitId.ATTRIBUTES, attributes.size(), entryIndex);
        }
        final Set<String> names = new HashSet<>();
        for (final Payload.Attribute attribute : attributes) {
            if (attribute.name().length() > state.limit(LimitId.ATTRIBUTE_NAME_BYTES)) {
                return limited(
                        command, LimitId.ATTRIBUTE_NAME_BYTES, attribute.name().length(), entryIndex);
            }
            final boolean valid = attribute.type() >= 1
                    && attribute.type() <= 3
                    && !attribute.name().isEmpty()
                    && !attribute.value().isEmpty()
                    && Utf8.isWellFormed(attribute.name())
                    && names.add(attribute.name())
                    && (attribute.type() != 2 || attribute.value().matches(DECIMAL));
            if (!valid) {
                return ModelAnswers.refused(command, ResultCode.INVALID_ATTRIBUTE, entryIndex);
            }
        }
        final long size = payload.accountedBytes();
        return size > queue.maxMessageBytes
                ? ModelAnswers.limited(command, LimitId.MESSAGE_BYTES, queue.maxMessageBytes, size, entryIndex)
                : null;
    }

    private Event limited(final Command command, final LimitId limitId, final long actual, final int entryIndex) {
        return ModelAnswers.limited(command, limitId, state.limit(limitId), actual, entryIndex);
    }
}
