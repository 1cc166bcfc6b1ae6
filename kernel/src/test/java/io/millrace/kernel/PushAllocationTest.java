package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.RetryFunction;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.DeliveryPolicy;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Once warm, what is published, matched, pushed to sessions and acknowledged allocates nothing on the heap, nor does what is at most once, fails
 * until it is a dead letter, or waits for the next second.
 */
class PushAllocationTest {
    private static final int WARM_UP_ROUNDS = 5_000;
    private static final int ROUNDS = 1_000;
    private static final int ATTEMPTS = 25;
    private static final long MS = 1_000_000L;
    private static final long SECOND = 1_000 * MS;
    private static final DeliveryPolicy TWICE =
            new DeliveryPolicy(2, 0, 0, 0, 10 * MS, 40 * MS, RetryFunction.GEOMETRIC, 0);

    private final BulkKernel bulk = new BulkKernel();
    private final long dead = bulk.createQueue("dead", SettingsBuilder.standard());
    private long lastQueue = dead;

    private final long filtered = createTopic("filtered");
    private final long ticks = createTopic("ticks");
    private final long failing = createTopic("failing");
    private final long throttled = createTopic("throttled");

    private final long buys = consume(filtered, SubscriptionSettings.NONE.withPolicy("{\"side\":[\"buy\"]}"), TWICE);
    private final long sells = consume(filtered, SubscriptionSettings.NONE.withPolicy("{\"side\":[\"sell\"]}"), TWICE);
    private final long ticking = subscribe(ticks, SubscriptionSettings.NONE, TWICE, Switch.OFF);
    private final long failed = consume(failing, SubscriptionSettings.NONE.withDeadLetters(dead), TWICE);
    private final long slow = consume(throttled, SubscriptionSettings.NONE, TWICE.withMaxPerSecond(1));

    private final UnsafeBuffer publishBuy = publish(filtered, "buy");
    private final UnsafeBuffer publishSell = publish(filtered, "sell");
    private final UnsafeBuffer publishHold = publish(filtered, "hold");
    private final UnsafeBuffer publishTick = publish(ticks, "tick");
    private final UnsafeBuffer publishFailing = publish(failing, "buy");
    private final UnsafeBuffer publishThrottled = publish(throttled, "buy");
    private final UnsafeBuffer acknowledgeBuy = acknowledge(buys);
    private final UnsafeBuffer acknowledgeSell = acknowledge(sells);
    private final UnsafeBuffer acknowledgeSlow = acknowledge(slow);
    private final UnsafeBuffer acknowledgeDead = acknowledge(dead);
    private final UnsafeBuffer fail = bulk.frame(new Command.SettleMessages(
            1, Producer.NONE, failed, List.of(new Command.Settlement(noReceipt(), null, Disposition.RETRY))));
    private final UnsafeBuffer receiveDead = bulk.frame(new Command.Receive(1, dead, 1, 0L, null));
    private final UnsafeBuffer addCredit = bulk.frame(new Command.Consume(1, ticking, 1, 1_000, null));
    private long round;

    @Test
    void shouldAllocateNothing() {
        rounds(WARM_UP_ROUNDS);
        final long[] bytes = new long[ATTEMPTS];
        int attempts = 0;
        do {
            bytes[attempts] = bytesAllocatedBy(ROUNDS);
        } while (bytes[attempts++] > 0 && attempts < ATTEMPTS);

        assertEquals(0, bytes[attempts - 1], () -> "bytes allocated in each attempt: " + Arrays.toString(bytes));
        final KernelCounters counters = bulk.kernel.counters();
        assertEquals(8 * round, counters.publishes(), "published");
        assertEquals(9 * round, bulk.delivered(), "deliveries");
        assertEquals(round, counters.deadLetters(), "dead letters");
        assertEquals(round, counters.undeliverable(), "without credit");
        assertEquals(0, bulk.kernel.messageCount());
    }

    private long bytesAllocatedBy(final int rounds) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        rounds(rounds);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void rounds(final int rounds) {
        for (int i = 0; i < rounds; i++) {
            round++;
            matched();
            atMostOnce();
            failedUntilDead();
            throttled();
        }
    }

    private void matched() {
        apply(publishBuy);
        bulk.end(acknowledgeBuy, 1);
        apply(publishHold);
        apply(publishSell);
        bulk.end(acknowledgeSell, 1);
    }

    private void atMostOnce() {
        apply(addCredit);
        apply(publishTick);
        apply(publishTick);
    }

    private void failedUntilDead() {
        apply(publishFailing);
        bulk.end(fail, 1);
        pass(10 * MS);
        bulk.end(fail, 1);
        pass(40 * MS);
        bulk.end(fail, 1);
        apply(receiveDead);
        bulk.end(acknowledgeDead, 1);
    }

    private void throttled() {
        apply(publishThrottled);
        bulk.end(acknowledgeSlow, 1);
        apply(publishThrottled);
        pass(SECOND);
        bulk.end(acknowledgeSlow, 1);
        pass(SECOND);
    }

    private void pass(final long durationNs) {
        bulk.nowNs += durationNs;
        bulk.clock();
    }

    private void apply(final UnsafeBuffer frame) {
        bulk.apply(frame, frame.capacity());
    }

    private long createTopic(final String name) {
        return bulk.make(new Command.CreateTopic(1, Producer.NONE, name, TopicSettings.NONE));
    }

    /** Subscribes, and grants the credit of one message, which its end gives back. */
    private long consume(final long topicId, final SubscriptionSettings settings, final DeliveryPolicy policy) {
        final long queueId = subscribe(topicId, settings, policy, Switch.ON);
        bulk.apply(new Command.Consume(1, queueId, 1, 1_000, null));
        return queueId;
    }

    /** Subscribes; the queue of a subscription has the id that follows that of the queue made last. */
    private long subscribe(
            final long topicId,
            final SubscriptionSettings settings,
            final DeliveryPolicy policy,
            final Switch acknowledged) {
        final String name = "subscription " + ++lastQueue;
        bulk.apply(new Command.SubscribeSession(1, Producer.NONE, topicId, settings, policy, acknowledged, name));
        return lastQueue;
    }

    private UnsafeBuffer publish(final long topicId, final String side) {
        final Payload payload = Payload.of("a message", Payload.Attribute.text("side", side));
        return bulk.frame(new Command.PublishMessages(
                1, Producer.NONE, topicId, false, false, List.of(new Published(payload, ""))));
    }

    private UnsafeBuffer acknowledge(final long queueId) {
        return bulk.frame(new Command.Acknowledge(1, Producer.NONE, queueId, List.of(noReceipt())));
    }

    private static Receipt noReceipt() {
        return new Receipt(0, 0, 0, 0, 0);
    }
}
