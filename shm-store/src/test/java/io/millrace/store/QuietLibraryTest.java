package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library under the journal does what the journal asks for and nothing else. */
class QuietLibraryTest {
    private static final int DEADLINE_SECONDS = 60;

    @TempDir
    Path directory;

    /** A process that opens a journal, uses it and prints what it has open and running. */
    public static void main(final String[] args) throws IOException {
        final StringBuilder report = new StringBuilder();
        try (ChronicleJournal journal = TestWriter.open(TestWriter.context(Path.of(args[0])))) {
            final TestWriter writer = new TestWriter(journal);
            for (int i = 0; i < 3_000; i++) {
                writer.appendAll(1);
                journal.doHousekeeping();
            }
            for (final Path descriptor : JournalLayout.list(Path.of("/proc/self/fd"))) {
                if (Files.isSymbolicLink(descriptor)) {
                    report.append("fd ").append(target(descriptor)).append('\n');
                }
            }
            for (final Thread thread : Thread.getAllStackTraces().keySet()) {
                report.append("thread ").append(thread.getName()).append('\n');
            }
            report.append("rolls ").append(journal.rollCount()).append('\n');
        }
        System.out.print(report);
    }

    /** What a descriptor is. The JDK itself keeps one end of a local socket pair to close files with; others are named. */
    private static String target(final Path descriptor) {
        try {
            final String target = Files.readSymbolicLink(descriptor).toString();
            if (!target.startsWith("socket:")) {
                return target;
            }
            final String inode = target.substring(target.indexOf('[') + 1, target.indexOf(']'));
            final boolean local = Files.readAllLines(Path.of("/proc/self/net/unix")).stream()
                    .anyMatch(line -> List.of(line.split(" +")).contains(inode));
            return local ? "local pair" : target;
        } catch (final IOException e) {
            // The descriptor that listed the folder is closed by now.
            return "closed";
        }
    }

    @Test
    void shouldOpenNoNetworkSocketAndStartNoMonitor() throws IOException, InterruptedException {
        final Path standardError = directory.resolve("stderr");
        final Process process = ChildProcess.start(
                QuietLibraryTest.class,
                standardError.toFile(),
                directory.resolve("data").toString());
        final String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS), "the process does not end");
        final String errors = Files.readString(standardError);
        assertEquals(0, process.exitValue(), errors);
        final List<String> lines = output.lines().toList();
        assertTrue(lines.stream().anyMatch(line -> line.endsWith(".cq4")), output);
        assertTrue(lines.stream().noneMatch(line -> line.contains("socket:")), output);
        assertTrue(lines.stream().noneMatch(line -> line.contains("disk~space")), output);
        final TreeSet<String> library = new TreeSet<>();
        lines.stream()
                .filter(line -> line.startsWith("thread ") && line.contains("~"))
                .forEach(library::add);
        assertEquals(List.of("thread background~resource~releaser"), List.copyOf(library));
        assertTrue(lines.stream().anyMatch(line -> line.matches("rolls [2-9]")), output);
    }

    @Test
    void shouldStartWithTheProjectsFlagsWithoutAWarningOfTheJvm() throws IOException, InterruptedException {
        final Path standardError = directory.resolve("stderr");
        final Process process = ChildProcess.start(
                QuietLibraryTest.class,
                standardError.toFile(),
                directory.resolve("data").toString());
        process.getInputStream().readAllBytes();
        assertTrue(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS), "the process does not end");
        final String errors = Files.readString(standardError);
        assertEquals(0, process.exitValue(), errors);
        assertTrue(errors.lines().noneMatch(line -> line.startsWith("WARNING") || line.contains("Exception")), errors);
    }

    @Test
    void shouldNotHaveTheReporterOnTheClassPath() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
        assertEquals("true", System.getProperty("chronicle.analytics.disable"));
    }
}
