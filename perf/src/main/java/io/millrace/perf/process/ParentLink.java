package io.millrace.perf.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A child's end of the pipes to the process that started it. When the parent tells it to stop, or dies, {@link #isOpen} turns
 * false; a child that has not ended some time after that is halted. How long its compiler has been busy the child says by itself
 * when asked, whatever its other threads are doing.
 */
public final class ParentLink {
    /** Command that ends a child. */
    static final String STOP = "stop";

    /** Command that asks for the time that the compiler of a child has taken, and key of the report. */
    static final String COMPILE_TIME = "compileTimeMs";

    private static final String END = "\u0000end";
    private static final long GRACE_SECONDS = 15;
    private static final int HALTED = 3;

    private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean isOpen = true;
    private volatile boolean wasToldToStop;

    private ParentLink() {}

    /**
     * Opens the link of this process to its parent.
     *
     * @return the link.
     */
    public static ParentLink open() {
        final ParentLink link = new ParentLink();
        final Thread thread = new Thread(link::watch, "parent");
        thread.setDaemon(true);
        thread.start();
        return link;
    }

    private void watch() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (line != null && !line.equals(STOP)) {
                if (line.equals(COMPILE_TIME)) {
                    report(
                            COMPILE_TIME,
                            ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
                } else {
                    commands.add(line);
                }
                line = reader.readLine();
            }
            wasToldToStop = line != null;
        } catch (final IOException e) {
            System.err.println("The pipe from the parent broke: " + e.getMessage());
        }
        isOpen = false;
        commands.add(END);
        over.countDown();
        haltIfStuck();
    }

    /** The thread is a daemon: if the process ends in time, this wait ends with it. */
    private static void haltIfStuck() {
        try {
            new CountDownLatch(1).await(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(HALTED);
    }

    /**
     * Whether the parent still wants this process.
     *
     * @return false once it said stop, or died.
     */
    public boolean isOpen() {
        return isOpen;
    }

    /**
     * Whether the parent went without a word, so that nobody else cleans up.
     *
     * @return true after the pipe ended without the command to stop.
     */
    public boolean isOrphaned() {
        return !isOpen && !wasToldToStop;
    }

    /** Waits until the parent says stop, or dies. */
    public void awaitEnd() {
        try {
            over.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for the next command of the parent.
     *
     * @return the command, or null once the parent said stop, or died.
     */
    public String awaitCommand() {
        try {
            final String command = commands.take();
            return command.equals(END) ? null : command;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /**
     * Whether {@link #awaitCommand()} would return at once.
     *
     * @return true if there is a command, or the parent said stop, or died.
     */
    public boolean hasCommand() {
        return !commands.isEmpty();
    }

    /**
     * Reports to the parent.
     *
     * @param key   one word.
     * @param value the rest of the line.
     */
    public void report(final String key, final Object value) {
        System.out.println(key + " " + value);
        System.out.flush();
    }
}
