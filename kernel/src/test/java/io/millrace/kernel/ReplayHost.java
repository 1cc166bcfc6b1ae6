package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.kernel.ModelTopicState.Archive;
import io.millrace.kernel.ModelTopicState.Kept;
import io.millrace.kernel.ModelTopicState.Subscription;
import io.millrace.kernel.RecordingLogs.Archived;
import io.millrace.kernel.RecordingLogs.Running;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
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
    private final Set<Long> archives = new HashSet<>();
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

    void openLog(final long nowNs) {
        final List<Archive> awaited = logsToOpen();
        final Archive archive = awaited.get(random.nextInt(awaited.size()));
        peer.shardsReady(nowNs, archive.id, archive.logId);
        model.shardsReady(nowNs, archive.id);
    }

    /** What concerns archives, and what is put into streams: of the rest the model tells nothing. */
    List<String> ofInterest(final List<String> lines) {
        model.state.topics.archives().forEach(archive -> archives.add(archive.id));
        return lines.stream().filter(this::isOfInterest).toList();
    }

    private boolean isOfInterest(final String line) {
        final String[] words = line.split("[ /]", 3);
        return switch (words[0]) {
            case "append", "replay", "replayed", "end" -> true;
            case "open", "await", "delete" -> archives.contains(Long.parseLong(words[1]));
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
        if (draw % 4 == 1 && !records.isEmpty()) {
            return handOverPart(nowNs, subscription, replay, records.get(Math.min(next, records.size() - 1)));
        }
        final int first = Math.max(0, next - random.nextInt(MOST_AGAIN));
        final int last = Math.min(records.size(), next + random.nextInt(random.nextInt(4) == 0 ? 30 : 4));
        return handOver(nowNs, subscription, replay, records.subList(Math.min(first, last), last));
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
        peer.replay(nowNs, replay, records);
        model.replay(nowNs, subscription, sequences);
        return () -> "replay " + sequences + " to " + subscription.id;
    }

    private Supplier<String> handOverPart(
            final long nowNs, final Subscription subscription, final Running replay, final Archived next) {
        final boolean goesOn = begun != null
                && begun.replay.replayId() == replay.replayId()
                && begun.record.sequence() == next.sequence()
                && random.nextInt(8) > 0;
        final int offset = goesOn ? begun.offset : 0;
        final int left = next.data().length - offset;
        final int length = random.nextInt(3) == 0 ? left : 1 + random.nextInt(left);
        begun = length == left ? null : new Begun(replay, next, offset + length);
        shouldLeaveNothingOut(subscription, next.sequence());
        peer.replayPart(nowNs, replay, next, offset, length);
        final ModelReplays.Part part = new ModelReplays.Part(next.sequence(), next.data().length, offset, length);
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
        peer.replay(nowNs, replay, records);
        model.replay(
                nowNs, subscription, records.stream().map(Archived::sequence).toList());
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
