package io.millrace.client;

import io.millrace.codecs.SubscriptionDescriptionDecoder;

/**
 * What only a subscription of a stream has.
 *
 * @param streamId the stream that the messages go to
 * @param keyAttribute name of the message attribute whose value is the partition key; empty: none, and where a message has none: the key is
 *     its message group, or else its id
 */
public record StreamEndpoint(long streamId, String keyAttribute) {

    static StreamEndpoint of(final SubscriptionDescriptionDecoder decoder, final String keyAttribute) {
        return decoder.streamId() == 0 ? null : new StreamEndpoint(decoder.streamId(), keyAttribute);
    }
}
