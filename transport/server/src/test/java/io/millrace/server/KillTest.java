package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;
import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import io.millrace.client.QueueInfo;
import java.io.File;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real server process, killed again and again under one client that goes on: it sends what is unanswered again, and
 * remembers in a {@link Ledger}, outside of the server, what it was told. {@code -Dmillrace.kills} says how often.
 */
class KillTest {

    private static final int KILLS = Integer.getInteger("millrace.kills", KillMoment.values().length);
    private static final long SEED = Long.getLong("millrace.seed", System.nanoTime());
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long STOP_NS = TimeUnit.SECONDS.toNanos(2);

    /** Nobody takes them meanwhile, and every snapshot has all of them. */
    private static final int SENDS_BEFORE_SIGTERM = 30_000;

    private static final int SENDS_BETWEEN_KILLS = 1_000;
    private static final int CREDIT = 200;

    /** Messages that rest in the server all the time: snapshots have something to say, and deliveries fill the way out. */
    private static final int BALLAST = 5_000;

    private static final int BALLAST_BYTES = 1_000;
    private static final int BATCH = 50;

    @TempDir
    Path directory;

    private final String aeronDir = CommonContext.getAeronDirectoryName() + "-millrace-kill-" + UUID.randomUUID();
    private final Random random = new Random(SEED);
    private final Ledger ledger = new Ledger();
    private MillraceClient client;
    private long queue;
    private long ballast;
    private boolean isConsuming;
    private int unfinishedSnapshots;

    @AfterEach
    void clean() {
        if (client != null) {
            client.close();
        }
        IoUtil.delete(new File(aeronDir), true);
    }

    @Test
    void shouldKeepItsWordOverEveryKill() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            try (ServerProcess server = start()) {
                if (kill == 0) {
                    connect();
                    consume();
                }
                killAt(KillMoment.of(kill), server);
                unfinishedSnapshots += KillMoment.unfinishedSnapshots(directory);
            }
        }
        try (ServerProcess server = start()) {
            drain();
            assertTrue(server.isAlive());
            assertCounts();
        }
        assertTrue(client.counters().resends() > 0, "nothing was sent again");
        assertTrue(
                KILLS < KillMoment.values().length || ledger.answeredAgain > 0,
                "nothing that was executed was sent again");
        System.out.println(KILLS + " kills, " + unfinishedSnapshots + " of them left an unfinished snapshot; sent "
                + ledger.next + ", confirmed " + ledger.confirmed.cardinality() + ", acknowledged "
                + ledger.acknowledged.cardinality() + "; sent again "
                + client.counters().resends()
                + ", executed before and answered again " + ledger.answeredAgain + ", stale receipts refused "
                + ledger.staleReceipts + "; -Dmillrace.seed=" + SEED);
    }

    @Test
    void shouldStopOnSigtermUnderLoadWithinTwoSecondsAndLoseNothing() throws Exception {
        try (ServerProcess server = start()) {
            connect();
            run("load", () -> ledger.confirmed.cardinality() >= SENDS_BEFORE_SIGTERM);
            final CompletableFuture<Long> stop = CompletableFuture.supplyAsync(server::terminate);
            run("the stop", stop::isDone);
            final long stopNs = stop.join();
            System.out.println("SIGTERM took " + TimeUnit.NANOSECONDS.toMillis(stopNs) + " ms");
            assertTrue(stopNs < STOP_NS, "it took " + TimeUnit.NANOSECONDS.toMillis(stopNs) + " ms");
        }
        try (ServerProcess server = start()) {
            until("a session", client::isConnected);
            consume();
            drain();
            assertTrue(server.isAlive());
            assertCounts();
        }
    }

    private ServerProcess start() throws Exception {
        ledger.onServerStart();
        return ServerProcess.start(directory, aeronDir);
    }

    private void connect() {
        client = MillraceClient.connect(new ClientContext()
                .serverDirectory(directory)
                .closeTimeoutNs(0)
                .errorHandler(error -> {})
                .listener(ledger)
                .messageHandler(ledger));
        queue = client.queues().create("numbers");
        ballast = client.queues().create("ballast");
        ledger.queue(queue);
        fillBallast();
    }

    private void consume() {
        until("the consumer is sent", () -> client.consume(queue, CREDIT, 1 << 20) > 0);
    }

    private void fillBallast() {
        final UnsafeBuffer body = new UnsafeBuffer(new byte[BALLAST_BYTES]);
        final var batch = client.newSendBatch();
        for (int sent = 0; sent < BALLAST; sent += BATCH) {
            batch.begin(ballast);
            for (int i = 0; i < BATCH; i++) {
                assertTrue(batch.add(body, 0, BALLAST_BYTES));
            }
            until("the batch is sent", () -> batch.send() > 0);
        }
    }

    private void killAt(final KillMoment moment, final ServerProcess server) {
        until("a session", client::isConnected);
        if (moment != KillMoment.RECONNECT) {
            stopBallast();
            final int goal = ledger.confirmed.cardinality() + SENDS_BETWEEN_KILLS;
            run("load", () -> ledger.confirmed.cardinality() >= goal);
        }
        if (moment == KillMoment.DEAF) {
            isConsuming = client.consume(ballast, BALLAST, BALLAST * 2 * BALLAST_BYTES) > 0;
            assertTrue(isConsuming);
        }
        final CompletableFuture<Void> killed = CompletableFuture.runAsync(() -> {
            moment.await(directory, random);
            server.kill();
        });
        if (moment == KillMoment.DEAF) {
            // What is pushed fills the way out; the answers to what is sent behind it stay in the server.
            await("the kill", killed::isDone, this::ask);
        } else {
            run("the kill", killed::isDone);
        }
        killed.join();
    }

    private void stopBallast() {
        if (isConsuming) {
            until("the consumer is stopped", () -> client.stopConsuming(ballast) > 0);
            isConsuming = false;
        }
    }

    private void ask() {
        ledger.send(client);
        ledger.acknowledge(client);
    }

    private void hear() {
        client.poll();
        ledger.settle();
    }

    /** Sends, takes and acknowledges. */
    private void run(final String what, final BooleanSupplier isOver) {
        await(what, isOver, () -> {
            ask();
            hear();
        });
    }

    private void until(final String what, final BooleanSupplier isOver) {
        await(what, isOver, this::hear);
    }

    private void await(final String what, final BooleanSupplier isOver, final Runnable step) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (!isOver.getAsBoolean()) {
            step.run();
            assertNull(ledger.fault(), "-Dmillrace.seed=" + SEED);
            assertTrue(
                    System.nanoTime() < deadline,
                    () -> "waited in vain for " + what + "; sent " + ledger.next + ", confirmed "
                            + ledger.confirmed.cardinality() + ", acknowledged " + ledger.acknowledged.cardinality()
                            + ", connected " + client.isConnected() + ", -Dmillrace.seed=" + SEED);
        }
    }

    /** Everything that was ever sent is confirmed in the end, delivered, and its acknowledgement confirmed. */
    private void drain() {
        until("a session", client::isConnected);
        stopBallast();
        await("the end", ledger::isSettled, () -> {
            ledger.acknowledge(client);
            hear();
        });
    }

    private void assertCounts() {
        final QueueInfo numbers = client.queues().describe(queue);
        assertEquals(0, numbers.availableCount() + numbers.inFlightCount(), "messages that nobody knows of");
        final QueueInfo resting = client.queues().describe(ballast);
        assertEquals(BALLAST, resting.availableCount() + resting.inFlightCount());
    }
}
