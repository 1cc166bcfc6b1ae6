package io.millrace.store;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A second thread of a test, which hears of its failure. */
final class Beside {
    private static final long TIMEOUT_S = 60;

    private final FutureTask<Long> task;
    private volatile boolean isOver;

    private Beside(final Turn turn) {
        task = new FutureTask<>(turns(turn));
    }

    /** What the second thread does over and over. */
    interface Turn {
        void run() throws Exception;
    }

    /** Starts a thread that takes turns until it is told to finish, at least one and one more after that. */
    static Beside start(final String name, final Turn turn) {
        final Beside beside = new Beside(turn);
        final Thread thread = new Thread(beside.task, name);
        thread.setDaemon(true);
        thread.start();
        return beside;
    }

    private Callable<Long> turns(final Turn turn) {
        return () -> {
            long count = 0;
            boolean isLast;
            do {
                isLast = isOver;
                turn.run();
                count++;
            } while (!isLast);
            return count;
        };
    }

    /** Whether the thread has ended, which before {@link #finish()} means that it failed. */
    boolean hasFailed() {
        return task.isDone();
    }

    /** Has the thread take its last turn; returns how many there were, or throws what it failed with. */
    long finish() {
        isOver = true;
        try {
            return task.get(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (final ExecutionException e) {
            throw new AssertionError("the second thread failed: " + e.getCause(), e.getCause());
        } catch (final TimeoutException e) {
            throw new AssertionError("the second thread did not finish within " + TIMEOUT_S + " s", e);
        } catch (final InterruptedException e) {
            throw new AssertionError("the test was interrupted", e);
        }
    }
}
