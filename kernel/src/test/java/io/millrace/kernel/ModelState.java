package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedriveStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What the model knows: plain objects in plain collections. */
final class ModelState {

    static final long NEVER = Long.MAX_VALUE;

    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int ENTRY_RESULT_LENGTH = 20;
    private static final int SEND_RESULT_LENGTH = 35;

    static final Comparator<Timed> DUE_ORDER =
            Comparator.comparingLong((Timed timed) -> timed.deadlineNs).thenComparingLong(timed -> timed.timerId);

    enum Standing {
        AVAILABLE,
        /** Its first delay is not over. */
        DELAYED,
        IN_FLIGHT,
        /** Failed or released, and waits. */
        AWAITING_RETRY,
        GONE
    }

    /** Something that happens at a time, in the order of (deadline, timer id). */
    abstract static class Timed {

        long deadlineNs;
        long timerId;
    }

    /** Messages of one queue that are ordered among themselves. */
    record Lane(int priority, String group) {}

    /** A deduplication id that was accepted. */
    record Tracked(
            String id, QueueScope scope, String group, long messageId, long sequenceNumber, long acceptedTimeNs) {}

    static final class Queue {

        long id;
        String name;
        Settings settings;
        long createdTimeNs;
        long changedTimeNs;
        Long purgedTimeNs;
        long tookDeadLetterQueue;
        long nextSequence = 1;
        boolean depthIsHigh;
        boolean ageIsHigh;
        Redrive redrive;
        /** What sessions consume by this queue; null if the queue is one of its own. */
        ModelTopicState.Subscription subscription;

        final TreeMap<Long, Message> messages = new TreeMap<>();
        final List<Lane> ring = new ArrayList<>();
        final List<Waiter> waiters = new ArrayList<>();
        final List<Consumer> consumers = new ArrayList<>();
        final List<Consumer> ready = new ArrayList<>();
        final List<Tracked> tracked = new ArrayList<>();
        final Map<String, Attempt> attempts = new HashMap<>();
        final Map<String, String> tags = new LinkedHashMap<>();
        /** Times of requests by their kind. */
        final Map<String, List<Long>> requests = new HashMap<>();

        final TreeMap<Long, Session> watchers = new TreeMap<>();
        List<Command.AccessEntry> access = List.of();

        boolean isFifo() {
            return settings.queueType() == QueueType.FIFO;
        }

        List<Message> all(final Standing standing) {
            return messages.values().stream()
                    .filter(message -> message.standing == standing)
                    .toList();
        }

        long count(final Standing standing) {
            return messages.values().stream()
                    .filter(message -> message.standing == standing)
                    .count();
        }

        /** The message that came first, null if there is none. */
        Message oldest() {
            return messages.isEmpty() ? null : messages.firstEntry().getValue();
        }

        /** On a standard queue lanes that became ready go to the end of the ring, those that are no longer ready leave it. */
        void refreshRing() {
            if (isFifo()) {
                return;
            }
            final Set<Lane> able = new LinkedHashSet<>();
            all(Standing.AVAILABLE).forEach(message -> able.add(message.lane));
            ring.removeIf(lane -> !able.contains(lane));
            able.stream().filter(lane -> !ring.contains(lane)).forEach(ring::add);
        }
    }

    static final class Message extends Timed {

        Queue queue;
        long delivered;
        long id;
        long sequence;
        long sentTimeNs;
        long arrivedTimeNs;
        long firstReceivedTimeNs;
        long receivedTimeNs;
        long diesTimeNs = NEVER;
        long deliveryNumber;
        long receiveCount;
        long failedCount;
        long deadLetterSourceId;

        /** On a FIFO queue: timer id of the queue's delay, which keeps it whatever becomes of the delay. */
        long delayId;

        boolean moved;
        /** Whether it came out of the archive of a topic. */
        boolean replayed;

        Standing standing;
        Consumer holder;
        final Payload payload;
        final Lane lane;

        Message(final Payload payload, final int priority) {
            this.payload = payload;
            lane = new Lane(priority, payload.groupId());
        }

        long retainedUntilNs() {
            return sentTimeNs + queue.settings.retentionNs();
        }
    }

    static final class Waiter extends Timed {

        Session session;
        Queue queue;
        long correlationId;
        Long visibilityTimeoutNs;
        int maxMessages;
        List<String> attributeNames;
        String attemptId;
    }

    static final class Consumer {

        Session session;
        Queue queue;
        long correlationId;
        Long visibilityTimeoutNs;
        long creditMessages;
        long creditBytes;
        boolean stalled;
        boolean stopped;
        long opened;

        boolean canTake() {
            return !stalled && !stopped && creditMessages >= 1 && creditBytes > 0;
        }
    }

    /** A receive that can be asked for again: what it returned. */
    static final class Attempt {

        long receivedTimeNs;
        final Map<Message, Long> deliveryNumbers = new LinkedHashMap<>();
        boolean changed;
        boolean expired;
    }

    static final class Redrive {

        long taskId;
        Queue queue;
        long destinationQueueId;
        long startedTimeNs;
        long movedCount;
        long toMoveCount;
        long messagesPerSecond;
        long endSequence;
        RedriveStatus status = RedriveStatus.RUNNING;

        long nextMoveTimeNs() {
            return startedTimeNs + movedCount * 1_000_000_000L / messagesPerSecond;
        }
    }

    static final class Transfer {

        long queueId;
        /** Of what is to be published; 0 if it goes to a queue. */
        long topicId;

        Command.Entry entry;
        boolean text;
        long length;
        boolean dropped;
        final StringBuilder chars = new StringBuilder();
    }

    static final class Session {

        long id;
        String principal;
        final TreeMap<Long, Transfer> transfers = new TreeMap<>();
    }

    static final class Producer {

        long id;
        int epoch;
        long nonce;
        long lastSequence;
        long lastUsed;
        final TreeMap<Long, Event> results = new TreeMap<>();
    }

    /** What a receipt stands for. */
    record Handle(long queueId, long messageId, long deliveryNumber, String principal) {}

    final Map<LimitId, Long> limits;
    final TreeMap<Long, Queue> queues = new TreeMap<>();
    final TreeMap<Long, Message> messages = new TreeMap<>();
    final TreeMap<Long, Session> sessions = new TreeMap<>();
    final TreeMap<Long, Producer> producers = new TreeMap<>();
    final TreeSet<Timed> timers = new TreeSet<>(DUE_ORDER);
    final Map<Receipt, Handle> handles = new HashMap<>();
    final Map<String, Long> deletedNames = new HashMap<>();
    final ModelTopicState topics = new ModelTopicState();
    final ModelBlobs blobs = new ModelBlobs(this);
    final ModelStreams streams = new ModelStreams(this);
    long nowNs;
    long nextQueueId = 1;
    long nextMessageId = 1;
    long nextProducerId = 1;
    long nextTaskId = 1;
    long nextTimerId = 1;
    long nextUse = 1;
    long nextDelivery = 1;

    ModelState(final Map<LimitId, Long> limits) {
        this.limits = limits;
    }

    long limit(final LimitId id) {
        return limits.get(id);
    }

    /** Whether the message may no longer be delivered, in flight or not. */
    boolean isExpired(final Message message) {
        return nowNs >= message.retainedUntilNs() || nowNs >= message.diesTimeNs;
    }

    void schedule(final Timed timed, final long deadlineNs) {
        cancel(timed);
        timed.deadlineNs = deadlineNs;
        timed.timerId = nextTimerId++;
        timers.add(timed);
    }

    void cancel(final Timed timed) {
        if (timed.timerId != 0) {
            timers.remove(timed);
            timed.timerId = 0;
        }
        timed.deadlineNs = 0;
    }

    Queue named(final String name) {
        return queues.values().stream()
                .filter(queue -> queue.subscription == null && queue.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The queue of this id, null if there is none or if only sessions that consume a subscription have to do with it. */
    Queue ownQueue(final long queueId) {
        final Queue queue = queues.get(queueId);
        return queue == null || queue.subscription != null ? null : queue;
    }

    /** Message, waiter and consumer counts are taken by looking at everything. */
    long waitersOf(final Session session) {
        return queues.values().stream()
                .flatMap(queue -> queue.waiters.stream())
                .filter(waiter -> waiter.session == session)
                .count();
    }

    long consumersThat(final Predicate<Consumer> condition) {
        return queues.values().stream()
                .flatMap(queue -> queue.consumers.stream())
                .filter(condition)
                .count();
    }

    boolean holdsSomething(final Consumer consumer) {
        return messages.values().stream().anyMatch(message -> message.holder == consumer);
    }

    /** Bytes that count against the limit of the arena: every byte string, padded to 8, and 8 more for each. */
    long storedBytes() {
        long bytes = 0;
        for (final Payload payload : payloads()) {
            bytes += accounted(payload.length());
        }
        for (final ModelTopicState.Topic topic : topics.all()) {
            bytes += accounted(topic.name.length());
        }
        for (final Queue queue : queues.values()) {
            bytes += accounted(queue.name.length());
        }
        for (final Session session : sessions.values()) {
            bytes += accounted(session.principal.length());
            for (final Transfer transfer : session.transfers.values()) {
                bytes += transfer.dropped ? 0 : accounted(transfer.length);
            }
        }
        for (final Producer producer : producers.values()) {
            for (final Event result : producer.results.values()) {
                bytes += keptBytes(result);
            }
        }
        return bytes;
    }

    /** Each one once, however many messages have it. */
    private Set<Payload> payloads() {
        final Set<Payload> payloads = Collections.newSetFromMap(new IdentityHashMap<>());
        messages.values().forEach(message -> payloads.add(message.payload));
        topics.pending.stream().flatMap(topic -> topic.unfinished.stream()).forEach(publication -> {
            for (final ModelTopicState.Content content : List.of(publication.forQueues, publication.forSessions)) {
                payloads.add(content.payload());
                if (content.envelope() != null) {
                    payloads.add(content.envelope());
                }
            }
        });
        return payloads;
    }

    private static long keptBytes(final Event result) {
        if (result instanceof Event.EntryResults entries) {
            return accounted(GROUP_HEADER_LENGTH
                    + ENTRY_RESULT_LENGTH * entries.results().size());
        } else if (result instanceof Event.SendResults sends) {
            return accounted(
                    GROUP_HEADER_LENGTH + SEND_RESULT_LENGTH * sends.results().size());
        }
        return 0;
    }

    /** A lane keeps a copy of its group id; room for it is asked for as if each message began a lane. */
    static long ofLane(final String groupId) {
        return groupId.isEmpty() ? 0 : accounted(groupId.length());
    }

    static long accounted(final long length) {
        return 8 + (length + 7) / 8 * 8;
    }
}
