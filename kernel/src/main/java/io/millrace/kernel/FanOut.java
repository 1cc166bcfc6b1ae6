package io.millrace.kernel;

import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.TopicTables.Publication;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.Row;
import io.millrace.kernel.memory.SlotTable;

/**
 * Brings publications to the subscriptions of their topic: in the order of publication, each to the subscriptions without a filter policy
 * first, in the order in which they came to have none, then to those whose policy it passed, in the order of their creation; and to at
 * most {@link #SLICE} of them in one record. The messages of all queues share the payload.
 */
final class FanOut {
    /** Subscriptions that one record looks at. */
    static final int SLICE = 1024;

    /** In the place of the length of an envelope: it was not asked for. */
    static final int NOT_WANTED = 0;

    private final State state;
    private final TopicState topics;
    private final SlotTable publications;
    private final SlotTable subscriptions;
    private final Messages messages;
    private final Deliveries deliveries;
    private final Deduplications deduplications;
    private final Audience audience;
    private final PlainStore plain;
    private final StreamDeliveries records;
    private final Content raw;
    private final Content enveloped;
    private final Content sessionRaw;
    private final Content sessionEnveloped;
    private final Content streamRaw;
    private final Content streamEnveloped;

    /** Whether sessions get something else of what was looked at last than queues. */
    private boolean isSplit;

    /** The same of streams. */
    private boolean isSplitForStreams;

    /** Whether it comes out of an archive. */
    private boolean isReplaying;

    /** Whether it is to come again then, because its shard has had its quota of the second. */
    private boolean isPutOff;

    FanOut(
            final State state,
            final Messages messages,
            final Deliveries deliveries,
            final Deduplications deduplications,
            final Audience audience,
            final Lanes lanes,
            final ShardWriter writer) {
        this.state = state;
        this.topics = state.topics;
        this.publications = state.topics.publications;
        this.subscriptions = state.topics.subscriptions;
        this.messages = messages;
        this.deliveries = deliveries;
        this.deduplications = deduplications;
        this.audience = audience;
        this.plain = new PlainStore(state, lanes);
        this.records = new StreamDeliveries(state, writer);
        this.raw = new Content(state.payloads);
        this.enveloped = new Content(state.payloads);
        this.sessionRaw = new Content(state.payloads);
        this.sessionEnveloped = new Content(state.payloads);
        this.streamRaw = new Content(state.payloads);
        this.streamEnveloped = new Content(state.payloads);
    }

    /**
     * Takes a publication with its payloads, which belong to it from now on.
     *
     * @param forQueues what queues get.
     * @param forSessions what sessions get; the same object if it is the same.
     * @param forStreams what streams get; likewise.
     * @param entry of the batch, whose audience was found.
     */
    void add(
            final int topic,
            final long messageId,
            final Rendition forQueues,
            final Rendition forSessions,
            final Rendition forStreams,
            final int entry) {
        final int publication = publications.allocate();
        publications.putLong(publication, Publication.MESSAGE_ID, messageId);
        publications.putLong(publication, Publication.TURN, state.next(Root.NEXT_TURN));
        publications.putInt(publication, Publication.TOPIC, topic);
        publications.putInt(publication, Publication.PAYLOAD, forQueues.payload);
        publications.putInt(publication, Publication.ENVELOPE_PAYLOAD_LINK, forQueues.envelope + 1);
        publications.putInt(publication, Publication.ACCOUNTED_BYTES, forQueues.bytes());
        publications.putInt(publication, Publication.ENVELOPE_BYTES, forQueues.envelopeBytes);
        if (forSessions != forQueues) {
            publications.putInt(publication, Publication.SESSION_PAYLOAD_LINK, forSessions.payload + 1);
            publications.putInt(publication, Publication.SESSION_ENVELOPE_PAYLOAD_LINK, forSessions.envelope + 1);
            publications.putInt(publication, Publication.SESSION_BYTES, forSessions.bytes());
            publications.putInt(publication, Publication.SESSION_ENVELOPE_BYTES, forSessions.envelopeBytes);
        }
        if (forStreams != forQueues) {
            publications.putInt(publication, Publication.STREAM_PAYLOAD_LINK, forStreams.payload + 1);
            publications.putInt(publication, Publication.STREAM_ENVELOPE_PAYLOAD_LINK, forStreams.envelope + 1);
        }
        publications.putInt(publication, Publication.AUDIENCE_PAYLOAD_LINK, audience.store(entry));
        publications.putInt(
                publication,
                Publication.RESERVED,
                topics.topics.getInt(topic, Topic.UNFILTERED_COUNT) + audience.count(entry));
        publications.seal(publication);
        link(publication);
        if (topics.topics.getLong(topic, Topic.PENDING_TURN) == 0) {
            await(topic);
        }
    }

    /** Puts a publication's row into the structures that follow from it. */
    void link(final int publication) {
        final int topic = publications.getInt(publication, Publication.TOPIC);
        final boolean isFirst = topics.unfinished.first(topic) < 0;
        topics.unfinished.addLast(topic, publication);
        topics.topics.putInt(topic, Topic.PUBLICATION_COUNT, topics.topics.getInt(topic, Topic.PUBLICATION_COUNT) + 1);
        topics.reservedMessages += publications.getInt(publication, Publication.RESERVED);
        if (isFirst) {
            setCursor(topic, publication);
        }
    }

    /** Begins where the publication left off; only after a snapshot is that not the first subscription. */
    private void setCursor(final int topic, final int publication) {
        final long doneTurn = publications.getLong(publication, Publication.CURSOR_TURN);
        int subscription = topics.unfiltered.first(topic);
        while (subscription >= 0 && sinceTurn(subscription) <= doneTurn) {
            subscription = topics.unfiltered.next(subscription);
        }
        topics.topics.putInt(topic, Topic.CURSOR_LINK, subscription + 1);
    }

    private long sinceTurn(final int subscription) {
        return subscriptions.getLong(subscription, Subscription.SINCE_TURN);
    }

    private void await(final int topic) {
        topics.topics.putLong(topic, Topic.PENDING_TURN, state.next(Root.NEXT_TURN));
        topics.topics.seal(topic);
        topics.pendingTopics.addLast(State.ONLY, topic);
    }

    /** Whether a publication has not reached every subscription. */
    boolean hasWork() {
        return topics.pendingTopics.first(State.ONLY) >= 0;
    }

    /** Goes on with what was published when a record begins. */
    void begin() {
        state.fanOutBudget = SLICE;
        work();
    }

    /** Goes on with what was published, topics in turn, as far as the record's budget goes. */
    void work() {
        while (state.fanOutBudget > 0 && hasWork()) {
            final int topic = topics.pendingTopics.first(State.ONLY);
            advance(topic);
            topics.pendingTopics.remove(State.ONLY, topic);
            if (topics.unfinished.first(topic) >= 0) {
                await(topic);
            } else {
                topics.topics.putLong(topic, Topic.PENDING_TURN, 0);
                topics.topics.seal(topic);
                if (topics.isDeleted(topic)) {
                    topics.topics.putSealed(topic, Topic.DELETED_TURN, state.next(Root.NEXT_TURN));
                    topics.deletedTopics.addLast(State.ONLY, topic);
                }
            }
        }
    }

    private void advance(final int topic) {
        int publication = topics.unfinished.first(topic);
        while (publication >= 0 && state.fanOutBudget > 0) {
            if (proceed(topic, publication)) {
                finish(topic, publication);
                // A publication costs something even where it has no subscription left.
                state.fanOutBudget--;
                publication = topics.unfinished.first(topic);
                if (publication >= 0) {
                    setCursor(topic, publication);
                }
            }
        }
    }

    /** Brings a publication to the next subscriptions; true if it has reached all. */
    private boolean proceed(final int topic, final int publication) {
        lookAt(publication);
        final long turn = publications.getLong(publication, Publication.TURN);
        long doneTurn = publications.getLong(publication, Publication.CURSOR_TURN);
        final long messageId = publications.getLong(publication, Publication.MESSAGE_ID);
        int delivered = 0;
        int subscription = topics.topics.getInt(topic, Topic.CURSOR_LINK) - 1;
        while (subscription >= 0 && sinceTurn(subscription) < turn && state.fanOutBudget > 0) {
            deliver(messageId, subscription);
            doneTurn = sinceTurn(subscription);
            subscription = topics.unfiltered.next(subscription);
            delivered++;
            state.fanOutBudget--;
        }
        unreserve(publication, delivered);
        topics.topics.putInt(topic, Topic.CURSOR_LINK, subscription + 1);
        publications.putLong(publication, Publication.CURSOR_TURN, doneTurn);
        final boolean isDone =
                (subscription < 0 || sinceTurn(subscription) >= turn) && proceedInAudience(publication, turn);
        lookAway();
        publications.seal(publication);
        return isDone;
    }

    /** Gives back the room that was kept for messages that are there now. */
    private void unreserve(final int publication, final int delivered) {
        publications.putInt(
                publication, Publication.RESERVED, publications.getInt(publication, Publication.RESERVED) - delivered);
        topics.reservedMessages -= delivered;
    }

    private boolean proceedInAudience(final int publication, final long turn) {
        long id = audience.next(publication);
        while (id != 0 && state.fanOutBudget > 0) {
            final int subscription = topics.anySubscriptionById(id);
            if (subscription >= 0 && sinceTurn(subscription) < turn) {
                deliverOne(publication, subscription);
            }
            state.fanOutBudget--;
            audience.advance(publication);
            id = audience.next(publication);
        }
        return id == 0;
    }

    /**
     * Brings what was published so far to a subscription at once: what it gets is about to change. That is one message for each publication
     * that is not finished, of which there are few: each has more than {@link #SLICE} subscriptions that room is kept for.
     */
    void catchUp(final int subscription) {
        int publication = topics.unfinished.first(subscriptions.getInt(subscription, Subscription.TOPIC));
        while (publication >= 0) {
            if (awaits(publication, subscription)) {
                lookAt(publication);
                deliverOne(publication, subscription);
                lookAway();
                publications.seal(publication);
            }
            publication = topics.unfinished.next(publication);
        }
    }

    /** Whether a publication is still to reach a subscription. */
    boolean awaits(final int publication, final int subscription) {
        final long since = sinceTurn(subscription);
        if (since >= publications.getLong(publication, Publication.TURN)) {
            return false;
        }
        return topics.isFiltered(subscription)
                ? audience.awaits(publication, subscriptions.getLong(subscription, Subscription.ID))
                : since > publications.getLong(publication, Publication.CURSOR_TURN);
    }

    private void finish(final int topic, final int publication) {
        topics.reservedMessages -= publications.getInt(publication, Publication.RESERVED);
        state.payloads.release(publications.getInt(publication, Publication.PAYLOAD));
        release(publication, Publication.ENVELOPE_PAYLOAD_LINK);
        release(publication, Publication.SESSION_PAYLOAD_LINK);
        release(publication, Publication.SESSION_ENVELOPE_PAYLOAD_LINK);
        release(publication, Publication.STREAM_PAYLOAD_LINK);
        release(publication, Publication.STREAM_ENVELOPE_PAYLOAD_LINK);
        topics.unfinished.remove(topic, publication);
        topics.topics.putInt(topic, Topic.PUBLICATION_COUNT, topics.topics.getInt(topic, Topic.PUBLICATION_COUNT) - 1);
        publications.free(publication);
    }

    private void release(final int publication, final int link) {
        final int payload = publications.getInt(publication, link) - 1;
        if (payload >= 0) {
            state.payloads.release(payload);
        }
    }

    private void lookAt(final int publication) {
        raw.lookAt(
                publications.getInt(publication, Publication.PAYLOAD),
                publications.getInt(publication, Publication.ACCOUNTED_BYTES));
        enveloped.lookAt(
                publications.getInt(publication, Publication.ENVELOPE_PAYLOAD_LINK) - 1,
                publications.getInt(publication, Publication.ENVELOPE_BYTES));
        final int forSessions = publications.getInt(publication, Publication.SESSION_PAYLOAD_LINK) - 1;
        isSplit = forSessions >= 0;
        if (isSplit) {
            sessionRaw.lookAt(forSessions, publications.getInt(publication, Publication.SESSION_BYTES));
            sessionEnveloped.lookAt(
                    publications.getInt(publication, Publication.SESSION_ENVELOPE_PAYLOAD_LINK) - 1,
                    publications.getInt(publication, Publication.SESSION_ENVELOPE_BYTES));
        }
        final int forStreams = publications.getInt(publication, Publication.STREAM_PAYLOAD_LINK) - 1;
        isSplitForStreams = forStreams >= 0;
        if (isSplitForStreams) {
            streamRaw.lookAt(forStreams, 0);
            streamEnveloped.lookAt(publications.getInt(publication, Publication.STREAM_ENVELOPE_PAYLOAD_LINK) - 1, 0);
        }
    }

    /** Gives back what was taken of the contents that were looked at and is nobody's. */
    private void lookAway() {
        raw.lookAway();
        enveloped.lookAway();
        sessionRaw.lookAway();
        sessionEnveloped.lookAway();
        streamRaw.lookAway();
        streamEnveloped.lookAway();
    }

    /** Brings a publication that was looked at to one subscription that room was kept for. */
    private void deliverOne(final int publication, final int subscription) {
        deliver(publications.getLong(publication, Publication.MESSAGE_ID), subscription);
        unreserve(publication, 1);
    }

    /** Brings a message that was looked at to a subscription. */
    private void deliver(final long messageId, final int subscription) {
        final long row = subscriptions.row(subscription);
        // A subscription that asks for envelopes from now on gets what was published before as it is.
        final boolean isRaw = topics.isRaw(subscription) || enveloped.bytes == NOT_WANTED;
        if (topics.isForStream(subscription)) {
            put(messageId, isRaw, subscription);
            return;
        }
        final int queue = queueOf(row);
        if (topics.isForSessions(subscription)) {
            count(subscription, Subscription.REACHED_COUNT);
            push(queue, isRaw, subscription);
            return;
        }
        final Content content = isRaw ? raw : enveloped;
        // What a queue cannot take at all would not be taken later either (N11).
        if (queue < 0
                || !content.canBeStored
                || content.bytes > Integer.toUnsignedLong(state.queues.getInt(queue, Queue.MAX_MESSAGE_BYTES))) {
            fail(content.payload < 0 ? raw : content, subscription);
            return;
        }
        if (!content.isGrouped && plain.isPlain(queue)) {
            plain.store(queue, content.take());
        } else {
            storeUnlessDuplicate(queue, content);
        }
        subscriptions.addSealed(row, Subscription.DELIVERED_COUNT, 1);
    }

    /**
     * Brings an archived message to a subscription, and gives back its payloads.
     *
     * @return false if it is a stream whose shard has had its quota of the second.
     */
    boolean replay(final int subscription, final long messageId, final Rendition rendition) {
        isSplit = false;
        isSplitForStreams = false;
        raw.lookAt(rendition.payload, rendition.bytes());
        enveloped.lookAt(rendition.envelope, rendition.envelopeBytes);
        isReplaying = true;
        isPutOff = false;
        deliver(messageId, subscription);
        isReplaying = false;
        lookAway();
        state.payloads.release(rendition.payload);
        if (rendition.envelope >= 0) {
            state.payloads.release(rendition.envelope);
        }
        return !isPutOff;
    }

    /** The queue of a subscription, -1 if it was deleted. */
    private int queueOf(final long subscription) {
        final int queue = Row.getInt(subscription, Subscription.QUEUE_LINK) - 1;
        if (queue < 0) {
            return -1;
        }
        final long row = state.queues.row(queue);
        return Row.getLong(row, Queue.ID) == Row.getLong(subscription, Subscription.QUEUE_ID)
                        && Row.getLong(row, Queue.DELETED_TURN) == 0
                ? queue
                : -1;
    }

    private void push(final int queue, final boolean isRaw, final int subscription) {
        final Content unwrapped = isSplit ? sessionRaw : raw;
        final Content content = isRaw ? unwrapped : isSplit ? sessionEnveloped : enveloped;
        if (content.payload < 0) {
            fail(unwrapped, subscription);
        } else {
            store(queue, content);
            deliveries.dispatch(queue);
        }
    }

    /** Puts a record into a stream; one that it does not take now is not tried again (N11: what the endpoint refuses is final). */
    private void put(final long messageId, final boolean isRaw, final int subscription) {
        final Content unwrapped = isSplitForStreams ? streamRaw : raw;
        final Content content = isRaw ? unwrapped : isSplitForStreams ? streamEnveloped : enveloped;
        if (content.payload < 0) {
            fail(unwrapped, subscription);
        } else if (records.put(subscription, messageId, unwrapped.payload, content.payload, content.ids)) {
            count(subscription, Subscription.DELIVERED_COUNT);
        } else if (isReplaying && records.isThrottled()) {
            isPutOff = true;
        } else {
            fail(content, subscription);
        }
    }

    private void storeUnlessDuplicate(final int queue, final Content content) {
        if (state.isFifo(queue)) {
            if (deduplications.find(queue, content.ids) >= 0) {
                state.counters.duplicates++;
                return;
            }
            deduplications.track(queue, store(queue, content));
        } else {
            store(queue, content);
        }
        deliveries.dispatch(queue);
    }

    private int store(final int queue, final Content content) {
        final int message = messages.storePublished(queue, content.take(), content.ids);
        if (isReplaying) {
            state.messages.putInt(
                    message, Message.FLAGS, state.messages.getInt(message, Message.FLAGS) | Message.REPLAYED);
            state.messages.seal(message);
        }
        return message;
    }

    /** What a subscription cannot take goes to its dead-letter queue as it would have got it, or it is discarded. */
    private void fail(final Content content, final int subscription) {
        final int target = state.queueById(subscriptions.getLong(subscription, Subscription.DEAD_LETTER_QUEUE_ID));
        if (target < 0) {
            count(subscription, Subscription.DISCARDED_COUNT);
            state.counters.undeliverable++;
            return;
        }
        final int message = store(target, content);
        state.messages.putInt(message, Message.FLAGS, state.messages.getInt(message, Message.FLAGS) | Message.MOVED);
        state.messages.seal(message);
        count(subscription, Subscription.DEAD_LETTER_COUNT);
        state.counters.deadLetters++;
        deliveries.dispatch(target);
    }

    private void count(final int subscription, final int field) {
        subscriptions.addSealed(subscriptions.row(subscription), field, 1);
    }
}
