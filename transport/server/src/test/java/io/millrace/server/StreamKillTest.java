package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;
import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import io.millrace.client.ShardInfo;
import io.millrace.client.StreamProducer;
import io.millrace.store.reader.ShardReader;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real server process, killed again and again under one producer, while a reader of its files goes on in this process and a second
 * one starts from the beginning at the end. {@code -Dmillrace.kills} says how often.
 */
class StreamKillTest {

    private static final List<KillMoment> MOMENTS =
            List.of(KillMoment.LOAD, KillMoment.SNAPSHOT, KillMoment.ROLL, KillMoment.RECONNECT);

    private static final int KILLS = Integer.getInteger("millrace.kills", 5);
    private static final long SEED = Long.getLong("millrace.seed", System.nanoTime());
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int PUT_BETWEEN_KILLS = 2_000;
    private static final int SHARDS = 4;

    @TempDir
    Path directory;

    private final String aeronDir = CommonContext.getAeronDirectoryName() + "-millrace-stream-" + UUID.randomUUID();
    private final Random random = new Random(SEED);
    private final StreamLedger ledger = new StreamLedger();
    private final List<ShardReader> readers = new ArrayList<>();
    private final List<Long> shards = new ArrayList<>();
    private MillraceClient client;
    private StreamProducer producer;
    private long stream;

    @AfterEach
    void clean() {
        CloseHelper.closeAll(readers);
        if (client != null) {
            client.close();
        }
        IoUtil.delete(new File(aeronDir), true);
    }

    @Test
    void shouldLoseNoRecordThatWasConfirmedOverEveryKill() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            try (ServerProcess server = ServerProcess.start(directory, aeronDir)) {
                if (kill == 0) {
                    connect();
                }
                killAt(MOMENTS.get(kill % MOMENTS.size()), server);
            }
        }
        try (ServerProcess server = ServerProcess.start(directory, aeronDir)) {
            await("the end", ledger::isSettled, this::hear);
            assertTrue(server.isAlive());
            assertEquals(ledger.next - 1, client.streams().describe(stream).recordCount());
        }
        assertEquals(ledger.next - 1, countFromTheBeginning());
        assertTrue(client.counters().resends() > 0, "nothing was sent again");
        System.out.println(KILLS + " kills; put and confirmed " + ledger.confirmed.cardinality() + ", read "
                + ledger.read.cardinality() + ", sent again "
                + client.counters().resends() + "; -Dmillrace.seed=" + SEED);
    }

    private void connect() {
        client = MillraceClient.connect(
                new ClientContext().serverDirectory(directory).closeTimeoutNs(0).errorHandler(error -> {}));
        stream = client.streams().create("numbers", SHARDS);
        client.streams().awaitActive(stream);
        producer = client.streams().producer(stream, ledger);
        for (final ShardInfo shard : client.streams().shards(stream)) {
            readers.add(ShardReader.open(directory, stream, shard.shardId()));
            shards.add(shard.shardId());
        }
    }

    private long countFromTheBeginning() {
        final StreamLedger again = new StreamLedger();
        for (final long shard : shards) {
            try (ShardReader reader = ShardReader.open(directory, stream, shard)) {
                read(reader, shard, again);
            }
        }
        assertNull(again.fault());
        return again.read.cardinality();
    }

    private void killAt(final KillMoment moment, final ServerProcess server) {
        if (moment != KillMoment.RECONNECT) {
            final int goal = ledger.confirmed.cardinality() + PUT_BETWEEN_KILLS;
            run("load", () -> ledger.confirmed.cardinality() >= goal);
        }
        final CompletableFuture<Void> killed = CompletableFuture.runAsync(() -> {
            moment.await(directory, random);
            server.kill();
        });
        run("the kill", killed::isDone);
        killed.join();
    }

    /** Puts and reads. */
    private void run(final String what, final BooleanSupplier isOver) {
        await(what, isOver, () -> {
            ledger.put(producer);
            hear();
        });
    }

    private void hear() {
        client.poll();
        for (int i = 0; i < readers.size(); i++) {
            read(readers.get(i), shards.get(i), ledger);
        }
    }

    private static void read(final ShardReader reader, final long shard, final StreamLedger target) {
        reader.poll(
                (sequence, timeNs, position, buffer, keyOffset, keyLength, dataOffset, dataLength) ->
                        target.onRead(shard, sequence, buffer, keyOffset, keyLength, dataOffset),
                Integer.MAX_VALUE);
    }

    private void await(final String what, final BooleanSupplier isOver, final Runnable step) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (!isOver.getAsBoolean()) {
            step.run();
            assertNull(ledger.fault(), "-Dmillrace.seed=" + SEED);
            assertTrue(
                    System.nanoTime() < deadline,
                    () -> "waited in vain for " + what + "; put " + (ledger.next - 1) + ", confirmed "
                            + ledger.confirmed.cardinality() + ", read " + ledger.read.cardinality() + ", connected "
                            + client.isConnected() + ", -Dmillrace.seed=" + SEED);
        }
    }
}
