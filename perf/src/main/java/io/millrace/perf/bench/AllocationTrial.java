package io.millrace.perf.bench;

import io.millrace.perf.process.Child;
import io.millrace.perf.process.Workspace;
import io.millrace.perf.rig.Measurement;
import java.util.concurrent.TimeUnit;

/** Sends a number of messages between two readings of what the duty-cycle thread has allocated. */
final class AllocationTrial {
    /** Name of the rig. */
    static final String RIG = "count";

    /** Enough for every table, buffer and compiled method to be there. */
    static final long WARM_UP_MESSAGES = 1_000_000;

    /**
     * Aeron's driver makes an iterator on every turn until the compiler does away with it, and it gets a turn only every 100 µs:
     * long enough for that too.
     */
    static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(10);

    private static final long START_TIMEOUT_S = 60;
    private static final long SLOWEST_RATE = 10_000;
    private static final double TEN_THOUSANDTHS = 10_000.0;
    private static final int SIZE = 200;

    private AllocationTrial() {}

    /**
     * What was found.
     *
     * @param measurement    messages and their time.
     * @param allocatedBytes bytes that the thread allocated meanwhile.
     */
    record Result(Measurement measurement, long allocatedBytes) {
        /** {@return bytes, to four decimals} */
        double bytesPerMessage() {
            return Math.round(allocatedBytes * TEN_THOUSANDTHS / measurement.messages()) / TEN_THOUSANDTHS;
        }
    }

    static Result run(final long messages) {
        final TrialSettings settings =
                new TrialSettings(RIG, Target.MILLRACE, false, SIZE, 1, 1, 1, messages, "process", 0, 0);
        try (Workspace workspace = Workspace.create("bench");
                Child server = Trial.start("server", TrialServer.class, settings, workspace)) {
            server.await("ready", START_TIMEOUT_S);
            try (Child client = Trial.start("client", TrialClient.class, settings, workspace)) {
                client.await(TrialClient.WARM, START_TIMEOUT_S + WARM_UP_MESSAGES / SLOWEST_RATE);
                final long before = allocatedBytes(server);
                client.tell(TrialClient.GO);
                final Measurement measurement =
                        TrialReport.decode(client.await(TrialReport.KEY, START_TIMEOUT_S + messages / SLOWEST_RATE));
                return new Result(measurement, allocatedBytes(server) - before);
            }
        }
    }

    private static long allocatedBytes(final Child server) {
        server.tell(AllocationProbe.COMMAND);
        return Long.parseLong(server.await(AllocationProbe.COMMAND, START_TIMEOUT_S));
    }
}
