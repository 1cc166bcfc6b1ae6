package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.QueueScope;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import io.millrace.kernel.RecordingLogs.Archived;
import io.millrace.kernel.RecordingLogs.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random publications, replays and restarts: each queue has in the end what a list of its subscription has, in the same order. */
class ReplayHistoriesTest {
    private static final int STEPS = 2_000;
    private static final int QUEUES = 3;
    private static final long SESSION = 1;
    private static final long TOPIC = 1;
    private static final long MS = Scenario.MS;

    /** What a subscription has got, and how far it is with a replay. */
    private static final class Expected {
        private final List<String> got = new ArrayList<>();
        private boolean isReplaying;
        private int start;
        private int next;
    }

    private record Message(String body, long timeNs) {}

    private final RecordingEgress egress = new RecordingEgress();
    private final CommandWriter writer = new CommandWriter();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(256 * 1024);
    private final LogWriter logWriter = new LogWriter(buffer, 8);
    private final List<Message> published = new ArrayList<>();
    private final List<Expected> expected = new ArrayList<>();
    private RecordingLogs logs = new RecordingLogs();
    private Kernel kernel = new Kernel(egress, (blobId, length) -> {}, logs);
    private long nowNs = Scenario.START_NS;
    private long bootEpoch = 1;
    private int restarts;

    private void apply(final Command command) {
        kernel.apply(nowNs, SESSION, buffer, 8, writer.write(buffer, 8, SESSION, command));
    }

    private void openSession() {
        kernel.openSession(nowNs, SESSION, new UnsafeBuffer(new byte[0]), 0, 0);
    }

    private void furnish() {
        kernel.genesis(nowNs, 1, 2, 3);
        kernel.boot(nowNs, bootEpoch);
        openSession();
        apply(new Command.CreateTopic(
                1,
                Producer.NONE,
                "topic",
                TopicSettings.fifo(Switch.ON, QueueScope.NULL_VAL).keeping(ReplaySupport.DAY)));
        kernel.shardsReady(nowNs, 1, 1);
        for (int i = 1; i <= QUEUES; i++) {
            apply(new Command.CreateQueue(1, Producer.NONE, "queue " + i, null, null, null, null));
            apply(new Command.SubscribeQueue(1, Producer.NONE, TOPIC, i, SubscriptionSettings.RAW));
            expected.add(new Expected());
        }
    }

    private void publish() {
        final String body = "message " + published.size();
        final Published entry = new Published(Payload.of(body).inGroup("g"), "");
        apply(new Command.PublishMessages(1, Producer.NONE, TOPIC, false, false, List.of(entry)));
        published.add(new Message(body, nowNs));
        expected.stream().filter(each -> !each.isReplaying).forEach(each -> each.got.add(body));
    }

    private void replay(final Random random) {
        final int index = random.nextInt(QUEUES);
        final Expected each = expected.get(index);
        final long back = random.nextInt(100) * MS;
        final long from = random.nextInt(8) == 0 ? 0 : Math.max(1, nowNs - back);
        apply(new Command.SetSubscription(1, Producer.NONE, index + 1, SubscriptionSettings.NONE.from(from)));
        each.next = 0;
        while (each.next < published.size() && published.get(each.next).timeNs < from) {
            each.next++;
        }
        each.start = each.next;
        each.isReplaying = from > 0 && each.next < published.size();
    }

    /** Replays some messages, a few of them for the second time. */
    private void feed(final Random random) {
        final List<Running> running = logs.replays();
        if (running.isEmpty()) {
            return;
        }
        final Running replay = running.get(random.nextInt(running.size()));
        final List<Archived> all = logs.records(1);
        final long subscription = ReplaySupport.subscriptionOf(kernel, replay);
        final Expected each = expected.get((int) subscription - 1);
        final int first = Math.max(each.start, each.next - random.nextInt(3));
        final int last = Math.min(all.size(), each.next + random.nextInt(30));
        final int length = logWriter.replayMessages(replay.replayId(), all.subList(first, Math.max(first, last)));
        new LogDispatcher(kernel).onRecord(nowNs, 0, buffer, 8, length);
        while (each.next < last) {
            each.got.add(published.get(each.next++).body);
        }
        each.isReplaying = each.next < published.size();
    }

    private void restart() {
        logs = new RecordingLogs(logs);
        final List<String> derived = DerivedState.of(kernel);
        kernel = Snapshots.copy(kernel, egress, logs);
        assertEquals(derived, DerivedState.of(kernel));
        kernel.boot(nowNs, ++bootEpoch);
        openSession();
        restarts++;
    }

    private List<String> take(final long queue) {
        final List<String> bodies = new ArrayList<>();
        int before;
        do {
            before = bodies.size();
            egress.drain();
            apply(new Command.Receive(1, queue, 10, 0L, null));
            for (final RecordingEgress.Emitted emitted : egress.drain()) {
                final Event event = emitted.event() instanceof ArchiveEvent.Replayed replayed
                        ? replayed.delivery()
                        : emitted.event();
                if (event instanceof Event.Delivery delivery) {
                    bodies.add(delivery.payload().body());
                    apply(new Command.Acknowledge(1, Producer.NONE, queue, List.of(delivery.receipt())));
                }
            }
        } while (bodies.size() > before);
        return bodies;
    }

    /** Compares what is around the first difference: lists of thousands say nothing. */
    private static void shouldHave(final List<String> wanted, final List<String> taken, final String queue) {
        int same = 0;
        while (same < Math.min(wanted.size(), taken.size()) && wanted.get(same).equals(taken.get(same))) {
            same++;
        }
        assertEquals(around(wanted, same), around(taken, same), queue + " behind " + same + " messages");
        assertEquals(wanted.size(), taken.size(), queue);
    }

    private static List<String> around(final List<String> bodies, final int index) {
        return bodies.subList(Math.max(0, index - 3), Math.min(bodies.size(), index + 3));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldGetEachMessageOnceAndInOrder(final long seed) {
        final Random random = new Random(seed);
        furnish();
        for (int step = 0; step < STEPS; step++) {
            nowNs += random.nextInt(3) * MS;
            final int choice = random.nextInt(100);
            if (choice < 40) {
                publish();
            } else if (choice < 50) {
                replay(random);
            } else if (choice < 98) {
                feed(random);
            } else {
                restart();
            }
            final long running =
                    expected.stream().filter(each -> each.isReplaying).count();
            assertEquals(running, logs.replays().size(), "replays in step " + step);
        }
        assertEquals(kernel.recomputeStateHash(), kernel.stateHash());
        for (int i = 0; i < QUEUES; i++) {
            shouldHave(expected.get(i).got, take(i + 1), "queue " + (i + 1));
        }
        assertTrue(restarts > 10, () -> restarts + " restarts");
    }
}
