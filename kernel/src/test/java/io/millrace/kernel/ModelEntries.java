package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import io.millrace.kernel.ModelState.Queue;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** What can be wrong with one message of a send, in the order in which it is looked for. */
final class ModelEntries {

    private static final String DECIMAL = "[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?";

    /** Wrong for every entry of a command to a FIFO queue: what that type does not have, or asks for. */
    private static final Set<ResultCode> OF_THE_WHOLE =
            Set.of(ResultCode.GROUP_ID_REQUIRED, ResultCode.DEDUPLICATION_ID_REQUIRED, ResultCode.NOT_FOR_QUEUE_TYPE);

    /** What a message is judged by: its queue, or the topic that it is published to. */
    record Target(boolean fifo, long maxMessageBytes, boolean contentDeduplication) {

        static Target of(final Queue queue) {
            return new Target(
                    queue.isFifo(),
                    queue.settings.maxMessageBytes(),
                    queue.settings.contentDeduplication() == Switch.ON);
        }
    }

    private final ModelState state;

    ModelEntries(final ModelState state) {
        this.state = state;
    }

    /** S4: whether the command fails as a whole for what is wrong with one entry. */
    static boolean failsTheCommand(final boolean fifo, final Event.Refused wrong) {
        return fifo && OF_THE_WHOLE.contains(wrong.code());
    }

    /** A name of a group, a duplicate or an attempt: printable ASCII without blanks. */
    static boolean isId(final String id) {
        return id.chars().allMatch(c -> c >= 0x21 && c <= 0x7E);
    }

    Event.Refused wrong(
            final Command command, final Queue queue, final Command.Entry entry, final boolean text, final int index) {
        final Event.Refused wrong = wrongTimes(command, queue, entry, index);
        return wrong != null ? wrong : wrongContent(command, Target.of(queue), entry.payload(), text, index);
    }

    /** Delay, schedule, time to live, priority. */
    Event.Refused wrongTimes(final Command command, final Queue queue, final Command.Entry entry, final int index) {
        return first(List.of(
                () -> queue.isFifo() ? notForFifo(command, entry, index) : null,
                () -> entry.delayNs() != null && entry.scheduledTimeNs() != null ? invalid(command, 0, index) : null,
                () -> entry.delayNs() == null ? null : outOfRange(command, LimitId.DELAY, entry.delayNs(), index),
                () -> entry.scheduledTimeNs() != null
                                && entry.scheduledTimeNs() - state.nowNs > state.limit(LimitId.DELAY)
                        ? limited(command, LimitId.DELAY, entry.scheduledTimeNs() - state.nowNs, index)
                        : null,
                () -> wrongTimeToLive(command, entry.timeToLiveNs(), index),
                () -> entry.priority() >= queue.settings.priorities()
                        ? refused(ModelAnswers.limited(
                                command, LimitId.PRIORITIES, queue.settings.priorities(), entry.priority(), index))
                        : null));
    }

    /** L1, L2: a delay of 0 is none of its own. */
    private static Event.Refused notForFifo(final Command command, final Command.Entry entry, final int index) {
        if (entry.delayNs() != null && entry.delayNs() != 0) {
            return notForQueueType(command, entry.delayNs(), index);
        }
        if (entry.scheduledTimeNs() != null) {
            return notForQueueType(command, entry.scheduledTimeNs(), index);
        }
        return entry.priority() > 0 ? notForQueueType(command, entry.priority(), index) : null;
    }

    private Event.Refused wrongTimeToLive(final Command command, final Long timeToLiveNs, final int index) {
        if (timeToLiveNs == null) {
            return null;
        }
        return timeToLiveNs == 0
                ? invalid(command, 0, index)
                : outOfRange(command, LimitId.TIME_TO_LIVE, timeToLiveNs, index);
    }

    /** Attributes, size, text, ids. */
    Event.Refused wrongContent(
            final Command command, final Target target, final Payload payload, final boolean text, final int index) {
        return first(List.of(
                () -> wrongAttributes(command, payload.attributes(), index),
                () -> payload.accountedBytes() > target.maxMessageBytes()
                        ? refused(ModelAnswers.limited(
                                command,
                                LimitId.MESSAGE_BYTES,
                                target.maxMessageBytes(),
                                payload.accountedBytes(),
                                index))
                        : null,
                () -> text ? wrongText(command, payload.body(), index) : null,
                () -> wrongGroup(command, target, payload.groupId(), index),
                () -> wrongDeduplication(command, target, payload.deduplicationId(), index)));
    }

    /** N15: each protocol at most once and in order; text as the other body; all of it within the size of a message. */
    Event.Refused wrongBodies(final Command.PublishMessages command, final Command.Published entry, final int index) {
        int before = 0;
        for (final Command.ProtocolBody body : entry.bodies()) {
            if (body.protocol() <= before || body.protocol() > 3) {
                return invalid(command, body.protocol(), index);
            }
            final Event.Refused wrong = command.text() ? wrongText(command, body.body(), index) : null;
            if (wrong != null) {
                return wrong;
            }
            before = body.protocol();
        }
        return entry.accountedBytes() > state.limit(LimitId.MESSAGE_BYTES)
                ? limited(command, LimitId.MESSAGE_BYTES, entry.accountedBytes(), index)
                : null;
    }

    private Event.Refused wrongAttributes(
            final Command command, final List<Payload.Attribute> attributes, final int index) {
        if (attributes.size() > state.limit(LimitId.ATTRIBUTES)) {
            return limited(command, LimitId.ATTRIBUTES, attributes.size(), index);
        }
        final Set<String> names = new HashSet<>();
        for (final Payload.Attribute attribute : attributes) {
            if (attribute.name().length() > state.limit(LimitId.ATTRIBUTE_NAME_BYTES)) {
                return limited(
                        command, LimitId.ATTRIBUTE_NAME_BYTES, attribute.name().length(), index);
            }
            final boolean valid = attribute.type() >= 1
                    && attribute.type() <= 3
                    && !attribute.name().isEmpty()
                    && !attribute.value().isEmpty()
                    && Utf8.isWellFormed(attribute.name())
                    && names.add(attribute.name())
                    && (attribute.type() != 2 || attribute.value().matches(DECIMAL));
            if (!valid) {
                return refused(ModelAnswers.refused(command, ResultCode.INVALID_ATTRIBUTE, index));
            }
        }
        return null;
    }

    /** S1, S2: not empty, UTF-8, and only characters of XML 1.0. */
    private static Event.Refused wrongText(final Command command, final String body, final int index) {
        if (body.isEmpty()) {
            return refused(ModelAnswers.refused(command, ResultCode.EMPTY_BODY, index));
        }
        final boolean valid = Utf8.isWellFormed(body)
                && new String(Payload.raw(body), StandardCharsets.UTF_8)
                        .codePoints()
                        .allMatch(ModelEntries::isXmlCharacter);
        return valid ? null : refused(ModelAnswers.refused(command, ResultCode.INVALID_CHARACTERS, index));
    }

    private static boolean isXmlCharacter(final int c) {
        return c == 0x9
                || c == 0xA
                || c == 0xD
                || c >= 0x20 && c <= 0xD7FF
                || c >= 0xE000 && c <= 0xFFFD
                || c >= 0x10000 && c <= 0x10FFFF;
    }

    private Event.Refused wrongGroup(final Command command, final Target target, final String group, final int index) {
        if (target.fifo() && group.isEmpty()) {
            return refused(ModelAnswers.refused(command, ResultCode.GROUP_ID_REQUIRED, index));
        }
        return wrongId(command, LimitId.GROUP_ID_BYTES, group, index);
    }

    private Event.Refused wrongDeduplication(
            final Command command, final Target target, final String id, final int index) {
        if (!target.fifo()) {
            return id.isEmpty() ? null : notForQueueType(command, 0, index);
        }
        return id.isEmpty() && !target.contentDeduplication()
                ? refused(ModelAnswers.refused(command, ResultCode.DEDUPLICATION_ID_REQUIRED, index))
                : wrongId(command, LimitId.DEDUPLICATION_ID_BYTES, id, index);
    }

    private Event.Refused wrongId(final Command command, final LimitId limitId, final String id, final int index) {
        if (id.length() > state.limit(limitId)) {
            return limited(command, limitId, id.length(), index);
        }
        return isId(id) ? null : invalid(command, 0, index);
    }

    private static Event.Refused first(final List<Supplier<Event.Refused>> checks) {
        return checks.stream()
                .map(Supplier::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private Event.Refused outOfRange(final Command command, final LimitId limitId, final long value, final int index) {
        return refused(ModelAnswers.outOfRange(command, limitId, state.limit(limitId), value, index));
    }

    private Event.Refused limited(final Command command, final LimitId limitId, final long actual, final int index) {
        return refused(ModelAnswers.limited(command, limitId, state.limit(limitId), actual, index));
    }

    private static Event.Refused invalid(final Command command, final long actual, final int index) {
        return refused(ModelAnswers.invalid(command, actual, index));
    }

    private static Event.Refused notForQueueType(final Command command, final long actual, final int index) {
        return new Event.Refused(
                command.correlationId(), ResultCode.NOT_FOR_QUEUE_TYPE, LimitId.NONE, 0, actual, index);
    }

    private static Event.Refused refused(final Event event) {
        return (Event.Refused) event;
    }
}
