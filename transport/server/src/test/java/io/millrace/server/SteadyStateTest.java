package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;
import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import io.millrace.store.Journal;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The duty-cycle thread never stops in steady state: through real Aeron, with the driver invoked from it, and the real
 * journal, it neither parks nor sleeps nor meets a taken monitor. What libraries do on that thread is included.
 */
class SteadyStateTest {

    private static final long WARM_UP_ROUND = 10_000;
    private static final int WARM_UP_ROUNDS = 5;

    /** What driver and client do once a second has been done by then, and its classes are loaded. */
    private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(3);

    private static final long MESSAGES = 300_000;
    private static final long FEW_MESSAGES = 20_000;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    Path directory;

    @TempDir
    Path recordings;

    @Test
    void shouldNeitherParkNorBlock() {
        assertEquals(List.of(), stops("yield", UnaryOperator.identity(), SteadyStateTest::runWithRedeliveries));
    }

    /** A client that shares its core with others leaves the server without work now and then, and then that may park. */
    @Test
    void shouldOnlyParkForWantOfWork() {
        final List<String> stops = stops("backoff", UnaryOperator.identity(), SteadyStateTest::runWithRedeliveries);

        assertEquals(
                List.of(),
                stops.stream().filter(stop -> !isOfIdleStrategy(stop)).toList());
    }

    /** The JVM's count of waits has no reason; the flight recorder has each of them with its own. */
    private static boolean isOfIdleStrategy(final String stop) {
        return stop.startsWith("waited ")
                || stop.startsWith("jdk.ThreadPark at ")
                        && stop.contains(BackoffIdleStrategy.class.getName() + ".idle");
    }

    private static void runWithRedeliveries(final SteadyLoad load, final ThreadStops watch) {
        final long redeliveredBefore = load.redelivered();
        load.run(MESSAGES);
        assertTrue(load.redelivered() > redeliveredBefore, "messages were delivered again");
    }

    @Test
    void shouldNoticeOnePark() {
        final List<String> stops = stops("yield", ParkingJournal::new, (load, watch) -> {
            ParkingJournal.isDue = true;
            load.run(FEW_MESSAGES);
        });

        assertSeen(stops, "waited 1 times");
        assertSeen(stops, "jdk.ThreadPark at ");
        assertSeen(stops, ParkingJournal.class.getName() + ".append");
    }

    @Test
    void shouldNoticeOneTakenMonitor() {
        final List<String> stops = stops("yield", LockingJournal::new, (load, watch) -> {
            synchronized (LockingJournal.LOCK) {
                load.offer();
                awaitBlocked(watch);
            }
            load.run(FEW_MESSAGES);
        });

        assertSeen(stops, "blocked 1 times");
        assertSeen(stops, "jdk.JavaMonitorEnter at " + LockingJournal.class.getName() + ".append");
    }

    /** What is done while the thread is watched. */
    private interface Steady {
        void run(SteadyLoad load, ThreadStops watch);
    }

    private List<String> stops(final String idleStrategy, final UnaryOperator<Journal> filter, final Steady steady) {
        final String aeronDir = CommonContext.getAeronDirectoryName() + "-millrace-steady-" + UUID.randomUUID();
        final ServerContext ctx = new ServerContext()
                .directory(directory)
                .aeronDirectoryName(aeronDir)
                .driverMode(DriverMode.INVOKER)
                .durability(Durability.PROCESS)
                .idleStrategy(idleStrategy)
                .journalFilter(filter);
        try (MillraceServer server = MillraceServer.launch(ctx)) {
            final SteadyLoad load = new SteadyLoad();
            try (MillraceClient client = MillraceClient.connect(
                    new ClientContext().serverDirectory(directory).listener(load))) {
                load.start(client);
                warmUp(load);
                try (ThreadStops watch = ThreadStops.watch(server.dutyCycleThreadId())) {
                    steady.run(load, watch);
                    final List<String> seen = watch.seen(recordings);
                    assertEquals(0, load.refused());
                    assertEquals(0, server.errorCount());
                    return seen;
                }
            }
        } finally {
            IoUtil.delete(new File(aeronDir), true);
        }
    }

    private static void warmUp(final SteadyLoad load) {
        final long startNs = System.nanoTime();
        for (int round = 0; round < WARM_UP_ROUNDS || System.nanoTime() - startNs < WARM_UP_NS; round++) {
            load.run(WARM_UP_ROUND);
        }
    }

    private static void awaitBlocked(final ThreadStops watch) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (watch.state() != Thread.State.BLOCKED) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("the duty cycle never came to the monitor; it is " + watch.state());
            }
            Thread.onSpinWait();
        }
    }

    private static void assertSeen(final List<String> stops, final String text) {
        assertTrue(stops.stream().anyMatch(stop -> stop.contains(text)), () -> text + " is not in " + stops);
    }

    /** Parks once, as briefly as can be. */
    private static final class ParkingJournal extends FilteredJournal {

        private static volatile boolean isDue;

        ParkingJournal(final Journal journal) {
            super(journal);
        }

        @Override
        public int append(final DirectBuffer excerpt, final int offset, final int length) {
            if (isDue) {
                isDue = false;
                LockSupport.parkNanos(1);
            }
            return super.append(excerpt, offset, length);
        }
    }

    /** Enters a monitor for every batch; nobody notices until somebody else holds it. */
    private static final class LockingJournal extends FilteredJournal {

        private static final Object LOCK = new Object();

        LockingJournal(final Journal journal) {
            super(journal);
        }

        @Override
        public int append(final DirectBuffer excerpt, final int offset, final int length) {
            synchronized (LOCK) {
                return super.append(excerpt, offset, length);
            }
        }
    }
}
