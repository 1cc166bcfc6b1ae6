package io.millrace.server;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agrona.LangUtil;

/** Work that the disk can hold up for any time, done beside a thread that must not wait for it any longer than it says. */
final class BoundedWork {

    private final FutureTask<Void> task;

    private BoundedWork(final FutureTask<Void> task) {
        this.task = task;
    }

    /**
     * Starts the work on a thread that does not keep the process alive.
     *
     * @param name of the thread.
     * @param work to do.
     * @return the work under way.
     */
    static BoundedWork start(final String name, final Runnable work) {
        final BoundedWork started = new BoundedWork(new FutureTask<>(work, null));
        final Thread thread = new Thread(started.task, name);
        thread.setDaemon(true);
        thread.start();
        return started;
    }

    /**
     * Waits for the end of the work; what it threw is thrown here.
     *
     * @param patienceNs how long to wait, in nanoseconds.
     * @return false if it goes on.
     */
    boolean await(final long patienceNs) {
        try {
            task.get(patienceNs, TimeUnit.NANOSECONDS);
            return true;
        } catch (final TimeoutException e) {
            return false;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (final ExecutionException e) {
            LangUtil.rethrowUnchecked(e.getCause());
            return true;
        }
    }
}
