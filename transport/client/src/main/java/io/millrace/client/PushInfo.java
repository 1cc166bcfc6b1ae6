package io.millrace.client;

import io.millrace.codecs.SubscriptionDescriptionDecoder;
import io.millrace.codecs.Switch;

/**
 * What a subscription that sessions consume has besides the rest of {@link SubscriptionInfo}, whose {@code queueId} is what they are to
 * consume and whose {@code deliveredCount} counts what was acknowledged.
 *
 * @param name its name, unique in the topic
 * @param acknowledged ON: deliveries are to be acknowledged; OFF: at most once
 * @param deliveryPolicy the policy in force, be it its own, its topic's or the server's
 * @param retriedCount deliveries that failed and were tried again
 * @param pendingCount messages that are not acknowledged yet
 * @param oldestTimeNs when the oldest of them was published: nanoseconds since 1970; 0: there is none
 */
public record PushInfo(
        String name,
        Switch acknowledged,
        DeliveryPolicy deliveryPolicy,
        long retriedCount,
        long pendingCount,
        long oldestTimeNs) {

    /** @return null for the subscription of a queue, which has no name. */
    static PushInfo of(final SubscriptionDescriptionDecoder decoder, final String name) {
        return name.isEmpty()
                ? null
                : new PushInfo(
                        name,
                        Codes.onOff(decoder.acknowledgedRaw()),
                        DeliveryPolicy.of(decoder.policy()),
                        decoder.retriedCount(),
                        decoder.pendingCount(),
                        decoder.oldestTimeNs());
    }
}
