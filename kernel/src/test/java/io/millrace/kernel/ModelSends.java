package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.AVAILABLE;
import static io.millrace.kernel.ModelState.Standing.DELAYED;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Tracked;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** Sends of the model. */
final class ModelSends {

    private final KernelModel model;
    private final ModelState state;
    private final ModelEntries entries;

    ModelSends(final KernelModel model) {
        this.model = model;
        state = model.state;
        entries = new ModelEntries(state);
    }

    Event send(final Queue queue, final Command.SendMessages command) {
        final List<Command.Entry> sent = command.entries();
        if (sent.isEmpty()) {
            return ModelAnswers.refused(command, ResultCode.EMPTY_BATCH, -1);
        }
        if (sent.size() > state.limit(LimitId.BATCH_ENTRIES)) {
            return limited(command, LimitId.BATCH_ENTRIES, sent.size());
        }
        final List<Event.Refused> wrongs = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            final Event.Refused wrongEntry = entries.wrong(command, queue, sent.get(i), command.text(), i);
            final Event.Refused wrong =
                    wrongEntry == null ? state.blobs.wrong(command, sent.get(i).payload(), i) : wrongEntry;
            if (wrong != null && (!command.eachEntry() || ModelEntries.failsTheCommand(queue.isFifo(), wrong))) {
                return wrong;
            }
            wrongs.add(wrong);
        }
        final long batchBytes = sent.stream()
                .mapToLong(entry -> entry.payload().accountedBytes())
                .sum();
        if (batchBytes > state.limit(LimitId.BATCH_BYTES)) {
            return limited(command, LimitId.BATCH_BYTES, batchBytes);
        }
        final Event full = full(command, rightOnes(sent, wrongs));
        return full != null ? full : store(queue, command, wrongs);
    }

    /** There must be room for all that are right, duplicates or not. */
    private static List<Payload> rightOnes(final List<Command.Entry> sent, final List<Event.Refused> wrongs) {
        return IntStream.range(0, sent.size())
                .filter(i -> wrongs.get(i) == null)
                .mapToObj(i -> sent.get(i).payload())
                .toList();
    }

    private Event store(final Queue queue, final Command.SendMessages command, final List<Event.Refused> wrongs) {
        final long firstId = state.nextMessageId;
        final List<Event.SendResult> results = new ArrayList<>();
        for (int i = 0; i < wrongs.size(); i++) {
            final Event.Refused wrong = wrongs.get(i);
            results.add(
                    wrong == null
                            ? accept(queue, command.entries().get(i))
                            : new Event.SendResult(
                                    0, 0, wrong.code(), wrong.limitId(), wrong.limit(), wrong.actual(), false));
        }
        model.touch(queue);
        return queue.isFifo() || command.eachEntry()
                ? new Event.SendResults(command.correlationId(), results)
                : new Event.Confirmed(command.correlationId(), firstId, results.size());
    }

    private Event.SendResult accept(final Queue queue, final Command.Entry entry) {
        final Event.SendResult result = storeOrDrop(queue, entry);
        if (!result.duplicate()) {
            state.blobs.accept(entry.payload());
        }
        return result;
    }

    /** D1: a duplicate is accepted and dropped. */
    Event.SendResult storeOrDrop(final Queue queue, final Command.Entry entry) {
        final Tracked first = queue.isFifo() ? first(queue.tracked, entry.payload()) : null;
        if (first != null) {
            return new Event.SendResult(
                    first.messageId(), first.sequenceNumber(), ResultCode.OK, LimitId.NONE, 0, 0, true);
        }
        final Message message = store(queue, entry);
        if (queue.isFifo()) {
            queue.tracked.add(
                    track(queue.settings.deduplicationScope(), entry.payload(), message.id, message.sequence));
        }
        return new Event.SendResult(message.id, message.sequence, ResultCode.OK, LimitId.NONE, 0, 0, false);
    }

    Tracked track(final QueueScope scope, final Payload payload, final long messageId, final long sequence) {
        return new Tracked(deduplicationId(payload), scope, payload.groupId(), messageId, sequence, state.nowNs);
    }

    /** D3, D4, D5, D6: what the message is a duplicate of, null if it is new. */
    Tracked first(final List<Tracked> tracked, final Payload payload) {
        final String id = deduplicationId(payload);
        return tracked.stream()
                .filter(entry -> state.nowNs - entry.acceptedTimeNs() < state.limit(LimitId.DEDUPLICATION_WINDOW))
                .filter(entry -> entry.id().equals(id))
                .filter(entry ->
                        entry.scope() == QueueScope.QUEUE || entry.group().equals(payload.groupId()))
                .findFirst()
                .orElse(null);
    }

    /** D7: an explicit id goes before the hash of the body. */
    static String deduplicationId(final Payload payload) {
        if (!payload.deduplicationId().isEmpty()) {
            return payload.deduplicationId();
        }
        try {
            final byte[] digest = MessageDigest.getInstance("SHA-256").digest(Payload.raw(payload.body()));
            return HexFormat.of().formatHex(digest);
        } catch (final NoSuchAlgorithmException failure) {
            throw new AssertionError(failure);
        }
    }

    Message store(final Queue queue, final Command.Entry entry) {
        final Message message = new Message(entry.payload(), entry.priority());
        message.id = state.nextMessageId++;
        message.sentTimeNs = state.nowNs;
        if (entry.timeToLiveNs() != null) {
            message.diesTimeNs = state.nowNs + entry.timeToLiveNs();
        }
        state.messages.put(message.id, message);
        model.putIn(message, queue);
        final long waitNs = waitNs(queue, entry);
        if (waitNs <= 0) {
            model.waitUntil(message, AVAILABLE, 0);
        } else {
            model.waitUntil(message, DELAYED, queue.isFifo() ? 0 : state.nowNs + waitNs);
            message.delayId = queue.isFifo() ? state.nextTimerId++ : 0;
        }
        return message;
    }

    private long waitNs(final Queue queue, final Command.Entry entry) {
        if (entry.scheduledTimeNs() != null) {
            return entry.scheduledTimeNs() - state.nowNs;
        }
        return entry.delayNs() == null || queue.isFifo() ? queue.settings.delayNs() : entry.delayNs();
    }

    /** Null if there is room for messages of so many payloads. */
    Event full(final Command command, final List<Payload> payloads) {
        return full(
                command,
                payloads.size(),
                payloads.stream()
                        .mapToLong(payload ->
                                ModelState.accounted(payload.length()) + ModelState.ofLane(payload.groupId()))
                        .sum());
    }

    /** Null if there is room for so many more; what publications are still to bring counts as if it were there. */
    Event full(final Command command, final int messages, final long bytes) {
        final long all = state.messages.size() + state.topics.reserved() + messages;
        if (all > state.limit(LimitId.MESSAGES)) {
            return limited(command, LimitId.MESSAGES, all);
        }
        final long used = state.storedBytes() + bytes;
        return used > state.limit(LimitId.ARENA_BYTES) ? limited(command, LimitId.ARENA_BYTES, used) : null;
    }

    private Event limited(final Command command, final LimitId limitId, final long actual) {
        return ModelAnswers.limited(command, limitId, state.limit(limitId), actual, -1);
    }
}
