package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client library over UDP: on the server's driver, and on one of its own as from another machine. */
class UdpClientTest {

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int SMALL = 200;
    private static final int LARGE_BYTES = 500_000;

    @TempDir
    Path directory;

    private final String aeronDir = CommonContext.getAeronDirectoryName() + "-millrace-udp-" + UUID.randomUUID();
    private final List<byte[]> received = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private MillraceServer server;

    @BeforeEach
    void start() {
        server = MillraceServer.launch(new ServerContext()
                .directory(directory)
                .aeronDirectoryName(aeronDir)
                .channels(List.of("aeron:ipc", "aeron:udp?endpoint=127.0.0.1:0"))
                .driverMode(DriverMode.INVOKER));
    }

    @AfterEach
    void stop() {
        server.close();
        IoUtil.delete(new File(aeronDir), true);
    }

    @Test
    void shouldServeAClientOnTheServersDriver() {
        assertServed(aeronDir);
    }

    @Test
    void shouldServeAClientOnADriverOfItsOwn() {
        final String own = aeronDir + "-client";
        try (MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(own)
                .dirDeleteOnShutdown(true)
                .publicationTermBufferLength(1 << 20)
                .threadingMode(ThreadingMode.SHARED))) {
            assertServed(driver.aeronDirectoryName());
        }
    }

    private void assertServed(final String driverDirectory) {
        final ServerProperties properties = ServerProperties.read(directory);
        final byte[] large = new byte[LARGE_BYTES];
        new Random(1).nextBytes(large);
        try (MillraceClient client = MillraceClient.connect(new ClientContext()
                .aeronDirectoryName(driverDirectory)
                .ingressChannel(properties.channels().get(1))
                .ingressStreamId(properties.streamId())
                .errorHandler(errors::add)
                .messageHandler(delivery -> {
                    final byte[] body = new byte[delivery.length()];
                    delivery.buffer().getBytes(delivery.offset(), body);
                    received.add(body);
                    delivery.acknowledge();
                }))) {
            final long queue = client.queues().create("orders");
            until(client, "the consumer is sent", () -> client.consume(queue, 1_000, 8 << 20) > 0);
            for (int i = 0; i < SMALL; i++) {
                final UnsafeBuffer body = new UnsafeBuffer(("m" + i).getBytes());
                until(client, "a message is sent", () -> client.send(queue, body, 0, body.capacity()) > 0);
            }
            final UnsafeBuffer body = new UnsafeBuffer(large);
            until(client, "the large message is sent", () -> client.send(queue, body, 0, LARGE_BYTES) > 0);
            until(client, "all is delivered", () -> received.size() == SMALL + 1);
            until(client, "all is acknowledged", () -> isEmpty(client, queue));
        }
        for (int i = 0; i < SMALL; i++) {
            assertEquals("m" + i, new String(received.get(i)));
        }
        assertArrayEquals(large, received.get(SMALL));
        assertEquals(List.of(), errors);
        assertEquals(0, server.errorCount());
    }

    private static boolean isEmpty(final MillraceClient client, final long queue) {
        final var info = client.queues().describe(queue);
        return info.availableCount() + info.inFlightCount() == 0;
    }

    private void until(final MillraceClient client, final String what, final BooleanSupplier condition) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean()) {
            client.poll();
            assertTrue(
                    System.nanoTime() < deadline,
                    () -> "waited in vain until " + what + ": received " + received.size() + ", errors " + errors);
        }
    }
}
