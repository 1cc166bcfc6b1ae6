package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;
import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.IoUtil;

/** A client that publishes numbers to a topic over every end of its server, a process, and the ledger of what it was told. */
final class PublishRig implements AutoCloseable {

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);

    final PublishLedger ledger;
    final long seed;
    private final Path directory;
    private final String aeronDir = CommonContext.getAeronDirectoryName() + "-millrace-kill-" + UUID.randomUUID();
    MillraceClient client;

    /** What it publishes to. */
    long topic;

    /**
     * A rig whose client is not connected yet.
     *
     * @param seed to be told when something goes wrong.
     */
    PublishRig(final Path directory, final PublishLedger ledger, final long seed) {
        this.directory = directory;
        this.ledger = ledger;
        this.seed = seed;
    }

    ServerProcess start() throws IOException {
        return ServerProcess.start(directory, aeronDir);
    }

    void connect() {
        client = MillraceClient.connect(new ClientContext()
                .serverDirectory(directory)
                .closeTimeoutNs(0)
                .errorHandler(error -> {})
                .listener(ledger)
                .messageHandler(ledger));
    }

    void consume(final long queue, final int credit) {
        until("the consumer is sent", () -> client.consume(queue, credit, 1 << 20) > 0);
    }

    /** Publishes, takes and acknowledges. */
    void run(final String what, final BooleanSupplier isOver) {
        await(what, isOver, () -> {
            ledger.publish(client, topic);
            acknowledge();
        });
    }

    /** Takes and acknowledges until everything published has come everywhere. */
    void settle() {
        await("the end", ledger::isSettled, this::acknowledge);
    }

    private void acknowledge() {
        ledger.acknowledge(client);
        hear();
    }

    private void hear() {
        client.poll();
        ledger.settle();
    }

    void until(final String what, final BooleanSupplier isOver) {
        await(what, isOver, this::hear);
    }

    private void await(final String what, final BooleanSupplier isOver, final Runnable step) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (!isOver.getAsBoolean()) {
            step.run();
            assertNull(ledger.fault(), "-Dmillrace.seed=" + seed);
            assertTrue(
                    System.nanoTime() < deadline,
                    () -> "waited in vain for " + what + "; published " + ledger.next + ", confirmed "
                            + ledger.confirmed.cardinality() + ", acknowledged " + ledger.acknowledged()
                            + ", connected " + client.isConnected() + ", -Dmillrace.seed=" + seed);
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        IoUtil.delete(new File(aeronDir), true);
    }
}
