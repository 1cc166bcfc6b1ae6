package io.millrace.perf.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a figure depends on besides the code: kept beside every result, because a figure without it means little. */
public final class Environment {
    private static final String UNKNOWN = "unknown";
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Environment() {}

    /**
     * Load average of the last minute.
     *
     * @return runnable threads on average, negative if the system does not tell.
     */
    public static double loadAverage() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    /**
     * Writes the fields of the description.
     *
     * @param json              generator inside an object.
     * @param loadAverageBefore load average before the run began.
     * @throws IOException if the generator cannot write.
     */
    public static void write(final JsonGenerator json, final double loadAverageBefore) throws IOException {
        json.writeStringField("time", Instant.now().toString());
        json.writeStringField("cpu", cpu());
        json.writeNumberField("cores", Runtime.getRuntime().availableProcessors());
        json.writeStringField("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        json.writeStringField("kernel", System.getProperty("os.version"));
        json.writeStringField(
                "jdk", System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"));
        json.writeArrayFieldStart("flags");
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            json.writeString(flag);
        }
        json.writeEndArray();
        json.writeStringField("commit", commit());
        json.writeStringField("temporaryDirectory", System.getProperty("java.io.tmpdir"));
        json.writeNumberField("loadAverageBefore", loadAverageBefore);
        json.writeNumberField("loadAverageAfter", loadAverage());
    }

    private static String cpu() {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (final IOException e) {
            return UNKNOWN;
        }
    }

    /** The launcher's jars lie inside the work tree, so git knows the commit from there. */
    private static String commit() {
        try {
            final Path here = Path.of(Environment.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .getParent();
            final String id = run(List.of("git", "-C", here.toString(), "rev-parse", "HEAD"));
            final String changes =
                    run(List.of("git", "-C", here.toString(), "status", "--porcelain", "--untracked-files=no"));
            return changes.isEmpty() ? id : id + " with changes";
        } catch (final IOException | URISyntaxException e) {
            return UNKNOWN;
        }
    }

    private static String run(final List<String> command) throws IOException {
        final Process process = new ProcessBuilder(command).start();
        try {
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(command + " failed");
            }
            return output;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted in " + command, e);
        } finally {
            process.destroy();
        }
    }
}
