package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.kernel.ModelTopicState.Archive;
import io.millrace.kernel.ModelTopicState.Kept;
import io.millrace.kernel.ModelTopicState.Subscription;
import io.millrace.kernel.RecordingLogs.Archived;
import io.millrace.kernel.RecordingLogs.Running;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Plays the host's part in archives and replays, for a kernel and for the model of it: opens logs, and hands over what was kept, in portions
 * of any size, whole or in parts, some of it again and some of it too late.
 */
final class ReplayHost {
    private static final int MOST_AGAIN = 3;

    /** A message that is being handed over in parts. */
    private record Begun(Running replay, Archived record, int offset) {}

    private final Random random;
    private final KernelModel model;
    private final KernelPeer peer;
    /** Logs of all that there are, and were. */
    private final Map<Long, Long> logs = new HashMap<>();
    /** One that was running, and may have ended. */
    private Running former;

    private Begun begun;

    ReplayHost(final Random random, final KernelModel model, final KernelPeer peer) {
        this.random = random;
        this.model = model;
        this.peer = peer;
    }

    private List<Archive> logsToOpen() {
        return model.state.topics.archives().stream()
                .filter(archive -> archive.beganNs == 0)
                .toList();
    }

    boolean hasLogsToOpen() {
        return !logsToOpen().isEmpty();
    }

    /** Says so of a log that is waited for, or of one that is open or gone. */
    void openLog(final long nowNs) {
        final List<Long> awaited =
                logsToOpen().stream().map(archive -> archive.id).toList();
        final List<Long> ids =
                random.nextInt(4) == 0 ? logs.keySet().stream().sorted().toList() : awaited;
        final long id = ids.get(random.nextInt(ids.size()));
        peer.shardsReady(nowNs, id, logs.get(id));
        model.shardsReady(nowNs, id);
    }

    /** What concerns archives, and what is put into streams: of the rest the model tells nothing. */
    List<String> ofInterest(final List<String> lines) {
        model.state.topics.archives().forEach(archive -> logs.put(archive.id, archive.logId));
        return lines.stream().filter(this::isOfInterest).toList();
    }

    private boolean isOfInterest(final String line) {
        final String[] words = line.split("[ /]", 3);
        return switch (words[0]) {
            case "append", "replay", "replayed", "end" -> true;
            case "open", "await", "delete" -> logs.containsKey(Long.parseLong(words[1]));
            default -> false;
        };
    }

    boolean hasReplays() {
        return former != null || !model.state.topics.replaying().isEmpty();
    }

    /** Goes on with a replay; returns what was done. */
    Supplier<String> handOver(final long nowNs) {
        final List<Subscription> running = model.state.topics.replaying();
        if (running.isEmpty() || former != null && random.nextInt(20) == 0) {
            return handOverToFormer(nowNs);
        }
        final Subscription subscription = running.get(random.nextInt(running.size()));
        final Running replay = peer.replayTo(subscription.id);
        former = replay;
        final int draw = random.nextInt(40);
        if (draw == 0) {
            peer.failReplay(nowNs, replay);
            model.failReplay(nowNs, subscription);
            return () -> "replay to " + subscription.id + " fails";
        }
        final List<Archived> records = peer.recordsOf(replay).stream()
                .filter(replay::includes)
                .filter(record -> draw < 20 || isInReach(subscription, record))
                .toList();
        int next = 0;
        while (next < records.size() && records.get(next).sequence() <= subscription.replay.reached) {
            next++;
        }
        if (draw % 5 < 2 && !records.isEmpty()) {
            final int again = random.nextInt(8) == 0 ? 1 : 0;
            final int index = Math.max(0, Math.min(next, records.size() - 1) - again);
            return handOverPart(nowNs, subscription, replay, records.get(index));
        }
        final int first = Math.max(0, next - random.nextInt(MOST_AGAIN));
        final int last = Math.min(records.size(), next + random.nextInt(random.nextInt(4) == 0 ? 30 : 4));
        final List<Archived> portion = records.subList(Math.min(first, last), last);
        return draw > 35
                ? handOverInTwo(nowNs, subscription, replay, portion)
                : handOver(nowNs, subscription, replay, portion);
    }

    /** The second half is on its way already, whatever becomes of the first. */
    private Supplier<String> handOverInTwo(
            final long nowNs, final Subscription subscription, final Running replay, final List<Archived> records) {
        final int half = (records.size() + 1) / 2;
        if (half == records.size() || random.nextInt(3) > 0) {
            handOver(nowNs, subscription, replay, records.subList(0, half));
        }
        if (subscription.replay != null && half < records.size()) {
            handOver(
                    nowNs,
                    subscription,
                    replay,
                    records.get(half - 1).sequence(),
                    records.subList(half, records.size()));
        }
        return () -> "replay " + records.stream().map(Archived::sequence).toList() + " in two to " + subscription.id;
    }

    private boolean isInReach(final Subscription subscription, final Archived record) {
        return record.timeNs() >= subscription.topic.archive.horizonNs(model.state.nowNs);
    }

    private Supplier<String> handOver(
            final long nowNs, final Subscription subscription, final Running replay, final List<Archived> records) {
        final List<Long> sequences = records.stream().map(Archived::sequence).toList();
        if (!sequences.isEmpty()) {
            shouldLeaveNothingOut(subscription, sequences.get(0));
        }
        handOver(nowNs, subscription, replay, 0, records);
        return () -> "replay " + sequences + " to " + subscription.id;
    }

    private void handOver(
            final long nowNs,
            final Subscription subscription,
            final Running replay,
            final long after,
            final List<Archived> records) {
        peer.replay(nowNs, replay, after, records);
        model.replay(
                nowNs,
                subscription,
                after,
                records.stream().map(Archived::sequence).toList());
    }

    /** A part that follows, or the first of a message, or one that there is something amiss with. */
    private Supplier<String> handOverPart(
            final long nowNs, final Subscription subscription, final Running replay, final Archived record) {
        final boolean isOfBegun = begun != null && begun.replay.replayId() == replay.replayId();
        final boolean isOfAnother = random.nextInt(6) == 0;
        final boolean isElsewhere = random.nextInt(6) == 0;
        final boolean goesOn = isOfBegun
                && (isOfAnother || begun.record.sequence() == record.sequence())
                && begun.offset < record.data().length
                && !isElsewhere;
        final int offset = goesOn ? begun.offset : isOfBegun && isElsewhere ? random.nextInt(record.data().length) : 0;
        final int left = record.data().length - offset;
        final int length = random.nextInt(3) == 0 ? left : 1 + random.nextInt(left);
        begun = length == left ? null : new Begun(replay, record, offset + length);
        shouldLeaveNothingOut(subscription, record.sequence());
        peer.replayPart(nowNs, replay, record, offset, length);
        final ModelReplays.Part part = new ModelReplays.Part(record.sequence(), record.data().length, offset, length);
        model.replayPart(nowNs, subscription, part);
        return () -> part + " to " + subscription.id;
    }

    /** The batch was under way when its replay ended, or the replay goes on and has all of it. */
    private Supplier<String> handOverToFormer(final long nowNs) {
        final Running replay = former;
        former = null;
        final Subscription subscription = model.state.topics.replaying().stream()
                .filter(each -> peer.replayTo(each.id).replayId() == replay.replayId())
                .findFirst()
                .orElse(null);
        final List<Archived> records = subscription == null
                ? peer.recordsOf(replay)
                : peer.recordsOf(replay).stream()
                        .filter(record -> record.sequence() <= subscription.replay.reached)
                        .toList();
        handOver(nowNs, subscription, replay, 0, records);
        return () -> "replay once more to " + (subscription == null ? "nobody" : subscription.id);
    }

    /** The host was asked for all that is still to be replayed and in reach, and for nothing else. */
    private void shouldLeaveNothingOut(final Subscription subscription, final long first) {
        final List<Long> leftOut = subscription.topic.archive.kept.stream()
                .filter(kept -> isLeftOut(subscription, kept, first))
                .map(Kept::sequence)
                .toList();
        assertEquals(List.of(), leftOut, "not asked for, or asked for in vain");
    }

    private boolean isLeftOut(final Subscription subscription, final Kept kept, final long first) {
        final boolean isAskedFor = kept.timeNs() >= subscription.settings.replayFromNs()
                && subscription.topic.archive.isInReach(kept, model.state.nowNs);
        return kept.sequence() < first
                ? isAskedFor && kept.sequence() > subscription.replay.reached
                : kept.timeNs() < subscription.settings.replayFromNs();
    }
}
