package io.millrace.perf.demo;

import io.millrace.client.Delivery;
import io.millrace.client.MillraceClient;
import io.millrace.perf.demo.codecs.TradeDecoder;
import io.millrace.perf.process.ParentLink;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The consumer process of the part with a topic: one session that consumes two queues and has a subscription pushed. Writes every delivery
 * down in the file of its share, then acknowledges it.
 */
final class TopicConsumer {
    private final Intake[] intakes;
    private long redelivered;

    /** What comes from one queue or subscription. */
    private static final class Intake implements AutoCloseable {
        /** Room for redeliveries and for what should not have come. */
        private static final int DELIVERIES_PER_TRADE = 2;

        private final ReceivedFile file;
        private final int due;
        private long queueId;
        private int received;

        Intake(final Path directory, final TopicShare share, final List<Trade> trades) {
            file = ReceivedFile.create(directory.resolve(share.fileName()), DELIVERIES_PER_TRADE * trades.size());
            due = share.countOf(trades);
        }

        boolean isComplete() {
            return received >= due;
        }

        @Override
        public void close() {
            file.close();
        }
    }

    private TopicConsumer(final Intake[] intakes) {
        this.intakes = intakes;
    }

    public static void main(final String[] args) {
        final String aeronDirectory = args[0];
        final List<Trade> trades = TradeFile.read(Integer.parseInt(args[1]));
        final Path directory = Path.of(args[2]);
        final ParentLink parent = ParentLink.open();
        try (Intake audit = new Intake(directory, TopicShare.AUDIT, trades);
                Intake large = new Intake(directory, TopicShare.LARGE, trades);
                Intake band = new Intake(directory, TopicShare.BAND, trades);
                MillraceClient client = MillraceClient.connect(DemoClient.context(aeronDirectory, "consumer"))) {
            new TopicConsumer(new Intake[] {audit, large, band}).run(client, parent);
        }
        parent.awaitEnd();
    }

    private void run(final MillraceClient client, final ParentLink parent) {
        final DemoQueues queues = DemoQueues.create(client, DemoQueues.TOPIC);
        for (int i = 0; i < intakes.length; i++) {
            intakes[i].queueId = queues.consumed()[i];
        }
        final DeliveryLoop loop = new DeliveryLoop(client, parent, queues, this::take);
        loop.warmUp();
        loop.runUntil(() -> Arrays.stream(intakes).allMatch(Intake::isComplete));
        final long endNs = System.nanoTime();
        parent.report("consumed", loop.delivered() + " " + loop.answered() + " " + redelivered + " " + endNs);
    }

    private void take(final Delivery delivery, final TradeDecoder trade, final long nowNs) {
        final Intake intake = intakeOf(delivery.queueId());
        intake.file.write(trade, 0, delivery.isRedelivered(), delivery.isMoved(), nowNs);
        if (delivery.isRedelivered()) {
            redelivered++;
        } else {
            intake.received++;
        }
        delivery.acknowledge();
    }

    private Intake intakeOf(final long queueId) {
        for (final Intake intake : intakes) {
            if (intake.queueId == queueId) {
                return intake;
            }
        }
        throw new IllegalStateException("A trade came from the queue " + queueId + ", which nobody consumes.");
    }
}
