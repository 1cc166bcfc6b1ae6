package io.millrace.client;

import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.ResultCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes, finds, changes and removes queues, and moves and shows what is in them. Every call waits for its answer, at most the context's request timeout, and polls
 * meanwhile, so messages and confirmations reach their handlers as usual. Not to be called from inside a handler.
 *
 * <p>Every call throws {@link MillraceException} if the server refuses, and {@link MillraceTimeoutException} if it does
 * not answer in time; a query is asked again after a reconnect.
 */
public final class Queues {
    private static final int PAGE_ENTRIES = 100;

    /** Messages of a page; no profile allows fewer. */
    private static final int BROWSE_MESSAGES = 10;

    private final QueueFrames frames;
    private final Subscriptions subscriptions;
    private final BlockingRequests requests;

    Queues(final QueueFrames frames, final Subscriptions subscriptions, final BlockingRequests requests) {
        this.frames = frames;
        this.subscriptions = subscriptions;
        this.requests = requests;
    }

    /**
     * Creates a queue. One of this name and these settings is left as it is.
     *
     * @param settings of the queue
     * @return id of the queue
     */
    public long create(final QueueSettings settings) {
        return command(
                "create the queue " + settings.name(),
                "is named " + settings.name() + ", or is its dead-letter queue",
                () -> frames.create(settings));
    }

    /**
     * Creates a queue with the server's defaults.
     *
     * @param name of the queue
     * @return id of the queue
     */
    public long create(final String name) {
        return create(QueueSettings.named(name));
    }

    /**
     * Changes settings of a queue.
     *
     * @param queueId the queue
     * @param changes what is not set in them stays as it is
     */
    public void set(final long queueId, final QueueSettings changes) {
        command("change the queue " + queueId, hasId(queueId), () -> frames.set(queueId, changes));
    }

    /**
     * Finds a queue.
     *
     * @param name of the queue
     * @return the queue; {@code UNKNOWN_QUEUE} is thrown if there is none
     */
    public QueueInfo lookUp(final String name) {
        return query("look up the queue " + name, "is named " + name, QueueInfo.class, () -> frames.lookUp(name));
    }

    /**
     * Tells of a queue.
     *
     * @param queueId the queue
     * @return its settings and counts
     */
    public QueueInfo describe(final long queueId) {
        return query("describe the queue " + queueId, hasId(queueId), QueueInfo.class, () -> frames.describe(queueId));
    }

    /**
     * Lists queues in order of creation, page by page until the last.
     *
     * @param prefix only names that start with this; may be empty
     * @return the queues
     */
    public List<QueueName> list(final String prefix) {
        final List<QueueName> result = new ArrayList<>();
        long after = 0;
        do {
            final long start = after;
            final Answers.QueuePage page = query(
                    "list the queues",
                    "is there",
                    Answers.QueuePage.class,
                    () -> frames.list(start, PAGE_ENTRIES, prefix));
            result.addAll(page.queues());
            after = page.nextAfterQueueId();
        } while (after != 0);
        return result;
    }

    /**
     * Deletes a queue and all its messages.
     *
     * @param queueId the queue
     */
    public void delete(final long queueId) {
        command("delete the queue " + queueId, hasId(queueId), () -> frames.delete(queueId));
    }

    /**
     * Removes all messages of a queue, delayed and in flight ones too.
     *
     * @param queueId the queue; {@code PURGE_IN_PROGRESS} is thrown if it was purged too short a time ago
     */
    public void purge(final long queueId) {
        command("purge the queue " + queueId, hasId(queueId), () -> frames.purge(queueId));
    }

    /**
     * Adds tags to a queue, or replaces their values.
     *
     * @param queueId the queue
     * @param tags values by key
     */
    public void tag(final long queueId, final Map<String, String> tags) {
        command("tag the queue " + queueId, hasId(queueId), () -> frames.tag(queueId, tags));
    }

    /**
     * Removes tags of a queue; keys that it does not have are none.
     *
     * @param queueId the queue
     * @param keys of the tags
     */
    public void untag(final long queueId, final Collection<String> keys) {
        command("untag the queue " + queueId, hasId(queueId), () -> frames.untag(queueId, keys));
    }

    /**
     * Tells the tags of a queue.
     *
     * @param queueId the queue
     * @return values by key, in the order in which the keys were added
     */
    public Map<String, String> tags(final long queueId) {
        return query(
                        "list the tags of the queue " + queueId,
                        hasId(queueId),
                        Answers.Tags.class,
                        () -> frames.listTags(queueId))
                .tags();
    }

    /**
     * Sets who may do what with a queue.
     *
     * @param queueId the queue
     * @param entries the whole list; empty: everybody may do everything
     */
    public void setAccess(final long queueId, final List<AccessEntry> entries) {
        command("set the access to the queue " + queueId, hasId(queueId), () -> frames.setAccess(queueId, entries));
    }

    /**
     * Tells who may do what with a queue.
     *
     * @param queueId the queue
     * @return the whole list; empty: everybody may do everything
     */
    public List<AccessEntry> access(final long queueId) {
        return query(
                        "tell the access to the queue " + queueId,
                        hasId(queueId),
                        Answers.Access.class,
                        () -> frames.describeAccess(queueId))
                .entries();
    }

    /**
     * Lists the queues that have a queue as their dead-letter queue, in the order in which they took it.
     *
     * @param queueId the dead-letter queue
     * @return the queues
     */
    public List<QueueName> deadLetterSources(final long queueId) {
        final List<QueueName> result = new ArrayList<>();
        long after = 0;
        do {
            final long start = after;
            final Answers.QueuePage page = query(
                    "list the sources of the queue " + queueId,
                    hasId(queueId),
                    Answers.QueuePage.class,
                    () -> frames.listDeadLetterSources(queueId, start, PAGE_ENTRIES));
            result.addAll(page.queues());
            after = page.nextAfterQueueId();
        } while (after != 0);
        return result;
    }

    /**
     * Starts a task that moves the available messages of a dead-letter queue, as new messages.
     *
     * @param queueId the dead-letter queue
     * @param destinationQueueId where to; 0: each message to the queue it came from
     * @param messagesPerSecond at most this many a second; 0: as many as the server allows
     * @return id of the task
     */
    public long startRedrive(final long queueId, final long destinationQueueId, final int messagesPerSecond) {
        return command(
                "start to redrive the queue " + queueId,
                hasId(queueId) + (destinationQueueId == 0 ? "" : ", or " + destinationQueueId),
                () -> frames.startRedrive(queueId, destinationQueueId, messagesPerSecond));
    }

    /**
     * Ends a redrive task; what was moved stays moved.
     *
     * @param taskId the task
     * @return messages that it moved
     */
    public long cancelRedrive(final long taskId) {
        return command("cancel the redrive task " + taskId, "has this task", () -> frames.cancelRedrive(taskId));
    }

    /**
     * Lists the redrive tasks of a dead-letter queue; an ended one is kept until the next starts.
     *
     * @param queueId the dead-letter queue
     * @return the tasks, the newest first
     */
    public List<RedriveTask> redrives(final long queueId) {
        return query(
                        "list the redrive tasks of the queue " + queueId,
                        hasId(queueId),
                        Answers.Redrives.class,
                        () -> frames.listRedrives(queueId))
                .tasks();
    }

    /**
     * Looks at the messages of a queue in the order of their arrival, and changes nothing. Each page is asked for when the
     * iterator comes to it, so {@link Iterator#hasNext()} waits as every call here does.
     *
     * @param queueId the queue
     * @param statuses which messages; DELAYED and AWAITING_RETRY are shown together
     * @return copies of the messages
     */
    public Iterator<BrowsedMessage> browse(final long queueId, final Set<MessageStatus> statuses) {
        final Set<MessageStatus> wanted = Set.copyOf(statuses);
        return new MessagePages(cursor -> {
            final Answers.BrowseEnd end = query(
                    "browse the queue " + queueId,
                    hasId(queueId),
                    Answers.BrowseEnd.class,
                    () -> frames.browse(queueId, cursor, BROWSE_MESSAGES, wanted));
            return new MessagePages.Page(requests.browsed(), end.nextCursor());
        });
    }

    /**
     * Has {@link ClientListener#onQueueAlarm} hear of the alarms of a queue, at once of one that stands. Lasts over reconnects;
     * the request is then confirmed, or refused, again under its id.
     *
     * @param queueId the queue
     */
    public void watch(final long queueId) {
        command("watch the queue " + queueId, hasId(queueId), () -> subscriptions.watch(queueId));
    }

    /**
     * Ends what {@link #watch} started.
     *
     * @param queueId the queue
     */
    public void unwatch(final long queueId) {
        command("stop watching the queue " + queueId, hasId(queueId), () -> subscriptions.unwatch(queueId));
    }

    private static String hasId(final long queueId) {
        return "has the id " + queueId;
    }

    private long command(final String purpose, final String whichQueue, final BlockingRequests.Request request) {
        return requests.command(purpose, none(whichQueue), request);
    }

    private <T> T query(
            final String purpose,
            final String whichQueue,
            final Class<T> answerType,
            final BlockingRequests.Request request) {
        return requests.query(purpose, none(whichQueue), answerType, request);
    }

    private static BlockingRequests.Explanation none(final String whichQueue) {
        return refusal -> refusal.code() == ResultCode.UNKNOWN_QUEUE ? "No queue " + whichQueue + "." : null;
    }
}
