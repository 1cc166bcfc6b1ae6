package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;
import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import io.millrace.client.QueueInfo;
import io.millrace.client.QueueSettings;
import io.millrace.client.SubscriptionInfo;
import io.millrace.client.SubscriptionSettings;
import io.millrace.client.TopicSettings;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.Switch;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.IoUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real server process, killed again and again while the archive of a topic is replayed to a new queue and a client goes on publishing.
 * Each queue has everything in the end, once, in order. {@code -Dmillrace.kills} says how often.
 */
class ReplayKillTest {

    private static final int KILLS = Integer.getInteger("millrace.kills", 3);
    private static final long SEED = Long.getLong("millrace.seed", System.nanoTime());
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int ARCHIVED = 20_000;
    private static final int GROUPS = 7;
    private static final int CREDIT = 500;

    private record Late(long queue, long subscription) {}

    @TempDir
    Path directory;

    private final String aeronDir = CommonContext.getAeronDirectoryName() + "-millrace-replay-" + UUID.randomUUID();
    private final Random random = new Random(SEED);
    private final PublishLedger ledger = new PublishLedger(GROUPS);
    private final List<Late> late = new ArrayList<>();
    private MillraceClient client;
    private long topic;
    private long beganNs;
    private int interrupted;

    @AfterEach
    void clean() {
        if (client != null) {
            client.close();
        }
        IoUtil.delete(new File(aeronDir), true);
    }

    @Test
    void shouldReplayEverythingOnceOverEveryKill() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            try (ServerProcess server = ServerProcess.start(directory, aeronDir)) {
                if (kill == 0) {
                    connect();
                    run("the archive", () -> ledger.confirmed.cardinality() >= ARCHIVED);
                } else {
                    goOn();
                }
                subscribe(kill);
                final long replayed = random.nextInt(ARCHIVED / 4);
                run("the middle of a replay", () -> delivered() > replayed);
                server.kill();
            }
        }
        try (ServerProcess server = ServerProcess.start(directory, aeronDir)) {
            goOn();
            run("the end of the replays", () -> state() == ReplayState.COMPLETED);
            await("the end", ledger::isSettled, () -> {
                ledger.acknowledge(client);
                hear();
            });
            assertTrue(server.isAlive());
            late.forEach(this::shouldHaveHadEverything);
        }
        assertTrue(interrupted > 0, "no replay was interrupted");
        System.out.println(KILLS + " kills, " + interrupted + " in a replay; published " + ledger.next
                + ", acknowledged in " + KILLS + " queues " + ledger.acknowledged() + "; -Dmillrace.seed=" + SEED);
    }

    private void connect() {
        client = MillraceClient.connect(new ClientContext()
                .serverDirectory(directory)
                .closeTimeoutNs(0)
                .errorHandler(error -> {})
                .listener(ledger)
                .messageHandler(ledger));
        topic = client.topics()
                .create(TopicSettings.named("numbers")
                        .topicType(QueueType.FIFO)
                        .contentDeduplication(Switch.ON)
                        .archivePeriodNs(TimeUnit.DAYS.toNanos(1)));
        beganNs = client.topics().describe(topic).archiveBeganNs();
    }

    /** Behind a kill: what the last queue got is taken while its replay goes on. */
    private void goOn() {
        until("a session", client::isConnected);
        interrupted += state() == ReplayState.RUNNING ? 1 : 0;
        final long queue = late.get(late.size() - 1).queue;
        until("the consumer is sent", () -> client.consume(queue, CREDIT, 1 << 20) > 0);
    }

    /** A standard queue or a FIFO one, in turn. */
    private void subscribe(final int kill) {
        final QueueSettings settings = QueueSettings.named("late " + kill);
        if (kill % 2 == 1) {
            settings.queueType(QueueType.FIFO).contentDeduplication(Switch.ON);
        }
        final long queue = client.queues().create(settings);
        ledger.subscribed(queue);
        final long subscription = client.topics()
                .subscribeQueue(
                        topic,
                        queue,
                        new SubscriptionSettings().rawDelivery(Switch.ON).replayFromNs(beganNs));
        late.add(new Late(queue, subscription));
    }

    private SubscriptionInfo told() {
        return client.topics().describeSubscription(late.get(late.size() - 1).subscription);
    }

    private long delivered() {
        return told().deliveredCount();
    }

    private ReplayState state() {
        return told().replayState();
    }

    private void shouldHaveHadEverything(final Late last) {
        final QueueInfo info = client.queues().describe(last.queue);
        assertEquals(0, info.availableCount() + info.inFlightCount(), "messages that nobody knows of");
        final SubscriptionInfo subscription = client.topics().describeSubscription(last.subscription);
        assertEquals(ReplayState.COMPLETED, subscription.replayState());
        assertEquals(ledger.next, subscription.deliveredCount());
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
