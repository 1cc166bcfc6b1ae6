package io.millrace.perf.bench;

import io.millrace.perf.process.Child;
import io.millrace.perf.process.Workspace;
import io.millrace.perf.rig.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One measurement in fresh processes and a fresh directory, all of which are gone afterwards. */
final class Trial {
    private static final long START_TIMEOUT_S = 60;
    private static final long SLACK_S = 120;
    private static final List<String> NO_FLAGS = List.of();

    private Trial() {}

    /**
     * Runs server and client.
     *
     * @param settings what to measure.
     * @return what the client found.
     * @throws io.millrace.perf.process.ChildException if one of them fails.
     */
    static Measurement run(final TrialSettings settings) {
        try (Workspace workspace = Workspace.create("bench");
                Child server = start("server", TrialServer.class, settings, workspace)) {
            server.await("ready", START_TIMEOUT_S);
            try (Child client = start("client", TrialClient.class, settings, workspace)) {
                final long seconds = TimeUnit.NANOSECONDS.toSeconds(settings.warmupNs() + 2 * settings.durationNs());
                return TrialReport.decode(client.await(TrialReport.KEY, seconds + SLACK_S));
            }
        }
    }

    static Child start(
            final String role, final Class<?> main, final TrialSettings settings, final Workspace workspace) {
        final List<String> args = new ArrayList<>(settings.toArgs());
        args.add(workspace.aeronDirectory());
        args.add(workspace.directory().toString());
        return Child.start(settings.target().word() + " " + role, main, NO_FLAGS, args);
    }
}
