package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What the model knows: plain objects in plain collections. */
final class ModelState {

    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int ENTRY_RESULT_LENGTH = 20;

    static final Comparator<Timed> DUE_ORDER =
            Comparator.comparingLong((Timed timed) -> timed.deadlineNs).thenComparingLong(timed -> timed.timerId);

    enum Standing {
        AVAILABLE,
        DELAYED,
        IN_FLIGHT,
        GONE
    }

    /** Something that happens at a time, in the order of (deadline, timer id). */
    abstract static class Timed {

        long deadlineNs;
        long timerId;
    }

    static final class Queue {

        long id;
        String name;
        long visibilityTimeoutNs;
        long delayNs;
        long receiveWaitNs;
        long maxMessageBytes;
        long createdTimeNs;
        long nextSequence = 1;
        final TreeMap<Long, Message> messages = new TreeMap<>();
        final List<Waiter> waiters = new ArrayList<>();
        final List<Consumer> consumers = new ArrayList<>();
        final List<Consumer> ready = new ArrayList<>();

        Message firstAvailable() {
            return messages.values().stream()
                    .filter(message -> message.standing == Standing.AVAILABLE)
                    .findFirst()
                    .orElse(null);
        }

        long count(final Standing standing) {
            return messages.values().stream()
                    .filter(message -> message.standing == standing)
                    .count();
        }

        /** Number of the first setting that differs, 0 if none does. */
        int firstDifference(final Queue other) {
            if (visibilityTimeoutNs != other.visibilityTimeoutNs) {
                return 2;
            } else if (delayNs != other.delayNs) {
                return 3;
            } else if (receiveWaitNs != other.receiveWaitNs) {
                return 4;
            }
            return maxMessageBytes != other.maxMessageBytes ? 6 : 0;
        }
    }

    static final class Message extends Timed {

        Queue queue;
        long id;
        long sequence;
        long sentTimeNs;
        long firstReceivedTimeNs;
        long receivedTimeNs;
        long deliveryNumber;
        long receiveCount;
        Standing standing;
        Consumer holder;
        Payload payload;
    }

    static final class Waiter extends Timed {

        Session session;
        Queue queue;
        long correlationId;
        Long visibilityTimeoutNs;
        int maxMessages;
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

    static final class Transfer {

        long queueId;
        Long delayNs;
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
    final Map<Receipt, Handle> handles;
    long nowNs;
    long nextQueueId = 1;
    long nextMessageId = 1;
    long nextProducerId = 1;
    long nextTimerId = 1;
    long nextUse = 1;

    ModelState(final Map<LimitId, Long> limits, final Map<Receipt, Handle> handles) {
        this.limits = limits;
        this.handles = handles;
    }

    long limit(final LimitId id) {
        return limits.get(id);
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

    /** Bytes that count against the limit of the arena: every byte string, padded to 8, and 8 more for each. */
    long storedBytes() {
        long bytes = 0;
        for (final Message message : messages.values()) {
            bytes += accounted(message.payload.length());
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
                bytes += result instanceof Event.EntryResults entries
                        ? accounted(GROUP_HEADER_LENGTH
                                + ENTRY_RESULT_LENGTH * entries.results().size())
                        : 0;
            }
        }
        return bytes;
    }

    static long accounted(final long length) {
        return 8 + (length + 7) / 8 * 8;
    }
}
