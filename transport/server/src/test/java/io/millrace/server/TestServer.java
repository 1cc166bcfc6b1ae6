package io.millrace.server;

import io.aeron.CommonContext;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.agrona.IoUtil;
import org.agrona.concurrent.AgentInvoker;

/** A server cranked by the test's own thread, with clients on the same thread and clocks that the test moves. */
final class TestServer implements AutoCloseable {

    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);

    /** A start after a kill looks through what is left of the segment, which takes a second and more if that is a gigabyte. */
    private static final long SEGMENT_BYTES = 16 * 1024 * 1024;

    final List<String> log = new ArrayList<>();
    final Path directory;
    private final String aeronDir = CommonContext.getAeronDirectoryName() + "-millrace-test-" + UUID.randomUUID();
    private final UnaryOperator<ServerContext> settings;
    private final List<RawClient> clients = new ArrayList<>();
    private final List<Throwable> clientErrors = new ArrayList<>();
    private long aheadNs;
    private EmbeddedServer server;

    TestServer(final Path directory) {
        this(directory, UnaryOperator.identity());
    }

    TestServer(final Path directory, final UnaryOperator<ServerContext> settings) {
        this.directory = directory;
        this.settings = settings;
        start();
    }

    void start() {
        server = MillraceServer.embed(settings.apply(new ServerContext()
                .directory(directory)
                .segmentBytes(SEGMENT_BYTES)
                .aeronDirectoryName(aeronDir)
                .driverMode(DriverMode.INVOKER)
                .idleStrategy("none")
                .termLength(1024 * 1024)
                .nanoClock(() -> System.nanoTime() + aheadNs)
                .epochClock(() -> TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) + aheadNs)
                .log(log::add)));
    }

    /** Clean stop and start on the same directory; clients have to be made anew. */
    void restart() {
        closeClients();
        server.close();
        start();
    }

    /** Clean stop. */
    void closeServer() {
        closeClients();
        server.close();
    }

    /** As if the process had died: no snapshot, no word to clients. */
    void kill() {
        closeClients();
        server.duty().transport().close();
        server.core().close();
        server = null;
    }

    EmbeddedServer server() {
        return server;
    }

    ServerCore core() {
        return server.core();
    }

    HostCounters counters() {
        return server.core().counters;
    }

    String aeronDir() {
        return aeronDir;
    }

    AgentInvoker driverInvoker() {
        return server.duty().transport().driverInvoker();
    }

    /** Moves monotonic and wall clock of the server forward. */
    void advance(final long duration, final TimeUnit unit) {
        aheadNs += unit.toNanos(duration);
    }

    RawClient client() {
        return new RawClient(this).connect();
    }

    void add(final RawClient client) {
        clients.add(client);
    }

    void remove(final RawClient client) {
        clients.remove(client);
    }

    void onClientError(final Throwable error) {
        clientErrors.add(error);
    }

    void crank() {
        server.doWork();
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).doWork();
        }
    }

    void crank(final int times) {
        for (int i = 0; i < times; i++) {
            crank();
        }
    }

    void crankFor(final long duration, final TimeUnit unit) {
        final long end = System.nanoTime() + unit.toNanos(duration);
        while (System.nanoTime() < end) {
            crank();
        }
    }

    void crankUntil(final String what, final BooleanSupplier condition) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain until " + what + "; log " + log + "; client errors "
                        + clientErrors + "; errors " + server.errorCount() + "; " + describe());
            }
            crank();
        }
    }

    private String describe() {
        final HostCounters counters = counters();
        return "sessions " + counters.sessions + ", timed out " + counters.sessionsTimedOut + ", slow "
                + counters.slowConsumers + ", waiting " + core().egress.waitingCount() + ", frames "
                + counters.ingressFrames + ", malformed " + counters.malformedFrames + ", unknown "
                + counters.unknownSessionFrames;
    }

    private void closeClients() {
        for (final RawClient client : List.copyOf(clients)) {
            client.close();
        }
    }

    @Override
    public void close() {
        closeClients();
        if (server != null) {
            server.close();
        }
        IoUtil.delete(new File(aeronDir), true);
    }
}
