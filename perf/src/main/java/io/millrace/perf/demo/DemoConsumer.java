package io.millrace.perf.demo;

import io.millrace.client.Delivery;
import io.millrace.client.MillraceClient;
import io.millrace.perf.client.AnswerCounter;
import io.millrace.perf.demo.codecs.MessageHeaderDecoder;
import io.millrace.perf.demo.codecs.TradeDecoder;
import io.millrace.perf.process.ParentLink;
import java.nio.file.Path;
import org.agrona.concurrent.IdleStrategy;

/** The consumer process of the demo: writes every delivery down, then acknowledges it. */
final class DemoConsumer {
    private static final int CREDIT_MESSAGES = 1_024;
    private static final int CREDIT_BYTES = 1024 * 1024;
    private static final int PROGRESS_INTERVAL = 2_000;

    /** Room for redeliveries. */
    private static final int DELIVERIES_PER_TRADE = 2;

    private final MillraceClient client;
    private final ParentLink parent;
    private final ReceivedFile file;
    private final AnswerCounter answers = new AnswerCounter();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final TradeDecoder decoder = new TradeDecoder();
    private Throwable error;
    private long queue;
    private boolean isWarm;
    private long delivered;
    private long warmUpDeliveries;
    private long redelivered;

    private DemoConsumer(final MillraceClient client, final ParentLink parent, final ReceivedFile file) {
        this.client = client;
        this.parent = parent;
        this.file = file;
    }

    public static void main(final String[] args) {
        final String aeronDirectory = args[0];
        final int rows = Integer.parseInt(args[1]);
        final ParentLink parent = ParentLink.open();
        try (ReceivedFile file = ReceivedFile.create(Path.of(args[2]), DELIVERIES_PER_TRADE * rows);
                MillraceClient client = MillraceClient.connect(DemoClient.context(aeronDirectory, "consumer"))) {
            new DemoConsumer(client, parent, file).run(rows);
        }
        parent.awaitEnd();
    }

    private void run(final int rows) {
        client.messageHandler(this::onDelivery);
        final long warmUpQueue = client.queues().create(DemoClient.WARM_UP_QUEUE);
        queue = client.queues().create(DemoClient.QUEUE);
        client.listener(answers);
        consume(warmUpQueue);
        consume(queue);
        parent.report("consuming", client.sessionId());
        awaitWarmth();
        parent.report("warm", warmUpDeliveries);
        receive(rows);
        final long endNs = System.nanoTime();
        final long received = delivered - warmUpDeliveries;
        final long acknowledged = answers.acknowledged() - warmUpDeliveries - answers.receiptsRefused();
        parent.report("consumed", received + " " + acknowledged + " " + redelivered + " " + endNs);
    }

    private void consume(final long queueId) {
        if (client.consume(queueId, CREDIT_MESSAGES, CREDIT_BYTES) < 0) {
            throw new IllegalStateException("The server did not take the request to consume.");
        }
    }

    private void awaitWarmth() {
        final IdleStrategy idle = DemoClient.idleStrategy();
        while (parent.isOpen() && !(isWarm && answers.acknowledged() == delivered)) {
            idle.idle(poll());
        }
        warmUpDeliveries = delivered;
    }

    /** Goes on until every row was delivered once and every delivery is acknowledged. */
    private void receive(final int rows) {
        final IdleStrategy idle = DemoClient.idleStrategy();
        long nextProgress = PROGRESS_INTERVAL;
        while (parent.isOpen()
                && (delivered - warmUpDeliveries - redelivered < rows || answers.acknowledged() < delivered)) {
            idle.idle(poll());
            if (delivered - warmUpDeliveries >= nextProgress) {
                parent.report("progress", delivered - warmUpDeliveries);
                nextProgress = delivered - warmUpDeliveries + PROGRESS_INTERVAL;
            }
        }
    }

    private int poll() {
        final long before = delivered;
        final int work = client.poll();
        if (delivered != before && client.ackBatch(queue).size() == 0) {
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
        if (delivery.queueId() == queue) {
            write(delivery.isRedelivered(), nowNs);
        } else {
            isWarm |= decoder.row() == DemoClient.LAST_OF_WARM_UP;
        }
        delivered++;
        delivery.acknowledge();
    }

    private void write(final boolean isRedelivered, final long nowNs) {
        final long timestamp = decoder.timestamp();
        final long priceCents = decoder.priceCents();
        final long amount = decoder.amount();
        file.write(decoder.row(), timestamp, priceCents, amount, isRedelivered, decoder.sentNs(), nowNs);
        if (isRedelivered) {
            redelivered++;
        }
    }
}
