package io.millrace.server;

import java.nio.file.Path;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.CompositeAgent;

/**
 * A server without threads: whoever calls {@link #doWork()} is its thread. With the driver in invoker mode the whole server,
 * driver included, runs on it. Not safe for use by two threads.
 */
public final class EmbeddedServer implements AutoCloseable {

    private final ServerCore core;
    private final DutyCycle dutyCycle;
    private final AgentInvoker invoker;

    EmbeddedServer(final ServerContext ctx) {
        core = new ServerCore(ctx);
        dutyCycle = MillraceServer.dutyCycle(core, helper(core));
        invoker = new AgentInvoker(core.errors, null, dutyCycle);
        invoker.start();
    }

    private static Agent helper(final ServerCore core) {
        return new CompositeAgent(new StoreAgent(core.storage, core.errors), core.readerAgent());
    }

    /**
     * One duty cycle.
     *
     * @return amount of work done; 0 if there was nothing to do.
     */
    public int doWork() {
        return invoker.invoke();
    }

    /**
     * Whether the server goes on: false once it was closed or its journal failed.
     *
     * @return true while {@link #doWork()} does something.
     */
    public boolean isRunning() {
        return invoker.isRunning();
    }

    /** Has the next cycles write a snapshot. */
    public void requestSnapshot() {
        core.snapshots.request();
    }

    /**
     * Errors since the start; the error log in the directory names them.
     *
     * @return the number.
     */
    public long errorCount() {
        return core.errors.count();
    }

    /**
     * The directory of the server.
     *
     * @return its path.
     */
    public Path directory() {
        return core.storage.directory();
    }

    ServerCore core() {
        return core;
    }

    DutyCycle duty() {
        return dutyCycle;
    }

    /** Stops cleanly: what was taken is answered, clients are told, a snapshot is written. */
    @Override
    public void close() {
        if (!invoker.isClosed()) {
            invoker.close();
        }
        core.close();
    }
}
