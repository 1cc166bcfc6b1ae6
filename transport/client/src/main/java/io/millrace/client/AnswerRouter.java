package io.millrace.client;

import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.RevokeReason;
import io.millrace.codecs.ShardPosition;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Takes each answer to those whom it concerns: the connection, the resend ring, the tables of what goes on, a blocking
 * call that waits for it, and the listener.
 */
final class AnswerRouter implements EgressEvents {
    private final ClientSession session;
    private final Producer producer;
    private final LargeTransfer transfer;
    private final ConsumerTable consumers;
    private final ReceiveTable receives;
    private final WatchTable watches;
    private final StreamWork streamWork;
    private final BlockingCall call;
    private final AckBatches ackBatches;
    private final ClientListener listener;
    private MessageHandler messageHandler;
    private EgressAdapter adapter;
    private long lastRefused;
    private long lastGap;

    AnswerRouter(
            final ClientContext context,
            final ClientSession session,
            final Producer producer,
            final LargeTransfer transfer,
            final Subscriptions subscriptions,
            final AckBatches ackBatches,
            final StreamWork streamWork,
            final BlockingCall call,
            final GuardedListener listener) {
        this.session = session;
        this.producer = producer;
        this.transfer = transfer;
        this.consumers = subscriptions.consumers();
        this.receives = subscriptions.receives();
        this.watches = subscriptions.watches();
        this.ackBatches = ackBatches;
        this.streamWork = streamWork;
        this.call = call;
        this.listener = listener;
        this.messageHandler = context.messageHandler();
    }

    void adapter(final EgressAdapter newAdapter) {
        adapter = newAdapter;
    }

    void messageHandler(final MessageHandler handler) {
        messageHandler = handler;
    }

    @Override
    public void onSessionEvent(
            final long sessionId,
            final long bootEpoch,
            final long sessionTimeoutNs,
            final int maxFrameBytes,
            final int maxMessageBytes,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        if (code == ResultCode.OK) {
            adapter.onSession(maxMessageBytes);
            session.onSessionEvent(sessionId, bootEpoch, sessionTimeoutNs, maxFrameBytes, maxMessageBytes);
        } else {
            session.onSessionRefused(code, limitId, limit, actual);
        }
    }

    @Override
    public void onConfirmed(
            final long fromCorrelationId,
            final long toCorrelationId,
            final long firstValue,
            final int valuesPerCommand) {
        onAnswered(fromCorrelationId, toCorrelationId);
        consumers.onConfirmed(fromCorrelationId, toCorrelationId);
        watches.onConfirmed(fromCorrelationId, toCorrelationId);
        session.onAccepted();
        final boolean isCalls = call.takesConfirmed(fromCorrelationId, toCorrelationId, firstValue, valuesPerCommand);
        final boolean isStreams =
                streamWork.takesConfirmed(fromCorrelationId, toCorrelationId, firstValue, valuesPerCommand);
        if ((isCalls || isStreams) && fromCorrelationId == toCorrelationId) {
            return;
        }
        listener.onConfirmed(fromCorrelationId, toCorrelationId, firstValue, valuesPerCommand);
    }

    @Override
    public void onRefused(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        if (session.isProducerRequest(correlationId)) {
            session.onProducerRefused(code, limitId, limit, actual);
            return;
        }
        if (code == ResultCode.UNKNOWN_SESSION) {
            // What is unanswered stays so: the next session sends it again.
            session.onSessionRefused(code, limitId, limit, actual);
            return;
        }
        if (correlationId == lastRefused) {
            // The parts of one large payload share an id, and each part behind a refused one is refused as well.
            return;
        }
        if (isAskedAgain(correlationId, code, limitId, limit)) {
            return;
        }
        lastRefused = correlationId;
        transfer.onRefused(correlationId);
        receives.remove(correlationId);
        consumers.onRefused(correlationId);
        watches.onRefused(correlationId);
        final boolean isTooMany = limitId == LimitId.BATCH_ENTRIES && limit > 0;
        if (isTooMany) {
            ackBatches.limit(limit);
        }
        if (!takeBack(correlationId, code, isTooMany)
                && !call.takesRefused(correlationId, code, limitId, limit, actual)
                && !streamWork.takesRefused(correlationId, entryIndex, code, limitId, limit, actual)) {
            listener.onRefused(correlationId, entryIndex, code, limitId, limit, actual);
        }
    }

    /** @return whether the request is not over with this refusal, because the client asks again by itself. */
    private boolean isAskedAgain(
            final long correlationId, final ResultCode code, final LimitId limitId, final long limit) {
        final boolean isPassing = ClientSession.isPassing(code);
        final long position = producer.isEnabled() ? producer.ring().find(correlationId) : -1;
        if (position >= 0) {
            // After a gap, a command before this one never reached the producer's record, so this one gets a new
            // sequence
            // and goes again. So does one that was sent before: the first time it may have been executed.
            final boolean isUndecided = code == ResultCode.SEQUENCE_GAP
                    || isPassing && producer.ring().isResent(position);
            // What follows for a large payload under the same id says nothing new.
            if (isUndecided || correlationId == lastGap && !producer.isOpen()) {
                lastGap = correlationId;
                transfer.onRefused(correlationId);
                session.requestProducer();
                if (isPassing) {
                    session.onOverloaded();
                }
                return true;
            }
            return false;
        }
        if (isPassing && (consumers.askAgain(correlationId) || watches.askAgain(correlationId))) {
            session.onOverloaded();
            return true;
        }
        final long maxMessages = limitId == LimitId.CREDIT_MESSAGES ? limit : Integer.MAX_VALUE;
        final long maxBytes = limitId == LimitId.CREDIT_BYTES ? limit : Integer.MAX_VALUE;
        if (code == ResultCode.LIMIT_EXCEEDED && consumers.askForLess(correlationId, maxMessages, maxBytes)) {
            session.requestRetry();
            return true;
        }
        return false;
    }

    /**
     * Ends a protected command that was refused, and what follows for the producer.
     *
     * @return whether it held acknowledgements, which nobody asked for by this id and which wait for another frame.
     */
    private boolean takeBack(final long correlationId, final ResultCode code, final boolean isTooMany) {
        final long position = producer.isEnabled() ? producer.ring().find(correlationId) : -1;
        if (position < 0) {
            return false;
        }
        final boolean isProducerLost = code == ResultCode.PRODUCER_UNKNOWN || code == ResultCode.PRODUCER_FENCED;
        final boolean isPassing = ClientSession.isPassing(code);
        final boolean isTakenBack = producer.ring().isAckBatch(position) && (isProducerLost || isPassing || isTooMany);
        if (isTakenBack) {
            ackBatches.takeBack(producer.ring().buffer(), producer.ring().offset(position));
            if (isPassing) {
                ackBatches.hold();
                session.onOverloaded();
            }
        }
        onAnswered(correlationId, correlationId);
        if (code == ResultCode.PRODUCER_FENCED) {
            producer.fence();
        }
        if (isProducerLost) {
            session.requestProducer();
        }
        return isTakenBack;
    }

    @Override
    public void onEntryResults(final long correlationId) {
        onAnswered(correlationId, correlationId);
        final GroupMember member = streamWork.memberOf(correlationId);
        if (member != null) {
            member.onEntryResults();
        }
    }

    @Override
    public void onEntryResult(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        final GroupMember member = streamWork.memberOf(correlationId);
        if (member != null) {
            member.onEntryResult(entryIndex, code, limit);
        } else {
            listener.onEntryResult(correlationId, entryIndex, code, limitId, limit, actual);
        }
    }

    @Override
    public void onSendResults(final long correlationId) {
        onAnswered(correlationId, correlationId);
        session.onAccepted();
    }

    @Override
    public void onSendResult(
            final long correlationId,
            final int entryIndex,
            final long messageId,
            final long sequenceNumber,
            final boolean isDuplicate,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        listener.onSendResult(
                correlationId, entryIndex, messageId, sequenceNumber, isDuplicate, code, limitId, limit, actual);
    }

    @Override
    public void onReceiveEnd(
            final long correlationId, final long queueId, final int messageCount, final ResultCode code) {
        receives.remove(correlationId);
        listener.onReceiveEnd(correlationId, queueId, messageCount, code);
    }

    @Override
    public void onProducerOpened(
            final long correlationId, final long producerId, final int producerEpoch, final long lastSequence) {
        if (session.isProducerRequest(correlationId)) {
            session.onProducerOpened(producerId, producerEpoch, lastSequence);
        }
    }

    @Override
    public void onConsumerStopped(final long correlationId, final long queueId, final ResultCode code) {
        consumers.onStopped(correlationId, queueId);
        listener.onConsumerStopped(correlationId, queueId, code);
    }

    @Override
    public void onQueueAlarm(final long queueId, final AlarmKind kind, final long value, final long timeNs) {
        listener.onQueueAlarm(queueId, kind, value, timeNs);
    }

    @Override
    public void onQueryAnswer(final long correlationId, final Object answer) {
        final PullReader reader = streamWork.reader(correlationId);
        if (reader != null && answer instanceof ShardIterator) {
            reader.onIterator((ShardIterator) answer);
        } else {
            call.takesAnswer(correlationId, answer);
        }
    }

    @Override
    public void onPutResult(
            final long correlationId,
            final int entryIndex,
            final long shardId,
            final long sequenceNumber,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        final StreamProducer streamProducer = streamWork.producer(correlationId);
        if (streamProducer != null) {
            streamProducer.onResult(entryIndex, shardId, sequenceNumber, code, limitId, limit, actual);
        }
    }

    @Override
    public void onPutResultsEnd(final long correlationId, final int count) {
        onAnswered(correlationId, correlationId);
        session.onAccepted();
        final StreamProducer streamProducer = streamWork.producer(correlationId);
        if (streamProducer != null) {
            streamProducer.onResultsEnd(count);
        }
    }

    @Override
    public void onShardRecord(
            final long correlationId,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        streamWork.takesRecord(
                correlationId, sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataOffset, dataLength);
    }

    @Override
    public void onRecordBegin(
            final long correlationId,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataLength) {
        streamWork.takesRecordBegin(
                correlationId, sequenceNumber, arrivalTimeNs, buffer, keyOffset, keyLength, dataLength);
    }

    @Override
    public boolean onRecordChunk(
            final long correlationId,
            final long dataOffset,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        return streamWork.takesRecordChunk(correlationId, dataOffset, buffer, offset, length);
    }

    @Override
    public void onRecordsEnd(
            final long correlationId,
            final long nextShardId,
            final ShardPosition nextKind,
            final long nextPosition,
            final long nextIssuedTimeNs,
            final long behindNs,
            final long recordCount,
            final ResultCode code,
            final List<ChildShard> children) {
        final PullReader reader = streamWork.reader(correlationId);
        if (reader != null) {
            reader.onRecordsEnd(
                    nextShardId, nextKind, nextPosition, nextIssuedTimeNs, behindNs, recordCount, code, children);
        }
    }

    @Override
    public void onPushedRecordsEnd(final long correlationId, final long behindNs) {
        final PushReader reader = streamWork.pushReader(correlationId);
        if (reader != null) {
            reader.onRecordsEnd(behindNs);
        }
    }

    @Override
    public void onShardSubscriptionEnded(
            final long correlationId, final ResultCode code, final List<ChildShard> children) {
        final PushReader reader = streamWork.pushReader(correlationId);
        if (reader != null) {
            reader.onSubscriptionEnded(code, children);
        }
    }

    @Override
    public void onShardAssigned(
            final long groupId,
            final long memberId,
            final long shardId,
            final long sequenceNumber,
            final long leaseEpoch) {
        final GroupMember member = streamWork.member(groupId, memberId);
        if (member != null) {
            member.onShardAssigned(shardId, sequenceNumber, leaseEpoch);
        }
    }

    @Override
    public void onShardRevoked(
            final long groupId,
            final long memberId,
            final long shardId,
            final long leaseEpoch,
            final RevokeReason reason) {
        final GroupMember member = streamWork.member(groupId, memberId);
        if (member != null) {
            member.onShardRevoked(shardId, leaseEpoch, reason);
        }
    }

    @Override
    public void onMembershipEnded(final long groupId, final long memberId, final MembershipEnd reason) {
        final GroupMember member = streamWork.member(groupId, memberId);
        if (member != null) {
            member.onMembershipEnded(reason);
        }
    }

    @Override
    public void onBrowsed(final long correlationId, final BrowsedMessage message) {
        call.takesBrowsed(correlationId, message);
    }

    @Override
    public void onDelivery(final Delivery delivery) {
        if (!delivery.isPushed()) {
            receives.onDelivered(delivery.correlationId());
        } else if (delivery.isSettled()) {
            consumers.onSpent(delivery.correlationId(), delivery.payloadLength());
        }
        messageHandler.onMessage(delivery);
    }

    private void onAnswered(final long fromCorrelationId, final long toCorrelationId) {
        if (producer.isEnabled()) {
            producer.ring().onAnswered(fromCorrelationId, toCorrelationId);
        }
    }
}
