package io.millrace.kernel;

import io.millrace.codecs.RedriveStatus;
import io.millrace.kernel.ModelState.Queue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/** Draws commands and queries about queues as such. */
final class RandomQueueCommands {

    private static final int CURSORS_KEPT = 20;

    private final RandomValues values;
    private final RandomSettings settings;
    private final Random random;
    private final List<Map.Entry<Long, Long>> cursors = new ArrayList<>();
    private final List<LongFunction<Command>> changes = new ArrayList<>();
    private final List<LongFunction<Command>> queries = new ArrayList<>();

    RandomQueueCommands(final RandomValues values) {
        this.values = values;
        settings = new RandomSettings(values);
        random = values.random;
        add(changes, 6, this::setQueueSettings);
        add(changes, 2, this::purge);
        add(changes, 3, this::tagQueue);
        add(changes, 1, this::untagQueue);
        add(changes, 2, this::setQueueAccess);
        add(changes, 5, id -> new Command.WatchQueue(id, values.consumedId(), !values.oneIn(4)));
        add(changes, 10, this::startRedrive);
        add(changes, 1, this::cancelRedrive);
        queries.add(id -> new Command.LookUpQueue(id, values.name()));
        queries.add(this::listQueues);
        queries.add(id -> new Command.DescribeQueue(id, values.queueId()));
        queries.add(id -> new Command.DescribeQueue(id, values.consumedId()));
        add(queries, 1, id -> new Command.ListQueueTags(id, values.queueId()));
        add(queries, 1, id -> new Command.DescribeQueueAccess(id, values.queueId()));
        add(queries, 2, this::listDeadLetterSources);
        add(queries, 2, id -> new Command.ListRedrives(id, values.queueId(this::isDeadLetterQueue)));
        add(queries, 4, this::browse);
    }

    private void add(final List<LongFunction<Command>> kinds, final int weight, final LongFunction<Command> kind) {
        for (int i = 0; i < weight && !values.arePlain(); i++) {
            kinds.add(kind);
        }
    }

    /** Remembers where a page of messages ended. */
    void learnCursor(final long queueId, final long cursor) {
        if (cursors.size() == CURSORS_KEPT) {
            cursors.remove(0);
        }
        cursors.add(Map.entry(queueId, cursor));
    }

    Command create(final long correlationId) {
        final String name = values.name();
        return new Command.CreateQueue(correlationId, values.producer(), name, settings.ofNew(name));
    }

    /** Now and then of a queue whose dead letters lie elsewhere. */
    Command delete(final long correlationId) {
        if (!values.oneIn(2)) {
            return query(correlationId);
        }
        final boolean ofSource = values.oneIn(3);
        final long queueId = values.queueId(queue -> !ofSource || queue.settings.deadLetterQueueId() != 0);
        return new Command.DeleteQueue(correlationId, values.producer(), queueId);
    }

    /** A change, if the kernel has one to make. */
    Command change(final long correlationId) {
        return changes.isEmpty() ? query(correlationId) : values.any(changes).apply(correlationId);
    }

    /** A query about a queue that exists, or not. */
    Command query(final long correlationId) {
        return values.any(queries).apply(correlationId);
    }

    private Command listQueues(final long id) {
        return new Command.ListQueues(id, random.nextInt(4), random.nextInt(6), values.oneIn(2) ? "" : "q");
    }

    private Command setQueueSettings(final long id) {
        final long queueId = values.queueId();
        return new Command.SetQueueSettings(id, values.producer(), queueId, settings.ofChange(queueId));
    }

    /** Now and then the same queue again. */
    private Command purge(final long id) {
        final long queueId = values.oneIn(3) ? values.queueId(queue -> queue.purgedTimeNs != null) : values.queueId();
        return new Command.PurgeQueue(id, values.producer(), queueId);
    }

    private Command tagQueue(final long id) {
        return new Command.TagQueue(id, values.producer(), values.queueId(), tags());
    }

    List<Command.Tag> tags() {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> new Command.Tag(key(), values.text(random.nextInt(values.oneIn(20) ? 12 : 9))))
                .toList();
    }

    private Command untagQueue(final long id) {
        return new Command.UntagQueue(id, values.producer(), values.queueId(), keys());
    }

    List<String> keys() {
        return IntStream.range(0, random.nextInt(4)).mapToObj(i -> key()).toList();
    }

    private String key() {
        return values.oneIn(30) ? values.oneOf("", "toolong", "k" + (char) 0xC3) : "k" + random.nextInt(6);
    }

    private Command setQueueAccess(final long id) {
        return new Command.SetQueueAccess(id, values.producer(), values.queueId(), access());
    }

    /** A list that leaves out somebody, but more often none; somebody can nearly always change it again. */
    List<Command.AccessEntry> access() {
        final int count = values.oneIn(20) ? 3 : values.oneIn(4) ? random.nextInt(3) : -1;
        final List<Command.AccessEntry> entries = new ArrayList<>();
        if (count >= 0) {
            entries.add(new Command.AccessEntry(!values.oneIn(4), !values.oneIn(4), !values.oneIn(10), ""));
        }
        IntStream.range(0, count)
                .mapToObj(i -> new Command.AccessEntry(
                        !values.oneIn(3), !values.oneIn(3), !values.oneIn(3), values.oneOf("", "alice", "bob")))
                .forEach(entries::add);
        return entries;
    }

    private boolean isDeadLetterQueue(final Queue queue) {
        return values.state.queues.values().stream().anyMatch(other -> other.settings.deadLetterQueueId() == queue.id);
    }

    private Command startRedrive(final long id) {
        final long queueId = values.queueId(queue -> isDeadLetterQueue(queue) && !queue.messages.isEmpty());
        final long destination = values.oneIn(3)
                ? values.queueId(queue -> queue.isFifo() == values.isFifo(queueId) && queue.id != queueId)
                : 0;
        final long rate = values.oneIn(40) ? 998 : values.oneOf(0L, 331L, 89L, 89L);
        return new Command.StartRedrive(id, values.producer(), queueId, destination, rate);
    }

    private Command cancelRedrive(final long id) {
        final List<Long> running = values.state.queues.values().stream()
                .filter(queue -> queue.redrive != null && queue.redrive.status == RedriveStatus.RUNNING)
                .map(queue -> queue.redrive.taskId)
                .toList();
        final long taskId = running.isEmpty() || values.oneIn(5)
                ? random.nextInt((int) values.state.nextTaskId + 1)
                : values.any(running);
        return new Command.CancelRedrive(id, values.producer(), taskId);
    }

    private Command listDeadLetterSources(final long id) {
        final long queueId = values.queueId(this::isDeadLetterQueue);
        final long after = values.oneIn(2) ? values.queueId(queue -> queue.settings.deadLetterQueueId() == queueId) : 0;
        return new Command.ListDeadLetterSources(id, queueId, after, random.nextInt(6));
    }

    private Command browse(final long id) {
        final Map.Entry<Long, Long> page =
                cursors.isEmpty() || values.oneIn(2) ? Map.entry(values.consumedId(), 0L) : values.any(cursors);
        return new Command.BrowseMessages(
                id,
                page.getKey(),
                page.getValue(),
                values.receiveMax(),
                !values.oneIn(4),
                !values.oneIn(4),
                !values.oneIn(4));
    }
}
