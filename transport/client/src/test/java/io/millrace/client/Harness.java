package io.millrace.client;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.agrona.IoUtil;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.NoOpLock;

/**
 * Media driver, fake server and client on the thread of the test, which turns them all by hand.
 */
final class Harness implements AutoCloseable {
    private static final long DEADLINE_NS = 10_000_000_000L;

    /** The driver looks this often for what is gone; by itself it does once a second. */
    private static final long TIMER_INTERVAL_NS = 1_000_000;

    final String directory = new File(shared(), "millrace-client-test-" + UUID.randomUUID()).getPath();
    final Recorder recorder = new Recorder();
    final List<Throwable> errors = new ArrayList<>();
    final String channel;
    MediaDriver driver;
    Aeron serverAeron;
    FakeServer server;
    MillraceClient client;
    private long advanceNs;
    private Runnable abandoned = () -> {};

    /** Ahead of the machine's clock by what the test added. */
    final NanoClock clock = () -> System.nanoTime() + advanceNs;

    Harness() {
        this("aeron:ipc");
    }

    Harness(final String channel) {
        this.channel = channel;
        startServer();
    }

    private static String shared() {
        return new File("/dev/shm").isDirectory() ? "/dev/shm" : System.getProperty("java.io.tmpdir");
    }

    void startServer() {
        driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(directory)
                .threadingMode(ThreadingMode.INVOKER)
                .timerIntervalNs(TIMER_INTERVAL_NS)
                .termBufferSparseFile(true)
                .ipcTermBufferLength(1024 * 1024)
                .publicationTermBufferLength(1024 * 1024)
                .dirDeleteOnStart(true)
                .warnIfDirectoryExists(false)
                .errorHandler(errors::add));
        serverAeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(directory)
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(driver.sharedAgentInvoker())
                .clientLock(NoOpLock.INSTANCE)
                .errorHandler(errors::add));
        server = new FakeServer(serverAeron, this::makeRoom, channel);
    }

    void stopServer() {
        server.close();
        serverAeron.close();
        driver.close();
    }

    /** Leaves driver and server as a kill does, and starts others in the same place. */
    void replaceServer() {
        final MediaDriver oldDriver = driver;
        final Aeron oldAeron = serverAeron;
        final File files = new File(directory);
        if (!files.renameTo(new File(directory + "-old"))) {
            throw new AssertionError("Cannot move " + directory);
        }
        startServer();
        abandoned = () -> {
            oldAeron.close();
            oldDriver.close();
            IoUtil.delete(new File(directory + "-old"), true);
        };
    }

    ClientContext context() {
        return new ClientContext()
                .aeronDirectoryName(directory)
                .ingressChannel(channel)
                .dutyIntervalNs(0)
                .reconnectIntervalNs(0)
                .connectTimeoutNs(DEADLINE_NS)
                .nanoClock(clock)
                .idleStrategy(new Crank())
                .listener(recorder)
                .messageHandler(recorder)
                .errorHandler(errors::add);
    }

    MillraceClient connect() {
        return connect(context());
    }

    MillraceClient connect(final ClientContext context) {
        client = MillraceClient.connect(context);
        return client;
    }

    void advance(final long nanoseconds) {
        advanceNs += nanoseconds;
    }

    /** Turns driver and server once. */
    void crank() {
        driver.sharedAgentInvoker().invoke();
        serverAeron.conductorAgentInvoker().invoke();
        server.doWork();
    }

    /** Lets the client read, because the way to it is full. */
    private void makeRoom() {
        crank();
        if (client != null) {
            client.poll();
        }
    }

    /** Turns everything until something is so. */
    void until(final String what, final BooleanSupplier condition) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean()) {
            crank();
            client.poll();
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not in time: " + what + ". The client was told " + recorder.events
                        + ", the server got "
                        + server.received.stream()
                                .map(FakeServer.Received::templateId)
                                .toList()
                        + ", errors are " + errors);
            }
        }
    }

    /** Turns everything a few times, for what must not happen. */
    void turn() {
        for (int i = 0; i < 50; i++) {
            crank();
            client.poll();
        }
    }

    /** Waits for one request and takes it. */
    FakeServer.Received await(final int templateId) {
        until(
                "a request with template " + templateId,
                () -> server.received.stream().anyMatch(one -> one.templateId() == templateId));
        final FakeServer.Received found = server.received.stream()
                .filter(one -> one.templateId() == templateId)
                .findFirst()
                .orElseThrow();
        server.received.remove(found);
        return found;
    }

    /** Waits until so many events were recorded and takes them. */
    List<String> events(final int count) {
        until(count + " events", () -> recorder.events.size() >= count);
        return recorder.take();
    }

    @Override
    public void close() {
        if (client != null && !client.isClosed()) {
            client.close();
        }
        stopServer();
        abandoned.run();
        IoUtil.delete(new File(directory), true);
        if (!errors.isEmpty()) {
            throw new AssertionError("Errors were reported: " + errors, errors.get(0));
        }
    }

    /** A blocking call of the client turns the others while it waits. */
    private final class Crank implements IdleStrategy {
        @Override
        public void idle(final int workCount) {
            crank();
        }

        @Override
        public void idle() {
            crank();
        }

        @Override
        public void reset() {
            crank();
        }
    }
}
