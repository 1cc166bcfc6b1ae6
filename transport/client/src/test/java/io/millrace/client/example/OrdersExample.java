package io.millrace.client.example;

import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The example of the package description and the README, word for word.
 */
public final class OrdersExample {
    private OrdersExample() {}

    /**
     * Sends a thousand orders to a queue, takes them from it and acknowledges them, all on one thread.
     *
     * @param serverDirectory where the server keeps its data
     * @return orders received
     */
    public static int run(final Path serverDirectory) {
        // example
        final int orders = 1_000;
        final UnsafeBuffer order = new UnsafeBuffer(new byte[16]);
        final int[] received = {0};

        try (MillraceClient client = MillraceClient.connect(new ClientContext().serverDirectory(serverDirectory))) {
            final long queueId = client.queues().create("orders");

            client.messageHandler(delivery -> {
                received[0] = Math.max(received[0], delivery.buffer().getInt(delivery.offset()));
                delivery.acknowledge();
            });
            client.consume(queueId, 256, 1024 * 1024);

            for (int sent = 0; received[0] < orders; ) {
                order.putInt(0, sent + 1);
                if (sent < orders && client.send(queueId, order, 0, order.capacity()) > 0) {
                    sent++;
                }
                client.poll();
            }
        }
        // end
        return received[0];
    }
}
