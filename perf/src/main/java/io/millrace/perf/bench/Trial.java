package io.millrace.perf.bench;

import io.millrace.perf.process.Child;
import io.millrace.perf.process.Workspace;
import io.millrace.perf.rig.Measurement;
import io.millrace.perf.rig.WarmUp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

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
                return measure(server, client, settings);
            }
        }
    }

    /**
     * Waits until both processes are warm, then has the client measure.
     *
     * @param server   process that has reported that it is ready.
     * @param client   process that will report that it is warming up.
     * @param settings what they were started with.
     * @return what the client found.
     */
    static Measurement measure(final Child server, final Child client, final TrialSettings settings) {
        client.await(TrialClient.WARMING, START_TIMEOUT_S);
        warmUp(settings, List.of(server, client));
        client.tell(TrialClient.GO);
        final long seconds = TimeUnit.NANOSECONDS.toSeconds(2 * settings.durationNs());
        return TrialReport.decode(client.await(TrialReport.KEY, seconds + SLACK_S));
    }

    /**
     * Waits until the compilers of all processes are quiet.
     *
     * @param settings  tell how long at most.
     * @param processes that are under the load which is measured afterwards.
     */
    static void warmUp(final TrialSettings settings, final List<Child> processes) {
        final WarmUp warmUp = new WarmUp(System.nanoTime(), settings.mostWarmUpNs(), processes.size());
        while (!warmUp.isOver(
                System.nanoTime(),
                processes.stream().mapToLong(Child::compileTimeMs).toArray())) {
            LockSupport.parkNanos(WarmUp.LOOK_INTERVAL_NS);
        }
    }

    static Child start(
            final String role,
            final Class<?> main,
            final TrialSettings settings,
            final Workspace workspace,
            final String... further) {
        return start(role, List.of(), main, settings, workspace, further);
    }

    /**
     * Starts a process of a trial.
     *
     * @param role      what it is to a person.
     * @param launcher  what stands before the command of its JVM.
     * @param main      its main class.
     * @param settings  its first arguments.
     * @param workspace its next two arguments.
     * @param further   the rest of them.
     * @return the running process.
     */
    static Child start(
            final String role,
            final List<String> launcher,
            final Class<?> main,
            final TrialSettings settings,
            final Workspace workspace,
            final String... further) {
        final List<String> args = new ArrayList<>(settings.toArgs());
        args.add(workspace.aeronDirectory());
        args.add(workspace.directory().toString());
        args.addAll(List.of(further));
        return Child.start(settings.target().word() + " " + role, launcher, main, NO_FLAGS, args);
    }
}
