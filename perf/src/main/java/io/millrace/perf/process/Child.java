package io.millrace.perf.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A child JVM that speaks lines: commands on its stdin, reports of the form {@code key value} on its stdout. Its stderr is
 * kept for the message of a failure. The child ends when its stdin does, so it never outlives this process.
 */
public final class Child implements AutoCloseable {
    private static final long STOP_TIMEOUT_SECONDS = 20;
    private static final long ANSWER_TIMEOUT_SECONDS = 60;
    private static final int STDERR_LINES = 30;
    private static final String END = "\u0000end";

    private final String name;
    private final Process process;
    private final Writer stdin;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Deque<String> errors = new ArrayDeque<>();
    private final Thread errorReader;
    private boolean isStopped;

    private Child(final String name, final Process process) {
        this.name = name;
        this.process = process;
        this.stdin = process.outputWriter(StandardCharsets.UTF_8);
        startReader(process.getInputStream(), "stdout", lines::add, () -> lines.add(END));
        this.errorReader = startReader(process.getErrorStream(), "stderr", this::onError, () -> {});
    }

    /**
     * Starts a JVM with the flags of this one.
     *
     * @param name  what the child is to a person, for messages.
     * @param main  its main class.
     * @param flags further JVM flags.
     * @param args  its arguments.
     * @return the running child.
     * @throws UncheckedIOException if the operating system refuses.
     */
    public static Child start(
            final String name, final Class<?> main, final List<String> flags, final List<String> args) {
        return start(name, List.of(), main, flags, args);
    }

    /**
     * Like {@link #start(String, Class, List, List)}, through a command that becomes the JVM: the child is the same process.
     *
     * @param name     what the child is to a person, for messages.
     * @param launcher command and arguments that stand before the JVM's, empty for none.
     * @param main     its main class.
     * @param flags    further JVM flags.
     * @param args     its arguments.
     * @return the running child.
     * @throws UncheckedIOException if the operating system refuses.
     */
    public static Child start(
            final String name,
            final List<String> launcher,
            final Class<?> main,
            final List<String> flags,
            final List<String> args) {
        final List<String> command = new ArrayList<>(launcher);
        command.addAll(JavaCommand.of(main, flags, args));
        try {
            return new Child(name, new ProcessBuilder(command).start());
        } catch (final IOException e) {
            throw new UncheckedIOException("The " + name + " could not be started.", e);
        }
    }

    /**
     * Waits for a report of the child.
     *
     * @param key     first word of the line wanted; other lines are passed over.
     * @param timeout how long to wait, in seconds.
     * @return the rest of the line, empty if there is none.
     * @throws ChildException if the child ends or the time passes without the report.
     */
    public String await(final String key, final long timeout) {
        return await(key, timeout, line -> {});
    }

    /**
     * Waits for a report of the child and looks at those before it.
     *
     * @param key     first word of the line wanted.
     * @param timeout how long to wait, in seconds.
     * @param others  takes every other line.
     * @return the rest of the line, empty if there is none.
     * @throws ChildException if the child ends or the time passes without the report.
     */
    public String await(final String key, final long timeout, final Consumer<String> others) {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeout);
        while (true) {
            final String line = next(deadline - System.nanoTime());
            if (line == null) {
                throw failure("did not report \"" + key + "\" within " + timeout + " s");
            }
            if (line.equals(END)) {
                lines.add(END);
                throw failure("ended before it reported \"" + key + "\"");
            }
            if (line.equals(key)) {
                return "";
            }
            if (line.startsWith(key + " ")) {
                return line.substring(key.length() + 1);
            }
            others.accept(line);
        }
    }

    private String next(final long timeoutNs) {
        try {
            return lines.poll(timeoutNs, TimeUnit.NANOSECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("was no longer waited for, because this thread was interrupted");
        }
    }

    /**
     * Sends a command.
     *
     * @param line the command.
     * @throws ChildException if the child is gone.
     */
    public void tell(final String line) {
        try {
            stdin.write(line + "\n");
            stdin.flush();
        } catch (final IOException e) {
            throw failure("takes no commands any more");
        }
    }

    /**
     * Asks how long the child's just-in-time compiler has been busy; reports that the child made before are passed over.
     *
     * @return milliseconds since its start.
     * @throws ChildException if the child is gone.
     */
    public long compileTimeMs() {
        tell(ParentLink.COMPILE_TIME);
        return Long.parseLong(await(ParentLink.COMPILE_TIME, ANSWER_TIMEOUT_SECONDS));
    }

    /**
     * Process id of the child.
     *
     * @return the id.
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Tells the child to stop and waits until it has; after 20 s it is killed. Later calls have no effect.
     *
     * @return exit code of the child.
     */
    public int stop() {
        if (!isStopped) {
            isStopped = true;
            askToStop();
            if (!waitFor(STOP_TIMEOUT_SECONDS)) {
                process.destroyForcibly();
                waitFor(STOP_TIMEOUT_SECONDS);
            }
        }
        return process.isAlive() ? -1 : process.exitValue();
    }

    private void askToStop() {
        try (stdin) {
            stdin.write(ParentLink.STOP + "\n");
        } catch (final IOException e) {
            onError("(its stdin was closed already: " + e.getMessage() + ")");
        }
    }

    private boolean waitFor(final long seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        stop();
    }

    private ChildException failure(final String what) {
        waitForErrors();
        final StringBuilder message =
                new StringBuilder("The ").append(name).append(' ').append(what);
        if (!process.isAlive()) {
            message.append(" (exit code ").append(process.exitValue()).append(')');
        }
        message.append('.');
        synchronized (errors) {
            errors.forEach(line -> message.append("\n  ").append(line));
        }
        return new ChildException(message.toString());
    }

    /** What a dying child wrote last arrives a moment after its end. */
    private void waitForErrors() {
        try {
            waitFor(1);
            if (!process.isAlive()) {
                errorReader.join(1_000);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onError(final String line) {
        synchronized (errors) {
            errors.addLast(line);
            if (errors.size() > STDERR_LINES) {
                errors.removeFirst();
            }
        }
    }

    private Thread startReader(
            final InputStream stream, final String streamName, final Consumer<String> sink, final Runnable atEnd) {
        final Thread thread = new Thread(() -> read(stream, sink, atEnd), name + " " + streamName);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void read(final InputStream stream, final Consumer<String> sink, final Runnable atEnd) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            reader.lines().forEach(sink);
        } catch (final IOException | UncheckedIOException e) {
            onError("(its output broke off: " + e.getMessage() + ")");
        } finally {
            atEnd.run();
        }
    }
}
