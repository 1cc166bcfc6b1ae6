package io.millrace.server;

import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.PushedRecordsDecoder;
import io.millrace.codecs.PutResultsDecoder;
import io.millrace.codecs.RecordsEndDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardListDecoder;
import io.millrace.codecs.ShardRecordsDecoder;
import io.millrace.codecs.ShardState;
import io.millrace.codecs.ShardSubscriptionEndedDecoder;
import io.millrace.codecs.StreamDescriptionDecoder;
import io.millrace.codecs.StreamStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Decodes what concerns streams into events: "Put" for each result (value its sequence number, count its shard), "Record" for each
 * record (value its sequence number, body key and data with "=" between them), "Shard" for each shard (value its id, count 1 if it is
 * open, to its parent), "RecordsEnd" (value the next position, count the records, to the next shard, flags the children),
 * "StreamDescription" (value the id, count 1 if it is ACTIVE), "Pushed" for each pushed record (value its sequence number, count 1 if
 * the server says that more is there), "PushEnd" (value the continuation, count the children).
 */
final class StreamReader {

    private static final byte[] NONE = {};

    boolean read(
            final DirectBuffer buffer, final int offset, final MessageHeaderDecoder header, final List<Event> events) {
        switch (header.templateId()) {
            case PutResultsDecoder.TEMPLATE_ID ->
                addResults(new PutResultsDecoder().wrapAndApplyHeader(buffer, offset, header), header, events);
            case ShardRecordsDecoder.TEMPLATE_ID ->
                addRecords(new ShardRecordsDecoder().wrapAndApplyHeader(buffer, offset, header), header, events);
            case ShardListDecoder.TEMPLATE_ID ->
                addShards(new ShardListDecoder().wrapAndApplyHeader(buffer, offset, header), header, events);
            case RecordsEndDecoder.TEMPLATE_ID -> {
                final RecordsEndDecoder e = new RecordsEndDecoder().wrapAndApplyHeader(buffer, offset, header);
                events.add(new Event(
                        "RecordsEnd",
                        header.frameSequence(),
                        e.correlationId(),
                        e.next().shardId(),
                        e.next().position(),
                        e.recordCount(),
                        e.code(),
                        NONE,
                        e.children().count(),
                        NONE));
            }
            case PushedRecordsDecoder.TEMPLATE_ID ->
                addPushed(new PushedRecordsDecoder().wrapAndApplyHeader(buffer, offset, header), header, events);
            case ShardSubscriptionEndedDecoder.TEMPLATE_ID -> {
                final ShardSubscriptionEndedDecoder e =
                        new ShardSubscriptionEndedDecoder().wrapAndApplyHeader(buffer, offset, header);
                events.add(Event.of(
                        "PushEnd",
                        header.frameSequence(),
                        e.correlationId(),
                        e.shardId(),
                        e.continuationSequenceNumber(),
                        e.children().count(),
                        e.code()));
            }
            case StreamDescriptionDecoder.TEMPLATE_ID -> {
                final StreamDescriptionDecoder e =
                        new StreamDescriptionDecoder().wrapAndApplyHeader(buffer, offset, header);
                events.add(Event.of(
                        "StreamDescription",
                        header.frameSequence(),
                        e.correlationId(),
                        e.correlationId(),
                        e.streamId(),
                        e.status() == StreamStatus.ACTIVE ? 1 : 0,
                        ResultCode.OK));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void addResults(
            final PutResultsDecoder e, final MessageHeaderDecoder header, final List<Event> events) {
        final long id = e.correlationId();
        e.results()
                .forEach(r -> events.add(
                        Event.of("Put", header.frameSequence(), id, id, r.sequenceNumber(), r.shardId(), r.code())));
    }

    private static void addRecords(
            final ShardRecordsDecoder e, final MessageHeaderDecoder header, final List<Event> events) {
        final long id = e.correlationId();
        e.records().forEach(r -> {
            final String key = r.partitionKey();
            final byte[] data = new byte[r.dataLength()];
            r.getData(data, 0, data.length);
            final String text = key + "=" + new String(data, StandardCharsets.UTF_8);
            events.add(new Event(
                    "Record",
                    header.frameSequence(),
                    id,
                    id,
                    r.sequenceNumber(),
                    r.arrivalTimeNs(),
                    ResultCode.OK,
                    NONE,
                    0,
                    text.getBytes(StandardCharsets.UTF_8)));
        });
    }

    private static void addPushed(
            final PushedRecordsDecoder e, final MessageHeaderDecoder header, final List<Event> events) {
        final long id = e.correlationId();
        final long continuation = e.continuationSequenceNumber();
        final boolean isMoreToCome = e.behindNs() > 0;
        e.records().forEach(r -> {
            final String key = r.partitionKey();
            final byte[] data = new byte[r.dataLength()];
            r.getData(data, 0, data.length);
            final String text = key + "=" + new String(data, StandardCharsets.UTF_8);
            events.add(new Event(
                    "Pushed",
                    header.frameSequence(),
                    id,
                    continuation,
                    r.sequenceNumber(),
                    isMoreToCome ? 1 : 0,
                    ResultCode.OK,
                    NONE,
                    0,
                    text.getBytes(StandardCharsets.UTF_8)));
        });
    }

    private static void addShards(
            final ShardListDecoder e, final MessageHeaderDecoder header, final List<Event> events) {
        final long id = e.correlationId();
        e.shards().forEach(s -> {
            final long sequence = header.frameSequence();
            final boolean isOpen = s.state() == ShardState.OPEN;
            events.add(Event.of("Shard", sequence, id, s.parentShardId(), s.shardId(), isOpen ? 1 : 0, ResultCode.OK));
        });
        events.add(Event.of("ShardListEnd", header.frameSequence(), id, id, 0, 0, ResultCode.OK));
    }
}
