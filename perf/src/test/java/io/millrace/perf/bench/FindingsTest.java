package io.millrace.perf.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.perf.rig.Latencies;
import io.millrace.perf.rig.Measurement;
import io.millrace.server.cli.JsonLines;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final long SECOND = 1_000_000_000;

    private final Findings findings = new Findings();

    @Test
    void shouldDivideLatenciesByThoseOfTheFloor() {
        findings.add("millrace", latencies(900, 900, 3_000));
        findings.add("journal floor", latencies(600, 600, 1_000));

        assertEquals(1.5, findings.latencyRatio("millrace", "journal floor", 50), 0.002);
        assertEquals(3.0, findings.latencyRatio("millrace", "journal floor", 99), 0.002);
    }

    @Test
    void shouldTakePercentilesOverAllRounds() {
        findings.add("millrace", latencies(100, 100, 100));
        findings.add("millrace", latencies(500, 500, 500, 500));

        assertEquals(500, findings.percentile("millrace", 50), 1);
        assertEquals(100, findings.percentile("millrace", 40), 1);
    }

    @Test
    void shouldDivideRatesByThatOfTheFloor() {
        findings.add("millrace", rate(1_000, SECOND));
        findings.add("millrace", rate(500, SECOND));
        findings.add("journal floor", rate(6_000, 3 * SECOND));

        assertEquals(750, findings.rate("millrace"));
        assertEquals(0.375, findings.rateRatio("millrace", "journal floor"));
    }

    @Test
    void shouldWriteTheFieldsOfRtt() {
        findings.add("millrace", latencies(900, 900, 1_800));
        findings.add("journal floor", latencies(600, 600, 1_000));
        findings.add("aeron floor", latencies(300, 300, 500));

        assertEquals(
                "{\"messages\":3,\"p50Ns\":900,\"p90Ns\":1800,\"p99Ns\":1800,\"p999Ns\":1800,\"maxNs\":1800,"
                        + "\"floorAeronP50Ns\":300,\"floorAeronP99Ns\":500,\"floorJournalP50Ns\":600,"
                        + "\"floorJournalP99Ns\":1000,\"ratioP50\":1.5,\"ratioP99\":1.8}",
                json(json -> RttCommand.writeFields(json, findings)));
    }

    @Test
    void shouldWriteTheFieldsOfThroughput() {
        findings.add("millrace", rate(1_000, SECOND));
        findings.add("millrace, 16 a frame", rate(3_000, SECOND));
        findings.add("journal floor", rate(2_000, SECOND));

        assertEquals(
                "{\"messagesPerSecond\":1000,\"floorMessagesPerSecond\":2000,\"ratio\":0.5,"
                        + "\"batchedMessagesPerSecond\":3000,\"batchedRatio\":1.5}",
                json(json -> ThroughputCommand.writeFields(json, findings)));
    }

    @Test
    void shouldFailAnOpenLoopOfWhichOneRoundMissedItsRate() {
        findings.add("millrace", rate(1_000, SECOND));
        assertFalse(OpenLoopCommand.isFailed(findings, 1_000));

        findings.add("millrace", rate(900, SECOND));

        assertTrue(OpenLoopCommand.isFailed(findings, 1_000));
        assertEquals(
                "{\"rate\":1000,\"achievedRate\":950,\"p50Ns\":0,\"p90Ns\":0,\"p99Ns\":0,\"p999Ns\":0,\"maxNs\":0,"
                        + "\"failed\":true}",
                json(json -> OpenLoopCommand.writeFields(json, findings, 1_000)));
    }

    @Test
    void shouldPassAnIsolationWithinItsLimits() {
        isolation(95, 15);

        final IsolationFindings isolation = new IsolationFindings(findings, 1_000);

        assertFalse(isolation.isFailed());
        assertFalse(isolation.text(10).contains("FAILED"));
        assertEquals(
                "{\"controlMessagesPerSecond\":100,\"stalledMessagesPerSecond\":95,\"stalledRatio\":0.95,"
                        + "\"stalledRatioLeast\":0.95,\"stalledRatioMost\":0.95,\"stalledRatioLimit\":0.95,"
                        + "\"stalledFailed\":false,\"redeliveredPerStall\":512,\"idleSessions\":1000,\"p50Ns\":10,"
                        + "\"idleP50Ns\":15,\"idleRatioP50\":1.5,\"idleRatioP50Least\":1.5,\"idleRatioP50Most\":1.5,"
                        + "\"idleRatioP50Limit\":1.5,\"idleFailed\":false,\"rounds\":3,\"failed\":false}",
                json(isolation::writeFields));
    }

    @Test
    void shouldFailAnIsolationInWhichAStoppedConsumerCostsTooMuch() {
        isolation(94, 15);

        final IsolationFindings isolation = new IsolationFindings(findings, 1_000);

        assertTrue(isolation.isFailed());
        assertTrue(isolation.text(10).contains("FAILED: beside a consumer that stopped, less than 0.95 x is left."));
        assertFalse(isolation.text(10).contains("FAILED: beside idle"));
        assertTrue(json(isolation::writeFields).contains("\"stalledFailed\":true"));
        assertTrue(json(isolation::writeFields).endsWith("\"failed\":true}"));
    }

    @Test
    void shouldFailAnIsolationInWhichIdleSessionsCostTooMuch() {
        isolation(100, 16);

        final IsolationFindings isolation = new IsolationFindings(findings, 1_000);

        assertTrue(isolation.isFailed());
        assertTrue(isolation.text(10).contains("FAILED: beside idle sessions a round trip takes more than 1.5 x."));
        assertTrue(json(isolation::writeFields).contains("\"stalledFailed\":false"));
        assertTrue(json(isolation::writeFields).contains("\"idleFailed\":true"));
    }

    @Test
    void shouldJudgeAnIsolationByTheMedianRound() {
        isolation(95, 15);
        isolation(10, 100);

        final IsolationFindings isolation = new IsolationFindings(findings, 1_000);

        assertTrue(isolation.isFailed());
        isolation(99, 11);
        assertFalse(new IsolationFindings(findings, 1_000).isFailed());
    }

    /** Three rounds against 100 messages a second and 10 ns. */
    private void isolation(final long stalledRate, final long crowdedNs) {
        for (int i = 0; i < 3; i++) {
            findings.add(IsolationFindings.CONTROL, rate(100, SECOND));
            findings.add(IsolationFindings.STALLED, rate(stalledRate, SECOND));
            findings.add(IsolationFindings.ALONE, latencies(10));
            findings.add(IsolationFindings.CROWDED, latencies(crowdedNs));
        }
    }

    @Test
    void shouldWriteTheFieldsOfAllocation() {
        final AllocationTrial.Result result = new AllocationTrial.Result(rate(10_000_000, SECOND), 2_500_000);

        assertEquals(
                "{\"messages\":10000000,\"allocatedBytes\":2500000,\"bytesPerMessage\":0.25}",
                json(json -> AllocationCommand.writeFields(json, result)));
    }

    @Test
    void shouldCarryAMeasurementBetweenProcesses() {
        final Measurement sent = latencies(1, 640, 1_000_000);

        final Measurement received = TrialReport.decode(TrialReport.encode(sent));

        assertEquals(sent.histogram(), received.histogram());
        assertEquals(sent.messages(), received.messages());
        assertEquals(sent.durationNs(), received.durationNs());
    }

    @Test
    void shouldExplainASlowFloor() {
        assertEquals("", FloorNote.onLatency(700));
        assertTrue(FloorNote.onLatency(2_000).contains("takes 2000 ns, much slower than the 640 ns"));
        assertEquals("", FloorNote.onRate(2_500_000));
        assertTrue(FloorNote.onRate(300_000).contains("300,000 messages/s, much slower than the 2,000,000"));
    }

    private static String json(final JsonLines.Fields fields) {
        final StringWriter out = new StringWriter();
        JsonLines.print(new PrintWriter(out), fields);
        return out.toString().strip();
    }

    private static Measurement latencies(final long... times) {
        final Histogram histogram = Latencies.histogram();
        for (final long time : times) {
            Latencies.record(histogram, time);
        }
        return new Measurement(histogram, times.length, SECOND);
    }

    private static Measurement rate(final long messages, final long durationNs) {
        return new Measurement(Latencies.histogram(), messages, durationNs);
    }
}
