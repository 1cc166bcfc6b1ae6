package io.millrace.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.PayloadBytesDecoder;
import io.millrace.codecs.SlotAllocatorDecoder;
import io.millrace.codecs.SnapshotBeginDecoder;
import io.millrace.codecs.SnapshotEndDecoder;
import io.millrace.codecs.TableRowDecoder;
import io.millrace.kernel.GroupTables.Group;
import io.millrace.kernel.GroupTables.Lease;
import io.millrace.kernel.GroupTables.Member;
import io.millrace.kernel.QueueTables.Attempt;
import io.millrace.kernel.QueueTables.Deduplication;
import io.millrace.kernel.QueueTables.DeletedName;
import io.millrace.kernel.QueueTables.Grave;
import io.millrace.kernel.QueueTables.Redrive;
import io.millrace.kernel.QueueTables.Watch;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.ShardPush;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.StreamTables.StreamConsumer;
import io.millrace.kernel.Tables.Blob;
import io.millrace.kernel.Tables.Consumer;
import io.millrace.kernel.Tables.Lane;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Producer;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.Tables.Transfer;
import io.millrace.kernel.Tables.Waiter;
import io.millrace.kernel.TopicTables.Publication;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.SlotTable;
import io.millrace.kernel.memory.TimerHeap;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.agrona.DirectBuffer;

/**
 * Reads the records of a snapshot in order, then rebuilds what follows from them. Refuses a snapshot of another version, without
 * its end, or whose hash is not that of what was restored.
 */
public final class SnapshotLoader {
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int DATA_LENGTH_SIZE = Integer.BYTES;

    private final State state;
    private final Deliveries deliveries;
    private final Transfers transfers;
    private final Deduplications deduplications;
    private final Attempts attempts;
    private final Redrives redrives;
    private final DeadLetterSources sources;
    private final DeletedNames deletedNames;
    private final Watches watches;
    private final Graves graves;
    private final TopicCommands topicCommands;
    private final StreamCommands streamCommands;
    private final Runnable onLimits;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SnapshotBeginDecoder begin = new SnapshotBeginDecoder();
    private final SlotAllocatorDecoder slotAllocator = new SlotAllocatorDecoder();
    private final TableRowDecoder tableRow = new TableRowDecoder();
    private final PayloadBytesDecoder payloadBytes = new PayloadBytesDecoder();
    private final SnapshotEndDecoder end = new SnapshotEndDecoder();
    private long recordCount;
    private long logPosition = -1;
    private long stateHash;
    private boolean isEnded;

    SnapshotLoader(
            final State state,
            final Deliveries deliveries,
            final Transfers transfers,
            final Deduplications deduplications,
            final Attempts attempts,
            final Redrives redrives,
            final DeadLetterSources sources,
            final DeletedNames deletedNames,
            final Watches watches,
            final Graves graves,
            final TopicCommands topicCommands,
            final StreamCommands streamCommands,
            final Runnable onLimits) {
        this.state = state;
        this.deliveries = deliveries;
        this.transfers = transfers;
        this.deduplications = deduplications;
        this.attempts = attempts;
        this.redrives = redrives;
        this.sources = sources;
        this.deletedNames = deletedNames;
        this.watches = watches;
        this.graves = graves;
        this.topicCommands = topicCommands;
        this.streamCommands = streamCommands;
        this.onLimits = onLimits;
        // A kernel without history holds its two single rows; a snapshot brings its own.
        state.root.reset();
        state.limits.reset();
    }

    /**
     * Takes the next record.
     *
     * @param buffer that holds the record.
     * @param offset of the record.
     * @param length of the record in bytes.
     * @throws IllegalStateException if the record does not belong here, or is not as long as it says.
     */
    public void onRecord(final DirectBuffer buffer, final int offset, final int length) {
        if (length < HEADER_LENGTH) {
            throw new IllegalStateException("record " + recordCount + " of the snapshot has " + length + " bytes");
        }
        header.wrap(buffer, offset);
        final int templateId = header.templateId();
        final int body = offset + HEADER_LENGTH;
        if (isEnded || (recordCount == 0) != (templateId == SnapshotBeginDecoder.TEMPLATE_ID)) {
            throw new IllegalStateException("record " + recordCount + " of the snapshot has template " + templateId);
        }
        if (header.messageLength() != length || lengthOf(templateId, buffer, body, offset + length) != length) {
            throw new IllegalStateException(
                    "record " + recordCount + " of the snapshot has " + length + " bytes, which is not what is in it");
        }
        switch (templateId) {
            case SnapshotBeginDecoder.TEMPLATE_ID -> onBegin(buffer, body);
            case SlotAllocatorDecoder.TEMPLATE_ID -> onSlotAllocator(buffer, body);
            case TableRowDecoder.TEMPLATE_ID -> onTableRow(buffer, body);
            case PayloadBytesDecoder.TEMPLATE_ID -> onPayloadBytes(buffer, body);
            case SnapshotEndDecoder.TEMPLATE_ID -> onEnd(buffer, body);
            default -> throw new IllegalStateException("template " + templateId + " is no record of a snapshot");
        }
        recordCount++;
    }

    /** Length of a record by what is in it, -1 if it does not end before {@code end}; nothing behind that is read. */
    private long lengthOf(final int templateId, final DirectBuffer buffer, final int body, final int end) {
        final int block = header.blockLength();
        return switch (templateId) {
            case SnapshotBeginDecoder.TEMPLATE_ID -> blockOf(block, SnapshotBeginDecoder.BLOCK_LENGTH);
            case SnapshotEndDecoder.TEMPLATE_ID -> blockOf(block, SnapshotEndDecoder.BLOCK_LENGTH);
            case SlotAllocatorDecoder.TEMPLATE_ID -> {
                final long head = blockOf(block, SlotAllocatorDecoder.BLOCK_LENGTH);
                final int group = body + block;
                yield head < 0 || group + DATA_LENGTH_SIZE > end ? -1 : head + groupLength(buffer, group);
            }
            case TableRowDecoder.TEMPLATE_ID -> withData(block, TableRowDecoder.BLOCK_LENGTH, buffer, body, end);
            case PayloadBytesDecoder.TEMPLATE_ID ->
                withData(block, PayloadBytesDecoder.BLOCK_LENGTH, buffer, body, end);
            default -> throw new IllegalStateException("template " + templateId + " is no record of a snapshot");
        };
    }

    private static long blockOf(final int actual, final int expected) {
        return actual == expected ? HEADER_LENGTH + expected : -1;
    }

    private static long withData(
            final int block, final int expected, final DirectBuffer buffer, final int body, final int end) {
        final int data = body + block;
        return block != expected || data + DATA_LENGTH_SIZE > end
                ? -1
                : HEADER_LENGTH + block + DATA_LENGTH_SIZE + (buffer.getInt(data, LITTLE_ENDIAN) & 0xFFFF_FFFFL);
    }

    private static long groupLength(final DirectBuffer buffer, final int group) {
        final int entryBlock = buffer.getShort(group, LITTLE_ENDIAN) & 0xFFFF;
        final int count = buffer.getShort(group + Short.BYTES, LITTLE_ENDIAN) & 0xFFFF;
        return entryBlock == SlotAllocatorDecoder.FreeSlotsDecoder.sbeBlockLength()
                ? DATA_LENGTH_SIZE + (long) count * entryBlock
                : -1;
    }

    private void onBegin(final DirectBuffer buffer, final int body) {
        begin.wrap(buffer, body, SnapshotBeginDecoder.BLOCK_LENGTH, SnapshotBeginDecoder.SCHEMA_VERSION);
        if (begin.formatVersion() != SnapshotWriter.FORMAT_VERSION || begin.kernelVersion() != Kernel.VERSION) {
            throw new IllegalStateException("the snapshot has format " + begin.formatVersion() + " of kernel "
                    + begin.kernelVersion() + ", this is format " + SnapshotWriter.FORMAT_VERSION + " of kernel "
                    + Kernel.VERSION);
        }
        logPosition = begin.logPosition();
        stateHash = begin.stateHash();
        state.nowNs = begin.timestampNs();
    }

    private void onSlotAllocator(final DirectBuffer buffer, final int body) {
        slotAllocator.wrap(buffer, body, SlotAllocatorDecoder.BLOCK_LENGTH, SlotAllocatorDecoder.SCHEMA_VERSION);
        final SlotTable table = table(slotAllocator.tableId());
        table.restoreHighWater((int) slotAllocator.highWater());
        for (final SlotAllocatorDecoder.FreeSlotsDecoder free : slotAllocator.freeSlots()) {
            table.restoreFree((int) free.slot(), (int) free.generation());
        }
    }

    private void onTableRow(final DirectBuffer buffer, final int body) {
        tableRow.wrap(buffer, body, TableRowDecoder.BLOCK_LENGTH, TableRowDecoder.SCHEMA_VERSION);
        final SlotTable table = table(tableRow.tableId());
        final int slot = (int) tableRow.slot();
        final int generation = (int) tableRow.generation();
        final int status = (int) tableRow.status();
        if (tableRow.fieldsLength() != table.logicalEnd() - SlotTable.FIRST_FIELD || slot >= table.highWater()) {
            throw new IllegalStateException("row " + slot + " does not fit table " + table.tableId());
        }
        table.restoreRow(slot, generation, status, buffer, tableRow.limit() + DATA_LENGTH_SIZE);
        if (table == state.payloads) {
            state.payloads.restorePlace(slot);
        } else if (table == state.messages) {
            linkMessage(slot);
        }
    }

    private SlotTable table(final long tableId) {
        for (final SlotTable table : state.tables) {
            if (table.tableId() == tableId) {
                return table;
            }
        }
        throw new IllegalStateException("the snapshot has a table " + tableId + ", which this kernel does not know");
    }

    private void linkMessage(final int message) {
        if (state.isPresent(message)) {
            final int queue = state.messages.getInt(message, Message.QUEUE);
            state.arrivals.addLast(queue, message);
            deliveries.states().relink(queue, message);
        } else {
            graves.relink(message);
        }
    }

    private void onPayloadBytes(final DirectBuffer buffer, final int body) {
        payloadBytes.wrap(buffer, body, PayloadBytesDecoder.BLOCK_LENGTH, PayloadBytesDecoder.SCHEMA_VERSION);
        final int slot = (int) payloadBytes.slot();
        final int from = (int) payloadBytes.payloadOffset();
        final int length = payloadBytes.bytesLength();
        state.payloads.restoreBytes(slot, from, buffer, payloadBytes.limit() + DATA_LENGTH_SIZE, length);
    }

    private void onEnd(final DirectBuffer buffer, final int body) {
        end.wrap(buffer, body, SnapshotEndDecoder.BLOCK_LENGTH, SnapshotEndDecoder.SCHEMA_VERSION);
        if (end.recordCount() != recordCount || end.stateHash() != stateHash) {
            throw new IllegalStateException("the end of the snapshot does not match: " + end.recordCount()
                    + " records written, " + recordCount + " read");
        }
        isEnded = true;
    }

    /**
     * All records were given: rebuilds the derived structures and checks the hash.
     *
     * @throws IllegalStateException if the end is missing or the hash differs.
     */
    public void complete() {
        if (!isEnded) {
            throw new IllegalStateException("the snapshot has no end");
        }
        onLimits.run();
        rebuildQueues();
        rebuildLanes();
        rebuildSessions();
        rebuildConsumers();
        inOrder(state.waiters, Waiter.TURN, waiter -> true, deliveries.waiters()::link);
        inOrder(state.watches, Watch.TURN, watch -> true, watches::link);
        inOrder(state.transfers, Transfer.TURN, transfer -> true, transfers::link);
        inOrder(state.deduplications, Deduplication.TURN, entry -> true, deduplications::link);
        rebuildAttempts();
        rebuildTopics();
        rebuildStreams();
        rebuildGroups();
        inOrder(state.blobs.blobs, Blob.RESTING_TURN, blob -> true, state.blobs::link);
        inOrder(state.redrives, Redrive.ID, task -> true, redrives::relink);
        inOrder(state.producers, Producer.TURN, producer -> true, producer -> {
            state.producersById.add(producer);
            state.idleProducers.addLast(State.ONLY, producer);
        });
        if (state.recomputeHash() != stateHash || state.hash() != stateHash) {
            throw new IllegalStateException("the state restored at position " + logPosition + " has another hash");
        }
    }

    private void rebuildQueues() {
        inOrder(state.queues, Queue.ID, queue -> !state.isDeleted(queue), queue -> {
            state.queuesById.add(queue);
            if (!deliveries.push().isPush(queue)) {
                state.queuesByName.add(queue);
            }
        });
        inOrder(
                state.queues,
                Queue.DELETED_TURN,
                queue -> state.queues.getLong(queue, Queue.DELETED_TURN) > 0,
                queue -> state.deletedQueues.addLast(State.ONLY, queue));
        inOrder(
                state.queues,
                Queue.PENDING_TURN,
                queue -> state.queues.getLong(queue, Queue.PENDING_TURN) != 0,
                queue -> state.pendingQueues.addLast(State.ONLY, queue));
        forEachQueue(queue -> true, deliveries.lifetimes()::relink);
        forEachQueue(queue -> true, watches.alarms()::relink);
        rebuildSources();
        inOrder(state.graves, Grave.TURN, grave -> true, grave -> state.openGraves.addLast(State.ONLY, grave));
        inOrder(state.deletedNames, DeletedName.TURN, name -> true, deletedNames::link);
    }

    private void rebuildTopics() {
        final TopicState topics = state.topics;
        inOrder(topics.topics, Topic.ID, topic -> !topics.isDeleted(topic), topic -> {
            topics.topicsById.add(topic);
            topics.topicsByName.add(topic);
        });
        inOrder(topics.subscriptions, Subscription.ID, subscription -> true, topicCommands.subscriptions()::link);
        inOrder(topics.subscriptions, Subscription.SINCE_TURN, row -> true, topicCommands.subscribers()::link);
        topicCommands.relink();
        forEachQueue(deliveries.push()::isPush, deliveries.push()::link);
        inOrder(topics.publications, Publication.TURN, publication -> true, topicCommands.fanOut()::link);
        inOrder(
                topics.topics,
                Topic.PENDING_TURN,
                topic -> topics.topics.getLong(topic, Topic.PENDING_TURN) != 0,
                topic -> topics.pendingTopics.addLast(State.ONLY, topic));
        inOrder(
                topics.topics,
                Topic.DELETED_TURN,
                topic -> topics.isDeleted(topic) && topics.unfinished.first(topic) < 0,
                topic -> topics.deletedTopics.addLast(State.ONLY, topic));
    }

    private void rebuildStreams() {
        final StreamState streams = state.streams;
        inOrder(streams.streams, Stream.ID, stream -> !streams.isDeleted(stream), stream -> {
            streams.streamsById.add(stream);
            streams.streamsByName.add(stream);
        });
        inOrder(streams.shards, Shard.ID, shard -> true, streams::link);
        inOrder(streams.shards, Shard.CLOSED_TURN, streams::isClosed, streams::linkClosed);
        inOrder(
                streams.consumers,
                StreamConsumer.ID,
                consumer -> !isEnded(consumer),
                consumer -> streams.linkConsumer(consumer, streams.consumers.getInt(consumer, StreamConsumer.STREAM)));
        inOrder(
                streams.consumers,
                StreamConsumer.ENDED_TURN,
                this::isEnded,
                consumer -> streams.endedConsumers.addLast(State.ONLY, consumer));
        inOrder(streams.pushes, ShardPush.ID, push -> true, streamCommands.pushes()::link);
        inOrder(streams.streams, Stream.ID, stream -> true, streamCommands.shards()::arm);
        inOrder(
                streams.streams,
                Stream.PENDING_TURN,
                stream -> streams.streams.getLong(stream, Stream.PENDING_TURN) != 0,
                stream -> streams.pending.addLast(State.ONLY, stream));
        inOrder(
                streams.streams,
                Stream.DELETED_TURN,
                streams::isDeleted,
                stream -> streams.deleted.addLast(State.ONLY, stream));
    }

    private void rebuildGroups() {
        final GroupState tables = state.groups;
        final Groups groups = streamCommands.groups();
        inOrder(tables.groups, Group.ID, group -> true, tables::linkGroup);
        inOrder(tables.leases, Lease.SHARD_ID, lease -> true, tables::linkLease);
        inOrder(tables.leases, Lease.TIMER_ID, tables::isRequested, groups.leases()::arm);
        inOrder(tables.members, Member.ID, member -> !tables.isLeft(member), member -> {
            tables.linkMember(member);
            groups.members().arm(member);
        });
        inOrder(
                tables.members,
                Member.BUSY_TURN,
                member -> tables.members.getLong(member, Member.BUSY_TURN) != 0,
                member -> tables.busy.addLast(tables.members.getInt(member, Member.GROUP), member));
        inOrder(
                tables.groups,
                Group.PENDING_TURN,
                group -> tables.groups.getLong(group, Group.PENDING_TURN) != 0,
                group -> tables.pending.addLast(State.ONLY, group));
    }

    private boolean isEnded(final int consumer) {
        return state.streams.consumers.getLong(consumer, StreamConsumer.ENDED_TURN) != 0;
    }

    private void rebuildSources() {
        // A dead-letter queue that was deleted keeps its list until its slice comes: it can be found by its id once
        // more.
        forEachQueue(state::isDeleted, state.queuesById::add);
        inOrder(
                state.queues,
                Queue.SOURCE_TURN,
                queue -> state.queues.getLong(queue, Queue.SOURCE_TURN) != 0,
                queue -> sources.link(queue, state.queueById(state.queues.getLong(queue, Queue.DEAD_LETTER_QUEUE_ID))));
        forEachQueue(state::isDeleted, state.queuesById::remove);
    }

    private void forEachQueue(final IntPredicate chosen, final IntConsumer action) {
        for (int queue = 0; queue < state.queues.highWater(); queue++) {
            if (state.queues.isLive(queue) && chosen.test(queue)) {
                action.accept(queue);
            }
        }
    }

    private void rebuildLanes() {
        final Lanes lanes = deliveries.lanes();
        for (int lane = 0; lane < state.lanes.highWater(); lane++) {
            if (state.lanes.isLive(lane)) {
                lanes.link(lane);
                final int queue = state.lanes.getInt(lane, Lane.QUEUE);
                if (lanes.isPresent(lane) && state.isFifo(queue)) {
                    lanes.updateGroup(queue, lane);
                }
            }
        }
        for (int queue = 0; queue < state.queues.highWater(); queue++) {
            if (state.queues.isLive(queue)) {
                deliveries.states().updateFifoDelay(queue);
            }
        }
        inOrder(
                state.lanes,
                Lane.RING_TURN,
                lane -> state.lanes.getLong(lane, Lane.RING_TURN) != 0 && lanes.isPresent(lane),
                lane -> lanes.linkToRing(state.lanes.getInt(lane, Lane.QUEUE), lane));
    }

    private void rebuildAttempts() {
        inOrder(state.attempts, Attempt.TURN, attempt -> true, attempts::link);
        inOrder(
                state.messages,
                Message.DELIVERY_TURN,
                message -> state.messages.getInt(message, Message.ATTEMPT_LINK) != 0,
                message -> state.attemptMessages.addLast(
                        state.messages.getInt(message, Message.ATTEMPT_LINK) - 1, message));
    }

    private void rebuildSessions() {
        inOrder(state.sessions, Session.ID, session -> !isClosed(session), session -> {
            state.sessionsById.add(session);
            state.openSessions.addLast(State.ONLY, session);
        });
        inOrder(
                state.sessions,
                Session.CLOSED_TURN,
                this::isClosed,
                session -> state.closedSessions.addLast(State.ONLY, session));
    }

    private boolean isClosed(final int session) {
        return state.sessions.getLong(session, Session.CLOSED_TURN) != 0;
    }

    private void rebuildConsumers() {
        inOrder(state.consumers, Consumer.OPEN_TURN, consumer -> true, deliveries.consumers()::link);
        inOrder(
                state.consumers,
                Consumer.RING_TURN,
                consumer -> state.consumers.getLong(consumer, Consumer.RING_TURN) != 0,
                deliveries.consumers()::addToRing);
        inOrder(
                state.messages,
                Message.DELIVERY_TURN,
                message -> state.messages.getInt(message, Message.CONSUMER_LINK) != 0,
                message -> state.held.addLast(state.messages.getInt(message, Message.CONSUMER_LINK) - 1, message));
    }

    /** Visits the chosen rows of a table in the order of a field: a heap does the sorting, off-heap and in place. */
    private static void inOrder(
            final SlotTable table, final int field, final IntPredicate chosen, final IntConsumer action) {
        final TimerHeap order = new TimerHeap();
        for (int slot = 0; slot < table.highWater(); slot++) {
            if (table.isLive(slot) && chosen.test(slot)) {
                order.add(slot, table.getLong(slot, field), slot);
            }
        }
        while (order.size() > 0) {
            final int slot = order.firstKey();
            order.remove(slot);
            action.accept(slot);
        }
    }

    /**
     * Position of the last record in the snapshot.
     *
     * @return the position, known from the first record on.
     */
    public long logPosition() {
        return logPosition;
    }
}
