package io.millrace.client;

import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.SubscriptionSettingsEncoder;
import io.millrace.codecs.Switch;

/**
 * How a subscription is to deliver, or what is to change of it. What is not set is the server's default for a new subscription,
 * and stays as it is for an existing one.
 */
public final class SubscriptionSettings {
    private long deadLetterQueueId = SubscriptionSettingsEncoder.deadLetterQueueIdNullValue();
    private Switch rawDelivery = Switch.NULL_VAL;
    private FilterPolicyScope filterScope = FilterPolicyScope.NULL_VAL;
    private String filterPolicy;
    private long replayFromNs = SubscriptionSettingsEncoder.replayFromNsNullValue();

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

    /** @param value what the filter policy is about; default MESSAGE_ATTRIBUTES. @return this */
    public SubscriptionSettings filterScope(final FilterPolicyScope value) {
        filterScope = value;
        return this;
    }

    /**
     * @param value JSON as SNS has it: which messages the subscription gets; empty, the default, or an object without keys: all
     * @return this
     */
    public SubscriptionSettings filterPolicy(final String value) {
        filterPolicy = value;
        return this;
    }

    /**
     * @param value from when on archived messages are delivered first, nanoseconds since 1970; 0, the default: none
     * @return this
     */
    public SubscriptionSettings replayFromNs(final long value) {
        replayFromNs = value;
        return this;
    }

    /** @return the policy, or null if none was said. */
    String filterPolicy() {
        return filterPolicy;
    }

    void encode(final SubscriptionSettingsEncoder encoder) {
        encoder.replayFromNs(replayFromNs)
                .deadLetterQueueId(deadLetterQueueId)
                .rawDelivery(rawDelivery)
                .filterScope(filterScope)
                .reserved2(0)
                .reserved4(0);
    }
}
