package io.millrace.perf.demo;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.report.LatencyPlot;
import io.millrace.perf.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/** What the demo tells: tables and a verdict for people, one object for machines. */
final class DemoReport {
    private static final double[] PERCENTILES = {50, 99, 99.9};

    private DemoReport() {}

    /** Writes the fields of the object. */
    static void writeFields(final JsonGenerator generator, final DemoOutcome outcome) throws IOException {
        final DemoResult trades = outcome.trades();
        generator.writeNumberField("trades", trades.counts().sent());
        generator.writeNumberField("received", trades.verdict().received());
        generator.writeNumberField("acknowledged", trades.counts().acknowledged());
        generator.writeNumberField("redelivered", trades.verdict().redelivered());
        writeSpeed(generator, trades);
        generator.writeBooleanField("verified", outcome.isVerified());
        generator.writeObjectFieldStart("fifo");
        writeFifo(generator, outcome.fifo());
        generator.writeEndObject();
        generator.writeObjectFieldStart("topic");
        writeTopic(generator, outcome.topic());
        generator.writeEndObject();
        generator.writeObjectFieldStart("stream");
        writeTape(generator, outcome.tape());
        generator.writeEndObject();
    }

    private static void writeTape(final JsonGenerator generator, final TapeResult tape) throws IOException {
        generator.writeNumberField("trades", tape.put());
        generator.writeArrayFieldStart("readByMember");
        for (final long records : tape.read()) {
            generator.writeNumber(records);
        }
        generator.writeEndArray();
        generator.writeNumberField("bars", tape.bars().size());
        generator.writeNumberField("messagesPerSecond", tape.recordsPerSecond());
        generator.writeBooleanField("verified", tape.isVerified());
    }

    private static void writeTopic(final JsonGenerator generator, final TopicResult topic) throws IOException {
        final DemoCounts counts = topic.audit().counts();
        generator.writeNumberField("trades", counts.sent());
        generator.writeNumberField("acknowledged", counts.acknowledged());
        generator.writeNumberField("redelivered", topic.redelivered());
        writeSpeed(generator, topic.audit());
        writeShare(generator, "audit", topic.audit().verdict());
        writeShare(generator, "large", topic.large());
        writeShare(generator, "band", topic.band());
        generator.writeBooleanField("verified", topic.isVerified());
    }

    /** Volume in bitcoins times 10^8, value in dollars times 10^10. */
    private static void writeShare(final JsonGenerator generator, final String name, final Verdict verdict)
            throws IOException {
        generator.writeObjectFieldStart(name);
        generator.writeNumberField("received", verdict.received());
        generator.writeNumberField("volume", verdict.volume());
        generator.writeNumberField("value", verdict.value());
        generator.writeBooleanField("verified", verdict.isVerified());
        generator.writeEndObject();
    }

    private static void writeFifo(final JsonGenerator generator, final SettlementResult fifo) throws IOException {
        generator.writeNumberField("trades", fifo.settled().counts().sent());
        generator.writeNumberField("settled", fifo.settled().verdict().received());
        generator.writeNumberField("deadLetters", fifo.redrive().deadLetters());
        generator.writeNumberField("redriven", fifo.redrive().redriven());
        writeSpeed(generator, fifo.settled());
        generator.writeBooleanField("verified", fifo.isVerified());
    }

    private static void writeSpeed(final JsonGenerator generator, final DemoResult result) throws IOException {
        generator.writeNumberField("messagesPerSecond", result.messagesPerSecond());
        generator.writeNumberField("p50Ns", result.latencies().getValueAtPercentile(50));
        generator.writeNumberField("p99Ns", result.latencies().getValueAtPercentile(99));
    }

    /**
     * Writes the report for people.
     *
     * @param outcome what was found.
     * @param out     directory of the files.
     * @return text.
     */
    static String text(final DemoOutcome outcome, final Path out) {
        final StringBuilder text = new StringBuilder(
                "Bitstamp's trades of bitcoins for dollars, 25 November to 1 December 2013, through a durable queue:\n\n");
        text.append(tradesTable(outcome.trades())).append('\n');
        text.append("The same trades settled through a durable FIFO queue, a message group for each price band of $50; "
                + "every hundredth fails until it is redriven:\n\n");
        text.append(fifoTable(outcome.fifo())).append('\n');
        text.append(
                "The same trades published to a durable topic: the queue audit gets all of them, the queue large those of 10 BTC or "
                        + "more, and a session has those from 800 to 850 USD pushed:\n\n");
        text.append(topicTable(outcome.topic())).append('\n');
        text.append(
                "The same trades put on the durable stream tape, keyed by minute, one of four shards split half-way; a consumer group of two "
                        + "processes makes one-minute bars:\n\n");
        text.append(tapeTable(outcome.tape())).append('\n');
        text.append("Candlesticks: ")
                .append(outcome.tape().plot())
                .append(", bars in ")
                .append(outcome.tape().csv().getFileName())
                .append('\n');
        text.append("Latency plots: ")
                .append(outcome.trades().plot())
                .append(", ")
                .append(outcome.fifo().settled().plot().getFileName())
                .append(" and ")
                .append(outcome.topic().audit().plot().getFileName())
                .append(", raw latencies beside them in ")
                .append(out.toAbsolutePath().normalize())
                .append("\n\n");
        appendVerdict(text, outcome);
        return text.toString();
    }

    private static Table tradesTable(final DemoResult result) {
        final Table table = new Table()
                .row("trades sent", Table.count(result.counts().sent()), "")
                .row("received", Table.count(result.verdict().received()), "")
                .row("acknowledged", Table.count(result.counts().acknowledged()), "")
                .row("redelivered", Table.count(result.verdict().redelivered()), "")
                .row("volume", result.volume().toPlainString(), "BTC")
                .row("VWAP", result.vwap().toPlainString(), "USD");
        return addSpeed(table, result);
    }

    private static Table fifoTable(final SettlementResult fifo) {
        final Table table = new Table()
                .row("trades sent", Table.count(fifo.settled().counts().sent()), "")
                .row("settled", Table.count(fifo.settled().verdict().received()), "")
                .row("dead letters", Table.count(fifo.redrive().deadLetters()), "")
                .row("redriven", Table.count(fifo.redrive().redriven()), "");
        return addSpeed(table, fifo.settled());
    }

    private static Table topicTable(final TopicResult topic) {
        final DemoResult audit = topic.audit();
        final Table table = new Table()
                .row("trades published", Table.count(audit.counts().sent()), "")
                .row("acknowledged", Table.count(audit.counts().acknowledged()), "")
                .row("redelivered", Table.count(topic.redelivered()), "");
        addShare(table, "audit", audit.verdict());
        addShare(table, "large", topic.large());
        addShare(table, "band", topic.band());
        return addSpeed(table, audit);
    }

    private static Table tapeTable(final TapeResult tape) {
        final Table table = new Table().row("trades put", Table.count(tape.put()), "");
        for (int i = 0; i < tape.read().size(); i++) {
            table.row("read by member " + (i + 1), Table.count(tape.read().get(i)), "");
        }
        return table.row("bars", Table.count(tape.bars().size()), "")
                .row("throughput", Table.count(tape.recordsPerSecond()), "trades/s");
    }

    private static void addShare(final Table table, final String name, final Verdict verdict) {
        table.row(name + " received", Table.count(verdict.received()), "")
                .row(name + " volume", verdict.bitcoins().toPlainString(), "BTC")
                .row(name + " value", verdict.dollars().toPlainString(), "USD");
    }

    private static Table addSpeed(final Table table, final DemoResult result) {
        final Histogram latencies = result.latencies();
        table.row("throughput", Table.count(result.messagesPerSecond()), "trades/s");
        for (final double percentile : PERCENTILES) {
            final String name = percentile == Math.rint(percentile) ? "" + (int) percentile : "" + percentile;
            table.row("latency p" + name, LatencyPlot.time(latencies.getValueAtPercentile(percentile)), "");
        }
        return table.row("latency max", LatencyPlot.time(latencies.getValueAtPercentile(100)), "");
    }

    private static void appendVerdict(final StringBuilder text, final DemoOutcome outcome) {
        if (outcome.isVerified()) {
            text.append("VERIFIED: every trade arrived exactly once, in order, with every field as recorded;\n")
                    .append("  and settled exactly once, in the order of its price band, ")
                    .append("every hundredth only after it was redriven;\n")
                    .append(
                            "  and reached audit, large and the session of a price band through the topic exactly once ")
                    .append("where it was due, in order, with every field as recorded;\n")
                    .append("  and every one-minute bar made from the stream is the one that the recording has.\n");
            return;
        }
        text.append(
                "MISMATCH: what arrived, was settled, came through the topic or from the stream is not what was recorded.\n");
        appendReasons(text, outcome.trades());
        appendReasons(text, outcome.fifo().settled());
        appendReasons(text, outcome.topic().audit());
        appendReasons(text, outcome.topic().large());
        appendReasons(text, outcome.topic().band());
        appendReasons(text, outcome.tape());
        if (outcome.topic().isReceived() && !outcome.topic().isVerified()) {
            text.append("  Not every delivery of the topic was acknowledged.\n");
        }
        if (outcome.fifo().settled().isVerified() && !outcome.fifo().isVerified()) {
            text.append("  Not exactly every hundredth trade was a dead letter and redriven.\n");
        }
    }

    private static void appendReasons(final StringBuilder text, final DemoResult result) {
        if (result.isVerified()) {
            return;
        }
        final Verdict verdict = result.verdict();
        appendReasons(text, verdict);
        final String failure = result.counts().failure();
        if (failure != null) {
            text.append("  ").append(failure.replace("\n", "\n  ")).append('\n');
        } else if (verdict.isVerified()) {
            text.append("  Not every trade was confirmed and acknowledged.\n");
        }
    }

    private static void appendReasons(final StringBuilder text, final TapeResult tape) {
        tape.reasons().forEach(reason -> text.append("  ").append(reason).append('\n'));
        if (tape.failure() != null) {
            text.append("  ").append(tape.failure().replace("\n", "\n  ")).append('\n');
        } else if (tape.reasons().isEmpty() && !tape.isVerified()) {
            text.append("  Not both members of the consumer group read, or not exactly what was put.\n");
        }
    }

    private static void appendReasons(final StringBuilder text, final Verdict verdict) {
        verdict.reasons().forEach(reason -> text.append("  ").append(reason).append('\n'));
        final long more = verdict.mismatches() - verdict.reasons().size();
        if (more > 0) {
            text.append("  and ").append(Table.count(more)).append(" more differences.\n");
        }
    }
}
