package io.millrace.server.cli;

import io.millrace.server.DriverMode;
import io.millrace.server.Durability;
import io.millrace.server.MillraceServer;
import io.millrace.server.ServerContext;
import io.millrace.server.ServerProperties;
import io.millrace.store.DirectoryLockedException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a server in the foreground until a signal stops it. */
@Command(
        name = "server",
        description = "Runs a server in the foreground. SIGTERM or Ctrl-C stops it cleanly.",
        footer = {
            "",
            "Examples:",
            "  millrace server",
            "  millrace server --dir /data/orders --channel aeron:ipc --channel 'aeron:udp?endpoint=localhost:40123'",
            "  millrace server --aeron-dir /dev/shm/aeron-shared --driver external"
        })
final class ServerCommand implements Callable<Integer> {

    private static final long FAILURE_CHECK_MS = 200;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Directory of journal and snapshots, created if missing. Default: ./millrace-data.")
    private Path directory;

    @Option(
            names = "--channel",
            paramLabel = "CHANNEL",
            description = "Ingress channel; may be given more than once. Default: aeron:ipc.")
    private List<String> channels;

    @Option(
            names = "--durability",
            paramLabel = "LEVEL",
            description = "What a confirmed message survives: memory (nothing), process (the end of the process), "
                    + "disk (the loss of power). Default: process.")
    private Durability durability;

    @Option(
            names = "--aeron-dir",
            paramLabel = "DIR",
            description = "Directory of the media driver, on shared memory. Default: /dev/shm/millrace-USER.")
    private String aeronDirectory;

    @Option(
            names = "--driver",
            paramLabel = "MODE",
            description =
                    "Where the media driver runs: invoker (on the server's own thread), shared or dedicated (on threads "
                            + "of its own), external (another process, already running on --aeron-dir). Default: invoker below "
                            + "four cores, else dedicated.")
    private DriverMode driver;

    @Option(
            names = "--memory",
            paramLabel = "BYTES",
            description =
                    "Memory that queues and messages may take; what would need more is refused. Default: what the JVM "
                            + "may reserve outside its heap (-XX:MaxDirectMemorySize), without what buffers need.")
    private Long memoryBytes;

    /** Adds the command to the command line. */
    public static final class Provider implements CommandProvider {
        @Override
        public Object command() {
            return new ServerCommand();
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        JvmFlags.requireAll();
        final StopSignal signal =
                new StopSignal(spec.commandLine().getOut(), spec.commandLine().getErr());
        final MillraceServer server = launch();
        try {
            run(server, signal);
            signal.exitCode = Main.DONE;
        } finally {
            signal.stopped.countDown();
        }
        return Main.DONE;
    }

    private void run(final MillraceServer server, final StopSignal signal) throws InterruptedException {
        try (server) {
            Runtime.getRuntime().addShutdownHook(signal);
            printReady(server);
            boolean failed = false;
            while (!failed && !signal.requested.await(FAILURE_CHECK_MS, TimeUnit.MILLISECONDS)) {
                failed = server.awaitStopped(0);
            }
            if (failed) {
                throw new CommandFailure("The server has stopped by itself: the error log in "
                        + server.directory().toAbsolutePath() + " says why.");
            }
        }
    }

    private MillraceServer launch() {
        final ServerContext ctx =
                new ServerContext().log(line -> spec.commandLine().getErr().println(line));
        if (directory != null) {
            ctx.directory(directory);
        }
        if (channels != null) {
            ctx.channels(channels);
        }
        if (durability != null) {
            ctx.durability(durability);
        }
        if (aeronDirectory != null) {
            ctx.aeronDirectoryName(aeronDirectory);
        }
        if (driver != null) {
            ctx.driverMode(driver);
        }
        if (memoryBytes != null) {
            ctx.memoryBytes(memoryBytes);
        }
        try {
            return MillraceServer.launch(ctx);
        } catch (final DirectoryLockedException e) {
            throw new CommandFailure(
                    e.getMessage() + ": stop that server, or start this one with another --dir and --aeron-dir", e);
        }
    }

    private void printReady(final MillraceServer server) {
        final ServerProperties properties = ServerProperties.read(server.directory());
        final PrintWriter out = spec.commandLine().getOut();
        out.println("Millrace is ready: " + String.join(", ", properties.channels()) + " on "
                + properties.aeronDirectoryName() + ", directory "
                + server.directory().toAbsolutePath().normalize() + ", durability "
                + server.context().durability().name().toLowerCase(Locale.ROOT) + ", pid "
                + properties.pid() + ".");
        out.flush();
    }

    /** Asks the main thread to stop the server, and keeps the JVM until it has. The duty cycle is never interrupted. */
    private static final class StopSignal extends Thread {
        final CountDownLatch requested = new CountDownLatch(1);
        final CountDownLatch stopped = new CountDownLatch(1);
        volatile int exitCode = Main.FAILED;
        private final PrintWriter out;
        private final PrintWriter err;

        StopSignal(final PrintWriter out, final PrintWriter err) {
            super("millrace-stop");
            this.out = out;
            this.err = err;
        }

        @Override
        public void run() {
            if (stopped.getCount() == 0) {
                return;
            }
            requested.countDown();
            try {
                stopped.await();
                out.flush();
                err.flush();
                // A stop that was asked for and went well is a success, whichever signal asked for it.
                Runtime.getRuntime().halt(exitCode);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
