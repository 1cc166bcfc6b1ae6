package io.millrace.perf.demo;

import io.millrace.client.MillraceClient;
import io.millrace.client.PublishBatch;
import io.millrace.client.SendOptions;
import io.millrace.codecs.AttributeType;
import io.millrace.perf.client.AnswerCounter;
import io.millrace.perf.demo.codecs.MessageHeaderEncoder;
import io.millrace.perf.demo.codecs.TradeEncoder;
import io.millrace.perf.process.ParentLink;
import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The publisher process of the demo: one message a trade, as fast as the server confirms them. To a FIFO queue the price band goes
 * along as the group, the row as the deduplication id; to a topic price and amount as attributes.
 */
final class DemoPublisher {
    private final MillraceClient client;
    private final ParentLink parent;
    private final AnswerCounter answers = new AnswerCounter();
    private final IdleStrategy idle = DemoClient.idleStrategy();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TradeEncoder encoder = new TradeEncoder();
    private final int messageLength = MessageHeaderEncoder.ENCODED_LENGTH + TradeEncoder.BLOCK_LENGTH;
    private final UnsafeBuffer message = new UnsafeBuffer(ByteBuffer.allocateDirect(messageLength));

    private final SendOptions options = new SendOptions();
    private final StringBuilder groupId = new StringBuilder();
    private final StringBuilder deduplicationId = new StringBuilder();
    private final UnsafeBuffer number = new UnsafeBuffer(new byte[DecimalText.LONGEST]);
    private final PublishBatch publication;
    private final DemoQueues queues;

    private DemoPublisher(final MillraceClient client, final ParentLink parent, final DemoQueues queues) {
        this.client = client;
        this.parent = parent;
        this.queues = queues;
        publication = client.topicPublisher().newBatch().begin(queues.topic());
        if (queues.isFifo()) {
            options.groupId(groupId).deduplicationId(deduplicationId);
        }
    }

    public static void main(final String[] args) {
        publish(args, TradeFile.read(Integer.parseInt(args[1])));
    }

    /**
     * Publishes.
     *
     * @param args   directory of the media driver, number of trades, part of the demo.
     * @param trades what is published, in this order.
     */
    static void publish(final String[] args, final List<Trade> trades) {
        final String aeronDirectory = args[0];
        final ParentLink parent = ParentLink.open();
        try (MillraceClient client = MillraceClient.connect(DemoClient.context(aeronDirectory, "publisher"))) {
            new DemoPublisher(client, parent, DemoQueues.create(client, args[2])).run(trades);
        }
        parent.awaitEnd();
    }

    private void run(final List<Trade> trades) {
        client.listener(answers);
        parent.report("connected", client.sessionId());
        if (parent.awaitCommand() == null) {
            return;
        }
        warmUp(trades);
        parent.report("warm", DemoClient.WARM_UP_MESSAGES);
        if (parent.awaitCommand() == null) {
            return;
        }
        final long alreadyConfirmed = answers.confirmed();
        final long startNs = System.nanoTime();
        int sent = 0;
        while (sent < trades.size() && parent.isOpen()) {
            send(queues.queue(), trades.get(sent), trades.get(sent).row());
            sent++;
        }
        awaitConfirmed(alreadyConfirmed + sent);
        parent.report("published", sent + " " + (answers.confirmed() - alreadyConfirmed) + " " + startNs);
    }

    private void warmUp(final List<Trade> trades) {
        for (int i = 1; i <= DemoClient.WARM_UP_MESSAGES && parent.isOpen(); i++) {
            send(queues.warmUpQueue(), trades.get(i % trades.size()), i);
        }
        awaitConfirmed(DemoClient.WARM_UP_MESSAGES);
    }

    private void send(final long queue, final Trade trade, final int row) {
        encoder.wrapAndApplyHeader(message, 0, header)
                .timestamp(trade.timestamp())
                .priceCents(trade.priceCents())
                .amount(trade.amount())
                .sentNs(System.nanoTime())
                .row(row)
                .reserved(0);
        groupId.setLength(0);
        groupId.append(PriceBand.of(trade));
        deduplicationId.setLength(0);
        deduplicationId.append(row);
        final boolean isPublished = queue == queues.queue() && queues.topic() != 0;
        if (isPublished) {
            publication.startMessage();
            putNumber("price", trade.priceCents(), Trade.PRICE_DIGITS);
            putNumber("amount", trade.amount(), Trade.AMOUNT_DIGITS);
            publication.endMessage(message, 0, messageLength);
        }
        while (offer(isPublished, queue) < 0) {
            requireServer();
            idle.idle(client.poll());
        }
        client.poll();
    }

    private void putNumber(final String name, final long value, final int digits) {
        final int length = DecimalText.put(number, value, digits);
        publication.putAttribute(AttributeType.NUMBER, name, "", number, 0, length);
    }

    private long offer(final boolean isPublished, final long queue) {
        return isPublished ? publication.send() : client.send(queue, message, 0, messageLength, options);
    }

    private void awaitConfirmed(final long messages) {
        while (answers.confirmed() < messages && parent.isOpen()) {
            requireServer();
            idle.idle(client.poll());
        }
    }

    private void requireServer() {
        if (answers.failure() != null || client.isClosed()) {
            throw new IllegalStateException("The server refused a trade: " + answers.failure());
        }
    }
}
