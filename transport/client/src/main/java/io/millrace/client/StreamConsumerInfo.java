package io.millrace.client;

import io.millrace.codecs.StreamConsumerDescriptionDecoder;

/**
 * What is known of a consumer of a stream.
 *
 * @param consumerId the consumer
 * @param name its name, once in the stream
 * @param streamId its stream
 * @param createdTimeNs when it was registered: nanoseconds since 1970
 * @param subscriptionCount shards that it is subscribed to
 */
public record StreamConsumerInfo(
        long consumerId, String name, long streamId, long createdTimeNs, long subscriptionCount) {

    static StreamConsumerInfo of(final StreamConsumerDescriptionDecoder decoder) {
        return new StreamConsumerInfo(
                decoder.consumerId(),
                decoder.name(),
                decoder.streamId(),
                decoder.createdTimeNs(),
                decoder.subscriptionCount());
    }
}
