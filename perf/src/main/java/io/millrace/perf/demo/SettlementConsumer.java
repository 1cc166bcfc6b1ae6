package io.millrace.perf.demo;

import io.millrace.client.Delivery;
import io.millrace.client.MillraceClient;
import io.millrace.perf.demo.codecs.TradeDecoder;
import io.millrace.perf.process.ParentLink;
import java.nio.file.Path;

/**
 * The consumer process of the second part: settles trades by writing them down, then acknowledges them. Every hundredth one it
 * cannot settle and asks for a retry at once, until the trade comes back from the dead-letter queue.
 */
final class SettlementConsumer {
    /** Room to show that trades were settled more than once. */
    private static final int RECORDS_PER_TRADE = 2;

    private final ReceivedFile file;
    private long settled;
    private long retried;

    private SettlementConsumer(final ReceivedFile file) {
        this.file = file;
    }

    public static void main(final String[] args) {
        final String aeronDirectory = args[0];
        final int rows = Integer.parseInt(args[1]);
        final ParentLink parent = ParentLink.open();
        try (ReceivedFile file = ReceivedFile.create(Path.of(args[2]), RECORDS_PER_TRADE * rows);
                MillraceClient client = MillraceClient.connect(DemoClient.context(aeronDirectory, "consumer"))) {
            new SettlementConsumer(file).run(client, parent, rows);
        }
        parent.awaitEnd();
    }

    private void run(final MillraceClient client, final ParentLink parent, final int rows) {
        final DemoQueues queues = DemoQueues.create(client, DemoQueues.SETTLEMENT);
        final DeliveryLoop loop = new DeliveryLoop(client, parent, queues, this::take);
        loop.warmUp();
        loop.runUntil(() -> settled >= rows - PriceBand.failing(rows));
        parent.report("settled", settled + " " + retried);
        loop.runUntil(() -> settled >= rows);
        final long endNs = System.nanoTime();
        parent.report("consumed", settled + " " + (loop.answered() - retried) + " " + retried + " " + endNs);
    }

    private void take(final Delivery delivery, final TradeDecoder trade, final long nowNs) {
        final boolean isRedriven = delivery.isMoved() && delivery.deadLetterSourceId() == 0;
        if (PriceBand.isFailing(trade.row()) && !isRedriven) {
            retried++;
            delivery.retry(0);
            return;
        }
        final int band = delivery.buffer().parseNaturalIntAscii(delivery.groupIdOffset(), delivery.groupIdLength());
        file.write(trade, band, delivery.isRedelivered(), isRedriven, nowNs);
        settled++;
        delivery.acknowledge();
    }
}
