package io.millrace.perf.bench;

import io.millrace.perf.process.ParentLink;
import io.millrace.perf.rig.Measurement;

/** The process that reads records as they come and tells how old they are: one thread that does nothing else. */
final class LatencyReader {
    /** Report once it reads. */
    static final String READING = "reading";

    private LatencyReader() {}

    public static void main(final String[] args) {
        final TrialSettings settings = TrialSettings.fromArgs(args);
        final ParentLink parent = ParentLink.open();
        final Arrivals arrivals = new Arrivals();
        try (RecordSource source = open(settings, args, arrivals)) {
            parent.report(READING, settings.rig());
            while (!parent.hasCommand()) {
                source.poll();
            }
            arrivals.reset();
            final long startNs = System.nanoTime();
            long elapsedNs;
            do {
                source.poll();
                elapsedNs = System.nanoTime() - startNs;
            } while (elapsedNs < settings.durationNs());
            final long records = arrivals.histogram().getTotalCount();
            parent.report(
                    TrialReport.KEY, TrialReport.encode(new Measurement(arrivals.histogram(), records, elapsedNs)));
        }
        parent.awaitEnd();
    }

    private static RecordSource open(final TrialSettings settings, final String[] args, final Arrivals arrivals) {
        final long stream = TrialSettings.further(args, 0);
        final long shard = TrialSettings.further(args, 1);
        return switch (settings.rig()) {
            case SharedReadFindings.MAPPED -> new MappedSource(TrialSettings.directory(args), stream, shard, arrivals);
            case SharedReadFindings.PUSHED ->
                new PushedSource(settings, TrialSettings.aeronDirectory(args), stream, shard, arrivals);
            default -> throw new IllegalArgumentException("Nobody reads \"" + settings.rig() + "\".");
        };
    }
}
