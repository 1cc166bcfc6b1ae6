package io.millrace.perf.bench;

import io.millrace.perf.floor.EchoLink;
import io.millrace.perf.process.ParentLink;
import io.millrace.perf.rig.Link;
import io.millrace.perf.rig.Measurement;
import io.millrace.perf.rig.OpenLoopRig;
import io.millrace.perf.rig.RoundTripRig;
import io.millrace.perf.rig.ThroughputRig;
import java.util.function.BooleanSupplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.SystemNanoClock;

/** The client process of a trial: one thread that sends and receives. */
final class TrialClient {
    /** Report after the warm-up of a count. */
    static final String WARM = "warm";

    /** Report at the beginning of a warm-up. */
    static final String WARMING = "warming";

    /** Command that ends a warm-up and begins a measurement. */
    static final String GO = "go";

    private TrialClient() {}

    public static void main(final String[] args) {
        final TrialSettings settings = TrialSettings.fromArgs(args);
        final ParentLink parent = ParentLink.open();
        try (Link link = connect(settings, TrialSettings.aeronDirectory(args))) {
            parent.report(TrialReport.KEY, TrialReport.encode(measure(settings, link, parent)));
        }
        parent.awaitEnd();
    }

    private static Measurement measure(final TrialSettings settings, final Link link, final ParentLink parent) {
        final SystemNanoClock clock = SystemNanoClock.INSTANCE;
        final long durationNs = settings.durationNs();
        final BooleanSupplier isWarm = parent::hasCommand;
        parent.report(WARMING, settings.rig());
        return switch (settings.rig()) {
            case "rtt" -> new RoundTripRig(link, clock).run(isWarm, durationNs);
            case "throughput" -> new ThroughputRig(link, clock, settings.messagesPerFrame()).run(isWarm, durationNs);
            case "openloop" -> new OpenLoopRig(link, clock, settings.rate()).run(isWarm, durationNs);
            case "put" -> new ThroughputRig(link, clock, settings.messagesPerFrame()).run(isWarm, durationNs);
            case AllocationTrial.RIG ->
                count(settings, new ThroughputRig(link, clock, settings.messagesPerFrame()), parent);
            default -> throw new IllegalArgumentException("There is no rig \"" + settings.rig() + "\".");
        };
    }

    private static Measurement count(final TrialSettings settings, final ThroughputRig rig, final ParentLink parent) {
        final long startNs = System.nanoTime();
        long messages = 0;
        while (messages < AllocationTrial.WARM_UP_MESSAGES
                || System.nanoTime() - startNs < AllocationTrial.WARM_UP_NS) {
            messages += rig.runCount(AllocationTrial.WARM_UP_MESSAGES / 10).messages();
        }
        parent.report(WARM, messages);
        parent.awaitCommand();
        return rig.runCount(settings.rate());
    }

    private static Link connect(final TrialSettings settings, final String aeronDirectory) {
        final ErrorHandler errors = Throwable::printStackTrace;
        return switch (settings.target()) {
            case AERON, JOURNAL -> new EchoLink(settings.echo(aeronDirectory), settings.size(), errors);
            case MILLRACE ->
                settings.rig().equals("put")
                        ? new StreamLink(settings, (int) settings.rate(), aeronDirectory)
                        : new MillraceLink(settings, aeronDirectory);
        };
    }
}
