package io.millrace.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.codecs.HashKeyDecoder;
import io.millrace.codecs.IteratorIssuedDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.PutResultsDecoder;
import io.millrace.codecs.ShardListDecoder;
import io.millrace.codecs.StreamConsumerDescriptionDecoder;
import io.millrace.codecs.StreamConsumerListDecoder;
import io.millrace.codecs.StreamDescriptionDecoder;
import io.millrace.codecs.StreamListDecoder;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** Turns messages about streams into events. */
final class StreamEventReader {

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final GroupEventReader groups = new GroupEventReader();

    /** Hands on the event; returns the length of the message without its header. */
    int read(final int templateId, final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        return switch (templateId) {
            case PutResultsDecoder.TEMPLATE_ID -> putResults(buffer, offset, events);
            case IteratorIssuedDecoder.TEMPLATE_ID -> iteratorIssued(buffer, offset, events);
            case StreamDescriptionDecoder.TEMPLATE_ID -> streamDescription(buffer, offset, events);
            case StreamListDecoder.TEMPLATE_ID -> streamList(buffer, offset, events);
            case ShardListDecoder.TEMPLATE_ID -> shardList(buffer, offset, events);
            case StreamConsumerDescriptionDecoder.TEMPLATE_ID -> consumerDescription(buffer, offset, events);
            case StreamConsumerListDecoder.TEMPLATE_ID -> consumerList(buffer, offset, events);
            default -> groups.read(templateId, buffer, offset, events);
        };
    }

    private int consumerDescription(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final StreamConsumerDescriptionDecoder decoder =
                new StreamConsumerDescriptionDecoder().wrapAndApplyHeader(buffer, offset, header);
        final byte[] name = new byte[decoder.nameLength()];
        decoder.getName(name, 0, name.length);
        events.accept(new StreamEvent.StreamConsumerDescription(
                decoder.correlationId(),
                decoder.consumerId(),
                decoder.streamId(),
                decoder.createdTimeNs(),
                decoder.subscriptionCount(),
                new String(name, ISO_8859_1)));
        return decoder.encodedLength();
    }

    private int consumerList(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final StreamConsumerListDecoder decoder =
                new StreamConsumerListDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<String> consumers = new ArrayList<>();
        for (final StreamConsumerListDecoder.ConsumersDecoder consumer : decoder.consumers()) {
            final byte[] name = new byte[consumer.nameLength()];
            consumer.getName(name, 0, name.length);
            consumers.add(consumer.consumerId() + " " + new String(name, ISO_8859_1));
        }
        events.accept(
                new StreamEvent.StreamConsumerList(decoder.correlationId(), decoder.nextAfterConsumerId(), consumers));
        return decoder.encodedLength();
    }

    private int putResults(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final PutResultsDecoder decoder = new PutResultsDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<StreamEvent.PutResult> results = new ArrayList<>();
        for (final PutResultsDecoder.ResultsDecoder result : decoder.results()) {
            results.add(new StreamEvent.PutResult(
                    result.shardId(),
                    result.sequenceNumber(),
                    result.code(),
                    result.limitId(),
                    result.limitValue(),
                    result.actualValue()));
        }
        events.accept(new StreamEvent.PutResults(decoder.correlationId(), results));
        return decoder.encodedLength();
    }

    private int iteratorIssued(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final IteratorIssuedDecoder decoder = new IteratorIssuedDecoder().wrapAndApplyHeader(buffer, offset, header);
        events.accept(new StreamEvent.IteratorIssued(
                decoder.correlationId(),
                new StreamCommand.Iterator(
                        decoder.iterator().shardId(),
                        decoder.iterator().kind(),
                        decoder.iterator().position(),
                        decoder.iterator().issuedTimeNs())));
        return decoder.encodedLength();
    }

    private int streamDescription(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final StreamDescriptionDecoder decoder =
                new StreamDescriptionDecoder().wrapAndApplyHeader(buffer, offset, header);
        final byte[] name = new byte[decoder.nameLength()];
        decoder.getName(name, 0, name.length);
        events.accept(new StreamEvent.StreamDescription(
                decoder.correlationId(),
                decoder.streamId(),
                decoder.createdTimeNs(),
                decoder.changedTimeNs(),
                decoder.horizonTimeNs(),
                decoder.recordCount(),
                decoder.recordBytes(),
                new StreamCommand.Settings(
                        decoder.settings().retentionNs(), decoder.settings().maxRecordBytes()),
                decoder.openShardCount(),
                decoder.shardCount(),
                decoder.status(),
                new String(name, ISO_8859_1)));
        return decoder.encodedLength();
    }

    private int streamList(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final StreamListDecoder decoder = new StreamListDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<String> streams = new ArrayList<>();
        for (final StreamListDecoder.StreamsDecoder stream : decoder.streams()) {
            final byte[] name = new byte[stream.nameLength()];
            stream.getName(name, 0, name.length);
            streams.add(stream.streamId() + " " + new String(name, ISO_8859_1));
        }
        events.accept(new StreamEvent.StreamList(decoder.correlationId(), decoder.nextAfterStreamId(), streams));
        return decoder.encodedLength();
    }

    private int shardList(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final ShardListDecoder decoder = new ShardListDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<StreamEvent.ShardDescription> shards = new ArrayList<>();
        for (final ShardListDecoder.ShardsDecoder shard : decoder.shards()) {
            shards.add(new StreamEvent.ShardDescription(
                    shard.shardId(),
                    shard.parentShardId(),
                    shard.adjacentParentShardId(),
                    key(shard.firstHashKey()),
                    key(shard.lastHashKey()),
                    shard.openedTimeNs(),
                    shard.closedTimeNs(),
                    shard.lastSequenceNumber(),
                    shard.lastArrivalTimeNs(),
                    shard.recordCount(),
                    shard.recordBytes(),
                    shard.shardIndex(),
                    shard.state()));
        }
        events.accept(new StreamEvent.ShardList(
                decoder.correlationId(), decoder.nextAfterShardId(), decoder.tokenTimeNs(), shards));
        return decoder.encodedLength();
    }

    private static BigInteger key(final HashKeyDecoder key) {
        return unsigned(key.high()).shiftLeft(Long.SIZE).or(unsigned(key.low()));
    }

    static BigInteger unsigned(final long word) {
        return new BigInteger(Long.toUnsignedString(word));
    }
}
