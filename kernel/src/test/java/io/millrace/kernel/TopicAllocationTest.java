package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.Command.ProtocolBody;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Once warm, publishing allocates nothing on the heap, nor does what follows: raw and in an envelope, through FIFO topics, in batches, in
 * slices, to consumers that wait, to dead letters.
 */
class TopicAllocationTest {

    private static final int WARM_UP_ROUNDS = 2_500;
    private static final int ROUNDS = 500;
    private static final int ATTEMPTS = 25;
    private static final long MS = 1_000_000L;

    /** With these a batch of ten does not fit into the fan-out of one record. */
    private static final int WIDE = 110;

    private static final int BATCH = 10;

    /** Takes what a queue got in a round. */
    private record Subscriber(UnsafeBuffer receive, UnsafeBuffer acknowledge, int count) {}

    /** What is remembered for a time must come and go before it is measured. */
    private final BulkKernel bulk = new BulkKernel(Limits.nativeProfile().with(LimitId.DEDUPLICATION_WINDOW, 500 * MS));

    private final long raw = bulk.createQueue("raw", SettingsBuilder.standard());
    private final long wrapped = bulk.createQueue("wrapped", SettingsBuilder.standard());
    private final long pushed = bulk.createQueue("pushed", SettingsBuilder.standard());
    private final long dead = bulk.createQueue("dead", SettingsBuilder.standard());
    private final long fifoRaw = bulk.createQueue("fifo-raw", SettingsBuilder.fifo());
    private final long fifoWrapped = bulk.createQueue("fifo-wrapped", SettingsBuilder.fifo());
    private final long wide = createTopic("wide", TopicSettings.NONE);
    private final long mixed = createTopic("mixed", TopicSettings.NONE);
    private final long orders = createTopic("orders", TopicSettings.fifo(Switch.ON, QueueScope.MESSAGE_GROUP));

    private final UnsafeBuffer publishWide =
            publish(wide, false, Collections.nCopies(BATCH, new Published(Payload.of("to everybody"), "")));
    private final UnsafeBuffer publishMixed = publish(
            mixed,
            true,
            List.of(
                    new Published(
                            Payload.of(
                                    "say \"this\"\n",
                                    Payload.Attribute.text("side", "buy"),
                                    Payload.Attribute.number("price", "12.5"),
                                    new Payload.Attribute(3, "raw", "", "\u00FF\u0000")),
                            "A subject"),
                    new Published(Payload.of("refused by itself"), "a\nb"),
                    new Published(
                            Payload.of("in a group").inGroup("tenant"),
                            "",
                            List.of(
                                    new ProtocolBody(1, "for queues"),
                                    new ProtocolBody(2, "for sessions"),
                                    new ProtocolBody(3, "for streams")))));
    private final UnsafeBuffer publishOrder =
            publish(orders, false, List.of(new Published(Payload.of("N0000000").inGroup("a"), "")));
    private final UnsafeBuffer publishKnownOrder = publish(
            orders,
            false,
            List.of(new Published(Payload.of("order").inGroup("b").withDeduplicationId("N0000000"), "")));
    private final Subscriber toRaw = subscriber(raw, 2);
    private final Subscriber toWrapped = subscriber(wrapped, 2);
    private final Subscriber toPushed = subscriber(pushed, 1);
    private final Subscriber toDead = subscriber(dead, 2);
    private final Subscriber toFifoRaw = subscriber(fifoRaw, 2);
    private final Subscriber toFifoWrapped = subscriber(fifoWrapped, 2);
    private final Subscriber[] toWide = new Subscriber[WIDE];
    private long round;

    @Test
    void shouldAllocateNothing() {
        subscribe();
        rounds(WARM_UP_ROUNDS);
        final long[] bytes = new long[ATTEMPTS];
        int attempts = 0;
        do {
            bytes[attempts] = bytesAllocatedBy(ROUNDS);
        } while (bytes[attempts++] > 0 && attempts < ATTEMPTS);

        assertEquals(0, bytes[attempts - 1], () -> "bytes allocated in each attempt: " + Arrays.toString(bytes));
        final KernelCounters counters = bulk.kernel.counters();
        assertEquals((BATCH + 4) * round, counters.publishes(), "published");
        assertEquals((BATCH * WIDE + 12) * round, bulk.delivered(), "deliveries");
        assertEquals(2 * round, counters.duplicates(), "duplicates");
        assertEquals(2 * round, counters.deadLetters(), "dead letters");
        assertEquals(2 * round, counters.undeliverable(), "discarded");
        assertEquals(4 * round, counters.puts(), "records");
        assertEquals(0, bulk.kernel.messageCount());
    }

    private void subscribe() {
        for (int i = 0; i < WIDE; i++) {
            final long queue = bulk.createQueue("wide-" + i, SettingsBuilder.standard());
            subscribe(wide, queue, SubscriptionSettings.RAW);
            toWide[i] = subscriber(queue, BATCH);
        }
        final long small =
                bulk.createQueue("small", SettingsBuilder.standard().build().with("maxMessageBytes", 1L));
        final long gone = bulk.createQueue("gone", SettingsBuilder.standard());
        subscribe(mixed, gone, SubscriptionSettings.RAW);
        bulk.apply(new Command.DeleteQueue(1, Producer.NONE, gone));
        subscribe(mixed, small, SubscriptionSettings.RAW.withDeadLetters(dead));
        subscribe(mixed, raw, SubscriptionSettings.RAW);
        subscribe(mixed, wrapped, SubscriptionSettings.NONE);
        subscribe(mixed, pushed, SubscriptionSettings.RAW);
        subscribeStream(1, SubscriptionSettings.RAW, "side");
        subscribeStream(2, SubscriptionSettings.NONE, "price");
        subscribe(orders, fifoRaw, SubscriptionSettings.RAW);
        subscribe(orders, fifoWrapped, SubscriptionSettings.NONE);
        bulk.apply(new Command.Consume(1, pushed, 1, 1_000, null));
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
            toManyInSlices();
            toEachInItsWay();
            inOrderWithoutDuplicates();
            bulk.nowNs += MS;
            bulk.clock();
        }
    }

    private void toManyInSlices() {
        apply(publishWide);
        while (bulk.kernel.workPending()) {
            bulk.clock();
        }
        for (final Subscriber subscriber : toWide) {
            receive(subscriber);
        }
    }

    /** Two messages: raw, in an envelope, pushed one after the other, to dead letters, to nobody. */
    private void toEachInItsWay() {
        apply(publishMixed);
        bulk.end(toPushed.acknowledge(), 1);
        bulk.end(toPushed.acknowledge(), 1);
        receive(toRaw);
        receive(toWrapped);
        receive(toDead);
    }

    /** Each is published twice: once with the hash of its body as its id, once with an id of its own. */
    private void inOrderWithoutDuplicates() {
        BulkKernel.writeDigits(publishOrder, publishOrder.capacity() - 4 * Short.BYTES - 1, round);
        BulkKernel.writeDigits(publishKnownOrder, publishKnownOrder.capacity() - 2 * Short.BYTES, round);
        apply(publishOrder);
        apply(publishOrder);
        apply(publishKnownOrder);
        apply(publishKnownOrder);
        receive(toFifoRaw);
        receive(toFifoWrapped);
    }

    private void receive(final Subscriber subscriber) {
        apply(subscriber.receive());
        bulk.end(subscriber.acknowledge(), subscriber.count());
    }

    private void apply(final UnsafeBuffer frame) {
        bulk.apply(frame, frame.capacity());
    }

    private long createTopic(final String name, final TopicSettings settings) {
        return bulk.make(new Command.CreateTopic(1, Producer.NONE, name, settings));
    }

    private void subscribe(final long topicId, final long queueId, final SubscriptionSettings settings) {
        bulk.apply(new Command.SubscribeQueue(1, Producer.NONE, topicId, queueId, settings));
    }

    /** Makes a stream and subscribes it. */
    private void subscribeStream(final long number, final SubscriptionSettings settings, final String keyAttribute) {
        bulk.make(new StreamCommand.CreateStream(1, Producer.NONE, "stream " + number, 1, StreamCommand.Settings.NONE));
        bulk.kernel.shardsReady(bulk.nowNs, number, number);
        bulk.apply(new StreamCommand.SubscribeStream(1, Producer.NONE, mixed, number, settings, keyAttribute));
    }

    private UnsafeBuffer publish(final long topicId, final boolean eachEntry, final List<Published> entries) {
        return bulk.frame(new Command.PublishMessages(1, Producer.NONE, topicId, false, eachEntry, entries));
    }

    private Subscriber subscriber(final long queueId, final int count) {
        final Receipt noReceipt = new Receipt(0, 0, 0, 0, 0);
        return new Subscriber(
                bulk.frame(new Command.Receive(1, queueId, BATCH, 0L, null)),
                bulk.frame(new Command.Acknowledge(1, Producer.NONE, queueId, Collections.nCopies(count, noReceipt))),
                count);
    }
}
