package io.millrace.kernel;

import io.millrace.codecs.EntryResultsEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.PutResultsEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendResultsEncoder;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.StreamTables.StreamConsumer;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.Payloads;

/** The command being executed: who asked, and how its answer is given and, if a producer protects it, kept. */
final class Request {
    /** Entry index of a refusal that concerns the whole command. */
    static final int WHOLE = -1;

    private final State state;
    private final Reply reply;
    private final Producers producers;
    private final EntryCodes entryCodes = new EntryCodes();
    private final SendOutcomes sendOutcomes = new SendOutcomes();
    private final PutOutcomes putOutcomes = new PutOutcomes();

    long sessionId;
    int session;
    long correlationId;
    private int producer;
    private long sequence;
    private boolean isAnswered;

    Request(final State state, final Reply reply, final Producers producers) {
        this.state = state;
        this.reply = reply;
        this.producers = producers;
    }

    void capacity(final int batchEntries, final int putEntries) {
        putOutcomes.capacity(putEntries);
        entryCodes.capacity(batchEntries);
        sendOutcomes.capacity(batchEntries);
    }

    /** Begins a command that no producer protects. */
    void begin(final long newSessionId, final int newSession, final long newCorrelationId) {
        sessionId = newSessionId;
        session = newSession;
        correlationId = newCorrelationId;
        producer = -1;
        sequence = 0;
        isAnswered = false;
        entryCodes.reset();
    }

    /** From here on the answer is kept for the producer. */
    void protect(final int byProducer, final long withSequence) {
        producer = byProducer;
        sequence = withSequence;
    }

    /** The queue that the command concerns, -1 if there is none or the session may not do this: then the command is refused. */
    int queue(final long queueId, final int permission) {
        final int queue = permission == Access.RECEIVE ? state.queueById(queueId) : state.namedQueueById(queueId);
        if (queue < 0) {
            refuse(ResultCode.UNKNOWN_QUEUE);
        } else if (isForbidden(queue, permission)) {
            return -1;
        }
        return queue;
    }

    /** The topic that the command concerns, -1 if there is none or the session may not do this: then the command is refused. */
    int topic(final long topicId, final int permission) {
        final int topic = state.topics.topicById(topicId);
        if (topic < 0) {
            refuse(ResultCode.UNKNOWN_TOPIC);
        } else if (!isAllowed(state.topics.topics.getInt(topic, Topic.ACCESS_PAYLOAD_LINK), permission)) {
            return -1;
        }
        return topic;
    }

    /** The subscription that the command concerns, of a topic that the session may do this with; -1 as {@link #topic}. */
    int subscription(final long subscriptionId, final int permission) {
        final int subscription = state.topics.subscriptionById(subscriptionId);
        if (subscription < 0) {
            refuse(ResultCode.UNKNOWN_SUBSCRIPTION);
            return -1;
        }
        final int topic = state.topics.subscriptions.getInt(subscription, Subscription.TOPIC);
        return isAllowed(state.topics.topics.getInt(topic, Topic.ACCESS_PAYLOAD_LINK), permission) ? subscription : -1;
    }

    /** The stream that the command concerns, -1 if there is none or the session may not do this: then the command is refused. */
    int stream(final long streamId, final int permission) {
        final int stream = state.streams.streamById(streamId);
        if (stream < 0) {
            refuse(ResultCode.UNKNOWN_STREAM);
        } else if (!isAllowed(state.streams.streams.getInt(stream, Stream.ACCESS_PAYLOAD_LINK), permission)) {
            return -1;
        }
        return stream;
    }

    /** The consumer of a stream that the command concerns, of a stream that the session may do this with; -1 as {@link #stream}. */
    int streamConsumer(final long consumerId, final int permission) {
        final int consumer = state.streams.consumerById(consumerId);
        if (consumer < 0) {
            refuse(ResultCode.UNKNOWN_STREAM_CONSUMER);
            return -1;
        }
        final int stream = state.streams.consumers.getInt(consumer, StreamConsumer.STREAM);
        return isAllowed(state.streams.streams.getInt(stream, Stream.ACCESS_PAYLOAD_LINK), permission) ? consumer : -1;
    }

    /** The shard that the command concerns, of a stream that the session may do this with; -1 as {@link #stream}. */
    int shard(final long shardId, final int permission) {
        final int shard = state.streams.shardById(shardId, state.nowNs);
        if (shard < 0) {
            refuse(ResultCode.UNKNOWN_SHARD);
            return -1;
        }
        final int stream = state.streams.shards.getInt(shard, Shard.STREAM);
        return isAllowed(state.streams.streams.getInt(stream, Stream.ACCESS_PAYLOAD_LINK), permission) ? shard : -1;
    }

    /** Whether the session may not do something with a queue: then the command is refused. */
    boolean isForbidden(final int queue, final int permission) {
        return !isAllowed(Access.listOf(state, queue) + 1, permission);
    }

    private boolean isAllowed(final int listLink, final int permission) {
        if (Access.listAllows(state, listLink - 1, session, permission)) {
            return true;
        }
        state.counters.notAuthorised++;
        refuse(ResultCode.NOT_AUTHORISED);
        return false;
    }

    /**
     * Refuses the command if the arena has no room for a content in the place of another one, which may be none; one that takes no more than
     * the other is never refused.
     */
    boolean hasArenaRoom(final int length, final int replacedPayloadLink) {
        final int freed =
                replacedPayloadLink == 0 ? 0 : Payloads.accountedLength(state.payloads.length(replacedPayloadLink - 1));
        final int growth = Payloads.accountedLength(length) - freed;
        final long bytes = state.payloads.accountedBytes() + growth;
        if (growth <= 0 || bytes <= state.limit(LimitId.ARENA_BYTES)) {
            return true;
        }
        refuseLimit(LimitId.ARENA_BYTES, state.limit(LimitId.ARENA_BYTES), bytes);
        return false;
    }

    /** Whether the command has been refused. */
    boolean isAnswered() {
        return isAnswered;
    }

    void confirm(final long firstValue, final int valueCount) {
        if (producer >= 0) {
            producers.keep(producer, sequence, firstValue, valueCount);
        }
        reply.confirmed(sessionId, correlationId, firstValue, valueCount);
    }

    void refuse(final ResultCode code) {
        refuse(WHOLE, code, LimitId.NONE, 0, 0);
    }

    void refuseLimit(final LimitId limitId, final long limit, final long actual) {
        refuse(WHOLE, ResultCode.LIMIT_EXCEEDED, limitId, limit, actual);
    }

    void refuse(
            final int entryIndex, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        isAnswered = true;
        if (producer >= 0) {
            producers.keep(producer, sequence, entryIndex, code, limitId, limit, actual);
        }
        reply.refused(sessionId, correlationId, entryIndex, code, limitId, limit, actual);
    }

    void failEntry(final int entryIndex, final ResultCode code) {
        entryCodes.add(entryIndex, code, LimitId.NONE, 0, 0);
    }

    void failEntry(final int entryIndex, final ResultCode code, final long limit, final long actual) {
        entryCodes.add(entryIndex, code, LimitId.NONE, limit, actual);
    }

    void failEntry(final int entryIndex, final LimitId limitId, final long limit, final long actual) {
        entryCodes.add(entryIndex, ResultCode.LIMIT_EXCEEDED, limitId, limit, actual);
    }

    /** Confirms the command if no entry failed, else names the entries that did. */
    void answerEntries() {
        if (entryCodes.isEmpty()) {
            confirm(0, 0);
        } else {
            if (producer >= 0) {
                producers.keep(
                        producer, sequence, EntryResultsEncoder.TEMPLATE_ID, entryCodes.group(), entryCodes.length());
            }
            reply.entryResults(sessionId, correlationId, entryCodes.group(), 0, entryCodes.length());
        }
    }

    /** How the entries of a send end, to be filled and then answered with {@link #answerSend()}. */
    SendOutcomes sendOutcomes() {
        return sendOutcomes;
    }

    void answerSend() {
        if (producer >= 0) {
            producers.keep(
                    producer, sequence, SendResultsEncoder.TEMPLATE_ID, sendOutcomes.group(), sendOutcomes.length());
        }
        reply.sendResults(sessionId, correlationId, sendOutcomes.group(), 0, sendOutcomes.length());
    }

    /** How the records of a put end, to be filled and then answered with {@link #answerPut()}. */
    PutOutcomes putOutcomes() {
        return putOutcomes;
    }

    void answerPut() {
        if (producer >= 0) {
            producers.keep(
                    producer, sequence, PutResultsEncoder.TEMPLATE_ID, putOutcomes.group(), putOutcomes.length());
        }
        reply.putResults(sessionId, correlationId, putOutcomes.group(), 0, putOutcomes.length());
    }
}
