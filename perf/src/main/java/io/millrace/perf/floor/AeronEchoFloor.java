package io.millrace.perf.floor;

import io.aeron.logbuffer.FragmentHandler;
import io.millrace.perf.rig.DutyCycle;
import org.agrona.ErrorHandler;

/** Sends every fragment straight back. */
public final class AeronEchoFloor implements DutyCycle {
    private final EchoHost host;
    private final FragmentHandler echo;

    /**
     * Starts the driver and opens both directions.
     *
     * @param settings     where the client looks for this server.
     * @param errorHandler takes what Aeron reports.
     */
    public AeronEchoFloor(final EchoSettings settings, final ErrorHandler errorHandler) {
        host = new EchoHost(settings, errorHandler);
        echo = (buffer, offset, length, header) -> host.send(buffer, offset, length);
    }

    @Override
    public int doWork() {
        return host.poll(echo) + host.invoke();
    }

    @Override
    public void close() {
        host.close();
    }
}
