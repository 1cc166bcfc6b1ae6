package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.RetryFunction;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.DeliveryPolicy;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.ModelTopicState.Subscription;
import java.util.Random;

/** Draws commands about subscriptions that sessions consume. */
final class RandomPushCommands {

    private static final int MOST_DELAY_NS = 12_000_000;

    private final RandomValues values;
    private final Random random;

    RandomPushCommands(final RandomValues values) {
        this.values = values;
        random = values.random;
    }

    /** Now and then one that exists, with what it has or with something else. */
    Command subscribe(final long id, final long topicId, final SubscriptionSettings settings) {
        final Subscription existing = values.state.topics.subscriptions.values().stream()
                .filter(Subscription::isForSessions)
                .findAny()
                .orElse(null);
        if (existing == null || !values.oneIn(5)) {
            final Switch acknowledged = values.oneIn(3) ? Switch.OFF : values.oneOf(Switch.ON, Switch.NULL_VAL);
            return new Command.SubscribeSession(
                    id, values.producer(), topicId, settings, policy(), acknowledged, name());
        }
        return new Command.SubscribeSession(
                id,
                values.producer(),
                existing.topic.id,
                values.oneIn(4) ? settings : existing.settings,
                values.oneIn(4) ? policy() : existing.policy,
                values.oneIn(4) ? Switch.OFF : existing.acknowledged,
                existing.name);
    }

    private String name() {
        return values.oneIn(30) ? values.oneOf("", "bad" + (char) 0xC3, "x".repeat(17)) : "s" + random.nextInt(4);
    }

    Command setPolicy(final long id, final long topicId, final long subscriptionId) {
        final boolean ofTopic = values.oneIn(3);
        return new Command.SetDeliveryPolicy(
                id, values.producer(), ofTopic ? topicId : 0, ofTopic ? 0 : subscriptionId, policy());
    }

    /** Credit, with a short time to answer most of the time. */
    Command consume(final long id) {
        return new Command.Consume(
                id,
                values.queueId(queue -> queue.subscription != null),
                random.nextInt(8),
                random.nextInt(900),
                values.oneIn(4) ? null : values.time());
    }

    private DeliveryPolicy policy() {
        if (values.oneIn(4)) {
            return DeliveryPolicy.NONE;
        }
        if (values.oneIn(12)) {
            return wrongPolicy();
        }
        final int first = random.nextInt(2);
        final int second = random.nextInt(2);
        final int third = values.oneIn(3) ? 0 : 2 + random.nextInt(3);
        final int last = random.nextInt(2);
        final long least = 1 + random.nextInt(MOST_DELAY_NS / 4);
        return new DeliveryPolicy(
                Math.min(first + second + third + last, (int) values.state.limit(LimitId.DELIVERY_RETRIES)),
                first,
                second,
                last,
                least,
                least + random.nextInt(MOST_DELAY_NS),
                function(),
                values.oneIn(3) ? 1 + random.nextInt(3) : 0);
    }

    private RetryFunction function() {
        return values.oneOf(
                RetryFunction.LINEAR, RetryFunction.ARITHMETIC, RetryFunction.GEOMETRIC, RetryFunction.EXPONENTIAL);
    }

    /** Too often, too long in all or at once, or made of parts that do not fit. */
    private DeliveryPolicy wrongPolicy() {
        final int most = (int) values.state.limit(LimitId.DELIVERY_RETRIES);
        final long longest = Math.min(values.state.limit(LimitId.BACKOFF), Long.MAX_VALUE / 8);
        return values.oneOf(
                new DeliveryPolicy(most + 1, 0, 0, 0, 1, 1, function(), 0),
                new DeliveryPolicy(most, 0, 0, most, 1, longest, function(), 0),
                new DeliveryPolicy(1, 0, 0, 0, 1, longest + 1, function(), 0),
                new DeliveryPolicy(1, 0, 0, 0, 2, 1, function(), 0),
                new DeliveryPolicy(1, 0, 0, 0, 0, 1, function(), 0),
                new DeliveryPolicy(1, 1, 1, 0, 1, 1, function(), 0),
                new DeliveryPolicy(0, 0, 0, 0, -1, 1, function(), 0),
                new DeliveryPolicy(0, 0, 0, 0, 0, 0, RetryFunction.NULL_VAL, 0));
    }
}
