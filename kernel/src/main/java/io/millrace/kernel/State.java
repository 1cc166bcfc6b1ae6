package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.Profile;
import io.millrace.codecs.QueueType;
import io.millrace.kernel.QueueTables.Attempt;
import io.millrace.kernel.QueueTables.Deduplication;
import io.millrace.kernel.QueueTables.DeletedName;
import io.millrace.kernel.QueueTables.Grave;
import io.millrace.kernel.QueueTables.Redrive;
import io.millrace.kernel.QueueTables.Watch;
import io.millrace.kernel.Tables.Consumer;
import io.millrace.kernel.Tables.Lane;
import io.millrace.kernel.Tables.Limit;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Payload;
import io.millrace.kernel.Tables.Producer;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Result;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.Tables.Transfer;
import io.millrace.kernel.Tables.Waiter;
import io.millrace.kernel.memory.HashIndex;
import io.millrace.kernel.memory.Hashing;
import io.millrace.kernel.memory.IntrusiveList;
import io.millrace.kernel.memory.OrderedTree;
import io.millrace.kernel.memory.Payloads;
import io.millrace.kernel.memory.SipHash;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** Everything the kernel knows: its tables, the structures derived from them, and the time. */
final class State {
    /** The only row of the tables that have one. */
    static final int ONLY = 0;

    final SlotTable root = new SlotTable(Root.TABLE, Root.ROW_LENGTH, Root.LOGICAL_END);
    final SlotTable limits = new SlotTable(Limit.TABLE, Limit.ROW_LENGTH, Limit.LOGICAL_END);
    final SlotTable queues = new SlotTable(Queue.TABLE, Queue.ROW_LENGTH, Queue.LOGICAL_END);
    final SlotTable graves = new SlotTable(Grave.TABLE, Grave.ROW_LENGTH, Grave.LOGICAL_END);
    final SlotTable deletedNames = new SlotTable(DeletedName.TABLE, DeletedName.ROW_LENGTH, DeletedName.LOGICAL_END);
    final SlotTable lanes = new SlotTable(Lane.TABLE, Lane.ROW_LENGTH, Lane.LOGICAL_END);
    final SlotTable messages = new SlotTable(Message.TABLE, Message.ROW_LENGTH, Message.LOGICAL_END);
    final KernelCounters counters = new KernelCounters();
    final BlobState blobs = new BlobState(root, counters);
    final Payloads payloads = new Payloads(Payload.TABLE, blobs);
    final SlotTable sessions = new SlotTable(Session.TABLE, Session.ROW_LENGTH, Session.LOGICAL_END);
    final SlotTable consumers = new SlotTable(Consumer.TABLE, Consumer.ROW_LENGTH, Consumer.LOGICAL_END);
    final SlotTable watches = new SlotTable(Watch.TABLE, Watch.ROW_LENGTH, Watch.LOGICAL_END);
    final SlotTable waiters = new SlotTable(Waiter.TABLE, Waiter.ROW_LENGTH, Waiter.LOGICAL_END);
    final SlotTable deduplications =
            new SlotTable(Deduplication.TABLE, Deduplication.ROW_LENGTH, Deduplication.LOGICAL_END);
    final SlotTable redrives = new SlotTable(Redrive.TABLE, Redrive.ROW_LENGTH, Redrive.LOGICAL_END);
    final SlotTable attempts = new SlotTable(Attempt.TABLE, Attempt.ROW_LENGTH, Attempt.LOGICAL_END);
    final SlotTable transfers = new SlotTable(Transfer.TABLE, Transfer.ROW_LENGTH, Transfer.LOGICAL_END);
    final SlotTable producers = new SlotTable(Producer.TABLE, Producer.ROW_LENGTH, Producer.LOGICAL_END);
    final SlotTable results = new SlotTable(Result.TABLE, Result.ROW_LENGTH, Result.LOGICAL_END);

    final TopicState topics = new TopicState(root, payloads);
    final StreamState streams = new StreamState(root, sessions, payloads);
    final GroupState groups = new GroupState(root, payloads, streams, sessions);

    /** In the order in which a snapshot holds them: a row comes after the rows it refers to. */
    final SlotTable[] tables = {
        root,
        limits,
        payloads,
        queues,
        graves,
        deletedNames,
        lanes,
        redrives,
        sessions,
        watches,
        consumers,
        deduplications,
        attempts,
        messages,
        waiters,
        transfers,
        producers,
        results,
        topics.topics,
        topics.subscriptions,
        topics.publications,
        blobs.blobs,
        streams.streams,
        streams.shards,
        groups.groups,
        groups.members,
        groups.leases,
        streams.consumers,
        streams.pushes,
        topics.archives,
        topics.replays
    };

    final IntrusiveList openSessions = rootList(Root.SESSIONS, sessions, Session.ROOT_NEXT, Session.ROOT_PREVIOUS);
    final IntrusiveList closedSessions =
            rootList(Root.CLOSED_SESSIONS, sessions, Session.ROOT_NEXT, Session.ROOT_PREVIOUS);
    final IntrusiveList deletedQueues = rootList(Root.DELETED_QUEUES, queues, Queue.ROOT_NEXT, Queue.ROOT_PREVIOUS);
    final IntrusiveList pendingQueues =
            rootList(Root.PENDING_QUEUES, queues, Queue.PENDING_NEXT, Queue.PENDING_PREVIOUS);
    final IntrusiveList openGraves = rootList(Root.GRAVES, graves, Grave.ROOT_NEXT, Grave.ROOT_PREVIOUS);
    final IntrusiveList deletedNameOrder =
            rootList(Root.DELETED_NAMES, deletedNames, DeletedName.ROOT_NEXT, DeletedName.ROOT_PREVIOUS);
    final IntrusiveList idleProducers = rootList(Root.PRODUCERS, producers, Producer.ROOT_NEXT, Producer.ROOT_PREVIOUS);

    final IntrusiveList deduplicationOrder =
            rootList(Root.DEDUPLICATIONS, deduplications, Deduplication.ROOT_NEXT, Deduplication.ROOT_PREVIOUS);
    final IntrusiveList attemptOrder = rootList(Root.ATTEMPTS, attempts, Attempt.ROOT_NEXT, Attempt.ROOT_PREVIOUS);
    final IntrusiveList attemptMessages =
            list(attempts, Attempt.MESSAGES, messages, Message.LINKS, Message.LINKS + Integer.BYTES);
    final IntrusiveList fifoDelayed =
            list(queues, Queue.DELAYED, messages, Message.LINKS, Message.LINKS + Integer.BYTES);

    final IntrusiveList fresh = list(lanes, Lane.FRESH, messages, Message.LINKS, Message.LINKS + Integer.BYTES);
    final IntrusiveList laneMembers = list(lanes, Lane.MEMBERS, messages, Message.LANE_NEXT, Message.LANE_PREVIOUS);
    final IntrusiveList arrivals =
            list(queues, Queue.ARRIVALS, messages, Message.ARRIVAL_NEXT, Message.ARRIVAL_PREVIOUS);
    /** What lies in a grave, in the order of its arrival in the queue. */
    final IntrusiveList buried = list(graves, Grave.MESSAGES, messages, Message.ARRIVAL_NEXT, Message.ARRIVAL_PREVIOUS);

    final IntrusiveList queueWaiters = list(queues, Queue.WAITERS, waiters, Waiter.QUEUE_NEXT, Waiter.QUEUE_PREVIOUS);
    final IntrusiveList ring = list(queues, Queue.RING, consumers, Consumer.RING_NEXT, Consumer.RING_PREVIOUS);
    /** By dead-letter queue: the queues that have it, in the order in which they took it. */
    final IntrusiveList sources = list(queues, Queue.SOURCES, queues, Queue.SOURCE_NEXT, Queue.SOURCE_PREVIOUS);

    final IntrusiveList queueConsumers =
            list(queues, Queue.CONSUMERS, consumers, Consumer.QUEUE_NEXT, Consumer.QUEUE_PREVIOUS);
    final IntrusiveList sessionConsumers =
            list(sessions, Session.CONSUMERS, consumers, Consumer.SESSION_NEXT, Consumer.SESSION_PREVIOUS);
    final IntrusiveList sessionWaiters =
            list(sessions, Session.WAITERS, waiters, Waiter.SESSION_NEXT, Waiter.SESSION_PREVIOUS);
    final IntrusiveList queueWatches = list(queues, Queue.WATCHERS, watches, Watch.QUEUE_NEXT, Watch.QUEUE_PREVIOUS);
    final IntrusiveList sessionWatches =
            list(sessions, Session.WATCHES, watches, Watch.SESSION_NEXT, Watch.SESSION_PREVIOUS);
    final IntrusiveList sessionTransfers =
            list(sessions, Session.TRANSFERS, transfers, Transfer.SESSION_NEXT, Transfer.SESSION_PREVIOUS);
    final IntrusiveList held = list(consumers, Consumer.HELD, messages, Message.LINKS, Message.LINKS + Integer.BYTES);

    final OrderedTree returned =
            new OrderedTree(lanes, Lane.RETURNED, messages, Message.SEQUENCE, Message.ID, Message.LINKS);

    /** Messages that brought an older retention clock with them, by that clock. */
    final OrderedTree older =
            new OrderedTree(queues, Queue.OLDER, messages, Message.SENT_TIME, Message.ID, Message.OLDER_LINKS);

    /** Queues whose alarms are to be judged at the end of the record. */
    final OrderedTree changedQueues =
            new OrderedTree(root, Root.CHANGED_QUEUES, queues, Queue.ID, Queue.ID, Queue.CHANGED_LINKS);

    /** Messages that the redrive task of a queue has passed and is to look at again. */
    final OrderedTree rechecks =
            new OrderedTree(queues, Queue.RECHECKS, messages, Message.SEQUENCE, Message.ID, Message.RECHECK_LINKS);

    /** Ready lanes of a standard queue by priority. */
    final IntrusiveList[] readyLanes = new IntrusiveList[Queue.MOST_PRIORITIES];

    /** Ready lanes of a FIFO queue by their first message. */
    final OrderedTree readyGroups = new OrderedTree(
            queues, Queue.READY_GROUPS, lanes, Lane.HEAD_SEQUENCE, Lane.HEAD_SEQUENCE, Lane.READY_LINKS);

    final HashIndex queuesById =
            new HashIndex(queues, Queue.ID_CHAIN, slot -> Hashing.mix(queues.getLong(slot, Queue.ID)));
    final HashIndex queuesByName = new HashIndex(
            queues,
            Queue.NAME_CHAIN,
            slot -> Hashing.mix(payloads.contentHash(queues.getInt(slot, Queue.NAME_PAYLOAD))));
    final HashIndex deletedNamesByName = new HashIndex(
            deletedNames,
            DeletedName.NAME_CHAIN,
            slot -> Hashing.mix(payloads.contentHash(deletedNames.getInt(slot, DeletedName.NAME_PAYLOAD))));
    final HashIndex sessionsById =
            new HashIndex(sessions, Session.ID_CHAIN, slot -> Hashing.mix(sessions.getLong(slot, Session.ID)));
    final HashIndex producersById =
            new HashIndex(producers, Producer.ID_CHAIN, slot -> Hashing.mix(producers.getLong(slot, Producer.ID)));
    final HashIndex consumersByKey = new HashIndex(
            consumers,
            Consumer.KEY_CHAIN,
            slot -> consumerKey(consumers.getInt(slot, Consumer.SESSION), consumers.getInt(slot, Consumer.QUEUE)));

    final HashIndex watchesByKey = new HashIndex(
            watches,
            Watch.KEY_CHAIN,
            slot -> consumerKey(watches.getInt(slot, Watch.SESSION), watches.getInt(slot, Watch.QUEUE)));

    final HashIndex lanesByKey = new HashIndex(
            lanes,
            Lane.KEY_CHAIN,
            slot -> laneKey(
                    lanes.getInt(slot, Lane.QUEUE),
                    lanes.getInt(slot, Lane.PRIORITY),
                    lanes.getLong(slot, Lane.GROUP_HASH)));

    final HashIndex deduplicationsByKey = new HashIndex(
            deduplications,
            Deduplication.KEY_CHAIN,
            slot -> digestKey(
                    deduplications.getLong(slot, Deduplication.OWNER_ID),
                    deduplications.getLong(slot, Deduplication.DIGEST)));
    final HashIndex redrivesById =
            new HashIndex(redrives, Redrive.ID_CHAIN, slot -> Hashing.mix(redrives.getLong(slot, Redrive.ID)));
    final HashIndex attemptsByKey = new HashIndex(
            attempts,
            Attempt.KEY_CHAIN,
            slot -> digestKey(attempts.getLong(slot, Attempt.QUEUE_ID), attempts.getLong(slot, Attempt.DIGEST)));

    final HashIndex[] indexes = {
        queuesById,
        queuesByName,
        sessionsById,
        producersById,
        consumersByKey,
        lanesByKey,
        deduplicationsByKey,
        attemptsByKey,
        redrivesById,
        deletedNamesByName,
        watchesByKey,
        topics.topicsById,
        topics.topicsByName,
        topics.subscriptionsById,
        topics.subscriptionsByKey,
        blobs.byId,
        streams.streamsById,
        streams.streamsByName,
        streams.shardsById,
        groups.groupsById,
        groups.membersById,
        groups.membersByName,
        streams.consumersById,
        streams.pushesByKey
    };

    final Timers timers = new Timers();
    final SipHash sipHash = new SipHash();
    long nowNs;

    /** Messages that the present record may still hand out beyond its own command. */
    int dispatchBudget;

    /** Messages of FIFO queues whose delay the present record may still end. */
    int delayBudget;

    /** Messages that the present record may still find expired. */
    int expiryBudget;

    /** Messages that redrive tasks may still look at in the present record. */
    int redriveBudget;

    /** Subscriptions that the present record may still look at on behalf of what was published. */
    int fanOutBudget;

    /** Shards that the present record may still make or open. */
    int shardBudget;

    /** Steps of work on consumer groups that the present record may still do. */
    int groupBudget;

    /** Rows that the present record may still take back or free. */
    int reclaimBudget;

    State() {
        for (int priority = 0; priority < readyLanes.length; priority++) {
            readyLanes[priority] =
                    list(queues, Queue.READY_LANES + priority * Long.BYTES, lanes, Lane.RING_NEXT, Lane.RING_PREVIOUS);
        }
    }

    /** Makes the rows that always exist. */
    void initialise() {
        root.allocate();
        root.putLong(ONLY, Root.NEXT_QUEUE_ID, 1);
        root.putLong(ONLY, Root.NEXT_MESSAGE_ID, 1);
        root.putLong(ONLY, Root.NEXT_PRODUCER_ID, 1);
        root.putLong(ONLY, Root.NEXT_TIMER_ID, 1);
        root.putLong(ONLY, Root.NEXT_TURN, 1);
        root.putLong(ONLY, Root.NEXT_TASK_ID, 1);
        root.putLong(ONLY, Root.NEXT_TOPIC_ID, 1);
        root.putLong(ONLY, Root.NEXT_SUBSCRIPTION_ID, 1);
        root.putLong(ONLY, Root.NEXT_BLOB_ID, 1);
        root.putLong(ONLY, Root.NEXT_STREAM_ID, 1);
        root.putLong(ONLY, Root.NEXT_SHARD_ID, 1);
        root.putLong(ONLY, Root.NEXT_GROUP_ID, 1);
        root.putLong(ONLY, Root.NEXT_MEMBER_ID, 1);
        root.putLong(ONLY, Root.NEXT_STREAM_CONSUMER_ID, 1);
        root.seal(ONLY);
        limits.allocate();
        limits(Limits.nativeProfile());
    }

    /** A record begins. */
    void renewBudgets() {
        dispatchBudget = Kernel.SLICE;
        reclaimBudget = Kernel.SLICE;
        delayBudget = Kernel.SLICE;
        expiryBudget = Kernel.SLICE;
        redriveBudget = Kernel.SLICE;
        shardBudget = Kernel.SLICE;
        groupBudget = Kernel.SLICE;
    }

    void limits(final Limits values) {
        limits.putLong(ONLY, Limit.FIRST, values.profile().value());
        for (int id = 1; id < Limits.COUNT; id++) {
            limits.putLong(ONLY, Limit.FIRST + id * Long.BYTES, values.get(LimitId.get((short) id)));
        }
        limits.seal(ONLY);
    }

    Limits limits() {
        final long[] values = new long[Limits.COUNT];
        for (int id = 1; id < values.length; id++) {
            values[id] = limits.getLong(ONLY, Limit.FIRST + id * Long.BYTES);
        }
        return new Limits(Profile.get((short) limits.getLong(ONLY, Limit.FIRST)), values);
    }

    long limit(final LimitId id) {
        return limits.getLong(ONLY, Limit.FIRST + id.value() * Long.BYTES);
    }

    /** Takes the next number of a counter of the root; {@link #hash()} seals the root, which changes with every record. */
    long next(final int counter) {
        final long value = root.getLong(ONLY, counter);
        root.putLong(ONLY, counter, value + 1);
        return value;
    }

    int namedQueueById(final long queueId) {
        final int queue = queueById(queueId);
        return queue < 0 || queues.getInt(queue, Queue.SUBSCRIPTION_LINK) != 0 ? -1 : queue;
    }

    int queueById(final long queueId) {
        int slot = queuesById.first(Hashing.mix(queueId));
        while (slot >= 0 && queues.getLong(slot, Queue.ID) != queueId) {
            slot = queuesById.next(slot);
        }
        return slot;
    }

    int queueByName(final DirectBuffer name, final int offset, final int length) {
        int slot = queuesByName.first(Hashing.mix(Hashing.content(0, name, offset, 0, length)));
        while (slot >= 0 && !payloads.matches(queues.getInt(slot, Queue.NAME_PAYLOAD), name, offset, length)) {
            slot = queuesByName.next(slot);
        }
        return slot;
    }

    int sessionById(final long sessionId) {
        int slot = sessionsById.first(Hashing.mix(sessionId));
        while (slot >= 0 && sessions.getLong(slot, Session.ID) != sessionId) {
            slot = sessionsById.next(slot);
        }
        return slot;
    }

    int producerById(final long producerId) {
        int slot = producersById.first(Hashing.mix(producerId));
        while (slot >= 0 && producers.getLong(slot, Producer.ID) != producerId) {
            slot = producersById.next(slot);
        }
        return slot;
    }

    int consumerOf(final int session, final int queue) {
        int slot = consumersByKey.first(consumerKey(session, queue));
        while (slot >= 0
                && (consumers.getInt(slot, Consumer.SESSION) != session
                        || consumers.getInt(slot, Consumer.QUEUE) != queue)) {
            slot = consumersByKey.next(slot);
        }
        return slot;
    }

    int watchOf(final int session, final int queue) {
        int slot = watchesByKey.first(consumerKey(session, queue));
        while (slot >= 0
                && (watches.getInt(slot, Watch.SESSION) != session || watches.getInt(slot, Watch.QUEUE) != queue)) {
            slot = watchesByKey.next(slot);
        }
        return slot;
    }

    boolean isFifo(final int queue) {
        return queues.getInt(queue, Queue.TYPE) == QueueType.FIFO.value();
    }

    /** Whether a message is of its queue's present epoch: the queue was neither purged nor deleted since it came. */
    boolean isPresent(final int message) {
        return messages.getInt(message, Message.EPOCH)
                == queues.getInt(messages.getInt(message, Message.QUEUE), Queue.EPOCH);
    }

    boolean isDeleted(final int queue) {
        return queues.getLong(queue, Queue.DELETED_TURN) != 0;
    }

    long sessionId(final int session) {
        return sessions.getLong(session, Session.ID);
    }

    /** Hash of all state. */
    long hash() {
        root.seal(ONLY);
        long hash = Hashing.mix(nowNs);
        for (final SlotTable table : tables) {
            hash ^= table.hash();
        }
        return hash;
    }

    long recomputeHash() {
        long hash = Hashing.mix(nowNs);
        for (final SlotTable table : tables) {
            hash ^= table.recomputeHash();
        }
        return payloads.verifyContents() ? hash : ~hash;
    }

    static long laneKey(final int queue, final int priority, final long groupHash) {
        return Hashing.mix(groupHash ^ Hashing.mix(((long) queue << Integer.SIZE) | priority));
    }

    static long digestKey(final long queueId, final long firstWord) {
        return Hashing.mix(queueId ^ firstWord);
    }

    private static long consumerKey(final int session, final int queue) {
        return Hashing.mix(((long) session << Integer.SIZE) | queue);
    }

    private IntrusiveList rootList(final int ends, final SlotTable rows, final int next, final int previous) {
        return list(root, ends, rows, next, previous);
    }

    private static IntrusiveList list(
            final SlotTable owners, final int ends, final SlotTable rows, final int next, final int previous) {
        return new IntrusiveList(owners, ends, ends + Integer.BYTES, rows, next, previous);
    }
}
