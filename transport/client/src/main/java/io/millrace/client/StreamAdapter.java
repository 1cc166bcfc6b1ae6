package io.millrace.client;

import io.millrace.codecs.IteratorIssuedDecoder;
import io.millrace.codecs.PushedRecordsDecoder;
import io.millrace.codecs.PutResultsDecoder;
import io.millrace.codecs.RecordBeginDecoder;
import io.millrace.codecs.RecordChunkDecoder;
import io.millrace.codecs.RecordsEndDecoder;
import io.millrace.codecs.ShardIteratorDecoder;
import io.millrace.codecs.ShardListDecoder;
import io.millrace.codecs.ShardRecordsDecoder;
import io.millrace.codecs.ShardSubscriptionEndedDecoder;
import io.millrace.codecs.StreamConsumerDescriptionDecoder;
import io.millrace.codecs.StreamConsumerListDecoder;
import io.millrace.codecs.StreamDescriptionDecoder;
import io.millrace.codecs.StreamListDecoder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** Decodes what the server says of streams. */
final class StreamAdapter extends AnswerDecoder {
    private final EgressEvents events;
    private final RecordsEndDecoder recordsEnd = new RecordsEndDecoder();
    private final ShardSubscriptionEndedDecoder subscriptionEnded = new ShardSubscriptionEndedDecoder();

    StreamAdapter(final EgressEvents events) {
        this.events = events;
    }

    /** @return whether this is what the template is about */
    static boolean knows(final int templateId) {
        switch (templateId) {
            case StreamDescriptionDecoder.TEMPLATE_ID:
            case StreamListDecoder.TEMPLATE_ID:
            case ShardListDecoder.TEMPLATE_ID:
            case IteratorIssuedDecoder.TEMPLATE_ID:
            case PutResultsDecoder.TEMPLATE_ID:
            case ShardRecordsDecoder.TEMPLATE_ID:
            case RecordBeginDecoder.TEMPLATE_ID:
            case RecordChunkDecoder.TEMPLATE_ID:
            case RecordsEndDecoder.TEMPLATE_ID:
            case PushedRecordsDecoder.TEMPLATE_ID:
            case ShardSubscriptionEndedDecoder.TEMPLATE_ID:
            case StreamConsumerDescriptionDecoder.TEMPLATE_ID:
            case StreamConsumerListDecoder.TEMPLATE_ID:
                return true;
            default:
                return false;
        }
    }

    /** @return false if the message, which {@link #wrap} was told of, is malformed. */
    boolean onMessage(final int templateId) {
        switch (templateId) {
            case PutResultsDecoder.TEMPLATE_ID:
                return onPutResults();
            case ShardRecordsDecoder.TEMPLATE_ID:
                return onRecords(ShardRecordsDecoder.BLOCK_LENGTH);
            case PushedRecordsDecoder.TEMPLATE_ID:
                return onPushedRecords();
            case RecordBeginDecoder.TEMPLATE_ID:
                return onRecordBegin();
            case RecordChunkDecoder.TEMPLATE_ID:
                return onRecordChunk();
            case RecordsEndDecoder.TEMPLATE_ID:
                return onRecordsEnd();
            case StreamDescriptionDecoder.TEMPLATE_ID:
                return onStream();
            case StreamListDecoder.TEMPLATE_ID:
                return onStreams();
            case ShardListDecoder.TEMPLATE_ID:
                return onShards();
            case IteratorIssuedDecoder.TEMPLATE_ID:
                return onIterator();
            default:
                return onConsumers(templateId);
        }
    }

    private boolean onConsumers(final int templateId) {
        switch (templateId) {
            case ShardSubscriptionEndedDecoder.TEMPLATE_ID:
                return onSubscriptionEnded();
            case StreamConsumerDescriptionDecoder.TEMPLATE_ID:
                return onConsumer();
            case StreamConsumerListDecoder.TEMPLATE_ID:
                return onConsumerList();
            default:
                throw new IllegalArgumentException("Template " + templateId + " is not about streams.");
        }
    }

    private boolean onPutResults() {
        if (groupEnd(PutResultsDecoder.BLOCK_LENGTH, PutResultsDecoder.ResultsDecoder.sbeBlockLength(), 0) < 0) {
            return false;
        }
        final DirectBuffer source = buffer;
        final long correlationId = source.getLong(block, Wire.ORDER);
        final int group = block + blockLength;
        final int entryLength = source.getShort(group, Wire.ORDER) & 0xFFFF;
        final int count = source.getShort(group + 2, Wire.ORDER) & 0xFFFF;
        for (int i = 0; i < count; i++) {
            final int entry = group + Wire.GROUP_HEADER_LENGTH + i * entryLength;
            events.onPutResult(
                    correlationId,
                    i,
                    source.getLong(entry + PutResultsDecoder.ResultsDecoder.shardIdEncodingOffset(), Wire.ORDER),
                    source.getLong(entry + PutResultsDecoder.ResultsDecoder.sequenceNumberEncodingOffset(), Wire.ORDER),
                    Codes.result(source.getByte(entry + PutResultsDecoder.ResultsDecoder.codeEncodingOffset())),
                    Codes.limit(source.getByte(entry + PutResultsDecoder.ResultsDecoder.limitIdEncodingOffset())),
                    source.getLong(entry + PutResultsDecoder.ResultsDecoder.limitValueEncodingOffset(), Wire.ORDER),
                    source.getLong(entry + PutResultsDecoder.ResultsDecoder.actualValueEncodingOffset(), Wire.ORDER));
        }
        events.onPutResultsEnd(correlationId, count);
        return true;
    }

    /** All records are measured before the first is told of, so that none comes of a message that is malformed. */
    private boolean onRecords(final int leastBlockLength) {
        final int group = block + blockLength;
        if (blockLength < leastBlockLength || limit - group < Wire.GROUP_HEADER_LENGTH) {
            return false;
        }
        final int entryLength = buffer.getShort(group, Wire.ORDER) & 0xFFFF;
        final int count = buffer.getShort(group + 2, Wire.ORDER) & 0xFFFF;
        if (count > 0 && entryLength < ShardRecordsDecoder.RecordsDecoder.sbeBlockLength()) {
            return false;
        }
        int at = group + Wire.GROUP_HEADER_LENGTH;
        for (int i = 0; i < count && at >= 0; i++) {
            at = entryLength > limit - at ? -1 : skipText(at + entryLength);
            at = at < 0 ? -1 : skipData(at);
        }
        if (at >= 0) {
            tellRecords(group + Wire.GROUP_HEADER_LENGTH, entryLength, count);
        }
        return at >= 0;
    }

    /** The groups of records are those of a read. */
    private boolean onPushedRecords() {
        final DirectBuffer source = buffer;
        final int start = block;
        if (!onRecords(PushedRecordsDecoder.BLOCK_LENGTH)) {
            return false;
        }
        events.onPushedRecordsEnd(
                source.getLong(start, Wire.ORDER),
                source.getLong(start + PushedRecordsDecoder.behindNsEncodingOffset(), Wire.ORDER));
        return true;
    }

    private void tellRecords(final int first, final int entryLength, final int count) {
        final DirectBuffer source = buffer;
        final long correlationId = source.getLong(block, Wire.ORDER);
        int entry = first;
        for (int i = 0; i < count; i++) {
            final int key = entry + entryLength + Wire.TEXT_HEADER_LENGTH;
            final int keyLength = source.getShort(entry + entryLength, Wire.ORDER) & 0xFFFF;
            final int data = key + keyLength + Wire.DATA_HEADER_LENGTH;
            final int dataLength = source.getInt(key + keyLength, Wire.ORDER);
            events.onShardRecord(
                    correlationId,
                    source.getLong(
                            entry + ShardRecordsDecoder.RecordsDecoder.sequenceNumberEncodingOffset(), Wire.ORDER),
                    source.getLong(
                            entry + ShardRecordsDecoder.RecordsDecoder.arrivalTimeNsEncodingOffset(), Wire.ORDER),
                    source,
                    key,
                    keyLength,
                    data,
                    dataLength);
            entry = data + dataLength;
        }
    }

    private boolean onRecordBegin() {
        final int text = block + blockLength;
        if (blockLength < RecordBeginDecoder.BLOCK_LENGTH || skipText(text) < 0) {
            return false;
        }
        final int keyLength = buffer.getShort(text, Wire.ORDER) & 0xFFFF;
        final int dataLength = buffer.getInt(block + RecordBeginDecoder.dataLengthEncodingOffset(), Wire.ORDER);
        if (dataLength < 0 || dataLength > Integer.MAX_VALUE - Short.MAX_VALUE * 2 - Long.BYTES) {
            return false;
        }
        events.onRecordBegin(
                buffer.getLong(block, Wire.ORDER),
                buffer.getLong(block + RecordBeginDecoder.sequenceNumberEncodingOffset(), Wire.ORDER),
                buffer.getLong(block + RecordBeginDecoder.arrivalTimeNsEncodingOffset(), Wire.ORDER),
                buffer,
                text + Wire.TEXT_HEADER_LENGTH,
                keyLength,
                dataLength);
        return true;
    }

    private boolean onRecordChunk() {
        final int chunk = block + blockLength;
        if (blockLength < RecordChunkDecoder.BLOCK_LENGTH || skipData(chunk) < 0) {
            return false;
        }
        return events.onRecordChunk(
                buffer.getLong(block, Wire.ORDER),
                buffer.getInt(block + RecordChunkDecoder.dataOffsetEncodingOffset(), Wire.ORDER) & 0xFFFF_FFFFL,
                buffer,
                chunk + Wire.DATA_HEADER_LENGTH,
                buffer.getInt(chunk, Wire.ORDER));
    }

    private boolean onRecordsEnd() {
        if (groupEnd(RecordsEndDecoder.BLOCK_LENGTH, RecordsEndDecoder.ChildrenDecoder.sbeBlockLength(), 0) < 0) {
            return false;
        }
        recordsEnd.wrap(buffer, block, blockLength, version);
        final ShardIteratorDecoder next = recordsEnd.next();
        events.onRecordsEnd(
                recordsEnd.correlationId(),
                next.shardId(),
                Codes.shardPosition(next.kindRaw()),
                next.position(),
                next.issuedTimeNs(),
                recordsEnd.behindNs(),
                recordsEnd.recordCount(),
                Codes.result(recordsEnd.codeRaw()),
                children());
        return true;
    }

    private boolean onSubscriptionEnded() {
        final int entryLength = ShardSubscriptionEndedDecoder.ChildrenDecoder.sbeBlockLength();
        if (groupEnd(ShardSubscriptionEndedDecoder.BLOCK_LENGTH, entryLength, 0) < 0) {
            return false;
        }
        subscriptionEnded.wrap(buffer, block, blockLength, version);
        // The group is that of the end of a read.
        recordsEnd.wrap(buffer, block, blockLength, version);
        events.onShardSubscriptionEnded(
                subscriptionEnded.correlationId(), Codes.result(subscriptionEnded.codeRaw()), children());
        return true;
    }

    private boolean onConsumer() {
        if (blockLength < StreamConsumerDescriptionDecoder.BLOCK_LENGTH || skipText(block + blockLength) < 0) {
            return false;
        }
        final StreamConsumerDescriptionDecoder decoder =
                new StreamConsumerDescriptionDecoder().wrap(buffer, block, blockLength, version);
        events.onQueryAnswer(decoder.correlationId(), StreamConsumerInfo.of(decoder));
        return true;
    }

    private boolean onConsumerList() {
        if (groupEnd(
                        StreamConsumerListDecoder.BLOCK_LENGTH,
                        StreamConsumerListDecoder.ConsumersDecoder.sbeBlockLength(),
                        1)
                < 0) {
            return false;
        }
        final StreamConsumerListDecoder decoder =
                new StreamConsumerListDecoder().wrap(buffer, block, blockLength, version);
        final List<StreamConsumerName> names = new ArrayList<>();
        for (final StreamConsumerListDecoder.ConsumersDecoder consumer : decoder.consumers()) {
            names.add(new StreamConsumerName(consumer.consumerId(), consumer.name()));
        }
        events.onQueryAnswer(
                decoder.correlationId(), new Answers.StreamConsumerPage(names, decoder.nextAfterConsumerId()));
        return true;
    }

    private List<ChildShard> children() {
        final RecordsEndDecoder.ChildrenDecoder group = recordsEnd.children();
        if (!group.hasNext()) {
            return List.of();
        }
        final List<ChildShard> children = new ArrayList<>();
        for (final RecordsEndDecoder.ChildrenDecoder child : group) {
            children.add(new ChildShard(
                    child.shardId(),
                    child.parentShardId(),
                    child.adjacentParentShardId(),
                    HashKey.of(child.firstHashKey()),
                    HashKey.of(child.lastHashKey())));
        }
        return children;
    }

    private boolean onStream() {
        if (blockLength < StreamDescriptionDecoder.BLOCK_LENGTH || skipText(block + blockLength) < 0) {
            return false;
        }
        final StreamDescriptionDecoder decoder =
                new StreamDescriptionDecoder().wrap(buffer, block, blockLength, version);
        events.onQueryAnswer(decoder.correlationId(), StreamInfo.of(decoder));
        return true;
    }

    private boolean onStreams() {
        if (groupEnd(StreamListDecoder.BLOCK_LENGTH, StreamListDecoder.StreamsDecoder.sbeBlockLength(), 1) < 0) {
            return false;
        }
        final StreamListDecoder decoder = new StreamListDecoder().wrap(buffer, block, blockLength, version);
        final List<StreamName> names = new ArrayList<>();
        for (final StreamListDecoder.StreamsDecoder stream : decoder.streams()) {
            names.add(new StreamName(stream.streamId(), stream.name()));
        }
        events.onQueryAnswer(decoder.correlationId(), new Answers.StreamPage(names, decoder.nextAfterStreamId()));
        return true;
    }

    private boolean onShards() {
        if (groupEnd(ShardListDecoder.BLOCK_LENGTH, ShardListDecoder.ShardsDecoder.sbeBlockLength(), 0) < 0) {
            return false;
        }
        final ShardListDecoder decoder = new ShardListDecoder().wrap(buffer, block, blockLength, version);
        final List<ShardInfo> shards = new ArrayList<>();
        for (final ShardListDecoder.ShardsDecoder shard : decoder.shards()) {
            shards.add(ShardInfo.of(shard));
        }
        events.onQueryAnswer(
                decoder.correlationId(),
                new Answers.ShardPage(shards, decoder.nextAfterShardId(), decoder.tokenTimeNs()));
        return true;
    }

    private boolean onIterator() {
        if (blockLength < IteratorIssuedDecoder.BLOCK_LENGTH) {
            return false;
        }
        final IteratorIssuedDecoder decoder = new IteratorIssuedDecoder().wrap(buffer, block, blockLength, version);
        events.onQueryAnswer(decoder.correlationId(), ShardIterator.of(decoder.iterator()));
        return true;
    }
}
