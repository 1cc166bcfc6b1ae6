package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.PushSettings;
import io.millrace.client.QueueInfo;
import io.millrace.client.SubscriptionInfo;
import io.millrace.client.SubscriptionSettings;
import io.millrace.client.TopicSubscription;
import io.millrace.codecs.Switch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
    private static final int PUBLISHED_BETWEEN_KILLS = 500;
    private static final int CREDIT = 200;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final PublishLedger ledger = new PublishLedger();
    private PublishRig rig;
    private long[] queues;
    private TopicSubscription pushed;

    @BeforeEach
    void open() {
        rig = new PublishRig(directory, ledger, SEED);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void shouldLoseNothingConfirmedForAnySubscriberOverEveryKill() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            try (ServerProcess server = rig.start()) {
                if (kill == 0) {
                    connect();
                    rig.consume(queues[0], CREDIT);
                    rig.consume(queues[1], CREDIT);
                    rig.consume(pushed.queueId(), CREDIT);
                }
                killAt(MOMENTS.get(kill % MOMENTS.size()), server);
            }
        }
        try (ServerProcess server = rig.start()) {
            rig.until("a session", rig.client::isConnected);
            rig.consume(queues[2], CREDIT);
            rig.settle();
            assertTrue(server.isAlive());
            for (final long queue : queues) {
                final QueueInfo info = rig.client.queues().describe(queue);
                assertEquals(0, info.availableCount() + info.inFlightCount(), "messages that nobody knows of");
            }
            final SubscriptionInfo told = rig.client.topics().describeSubscription(pushed.subscriptionId());
            assertEquals(0, told.push().pendingCount() + told.discardedCount(), "pushed in vain");
            assertEquals(ledger.next, told.deliveredCount());
        }
        assertTrue(rig.client.counters().resends() > 0, "nothing was sent again");
        System.out.println(KILLS + " kills; published " + ledger.next + ", confirmed "
                + ledger.confirmed.cardinality() + ", acknowledged in " + queues.length + " queues and a session "
                + ledger.acknowledged() + ", sent again "
                + rig.client.counters().resends() + "; -Dmillrace.seed=" + SEED);
    }

    private void connect() {
        rig.connect();
        rig.topic = rig.client.topics().create("numbers");
        queues = Stream.of("first", "second", "resting")
                .mapToLong(name -> rig.client.queues().create(name))
                .toArray();
        Arrays.stream(queues).forEach(queue -> {
            rig.client.topics().subscribeQueue(rig.topic, queue, new SubscriptionSettings().rawDelivery(Switch.ON));
            ledger.subscribed(queue);
        });
        pushed = rig.client.topics().subscribeSession(rig.topic, PushSettings.named("session"));
        ledger.subscribed(pushed.queueId());
    }

    private void killAt(final KillMoment moment, final ServerProcess server) {
        rig.until("a session", rig.client::isConnected);
        if (moment != KillMoment.RECONNECT) {
            final int goal = ledger.confirmed.cardinality() + PUBLISHED_BETWEEN_KILLS;
            rig.run("load", () -> ledger.confirmed.cardinality() >= goal);
        }
        final CompletableFuture<Void> killed = CompletableFuture.runAsync(() -> {
            moment.await(directory, random);
            server.kill();
        });
        rig.run("the kill", killed::isDone);
        killed.join();
    }
}
