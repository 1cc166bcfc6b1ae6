package io.millrace.client;

import io.millrace.codecs.StreamDescriptionDecoder;
import io.millrace.codecs.StreamStatus;

/**
 * Settings of a stream and what it counts. A code that this client does not know is {@code NULL_VAL}.
 *
 * @param streamId the stream
 * @param name its name
 * @param status where it stands
 * @param createdTimeNs when it was created: nanoseconds since 1970
 * @param changedTimeNs when its settings were last changed: nanoseconds since 1970
 * @param horizonTimeNs records that arrived before are out of reach: nanoseconds since 1970
 * @param retentionNs how long records are kept, nanoseconds
 * @param maxRecordBytes largest record, partition key included
 * @param openShardCount shards that are open
 * @param shardCount shards that are opening, open or closed
 * @param recordCount records put since it was created
 * @param recordBytes partition keys and data of them
 */
public record StreamInfo(
        long streamId,
        String name,
        StreamStatus status,
        long createdTimeNs,
        long changedTimeNs,
        long horizonTimeNs,
        long retentionNs,
        long maxRecordBytes,
        long openShardCount,
        long shardCount,
        long recordCount,
        long recordBytes) {

    static StreamInfo of(final StreamDescriptionDecoder decoder) {
        return new StreamInfo(
                decoder.streamId(),
                decoder.name(),
                Codes.streamStatus(decoder.statusRaw()),
                decoder.createdTimeNs(),
                decoder.changedTimeNs(),
                decoder.horizonTimeNs(),
                decoder.settings().retentionNs(),
                decoder.settings().maxRecordBytes(),
                decoder.openShardCount(),
                decoder.shardCount(),
                decoder.recordCount(),
                decoder.recordBytes());
    }
}
