package io.millrace.client;

import io.millrace.codecs.SubscriptionSettingsEncoder;
import io.millrace.codecs.Switch;

/**
 * How a subscription is to deliver, or what is to change of it. What is not set is the server's default for a new subscription,
 * and stays as it is for an existing one.
 */
public final class SubscriptionSettings {
    private long deadLetterQueueId = SubscriptionSettingsEncoder.deadLetterQueueIdNullValue();
    private Switch rawDelivery = Switch.NULL_VAL;

    /** @param value ON: the message as it was published; OFF, the default: in an envelope of JSON. @return this */
    public SubscriptionSettings rawDelivery(final Switch value) {
        rawDelivery = value;
        return this;
    }

    /** @param value queue for what cannot be delivered, of the topic's type; 0, the default: it is discarded. @return this */
    public SubscriptionSettings deadLetterQueueId(final long value) {
        deadLetterQueueId = value;
        return this;
    }

    void encode(final SubscriptionSettingsEncoder encoder) {
        encoder.deadLetterQueueId(deadLetterQueueId)
                .rawDelivery(rawDelivery)
                .reserved1((short) 0)
                .reserved2(0)
                .reserved4(0);
    }
}
