package io.millrace.client;

import io.millrace.codecs.Switch;

/**
 * What a subscription is to be like that sessions consume themselves. What is not set is the server's default; other than for queues
 * {@code rawDelivery} is ON then.
 *
 * <p>An example:
 *
 * <pre>{@code
 * final TopicSubscription desk = client.topics()
 *         .subscribeSession(
 *                 topicId,
 *                 PushSettings.named("desk")
 *                         .delivery(new SubscriptionSettings().filterPolicy("{\"side\":[\"buy\"]}"))
 *                         .deliveryPolicy(DeliveryPolicy.every(5, TimeUnit.SECONDS.toNanos(1))));
 * client.messageHandler(delivery -> {
 *     settle(delivery.buffer(), delivery.offset(), delivery.length());
 *     delivery.acknowledge();
 * });
 * client.consume(desk.queueId(), 256, 1024 * 1024);
 * }</pre>
 */
public final class PushSettings {
    private final String name;
    private SubscriptionSettings delivery = new SubscriptionSettings();
    private DeliveryPolicy deliveryPolicy = DeliveryPolicy.NONE;
    private Switch acknowledged = Switch.NULL_VAL;

    private PushSettings(final String name) {
        this.name = name;
    }

    /**
     * @param name of the subscription, unique in the topic: UTF-8, 1 to 256 bytes
     * @return settings with the server's defaults
     */
    public static PushSettings named(final String name) {
        return new PushSettings(name);
    }

    /** @param value which messages, in which form, and where to when they cannot be delivered. @return this */
    public PushSettings delivery(final SubscriptionSettings value) {
        delivery = value;
        return this;
    }

    /** @param value how a delivery that failed is tried again; default {@link DeliveryPolicy#NONE}. @return this */
    public PushSettings deliveryPolicy(final DeliveryPolicy value) {
        deliveryPolicy = value;
        return this;
    }

    /**
     * @param value ON, the default: a delivery is to be acknowledged, else it is tried again. OFF: at most once; a delivery is over when it is
     *     made and takes its credit for good, {@link MillraceClient#consume} adds more, and what finds no session with credit is
     *     discarded and counted
     * @return this
     */
    public PushSettings acknowledged(final Switch value) {
        acknowledged = value;
        return this;
    }

    String name() {
        return name;
    }

    SubscriptionSettings delivery() {
        return delivery;
    }

    DeliveryPolicy deliveryPolicy() {
        return deliveryPolicy;
    }

    Switch acknowledged() {
        return acknowledged;
    }
}
