package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The media driver on threads of its own, and in somebody else's hands. */
class DriverModeTest {

    private static final long THIRTY_SECONDS = TimeUnit.SECONDS.toNanos(30);
    private static final long DRIVER_SILENCE_MS = 5_000;

    @TempDir
    Path directory;

    private MediaDriver external;
    private TestServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        CloseHelper.close(external);
    }

    @ParameterizedTest
    @EnumSource(
            value = DriverMode.class,
            names = {"SHARED", "DEDICATED"})
    void shouldServeWithADriverOnThreadsOfItsOwn(final DriverMode mode) {
        server = new TestServer(directory, ctx -> ctx.driverMode(mode));

        assertNull(server.driverInvoker());
        assertServed("first");
        server.restart();
        assertServed("second");
    }

    @Test
    void shouldServeOverADriverThatIsNotItsOwn() {
        server = new TestServer(directory, this::withExternalDriver);

        assertNull(server.driverInvoker());
        assertServed("first");
        server.closeServer();
        assertTrue(isAlive(), "the driver is left alone");
        server.start();
        assertServed("second");
    }

    @Test
    void shouldFindTheNextExternalDriver() {
        server = new TestServer(directory, ctx -> withExternalDriver(ctx).timeoutNs(TimeUnit.SECONDS.toNanos(3)));
        assertServed("first");
        final String name = external.aeronDirectoryName();

        external.close();
        external = launch(name);
        server.crankUntil("the transport is back", () -> server.counters().transportRestarts > 0 && isConnected());

        assertServed("second");
    }

    private boolean isConnected() {
        return !server.server().duty().transport().isDead();
    }

    private ServerContext withExternalDriver(final ServerContext ctx) {
        if (external == null) {
            external = launch(ctx.aeronDirectoryName());
        }
        return ctx.driverMode(DriverMode.EXTERNAL);
    }

    private static MediaDriver launch(final String aeronDirectoryName) {
        return MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(aeronDirectoryName)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .ipcTermBufferLength(1 << 20));
    }

    private boolean isAlive() {
        return CommonContext.isDriverActive(new File(external.aeronDirectoryName()), DRIVER_SILENCE_MS, message -> {});
    }

    private void assertServed(final String body) {
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        client.send(queue, body);
        client.receive(queue, 1, THIRTY_SECONDS);
        final Event delivery = client.awaitCount("Delivery", 1).get(0);
        final long id = client.acknowledge(queue, delivery.receipt());
        client.await("the confirmation", e -> e.type().equals("Confirmed") && e.to() >= id);
        client.close();

        assertEquals(body, delivery.text());
        assertEquals(0, server.core().kernel.messageCount());
    }
}
