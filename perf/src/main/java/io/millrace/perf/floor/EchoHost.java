package io.millrace.perf.floor;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentInvoker;

/**
 * What both floors share: a media driver and an Aeron client, both invoked from the one thread of the server, a subscription
 * and the publication back. Terms, MTU and time-outs are those of a Millrace server.
 */
final class EchoHost implements AutoCloseable {
    /** Fragments that one poll takes at most. */
    static final int FRAGMENT_LIMIT = 64;

    private static final int TERM_LENGTH = 1024 * 1024;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long CADENCE_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final MediaDriver driver;
    private final AgentInvoker driverInvoker;
    private final Aeron aeron;
    private final AgentInvoker conductorInvoker;
    private final Subscription subscription;
    private final ExclusivePublication publication;
    private final long cadenceNs;
    private long nextInvocationNs;

    EchoHost(final EchoSettings settings, final ErrorHandler errorHandler) {
        driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(settings.aeronDirectory())
                .threadingMode(ThreadingMode.INVOKER)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .ipcTermBufferLength(TERM_LENGTH)
                .publicationTermBufferLength(TERM_LENGTH)
                .termBufferSparseFile(false)
                .clientLivenessTimeoutNs(TIMEOUT_NS)
                .publicationUnblockTimeoutNs(TIMEOUT_NS + TIMEOUT_NS / 2)
                .errorHandler(errorHandler));
        driverInvoker = driver.sharedAgentInvoker();
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(settings.aeronDirectory())
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(driverInvoker)
                .errorHandler(errorHandler));
        conductorInvoker = aeron.conductorAgentInvoker();
        subscription = aeron.addSubscription(settings.requestChannel(), EchoSettings.REQUEST_STREAM);
        publication = aeron.addExclusivePublication(settings.replyChannel(), EchoSettings.REPLY_STREAM);
        // Over UDP the driver moves every message; over IPC it only moves the limits of the publications.
        cadenceNs = settings.isIpc() ? CADENCE_NS : 0;
    }

    int poll(final FragmentHandler handler) {
        return subscription.poll(handler, FRAGMENT_LIMIT);
    }

    /** Invokes driver and conductor when they are due. Reads the clock, as the duty cycle of a server does. */
    int invoke() {
        final long nowNs = System.nanoTime();
        if (nowNs - nextInvocationNs < 0) {
            return 0;
        }
        nextInvocationNs = nowNs + cadenceNs;
        return driverInvoker.invoke() + conductorInvoker.invoke();
    }

    /** Sends one message. While there is no room the driver is invoked, because nobody else would make some. */
    void send(final DirectBuffer buffer, final int offset, final int length) {
        while (publication.offer(buffer, offset, length) < 0 && publication.isConnected()) {
            driverInvoker.invoke();
            conductorInvoker.invoke();
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(aeron, driver);
    }
}
