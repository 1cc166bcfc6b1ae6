package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelTopicState.Archive;
import io.millrace.kernel.ModelTopicState.Kept;
import io.millrace.kernel.ModelTopicState.Replay;
import io.millrace.kernel.ModelTopicState.Subscription;
import io.millrace.kernel.ModelTopicState.Topic;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** N17: subscriptions first get what was kept, as the host hands it over, and then what is published. */
final class ModelReplays {
    private static final int REPLAY_FROM = 7;

    /** Part of a message, all of which has so many bytes. */
    record Part(long sequence, long length, long offset, long partLength) {}

    private final ModelState state;
    private final ModelTopicState topics;
    private final ModelPublishing publishing;

    ModelReplays(final ModelState state, final ModelPublishing publishing) {
        this.state = state;
        this.publishing = publishing;
        topics = state.topics;
    }

    /** Null if a topic has something to replay from, or nothing is asked for. */
    Event wrong(final Command command, final Topic topic, final Long fromNs) {
        if (fromNs == null || fromNs == 0) {
            return null;
        }
        if (fromNs < 0 || fromNs > state.nowNs) {
            return ModelTopics.differs(command, ResultCode.INVALID_SETTING, REPLAY_FROM);
        }
        return topic.archive == null || topic.archive.beganNs == 0
                ? ModelTopics.differs(command, ResultCode.NO_ARCHIVE, REPLAY_FROM)
                : null;
    }

    /** Null if there may be one more replay, or there is nothing to replay. */
    Event full(final Command command, final Topic topic, final long fromNs) {
        final long count = topics.replaying().size() + 1L;
        final long most = state.limit(LimitId.REPLAYS);
        return fromNs > 0 && count > most && topic.archive.hasAny(fromNs, state.nowNs)
                ? ModelAnswers.limited(command, LimitId.REPLAYS, most, count, -1)
                : null;
    }

    /** The setting was given: another replay in the place of the one that is running, or none. */
    void set(final Subscription subscription) {
        if (subscription.replay != null) {
            end(subscription.replay, ReplayState.NONE);
        }
        if (subscription.settings.replayFromNs() > 0) {
            publishing.catchUp(subscription);
            begin(subscription);
        } else {
            subscription.replayState = ReplayState.NONE;
        }
    }

    /** From now on a subscription gets what was kept, if there is any in reach, and nothing else. */
    void begin(final Subscription subscription) {
        final Archive archive = subscription.topic.archive;
        if (!archive.hasAny(subscription.settings.replayFromNs(), state.nowNs)) {
            subscription.replayState = ReplayState.COMPLETED;
            return;
        }
        subscription.replayState = ReplayState.RUNNING;
        subscription.replay = new Replay(subscription);
        if (topics.leftPlaces.isEmpty()) {
            topics.replays.add(subscription.replay);
        } else {
            topics.replays.set(topics.leftPlaces.pop(), subscription.replay);
        }
        ask(subscription.replay);
    }

    /** Asks the host for what is still to be replayed. */
    private void ask(final Replay replay) {
        final Archive archive = replay.subscription.topic.archive;
        final long fromNs = Math.max(replay.subscription.settings.replayFromNs(), archive.horizonNs(state.nowNs));
        state.streams.tell("replay " + archive.id + "/" + archive.logId
                + (replay.reached == 0
                        ? " from " + (fromNs - Scenario.START_NS) / Scenario.MS
                        : " behind " + replay.reached));
    }

    /** From the next message on the subscription gets what is published. */
    private void end(final Replay replay, final ReplayState outcome) {
        close(replay.subscription);
        replay.subscription.replayState = outcome;
        replay.subscription.changed = topics.nextChange++;
    }

    /** A subscription ends. */
    void close(final Subscription subscription) {
        if (subscription.replay != null) {
            final int place = topics.replays.indexOf(subscription.replay);
            topics.replays.set(place, null);
            topics.leftPlaces.push(place);
            subscription.replay = null;
            state.streams.tell("end replay");
        }
    }

    /** The server started: the host is asked again. */
    void boot() {
        endAll(replay -> isInVain(replay), ReplayState.COMPLETED);
        topics.replays.stream().filter(Objects::nonNull).forEach(this::ask);
    }

    /** Some of what an archive kept may be out of reach now: if that is all, its replays are complete. */
    void look(final Archive archive) {
        endAll(replay -> replay.subscription.topic.archive == archive && isInVain(replay), ReplayState.COMPLETED);
    }

    private boolean isInVain(final Replay replay) {
        return !replay.subscription.topic.archive.hasAny(0, state.nowNs);
    }

    /** An archive is about to go. */
    void failAll(final Archive archive) {
        endAll(replay -> replay.subscription.topic.archive == archive, ReplayState.FAILED);
    }

    private void endAll(final Predicate<Replay> condition, final ReplayState outcome) {
        topics.replays.stream()
                .filter(Objects::nonNull)
                .filter(condition)
                .toList()
                .forEach(replay -> end(replay, outcome));
    }

    /** The host cannot read on. */
    void fail(final Subscription subscription) {
        if (subscription != null && subscription.replay != null) {
            end(subscription.replay, ReplayState.FAILED);
        }
    }

    /** The next messages, some of them perhaps once more; or those behind a message, if that was taken. */
    void onMessages(final Subscription subscription, final long after, final List<Long> sequences) {
        if (subscription == null || subscription.replay == null) {
            return;
        }
        subscription.replay.partSequence = 0;
        boolean hasRoom = after <= subscription.replay.reached;
        for (final long sequence : sequences) {
            hasRoom = hasRoom && (sequence <= subscription.replay.reached || replay(subscription, sequence));
        }
        conclude(subscription.replay);
    }

    /** The parts of a message come in order, and all of them again if there was no room for it. */
    void onPart(final Subscription subscription, final Part part) {
        if (subscription == null || subscription.replay == null) {
            return;
        }
        final Replay replay = subscription.replay;
        if (part.offset == 0) {
            final boolean isNext = part.sequence > replay.reached && publishing.hasRoom();
            replay.partSequence = isNext ? part.sequence : 0;
            replay.partFilled = 0;
        }
        if (replay.partSequence == part.sequence && replay.partFilled == part.offset) {
            replay.partFilled += part.partLength;
            if (replay.partFilled == part.length) {
                replay(subscription, part.sequence);
                replay.partSequence = 0;
            }
        }
        conclude(replay);
    }

    /** False if there is no room for the message: it comes again. */
    private boolean replay(final Subscription subscription, final long sequence) {
        final Kept message = subscription.topic.archive.kept.stream()
                .filter(kept -> kept.sequence() == sequence)
                .findFirst()
                .orElseThrow();
        if (!subscription.passes(message.entry())) {
            subscription.filteredCount++;
        } else if (!publishing.replay(subscription, message)) {
            return false;
        }
        subscription.replay.reached = sequence;
        return true;
    }

    /** Behind the last message that was kept the replay has ended. */
    private void conclude(final Replay replay) {
        if (replay.reached == replay.subscription.topic.archive.last().sequence()) {
            end(replay, ReplayState.COMPLETED);
        } else {
            state.streams.tell("replayed " + replay.reached);
        }
    }
}
