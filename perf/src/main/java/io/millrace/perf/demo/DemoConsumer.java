package io.millrace.perf.demo;

import io.millrace.client.Delivery;
import io.millrace.client.MillraceClient;
import io.millrace.perf.demo.codecs.TradeDecoder;
import io.millrace.perf.process.ParentLink;
import java.nio.file.Path;

/** The consumer process of the first part: writes every delivery down, then acknowledges it. */
final class DemoConsumer {
    /** Room for redeliveries. */
    private static final int DELIVERIES_PER_TRADE = 2;

    private final ReceivedFile file;
    private long redelivered;

    private DemoConsumer(final ReceivedFile file) {
        this.file = file;
    }

    public static void main(final String[] args) {
        final String aeronDirectory = args[0];
        final int rows = Integer.parseInt(args[1]);
        final ParentLink parent = ParentLink.open();
        try (ReceivedFile file = ReceivedFile.create(Path.of(args[2]), DELIVERIES_PER_TRADE * rows);
                MillraceClient client = MillraceClient.connect(DemoClient.context(aeronDirectory, "consumer"))) {
            new DemoConsumer(file).run(client, parent, rows);
        }
        parent.awaitEnd();
    }

    private void run(final MillraceClient client, final ParentLink parent, final int rows) {
        final DemoQueues queues = DemoQueues.create(client, DemoQueues.TRADES);
        final DeliveryLoop loop = new DeliveryLoop(client, parent, queues, this::take);
        loop.warmUp();
        loop.runUntil(() -> loop.delivered() - redelivered >= rows);
        final long endNs = System.nanoTime();
        parent.report("consumed", loop.delivered() + " " + loop.answered() + " " + redelivered + " " + endNs);
    }

    private void take(final Delivery delivery, final TradeDecoder trade, final long nowNs) {
        file.write(trade, 0, delivery.isRedelivered(), delivery.isMoved(), nowNs);
        if (delivery.isRedelivered()) {
            redelivered++;
        }
        delivery.acknowledge();
    }
}
