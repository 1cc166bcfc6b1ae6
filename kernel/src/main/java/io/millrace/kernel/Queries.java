package io.millrace.kernel;

import io.millrace.codecs.BrowseMessagesDecoder;
import io.millrace.codecs.DescribeQueueAccessDecoder;
import io.millrace.codecs.DescribeQueueDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ListDeadLetterSourcesDecoder;
import io.millrace.codecs.ListQueueTagsDecoder;
import io.millrace.codecs.ListQueuesDecoder;
import io.millrace.codecs.ListRedrivesDecoder;
import io.millrace.codecs.LookUpQueueDecoder;
import io.millrace.codecs.LookUpStreamDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.QueueListEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Answers requests that change nothing. */
final class Queries {
    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int CORRELATION_ID = HEADER_LENGTH + 8;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final int ENTRY_BLOCK_LENGTH = QueueListEncoder.QueuesEncoder.sbeBlockLength();
    /** A page ends when it would become longer than this, whatever was asked for. */
    private static final int PAGE_LENGTH = 32 * 1024;

    private final State state;
    private final Egress egress;
    private final Reply reply;
    private final Descriptions descriptions;
    private final Browsing browsing;
    private final TopicQueries topicQueries;
    private final StreamQueries streamQueries;
    private final BrowseMessagesDecoder browseMessages = new BrowseMessagesDecoder();
    private final LookUpQueueDecoder lookUpQueue = new LookUpQueueDecoder();
    private final DescribeQueueDecoder describeQueue = new DescribeQueueDecoder();
    private final ListQueuesDecoder listQueues = new ListQueuesDecoder();
    private final ListQueueTagsDecoder listTags = new ListQueueTagsDecoder();
    private final DescribeQueueAccessDecoder describeAccess = new DescribeQueueAccessDecoder();
    private final ListRedrivesDecoder listRedrives = new ListRedrivesDecoder();
    private final ListDeadLetterSourcesDecoder listSources = new ListDeadLetterSourcesDecoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final QueueListEncoder queueList = new QueueListEncoder();
    private final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_LENGTH]);
    private int pageLength;
    private int pageEntries;

    Queries(final State state, final Egress egress, final Reply reply, final FanOut fanOut) {
        this.state = state;
        this.egress = egress;
        this.reply = reply;
        this.descriptions = new Descriptions(state, egress);
        this.browsing = new Browsing(state, egress, reply);
        this.topicQueries = new TopicQueries(state, egress, reply, descriptions, fanOut);
        this.streamQueries = new StreamQueries(state, egress, reply, descriptions);
    }

    void execute(
            final int templateId,
            final long timeNs,
            final long sessionId,
            final DirectBuffer buffer,
            final int offset) {
        final long correlationId = buffer.getLong(offset + CORRELATION_ID, ByteOrder.LITTLE_ENDIAN);
        final int body = offset + HEADER_LENGTH;
        if (templateId >= LookUpStreamDecoder.TEMPLATE_ID) {
            streamQueries.execute(templateId, timeNs, sessionId, correlationId, buffer, body);
            return;
        }
        switch (templateId) {
            case LookUpQueueDecoder.TEMPLATE_ID -> {
                lookUpQueue.wrap(buffer, body, LookUpQueueDecoder.BLOCK_LENGTH, LookUpQueueDecoder.SCHEMA_VERSION);
                final int length = lookUpQueue.nameLength();
                final int queue = state.queueByName(buffer, lookUpQueue.limit() + TEXT_LENGTH_SIZE, length);
                describe(sessionId, correlationId, queue);
            }
            case DescribeQueueDecoder.TEMPLATE_ID -> {
                describeQueue.wrap(
                        buffer, body, DescribeQueueDecoder.BLOCK_LENGTH, DescribeQueueDecoder.SCHEMA_VERSION);
                describe(sessionId, correlationId, state.queueById(describeQueue.queueId()));
            }
            case ListQueuesDecoder.TEMPLATE_ID ->
                list(
                        sessionId,
                        correlationId,
                        listQueues.wrap(
                                buffer, body, ListQueuesDecoder.BLOCK_LENGTH, ListQueuesDecoder.SCHEMA_VERSION));
            default -> executeRare(templateId, sessionId, correlationId, buffer, body);
        }
    }

    private void executeRare(
            final int templateId,
            final long sessionId,
            final long correlationId,
            final DirectBuffer buffer,
            final int body) {
        switch (templateId) {
            case ListQueueTagsDecoder.TEMPLATE_ID -> {
                listTags.wrap(buffer, body, ListQueueTagsDecoder.BLOCK_LENGTH, ListQueueTagsDecoder.SCHEMA_VERSION);
                final int queue = find(sessionId, correlationId, listTags.queueId());
                if (queue >= 0) {
                    descriptions.listTags(
                            sessionId,
                            correlationId,
                            listTags.queueId(),
                            state.queues.getInt(queue, Queue.TAGS_PAYLOAD_LINK));
                }
            }
            case DescribeQueueAccessDecoder.TEMPLATE_ID -> {
                describeAccess.wrap(
                        buffer,
                        body,
                        DescribeQueueAccessDecoder.BLOCK_LENGTH,
                        DescribeQueueAccessDecoder.SCHEMA_VERSION);
                final int queue = find(sessionId, correlationId, describeAccess.queueId());
                if (queue >= 0) {
                    descriptions.describeAccess(
                            sessionId,
                            correlationId,
                            describeAccess.queueId(),
                            state.queues.getInt(queue, Queue.ACCESS_PAYLOAD_LINK));
                }
            }
            case BrowseMessagesDecoder.TEMPLATE_ID ->
                browsing.browse(
                        sessionId,
                        correlationId,
                        browseMessages.wrap(
                                buffer,
                                body,
                                BrowseMessagesDecoder.BLOCK_LENGTH,
                                BrowseMessagesDecoder.SCHEMA_VERSION));
            case ListRedrivesDecoder.TEMPLATE_ID -> {
                listRedrives.wrap(buffer, body, ListRedrivesDecoder.BLOCK_LENGTH, ListRedrivesDecoder.SCHEMA_VERSION);
                final int queue = find(sessionId, correlationId, listRedrives.queueId());
                if (queue >= 0) {
                    descriptions.listRedrives(sessionId, correlationId, queue);
                }
            }
            case ListDeadLetterSourcesDecoder.TEMPLATE_ID ->
                listSources(
                        sessionId,
                        correlationId,
                        listSources.wrap(
                                buffer,
                                body,
                                ListDeadLetterSourcesDecoder.BLOCK_LENGTH,
                                ListDeadLetterSourcesDecoder.SCHEMA_VERSION));
            default -> topicQueries.execute(templateId, sessionId, correlationId, buffer, body);
        }
    }

    /** The queue asked for, -1 if there is none: then the query is refused. */
    private int find(final long sessionId, final long correlationId, final long queueId) {
        final int queue = state.queueById(queueId);
        if (queue < 0) {
            refuse(sessionId, correlationId, ResultCode.UNKNOWN_QUEUE, LimitId.NONE, 0, 0);
        }
        return queue;
    }

    private void describe(final long sessionId, final long correlationId, final int queue) {
        if (queue < 0) {
            refuse(sessionId, correlationId, ResultCode.UNKNOWN_QUEUE, LimitId.NONE, 0, 0);
        } else {
            descriptions.describe(sessionId, correlationId, queue);
        }
    }

    private void list(final long sessionId, final long correlationId, final ListQueuesDecoder query) {
        final long limit = state.limit(LimitId.LIST_ENTRIES);
        final int max = query.maxEntries();
        final long after = query.afterQueueId();
        final int prefixLength = query.prefixLength();
        final int prefixOffset = query.limit() + TEXT_LENGTH_SIZE;
        if (max == 0 || max > limit) {
            refuse(sessionId, correlationId, ResultCode.LIMIT_EXCEEDED, LimitId.LIST_ENTRIES, limit, max);
        } else if (after < 0) {
            refuse(sessionId, correlationId, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, after);
        } else {
            final long nextAfter = fillPage(query.buffer(), prefixOffset, prefixLength, after, max, limit);
            sendPage(sessionId, correlationId, nextAfter);
        }
    }

    /** Examines queue ids in order, deleted ones included, at most {@code limit} of them; returns where to go on, 0 at the end. */
    private long fillPage(
            final DirectBuffer buffer,
            final int prefixOffset,
            final int prefixLength,
            final long after,
            final int max,
            final long limit) {
        final long end = state.root.getLong(State.ONLY, Root.NEXT_QUEUE_ID);
        pageLength = 0;
        pageEntries = 0;
        long queueId = Math.min(after, end) + 1;
        for (long examined = 0; queueId < end && examined < limit && pageEntries < max; examined++, queueId++) {
            final int queue = state.namedQueueById(queueId);
            if (queue >= 0) {
                final int name = state.queues.getInt(queue, Queue.NAME_PAYLOAD);
                final int length = state.payloads.length(name);
                if (pageLength + ENTRY_BLOCK_LENGTH + TEXT_LENGTH_SIZE + length > PAGE_LENGTH) {
                    break;
                }
                if (Text.startsWith(
                        state.payloads.buffer(name),
                        state.payloads.offset(name),
                        length,
                        buffer,
                        prefixOffset,
                        prefixLength)) {
                    addEntry(queueId, name, length);
                }
            }
        }
        return queueId < end ? queueId - 1 : 0;
    }

    private void listSources(final long sessionId, final long correlationId, final ListDeadLetterSourcesDecoder query) {
        final long limit = state.limit(LimitId.LIST_ENTRIES);
        final int target = state.queueById(query.queueId());
        final int max = query.maxEntries();
        final long afterId = query.afterQueueId();
        final int after = state.queueById(afterId);
        if (target < 0) {
            refuse(sessionId, correlationId, ResultCode.UNKNOWN_QUEUE, LimitId.NONE, 0, 0);
        } else if (max == 0 || max > limit) {
            refuse(sessionId, correlationId, ResultCode.LIMIT_EXCEEDED, LimitId.LIST_ENTRIES, limit, max);
        } else if (afterId != 0 && (after < 0 || state.queues.getInt(after, Queue.DEAD_LETTER_LINK) != target + 1)) {
            refuse(sessionId, correlationId, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, afterId);
        } else {
            final int first = afterId == 0 ? state.sources.first(target) : state.sources.next(after);
            sendPage(sessionId, correlationId, fillSources(first, max));
        }
    }

    /** Adds sources to the page; returns the id of the last one if there are more, else 0. */
    private long fillSources(final int first, final int max) {
        pageLength = 0;
        pageEntries = 0;
        long lastId = 0;
        int source = first;
        while (source >= 0 && pageEntries < max) {
            final int name = state.queues.getInt(source, Queue.NAME_PAYLOAD);
            final int length = state.payloads.length(name);
            if (pageLength + ENTRY_BLOCK_LENGTH + TEXT_LENGTH_SIZE + length > PAGE_LENGTH) {
                break;
            }
            lastId = state.queues.getLong(source, Queue.ID);
            addEntry(lastId, name, length);
            source = state.sources.next(source);
        }
        return source < 0 ? 0 : lastId;
    }

    private void addEntry(final long queueId, final int name, final int length) {
        page.putLong(pageLength, queueId, ByteOrder.LITTLE_ENDIAN);
        page.putShort(pageLength + ENTRY_BLOCK_LENGTH, (short) length, ByteOrder.LITTLE_ENDIAN);
        state.payloads.copy(name, 0, page, pageLength + ENTRY_BLOCK_LENGTH + TEXT_LENGTH_SIZE, length);
        pageLength += ENTRY_BLOCK_LENGTH + TEXT_LENGTH_SIZE + length;
        pageEntries++;
    }

    private void sendPage(final long sessionId, final long correlationId, final long nextAfter) {
        final int length =
                HEADER_LENGTH + QueueListEncoder.BLOCK_LENGTH + QueueListEncoder.QueuesEncoder.HEADER_SIZE + pageLength;
        final int offset = egress.claim(sessionId, length);
        final MutableDirectBuffer buffer = egress.buffer();
        queueList
                .wrapAndApplyHeader(buffer, offset, header)
                .correlationId(correlationId)
                .nextAfterQueueId(nextAfter)
                .queuesCount(pageEntries);
        buffer.putBytes(offset + length - pageLength, page, 0, pageLength);
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }

    private void refuse(
            final long sessionId,
            final long correlationId,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        reply.refused(sessionId, correlationId, Request.WHOLE, code, limitId, limit, actual);
    }
}
