package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.RegisterStreamConsumerDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.StreamTables.StreamConsumer;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** Registers the consumers of streams that shards are pushed to. A stream has few, so that a name is looked for one by one. */
final class StreamConsumers {
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;

    private final State state;
    private final StreamState tables;
    private final SlotTable consumers;
    private final ShardPushes pushes;

    StreamConsumers(final State state, final ShardPushes pushes) {
        this.state = state;
        this.tables = state.streams;
        this.consumers = tables.consumers;
        this.pushes = pushes;
    }

    void register(final Request request, final RegisterStreamConsumerDecoder command) {
        final int stream = request.stream(command.streamId(), Access.RECEIVE);
        if (stream < 0) {
            return;
        }
        final DirectBuffer buffer = command.buffer();
        final int offset = command.limit() + TEXT_LENGTH_SIZE;
        final int length = command.nameLength();
        final long most = state.limit(LimitId.STREAM_CONSUMERS);
        final int count = tables.streams.getInt(stream, Stream.CONSUMER_COUNT);
        if (length > state.limit(LimitId.NAME_BYTES)) {
            request.refuseLimit(LimitId.NAME_BYTES, state.limit(LimitId.NAME_BYTES), length);
            return;
        }
        if (length == 0 || !Text.isUtf8(buffer, offset, length)) {
            request.refuse(ResultCode.INVALID_NAME);
            return;
        }
        final int existing = named(stream, buffer, offset, length);
        if (existing >= 0) {
            request.confirm(consumers.getLong(existing, StreamConsumer.ID), 1);
        } else if (count >= most) {
            request.refuseLimit(LimitId.STREAM_CONSUMERS, most, count + 1L);
        } else if (request.hasArenaRoom(length, 0)) {
            request.confirm(create(stream, state.payloads.store(buffer, offset, length)), 1);
        }
    }

    private int named(final int stream, final DirectBuffer buffer, final int offset, final int length) {
        int consumer = tables.consumersOf.first(stream);
        while (consumer >= 0
                && !state.payloads.matches(
                        consumers.getInt(consumer, StreamConsumer.NAME_PAYLOAD), buffer, offset, length)) {
            consumer = tables.consumersOf.next(consumer);
        }
        return consumer;
    }

    private long create(final int stream, final int name) {
        final int consumer = consumers.allocate();
        final long consumerId = state.next(Root.NEXT_STREAM_CONSUMER_ID);
        consumers.putLong(consumer, StreamConsumer.ID, consumerId);
        consumers.putLong(consumer, StreamConsumer.CREATED_TIME, state.nowNs);
        consumers.putInt(consumer, StreamConsumer.STREAM, stream);
        consumers.putInt(consumer, StreamConsumer.NAME_PAYLOAD, name);
        consumers.seal(consumer);
        tables.linkConsumer(consumer, stream);
        return consumerId;
    }

    /** The consumer is gone at once; its subscriptions end in slices. */
    void deregister(final Request request, final long consumerId) {
        final int consumer = request.streamConsumer(consumerId, Access.RECEIVE);
        if (consumer >= 0) {
            end(consumer);
            request.confirm(0, 0);
        }
    }

    private void end(final int consumer) {
        tables.unlinkConsumer(consumer, consumers.getInt(consumer, StreamConsumer.STREAM));
        consumers.putLong(consumer, StreamConsumer.ENDED_TURN, state.next(Root.NEXT_TURN));
        consumers.seal(consumer);
        tables.endedConsumers.addLast(State.ONLY, consumer);
    }

    /** Ends the next consumer of a deleted stream; false if there is none left. */
    boolean endNextOf(final int stream) {
        final int consumer = tables.consumersOf.first(stream);
        if (consumer >= 0) {
            end(consumer);
        }
        return consumer >= 0;
    }

    /** Ends the next subscription of the consumer that was deregistered first, or at last frees the consumer. */
    void reclaim() {
        final int consumer = tables.endedConsumers.first(State.ONLY);
        final int push = tables.pushesOfConsumer.first(consumer);
        if (push >= 0) {
            pushes.end(push, ResultCode.UNKNOWN_STREAM_CONSUMER);
        } else {
            final int name = consumers.getInt(consumer, StreamConsumer.NAME_PAYLOAD);
            tables.endedConsumers.remove(State.ONLY, consumer);
            consumers.free(consumer);
            state.payloads.release(name);
        }
    }
}
