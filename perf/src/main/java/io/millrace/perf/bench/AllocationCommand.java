package io.millrace.perf.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.perf.report.Progress;
import io.millrace.perf.report.Table;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Garbage of the duty cycle. */
@Command(
        name = "allocation",
        description =
                "Measures how many bytes the server's duty-cycle thread allocates a message sent, confirmed, delivered "
                        + "(every eighth twice) and acknowledged, read by the thread's id from inside the server.",
        footer = {"", "Example:", "  millrace bench allocation --messages 10000000"})
final class AllocationCommand implements Callable<Integer> {
    private static final long JOURNAL_BYTES_PER_MESSAGE = 700;
    private static final long WARM_UP_BYTES = 10L << 30;
    private static final long MAX_MESSAGES = 1_000_000_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BenchOutput output;

    @Option(
            names = "--messages",
            defaultValue = "10000000",
            description = "Messages after the warm-up. Default: ${DEFAULT-VALUE}.")
    private long messages;

    @Override
    public Integer call() {
        Usage.require(spec, "--messages", messages, 1, MAX_MESSAGES);
        final AllocationTrial.Result result = output.measure(this::measure);
        final Findings findings = new Findings();
        findings.add("millrace", result.measurement());
        output.report("allocation", text(result), json -> writeFields(json, result), findings);
        return 0;
    }

    private AllocationTrial.Result measure(final Progress progress) {
        Interleaved.requireDisk(JOURNAL_BYTES_PER_MESSAGE * messages + WARM_UP_BYTES);
        progress.show("sending " + Table.count(messages) + " messages");
        return AllocationTrial.run(messages);
    }

    static void writeFields(final JsonGenerator json, final AllocationTrial.Result result) throws IOException {
        json.writeNumberField("messages", result.measurement().messages());
        json.writeNumberField("allocatedBytes", result.allocatedBytes());
        json.writeNumberField("bytesPerMessage", result.bytesPerMessage());
    }

    private static String text(final AllocationTrial.Result result) {
        return String.format(
                Locale.ROOT,
                "%,d messages of 200 bytes sent, confirmed, delivered (every eighth twice) and acknowledged after a warm-up:%n%n"
                        + "  allocated by the duty-cycle thread  %,d bytes%n"
                        + "  a message                           %.4f bytes%n",
                result.measurement().messages(),
                result.allocatedBytes(),
                result.bytesPerMessage());
    }
}
