package io.millrace.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a JVM of its own, to be killed; its journal rolls often, and it writes snapshots all the time. */
final class ServerProcess implements AutoCloseable {

    private static final String READY = "ready";

    /** Small, so that a server under load rolls several times a second. */
    private static final long SEGMENT_BYTES = 1024 * 1024;

    /** Often, so that a server under load is seldom far from one. */
    private static final long SNAPSHOT_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long STOP_SECONDS = 20;
    private final Process process;

    private ServerProcess(final Process process) {
        this.process = process;
    }

    /** The other side: starts a server and runs until it is told to stop or killed. */
    public static void main(final String[] arguments) throws Exception {
        final MillraceServer server = MillraceServer.launch(new ServerContext()
                .directory(Path.of(arguments[0]))
                .aeronDirectoryName(arguments[1])
                .segmentBytes(SEGMENT_BYTES)
                .driverMode(DriverMode.INVOKER));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println(READY);
        while (!server.awaitStopped(SNAPSHOT_INTERVAL_NS)) {
            server.requestSnapshot();
        }
    }

    static ServerProcess start(final Path directory, final String aeronDir) throws IOException {
        final String options = System.getProperty("millrace.jvm.options.dir");
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of(options, "jvm.options"));
        if (Runtime.version().feature() >= 24) {
            command.add("@" + Path.of(options, "jvm-24.options"));
        }
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(ServerProcess.class.getName(), directory.toString(), aeronDir));
        final ServerProcess server = new ServerProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        server.awaitReady();
        return server;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM; returns how long the process took to end, in nanoseconds. */
    long terminate() {
        final long startNs = System.nanoTime();
        process.destroy();
        process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
        return System.nanoTime() - startNs;
    }

    private void awaitReady() throws IOException {
        final BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        final StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals(READY)) {
                return;
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("the server ended before it was ready:\n" + said);
    }

    @Override
    public void close() {
        kill();
    }
}
