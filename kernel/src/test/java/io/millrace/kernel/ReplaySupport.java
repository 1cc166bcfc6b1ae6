package io.millrace.kernel;

import static io.millrace.kernel.Scenario.B;

import io.millrace.codecs.QueueScope;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.TopicSettings;
import io.millrace.kernel.RecordingLogs.Archived;
import io.millrace.kernel.RecordingLogs.Running;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/** Does for a kernel what its host does for archives and replays. */
final class ReplaySupport {
    static final long DAY = 86_400 * Scenario.SECOND;
    static final int ALL = Integer.MAX_VALUE;

    private final Scenario scenario;
    private final TopicSupport topics;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(256 * 1024);
    private final LogWriter writer = new LogWriter(buffer, 8);

    ReplaySupport(final Scenario scenario) {
        this.scenario = scenario;
        this.topics = new TopicSupport(scenario);
    }

    /** A FIFO topic that keeps for a day what is published from now on. */
    long create(final String name) {
        final long topic = topics.create(
                name, TopicSettings.fifo(Switch.ON, QueueScope.NULL_VAL).keeping(DAY));
        begin();
        return topic;
    }

    /** The log that the kernel has asked for last is open. */
    void begin() {
        final RecordingLogs.Awaited awaited = scenario.logs.takeAwaited();
        scenario.kernel.shardsReady(scenario.nowNs(), awaited.streamId(), awaited.lastShardId());
        scenario.logs.drain();
    }

    /** Publishes messages in groups: each is {@code group=body}, one at a millisecond. */
    void publish(final long topic, final String... messages) {
        for (final String message : messages) {
            final String[] parts = message.split("=");
            scenario.passSilently(1);
            topics.publish(topic, Payload.of(parts[1]).inGroup(parts[0]));
        }
        scenario.forget();
    }

    /** The only replay that is running. */
    Running running() {
        final List<Running> running = scenario.logs.replays();
        if (running.size() != 1) {
            throw new AssertionError("running: " + running);
        }
        return running.get(0);
    }

    /** What is still to be replayed. */
    List<Archived> left(final Running replay) {
        return scenario.logs.records(replay.streamId()).stream()
                .filter(record -> !replay.isBehind(record))
                .toList();
    }

    /** Replays the next messages of the only replay that is running, as many as there are. */
    void feed(final int most) {
        final List<Archived> left = left(running());
        feed(running(), left.subList(0, Math.min(most, left.size())));
    }

    void feed(final Running replay, final List<Archived> records) {
        apply(writer.replayMessages(replay.replayId(), records));
    }

    /** Replays a message as the one behind another, which may not have been taken: whole, then as its only part. */
    void feedAfter(final Running replay, final Archived before, final Archived record) {
        apply(writer.replayMessages(replay.replayId(), before.sequence(), List.of(record)));
        apply(writer.replayPart(replay.replayId(), before.sequence(), record, 0, record.data().length));
    }

    /** Replays a message in parts of so many bytes. */
    void feedParts(final Running replay, final Archived record, final int partLength) {
        for (int at = 0; at < record.data().length; at += partLength) {
            feedPart(replay, record, at, Math.min(partLength, record.data().length - at));
        }
    }

    void feedPart(final Running replay, final Archived record, final int offset, final int length) {
        apply(writer.replayPart(replay.replayId(), record, offset, length));
    }

    void fail(final Running replay) {
        apply(writer.replayFailed(replay.replayId(), ResultCode.RECORDS_DAMAGED));
    }

    private void apply(final int length) {
        scenario.applyHostRecord(buffer, 8, length);
    }

    /** Id of the subscription that a replay is for; -1 if it has ended. */
    static long subscriptionOf(final Kernel kernel, final Running replay) {
        final TopicState topics = kernel.state().topics;
        final int row = topics.replayById(replay.replayId());
        return row < 0
                ? -1
                : topics.subscriptions.getLong(
                        topics.replays.getInt(row, TopicTables.Replay.SUBSCRIPTION), TopicTables.Subscription.ID);
    }

    /** Everything in a queue, which is taken out; what came out of an archive has a star. */
    List<String> take(final long queue) {
        final List<String> bodies = new ArrayList<>();
        int before;
        do {
            before = bodies.size();
            scenario.forget();
            scenario.receive(B, queue, 10);
            for (final RecordingEgress.Emitted emitted : scenario.egress.drain()) {
                final boolean isReplayed = emitted.event() instanceof ArchiveEvent.Replayed;
                if (isReplayed || emitted.event() instanceof Event.Delivery) {
                    final Event.Delivery delivery = isReplayed
                            ? ((ArchiveEvent.Replayed) emitted.event()).delivery()
                            : (Event.Delivery) emitted.event();
                    bodies.add((isReplayed ? "*" : "") + delivery.payload().body());
                    scenario.acknowledge(B, queue, delivery.receipt());
                }
            }
        } while (bodies.size() > before);
        scenario.forget();
        return bodies;
    }

    /** Bodies as {@link #take} tells those that came out of an archive. */
    static List<String> replayed(final String... bodies) {
        return Arrays.stream(bodies).map(body -> "*" + body).toList();
    }
}
