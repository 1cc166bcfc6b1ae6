package io.millrace.perf.bench;

import io.millrace.perf.process.Child;
import io.millrace.perf.process.Workspace;
import io.millrace.perf.rig.Measurement;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long it takes until a record is read in another process than the one that put it: one measurement in fresh processes. */
final class ReadLatencyTrial {
    private static final long START_TIMEOUT_S = 60;
    private static final long SLACK_S = 60;

    private ReadLatencyTrial() {}

    /**
     * Runs a server, a process that puts records and one that reads them.
     *
     * @param settings what to measure; its rig says how the records are read.
     * @return ages of the records at the moment at which they were read.
     * @throws io.millrace.perf.process.ChildException if a process fails, or reads nothing.
     */
    static Measurement run(final TrialSettings settings) {
        try (Workspace workspace = Workspace.create("bench");
                Child server = Trial.start("server", TrialServer.class, settings, workspace)) {
            server.await("ready", START_TIMEOUT_S);
            try (Child producer = Trial.start("producer", PacedPuts.class, settings, workspace)) {
                final String[] place =
                        producer.await(PacedPuts.PLACE, START_TIMEOUT_S).split(" ");
                try (Child reader = Trial.start("reader", LatencyReader.class, settings, workspace, place)) {
                    reader.await(LatencyReader.READING, START_TIMEOUT_S);
                    Trial.warmUp(settings, List.of(server, producer, reader));
                    reader.tell(TrialClient.GO);
                    final long seconds = TimeUnit.NANOSECONDS.toSeconds(settings.durationNs());
                    return TrialReport.decode(reader.await(TrialReport.KEY, seconds + SLACK_S));
                }
            }
        }
    }
}
