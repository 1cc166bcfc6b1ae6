package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.IoUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process of its own, as the launcher starts it. */
class ServerCommandTest {
    private static final Path OPTIONS = Path.of(System.getProperty("millrace.jvm.options.dir"));
    private static final long PATIENCE_SECONDS = 60;

    private final Path aeronDirectory = Path.of("/dev/shm", "millrace-cli-" + UUID.randomUUID());
    private final Map<Process, Path> outputs = new LinkedHashMap<>();

    @TempDir
    Path directory;

    @AfterEach
    void cleanUp() {
        outputs.keySet().forEach(Process::destroyForcibly);
        IoUtil.delete(aeronDirectory.toFile(), true);
    }

    @Test
    void shouldKeepMessagesOverACleanStop() throws Exception {
        final Process first = start(true);
        assertReady(first);
        queue("create", "kept");
        queue("send", "kept", "still here");
        first.destroy();
        assertTrue(first.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the server did not stop");
        assertEquals(Main.DONE, first.exitValue(), () -> said(first));
        assertEquals(1, said(first).lines().count(), () -> said(first));

        final Cli stopped = Cli.run("queue", "list", "--dir", directory);
        assertEquals(Main.FAILED, stopped.exitCode());
        assertTrue(stopped.err().startsWith("millrace: No server runs on " + aeronDirectory), stopped::err);

        assertReady(start(true));
        assertTrue(queue("receive", "kept", "--wait", "5s").out().contains("body=\"still here\""));
    }

    @Test
    void shouldNameTheServerThatHoldsTheDirectory() throws Exception {
        final Process holder = start(true);
        assertReady(holder);
        final Process second = start(true);
        assertTrue(second.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the second server goes on");
        assertEquals(Main.FAILED, second.exitValue());
        final String said = said(second);
        assertEquals(1, said.lines().count(), said);
        assertTrue(said.startsWith("millrace: ") && said.contains("pid " + holder.pid()), said);
    }

    @Test
    void shouldNameAMissingFlag() throws Exception {
        final Process server = start(false);
        assertTrue(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the server runs without its flags");
        assertEquals(Main.FAILED, server.exitValue());
        final String said = said(server);
        assertTrue(
                said.startsWith(
                        "millrace: This JVM runs without --add-opens=java.base/jdk.internal.misc=ALL-UNNAMED: "),
                said);
    }

    @Test
    void shouldRunFromItsJarAlone() throws Exception {
        final List<String> line = new ArrayList<>(List.of(java(), "-jar", jar().toString()));
        final Process server = start(line);
        assertReady(server);
        queue("create", "kept");
        server.destroy();
        assertTrue(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the server did not stop");
        assertEquals(Main.DONE, server.exitValue(), () -> said(server));
        assertEquals(1, own(server).lines().count(), () -> said(server));
    }

    @Test
    void shouldRefuseAPropertyThatIsSetOtherwise() throws Exception {
        final Process server = start(
                new ArrayList<>(List.of(java(), "-Dchronicle.analytics.disable=false", "-jar", jar().toString())));
        assertTrue(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the server runs with another flag");
        assertEquals(Main.FAILED, server.exitValue());
        assertTrue(
                said(server).contains("millrace: This JVM runs without -Dchronicle.analytics.disable=true: "),
                () -> said(server));
    }

    @Test
    void shouldUseAnExternalDriver() throws Exception {
        try (MediaDriver driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(aeronDirectory.toString())
                .threadingMode(ThreadingMode.SHARED)
                .ipcTermBufferLength(1 << 20))) {
            final Process server = start(true, "--driver", "external");
            assertReady(server);
            queue("create", "kept");
            queue("send", "kept", "over a driver of its own");
            server.destroy();
            assertTrue(server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "the server did not stop");
            assertEquals(Main.DONE, server.exitValue(), () -> said(server));
            assertTrue(Files.exists(driver.context().aeronDirectory().toPath()), "the driver goes on");
        }
    }

    @Test
    void shouldSayThatDiskDurabilityIsNotThere() {
        final Cli cli = Cli.run("server", "--dir", directory, "--aeron-dir", aeronDirectory, "--durability", "disk");
        assertEquals(Main.FAILED, cli.exitCode());
        assertEquals(
                "millrace: Durability disk is not available in this version: start with durability process.",
                cli.err().strip());
    }

    private void assertReady(final Process server) {
        Waits.until("the server to be ready", () -> own(server).contains("\n") || !server.isAlive());
        assertEquals(
                "Millrace is ready: aeron:ipc on " + aeronDirectory + ", directory " + directory
                        + ", durability process, pid " + server.pid() + ".",
                own(server).strip());
    }

    private Cli queue(final String... args) {
        final List<Object> line = new ArrayList<>(List.of("queue"));
        line.addAll(List.of(args));
        line.addAll(List.of("--dir", directory));
        return Cli.done(line.toArray());
    }

    /** An executable jar like the one that the build packs, whose libraries lie where they lie. */
    private Path jar() throws IOException {
        final Manifest manifest = new Manifest();
        try (InputStream in = Files.newInputStream(Path.of(System.getProperty("millrace.manifest")))) {
            manifest.read(in);
        }
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Main.class.getName());
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        final Path jar = directory.resolve("millrace-server.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    /** The complete lines that the program itself said: later JVMs warn of calls that this one allows. */
    private String own(final Process process) {
        final String said = said(process);
        return said.substring(0, said.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> !line.startsWith("WARNING: "))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private Process start(final boolean withFlags, final String... options) throws IOException {
        final List<String> line = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1"));
        if (withFlags) {
            line.add("@" + OPTIONS.resolve("jvm.options"));
            if (Runtime.version().feature() >= 24) {
                line.add("@" + OPTIONS.resolve("jvm-24.options"));
            }
        }
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        return start(line, options);
    }

    private Process start(final List<String> line, final String... options) throws IOException {
        line.add("server");
        line.addAll(List.of("--dir", directory.toString(), "--aeron-dir", aeronDirectory.toString()));
        line.addAll(List.of(options));
        final Path output = directory.resolve("output-" + outputs.size());
        final Process process = new ProcessBuilder(line)
                .directory(new File("."))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        outputs.put(process, output);
        return process;
    }

    /** What a server has printed, on stdout and stderr. */
    private String said(final Process process) {
        try {
            return Files.readString(outputs.get(process));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
