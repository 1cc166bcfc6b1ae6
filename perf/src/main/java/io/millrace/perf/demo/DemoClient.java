package io.millrace.perf.demo;

import io.millrace.client.ClientContext;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** What publisher and consumer have in common. */
final class DemoClient {
    /** Messages that warm the processes up before the trades flow, and are not looked at. */
    static final int WARM_UP_MESSAGES = 100_000;

    private static final long CONNECT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private DemoClient() {}

    static ClientContext context(final String aeronDirectory, final String name) {
        return new ClientContext()
                .aeronDirectoryName(aeronDirectory)
                .clientName(name)
                .connectTimeoutNs(CONNECT_TIMEOUT_NS)
                .requestTimeoutNs(CONNECT_TIMEOUT_NS)
                .errorHandler(Throwable::printStackTrace);
    }

    /** Three processes share what may be two cores: whoever has nothing to do spins a little, then lets the others run. */
    static IdleStrategy idleStrategy() {
        return new BackoffIdleStrategy(200, 20, 1_000, TimeUnit.MICROSECONDS.toNanos(100));
    }
}
