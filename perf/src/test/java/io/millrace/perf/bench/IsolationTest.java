package io.millrace.perf.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.perf.rig.Latencies;
import io.millrace.perf.rig.Measurement;
import io.millrace.server.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class IsolationTest {
    private static final long SECOND = 1_000_000_000L;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldMeasureBesideAStoppedConsumerAndIdleSessions() {
        final int exitCode = run("--seconds", "1", "--rounds", "1", "--warm-up", "1", "--sessions", "20", "--json");

        assertEquals(out.toString().contains("\"failed\":true}") ? 1 : 0, exitCode, err::toString);
        final List<String> lines = out.toString().lines().toList();
        assertEquals(1, lines.size(), out::toString);
        final String number = "[0-9][0-9.E-]*";
        assertTrue(lines.get(0).matches("\\{\"controlMessagesPerSecond\":[1-9].*}"), out::toString);
        assertTrue(lines.get(0).contains("\"idleSessions\":20,"), out::toString);
        for (final String field : List.of("stalledRatio", "idleRatioP50", "idleRatioP50Most")) {
            assertTrue(lines.get(0).matches(".*\"" + field + "\":" + number + ",.*"), () -> field + " in " + out);
        }
    }

    @Test
    void shouldRefuseMoreSessionsThanFit() {
        assertEquals(2, run("--sessions", "0"));
        assertEquals(2, run("--sessions", "4001"));
        assertEquals(2, run("--rounds", "0"));
        assertEquals(2, run("--warm-up", "0"));
        assertEquals("", out.toString());
    }

    @Test
    void shouldCompareMediansAndShowTheSpreadOfTheRounds() {
        final Findings findings = new Findings();
        for (final long messages : List.of(100L, 300L, 200L)) {
            findings.add("control", new Measurement(Latencies.histogram(), messages, SECOND));
        }
        for (final long messages : List.of(100L, 150L, 300L)) {
            findings.add("other", new Measurement(Latencies.histogram(), messages, SECOND));
        }

        final RoundRatio ratio = RoundRatio.of(findings, "other", "control", Measurement::messagesPerSecond);

        assertEquals(new RoundRatio(150, 200, 1, 0.5, 1.5), ratio);
    }

    @Test
    void shouldTakeTheMiddleOfAnEvenNumberOfRounds() {
        final Findings findings = new Findings();
        for (final long messages : List.of(400L, 100L, 200L, 300L)) {
            findings.add("control", new Measurement(Latencies.histogram(), messages, SECOND));
            findings.add("other", new Measurement(Latencies.histogram(), 2 * messages, SECOND));
        }

        final RoundRatio ratio = RoundRatio.of(findings, "other", "control", Measurement::messagesPerSecond);

        assertEquals(new RoundRatio(500, 250, 2, 2, 2), ratio);
    }

    @Test
    void shouldMeasureFiveRoundsOfASecondAtLeast() {
        assertEquals(5, IsolationCommand.rounds(1));
        assertEquals(SECOND, IsolationCommand.roundNs(1, 5));
        assertEquals(5, IsolationCommand.rounds(11));
        assertEquals(20, IsolationCommand.rounds(40));
        assertEquals(2 * SECOND, IsolationCommand.roundNs(40, 20));
    }

    private int run(final String... args) {
        final String[] all = new String[args.length + 2];
        all[0] = "bench";
        all[1] = "isolation";
        System.arraycopy(args, 0, all, 2, args.length);
        return Main.run(new PrintWriter(out), new PrintWriter(err), all);
    }
}
