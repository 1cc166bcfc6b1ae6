package io.millrace.perf.bench;

import io.millrace.client.ClientContext;
import io.millrace.client.Delivery;
import io.millrace.client.MessageHandler;
import io.millrace.client.MillraceClient;
import io.millrace.client.SendBatch;
import io.millrace.perf.client.AnswerCounter;
import io.millrace.perf.rig.DeliveryListener;
import io.millrace.perf.rig.Link;
import io.millrace.perf.rig.RigException;
import java.nio.ByteBuffer;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Millrace behind a link: one queue, and as many sessions as there are producers or consumers, all used by one thread. The
 * first sessions produce, the first ones consume, so with one of each it is the same session.
 */
final class MillraceLink implements Link {
    private static final String QUEUE = "bench";
    private static final int CREDIT_MESSAGES = 1_024;
    private static final int CREDIT_BYTES = 4 * 1024 * 1024;

    /** Where allocation is counted, every eighth message is given back once: a redelivery is steady state too. */
    private static final int REDELIVERED = 8;

    private final Session[] sessions;
    private final int producers;
    private final UnsafeBuffer message;
    private DeliveryListener listener;
    private int nextProducer;

    /**
     * Connects.
     *
     * @param settings       what is measured.
     * @param aeronDirectory directory of the server's media driver.
     */
    MillraceLink(final TrialSettings settings, final String aeronDirectory) {
        producers = settings.producers();
        message = new UnsafeBuffer(ByteBuffer.allocateDirect(settings.size()));
        sessions = new Session[Math.max(producers, settings.consumers())];
        for (int i = 0; i < sessions.length; i++) {
            sessions[i] = new Session(
                    MillraceClient.connect(context(settings, aeronDirectory)),
                    settings.rig().equals(AllocationTrial.RIG),
                    this::onMessage);
        }
        final long queueId = sessions[0].createQueue(QUEUE);
        for (int i = 0; i < sessions.length; i++) {
            sessions[i].use(queueId, i < settings.consumers());
        }
    }

    private static ClientContext context(final TrialSettings settings, final String aeronDirectory) {
        return new ClientContext()
                .aeronDirectoryName(aeronDirectory)
                .ingressChannel(settings.requestChannel())
                .clientName("bench")
                .fragmentLimit(64)
                // The server keeps the last 64 results of a producer, so a window of 256 has to do without.
                .producer(settings.isProtected())
                .errorHandler(Throwable::printStackTrace);
    }

    private void onMessage(final Delivery delivery) {
        listener.onDelivery(delivery.buffer().getLong(delivery.offset()));
        delivery.acknowledge();
    }

    @Override
    public void listener(final DeliveryListener deliveryListener) {
        listener = deliveryListener;
    }

    @Override
    public boolean offer(final int messages, final long stamp) {
        message.putLong(0, stamp);
        final boolean isSent = sessions[nextProducer].send(message, messages);
        if (isSent && ++nextProducer == producers) {
            nextProducer = 0;
        }
        return isSent;
    }

    @Override
    public int poll() {
        int work = 0;
        for (final Session session : sessions) {
            work += session.poll();
        }
        return work;
    }

    @Override
    public long settled() {
        long confirmed = 0;
        long acknowledgementsSent = 0;
        for (final Session session : sessions) {
            confirmed += session.confirmed();
            acknowledgementsSent += session.acknowledgementsSent();
        }
        return Math.min(confirmed, acknowledgementsSent);
    }

    @Override
    public long completed() {
        long confirmed = 0;
        long acknowledged = 0;
        for (final Session session : sessions) {
            confirmed += session.confirmed();
            acknowledged += session.acknowledged();
        }
        return Math.min(confirmed, acknowledged);
    }

    @Override
    public void close() {
        CloseHelper.closeAll(sessions);
    }

    /** One session: what it sent, and what became of it. */
    private static final class Session implements AutoCloseable {
        private final MillraceClient client;
        private final AnswerCounter answers = new AnswerCounter();
        private final SendBatch batch;
        private long queueId;
        private long delivered;

        Session(final MillraceClient client, final boolean givesBack, final MessageHandler handler) {
            this.client = client;
            this.batch = client.newSendBatch();
            client.messageHandler(delivery -> {
                if (!givesBack || !isGivenBack(delivery)) {
                    delivered++;
                    handler.onMessage(delivery);
                }
            });
        }

        private static boolean isGivenBack(final Delivery delivery) {
            return !delivery.isRedelivered()
                    && delivery.sequenceNumber() % REDELIVERED == 0
                    && delivery.changeVisibility(0) > 0;
        }

        long createQueue(final String name) {
            return client.queues().create(name);
        }

        void use(final long queue, final boolean consumes) {
            queueId = queue;
            client.listener(answers);
            if (consumes && client.consume(queueId, CREDIT_MESSAGES, CREDIT_BYTES) < 0) {
                throw new RigException("The server did not take the request to consume.");
            }
        }

        boolean send(final UnsafeBuffer message, final int messages) {
            final long result;
            if (messages == 1) {
                result = client.send(queueId, message, 0, message.capacity());
            } else {
                batch.begin(queueId);
                for (int i = 0; i < messages; i++) {
                    batch.add(message, 0, message.capacity());
                }
                result = batch.send();
            }
            if (result == MillraceClient.CLOSED || result == MillraceClient.TOO_LARGE) {
                throw new RigException("The client refused a message: " + result);
            }
            return result > 0;
        }

        int poll() {
            final long before = delivered;
            final int work = client.poll();
            if (delivered != before && client.ackBatch(queueId).size() == 0) {
                answers.onAcknowledgementSent(client.lastCorrelationId(), delivered);
            }
            if (answers.failure() != null) {
                throw new RigException(answers.failure());
            }
            if (answers.receiptsRefused() > 0 || answers.sessionLost() != null) {
                throw new RigException("A receipt was refused, or the session lost: " + answers.sessionLost());
            }
            return work;
        }

        long confirmed() {
            return answers.confirmed();
        }

        long acknowledgementsSent() {
            return answers.acknowledgementsSent();
        }

        long acknowledged() {
            return answers.acknowledged();
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
