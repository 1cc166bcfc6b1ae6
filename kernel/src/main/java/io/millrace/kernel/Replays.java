package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.TopicTables.Archive;
import io.millrace.kernel.TopicTables.Replay;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.SlotTable;

/**
 * Replays of archived messages to subscriptions. As long as one is running, what is published does not find the subscription: it gets it out
 * of the archive too, and when it has all that is there it gets, from the next message on, what is published.
 */
final class Replays {
    /** Value of the schema's SubscriptionSetting. */
    static final int SETTING_REPLAY_FROM = 7;

    private final State state;
    private final TopicState topics;
    private final SlotTable replays;
    private final SlotTable subscriptions;
    private final RecordLogs logs;
    private final FanOut fanOut;
    private final Subscribers subscribers;
    private final Archives archives;
    private final ReplayGrant grant = new ReplayGrant();

    Replays(
            final State state,
            final RecordLogs logs,
            final FanOut fanOut,
            final Subscribers subscribers,
            final Archives archives) {
        this.state = state;
        this.topics = state.topics;
        this.replays = state.topics.replays;
        this.subscriptions = state.topics.subscriptions;
        this.logs = logs;
        this.fanOut = fanOut;
        this.subscribers = subscribers;
        this.archives = archives;
    }

    /** Whether a topic has nothing to replay from a time on that is not 0; then the request is refused. */
    boolean isRefused(final Request request, final int topic, final long fromNs) {
        if (fromNs < 0 || fromNs > state.nowNs) {
            Subscriptions.refuseSetting(request, SETTING_REPLAY_FROM);
            return true;
        }
        final int archive = topics.archiveOf(topic);
        if (fromNs > 0 && (archive < 0 || topics.archives.getLong(archive, Archive.BEGAN_TIME) == 0)) {
            request.refuse(Request.WHOLE, ResultCode.NO_ARCHIVE, LimitId.NONE, 0, SETTING_REPLAY_FROM);
            return true;
        }
        return false;
    }

    /** Whether there may be one more replay, if there is anything to replay from a time on; if not, the request is refused. */
    boolean hasRoom(final Request request, final int topic, final long fromNs) {
        final long most = state.limit(LimitId.REPLAYS);
        final long count = replays.liveCount() + 1L;
        if (fromNs == 0 || count <= most || !hasAny(topics.archiveOf(topic), fromNs)) {
            return true;
        }
        request.refuseLimit(LimitId.REPLAYS, most, count);
        return false;
    }

    /** Whether an archive holds something in reach that was published at a time or later. */
    private boolean hasAny(final int archive, final long fromNs) {
        return topics.archives.getLong(archive, Archive.LAST_SEQUENCE) > 0
                && topics.archives.getLong(archive, Archive.LAST_TIME) >= Math.max(fromNs, archives.horizon(archive));
    }

    /** Begins a replay, in the place of the one that is running; from the time 0 on there is none. */
    void set(final int subscription, final long fromNs) {
        if (topics.isReplaying(subscription)) {
            end(replayOf(subscription), ReplayState.NONE);
        }
        if (fromNs > 0) {
            fanOut.catchUp(subscription);
            subscribers.unlink(subscription);
            begin(subscription, fromNs);
        } else {
            subscriptions.putInt(subscription, Subscription.REPLAY_STATE, ReplayState.NONE.value());
            subscriptions.putLong(subscription, Subscription.REPLAY_FROM, 0);
            subscriptions.seal(subscription);
        }
    }

    private int replayOf(final int subscription) {
        return subscriptions.getInt(subscription, Subscription.REPLAY_LINK) - 1;
    }

    /** Begins a replay for a subscription that messages do not find yet, if there is anything to replay. */
    void begin(final int subscription, final long fromNs) {
        final int topic = subscriptions.getInt(subscription, Subscription.TOPIC);
        subscriptions.putLong(subscription, Subscription.REPLAY_FROM, fromNs);
        if (!hasAny(topics.archiveOf(topic), fromNs)) {
            subscriptions.putInt(subscription, Subscription.REPLAY_STATE, ReplayState.COMPLETED.value());
            subscribers.begin(subscription);
            return;
        }
        subscriptions.putInt(subscription, Subscription.REPLAY_STATE, ReplayState.RUNNING.value());
        subscriptions.putLong(subscription, Subscription.SINCE_TURN, Long.MAX_VALUE);
        addToPublishedBefore(subscription, -topics.topics.getLong(topic, Topic.PUBLISHED_COUNT));
        subscriptions.seal(subscription);
        final int replay = replays.allocate();
        replays.putLong(replay, Replay.ID, state.next(Root.NEXT_TURN));
        replays.putInt(replay, Replay.SUBSCRIPTION, subscription);
        replays.seal(replay);
        link(replay);
        grant(replay);
    }

    /** Another message was or was not for a subscription; its row is to be sealed afterwards. */
    void addToPublishedBefore(final int subscription, final long change) {
        subscriptions.putLong(
                subscription,
                Subscription.PUBLISHED_BEFORE,
                subscriptions.getLong(subscription, Subscription.PUBLISHED_BEFORE) + change);
    }

    /** Puts a replay's row into the structures that follow from it. */
    void link(final int replay) {
        final int subscription = replays.getInt(replay, Replay.SUBSCRIPTION);
        subscriptions.putInt(subscription, Subscription.REPLAY_LINK, replay + 1);
        topics.count(subscriptions.getInt(subscription, Subscription.TOPIC), Topic.REPLAY_COUNT, 1);
    }

    private int archiveOf(final int replay) {
        return topics.archiveOf(subscriptions.getInt(replays.getInt(replay, Replay.SUBSCRIPTION), Subscription.TOPIC));
    }

    private void grant(final int replay) {
        final int archive = archiveOf(replay);
        final long reached = replays.getLong(replay, Replay.REACHED_SEQUENCE);
        final long fromNs =
                subscriptions.getLong(replays.getInt(replay, Replay.SUBSCRIPTION), Subscription.REPLAY_FROM);
        grant.replayId = replays.getLong(replay, Replay.ID);
        grant.streamId = topics.archives.getLong(archive, Archive.ID);
        grant.shardId = topics.archives.getLong(archive, Archive.SHARD_ID);
        grant.horizonTimeNs = archives.horizon(archive);
        grant.kind = reached == 0 ? ShardPosition.AT_TIMESTAMP : ShardPosition.AFTER_SEQUENCE_NUMBER;
        grant.position = reached == 0 ? Math.max(fromNs, grant.horizonTimeNs) : reached;
        logs.replay(grant);
    }

    /** Messages were replayed, or found no room: that may have been all there are. */
    void conclude(final int replay) {
        final long reached = replays.getLong(replay, Replay.REACHED_SEQUENCE);
        if (reached == topics.archives.getLong(archiveOf(replay), Archive.LAST_SEQUENCE)) {
            end(replay, ReplayState.COMPLETED);
        } else {
            logs.replayed(replays.getLong(replay, Replay.ID), reached);
        }
    }

    /** From now on the subscription gets what is published. */
    private void end(final int replay, final ReplayState outcome) {
        final int subscription = replays.getInt(replay, Replay.SUBSCRIPTION);
        final int topic = subscriptions.getInt(subscription, Subscription.TOPIC);
        free(replay);
        addToPublishedBefore(subscription, topics.topics.getLong(topic, Topic.PUBLISHED_COUNT));
        subscriptions.putInt(subscription, Subscription.REPLAY_STATE, outcome.value());
        subscribers.begin(subscription);
    }

    private void free(final int replay) {
        final int subscription = replays.getInt(replay, Replay.SUBSCRIPTION);
        final long replayId = replays.getLong(replay, Replay.ID);
        dropPart(replay);
        topics.count(subscriptions.getInt(subscription, Subscription.TOPIC), Topic.REPLAY_COUNT, -1);
        subscriptions.putInt(subscription, Subscription.REPLAY_LINK, 0);
        replays.free(replay);
        logs.endReplay(replayId);
    }

    /** Gives up what has come of a message in parts. */
    void dropPart(final int replay) {
        final int payload = replays.getInt(replay, Replay.PART_PAYLOAD_LINK) - 1;
        if (payload >= 0) {
            state.payloads.release(payload);
            replays.putInt(replay, Replay.PART_PAYLOAD_LINK, 0);
            replays.putLong(replay, Replay.PART_SEQUENCE, 0);
            replays.seal(replay);
        }
    }

    /** A subscription ends, and with it the replay that is running. */
    void onUnsubscribe(final int subscription) {
        if (topics.isReplaying(subscription)) {
            free(replayOf(subscription));
        }
    }

    /** A replay cannot come to its end. */
    void fail(final int replay) {
        state.counters.replaysFailed++;
        end(replay, ReplayState.FAILED);
    }

    /** An archive is about to go. */
    void onArchiveClosed(final int archive) {
        for (int replay = 0; replay < replays.highWater(); replay++) {
            if (replays.isLive(replay) && archiveOf(replay) == archive) {
                fail(replay);
            }
        }
    }

    /** Something in an archive may be out of reach now: if that is all of it, there is nothing left to replay. */
    void onTrim(final int archive) {
        if (!hasAny(archive, 0)) {
            for (int replay = 0; replay < replays.highWater(); replay++) {
                if (replays.isLive(replay) && archiveOf(replay) == archive) {
                    end(replay, ReplayState.COMPLETED);
                }
            }
        }
    }

    /** The server started: the logs are told again of the replays that are running. */
    void boot() {
        for (int replay = 0; replay < replays.highWater(); replay++) {
            if (replays.isLive(replay)) {
                if (hasAny(archiveOf(replay), 0)) {
                    grant(replay);
                } else {
                    end(replay, ReplayState.COMPLETED);
                }
            }
        }
    }
}
