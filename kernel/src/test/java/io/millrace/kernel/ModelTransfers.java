package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Session;
import io.millrace.kernel.ModelState.Transfer;
import io.millrace.kernel.ModelTopicState.Topic;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Messages of the model that arrive in parts, to queues and to topics. */
final class ModelTransfers {

    private static final int OVERHEAD = 2_048;

    private final KernelModel model;
    private final ModelState state;
    private final ModelSends sends;
    private final ModelPublishing publishing;
    private final ModelEntries entries;

    ModelTransfers(final KernelModel model, final ModelSends sends, final ModelPublishing publishing) {
        this.model = model;
        this.sends = sends;
        this.publishing = publishing;
        state = model.state;
        entries = new ModelEntries(state);
    }

    /** It was executed before: its chunks are taken and forgotten. */
    Event drop(final Session session, final Command command) {
        if (session.transfers.size() < state.limit(LimitId.TRANSFERS)) {
            open(session, command, 0).dropped = true;
        }
        return null;
    }

    Event begin(final Session session, final Queue queue, final Command.BeginPayload command) {
        final Event wrongTimes = entries.wrongTimes(command, queue, command.entry(), -1);
        final Event wrong = wrongTimes == null
                ? wrong(session, command, queue.settings.maxMessageBytes(), command.payloadLength())
                : wrongTimes;
        if (wrong == null) {
            final Transfer transfer = open(session, command, command.payloadLength());
            transfer.queueId = command.queueId();
            transfer.entry = command.entry();
            transfer.text = command.text();
        }
        return wrong;
    }

    Event begin(final Session session, final Command.BeginPublication command) {
        Event wrong = wrongTopic(session, command, command.topicId());
        wrong = wrong == null
                ? wrong(session, command, state.limit(LimitId.MESSAGE_BYTES), command.entryLength())
                : wrong;
        if (wrong == null) {
            final Transfer transfer = open(session, command, command.entryLength());
            transfer.topicId = command.topicId();
            transfer.text = command.text();
        }
        return wrong;
    }

    private Event wrongTopic(final Session session, final Command command, final long topicId) {
        final Topic topic = state.topics.topics.get(topicId);
        if (topic == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_TOPIC, -1);
        }
        return ModelAccess.SEND.allows(session, topic.access)
                ? null
                : ModelAnswers.refused(command, ResultCode.NOT_AUTHORISED, -1);
    }

    /** What is in a blob needs no parts; what begins must be within limits, and there must be room for all of it. */
    private Event wrong(final Session session, final Command command, final long mostBytes, final long length) {
        if (state.blobs.isClaim()) {
            return ModelAnswers.refused(command, ResultCode.INVALID_BLOB_REFERENCE, -1);
        }
        if (length > mostBytes + OVERHEAD) {
            return ModelAnswers.limited(command, LimitId.MESSAGE_BYTES, mostBytes, length, -1);
        }
        if (session.transfers.size() >= state.limit(LimitId.TRANSFERS)) {
            return limited(command, LimitId.TRANSFERS, session.transfers.size() + 1);
        }
        final long begun = length
                + session.transfers.values().stream()
                        .mapToLong(other -> other.dropped ? 0 : other.length)
                        .sum();
        return begun > state.limit(LimitId.TRANSFER_BYTES)
                ? limited(command, LimitId.TRANSFER_BYTES, begun)
                : sends.full(command, 1, ModelState.accounted(length));
    }

    private Event limited(final Command command, final LimitId limitId, final long actual) {
        return ModelAnswers.limited(command, limitId, state.limit(limitId), actual, -1);
    }

    private static Transfer open(final Session session, final Command command, final long length) {
        final Transfer transfer = new Transfer();
        transfer.length = length;
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

    Event commit(final Session session, final Command.CommitPayload command) {
        final Transfer transfer = session.transfers.get(command.correlationId());
        if (transfer == null || transfer.dropped) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_TRANSFER, -1);
        }
        if (transfer.topicId != 0) {
            return publish(session, command, transfer);
        }
        // Its bytes become those of the message.
        session.transfers.remove(command.correlationId());
        return send(session, command, transfer);
    }

    /** What is published is stored beside what arrived. */
    private Event publish(final Session session, final Command.CommitPayload command, final Transfer transfer) {
        final Event wrong = wrongTopic(session, command, transfer.topicId);
        if (wrong != null) {
            return wrong;
        }
        if (transfer.chars.length() != transfer.length) {
            return ModelAnswers.outOfOrder(command, transfer.length, transfer.chars.length());
        }
        final Command.Published entry = PublicationEntry.decode(transfer.chars.toString());
        return publishing.publish(
                state.topics.topics.get(transfer.topicId),
                new Command.PublishMessages(
                        command.correlationId(),
                        command.producer(),
                        transfer.topicId,
                        transfer.text,
                        false,
                        List.of(entry)));
    }

    private Event send(final Session session, final Command.CommitPayload command, final Transfer transfer) {
        final Queue queue = state.queues.get(transfer.queueId);
        if (queue == null) {
            return ModelAnswers.refused(command, ResultCode.UNKNOWN_QUEUE, -1);
        }
        if (!ModelAccess.SEND.allows(session, queue)) {
            return ModelAnswers.refused(command, ResultCode.NOT_AUTHORISED, -1);
        }
        final Event refusal = ModelRates.refusal(state, command, queue, ModelRates.SEND);
        if (refusal != null) {
            return refusal;
        }
        if (transfer.chars.length() != transfer.length) {
            return ModelAnswers.outOfOrder(command, transfer.length, transfer.chars.length());
        }
        final byte[] bytes = Payload.raw(transfer.chars.toString());
        final Payload payload = Payload.decode(new UnsafeBuffer(bytes), 0, bytes.length);
        final Command.Entry entry = transfer.entry.withPayload(payload);
        Event wrong = entries.wrong(command, queue, entry, transfer.text, -1);
        wrong = wrong == null ? sends.full(command, List.of(payload)) : wrong;
        if (wrong != null) {
            return wrong;
        }
        final Event.SendResult result = sends.storeOrDrop(queue, entry);
        model.touch(queue);
        return queue.isFifo()
                ? new Event.SendResults(command.correlationId(), List.of(result))
                : new Event.Confirmed(command.correlationId(), result.messageId(), 1);
    }
}
