package io.millrace.kernel;

import io.millrace.codecs.Backoff;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.QueueAccessEncoder;
import io.millrace.codecs.QueueDescriptionEncoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueSettingsEncoder;
import io.millrace.codecs.QueueTagsEncoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedriveListEncoder;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.RedriveStatus;
import io.millrace.codecs.Switch;
import io.millrace.kernel.QueueTables.Redrive;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.MutableDirectBuffer;

/** Encodes what is known of a queue, and lists that topics have too. */
final class Descriptions {
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;

    private final State state;
    private final SlotTable queues;
    private final Egress egress;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final QueueTagsEncoder queueTags = new QueueTagsEncoder();
    private final QueueAccessEncoder queueAccess = new QueueAccessEncoder();
    private final RedriveListEncoder redriveList = new RedriveListEncoder();
    private final QueueDescriptionEncoder queueDescription = new QueueDescriptionEncoder();

    Descriptions(final State state, final Egress egress) {
        this.state = state;
        this.queues = state.queues;
        this.egress = egress;
    }

    void describe(final long sessionId, final long correlationId, final int queue) {
        final int name = queues.getInt(queue, Queue.NAME_PAYLOAD);
        final int nameLength = state.payloads.length(name);
        final int sources = queues.getInt(queue, Queue.REDRIVE_SOURCES_PAYLOAD_LINK) - 1;
        final int sourcesLength = sources < 0 ? 0 : state.payloads.length(sources);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH
                + QueueDescriptionEncoder.BLOCK_LENGTH
                + QueueDescriptionEncoder.RedriveSourcesEncoder.HEADER_SIZE
                + sourcesLength
                + TEXT_LENGTH_SIZE
                + nameLength;
        final int offset = egress.claim(sessionId, length);
        final MutableDirectBuffer buffer = egress.buffer();
        queueDescription
                .wrapAndApplyHeader(buffer, offset, header)
                .correlationId(correlationId)
                .queueId(queues.getLong(queue, Queue.ID))
                .createdTimeNs(queues.getLong(queue, Queue.CREATED_TIME))
                .changedTimeNs(queues.getLong(queue, Queue.CHANGED_TIME))
                .availableCount(queues.getLong(queue, Queue.AVAILABLE_COUNT))
                .delayedCount(queues.getLong(queue, Queue.DELAYED_COUNT))
                .inFlightCount(queues.getLong(queue, Queue.IN_FLIGHT_COUNT))
                .reclaimingCount(queues.getLong(queue, Queue.RECLAIMING_COUNT))
                .oldestTimeNs(oldestTimeNs(queue));
        encodeSettings(queueDescription.settings(), queue);
        queueDescription.redriveSourcesCount(sourcesLength / Long.BYTES);
        if (sources >= 0) {
            state.payloads.copy(sources, 0, buffer, queueDescription.limit(), sourcesLength);
            queueDescription.limit(queueDescription.limit() + sourcesLength);
        }
        queueDescription.putName(state.payloads.buffer(name), state.payloads.offset(name), nameLength);
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }

    void listRedrives(final long sessionId, final long correlationId, final int queue) {
        final int task = queues.getInt(queue, Queue.REDRIVE_LINK) - 1;
        final int count = task < 0 ? 0 : 1;
        final int length = MessageHeaderEncoder.ENCODED_LENGTH
                + RedriveListEncoder.BLOCK_LENGTH
                + RedriveListEncoder.TasksEncoder.HEADER_SIZE
                + count * RedriveListEncoder.TasksEncoder.sbeBlockLength();
        final int offset = egress.claim(sessionId, length);
        redriveList
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .queueId(queues.getLong(queue, Queue.ID));
        final RedriveListEncoder.TasksEncoder tasks = redriveList.tasksCount(count);
        if (task >= 0) {
            tasks.next()
                    .taskId(state.redrives.getLong(task, Redrive.ID))
                    .destinationQueueId(state.redrives.getLong(task, Redrive.DESTINATION_ID))
                    .startedTimeNs(state.redrives.getLong(task, Redrive.STARTED_TIME))
                    .movedCount(state.redrives.getLong(task, Redrive.MOVED_COUNT))
                    .toMoveCount(state.redrives.getLong(task, Redrive.TO_MOVE_COUNT))
                    .messagesPerSecond(Integer.toUnsignedLong(state.redrives.getInt(task, Redrive.RATE)))
                    .status(RedriveStatus.get((short) state.redrives.status(task)));
        }
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }

    /** Tags of a queue or topic, from the payload that its row refers to. */
    void listTags(final long sessionId, final long correlationId, final long ownerId, final int tagsLink) {
        final int length = QueueTagsEncoder.BLOCK_LENGTH + groupLength(tagsLink);
        final int offset = egress.claim(sessionId, MessageHeaderEncoder.ENCODED_LENGTH + length);
        queueTags
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .queueId(ownerId);
        queueTags.tagsCount(0);
        commitWithGroup(tagsLink, offset, MessageHeaderEncoder.ENCODED_LENGTH + length);
    }

    /** The allow list of a queue or topic, from the payload that its row refers to. */
    void describeAccess(final long sessionId, final long correlationId, final long ownerId, final int listLink) {
        final int length = QueueAccessEncoder.BLOCK_LENGTH + groupLength(listLink);
        final int offset = egress.claim(sessionId, MessageHeaderEncoder.ENCODED_LENGTH + length);
        queueAccess
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .queueId(ownerId);
        queueAccess.entriesCount(0);
        commitWithGroup(listLink, offset, MessageHeaderEncoder.ENCODED_LENGTH + length);
    }

    private int groupLength(final int groupLink) {
        final int group = groupLink - 1;
        return group < 0 ? GROUP_HEADER_LENGTH : state.payloads.length(group);
    }

    /** A group is kept as it stands in the answer: it replaces the empty one. */
    private void commitWithGroup(final int groupLink, final int offset, final int length) {
        final int group = groupLink - 1;
        if (group >= 0) {
            final int groupLength = state.payloads.length(group);
            state.payloads.copy(group, 0, egress.buffer(), offset + length - groupLength, groupLength);
        }
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }

    private long oldestTimeNs(final int queue) {
        final int oldest = state.arrivals.first(queue);
        return oldest < 0 ? 0 : state.messages.getLong(oldest, Message.ARRIVED_TIME);
    }

    private void encodeSettings(final QueueSettingsEncoder settings, final int queue) {
        settings.visibilityTimeoutNs(queues.getLong(queue, Queue.VISIBILITY))
                .delayNs(queues.getLong(queue, Queue.DELAY))
                .receiveWaitNs(queues.getLong(queue, Queue.RECEIVE_WAIT))
                .retentionNs(queues.getLong(queue, Queue.RETENTION))
                .deadLetterQueueId(queues.getLong(queue, Queue.DEAD_LETTER_QUEUE_ID))
                .backoffDelayNs(queues.getLong(queue, Queue.BACKOFF_DELAY))
                .backoffMaxNs(queues.getLong(queue, Queue.BACKOFF_MAX))
                .highDepth(queues.getLong(queue, Queue.HIGH_DEPTH))
                .lowDepth(queues.getLong(queue, Queue.LOW_DEPTH))
                .highAgeNs(queues.getLong(queue, Queue.HIGH_AGE))
                .lowAgeNs(queues.getLong(queue, Queue.LOW_AGE))
                .maxMessageBytes(Integer.toUnsignedLong(queues.getInt(queue, Queue.MAX_MESSAGE_BYTES)))
                .maxReceiveCount(Integer.toUnsignedLong(queues.getInt(queue, Queue.MAX_RECEIVE_COUNT)))
                .queueType(QueueType.get(code(queue, Queue.TYPE)))
                .contentDeduplication(Switch.get(code(queue, Queue.CONTENT_DEDUPLICATION)))
                .deduplicationScope(QueueScope.get(code(queue, Queue.DEDUPLICATION_SCOPE)))
                .throughputScope(QueueScope.get(code(queue, Queue.THROUGHPUT_SCOPE)))
                .redrivePermission(RedrivePermission.get(code(queue, Queue.REDRIVE_PERMISSION)))
                .backoff(Backoff.get(code(queue, Queue.BACKOFF)))
                .priorities(code(queue, Queue.PRIORITIES))
                .reserved((short) 0);
    }

    private short code(final int queue, final int field) {
        return (short) queues.getInt(queue, field);
    }
}
