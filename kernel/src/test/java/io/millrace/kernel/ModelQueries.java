package io.millrace.kernel;

import static io.millrace.kernel.ModelState.Standing.AVAILABLE;
import static io.millrace.kernel.ModelState.Standing.AWAITING_RETRY;
import static io.millrace.kernel.ModelState.Standing.DELAYED;
import static io.millrace.kernel.ModelState.Standing.IN_FLIGHT;

import io.millrace.codecs.BrowsedMessageDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Message;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelState.Redrive;
import io.millrace.kernel.ModelState.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the model answers to queries. */
final class ModelQueries {

    private static final int BROWSED_OVERHEAD =
            MessageHeaderDecoder.ENCODED_LENGTH + BrowsedMessageDecoder.BLOCK_LENGTH + 4;

    private final KernelModel model;
    private final ModelState state;

    ModelQueries(final KernelModel model) {
        this.model = model;
        state = model.state;
    }

    void answer(final Session session, final Command query) {
        if (query instanceof Command.ListQueues list) {
            model.emit(session, list(list));
        } else if (query instanceof Command.LookUpQueue lookUp) {
            final Queue queue = state.named(lookUp.name());
            model.emit(session, queue == null ? unknownQueue(query) : description(query, queue));
        } else if (query instanceof Command.DescribeQueue describe) {
            final Queue queue = state.queues.get(describe.queueId());
            model.emit(session, queue == null ? unknownQueue(query) : description(query, queue));
        } else if (query instanceof Command.ListQueueTags list) {
            final Queue queue = state.queues.get(list.queueId());
            model.emit(session, queue == null ? unknownQueue(query) : tags(query, queue));
        } else if (query instanceof Command.DescribeQueueAccess describe) {
            final Queue queue = state.queues.get(describe.queueId());
            model.emit(
                    session,
                    queue == null
                            ? unknownQueue(query)
                            : new Event.QueueAccess(query.correlationId(), queue.id, queue.access));
        } else if (query instanceof Command.ListDeadLetterSources list) {
            model.emit(session, deadLetterSources(list));
        } else if (query instanceof Command.ListRedrives list) {
            final Queue queue = state.queues.get(list.queueId());
            model.emit(session, queue == null ? unknownQueue(query) : redrives(query, queue));
        } else if (query instanceof Command.BrowseMessages browse) {
            browse(session, browse);
        }
    }

    private Event list(final Command.ListQueues query) {
        if (query.maxEntries() == 0 || query.maxEntries() > state.limit(LimitId.LIST_ENTRIES)) {
            return limited(query, LimitId.LIST_ENTRIES, query.maxEntries());
        }
        if (query.afterQueueId() < 0) {
            return ModelAnswers.invalid(query, query.afterQueueId(), -1);
        }
        final List<Event.QueueEntry> page = new ArrayList<>();
        long id = query.afterQueueId();
        for (int examined = 0;
                examined < state.limit(LimitId.LIST_ENTRIES)
                        && page.size() < query.maxEntries()
                        && id + 1 < state.nextQueueId;
                examined++) {
            id++;
            final Queue queue = state.queues.get(id);
            if (queue != null && queue.name.startsWith(query.prefix()) && queue.subscription == null) {
                page.add(new Event.QueueEntry(id, queue.name));
            }
        }
        return new Event.QueueList(query.correlationId(), id + 1 < state.nextQueueId ? id : 0, page);
    }

    private Event description(final Command query, final Queue queue) {
        return new Event.QueueDescription(
                query.correlationId(),
                queue.id,
                queue.name,
                queue.createdTimeNs,
                queue.changedTimeNs,
                queue.count(AVAILABLE),
                queue.count(DELAYED) + queue.count(AWAITING_RETRY),
                queue.count(IN_FLIGHT),
                0,
                queue.oldest() == null ? 0 : queue.oldest().arrivedTimeNs,
                queue.settings);
    }

    private static Event tags(final Command query, final Queue queue) {
        return new Event.QueueTags(
                query.correlationId(),
                queue.id,
                queue.tags.entrySet().stream()
                        .map(tag -> new Command.Tag(tag.getKey(), tag.getValue()))
                        .toList());
    }

    private Event deadLetterSources(final Command.ListDeadLetterSources query) {
        if (!state.queues.containsKey(query.queueId())) {
            return unknownQueue(query);
        }
        if (query.maxEntries() == 0 || query.maxEntries() > state.limit(LimitId.LIST_ENTRIES)) {
            return limited(query, LimitId.LIST_ENTRIES, query.maxEntries());
        }
        final List<Queue> sources = state.queues.values().stream()
                .filter(queue -> queue.settings.deadLetterQueueId() == query.queueId())
                .sorted(Comparator.comparingLong(queue -> queue.tookDeadLetterQueue))
                .toList();
        final int after = sources.indexOf(state.queues.get(query.afterQueueId()));
        if (query.afterQueueId() != 0 && after < 0) {
            return ModelAnswers.invalid(query, query.afterQueueId(), -1);
        }
        final List<Event.QueueEntry> page = sources.stream()
                .skip(after + 1)
                .limit(query.maxEntries())
                .map(queue -> new Event.QueueEntry(queue.id, queue.name))
                .toList();
        final boolean more = after + 1 + page.size() < sources.size();
        return new Event.QueueList(
                query.correlationId(), more ? page.get(page.size() - 1).queueId() : 0, page);
    }

    private static Event redrives(final Command query, final Queue queue) {
        final Redrive task = queue.redrive;
        return new Event.RedriveList(
                query.correlationId(),
                queue.id,
                task == null
                        ? List.of()
                        : List.of(new Event.RedriveTask(
                                task.taskId,
                                task.destinationQueueId,
                                task.startedTimeNs,
                                task.movedCount,
                                task.toMoveCount,
                                task.messagesPerSecond,
                                task.status)));
    }

    private void browse(final Session session, final Command.BrowseMessages query) {
        final Event wrong = wrong(session, query);
        if (wrong != null) {
            model.emit(session, wrong);
            return;
        }
        final Queue queue = state.queues.get(query.queueId());
        long examined = 0;
        int shown = 0;
        long at = query.cursor();
        for (final Message message :
                queue.messages.tailMap(query.cursor(), false).values()) {
            if (examined == state.limit(LimitId.LIST_ENTRIES) || shown == query.maxMessages()) {
                break;
            }
            examined++;
            at = message.sequence;
            if (isAskedFor(message, query)) {
                shown++;
                model.emit(session, browsed(query, message));
            }
        }
        final boolean more = queue.messages.higherKey(at) != null;
        model.emit(session, new Event.BrowseEnd(query.correlationId(), more ? at : 0, shown));
    }

    private Event wrong(final Session session, final Command.BrowseMessages query) {
        final Queue queue = state.queues.get(query.queueId());
        if (queue == null) {
            return unknownQueue(query);
        }
        if (!ModelAccess.RECEIVE.allows(session, queue)) {
            return ModelAnswers.refused(query, ResultCode.NOT_AUTHORISED, -1);
        }
        return query.maxMessages() == 0 || query.maxMessages() > state.limit(LimitId.RECEIVE_MESSAGES)
                ? limited(query, LimitId.RECEIVE_MESSAGES, query.maxMessages())
                : null;
    }

    private static boolean isAskedFor(final Message message, final Command.BrowseMessages query) {
        return switch (message.standing) {
            case AVAILABLE -> query.available();
            case DELAYED, AWAITING_RETRY -> query.delayed();
            case IN_FLIGHT -> query.inFlight();
            default -> throw new AssertionError("a message that is gone stands in its queue");
        };
    }

    private Event browsed(final Command query, final Message message) {
        final String bytes = new String(message.payload.bytes(), StandardCharsets.ISO_8859_1);
        final long most = state.limit(LimitId.FRAME_BYTES) - BROWSED_OVERHEAD;
        return new Event.BrowsedMessage(
                query.correlationId(),
                message.id,
                message.sequence,
                message.sentTimeNs,
                message.arrivedTimeNs,
                visibleTimeNs(message),
                message.holder == null ? 0 : message.holder.session.id,
                message.deadLetterSourceId,
                message.receiveCount,
                message.failedCount,
                bytes.length(),
                MessageStatus.valueOf(message.standing.name()),
                message.lane.priority(),
                bytes.substring(0, (int) Math.min(bytes.length(), most)));
    }

    /** A FIFO queue's delay counts as it is now. */
    private static long visibleTimeNs(final Message message) {
        final boolean delayedByQueue = message.standing == DELAYED && message.queue.isFifo();
        return delayedByQueue ? message.sentTimeNs + message.queue.settings.delayNs() : message.deadlineNs;
    }

    private Event limited(final Command query, final LimitId limitId, final long actual) {
        return ModelAnswers.limited(query, limitId, state.limit(limitId), actual, -1);
    }

    private static Event unknownQueue(final Command query) {
        return ModelAnswers.refused(query, ResultCode.UNKNOWN_QUEUE, -1);
    }
}
