package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.RevokeReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.NanoClock;

/**
 * Reads its share of a stream as a member of a consumer group. {@link MillraceClient#poll()} does everything: it joins, renews the leases
 * every third of their duration, reads each shard that the server gives to the member from behind its checkpoint, hands the records to the
 * {@link GroupHandler}, stores checkpoints and gives shards back. In steady state nothing allocates; a shard that comes or goes may.
 *
 * <p>After a reconnect it joins again under its name. A shard that nobody else had in between goes on where it was; another begins again behind
 * its checkpoint, and one that went to somebody else is told as TAKEN when the leases are first renewed. A record may therefore come more
 * than once, after the last checkpoint; none is left out.
 *
 * <p>Made by {@link ConsumerGroups#join} and {@link ConsumerGroups#joinShared}; used by the thread that polls.
 */
public final class GroupMember implements AutoCloseable {
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int RENEWALS_PER_LEASE = 3;

    /** Checkpoints of a frame, unless the server allows fewer. */
    private static final int MAX_CHECKPOINTS = 256;

    /** Records of one shard that one poll hands over at most, if they come from mapped files. */
    private static final int SHARED_RECORDS = 256;

    /** The one command that is under way. */
    private enum Request {
        NONE,
        JOIN,
        RENEWAL,
        CHECKPOINT,
        RELEASE,
        LEAVE
    }

    private final long groupId;
    private final long streamId;
    private final String name;
    private final byte[] nameBytes;
    private final Path dataDirectory;
    private final long renewalIntervalNs;
    private final FrameWriter writer;
    private final MemberFrames frames;
    private final StreamWork work;
    private final ClientContext context;
    private final NanoClock clock;
    private final GroupHandler handler;
    private final ArrayList<MemberShard> shards = new ArrayList<>();
    private final Long2ObjectHashMap<MemberShard> shardsById = new Long2ObjectHashMap<>();
    private final MemberShard[] sent = new MemberShard[MAX_CHECKPOINTS];
    private int sentCount;
    private MemberShard released;
    private int maxCheckpoints = MAX_CHECKPOINTS;
    private Request request = Request.NONE;
    private boolean isAnswered;
    private long correlationId;
    private long sessionId;
    private long memberId;
    private long renewalNs;
    private long waitUntilNs;
    private boolean isWaiting;
    private boolean isJoined;
    private boolean isClosed;
    private boolean isEnded;

    /** @param dataDirectory of the server; null: the server is asked for the records */
    GroupMember(
            final GroupInfo group,
            final String name,
            final Path dataDirectory,
            final FrameWriter writer,
            final StreamWork work,
            final ClientContext context,
            final GroupHandler handler) {
        this.groupId = group.groupId();
        this.streamId = group.streamId();
        this.name = name;
        this.nameBytes = name.getBytes(StandardCharsets.UTF_8);
        this.dataDirectory = dataDirectory;
        this.renewalIntervalNs = group.leaseDurationNs() / RENEWALS_PER_LEASE;
        this.writer = writer;
        this.frames = new MemberFrames(writer);
        this.work = work;
        this.context = context;
        this.clock = context.nanoClock();
        this.handler = new GuardedGroupHandler(handler, context.errorHandler());
    }

    /** @return the group. */
    public long groupId() {
        return groupId;
    }

    /** @return the member's name. */
    public String name() {
        return name;
    }

    /** @return the member's id, which another membership under this name may not have; 0 before the first join. */
    public long memberId() {
        return memberId;
    }

    /** @return whether the server takes the client for a member at the moment. */
    public boolean isJoined() {
        return isJoined;
    }

    /** @return whether the member has ended for good. */
    public boolean isEnded() {
        return isEnded;
    }

    /** @return shards that the member has. */
    public int shardCount() {
        return shards.size();
    }

    /**
     * The fencing token of a shard: whoever gets the shard next has a greater one.
     *
     * @param shardId the shard
     * @return the epoch of the lease; 0 if the member does not have the shard
     */
    public long leaseEpoch(final long shardId) {
        final MemberShard shard = shardsById.get(shardId);
        return shard == null ? 0 : shard.epoch();
    }

    /**
     * Says that a record of a shard and all before it are done with. The next polls store it, of several checkpoints of a shard only the
     * newest; one that is not newer changes nothing.
     *
     * @param shardId the shard
     * @param sequenceNumber of the record
     * @return whether the member has the shard, so that the checkpoint can be stored
     */
    public boolean checkpoint(final long shardId, final long sequenceNumber) {
        final MemberShard shard = isClosed ? null : shardsById.get(shardId);
        if (shard != null) {
            shard.want(sequenceNumber);
        }
        return shard != null;
    }

    /**
     * Leaves the group, so that its shards go to others at once. No more records come; checkpoints that are to be stored are stored first by {@link
     * MillraceClient#poll()}. A client that is closed waits for it, at most its close timeout; one that is closed without this keeps its shards
     * until the leases are over.
     */
    @Override
    public void close() {
        isClosed = true;
        for (int i = 0; i < shards.size(); i++) {
            shards.get(i).stop();
        }
    }

    /** @return whether something is still to be said to the server that the application has asked for. */
    boolean hasUnanswered() {
        return isClosed ? !isEnded && (isJoined || request == Request.JOIN) : isJoined && hasToStore();
    }

    /** Does what it is time for. @return frames sent and records handed over */
    int advance() {
        if (isEnded || writer.gate() != 0) {
            return 0;
        }
        if (sessionId != writer.sessionId()) {
            onNewSession();
        }
        if (isAnswered) {
            onCheckpointsAnswered();
        }
        int count = 0;
        for (int i = 0; i < shards.size() && isJoined && !isClosed; i++) {
            count += shards.get(i).poll(SHARED_RECORDS);
        }
        return request == Request.NONE && sendNext() ? count + 1 : count;
    }

    /** What was under way is lost with its session. What the member was to hand over the server hands over by itself. */
    private void onNewSession() {
        sessionId = writer.sessionId();
        request = Request.NONE;
        isAnswered = false;
        isJoined = false;
        isWaiting = false;
        for (int i = shards.size() - 1; i >= 0; i--) {
            if (shards.get(i).isReleasing()) {
                remove(shards.get(i));
            } else {
                shards.get(i).suspend();
            }
        }
    }

    /** @return whether a command was sent. */
    private boolean sendNext() {
        final long nowNs = clock.nanoTime();
        if (isWaiting && nowNs - waitUntilNs < 0) {
            return false;
        }
        isWaiting = false;
        if (!isJoined) {
            return join(nowNs);
        }
        if (nowNs - renewalNs >= 0) {
            return hasSent(Request.RENEWAL, frames.renew(memberId), nowNs);
        }
        sentCount = countOfCheckpoints();
        if (sentCount > 0) {
            final boolean isSent = hasSent(Request.CHECKPOINT, frames.checkpoint(memberId, sent, sentCount), nowNs);
            for (int i = 0; i < sentCount && isSent; i++) {
                sent[i].onSent();
            }
            return isSent;
        }
        released = firstReleased();
        if (released != null) {
            return hasSent(Request.RELEASE, frames.release(memberId, released.shardId(), released.epoch()), nowNs);
        }
        return isClosed && hasSent(Request.LEAVE, frames.leave(memberId), nowNs);
    }

    private boolean join(final long nowNs) {
        if (isClosed) {
            end();
            return false;
        }
        final long result = frames.join(groupId, nameBytes);
        if (result == MillraceClient.TOO_LARGE) {
            refuse(
                    ResultCode.LIMIT_EXCEEDED,
                    LimitId.FRAME_BYTES,
                    writer.maxFrameLength(),
                    MemberFrames.joinLength(nameBytes));
        }
        return hasSent(Request.JOIN, result, nowNs);
    }

    private boolean hasSent(final Request newRequest, final long result, final long nowNs) {
        if (result <= 0) {
            return false;
        }
        request = newRequest;
        correlationId = result;
        if (newRequest == Request.JOIN || newRequest == Request.RENEWAL) {
            renewalNs = nowNs + renewalIntervalNs;
        }
        return true;
    }

    /** Puts the shards that have checkpoints to be stored where a frame takes them from. @return how many */
    private int countOfCheckpoints() {
        final int max = Math.min(maxCheckpoints, frames.maxCheckpoints());
        int count = 0;
        for (int i = 0; i < shards.size() && count < max; i++) {
            if (shards.get(i).hasToStore()) {
                sent[count++] = shards.get(i);
            }
        }
        return count;
    }

    private boolean hasToStore() {
        for (int i = 0; i < shards.size(); i++) {
            if (shards.get(i).hasToStore()) {
                return true;
            }
        }
        return false;
    }

    private MemberShard firstReleased() {
        for (int i = 0; i < shards.size(); i++) {
            if (shards.get(i).isReleasing()) {
                return shards.get(i);
            }
        }
        return null;
    }

    /** @return the command that an answer is to come to, 0 if there is none. */
    long awaited() {
        return request == Request.NONE ? 0 : correlationId;
    }

    void onConfirmed(final long value) {
        final Request confirmed = request;
        request = Request.NONE;
        switch (confirmed) {
            case JOIN -> {
                memberId = value;
                isJoined = true;
            }
            case RENEWAL -> endSuspended();
            case CHECKPOINT -> onCheckpointsAnswered();
            case RELEASE -> remove(released);
            default -> end();
        }
    }

    /** Shards that did not come back since the member joined again have gone to others. */
    private void endSuspended() {
        for (int i = shards.size() - 1; i >= 0; i--) {
            final MemberShard shard = shards.get(i);
            if (shard.isSuspended() && shard.isEnding()) {
                // Most likely it was drained with the last word of the session before.
                remove(shard);
            } else if (shard.isSuspended()) {
                lose(shard, RevokeReason.TAKEN);
            }
        }
    }

    /** Which of the checkpoints are not stored follows. */
    void onEntryResults() {
        isAnswered = true;
    }

    void onEntryResult(final int index, final ResultCode code, final long limit) {
        if (request == Request.CHECKPOINT && index < sentCount) {
            sent[index].onRefused(code, limit);
        }
    }

    private void onCheckpointsAnswered() {
        isAnswered = false;
        request = Request.NONE;
        for (int i = 0; i < sentCount; i++) {
            final MemberShard shard = sent[i];
            sent[i] = null;
            if (!shard.isClosed()) {
                onCheckpointAnswered(shard, shard.result());
            }
        }
        sentCount = 0;
    }

    private void onCheckpointAnswered(final MemberShard shard, final ResultCode result) {
        if (result == ResultCode.OK) {
            shard.onStored();
            if (shard.isEndSent()) {
                remove(shard);
            }
        } else if (result == ResultCode.LEASE_LOST) {
            lose(shard, RevokeReason.TAKEN);
        } else if (shard.isEndSent()) {
            // The records behind are out of reach for the reader and not yet for the server, which asks no clock.
            havePatience();
        } else {
            handler.onCheckpointRefused(shard.shardId(), shard.sent(), result);
        }
    }

    void onRefused(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        final Request refused = request;
        request = Request.NONE;
        if (code == ResultCode.RESOURCE_IN_USE || ClientSession.isPassing(code)) {
            havePatience();
        } else if (refused == Request.LEAVE) {
            end();
        } else if (code == ResultCode.UNKNOWN_MEMBER) {
            onMembershipEnded(MembershipEnd.LEASE_OVER);
        } else if (refused == Request.RELEASE && code == ResultCode.LEASE_LOST) {
            remove(released);
        } else if (refused == Request.CHECKPOINT && limitId == LimitId.BATCH_ENTRIES && limit > 0) {
            maxCheckpoints = (int) Math.min(limit, maxCheckpoints);
        } else {
            refuse(code, limitId, limit, actual);
        }
    }

    private void refuse(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        end();
        handler.onRefused(code, limitId, limit, actual);
    }

    private void havePatience() {
        waitUntilNs = clock.nanoTime() + Math.min(PATIENCE_NS, renewalIntervalNs);
        isWaiting = true;
    }

    /** @return whether what the server says of a member is about this one. */
    boolean is(final long ofGroupId, final long ofMemberId) {
        return isJoined && memberId == ofMemberId && groupId == ofGroupId;
    }

    void onShardAssigned(final long shardId, final long sequenceNumber, final long epoch) {
        final MemberShard known = shardsById.get(shardId);
        if (isClosed || known != null && known.epoch() == epoch) {
            // That it is to keep a shard which it is about to release comes too late: the server will give it to
            // somebody.
            return;
        }
        if (known != null && known.isSuspended() && known.epoch() + 1 == epoch) {
            known.resume(epoch);
            return;
        }
        if (known != null) {
            remove(known);
        }
        final MemberShard shard = new MemberShard(shardId, epoch, sequenceNumber, handler);
        shards.add(shard);
        shardsById.put(shardId, shard);
        handler.onShardAssigned(shardId, sequenceNumber);
        if (isClosed) {
            return;
        }
        if (dataDirectory != null) {
            shard.readFrom(dataDirectory, streamId);
        } else {
            final PullReader reader =
                    new PullReader(shardId, StreamPosition.after(sequenceNumber), writer, context, shard);
            shard.readWith(reader);
            work.add(reader);
        }
    }

    void onShardRevoked(final long shardId, final long epoch, final RevokeReason reason) {
        final MemberShard shard = shardsById.get(shardId);
        if (shard == null || shard.epoch() != epoch) {
            return;
        }
        if (reason != RevokeReason.REQUESTED) {
            lose(shard, reason);
        } else if (!shard.isEnding()) {
            shard.stop();
            handler.onShardRevoked(shardId, reason);
            shard.release();
        }
    }

    /** The shard is the member's no longer. Of one that it was about to give back, the handler has heard already. */
    private void lose(final MemberShard shard, final RevokeReason reason) {
        remove(shard);
        if (!shard.isReleasing()) {
            handler.onShardRevoked(shard.shardId(), reason);
        }
    }

    private void remove(final MemberShard shard) {
        shard.close();
        shards.remove(shard);
        shardsById.remove(shard.shardId(), shard);
    }

    void onMembershipEnded(final MembershipEnd reason) {
        forget();
        isEnded = isClosed || reason != MembershipEnd.LEASE_OVER;
        handler.onMembershipEnded(reason);
    }

    private void end() {
        forget();
        isEnded = true;
    }

    private void forget() {
        for (int i = 0; i < shards.size(); i++) {
            shards.get(i).close();
        }
        shards.clear();
        shardsById.clear();
        sentCount = 0;
        request = Request.NONE;
        isAnswered = false;
        isJoined = false;
    }
}
