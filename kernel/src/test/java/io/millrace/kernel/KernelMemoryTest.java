package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the kernel says it reserves is what a host can rely on. */
class KernelMemoryTest {

    private static final int BATCHES = 400;
    private static final int BATCH = 100;

    /** Tables grow by so much at a time. */
    private static final long CHUNK = 256 * 1024;

    /** The arena grows by so much at a time. */
    private static final long SEGMENT = 2 * 1024 * 1024;

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders");
    private final KernelMemory memory = scenario.kernel.memory();

    @Test
    void shouldGrowByNoMoreThanItsCostOfAMessage() {
        final long before = memory.reservedBytes();
        fill();

        final long cost = KernelMemory.MESSAGE_BYTES + KernelMemory.payloadBytes(8 + body().length());
        final long grown = memory.reservedBytes() - before;
        assertTrue(grown <= cost * BATCHES * BATCH + 2 * SEGMENT, grown + " bytes for messages of " + cost);
        assertTrue(grown >= cost * BATCHES * BATCH / 2, grown + " bytes for messages of " + cost);
    }

    @Test
    void shouldNotGrowWhenAllMessagesAreTaken() {
        fill();
        final long before = memory.reservedBytes();
        takeAll();

        assertGrownByAtMost(2 * CHUNK, before);
    }

    @Test
    void shouldUseAgainWhatItSaysIsFree() {
        assertEquals(0, memory.freeMessages());
        fill();
        final List<Receipt> receipts = takeAll();
        for (int i = 0; i < receipts.size(); i += BATCH) {
            scenario.acknowledge(A, queue, receipts.subList(i, i + BATCH).toArray(Receipt[]::new));
        }
        scenario.forget();
        final long before = memory.reservedBytes();

        assertEquals(BATCHES * BATCH, memory.freeMessages());
        final long free = memory.freePayloadBytes();
        final long needed = BATCHES * BATCH * KernelMemory.payloadBytes(8 + body().length());
        assertTrue(free >= needed / 4, free + " bytes are free of " + needed);
        fill();
        assertGrownByAtMost(SEGMENT, before);
    }

    @Test
    void shouldCountPublishedMessagesBeforeTheyReachTheirQueues() {
        final TopicSupport topics = new TopicSupport(scenario);
        final long topic = topics.create("trades");
        final int queues = 3 * FanOut.SLICE;
        for (int i = 0; i < queues; i++) {
            topics.subscribe(topic, scenario.createQueueQuietly("queue" + i), Command.SubscriptionSettings.NONE);
        }
        assertEquals(queues, memory.subscriptions(topic));
        assertEquals(0, memory.subscriptions(topic + 1));

        topics.publish(topic, Collections.nCopies(20, body()).toArray(String[]::new));
        final long counted = memory.reservedBytes();
        assertTrue(scenario.kernel.workPending());
        assertEquals(0, memory.freeCopies());
        scenario.workOff();

        final long reserved = memory.reservedBytes();
        assertEquals(20 * queues, scenario.kernel.messageCount());
        assertTrue(reserved <= counted + CHUNK, reserved + " bytes, counted " + counted);
        assertTrue(reserved >= counted / 2, reserved + " bytes, counted " + counted);
    }

    private void assertGrownByAtMost(final long bytes, final long before) {
        final long grown = memory.reservedBytes() - before;
        assertTrue(grown <= bytes, grown + " bytes");
    }

    private void fill() {
        final String[] batch = Collections.nCopies(BATCH, body()).toArray(String[]::new);
        for (int i = 0; i < BATCHES; i++) {
            scenario.send(A, queue, batch);
        }
        scenario.forget();
    }

    private static String body() {
        final char[] body = new char[500];
        Arrays.fill(body, 'x');
        return new String(body);
    }

    private List<Receipt> takeAll() {
        final List<Receipt> receipts = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            scenario.receive(A, queue, BATCH);
            scenario.egress.drain().stream()
                    .map(RecordingEgress.Emitted::event)
                    .filter(Event.Delivery.class::isInstance)
                    .forEach(event -> receipts.add(((Event.Delivery) event).receipt()));
        }
        assertEquals(BATCHES * BATCH, receipts.size());
        return receipts;
    }
}
