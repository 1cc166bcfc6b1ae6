package io.millrace.server;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/**
 * A Millrace server in this process. One line embeds it:
 *
 * <pre>{@code
 * try (MillraceServer server = MillraceServer.launch(new ServerContext().directory(Path.of("data")))) { ... }
 * }</pre>
 *
 * <p>{@link #launch} gives it a thread for the duty cycle, one for slow work and one that reads shards; {@link #embed} gives it none.
 */
public final class MillraceServer implements AutoCloseable {

    /** The duty cycle must never be interrupted, so its end is awaited for as long as it takes. */
    private static final int WAIT_WITHOUT_INTERRUPT = 0;

    private static final long STORE_PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final ServerContext ctx;
    private final ServerCore core;
    private final AgentRunner dutyRunner;
    private final AgentRunner storeRunner;
    private final AgentRunner readerRunner;
    private final Thread dutyThread;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private MillraceServer(final ServerContext ctx) {
        this.ctx = ctx;
        core = new ServerCore(ctx);
        final DutyCycle dutyCycle = dutyCycle(core, null);
        dutyRunner = new AgentRunner(IdleStrategies.create(ctx.idleStrategy()), core.errors, null, dutyCycle);
        storeRunner = new AgentRunner(
                new SleepingMillisIdleStrategy(1), core.errors, null, new StoreAgent(core.storage, core.errors));
        readerRunner = new AgentRunner(new ReaderIdle(ctx.nanoClock()), core.errors, null, core.readerAgent());
        AgentRunner.startOnThread(storeRunner, MillraceServer::daemon);
        AgentRunner.startOnThread(readerRunner, MillraceServer::daemon);
        dutyThread = AgentRunner.startOnThread(
                dutyRunner,
                duty -> daemon(() -> {
                    try {
                        duty.run();
                    } finally {
                        stopped.countDown();
                    }
                }));
    }

    /**
     * Starts a server on threads of its own. When this returns, the journal has been replayed and clients can connect.
     *
     * @param ctx settings; concluded here if they are not yet.
     * @return the running server.
     * @throws ServerException if it cannot start; an exception of the store if the directory cannot be recovered.
     */
    public static MillraceServer launch(final ServerContext ctx) {
        return new MillraceServer(concluded(ctx));
    }

    /**
     * Starts a server without threads, to be driven by the caller.
     *
     * @param ctx settings; concluded here if they are not yet.
     * @return the server, ready once it is driven.
     * @throws ServerException if it cannot start; an exception of the store if the directory cannot be recovered.
     */
    public static EmbeddedServer embed(final ServerContext ctx) {
        return new EmbeddedServer(concluded(ctx));
    }

    /**
     * The settings.
     *
     * @return concluded context.
     */
    public ServerContext context() {
        return ctx;
    }

    /**
     * The directory of the server.
     *
     * @return its path.
     */
    public Path directory() {
        return core.storage.directory();
    }

    /** Has the duty cycle write a snapshot soon; {@link ServerControl} does the same and waits for it. */
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
     * Id of the duty cycle's thread, for tools that measure it.
     *
     * @return a thread id.
     */
    public long dutyCycleThreadId() {
        return dutyThread.getId();
    }

    /**
     * Waits until the server has stopped, by {@link #close()} or because it failed.
     *
     * @param timeoutNs how long to wait, in nanoseconds.
     * @return true if it has stopped.
     * @throws InterruptedException if the caller is interrupted.
     */
    public boolean awaitStopped(final long timeoutNs) throws InterruptedException {
        return stopped.await(timeoutNs, TimeUnit.NANOSECONDS);
    }

    /** Stops cleanly: what was taken is answered, clients are told, a snapshot is written if there is time for it. */
    @Override
    public synchronized void close() {
        dutyRunner.close(WAIT_WITHOUT_INTERRUPT, thread -> {});
        readerRunner.close(WAIT_WITHOUT_INTERRUPT, thread -> {});
        // It may be in the middle of a force: the end of that is not waited for.
        BoundedWork.start("millrace-store-stop", () -> storeRunner.close(WAIT_WITHOUT_INTERRUPT, thread -> {}))
                .await(STORE_PATIENCE_NS);
        core.close();
    }

    static DutyCycle dutyCycle(final ServerCore core, final Agent helper) {
        try {
            return new DutyCycle(core, helper);
        } catch (final RuntimeException e) {
            CloseHelper.quietClose(core);
            throw e;
        }
    }

    private static ServerContext concluded(final ServerContext ctx) {
        return ctx.isConcluded() ? ctx : ctx.conclude();
    }

    private static Thread daemon(final Runnable task) {
        final Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
