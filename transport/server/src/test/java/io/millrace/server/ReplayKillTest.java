package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.client.QueueInfo;
import io.millrace.client.QueueSettings;
import io.millrace.client.SubscriptionInfo;
import io.millrace.client.SubscriptionSettings;
import io.millrace.client.TopicSettings;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.Switch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real server process, killed again and again while the archive of a topic is replayed to a new queue and a client goes on publishing.
 * Each queue has everything in the end, once, in order. {@code -Dmillrace.kills} says how often.
 */
class ReplayKillTest {

    private static final int KILLS = Integer.getInteger("millrace.kills", 3);
    private static final long SEED = Long.getLong("millrace.seed", System.nanoTime());
    private static final int ARCHIVED = 20_000;
    private static final int GROUPS = 7;
    private static final int CREDIT = 500;

    private record Late(long queue, long subscription) {}

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final PublishLedger ledger = new PublishLedger(GROUPS);
    private PublishRig rig;
    private final List<Late> late = new ArrayList<>();
    private long beganNs;
    private SubscriptionInfo last;
    private int interrupted;

    @BeforeEach
    void open() {
        rig = new PublishRig(directory, ledger, SEED);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void shouldReplayEverythingOnceOverEveryKill() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            try (ServerProcess server = rig.start()) {
                if (kill == 0) {
                    connect();
                    rig.run("the archive", () -> ledger.confirmed.cardinality() >= ARCHIVED);
                } else {
                    goOn();
                }
                subscribe(kill);
                final long replayed = random.nextInt(ARCHIVED / 4);
                rig.run("the middle of a replay", () -> told().deliveredCount() > replayed);
                interrupted += last.replayState() == ReplayState.RUNNING ? 1 : 0;
                server.kill();
            }
        }
        try (ServerProcess server = rig.start()) {
            goOn();
            rig.run("the end of the replays", () -> told().replayState() == ReplayState.COMPLETED);
            rig.settle();
            assertTrue(server.isAlive());
            late.forEach(this::shouldHaveHadEverything);
        }
        assertTrue(interrupted > 0, "no replay was interrupted");
        System.out.println(KILLS + " kills, " + interrupted + " in a replay; published " + ledger.next
                + ", acknowledged in " + KILLS + " queues " + ledger.acknowledged() + "; -Dmillrace.seed=" + SEED);
    }

    private void connect() {
        rig.connect();
        rig.topic = rig.client
                .topics()
                .create(TopicSettings.named("numbers")
                        .topicType(QueueType.FIFO)
                        .contentDeduplication(Switch.ON)
                        .archivePeriodNs(TimeUnit.DAYS.toNanos(1)));
        beganNs = rig.client.topics().describe(rig.topic).archiveBeganNs();
    }

    /** Behind a kill: what the last queue got is taken while its replay goes on. */
    private void goOn() {
        rig.until("a session", rig.client::isConnected);
        rig.consume(late.get(late.size() - 1).queue, CREDIT);
    }

    /** A standard queue or a FIFO one, in turn. */
    private void subscribe(final int kill) {
        final QueueSettings settings = QueueSettings.named("late " + kill);
        if (kill % 2 == 1) {
            settings.queueType(QueueType.FIFO).contentDeduplication(Switch.ON);
        }
        final long queue = rig.client.queues().create(settings);
        ledger.subscribed(queue);
        final long subscription = rig.client
                .topics()
                .subscribeQueue(
                        rig.topic,
                        queue,
                        new SubscriptionSettings().rawDelivery(Switch.ON).replayFromNs(beganNs));
        late.add(new Late(queue, subscription));
    }

    private SubscriptionInfo told() {
        last = rig.client.topics().describeSubscription(late.get(late.size() - 1).subscription);
        return last;
    }

    private void shouldHaveHadEverything(final Late each) {
        final QueueInfo info = rig.client.queues().describe(each.queue);
        assertEquals(0, info.availableCount() + info.inFlightCount(), "messages that nobody knows of");
        final SubscriptionInfo subscription = rig.client.topics().describeSubscription(each.subscription);
        assertEquals(ReplayState.COMPLETED, subscription.replayState());
        assertEquals(ledger.next, subscription.deliveredCount());
    }
}
