package io.millrace.perf.bench;

import io.aeron.Aeron;
import io.millrace.client.ClientContext;
import io.millrace.client.MillraceClient;
import io.millrace.perf.process.ParentLink;
import io.millrace.perf.rig.RigException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;

/** A process that opens sessions over one Aeron client and then does no more than keep them alive. */
final class IdleClients {
    /** Report once all sessions are open. */
    static final String IDLE = "idle";

    /** The smallest in which a frame of 64 KiB still travels whole. */
    static final int TERM_LENGTH = 512 * 1024;

    /** Connecting is work for the server's one thread, so few do it at a time. */
    private static final int CONNECTING_AT_ONCE = 8;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(120);
    private static final long CONNECTING_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long IDLE_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final List<MillraceClient> clients = new ArrayList<>();
    private final Aeron aeron;
    private final String aeronDirectory;

    private IdleClients(final String aeronDirectory, final Aeron aeron) {
        this.aeronDirectory = aeronDirectory;
        this.aeron = aeron;
    }

    public static void main(final String[] args) {
        final String aeronDirectory = args[0];
        final int sessions = Integer.parseInt(args[1]);
        final ParentLink parent = ParentLink.open();
        try (Aeron aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(aeronDirectory)
                .useConductorAgentInvoker(true)
                .errorHandler(Throwable::printStackTrace))) {
            final IdleClients idle = new IdleClients(aeronDirectory, aeron);
            idle.connect(sessions);
            parent.report(IDLE, sessions);
            while (parent.isOpen()) {
                idle.poll();
                LockSupport.parkNanos(IDLE_PAUSE_NS);
            }
            CloseHelper.closeAll(idle.clients);
        }
    }

    private void connect(final int sessions) {
        final long startNs = System.nanoTime();
        int connected = 0;
        while (connected < sessions) {
            while (clients.size() < sessions && clients.size() - connected < CONNECTING_AT_ONCE) {
                clients.add(MillraceClient.start(new ClientContext()
                        .aeronDirectoryName(aeronDirectory)
                        .aeron(aeron)
                        .clientName("idle")
                        .termLength(TERM_LENGTH)
                        .producer(false)
                        .errorHandler(Throwable::printStackTrace)));
            }
            connected = poll();
            if (System.nanoTime() - startNs > PATIENCE_NS) {
                throw new RigException("Only " + connected + " of " + sessions + " sessions could be opened.");
            }
            LockSupport.parkNanos(CONNECTING_PAUSE_NS);
        }
    }

    /** Polls all; returns how many are connected. */
    private int poll() {
        int connected = 0;
        for (final MillraceClient client : clients) {
            client.poll();
            connected += client.isConnected() ? 1 : 0;
        }
        return connected;
    }
}
