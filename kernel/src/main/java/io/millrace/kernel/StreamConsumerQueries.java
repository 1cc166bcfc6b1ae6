package io.millrace.kernel;

import io.millrace.codecs.DescribeStreamConsumerDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ListStreamConsumersDecoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.StreamConsumerDescriptionEncoder;
import io.millrace.codecs.StreamConsumerListEncoder;
import io.millrace.codecs.StreamConsumerListEncoder.ConsumersEncoder;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.StreamTables.StreamConsumer;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Answers requests about consumers of streams, which change nothing. */
final class StreamConsumerQueries {
    private static final int HEADER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final int ENTRY_LENGTH = ConsumersEncoder.sbeBlockLength();
    /** A page ends when it would become longer than this, whatever was asked for. */
    private static final int PAGE_LENGTH = 32 * 1024;

    private final State state;
    private final StreamState tables;
    private final SlotTable consumers;
    private final Egress egress;
    private final Reply reply;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final DescribeStreamConsumerDecoder describe = new DescribeStreamConsumerDecoder();
    private final ListStreamConsumersDecoder list = new ListStreamConsumersDecoder();
    private final StreamConsumerDescriptionEncoder description = new StreamConsumerDescriptionEncoder();
    private final StreamConsumerListEncoder consumerList = new StreamConsumerListEncoder();
    private final UnsafeBuffer page = new UnsafeBuffer(new byte[PAGE_LENGTH]);
    private int pageLength;
    private int entries;

    StreamConsumerQueries(final State state, final Egress egress, final Reply reply) {
        this.state = state;
        this.tables = state.streams;
        this.consumers = tables.consumers;
        this.egress = egress;
        this.reply = reply;
    }

    void execute(
            final int templateId,
            final long sessionId,
            final long correlationId,
            final DirectBuffer buffer,
            final int body) {
        switch (templateId) {
            case DescribeStreamConsumerDecoder.TEMPLATE_ID -> {
                describe.wrap(
                        buffer,
                        body,
                        DescribeStreamConsumerDecoder.BLOCK_LENGTH,
                        DescribeStreamConsumerDecoder.SCHEMA_VERSION);
                final int consumer = tables.consumerById(describe.consumerId());
                if (consumer < 0) {
                    refuse(sessionId, correlationId, ResultCode.UNKNOWN_STREAM_CONSUMER, LimitId.NONE, 0, 0);
                } else {
                    describe(sessionId, correlationId, consumer);
                }
            }
            case ListStreamConsumersDecoder.TEMPLATE_ID ->
                list(
                        sessionId,
                        correlationId,
                        list.wrap(
                                buffer,
                                body,
                                ListStreamConsumersDecoder.BLOCK_LENGTH,
                                ListStreamConsumersDecoder.SCHEMA_VERSION));
            default -> throw new IllegalStateException("no query has the template id " + templateId);
        }
    }

    private void describe(final long sessionId, final long correlationId, final int consumer) {
        final int name = consumers.getInt(consumer, StreamConsumer.NAME_PAYLOAD);
        final int nameLength = state.payloads.length(name);
        final int length =
                HEADER_LENGTH + StreamConsumerDescriptionEncoder.BLOCK_LENGTH + TEXT_LENGTH_SIZE + nameLength;
        final int stream = consumers.getInt(consumer, StreamConsumer.STREAM);
        final int offset = egress.claim(sessionId, length);
        description
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .consumerId(consumers.getLong(consumer, StreamConsumer.ID))
                .streamId(tables.streams.getLong(stream, Stream.ID))
                .createdTimeNs(consumers.getLong(consumer, StreamConsumer.CREATED_TIME))
                .subscriptionCount(consumers.getInt(consumer, StreamConsumer.PUSH_COUNT))
                .putName(state.payloads.buffer(name), state.payloads.offset(name), nameLength);
        commit(length);
    }

    private void list(final long sessionId, final long correlationId, final ListStreamConsumersDecoder query) {
        final int stream = tables.streamById(query.streamId());
        final long after = query.afterConsumerId();
        final int max = query.maxEntries();
        final long limit = state.limit(LimitId.LIST_ENTRIES);
        if (stream < 0) {
            refuse(sessionId, correlationId, ResultCode.UNKNOWN_STREAM, LimitId.NONE, 0, 0);
        } else if (max == 0 || max > limit) {
            refuse(sessionId, correlationId, ResultCode.LIMIT_EXCEEDED, LimitId.LIST_ENTRIES, limit, max);
        } else if (after < 0) {
            refuse(sessionId, correlationId, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, after);
        } else {
            send(sessionId, correlationId, fill(stream, after, max));
        }
    }

    /** Fills the page with consumers; returns where to go on, 0 at the end. */
    private long fill(final int stream, final long after, final int max) {
        pageLength = 0;
        entries = 0;
        long last = after;
        int consumer = tables.consumersOf.first(stream);
        while (consumer >= 0) {
            final long id = consumers.getLong(consumer, StreamConsumer.ID);
            if (id > after) {
                if (entries == max || !add(consumer, id)) {
                    return last;
                }
                last = id;
            }
            consumer = tables.consumersOf.next(consumer);
        }
        return 0;
    }

    private boolean add(final int consumer, final long id) {
        final int name = consumers.getInt(consumer, StreamConsumer.NAME_PAYLOAD);
        final int length = state.payloads.length(name);
        final int text = pageLength + ENTRY_LENGTH + TEXT_LENGTH_SIZE;
        if (text + length > PAGE_LENGTH) {
            return false;
        }
        page.putLong(pageLength + ConsumersEncoder.consumerIdEncodingOffset(), id, ByteOrder.LITTLE_ENDIAN);
        page.putLong(
                pageLength + ConsumersEncoder.createdTimeNsEncodingOffset(),
                consumers.getLong(consumer, StreamConsumer.CREATED_TIME),
                ByteOrder.LITTLE_ENDIAN);
        page.putShort(text - TEXT_LENGTH_SIZE, (short) length, ByteOrder.LITTLE_ENDIAN);
        state.payloads.copy(name, 0, page, text, length);
        pageLength = text + length;
        entries++;
        return true;
    }

    private void send(final long sessionId, final long correlationId, final long nextAfter) {
        final int length =
                HEADER_LENGTH + StreamConsumerListEncoder.BLOCK_LENGTH + ConsumersEncoder.HEADER_SIZE + pageLength;
        final int offset = egress.claim(sessionId, length);
        consumerList
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .nextAfterConsumerId(nextAfter)
                .consumersCount(entries);
        egress.buffer().putBytes(offset + length - pageLength, page, 0, pageLength);
        commit(length);
    }

    private void commit(final int length) {
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
