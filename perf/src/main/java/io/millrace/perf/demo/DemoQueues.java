package io.millrace.perf.demo;

import io.millrace.client.MillraceClient;
import io.millrace.client.QueueSettings;
import io.millrace.client.Queues;
import io.millrace.codecs.QueueType;

/**
 * The queues of one part of the demo. Every process creates them: whoever comes later finds them as they are.
 *
 * @param queue       queue of the trades.
 * @param warmUpQueue queue of messages that warm the processes up and are not looked at.
 * @param deadLetters queue of trades that failed too often, 0 if there is none.
 */
record DemoQueues(long queue, long warmUpQueue, long deadLetters) {
    /** The part with a standard queue. */
    static final String TRADES = "trades";

    /** The part with a FIFO queue, a message group for each price band. */
    static final String SETTLEMENT = "settlement";

    private static final int MAX_RECEIVE_COUNT = 2;

    /**
     * Creates the queues of a part.
     *
     * @param client of the process.
     * @param part   {@link #TRADES} or {@link #SETTLEMENT}.
     * @return the queues.
     */
    static DemoQueues create(final MillraceClient client, final String part) {
        final Queues queues = client.queues();
        final String warmUp = part + "-warm-up";
        if (part.equals(TRADES)) {
            return new DemoQueues(queues.create(part), queues.create(warmUp), 0);
        }
        final long failed = queues.create(fifo(part + "-failed"));
        final QueueSettings settings = fifo(part).deadLetterQueueId(failed).maxReceiveCount(MAX_RECEIVE_COUNT);
        return new DemoQueues(queues.create(settings), queues.create(fifo(warmUp)), failed);
    }

    private static QueueSettings fifo(final String name) {
        return QueueSettings.named(name).queueType(QueueType.FIFO);
    }

    /** {@return whether messages need a group and a deduplication id} */
    boolean isFifo() {
        return deadLetters != 0;
    }
}
