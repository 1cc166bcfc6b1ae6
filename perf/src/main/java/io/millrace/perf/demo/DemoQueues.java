package io.millrace.perf.demo;

import io.millrace.client.MillraceClient;
import io.millrace.client.PushSettings;
import io.millrace.client.QueueSettings;
import io.millrace.client.Queues;
import io.millrace.client.SubscriptionSettings;
import io.millrace.client.Topics;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.Switch;

/**
 * The queues of one part of the demo. Every process creates them: whoever comes later finds them as they are.
 *
 * @param consumed    queues of the trades; the first of a topic is the audit's, then those of the other shares.
 * @param warmUpQueue queue of messages that warm the processes up and are not looked at.
 * @param deadLetters queue of trades that failed too often, 0 if there is none.
 * @param topic       topic that the trades are published to, 0 if they are sent to the queue.
 */
record DemoQueues(long[] consumed, long warmUpQueue, long deadLetters, long topic) {
    /** The part with a standard queue. */
    static final String TRADES = "trades";

    /** The part with a FIFO queue, a message group for each price band. */
    static final String SETTLEMENT = "settlement";

    /** The part with a topic, to which two queues and a session are subscribed. */
    static final String TOPIC = "topic";

    private static final String TOPIC_NAME = "trades";
    private static final int MAX_RECEIVE_COUNT = 2;

    /**
     * Creates the queues of a part.
     *
     * @param client of the process.
     * @param part   {@link #TRADES}, {@link #SETTLEMENT} or {@link #TOPIC}.
     * @return the queues.
     */
    static DemoQueues create(final MillraceClient client, final String part) {
        final Queues queues = client.queues();
        final String warmUp = part + "-warm-up";
        if (part.equals(TRADES)) {
            return new DemoQueues(new long[] {queues.create(part)}, queues.create(warmUp), 0, 0);
        }
        if (part.equals(TOPIC)) {
            return createTopic(client, queues.create(warmUp));
        }
        final long failed = queues.create(fifo(part + "-failed"));
        final QueueSettings settings = fifo(part).deadLetterQueueId(failed).maxReceiveCount(MAX_RECEIVE_COUNT);
        return new DemoQueues(new long[] {queues.create(settings)}, queues.create(fifo(warmUp)), failed, 0);
    }

    private static DemoQueues createTopic(final MillraceClient client, final long warmUpQueue) {
        final Topics topics = client.topics();
        final long topic = topics.create(TOPIC_NAME);
        final long audit = client.queues().create("audit");
        final long large = client.queues().create("large");
        topics.subscribeQueue(topic, audit, delivery(TopicShare.AUDIT));
        topics.subscribeQueue(topic, large, delivery(TopicShare.LARGE));
        final long band = topics.subscribeSession(
                        topic, PushSettings.named("band").delivery(delivery(TopicShare.BAND)))
                .queueId();
        return new DemoQueues(new long[] {audit, large, band}, warmUpQueue, 0, topic);
    }

    private static SubscriptionSettings delivery(final TopicShare share) {
        return new SubscriptionSettings().rawDelivery(Switch.ON).filterPolicy(share.filterPolicy());
    }

    private static QueueSettings fifo(final String name) {
        return QueueSettings.named(name).queueType(QueueType.FIFO);
    }

    /** {@return queue of the trades that are sent to a queue} */
    long queue() {
        return consumed[0];
    }

    /** {@return whether messages need a group and a deduplication id} */
    boolean isFifo() {
        return deadLetters != 0;
    }
}
