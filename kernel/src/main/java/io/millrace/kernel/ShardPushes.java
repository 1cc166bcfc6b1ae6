package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SubscribeToShardDecoder;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.ShardPush;
import io.millrace.kernel.StreamTables.StreamConsumer;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;
import io.millrace.kernel.memory.SlotTable;

/**
 * Subscriptions of consumers to shards: the kernel says who gets what from where on, for how long and why no longer; the host, which has
 * the records, pushes them. That all of a closed shard was pushed only the host knows: to the kernel such a subscription lasts until its
 * time is over, unless it is taken over.
 */
final class ShardPushes {
    private final State state;
    private final StreamState tables;
    private final SlotTable pushes;
    private final SlotTable shards;
    private final RecordLogs logs;
    private final StartPosition start;
    private final PushGrant grant = new PushGrant();

    ShardPushes(final State state, final RecordLogs logs) {
        this.state = state;
        this.tables = state.streams;
        this.pushes = tables.pushes;
        this.shards = tables.shards;
        this.logs = logs;
        this.start = new StartPosition(tables);
    }

    void subscribe(final Request request, final SubscribeToShardDecoder command) {
        final int consumer = request.streamConsumer(command.consumerId(), Access.RECEIVE);
        if (consumer < 0) {
            return;
        }
        final int shard = shardOf(consumer, command.shardId());
        final int kind = command.kindRaw();
        final long window = command.windowBytes();
        if (shard < 0) {
            request.refuse(ResultCode.UNKNOWN_SHARD);
        } else if (tables.isOpening(shard)) {
            request.refuse(ResultCode.RESOURCE_IN_USE);
        } else if (!StartPosition.isKind(kind)) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, kind);
        } else if (!start.take(shard, command.kind(), command.position(), state.nowNs)) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, command.position());
        } else if (window == 0) {
            request.refuse(Request.WHOLE, ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, window);
        } else if (window > state.limit(LimitId.CREDIT_BYTES)) {
            request.refuseLimit(LimitId.CREDIT_BYTES, state.limit(LimitId.CREDIT_BYTES), window);
        } else if (mayBegin(request, consumer, shard)) {
            begin(request, consumer, shard, (int) window);
        }
    }

    /** A shard of the consumer's stream. */
    private int shardOf(final int consumer, final long shardId) {
        final int shard = tables.shardById(shardId, state.nowNs);
        final int stream = tables.consumers.getInt(consumer, StreamConsumer.STREAM);
        return shard >= 0 && shards.getInt(shard, Shard.STREAM) == stream ? shard : -1;
    }

    /** Ends the subscription that there is, if its rest is over; else, or if the session has too many, the command is refused. */
    private boolean mayBegin(final Request request, final int consumer, final int shard) {
        final int present = tables.pushOf(consumer, shard);
        final long rest = state.limit(LimitId.SHARD_SUBSCRIPTION_REST);
        final long most = state.limit(LimitId.SHARD_SUBSCRIPTIONS);
        final boolean isOwn = present >= 0 && pushes.getInt(present, ShardPush.SESSION) == request.session;
        final int count = state.sessions.getInt(request.session, Session.PUSH_COUNT) + (isOwn ? 0 : 1);
        if (present >= 0 && state.nowNs - pushes.getLong(present, ShardPush.STARTED_TIME) < rest) {
            request.refuse(
                    Request.WHOLE,
                    ResultCode.RESOURCE_IN_USE,
                    LimitId.SHARD_SUBSCRIPTION_REST,
                    rest,
                    state.nowNs - pushes.getLong(present, ShardPush.STARTED_TIME));
        } else if (count > most) {
            request.refuseLimit(LimitId.SHARD_SUBSCRIPTIONS, most, count);
        } else {
            if (present >= 0) {
                end(present, ResultCode.PUSH_TAKEN_OVER);
            }
            return true;
        }
        return false;
    }

    private void begin(final Request request, final int consumer, final int shard, final int windowBytes) {
        final int push = pushes.allocate();
        final long pushId = state.next(Root.NEXT_TURN);
        pushes.putLong(push, ShardPush.ID, pushId);
        pushes.putLong(push, ShardPush.STARTED_TIME, state.nowNs);
        pushes.putLong(push, ShardPush.DEADLINE, state.nowNs + state.limit(LimitId.SHARD_SUBSCRIPTION));
        pushes.putLong(push, ShardPush.CORRELATION_ID, request.correlationId);
        pushes.putInt(push, ShardPush.CONSUMER, consumer);
        pushes.putInt(push, ShardPush.SHARD, shard);
        pushes.putInt(push, ShardPush.SESSION, request.session);
        pushes.seal(push);
        link(push);
        request.confirm(pushId, 1);
        fill(push);
        grant.kind = start.kind();
        grant.position = start.position();
        grant.windowBytes = windowBytes;
        logs.push(grant);
    }

    /** Puts a subscription's row into the structures that follow from it. */
    void link(final int push) {
        final int session = pushes.getInt(push, ShardPush.SESSION);
        final int consumer = pushes.getInt(push, ShardPush.CONSUMER);
        tables.pushesByKey.add(push);
        tables.pushesOfConsumer.addLast(consumer, push);
        tables.pushesOfShard.addLast(pushes.getInt(push, ShardPush.SHARD), push);
        tables.pushesOfSession.addLast(session, push);
        count(session, consumer, 1);
        state.timers.add(
                Timers.SHARD_PUSH,
                push,
                pushes.getLong(push, ShardPush.DEADLINE),
                Timers.ofShardPush(pushes.getLong(push, ShardPush.ID)));
    }

    private void count(final int session, final int consumer, final int change) {
        final SlotTable sessions = state.sessions;
        final SlotTable consumers = tables.consumers;
        sessions.putInt(session, Session.PUSH_COUNT, sessions.getInt(session, Session.PUSH_COUNT) + change);
        consumers.putInt(
                consumer, StreamConsumer.PUSH_COUNT, consumers.getInt(consumer, StreamConsumer.PUSH_COUNT) + change);
    }

    private void fill(final int push) {
        grant.subscriptionId = pushes.getLong(push, ShardPush.ID);
        grant.sessionId = state.sessions.getLong(pushes.getInt(push, ShardPush.SESSION), Session.ID);
        grant.correlationId = pushes.getLong(push, ShardPush.CORRELATION_ID);
        grant.fill(tables, pushes.getInt(push, ShardPush.SHARD), state.nowNs);
    }

    /** Tells the host of the subscriptions to a shard, of which there are few, that the shard was closed. */
    void onClosed(final int shard) {
        int push = tables.pushesOfShard.first(shard);
        while (push >= 0) {
            fill(push);
            logs.finishPush(grant);
            push = tables.pushesOfShard.next(push);
        }
    }

    void unsubscribe(final Request request, final long consumerId, final long shardId) {
        final int consumer = tables.consumerById(consumerId);
        final int shard = tables.anyShardById(shardId);
        final int push = consumer < 0 || shard < 0 ? -1 : tables.pushOf(consumer, shard);
        if (push < 0 || pushes.getInt(push, ShardPush.SESSION) != request.session) {
            request.refuse(ResultCode.NOT_CONSUMING);
        } else {
            end(push, ResultCode.OK);
            request.confirm(0, 0);
        }
    }

    /** The time of a subscription is over. */
    void onTimer(final int push) {
        end(push, ResultCode.PUSH_EXPIRED);
    }

    /** A session ended. */
    void endAllOf(final int session) {
        for (int push = tables.pushesOfSession.first(session);
                push >= 0;
                push = tables.pushesOfSession.first(session)) {
            end(push, ResultCode.UNKNOWN_SESSION);
        }
    }

    /** A shard is going. */
    void endAllTo(final int shard) {
        for (int push = tables.pushesOfShard.first(shard); push >= 0; push = tables.pushesOfShard.first(shard)) {
            end(push, ResultCode.UNKNOWN_SHARD);
        }
    }

    void end(final int push, final ResultCode code) {
        final int session = pushes.getInt(push, ShardPush.SESSION);
        final int consumer = pushes.getInt(push, ShardPush.CONSUMER);
        final long pushId = pushes.getLong(push, ShardPush.ID);
        state.timers.remove(Timers.SHARD_PUSH, push);
        tables.pushesByKey.remove(push);
        tables.pushesOfConsumer.remove(consumer, push);
        tables.pushesOfShard.remove(pushes.getInt(push, ShardPush.SHARD), push);
        tables.pushesOfSession.remove(session, push);
        count(session, consumer, -1);
        pushes.free(push);
        logs.endPush(pushId, code);
    }
}
