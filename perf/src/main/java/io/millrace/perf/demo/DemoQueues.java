package io.millrace.perf.demo;

import io.millrace.client.MillraceClient;
import io.millrace.client.QueueSettings;
import io.millrace.client.Queues;
import io.millrace.client.SubscriptionSettings;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.Switch;

/**
 * The queues of one part of the demo. Every process creates them: whoever comes later finds them as they are.
 *
 * @param queue       queue of the trades.
 * @param warmUpQueue queue of messages that warm the processes up and are not looked at.
 * @param deadLetters queue of trades that failed too often, 0 if there is none.
 * @param topic       topic that the queue is subscribed to and the trades are published to, 0 if they are sent to the queue.
 */
record DemoQueues(long queue, long warmUpQueue, long deadLetters, long topic) {
    /** The part with a standard queue. */
    static final String TRADES = "trades";

    /** The part with a FIFO queue, a message group for each price band. */
    static final String SETTLEMENT = "settlement";

    /** The part with a topic and a queue that is subscribed to it. */
    static final String AUDIT = "audit";

    private static final String TOPIC = "trades";
    private static final int MAX_RECEIVE_COUNT = 2;

    /**
     * Creates the queues of a part.
     *
     * @param client of the process.
     * @param part   {@link #TRADES}, {@link #SETTLEMENT} or {@link #AUDIT}.
     * @return the queues.
     */
    static DemoQueues create(final MillraceClient client, final String part) {
        final Queues queues = client.queues();
        final String warmUp = part + "-warm-up";
        if (part.equals(TRADES)) {
            return new DemoQueues(queues.create(part), queues.create(warmUp), 0, 0);
        }
        if (part.equals(AUDIT)) {
            final long audit = queues.create(part);
            final long topic = client.topics().create(TOPIC);
            client.topics().subscribeQueue(topic, audit, new SubscriptionSettings().rawDelivery(Switch.ON));
            return new DemoQueues(audit, queues.create(warmUp), 0, topic);
        }
        final long failed = queues.create(fifo(part + "-failed"));
        final QueueSettings settings = fifo(part).deadLetterQueueId(failed).maxReceiveCount(MAX_RECEIVE_COUNT);
        return new DemoQueues(queues.create(settings), queues.create(fifo(warmUp)), failed, 0);
    }

    private static QueueSettings fifo(final String name) {
        return QueueSettings.named(name).queueType(QueueType.FIFO);
    }

    /** {@return whether messages need a group and a deduplication id} */
    boolean isFifo() {
        return deadLetters != 0;
    }
}
