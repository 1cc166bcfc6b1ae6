package io.millrace.client;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.exceptions.TimeoutException;
import java.io.File;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.NoOpLock;

/**
 * The Aeron client under a Millrace client: a given one, or one of its own that is made again when it or the media
 * driver is gone.
 */
final class AeronLink {
    /** A driver that gave no sign for so long is looked at more closely; a driver gives one a second by default. */
    private static final long STALE_DRIVER_MS = 2_500;

    private static final long CHECK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ClientContext context;
    private final ClientCounters counters;
    private final ErrorHandler errorHandler;
    private final boolean isGiven;
    private final File directory;
    private Aeron aeron;
    private long nextCheckNs;
    private boolean hasCheckTime;

    AeronLink(final ClientContext context, final ClientCounters counters) {
        this.context = context;
        this.counters = counters;
        this.errorHandler = context.errorHandler();
        this.isGiven = context.aeron() != null;
        this.aeron = context.aeron();
        this.directory = new File(context.aeronDirectoryName());
    }

    Aeron aeron() {
        return aeron;
    }

    boolean isUsable() {
        return aeron != null && !aeron.isClosed();
    }

    /** @return whether a closed Aeron client can be replaced. */
    boolean canReopen() {
        return !isGiven;
    }

    /** Connects to the driver if there is one; never waits for one that is not there. */
    boolean open() {
        if (isUsable()) {
            return true;
        }
        final long signOfLifeMs = Math.min(context.driverTimeoutMs(), STALE_DRIVER_MS);
        if (isGiven || !CommonContext.isDriverActive(directory, signOfLifeMs, message -> {})) {
            return false;
        }
        final Aeron.Context aeronContext = new Aeron.Context()
                .aeronDirectoryName(context.aeronDirectoryName())
                .driverTimeoutMs(context.driverTimeoutMs())
                .useConductorAgentInvoker(context.useConductorInvoker())
                .driverAgentInvoker(context.driverAgentInvoker())
                .clientName(context.clientName())
                .errorHandler(this::onError)
                .subscriberErrorHandler(errorHandler);
        if (context.useConductorInvoker()) {
            aeronContext.clientLock(NoOpLock.INSTANCE);
        }
        aeron = Aeron.connect(aeronContext);
        return true;
    }

    /** Does the work of the conductor, and of the driver if it is ours to do. */
    int invoke() {
        int work = 0;
        final AgentInvoker driver = context.driverAgentInvoker();
        if (driver != null) {
            work += driver.invoke();
        }
        if (isUsable()) {
            final AgentInvoker conductor = aeron.conductorAgentInvoker();
            if (conductor != null) {
                work += conductor.invoke();
            }
        }
        return work;
    }

    /** @return whether Aeron has closed, or another driver has taken the place of the one it is connected to. */
    boolean isLost(final long nowNs) {
        if (!isUsable()) {
            return true;
        }
        if (isGiven || !context.useConductorInvoker() || hasCheckTime && nowNs - nextCheckNs < 0) {
            return false;
        }
        hasCheckTime = true;
        nextCheckNs = nowNs + CHECK_INTERVAL_NS;
        // The third look is at the old driver again: it may have stalled and given its sign between the first two.
        return isDriverStale()
                && CommonContext.isDriverActive(directory, STALE_DRIVER_MS, message -> {})
                && isDriverStale();
    }

    private boolean isDriverStale() {
        return System.currentTimeMillis() - aeron.context().toDriverBuffer().consumerHeartbeatTime() > STALE_DRIVER_MS;
    }

    /** That the driver is gone is for the listener to hear, once, and not an error that somebody has to look into. */
    private void onError(final Throwable throwable) {
        if (throwable instanceof TimeoutException || throwable instanceof AgentTerminationException) {
            counters.driverTimeouts++;
        } else {
            errorHandler.onError(throwable);
        }
    }

    /** Closes the Aeron client if it is our own; {@link #open} makes another. */
    void close() {
        if (!isGiven && aeron != null) {
            aeron.close();
            aeron = null;
        }
    }
}
