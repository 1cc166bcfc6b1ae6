package io.millrace.server;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** Idle strategies by the names that settings use. */
final class IdleStrategies {

    /** Enough spinning to bridge the gap between the messages of a busy client before a core is given away. */
    private static final long BACKOFF_SPINS = 1_000;

    private static final long BACKOFF_YIELDS = 100;
    private static final long BACKOFF_MAX_PARK_US = 200;

    private IdleStrategies() {}

    /**
     * Creates the strategy of a name.
     *
     * @param name one of backoff, spin, yield, sleep, none.
     * @return a new strategy; they hold state, so each thread needs its own.
     */
    static IdleStrategy create(final String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "backoff" ->
                new BackoffIdleStrategy(
                        BACKOFF_SPINS, BACKOFF_YIELDS, 1_000, TimeUnit.MICROSECONDS.toNanos(BACKOFF_MAX_PARK_US));
            case "spin" -> new BusySpinIdleStrategy();
            case "yield" -> new YieldingIdleStrategy();
            case "sleep" -> new SleepingMillisIdleStrategy(1);
            case "none" -> new NoOpIdleStrategy();
            default ->
                throw new ServerException(
                        ServerException.Reason.CONFIGURATION,
                        "There is no idle strategy \"" + name + "\": choose backoff, spin, yield, sleep or none.");
        };
    }
}
