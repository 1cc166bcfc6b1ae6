package io.millrace.server;

import io.millrace.client.ClientContext;
import io.millrace.client.Delivery;
import io.millrace.client.MillraceClient;
import io.millrace.client.SendBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/** Clients on one thread that do a bit of everything, by chance, and remember what was delivered to them. */
final class MixedTraffic implements AutoCloseable {

    private static final int CLIENTS = 3;
    private static final int MAX_BODY = 300;
    private static final int LARGE_BODY = 100_000;
    private static final int OFFERS_BETWEEN_POLLS = 8;

    private final Path serverDirectory;
    private final Random random;
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[LARGE_BODY]);
    private final UnsafeBuffer receipt = new UnsafeBuffer(new byte[Delivery.RECEIPT_LENGTH]);
    private final List<MillraceClient> clients = new ArrayList<>();
    private final List<Long> queues = new ArrayList<>();
    private final Map<Long, List<String>> delivered = new TreeMap<>();

    MixedTraffic(final Path serverDirectory, final long seed) {
        this.serverDirectory = serverDirectory;
        random = new Random(seed);
        random.nextBytes(body.byteArray());
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(connect());
        }
        for (int i = 0; i < 4; i++) {
            queues.add(clients.get(0).queues().create("mixed-" + i));
        }
        clients.get(1).consume(queues.get(0), 100, 1 << 20, TimeUnit.MILLISECONDS.toNanos(20));
        clients.get(2).consume(queues.get(0), 10, 1 << 20);
        clients.get(2).consume(queues.get(1), 100, 1 << 20);
    }

    private MillraceClient connect() {
        final MillraceClient client = MillraceClient.connect(new ClientContext().serverDirectory(serverDirectory));
        final List<String> heard = delivered.computeIfAbsent(client.sessionId(), session -> new ArrayList<>());
        client.messageHandler(delivery -> onMessage(delivery, heard));
        return client;
    }

    /** {@return what each session was delivered that came in one frame, in order} */
    Map<Long, List<String>> delivered() {
        return delivered;
    }

    /** Takes so many steps. */
    void run(final int steps) {
        for (int i = 0; i < steps; i++) {
            step(clients.get(random.nextInt(clients.size())), queues.get(random.nextInt(queues.size())));
            if (i % OFFERS_BETWEEN_POLLS == 0) {
                poll();
            }
        }
    }

    void poll() {
        clients.forEach(MillraceClient::poll);
    }

    /** Ends one session and begins another. */
    void reconnect() {
        clients.remove(0).close();
        clients.add(connect());
    }

    private void step(final MillraceClient client, final long queue) {
        final int choice = random.nextInt(100);
        final int length = 1 + random.nextInt(MAX_BODY);
        if (choice < 60) {
            client.send(queue, body, random.nextInt(1_000), length);
        } else if (choice < 70) {
            client.send(queue, body, 0, length, TimeUnit.MICROSECONDS.toNanos(random.nextInt(5_000)));
        } else if (choice < 80) {
            sendBatch(client, queue);
        } else if (choice < 95) {
            client.receive(
                    queue,
                    1 + random.nextInt(10),
                    TimeUnit.MILLISECONDS.toNanos(random.nextInt(3)),
                    TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(30)));
        } else if (choice < 97) {
            client.send(queue, body, 0, LARGE_BODY);
        } else if (choice < 98) {
            client.send(Long.MAX_VALUE, body, 0, length);
        } else {
            recreate(client, queue);
        }
    }

    private void sendBatch(final MillraceClient client, final long queue) {
        final SendBatch batch = client.newSendBatch().begin(queue);
        for (int i = 1 + random.nextInt(16); i > 0; i--) {
            batch.startMessage(SendBatch.QUEUE_DELAY)
                    .putString("kind", "mixed")
                    .putNumber("number", i)
                    .endMessage(body, 0, random.nextInt(MAX_BODY));
        }
        batch.send();
    }

    /** Seldom, as it waits for the answers. */
    private void recreate(final MillraceClient client, final long queue) {
        if (random.nextInt(10) == 0 && queue != queues.get(0)) {
            client.queues().delete(queue);
            queues.set(queues.indexOf(queue), client.queues().create("mixed-again-" + queue));
        }
    }

    private void onMessage(final Delivery delivery, final List<String> heard) {
        if (delivery.length() < LARGE_BODY) {
            final byte[] bytes = new byte[delivery.length()];
            delivery.buffer().getBytes(delivery.offset(), bytes);
            delivery.copyReceiptTo(receipt, 0);
            heard.add(RecordedEgress.words(delivery.messageId(), delivery.receiveCount(), receipt.byteArray(), bytes));
        }
        final int choice = random.nextInt(10);
        if (choice < 6) {
            delivery.acknowledge();
        } else if (choice < 7) {
            delivery.delete();
        } else if (choice < 9) {
            delivery.changeVisibility(TimeUnit.MILLISECONDS.toNanos(random.nextInt(10)));
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(clients);
    }
}
