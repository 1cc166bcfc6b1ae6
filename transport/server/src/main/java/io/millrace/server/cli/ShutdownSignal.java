package io.millrace.server.cli;

import java.util.concurrent.CountDownLatch;

/** Tells a command that goes on until it is stopped that the process is to end, and lets it come to its end first. */
final class ShutdownSignal implements AutoCloseable {

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop command");
    private volatile boolean isGiven;

    ShutdownSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the process is to end. */
    boolean isGiven() {
        return isGiven;
    }

    private void stop() {
        isGiven = true;
        try {
            ended.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The command has come to its end. */
    @Override
    public void close() {
        ended.countDown();
        if (!isGiven) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
