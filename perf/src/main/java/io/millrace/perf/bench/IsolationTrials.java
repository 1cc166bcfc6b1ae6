package io.millrace.perf.bench;

import io.millrace.perf.process.Child;
import io.millrace.perf.process.Workspace;
import io.millrace.perf.rig.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The trials of {@link IsolationCommand}: each in fresh processes and a fresh directory. */
final class IsolationTrials {
    private static final int SIZE = 200;
    private static final long START_TIMEOUT_S = 60;
    private static final long CONNECT_TIMEOUT_S = 180;
    private static final long REDELIVERY_TIMEOUT_S = 120;
    private static final int SESSIONS_A_PROCESS = 250;
    private static final List<String> NO_FLAGS = List.of();

    private final long mostWarmUpNs;
    private final long durationNs;

    /**
     * Creates the trials.
     *
     * @param mostWarmUpNs longest warm-up of each.
     * @param durationNs   time that counts in each.
     */
    IsolationTrials(final long mostWarmUpNs, final long durationNs) {
        this.mostWarmUpNs = mostWarmUpNs;
        this.durationNs = durationNs;
    }

    /** Refuses to start what would fill the disk. */
    void requireDisk() {
        Interleaved.requireDiskForTrial(mostWarmUpNs + 3 * durationNs);
    }

    /**
     * Throughput of a producer and a consumer, alone and beside a second consumer that stops polling. The client checks that every message
     * arrives.
     *
     * @param findings that take what the client found.
     */
    void throughput(final Findings findings) {
        final TrialSettings settings = settings("throughput");
        try (Workspace workspace = Workspace.create("bench");
                Child server = Trial.start("server", TrialServer.class, settings, workspace)) {
            server.await("ready", START_TIMEOUT_S);
            try (Child client = Trial.start("client", IsolationClient.class, settings, workspace)) {
                client.await(TrialClient.WARMING, START_TIMEOUT_S);
                Trial.warmUp(settings, List.of(server, client));
                client.tell(TrialClient.GO);
                findings.add(IsolationFindings.CONTROL, await(client, IsolationClient.CONTROL));
                findings.add(IsolationFindings.STALLED, await(client, IsolationClient.STALLED));
            }
        }
    }

    private Measurement await(final Child client, final String key) {
        final long seconds = TimeUnit.NANOSECONDS.toSeconds(3 * durationNs);
        return TrialReport.decode(client.await(key, seconds + REDELIVERY_TIMEOUT_S));
    }

    /**
     * Round trips of one session beside others that say nothing.
     *
     * @param idleSessions how many others.
     * @return what the client found.
     */
    Measurement roundTrips(final int idleSessions) {
        final TrialSettings settings = settings("rtt");
        final List<Child> idle = new ArrayList<>();
        try (Workspace workspace = Workspace.create("bench");
                Child server = Trial.start("server", TrialServer.class, settings, workspace)) {
            server.await("ready", START_TIMEOUT_S);
            try {
                openIdle(idle, idleSessions, workspace);
                try (Child client = Trial.start("client", TrialClient.class, settings, workspace)) {
                    return Trial.measure(server, client, settings);
                }
            } finally {
                idle.forEach(Child::close);
            }
        }
    }

    private static void openIdle(final List<Child> idle, final int sessions, final Workspace workspace) {
        for (int left = sessions; left > 0; left -= SESSIONS_A_PROCESS) {
            final List<String> args =
                    List.of(workspace.aeronDirectory(), Integer.toString(Math.min(left, SESSIONS_A_PROCESS)));
            final Child child = Child.start("idle clients", IdleClients.class, NO_FLAGS, args);
            idle.add(child);
            child.await(IdleClients.IDLE, CONNECT_TIMEOUT_S);
        }
    }

    private TrialSettings settings(final String rig) {
        return new TrialSettings(rig, Target.MILLRACE, false, SIZE, 1, 1, 1, 0, "process", mostWarmUpNs, durationNs);
    }
}
