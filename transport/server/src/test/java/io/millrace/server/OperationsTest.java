package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.Limits;
import io.millrace.server.ServerCounters.Id;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationsTest {

    private static final long THIRTY_SECONDS = TimeUnit.SECONDS.toNanos(30);
    private static final String UDP = "aeron:udp?endpoint=127.0.0.1:0";

    @TempDir
    Path directory;

    private TestServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void shouldTellClientsInAFileWhereItIs() {
        server = new TestServer(directory, ctx -> ctx.channels(List.of("aeron:ipc", UDP)));

        final ServerProperties properties = ServerProperties.read(directory);

        assertEquals(server.aeronDir(), properties.aeronDirectoryName());
        assertEquals("aeron:ipc", properties.channels().get(0));
        assertTrue(properties.channels().get(1).startsWith("aeron:udp?endpoint=127.0.0.1:"));
        assertFalse(properties.channels().get(1).endsWith(":0"), "the port is resolved");
        assertEquals(1001, properties.streamId());
        assertEquals(ProcessHandle.current().pid(), properties.pid());
        assertFalse(Files.exists(directory.resolve("server.properties.tmp")));
    }

    @Test
    void shouldSayWhatIsMissingWhereThereIsNoServer() {
        final ServerException e = assertThrows(ServerException.class, () -> ServerProperties.read(directory));

        assertEquals(ServerException.Reason.CONFIGURATION, e.reason());
        assertTrue(e.getMessage().contains(directory.toString()));
    }

    @Test
    void shouldServeAClientOverUdp() {
        server = new TestServer(directory, ctx -> ctx.channels(List.of("aeron:ipc", UDP)));
        final String ingress = ServerProperties.read(directory).channels().get(1);
        final RawClient client = new RawClient(server, ingress, UDP + "|session-id=").connect();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        client.consume(queue, 1_000, 8 << 20);

        for (int i = 0; i < 100; i++) {
            client.send(queue, "m" + i);
        }
        client.send(queue, new byte[60_000]);
        final List<Event> deliveries = client.awaitCount("Delivery", 101);

        for (int i = 0; i < 100; i++) {
            assertEquals("m" + i, deliveries.get(i).text());
        }
        assertEquals(60_000, deliveries.get(100).body().length);
    }

    @Test
    void shouldCountWhatItDoesForOtherProcesses() {
        server = new TestServer(directory);
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        for (int i = 0; i < 5; i++) {
            client.send(queue, "m" + i);
        }
        client.receive(queue, 3, 0);
        client.awaitCount("ReceiveEnd", 1);
        client.acknowledge(queue, client.all("Delivery").get(0).receipt());
        client.acknowledge(queue, new byte[24]);
        client.awaitCount("EntryResults", 1);
        server.crankFor(5, TimeUnit.MILLISECONDS);

        assertEquals(5, client.counter(Id.SENDS));
        assertEquals(3, client.counter(Id.DELIVERIES));
        assertEquals(1, client.counter(Id.ACKNOWLEDGEMENTS));
        assertEquals(1, client.counter(Id.REFUSALS));
        assertEquals(1, client.counter(Id.SESSIONS));
        assertEquals(2, client.counter(Id.AVAILABLE_MESSAGES));
        assertEquals(2, client.counter(Id.IN_FLIGHT_MESSAGES));
        assertEquals(1, client.counter(Id.QUEUES));
        assertEquals(0, client.counter(Id.ERRORS));
        assertTrue(client.counter(Id.JOURNAL_POSITION) > 8);
        assertTrue(client.counter(Id.ARENA_BYTES) > 0);
        assertTrue(client.counter(Id.MAX_CYCLE_NS) > 0);
    }

    @Test
    void shouldCountWhatTimersCostAndHowLateTheyAre() {
        server = new TestServer(directory);
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", TimeUnit.SECONDS.toNanos(1));
        client.send(queue, "one");
        client.receive(queue, 1, 0);
        client.awaitCount("ReceiveEnd", 1);
        server.crankFor(5, TimeUnit.MILLISECONDS);
        assertEquals(0, client.counter(Id.TIMERS_FIRED));
        assertEquals(0, client.counter(Id.MAX_TIMER_LATENESS_NS));
        server.advance(3, TimeUnit.SECONDS);
        server.crankUntil("the visibility timeout is over", () -> client.counter(Id.TIMERS_FIRED) == 1);

        final long latenessNs = client.counter(Id.TIMER_LATENESS_NS);
        assertTrue(latenessNs >= TimeUnit.SECONDS.toNanos(2), () -> latenessNs + " ns late");
        assertEquals(latenessNs, client.counter(Id.MAX_TIMER_LATENESS_NS));
        assertEquals(1, client.counter(Id.TIMER_BATCHES));
        final long cpuNs = client.counter(Id.TIMER_CPU_NS);
        assertTrue(cpuNs > 0 && cpuNs < TimeUnit.SECONDS.toNanos(1), () -> cpuNs + " ns of processor time");
        assertEquals(cpuNs, client.counter(Id.MAX_TIMER_CPU_NS));
    }

    @Test
    void shouldWriteASnapshotForAnotherProcess() throws Exception {
        server = new TestServer(directory);
        final RawClient client = server.client();
        client.createQueue("orders", THIRTY_SECONDS);
        final long position = server.core().storage.journal().nextPosition() - 1;

        final CompletableFuture<ServerControl.SnapshotResult> request = CompletableFuture.supplyAsync(
                () -> ServerControl.requestSnapshot(server.aeronDir(), TimeUnit.SECONDS.toNanos(10)));
        server.crankUntil("the request is answered", request::isDone);

        assertEquals(position, request.get().position());
        assertTrue(request.get().durationNs() > 0);
        try (Stream<Path> files = Files.list(directory.resolve("snapshots"))) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void shouldSayThatThereIsNoServerToAsk() {
        final ServerException e = assertThrows(
                ServerException.class,
                () -> ServerControl.requestSnapshot(directory.resolve("nowhere").toString(), 1));

        assertEquals(ServerException.Reason.TRANSPORT, e.reason());
    }

    @Test
    void shouldRunOnOneThread() {
        final Set<String> before = threads();
        server = new TestServer(directory);
        final RawClient client = server.client();
        client.createQueue("orders", THIRTY_SECONDS);

        final Set<String> started = threads();
        started.removeAll(before);
        // Chronicle Queue has a thread that unmaps files; nothing of ours or Aeron's may have one.
        started.removeIf(name -> name.contains("background~resource~releaser"));

        assertEquals(Set.of(), started);
    }

    @Test
    void shouldKeepTheKernelWhenItsTransportDies() {
        server = new TestServer(directory);
        final RawClient client = server.client();
        final long queue = client.createQueue("orders", THIRTY_SECONDS);
        client.send(queue, "kept");
        client.awaitCount("Confirmed", 2);
        client.close();

        server.server().duty().transport().aeron().close();
        server.crankUntil("the transport is back", () -> server.counters().transportRestarts == 1);
        final RawClient again = server.client();
        again.receive(queue, 1, 0);

        assertEquals("kept", again.awaitCount("Delivery", 1).get(0).text());
        assertEquals(1, server.counters().sessions);
        assertTrue(again.sessionId > client.sessionId);
    }

    @Test
    void shouldTellClientsWhereItIsAfterItsTransportDied() {
        server = new TestServer(directory, ctx -> ctx.channels(List.of(UDP)));
        final String before = ServerProperties.read(directory).channels().get(0);

        server.server().duty().transport().aeron().close();
        server.crankUntil("the transport is back", () -> server.counters().transportRestarts == 1);

        final List<String> resolved = server.server().duty().transport().resolvedChannels(server.core().ctx);
        assertEquals(resolved, ServerProperties.read(directory).channels());
        assertNotEquals(before, resolved.get(0));
    }

    @Test
    void shouldTryAgainWhenItsTransportCannotBeStarted() throws Exception {
        server = new TestServer(directory);
        final Path inTheWay = directory.resolve(ServerProperties.FILE_NAME);
        Files.delete(inTheWay);
        Files.createDirectories(inTheWay.resolve("not empty"));

        server.server().duty().transport().aeron().close();
        server.crankUntil("the transport was tried", () -> server.counters().transportRestarts == 1);
        assertTrue(server.server().duty().transport().isDead());
        assertEquals(1, server.server().errorCount());
        Files.delete(inTheWay.resolve("not empty"));
        Files.delete(inTheWay);
        server.advance(1, TimeUnit.SECONDS);
        server.crankUntil("the transport is back", () -> server.counters().transportRestarts == 2);

        assertTrue(server.client().sessionId > 0);
    }

    @Test
    void shouldLeaveNothingRunningWhenItCannotStart() throws Exception {
        final Path inTheWay = directory.resolve(ServerProperties.FILE_NAME);
        Files.createDirectories(inTheWay.resolve("not empty"));

        final AtomicReference<String> aeronDirectory = new AtomicReference<>();

        assertThrows(
                UncheckedIOException.class,
                () -> new TestServer(directory, ctx -> {
                    aeronDirectory.set(ctx.aeronDirectoryName());
                    return ctx;
                }));

        assertFalse(Files.exists(Path.of(aeronDirectory.get())), "the driver still runs");
        Files.delete(inTheWay.resolve("not empty"));
        Files.delete(inTheWay);
        server = new TestServer(directory);

        assertTrue(server.client().sessionId > 0);
    }

    @Test
    void shouldRefuseDurabilityThatItDoesNotHave() {
        final ServerException e = assertThrows(
                ServerException.class,
                () -> new ServerContext()
                        .directory(directory)
                        .durability(Durability.DISK)
                        .conclude());

        assertEquals(ServerException.Reason.NOT_AVAILABLE, e.reason());
    }

    @Test
    void shouldNotChangeOnceConcluded() {
        final ServerContext ctx = new ServerContext().directory(directory).conclude();

        assertThrows(IllegalStateException.class, () -> ctx.ingressStreamId(7));
        assertThrows(IllegalStateException.class, ctx::conclude);
    }

    @Test
    void shouldNameTheSettingThatIsOutOfRange() {
        for (final ServerContext wrong : List.of(
                new ServerContext().termLength(1000),
                new ServerContext().timeoutNs(1),
                new ServerContext().channels(List.of()),
                new ServerContext().channels(List.of("aeron:udp")),
                new ServerContext().channels(List.of("nonsense")),
                new ServerContext().maxBatchRecords(0),
                new ServerContext().idleStrategy("lazy"),
                new ServerContext().sessionStagingBytes(1),
                withLimit(LimitId.FRAME_BYTES, ServerContext.MAX_FRAME_BYTES + 1),
                withLimit(LimitId.MESSAGE_BYTES, Integer.MAX_VALUE + 1L),
                withLimit(LimitId.NAME_BYTES, 4_097))) {
            final ServerException e = assertThrows(ServerException.class, wrong::conclude);
            assertEquals(ServerException.Reason.CONFIGURATION, e.reason());
            assertFalse(wrong.isConcluded());
        }
    }

    @Test
    void shouldLeaveTheDriverOfALivingProcessAlone() {
        server = new TestServer(directory);
        final Path other = directory.resolve("other");

        final ServerException e = assertThrows(
                ServerException.class,
                () -> MillraceServer.embed(new ServerContext()
                        .directory(other)
                        .driverMode(DriverMode.INVOKER)
                        .aeronDirectoryName(server.aeronDir())));

        assertEquals(ServerException.Reason.AERON_DIRECTORY_IN_USE, e.reason());
    }

    private static ServerContext withLimit(final LimitId id, final long value) {
        return new ServerContext().limits(Limits.nativeProfile().with(id, value));
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }
}
