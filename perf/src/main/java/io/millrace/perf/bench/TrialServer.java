package io.millrace.perf.bench;

import io.millrace.perf.floor.AeronEchoFloor;
import io.millrace.perf.floor.JournalFloor;
import io.millrace.perf.process.ParentLink;
import io.millrace.perf.process.Workspace;
import io.millrace.perf.rig.DutyCycle;
import io.millrace.server.DriverMode;
import io.millrace.server.Durability;
import io.millrace.server.MillraceServer;
import io.millrace.server.ServerContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.agrona.ErrorHandler;

/**
 * The server process of a trial: one thread that does nothing but duty cycles and spins between them, or yields if it shares its
 * core, with the media driver invoked from it. Floors and server alike have one helper thread for the journal's slow work.
 */
final class TrialServer {
    private static final int CYCLES_PER_LOOK_AT_PARENT = 10_000;
    private static final ErrorHandler ERRORS = Throwable::printStackTrace;

    private TrialServer() {}

    public static void main(final String[] args) {
        final TrialSettings settings = TrialSettings.fromArgs(args);
        final String aeronDirectory = TrialSettings.aeronDirectory(args);
        final Path directory = TrialSettings.directory(args);
        final ParentLink parent = ParentLink.open();
        switch (settings.target()) {
            case AERON -> runFloor(new AeronEchoFloor(settings.echo(aeronDirectory), ERRORS), parent);
            case JOURNAL -> runFloor(new JournalFloor(settings.echo(aeronDirectory), directory, ERRORS), parent);
            case MILLRACE -> runMillrace(context(settings, aeronDirectory, directory), parent);
            default -> throw new IllegalArgumentException("Nobody serves " + settings.target());
        }
        if (parent.isOrphaned()) {
            Workspace.delete(Path.of(aeronDirectory), directory);
        }
    }

    private static void runFloor(final DutyCycle floor, final ParentLink parent) {
        try (floor) {
            parent.report("ready", "floor");
            while (parent.isOpen()) {
                for (int i = 0; i < CYCLES_PER_LOOK_AT_PARENT; i++) {
                    if (floor.doWork() == 0) {
                        Thread.onSpinWait();
                    }
                }
            }
        }
    }

    private static ServerContext context(
            final TrialSettings settings, final String aeronDirectory, final Path directory) {
        return new ServerContext()
                .directory(directory)
                .aeronDirectoryName(aeronDirectory)
                .channels(List.of(settings.requestChannel()))
                .durability(Durability.valueOf(settings.durability().toUpperCase(Locale.ROOT)))
                .driverMode(DriverMode.INVOKER)
                .idleStrategy(settings.sharesItsCore() ? "yield" : "spin");
    }

    private static void runMillrace(final ServerContext context, final ParentLink parent) {
        try (MillraceServer server = MillraceServer.launch(context)) {
            parent.report("ready", "millrace");
            for (String command = parent.awaitCommand(); command != null; command = parent.awaitCommand()) {
                if (command.equals(AllocationProbe.COMMAND)) {
                    parent.report(AllocationProbe.COMMAND, AllocationProbe.allocatedBytes(server.dutyCycleThreadId()));
                }
            }
        }
    }
}
