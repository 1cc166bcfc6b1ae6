package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.kernel.QueueTables.Deduplication;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/**
 * The deduplication ids of FIFO queues, remembered for the window from the first accepted send on.
 *
 * <p>An id is kept as a digest of what it is unique in: of the id alone, or of the message group and the id. An entry keeps the scope
 * under which it was accepted, whatever becomes of the queue's setting, so both are looked up.
 */
final class Deduplications {
    private static final int SCOPE_QUEUE = 0;
    private static final int SCOPE_GROUP = 1;

    /** Old entries forgotten in one record: as many as one record may bring, so that they do not pile up. */
    private static final int QUANTUM = Kernel.SLICE;

    private final State state;
    private final SlotTable entries;
    private final Digest body = new Digest();
    private final Digest ofQueue = new Digest();
    private final Digest ofGroup = new Digest();

    Deduplications(final State state) {
        this.state = state;
        this.entries = state.deduplications;
    }

    /** The entry that makes a message to a FIFO queue a duplicate, -1 if it is none. */
    int find(final int queue, final PayloadIds ids) {
        return find(state.queues.getLong(queue, Queue.ID), state.queues.getInt(queue, Queue.EPOCH), ids);
    }

    /** The entry that makes a message to a FIFO topic a duplicate, -1 if it is none. */
    int findInTopic(final int topic, final PayloadIds ids) {
        return find(ownerOf(topic), 0, ids);
    }

    /** Topics stand beside queues under negative ids. */
    private long ownerOf(final int topic) {
        return -state.topics.topics.getLong(topic, Topic.ID);
    }

    private int find(final long ownerId, final int epoch, final PayloadIds ids) {
        digest(ids);
        final int inQueue = find(ownerId, epoch, ofQueue);
        final int inGroup = find(ownerId, epoch, ofGroup);
        if (inQueue < 0 || inGroup < 0) {
            return Math.max(inQueue, inGroup);
        }
        return entries.getLong(inQueue, Deduplication.TURN) < entries.getLong(inGroup, Deduplication.TURN)
                ? inQueue
                : inGroup;
    }

    private void digest(final PayloadIds ids) {
        ofQueue.update(SCOPE_QUEUE);
        ofGroup.update(SCOPE_GROUP);
        ofGroup.update(ids.groupIdLength());
        ofGroup.update(ids.groupIdLength() >>> Byte.SIZE);
        ofGroup.update(ids.buffer(), ids.groupIdOffset(), ids.groupIdLength());
        if (ids.deduplicationIdLength() > 0) {
            addId(ids.buffer(), ids.deduplicationIdOffset(), ids.deduplicationIdLength());
        } else {
            // The hash of the body stands for the id as text, so that an explicit id can be a duplicate of it.
            body.update(ids.buffer(), ids.bodyOffset(), ids.bodyLength());
            body.end();
            addId(body.hex(), 0, Digest.hexLength());
        }
        ofQueue.end();
        ofGroup.end();
    }

    private void addId(final DirectBuffer buffer, final int offset, final int length) {
        ofQueue.update(buffer, offset, length);
        ofGroup.update(buffer, offset, length);
    }

    private int find(final long ownerId, final int epoch, final Digest digest) {
        int entry = state.deduplicationsByKey.first(State.digestKey(ownerId, digest.word(0)));
        while (entry >= 0 && !isTracked(entry, ownerId, epoch, digest)) {
            entry = state.deduplicationsByKey.next(entry);
        }
        return entry;
    }

    private boolean isTracked(final int entry, final long ownerId, final int epoch, final Digest digest) {
        return entries.getLong(entry, Deduplication.OWNER_ID) == ownerId
                && entries.getInt(entry, Deduplication.EPOCH) == epoch
                && digest.matches(entries, entry, Deduplication.DIGEST)
                && !isOver(entry);
    }

    private boolean isOver(final int entry) {
        return state.nowNs - entries.getLong(entry, Deduplication.TIME) >= state.limit(LimitId.DEDUPLICATION_WINDOW);
    }

    /** Remembers the id that was looked for last, for a message that was just stored. */
    void track(final int queue, final int message) {
        track(
                state.queues.getLong(queue, Queue.ID),
                state.queues.getInt(queue, Queue.EPOCH),
                state.queues.getInt(queue, Queue.DEDUPLICATION_SCOPE),
                state.messages.getLong(message, Message.ID),
                state.messages.getLong(message, Message.SEQUENCE));
    }

    /** Remembers the id that was looked for last, for a message that is being published. */
    void trackInTopic(final int topic, final long messageId, final long sequence) {
        track(ownerOf(topic), 0, state.topics.topics.getInt(topic, Topic.DEDUPLICATION_SCOPE), messageId, sequence);
    }

    private void track(
            final long ownerId, final int epoch, final int scope, final long messageId, final long sequence) {
        final boolean isGroup = scope == QueueScope.MESSAGE_GROUP.value();
        final int entry = entries.allocate();
        entries.putLong(entry, Deduplication.OWNER_ID, ownerId);
        entries.putInt(entry, Deduplication.EPOCH, epoch);
        entries.putLong(entry, Deduplication.TIME, state.nowNs);
        entries.putLong(entry, Deduplication.MESSAGE_ID, messageId);
        entries.putLong(entry, Deduplication.SEQUENCE, sequence);
        entries.putLong(entry, Deduplication.TURN, state.next(Root.NEXT_TURN));
        (isGroup ? ofGroup : ofQueue).put(entries, entry, Deduplication.DIGEST);
        entries.seal(entry);
        link(entry);
    }

    /** Puts an entry's row into the structures that follow from it. */
    void link(final int entry) {
        state.deduplicationOrder.addLast(State.ONLY, entry);
        state.deduplicationsByKey.add(entry);
    }

    long messageId(final int entry) {
        return entries.getLong(entry, Deduplication.MESSAGE_ID);
    }

    long sequence(final int entry) {
        return entries.getLong(entry, Deduplication.SEQUENCE);
    }

    /** Forgets a few entries whose window is over: the oldest come first. */
    void forgetOld() {
        for (int i = 0; i < QUANTUM; i++) {
            final int entry = state.deduplicationOrder.first(State.ONLY);
            if (entry < 0 || !isOver(entry)) {
                return;
            }
            state.deduplicationOrder.remove(State.ONLY, entry);
            state.deduplicationsByKey.remove(entry);
            entries.free(entry);
        }
    }
}
