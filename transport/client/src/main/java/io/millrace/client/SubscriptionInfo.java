package io.millrace.client;

import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.SubscriptionDescriptionDecoder;
import io.millrace.codecs.SubscriptionSettingsDecoder;
import io.millrace.codecs.Switch;

/**
 * Settings of a subscription and what became of its messages. A code that this client does not know is {@code NULL_VAL}.
 *
 * @param subscriptionId the subscription
 * @param topicId its topic
 * @param queueId where its messages go; for sessions what they are to consume; 0 for a stream
 * @param createdTimeNs when it was made: nanoseconds since 1970
 * @param rawDelivery ON: messages go as they were published; OFF: in an envelope of JSON
 * @param deadLetterQueueId queue for what cannot be delivered; 0: it is discarded
 * @param filterScope what the filter policy is about
 * @param filterPolicy JSON: which messages it gets; empty: all
 * @param deliveredCount messages delivered to the endpoint, duplicates in a FIFO queue included
 * @param deadLetterCount messages that could not be delivered and went to the dead-letter queue
 * @param discardedCount messages that could not be delivered and were discarded
 * @param filteredCount messages published since it was made that did not pass its filter policy
 * @param replayFromNs from when on archived messages were asked for last: nanoseconds since 1970; 0: never
 * @param replayState where that stands
 * @param push what only a subscription has that sessions consume; null for that of a queue or stream
 * @param stream what only a subscription of a stream has; null for others
 */
public record SubscriptionInfo(
        long subscriptionId,
        long topicId,
        long queueId,
        long createdTimeNs,
        Switch rawDelivery,
        long deadLetterQueueId,
        FilterPolicyScope filterScope,
        String filterPolicy,
        long deliveredCount,
        long deadLetterCount,
        long discardedCount,
        long filteredCount,
        long replayFromNs,
        ReplayState replayState,
        PushInfo push,
        StreamEndpoint stream) {

    static SubscriptionInfo of(final SubscriptionDescriptionDecoder decoder) {
        final SubscriptionSettingsDecoder settings = decoder.settings();
        // The texts stand behind each other and can be read in their order only.
        final String filterPolicy = decoder.filterPolicy();
        final String name = decoder.name();
        final String keyAttribute = decoder.keyAttribute();
        return new SubscriptionInfo(
                decoder.subscriptionId(),
                decoder.topicId(),
                decoder.queueId(),
                decoder.createdTimeNs(),
                Codes.onOff(settings.rawDeliveryRaw()),
                settings.deadLetterQueueId(),
                Codes.filterScope(settings.filterScopeRaw()),
                filterPolicy,
                decoder.deliveredCount(),
                decoder.deadLetterCount(),
                decoder.discardedCount(),
                decoder.filteredCount(),
                settings.replayFromNs(),
                Codes.replayState(decoder.replayStateRaw()),
                PushInfo.of(decoder, name),
                StreamEndpoint.of(decoder, keyAttribute));
    }
}
