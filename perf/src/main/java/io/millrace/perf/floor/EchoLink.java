package io.millrace.perf.floor;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.millrace.perf.rig.DeliveryListener;
import io.millrace.perf.rig.Link;
import io.millrace.perf.rig.RigException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.UnsafeBuffer;

/** The client of a floor. An echo has nothing to confirm or acknowledge: what came back is settled and completed. */
public final class EchoLink implements Link {
    private static final int FRAGMENT_LIMIT = 64;
    private static final int POLLS_PER_INVOCATION = 1_024;
    private static final long CONNECT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

    private final Aeron aeron;
    private final AgentInvoker conductorInvoker;
    private final ExclusivePublication publication;
    private final Subscription subscription;
    private final UnsafeBuffer message;
    private final FragmentHandler handler;
    private DeliveryListener listener;
    private long received;
    private int polls;

    /**
     * Connects to a floor's server.
     *
     * @param settings     where it is.
     * @param length       bytes of a message, at least 8.
     * @param errorHandler takes what Aeron reports.
     * @throws RigException if the server does not appear within 20 s.
     */
    public EchoLink(final EchoSettings settings, final int length, final ErrorHandler errorHandler) {
        message = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        handler = (buffer, offset, fragmentLength, header) -> {
            received++;
            listener.onDelivery(buffer.getLong(offset));
        };
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(settings.aeronDirectory())
                .useConductorAgentInvoker(true)
                .errorHandler(errorHandler));
        conductorInvoker = aeron.conductorAgentInvoker();
        subscription = aeron.addSubscription(settings.replyChannel(), EchoSettings.REPLY_STREAM);
        publication = aeron.addExclusivePublication(settings.requestChannel(), EchoSettings.REQUEST_STREAM);
        awaitConnection();
    }

    private void awaitConnection() {
        final long deadlineNs = System.nanoTime() + CONNECT_TIMEOUT_NS;
        while (!publication.isConnected() || !subscription.isConnected()) {
            conductorInvoker.invoke();
            Thread.onSpinWait();
            if (System.nanoTime() - deadlineNs > 0) {
                throw new RigException("The floor's server did not appear within 20 s.");
            }
        }
    }

    @Override
    public void listener(final DeliveryListener listener) {
        this.listener = listener;
    }

    @Override
    public boolean offer(final int messages, final long stamp) {
        if (messages != 1) {
            throw new IllegalArgumentException("A floor has one message a frame, not " + messages);
        }
        message.putLong(0, stamp);
        return publication.offer(message, 0, message.capacity()) > 0;
    }

    @Override
    public int poll() {
        if ((++polls & (POLLS_PER_INVOCATION - 1)) == 0) {
            conductorInvoker.invoke();
        }
        return subscription.poll(handler, FRAGMENT_LIMIT);
    }

    @Override
    public long settled() {
        return received;
    }

    @Override
    public long completed() {
        return received;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(publication, subscription, aeron);
    }
}
