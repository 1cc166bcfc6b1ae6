package io.millrace.kernel;

import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.Tables.Consumer;
import io.millrace.kernel.Tables.Lane;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.IntrusiveList;
import io.millrace.kernel.memory.SlotTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What a kernel keeps beside its logical state so as to be fast: counts, and the order of its lists. It is outside of the state
 * hash since it follows from the state; in words here, so that a kernel can be compared with one rebuilt from a snapshot.
 */
final class DerivedState {

    private final State state;
    private final List<String> lines = new ArrayList<>();

    private DerivedState(final State state) {
        this.state = state;
    }

    static List<String> of(final Kernel kernel) {
        final DerivedState derived = new DerivedState(kernel.state());
        derived.addRoot(kernel);
        derived.eachOf(derived.state.queues, derived::addQueue);
        derived.eachOf(derived.state.lanes, derived::addLane);
        derived.eachOf(
                derived.state.graves,
                grave -> derived.add("grave " + grave, "buried", list(derived.state.buried, grave)));
        derived.eachOf(derived.state.sessions, derived::addSession);
        derived.eachOf(derived.state.consumers, derived::addConsumer);
        derived.eachOf(derived.state.topics.topics, derived::addTopic);
        for (int slot = 0; slot < derived.state.topics.subscriptions.highWater(); slot++) {
            derived.add("subscription " + slot, "in the index", derived.state.topics.filtered.contains(slot));
            derived.add(
                    "subscription " + slot,
                    "replay",
                    derived.state.topics.subscriptions.getInt(slot, Subscription.REPLAY_LINK));
        }
        derived.eachOf(derived.state.streams.streams, derived::addStream);
        new DerivedGroupState(derived.state, derived.lines).add();
        return derived.lines;
    }

    private void addRoot(final Kernel kernel) {
        add(
                "counters",
                "messages",
                kernel.counters().availableMessages() + " " + kernel.counters().delayedMessages() + " "
                        + kernel.counters().inFlightMessages());
        add(
                "kernel",
                "queues, messages, arena",
                kernel.queueCount() + " " + kernel.messageCount() + " " + kernel.arenaBytes());
        add("kernel", "timers", state.timers.size() + " first " + kernel.nextDeadlineNs());
        add("root", "open sessions", list(state.openSessions, State.ONLY));
        add("root", "closed sessions", list(state.closedSessions, State.ONLY));
        add("root", "deleted queues", list(state.deletedQueues, State.ONLY));
        add("root", "pending queues", list(state.pendingQueues, State.ONLY));
        add("root", "idle producers", list(state.idleProducers, State.ONLY));
        add("root", "pending topics", list(state.topics.pendingTopics, State.ONLY));
        add("root", "deleted topics", list(state.topics.deletedTopics, State.ONLY));
        add("root", "pending streams", list(state.streams.pending, State.ONLY));
        add("root", "ended consumers", list(state.streams.endedConsumers, State.ONLY));
        add("root", "deleted streams", list(state.streams.deleted, State.ONLY));
        add("root", "reserved messages", state.topics.reservedMessages);
        add("root", "graves", list(state.openGraves, State.ONLY));
        add("root", "deleted names", list(state.deletedNameOrder, State.ONLY));
        add("root", "resting blobs", list(state.blobs.resting, State.ONLY));
    }

    private void addTopic(final int topic) {
        final TopicState topics = state.topics;
        final String name = "topic " + topic;
        add(name, "subscriptions", list(topics.ofTopic, topic));
        add(name, "unfiltered subscriptions", list(topics.unfiltered, topic));
        add(name, "publications", list(topics.unfinished, topic));
        for (final int count : new int[] {
            Topic.SUBSCRIPTION_COUNT,
            Topic.UNFILTERED_COUNT,
            Topic.ENVELOPE_COUNT,
            Topic.PUBLICATION_COUNT,
            Topic.STREAM_COUNT,
            Topic.ARCHIVE_LINK,
            Topic.REPLAY_COUNT
        }) {
            add(name, "count at " + count, topics.topics.getInt(topic, count));
        }
        if (topics.unfinished.first(topic) >= 0) {
            add(name, "cursor", topics.topics.getInt(topic, Topic.CURSOR_LINK));
        }
    }

    private void addStream(final int stream) {
        final StreamState streams = state.streams;
        final String name = "stream " + stream;
        final List<Integer> shards = new ArrayList<>();
        addTree(streams.shards, Shard.STREAM_LINKS, streams.streams.getInt(stream, Stream.SHARDS) - 1, shards);
        add(name, "shards", shards);
        final List<Integer> open = new ArrayList<>();
        addTree(streams.shards, Shard.OPEN_LINKS, streams.streams.getInt(stream, Stream.OPEN_SHARDS) - 1, open);
        add(name, "open shards", open);
        add(name, "closed shards", list(streams.closed, stream));
        add(name, "open count", streams.streams.getInt(stream, Stream.OPEN_COUNT));
        add(name, "count", streams.streams.getInt(stream, Stream.LIVE_COUNT));
        add(name, "consumers", list(streams.consumersOf, stream));
        add(name, "consumer count", streams.streams.getInt(stream, Stream.CONSUMER_COUNT));
    }

    private void addQueue(final int queue) {
        final String name = "queue " + queue;
        for (final int count :
                new int[] {Queue.AVAILABLE_COUNT, Queue.DELAYED_COUNT, Queue.IN_FLIGHT_COUNT, Queue.RECLAIMING_COUNT}) {
            add(name, "count at " + count, state.queues.getLong(queue, count));
        }
        add(name, "arrivals", list(state.arrivals, queue));
        final List<Integer> older = new ArrayList<>();
        addTree(state.messages, Message.OLDER_LINKS, state.queues.getInt(queue, Queue.OLDER) - 1, older);
        add(name, "older", older);
        add(name, "sources", list(state.sources, queue));
        add(name, "waiters", list(state.queueWaiters, queue));
        add(name, "ring", list(state.ring, queue));
        add(name, "consumers", list(state.queueConsumers, queue));
        if (!state.isDeleted(queue)) {
            for (int priority = 0; priority < state.readyLanes.length; priority++) {
                add(name, "ready lanes of " + priority, list(state.readyLanes[priority], queue));
            }
            add(name, "ready priorities", state.queues.getInt(queue, Queue.READY_PRIORITIES));
            final List<Integer> groups = new ArrayList<>();
            addTree(state.lanes, Lane.READY_LINKS, state.queues.getInt(queue, Queue.READY_GROUPS) - 1, groups);
            add(name, "ready groups", groups);
        }
    }

    private void addLane(final int lane) {
        final String name = "lane " + lane;
        add(name, "count", state.lanes.getInt(lane, Lane.COUNT));
        // The lanes of what is buried are counted down, nothing else.
        if (state.lanes.getInt(lane, Lane.EPOCH)
                == state.queues.getInt(state.lanes.getInt(lane, Lane.QUEUE), Queue.EPOCH)) {
            add(name, "members", list(state.laneMembers, lane));
            add(name, "order of delivery", deliveryOrder(lane));
        }
    }

    /** A message that came back is in the tree until a snapshot is read, which puts it in its place in the list. */
    private List<Integer> deliveryOrder(final int lane) {
        final List<Integer> order = new ArrayList<>(list(state.fresh, lane));
        final List<Integer> sorted = new ArrayList<>(order);
        sorted.sort((left, right) -> Long.compare(sequence(left), sequence(right)));
        if (!sorted.equals(order)) {
            throw new AssertionError("fresh messages of lane " + lane + " out of order: " + order);
        }
        addTree(state.messages, Message.LINKS, state.lanes.getInt(lane, Lane.RETURNED) - 1, order);
        order.sort((left, right) -> Long.compare(sequence(left), sequence(right)));
        return order;
    }

    static void addTree(final SlotTable rows, final int links, final int slot, final List<Integer> order) {
        if (slot >= 0) {
            addTree(rows, links, rows.getInt(slot, links) - 1, order);
            order.add(slot);
            addTree(rows, links, rows.getInt(slot, links + Integer.BYTES) - 1, order);
        }
    }

    private long sequence(final int message) {
        return state.messages.getLong(message, Message.SEQUENCE);
    }

    private void addSession(final int session) {
        final String name = "session " + session;
        add(name, "consumers", list(state.sessionConsumers, session));
        add(name, "waiters", list(state.sessionWaiters, session));
        add(name, "transfers", list(state.sessionTransfers, session));
        add(name, "pushes", list(state.streams.pushesOfSession, session));
        add(name, "push count", state.sessions.getInt(session, Session.PUSH_COUNT));
        for (final int count :
                new int[] {Session.CONSUMER_COUNT, Session.WAITER_COUNT, Session.TRANSFER_COUNT, Session.STALLED_COUNT
                }) {
            add(name, "count at " + count, state.sessions.getInt(session, count));
        }
        add(name, "transfer bytes", state.sessions.getLong(session, Session.TRANSFER_BYTES));
    }

    private void addConsumer(final int consumer) {
        add("consumer " + consumer, "in ring", state.consumers.getInt(consumer, Consumer.IN_RING));
        add("consumer " + consumer, "held", list(state.held, consumer));
    }

    private void eachOf(final SlotTable table, final IntConsumer action) {
        for (int slot = 0; slot < table.highWater(); slot++) {
            if (table.isLive(slot)) {
                action.accept(slot);
            }
        }
    }

    static List<Integer> list(final IntrusiveList list, final int owner) {
        final List<Integer> slots = new ArrayList<>();
        for (int slot = list.first(owner); slot >= 0; slot = list.next(slot)) {
            slots.add(slot);
        }
        return slots;
    }

    private void add(final String row, final String field, final Object value) {
        lines.add(row + ", " + field + ": " + value);
    }
}
