package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;
import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import io.millrace.client.PushSettings;
import io.millrace.client.QueueInfo;
import io.millrace.client.SubscriptionInfo;
import io.millrace.client.SubscriptionSettings;
import io.millrace.client.TopicSubscription;
import io.millrace.codecs.Switch;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.agrona.IoUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real server process, killed again and again under one client that publishes to a topic, takes what two of its queues get and what
 * a subscription of its own has pushed, and leaves the third queue to grow until the end. {@code -Dmillrace.kills} says how often.
 */
class TopicKillTest {

    private static final List<KillMoment> MOMENTS =
            List.of(KillMoment.LOAD, KillMoment.SNAPSHOT, KillMoment.ROLL, KillMoment.RECONNECT);

    private static final int KILLS = Integer.getInteger("millrace.kills", 5);
    private static final long SEED = Long.getLong("millrace.seed", System.nanoTime());
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int PUBLISHED_BETWEEN_KILLS = 500;
    private static final int CREDIT = 200;

    @TempDir
    Path directory;

    private final String aeronDir = CommonContext.getAeronDirectoryName() + "-millrace-topic-" + UUID.randomUUID();
    private final Random random = new Random(SEED);
    private final PublishLedger ledger = new PublishLedger();
    private MillraceClient client;
    private long topic;
    private long[] queues;
    private TopicSubscription pushed;

    @AfterEach
    void clean() {
        if (client != null) {
            client.close();
        }
        IoUtil.delete(new File(aeronDir), true);
    }

    @Test
    void shouldLoseNothingConfirmedForAnySubscriberOverEveryKill() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            try (ServerProcess server = ServerProcess.start(directory, aeronDir)) {
                if (kill == 0) {
                    connect();
                    consume(queues[0]);
                    consume(queues[1]);
                    consume(pushed.queueId());
                }
                killAt(MOMENTS.get(kill % MOMENTS.size()), server);
            }
        }
        try (ServerProcess server = ServerProcess.start(directory, aeronDir)) {
            until("a session", client::isConnected);
            consume(queues[2]);
            await("the end", ledger::isSettled, () -> {
                ledger.acknowledge(client);
                hear();
            });
            assertTrue(server.isAlive());
            for (final long queue : queues) {
                final QueueInfo info = client.queues().describe(queue);
                assertEquals(0, info.availableCount() + info.inFlightCount(), "messages that nobody knows of");
            }
            final SubscriptionInfo told = client.topics().describeSubscription(pushed.subscriptionId());
            assertEquals(0, told.push().pendingCount() + told.discardedCount(), "pushed in vain");
            assertEquals(ledger.next, told.deliveredCount());
        }
        assertTrue(client.counters().resends() > 0, "nothing was sent again");
        System.out.println(KILLS + " kills; published " + ledger.next + ", confirmed "
                + ledger.confirmed.cardinality() + ", acknowledged in " + queues.length + " queues and a session "
                + ledger.acknowledged() + ", sent again " + client.counters().resends() + "; -Dmillrace.seed=" + SEED);
    }

    private void connect() {
        client = MillraceClient.connect(new ClientContext()
                .serverDirectory(directory)
                .closeTimeoutNs(0)
                .errorHandler(error -> {})
                .listener(ledger)
                .messageHandler(ledger));
        topic = client.topics().create("numbers");
        queues = Stream.of("first", "second", "resting")
                .mapToLong(name -> client.queues().create(name))
                .toArray();
        Arrays.stream(queues).forEach(queue -> {
            client.topics().subscribeQueue(topic, queue, new SubscriptionSettings().rawDelivery(Switch.ON));
            ledger.subscribed(queue);
        });
        pushed = client.topics().subscribeSession(topic, PushSettings.named("session"));
        ledger.subscribed(pushed.queueId());
    }

    private void consume(final long queue) {
        until("the consumer is sent", () -> client.consume(queue, CREDIT, 1 << 20) > 0);
    }

    private void killAt(final KillMoment moment, final ServerProcess server) {
        until("a session", client::isConnected);
        if (moment != KillMoment.RECONNECT) {
            final int goal = ledger.confirmed.cardinality() + PUBLISHED_BETWEEN_KILLS;
            run("load", () -> ledger.confirmed.cardinality() >= goal);
        }
        final CompletableFuture<Void> killed = CompletableFuture.runAsync(() -> {
            moment.await(directory, random);
            server.kill();
        });
        run("the kill", killed::isDone);
        killed.join();
    }

    /** Publishes, takes and acknowledges. */
    private void run(final String what, final BooleanSupplier isOver) {
        await(what, isOver, () -> {
            ledger.publish(client, topic);
            ledger.acknowledge(client);
            hear();
        });
    }

    private void hear() {
        client.poll();
        ledger.settle();
    }

    private void until(final String what, final BooleanSupplier isOver) {
        await(what, isOver, this::hear);
    }

    private void await(final String what, final BooleanSupplier isOver, final Runnable step) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (!isOver.getAsBoolean()) {
            step.run();
            assertNull(ledger.fault(), "-Dmillrace.seed=" + SEED);
            assertTrue(
                    System.nanoTime() < deadline,
                    () -> "waited in vain for " + what + "; published " + ledger.next + ", confirmed "
                            + ledger.confirmed.cardinality() + ", acknowledged " + ledger.acknowledged()
                            + ", connected " + client.isConnected() + ", -Dmillrace.seed=" + SEED);
        }
    }
}
