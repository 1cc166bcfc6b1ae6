package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueDescriptionDecoder;
import io.millrace.codecs.QueueListDecoder;
import io.millrace.codecs.ResultCode;

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
    private final BlockingCall call;
    private ClientListener listener;
    private MessageHandler messageHandler;
    private EgressAdapter adapter;
    private long lastRefused;
    private long lastGap;

    AnswerRouter(
            final ClientContext context,
            final ClientSession session,
            final Producer producer,
            final LargeTransfer transfer,
            final ConsumerTable consumers,
            final ReceiveTable receives,
            final BlockingCall call) {
        this.session = session;
        this.producer = producer;
        this.transfer = transfer;
        this.consumers = consumers;
        this.receives = receives;
        this.call = call;
        this.listener = context.listener();
        this.messageHandler = context.messageHandler();
    }

    void adapter(final EgressAdapter newAdapter) {
        adapter = newAdapter;
    }

    void listener(final ClientListener newListener) {
        listener = newListener;
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
        if (call.takesConfirmed(fromCorrelationId, toCorrelationId, firstValue, valuesPerCommand)
                && fromCorrelationId == toCorrelationId) {
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
        final boolean isProtected = producer.isEnabled() && producer.ring().contains(correlationId);
        if (isProtected && (code == ResultCode.SEQUENCE_GAP || correlationId == lastGap && !producer.isOpen())) {
            // A command before it never reached the producer's record, so this one gets a new sequence and goes again.
            // What follows for a large payload under the same id says nothing new.
            lastGap = correlationId;
            transfer.onRefused(correlationId);
            session.requestProducer();
            return;
        }
        lastRefused = correlationId;
        onAnswered(correlationId, correlationId);
        transfer.onRefused(correlationId);
        receives.remove(correlationId);
        consumers.removeFirst(correlationId);
        if (isProtected && code == ResultCode.PRODUCER_UNKNOWN) {
            session.requestProducer();
        }
        if (!call.takesRefused(correlationId, code, limitId, limit, actual)) {
            listener.onRefused(correlationId, entryIndex, code, limitId, limit, actual);
        }
    }

    @Override
    public void onEntryResults(final long correlationId) {
        onAnswered(correlationId, correlationId);
    }

    @Override
    public void onEntryResult(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        listener.onEntryResult(correlationId, entryIndex, code, limitId, limit, actual);
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
        consumers.removeFirst(correlationId);
        listener.onConsumerStopped(correlationId, queueId, code);
    }

    @Override
    public void onQueueDescription(final QueueDescriptionDecoder description) {
        call.takesDescription(description);
    }

    @Override
    public void onQueueList(final QueueListDecoder list) {
        call.takesList(list);
    }

    @Override
    public void onDelivery(final Delivery delivery) {
        if (!delivery.isPushed()) {
            receives.onDelivered(delivery.correlationId());
        }
        messageHandler.onMessage(delivery);
    }

    private void onAnswered(final long fromCorrelationId, final long toCorrelationId) {
        if (producer.isEnabled()) {
            producer.ring().onAnswered(fromCorrelationId, toCorrelationId);
        }
    }
}
