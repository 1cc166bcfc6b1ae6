package io.millrace.perf.demo;

import io.millrace.client.Delivery;
import io.millrace.client.MillraceClient;
import io.millrace.perf.client.AnswerCounter;
import io.millrace.perf.demo.codecs.MessageHeaderDecoder;
import io.millrace.perf.demo.codecs.TradeDecoder;
import io.millrace.perf.process.ParentLink;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;

/** What the consumers of the demo have in common: warm up, take deliveries, know which of them are answered. */
final class DeliveryLoop {
    private static final int CREDIT_MESSAGES = 4_096;
    private static final int CREDIT_BYTES = 1024 * 1024;
    private static final int PROGRESS_INTERVAL = 2_000;

    private final MillraceClient client;
    private final ParentLink parent;
    private final DemoQueues queues;
    private final Taker taker;
    private final AnswerCounter answers = new AnswerCounter();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final TradeDecoder decoder = new TradeDecoder();
    private final IdleStrategy idle = DemoClient.idleStrategy();
    private Throwable error;
    private long delivered;
    private long warmUpDeliveries;
    private long nextProgress = PROGRESS_INTERVAL;

    /** Takes one trade after the warm-up; it has to end the delivery. */
    interface Taker {
        void take(Delivery delivery, TradeDecoder trade, long nowNs);
    }

    DeliveryLoop(final MillraceClient client, final ParentLink parent, final DemoQueues queues, final Taker taker) {
        this.client = client;
        this.parent = parent;
        this.queues = queues;
        this.taker = taker;
    }

    /** Begins to consume and goes on until the messages of the warm-up are acknowledged. */
    void warmUp() {
        client.messageHandler(this::onDelivery);
        client.listener(answers);
        consume(queues.warmUpQueue());
        for (final long queueId : queues.consumed()) {
            consume(queueId);
        }
        parent.report("consuming", client.sessionId());
        while (parent.isOpen()
                && (warmUpDeliveries < DemoClient.WARM_UP_MESSAGES || answers.acknowledged() < delivered)) {
            idle.idle(poll());
        }
        parent.report("warm", warmUpDeliveries);
    }

    private void consume(final long queueId) {
        if (client.consume(queueId, CREDIT_MESSAGES, CREDIT_BYTES) < 0) {
            throw new IllegalStateException("The server did not take the request to consume.");
        }
    }

    /** Goes on until there is no more to come and every delivery is answered. */
    void runUntil(final BooleanSupplier isDone) {
        while (parent.isOpen() && !(isDone.getAsBoolean() && answers.acknowledged() >= delivered)) {
            idle.idle(poll());
            if (delivered() >= nextProgress) {
                parent.report("progress", delivered());
                nextProgress = delivered() + PROGRESS_INTERVAL;
            }
        }
    }

    /** {@return trades delivered} */
    long delivered() {
        return delivered - warmUpDeliveries;
    }

    /** {@return deliveries of trades whose end the server took} */
    long answered() {
        return answers.acknowledged() - warmUpDeliveries - answers.receiptsRefused();
    }

    private int poll() {
        final int work = client.poll();
        if (answers.acknowledgementsSent() < delivered && isAllSent()) {
            answers.onAcknowledgementSent(client.lastCorrelationId(), delivered);
        }
        if (error != null) {
            throw new IllegalStateException("A trade could not be taken.", error);
        }
        if (answers.failure() != null || client.isClosed()) {
            throw new IllegalStateException("The server refused an acknowledgement: " + answers.failure());
        }
        return work;
    }

    private boolean isAllSent() {
        for (final long queueId : queues.consumed()) {
            if (client.ackBatch(queueId).size() > 0
                    || client.settleBatch(queueId).size() > 0) {
                return false;
            }
        }
        return client.ackBatch(queues.warmUpQueue()).size() == 0;
    }

    /** The client library goes on after an exception of a handler; this demo must not. */
    private void onDelivery(final Delivery delivery) {
        try {
            onMessage(delivery);
        } catch (final RuntimeException e) {
            error = e;
        }
    }

    private void onMessage(final Delivery delivery) {
        final long nowNs = System.nanoTime();
        decoder.wrapAndApplyHeader(delivery.buffer(), delivery.offset(), header);
        delivered++;
        if (delivery.queueId() == queues.warmUpQueue()) {
            warmUpDeliveries++;
            delivery.acknowledge();
        } else {
            taker.take(delivery, decoder, nowNs);
        }
    }
}
