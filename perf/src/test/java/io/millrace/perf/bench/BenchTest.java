package io.millrace.perf.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.server.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void shouldMeasureRoundTripsOfMillraceAndItsFloors() {
        final int exitCode = run("rtt", "--seconds", "1", "--warm-up", "1", "--json", "--out", directory.toString());

        assertEquals(0, exitCode, err::toString);
        final List<String> lines = out.toString().lines().toList();
        assertEquals(1, lines.size(), out::toString);
        assertTrue(lines.get(0).matches("\\{\"messages\":[1-9].*\"ratioP99\":[0-9.E-]+}"), out::toString);
        for (final String name : List.of(
                "result.json",
                "environment.json",
                "rtt.svg",
                "rtt-rounds.csv",
                "rtt-millrace.hlog",
                "rtt-millrace.hgrm",
                "rtt-journal-floor.hlog",
                "rtt-aeron-floor.hgrm")) {
            assertTrue(Files.exists(directory.resolve(name)), name);
        }
    }

    @Test
    void shouldMeasureRoundTripsThroughTheLoopbackNetwork() {
        final int exitCode = run("rtt", "--channel", "udp", "--seconds", "1", "--warm-up", "1", "--json");

        assertEquals(0, exitCode, err::toString);
        final List<String> lines = out.toString().lines().toList();
        assertEquals(1, lines.size(), out::toString);
        assertTrue(lines.get(0).matches("\\{\"messages\":[1-9].*\"ratioP99\":[0-9.E-]+}"), out::toString);
    }

    @Test
    void shouldMeasureThroughputAndLeaveLatencies() {
        final int exitCode =
                run("throughput", "--seconds", "1", "--warm-up", "1", "--json", "--out", directory.toString());

        assertEquals(0, exitCode, err::toString);
        final List<String> lines = out.toString().lines().toList();
        assertEquals(1, lines.size(), out::toString);
        assertTrue(lines.get(0).matches("\\{\"messagesPerSecond\":[1-9].*\"batchedRatio\":[0-9.E-]+}"), out::toString);
        for (final String name : List.of(
                "throughput.svg",
                "throughput-millrace.hlog",
                "throughput-millrace-16-a-frame.hgrm",
                "throughput-journal-floor.hgrm")) {
            assertTrue(Files.exists(directory.resolve(name)), name);
        }
    }

    @Test
    void shouldMeasureSingleOperations() throws IOException {
        final int exitCode =
                run("jmh", "Codec.*encodeSendMessages", "--seconds", "1", "--json", "--out", directory.toString());

        assertEquals(0, exitCode, err::toString);
        final List<String> lines = out.toString().lines().toList();
        assertEquals(1, lines.size(), out::toString);
        assertTrue(
                lines.get(0)
                        .matches(
                                "\\{\"benchmarks\":\\[\\{\"name\":\"CodecBenchmark\\.encodeSend.*\",\"score\":[0-9.E-]+,"
                                        + ".*\"unit\":\"ns/op\"}]}"),
                out::toString);
        for (final String name : List.of("result.json", "environment.json", "jmh-raw.json")) {
            assertTrue(Files.size(directory.resolve(name)) > 0, name);
        }
    }

    @Test
    void shouldMeasureTheKernelAtSeveralSizes() throws IOException {
        final int exitCode = run(
                "scale",
                "--depths=1,100",
                "--queues=10",
                "--timers=1,1000",
                "--operations=200",
                "--rounds=2",
                "--json",
                "--out",
                directory.toString());

        assertEquals(0, exitCode, err::toString);
        final String point =
                "\\{\"dimension\":\"%s\",\"n\":%d,\"sendNs\":[1-9]\\d*,\"receiveNs\":[1-9]\\d*,\"ackNs\":[1-9]\\d*}";
        final String points = String.join(
                ",",
                String.format(point, "depth", 1),
                String.format(point, "depth", 100),
                String.format(point, "queues", 10),
                String.format(point, "timers", 1),
                String.format(point, "timers", 1000));
        assertTrue(
                out.toString().strip().matches("\\{\"points\":\\[" + points + "],\"maxGrowth\":[0-9.E]+}"),
                out::toString);
        for (final String name : List.of("result.json", "environment.json")) {
            assertTrue(Files.size(directory.resolve(name)) > 0, name);
        }
    }

    @Test
    void shouldMeasureWhatFurtherQueuesCostAPublisher() {
        final int exitCode = run("fanout", "--queues=1,20", "--batches=50", "--rounds=2", "--json");

        assertEquals(0, exitCode, err::toString);
        final String point = "\\{\"queues\":%d,\"publishNs\":[1-9]\\d*,\"arenaBytes\":224%s}";
        final String points =
                String.format(point, 1, "") + "," + String.format(point, 20, ",\"furtherQueueNs\":-?[0-9.]+");
        assertTrue(out.toString().strip().matches("\\{\"points\":\\[" + points + "]}"), out::toString);
    }

    @Test
    void shouldMeasureWhatSubscriptionsCostThatAMessageIsNotFor() {
        final int exitCode = run("filters", "--subscriptions=20,500", "--batches=50", "--rounds=2", "--json");

        assertEquals(0, exitCode, err::toString);
        final String point =
                "\\{\"subscriptions\":%d,\"publishNs\":[1-9]\\d*,\"ratio\":[0-9.]+,\"subscriptionBytes\":\\d+}";
        final String points = String.format(point, 20) + "," + String.format(point, 500);
        assertTrue(out.toString().strip().matches("\\{\"points\":\\[" + points + "]}"), out::toString);
    }

    @Test
    void shouldMeasurePutsBesideTheThroughputOfAQueue() {
        final int exitCode = run("put", "--shards=2,70", "--seconds=1", "--rounds=1", "--warm-up=1", "--json");

        assertEquals(0, exitCode, err::toString);
        final String point =
                "\\{\"shards\":%d,\"recordsPerSecond\":\\d+,\"cpuNsPerRecord\":[1-9]\\d*,\"cpuRatio\":[0-9.]+}";
        final String points = String.format(point, 2) + "," + String.format(point, 70);
        final String rest = ",\"throughputMessagesPerSecond\":[1-9]\\d*,\"ratio\":[0-9.]+";
        assertTrue(out.toString().strip().matches("\\{\"points\":\\[" + points + "]" + rest + "}"), out::toString);
    }

    @Test
    void shouldMeasureReadersOfMappedFilesBesidePushedRecordsAndProcessesThatSpin() {
        final int exitCode = run(
                "sharedread",
                "--readers=2",
                "--seconds=1",
                "--rounds=1",
                "--warm-up=1",
                "--json",
                "--out=" + directory);

        assertEquals(0, exitCode, err::toString);
        final String ages =
                "\\{\"putToReadP50Ns\":[1-9]\\d*,\"putToReadP99Ns\":[1-9]\\d*,\"pushP50Ns\":[1-9]\\d*,\"pushP99Ns\":[1-9]\\d*,";
        final String ratio =
                "\"putRateRatio\":[0-9.]+,\"putRateRatioLeast\":[0-9.]+,\"putRateRatioMost\":[0-9.]+,\"putRateRatioLimit\":0.95,";
        final String rates = "\"putsPerSecond\":[1-9].*\"controlPutsPerSecond\":[1-9].*,\"readers\":2,\"rounds\":1,";
        final String counts =
                "\"recordsPut\":[1-9]\\d*,\"recordsRead\":[1-9]\\d*,\"leastRecordsRead\":[1-9]\\d*,\"pinned\":(true|false)}";
        assertTrue(out.toString().strip().matches(ages + ratio + rates + counts), out::toString);
        for (final String name : List.of(
                "result.json",
                "sharedread.svg",
                "sharedread-rounds.csv",
                "sharedread-mapped-files.hlog",
                "sharedread-pushed.hgrm")) {
            assertTrue(Files.exists(directory.resolve(name)), name);
        }
    }

    @Test
    void shouldRefuseQueuesThatDoNotGrow() {
        assertEquals(2, run("fanout", "--queues=10,10"));

        assertTrue(err.toString().contains("--queues"), err::toString);
    }

    @Test
    void shouldRefuseSizesThatTheMemoryDoesNotHold() {
        final String most = "19000000";
        assertEquals(1, run("scale", "--depths", most + "," + most + "," + most + "," + most + "," + most));

        assertTrue(err.toString().contains("MaxDirectMemorySize"), err::toString);
    }

    @Test
    void shouldSayThatNoSingleOperationHasThatName() {
        assertEquals(1, run("jmh", "NoSuchOperation"));

        assertTrue(err.toString().contains("No benchmark matches \"NoSuchOperation\""), err::toString);
    }

    @Test
    void shouldSendAtAFixedRate() {
        final int exitCode = run("openloop", "--rate", "500", "--seconds", "1", "--warm-up", "1");

        assertTrue(out.toString().contains("500 messages a second of 200 bytes"), () -> out + "\n" + err);
        assertEquals(out.toString().contains("FAILED") ? 1 : 0, exitCode);
    }

    @Test
    void shouldRefuseWrongUsage() {
        assertEquals(2, run());
        assertEquals(2, run("rtt", "--size", "7"));
        assertEquals(2, run("rtt", "--channel", "tcp"));
        assertEquals(2, run("throughput", "--producers", "0"));
        assertEquals(2, run("openloop", "--rate", "0"));
        assertEquals("", out.toString());
    }

    @Test
    void shouldRefuseToFillTheDisk() {
        assertEquals(1, run("allocation", "--messages", "1000000000"));

        assertTrue(err.toString().contains("GiB free"), err::toString);
        assertEquals("", out.toString());
    }

    private int run(final String... args) {
        final String[] all = new String[args.length + 1];
        all[0] = "bench";
        System.arraycopy(args, 0, all, 1, args.length);
        return Main.run(new PrintWriter(out), new PrintWriter(err), all);
    }
}
