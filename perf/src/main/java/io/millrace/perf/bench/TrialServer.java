package io.millrace.perf.bench;

import io.millrace.perf.floor.AeronEchoFloor;
import io.millrace.perf.floor.JournalFloor;
import io.millrace.perf.process.ParentLink;
import io.millrace.perf.process.Workspace;
import io.millrace.perf.rig.DutyCycle;
import java.nio.file.Path;
import org.agrona.ErrorHandler;

/** The server process of a trial: one thread that does nothing but duty cycles, with the media driver invoked from it. */
final class TrialServer {
    private static final int CYCLES_PER_LOOK_AT_PARENT = 100_000;

    private TrialServer() {}

    public static void main(final String[] args) {
        final TrialSettings settings = TrialSettings.fromArgs(args);
        final String aeronDirectory = TrialSettings.aeronDirectory(args);
        final Path directory = TrialSettings.directory(args);
        final ParentLink parent = ParentLink.open();
        try (DutyCycle server = open(settings, aeronDirectory, directory)) {
            final AllocationProbe probe =
                    new AllocationProbe(Thread.currentThread().getId());
            parent.report("ready", settings.target().word());
            while (parent.isOpen()) {
                run(server);
                if (AllocationProbe.COMMAND.equals(parent.pollCommand())) {
                    parent.report(AllocationProbe.COMMAND, probe.allocatedBytes());
                }
            }
        }
        if (parent.isOrphaned()) {
            Workspace.delete(Path.of(aeronDirectory), directory);
        }
    }

    private static void run(final DutyCycle server) {
        for (int i = 0; i < CYCLES_PER_LOOK_AT_PARENT; i++) {
            if (server.doWork() == 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static DutyCycle open(final TrialSettings settings, final String aeronDirectory, final Path directory) {
        final ErrorHandler errors = Throwable::printStackTrace;
        return switch (settings.target()) {
            case AERON -> new AeronEchoFloor(settings.echo(aeronDirectory), errors);
            case JOURNAL -> new JournalFloor(settings.echo(aeronDirectory), directory.resolve("journal"), errors);
            case MILLRACE -> throw new IllegalArgumentException("not yet");
        };
    }
}
