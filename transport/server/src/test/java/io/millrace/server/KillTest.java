package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;
import io.millrace.client.ClientContext;
import io.millrace.client.ClientListener;
import io.millrace.client.MessageHandler;
import io.millrace.client.MillraceClient;
import io.millrace.client.QueueInfo;
import java.io.File;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.IoUtil;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real server process, killed under load; what it confirmed is remembered here, outside of it. */
class KillTest {

    private static final int KILLS = Integer.getInteger("millrace.kills", 5);
    private static final long SEED = Long.getLong("millrace.seed", System.nanoTime());
    private static final int MIN_LOAD_MS = 50;
    private static final int MAX_LOAD_MS = 500;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    Path directory;

    private static final long STOP_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int SENDS_BEFORE_SIGTERM = 100_000;
    private static final int BODY_BYTES = 200;
    private static final int WINDOW = 48;
    private static final String QUEUE = "numbers";

    private final String aeronDir = CommonContext.getAeronDirectoryName() + "-millrace-kill-" + UUID.randomUUID();
    private final BitSet confirmed = new BitSet();
    private int next;

    @AfterEach
    void clean() {
        IoUtil.delete(new File(aeronDir), true);
    }

    @Test
    void shouldKeepEveryConfirmedSendOnceAndInOrder() throws Exception {
        final Random random = new Random(SEED);
        for (int kill = 0; kill < KILLS; kill++) {
            try (ServerProcess server = ServerProcess.start(directory, aeronDir)) {
                load(server, TimeUnit.MILLISECONDS.toNanos(MIN_LOAD_MS + random.nextInt(MAX_LOAD_MS)));
            }
        }
        try (ServerProcess server = ServerProcess.start(directory, aeronDir)) {
            check(server);
        }
        assertTrue(confirmed.cardinality() > KILLS, "-Dmillrace.seed=" + SEED);
    }

    @Test
    void shouldStopOnSigtermWithinTwoSecondsAndLoseNothing() throws Exception {
        try (ServerProcess server = ServerProcess.start(directory, aeronDir)) {
            final Sends sends = new Sends();
            try (MillraceClient client = connect(sends, delivery -> {})) {
                sends.start(client);
                sends.runUntil(() -> confirmed.cardinality() >= SENDS_BEFORE_SIGTERM);
            }
            final long stopNs = server.terminate();
            assertTrue(stopNs < STOP_NS, "it took " + TimeUnit.NANOSECONDS.toMillis(stopNs) + " ms");
        }
        try (ServerProcess server = ServerProcess.start(directory, aeronDir)) {
            check(server);
        }
    }

    private void load(final ServerProcess server, final long durationNs) throws Exception {
        final Sends sends = new Sends();
        try (MillraceClient client = connect(sends, delivery -> {})) {
            sends.start(client);
            final CompletableFuture<Void> killer = CompletableFuture.runAsync(
                    server::kill, CompletableFuture.delayedExecutor(durationNs, TimeUnit.NANOSECONDS));
            sends.runUntil(killer::isDone);
            // What the server said before it died counts, read or not.
            final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
            while (System.nanoTime() < end) {
                client.poll();
            }
        }
    }

    private void check(final ServerProcess server) {
        final BitSet delivered = new BitSet();
        final int[] last = {-1};
        final MessageHandler handler = delivery -> {
            final int number = delivery.buffer().getInt(delivery.offset());
            if (number <= last[0]) {
                last[0] = Integer.MAX_VALUE;
            } else {
                last[0] = number;
            }
            delivered.set(number);
            delivery.acknowledge();
        };
        try (MillraceClient client = connect(new Sends(), handler)) {
            final long queue = client.queues().lookUp(QUEUE).queueId();
            client.consume(queue, 1_000, 1 << 20);
            final long deadline = System.nanoTime() + DEADLINE_NS;
            while (delivered.cardinality() < confirmed.cardinality() || isWaiting(client, queue)) {
                client.poll();
                assertTrue(
                        System.nanoTime() < deadline,
                        () -> "delivered " + delivered.cardinality() + ", confirmed " + confirmed.cardinality()
                                + " -Dmillrace.seed=" + SEED);
            }
        }
        assertTrue(server.isAlive());
        final BitSet lost = (BitSet) confirmed.clone();
        lost.andNot(delivered);
        assertEquals(new BitSet(), lost, "confirmed and lost; -Dmillrace.seed=" + SEED);
        assertTrue(last[0] != Integer.MAX_VALUE, "twice or out of order; -Dmillrace.seed=" + SEED);
    }

    private static boolean isWaiting(final MillraceClient client, final long queue) {
        client.poll();
        final QueueInfo info = client.queues().describe(queue);
        return info.availableCount() + info.inFlightCount() > 0;
    }

    private MillraceClient connect(final ClientListener listener, final MessageHandler handler) {
        return MillraceClient.connect(new ClientContext()
                .serverDirectory(directory)
                .closeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(100))
                .errorHandler(error -> {})
                .listener(listener)
                .messageHandler(handler));
    }

    /** Sends numbers as fast as a window allows and notes which of them were confirmed. */
    private final class Sends implements ClientListener {

        private final Long2LongHashMap numberById = new Long2LongHashMap(-1);
        private final UnsafeBuffer body = new UnsafeBuffer(new byte[BODY_BYTES]);
        private MillraceClient client;
        private long queue;

        void start(final MillraceClient connected) {
            client = connected;
            queue = client.queues().create(QUEUE);
        }

        void runUntil(final BooleanSupplier isOver) {
            final long deadline = System.nanoTime() + DEADLINE_NS;
            while (!isOver.getAsBoolean()) {
                if (numberById.size() < WINDOW) {
                    body.putInt(0, next);
                    final long id = client.send(queue, body, 0, BODY_BYTES);
                    if (id > 0) {
                        numberById.put(id, next++);
                    }
                }
                client.poll();
                assertTrue(System.nanoTime() < deadline, () -> "confirmed " + confirmed.cardinality());
            }
        }

        @Override
        public void onConfirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
            for (long id = from; id <= to; id++) {
                final long number = numberById.remove(id);
                if (number >= 0) {
                    confirmed.set((int) number);
                }
            }
        }
    }
}
