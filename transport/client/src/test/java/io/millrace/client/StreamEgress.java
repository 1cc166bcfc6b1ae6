package io.millrace.client;

import io.millrace.codecs.HashKeyEncoder;
import io.millrace.codecs.IteratorIssuedEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.PutResultsEncoder;
import io.millrace.codecs.RecordBeginEncoder;
import io.millrace.codecs.RecordChunkEncoder;
import io.millrace.codecs.RecordsEndEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardListEncoder;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.ShardRecordsEncoder;
import io.millrace.codecs.ShardState;
import io.millrace.codecs.StreamDescriptionEncoder;
import io.millrace.codecs.StreamListEncoder;
import io.millrace.codecs.StreamStatus;
import java.nio.charset.StandardCharsets;

/** Encodes what a server says of streams. */
final class StreamEgress {
    private StreamEgress() {}

    static EgressEncoder stream(
            final EgressEncoder out, final long correlationId, final long streamId, final StreamStatus status) {
        return out.append(buffer -> {
            final StreamDescriptionEncoder encoder =
                    new StreamDescriptionEncoder().wrapAndApplyHeader(buffer, 0, out.header());
            encoder.correlationId(correlationId)
                    .streamId(streamId)
                    .createdTimeNs(1)
                    .changedTimeNs(2)
                    .horizonTimeNs(3)
                    .recordCount(4)
                    .recordBytes(5)
                    .openShardCount(6)
                    .shardCount(7)
                    .status(status);
            encoder.settings().retentionNs(8).maxRecordBytes(9).reserved(0);
            return encoder.name("tape").encodedLength();
        });
    }

    static EgressEncoder streams(
            final EgressEncoder out, final long correlationId, final long nextAfter, final String... names) {
        return out.append(buffer -> {
            final StreamListEncoder encoder = new StreamListEncoder().wrapAndApplyHeader(buffer, 0, out.header());
            final StreamListEncoder.StreamsEncoder streams = encoder.correlationId(correlationId)
                    .nextAfterStreamId(nextAfter)
                    .streamsCount(names.length);
            for (int i = 0; i < names.length; i++) {
                streams.next().streamId(nextAfter + i).name(names[i]);
            }
            return encoder.encodedLength();
        });
    }

    static EgressEncoder shards(
            final EgressEncoder out, final long correlationId, final long nextAfter, final long... shardIds) {
        return out.append(buffer -> {
            final ShardListEncoder encoder = new ShardListEncoder().wrapAndApplyHeader(buffer, 0, out.header());
            final ShardListEncoder.ShardsEncoder shards = encoder.correlationId(correlationId)
                    .nextAfterShardId(nextAfter)
                    .tokenTimeNs(77)
                    .shardsCount(shardIds.length);
            for (final long shardId : shardIds) {
                shards.next()
                        .shardId(shardId)
                        .parentShardId(2)
                        .adjacentParentShardId(3)
                        .openedTimeNs(4)
                        .closedTimeNs(5)
                        .lastSequenceNumber(6)
                        .lastArrivalTimeNs(7)
                        .recordCount(8)
                        .recordBytes(9)
                        .shardIndex(10)
                        .state(ShardState.CLOSED);
                put(shards.firstHashKey(), new HashKey(1, 2));
                put(shards.lastHashKey(), HashKey.MAX);
            }
            return encoder.encodedLength();
        });
    }

    static EgressEncoder iterator(final EgressEncoder out, final long correlationId, final ShardIterator iterator) {
        return out.append(buffer -> {
            final IteratorIssuedEncoder encoder =
                    new IteratorIssuedEncoder().wrapAndApplyHeader(buffer, 0, out.header());
            encoder.correlationId(correlationId);
            ShardIterator.encode(
                    encoder.iterator(),
                    iterator.shardId(),
                    iterator.kind(),
                    iterator.position(),
                    iterator.issuedTimeNs());
            return encoder.encodedLength();
        });
    }

    /** The n-th record is stored as number 10 + n in shard 5, unless its code says otherwise. */
    static EgressEncoder putResults(final EgressEncoder out, final long correlationId, final ResultCode... codes) {
        return out.append(buffer -> {
            final PutResultsEncoder encoder = new PutResultsEncoder().wrapAndApplyHeader(buffer, 0, out.header());
            final PutResultsEncoder.ResultsEncoder results =
                    encoder.correlationId(correlationId).resultsCount(codes.length);
            for (int i = 0; i < codes.length; i++) {
                final boolean isStored = codes[i] == ResultCode.OK;
                results.next()
                        .shardId(5)
                        .sequenceNumber(isStored ? 10 + i : 0)
                        .limitValue(isStored ? 0 : 7)
                        .actualValue(isStored ? 0 : 8)
                        .code(codes[i])
                        .limitId(isStored ? LimitId.NONE : LimitId.SHARD_PUTS);
            }
            return encoder.encodedLength();
        });
    }

    /** Records of which the n-th has the number first + n, arrived at 100 times that, and has its key as its data, too. */
    static EgressEncoder records(
            final EgressEncoder out,
            final long correlationId,
            final long shardId,
            final long first,
            final String... keys) {
        return out.append(buffer -> {
            final ShardRecordsEncoder encoder = new ShardRecordsEncoder().wrapAndApplyHeader(buffer, 0, out.header());
            final ShardRecordsEncoder.RecordsEncoder records =
                    encoder.correlationId(correlationId).shardId(shardId).recordsCount(keys.length);
            for (int i = 0; i < keys.length; i++) {
                final byte[] data = keys[i].getBytes(StandardCharsets.UTF_8);
                records.next()
                        .sequenceNumber(first + i)
                        .arrivalTimeNs(100 * (first + i))
                        .partitionKey(keys[i])
                        .putData(data, 0, data.length);
            }
            return encoder.encodedLength();
        });
    }

    static EgressEncoder recordBegin(
            final EgressEncoder out,
            final long correlationId,
            final long shardId,
            final long sequenceNumber,
            final String key,
            final int dataLength) {
        return out.append(buffer -> {
            final RecordBeginEncoder encoder = new RecordBeginEncoder().wrapAndApplyHeader(buffer, 0, out.header());
            return encoder.correlationId(correlationId)
                    .shardId(shardId)
                    .sequenceNumber(sequenceNumber)
                    .arrivalTimeNs(100 * sequenceNumber)
                    .dataLength(dataLength)
                    .partitionKey(key)
                    .encodedLength();
        });
    }

    static EgressEncoder recordChunk(
            final EgressEncoder out, final long correlationId, final int dataOffset, final String chunk) {
        return out.append(buffer -> {
            final RecordChunkEncoder encoder = new RecordChunkEncoder().wrapAndApplyHeader(buffer, 0, out.header());
            final byte[] bytes = chunk.getBytes(StandardCharsets.UTF_8);
            return encoder.correlationId(correlationId)
                    .dataOffset(dataOffset)
                    .putChunk(bytes, 0, bytes.length)
                    .encodedLength();
        });
    }

    static EgressEncoder recordsEnd(
            final EgressEncoder out,
            final long correlationId,
            final ShardIterator next,
            final long behindNs,
            final int recordCount,
            final long... children) {
        return out.append(buffer -> {
            final RecordsEndEncoder encoder = new RecordsEndEncoder().wrapAndApplyHeader(buffer, 0, out.header());
            encoder.correlationId(correlationId)
                    .behindNs(behindNs)
                    .recordCount(recordCount)
                    .code(ResultCode.OK);
            ShardIterator.encode(encoder.next(), next.shardId(), next.kind(), next.position(), next.issuedTimeNs());
            final RecordsEndEncoder.ChildrenEncoder group = encoder.childrenCount(children.length);
            for (final long child : children) {
                group.next().shardId(child).parentShardId(5).adjacentParentShardId(0);
                put(group.firstHashKey(), HashKey.MIN);
                put(group.lastHashKey(), new HashKey(0, child));
            }
            return encoder.encodedLength();
        });
    }

    static ShardIterator after(final long shardId, final long sequenceNumber, final long issuedTimeNs) {
        return new ShardIterator(shardId, ShardPosition.AFTER_SEQUENCE_NUMBER, sequenceNumber, issuedTimeNs);
    }

    private static void put(final HashKeyEncoder encoder, final HashKey hashKey) {
        encoder.high(hashKey.high()).low(hashKey.low());
    }
}
