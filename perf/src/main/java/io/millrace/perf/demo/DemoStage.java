package io.millrace.perf.demo;

import io.millrace.perf.process.Child;
import io.millrace.perf.process.ChildException;
import io.millrace.perf.process.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The processes of one part of the demo: a server, a publisher and a consumer, over shared memory. When it is closed they are
 * gone, and the server's directories with them.
 */
final class DemoStage implements AutoCloseable {
    /** How long a process may take to start or to warm up, in seconds. */
    static final long START_TIMEOUT_S = 40;

    private static final String[] NOT_REPORTED = {"0", "0", "0", "0"};
    private static final String GO = "go";
    private static final String PROGRESS = "progress ";

    private final Workspace workspace = Workspace.create("demo");
    private final LongConsumer progress;
    private Child server;
    private Child consumer;
    private Child publisher;
    private String failure;

    private DemoStage(final LongConsumer progress) {
        this.progress = progress;
    }

    /**
     * Who plays.
     *
     * @param part      which queues they use.
     * @param rows      trades to send.
     * @param publisher main class of the publisher.
     * @param consumer  main class of the consumer.
     * @param file      what the consumer writes, or the directory of several files.
     */
    record Cast(String part, int rows, Class<?> publisher, Class<?> consumer, Path file) {}

    /**
     * Starts the processes, warms them up and lets the trades flow.
     *
     * @param cast     who plays.
     * @param progress hears now and then how many trades were delivered.
     * @return the stage.
     * @throws ChildException if a process fails or hangs.
     */
    static DemoStage start(final Cast cast, final LongConsumer progress) {
        final DemoStage stage = new DemoStage(progress);
        try {
            stage.startChildren(cast);
            stage.warmUp();
            return stage;
        } catch (final RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    private void startChildren(final Cast cast) {
        final String aeronDirectory = workspace.aeronDirectory();
        final String rows = Integer.toString(cast.rows());
        server = Child.start(
                "server",
                DemoServer.class,
                List.of(),
                List.of(workspace.directory().toString(), aeronDirectory));
        server.await("ready", START_TIMEOUT_S);
        consumer = Child.start(
                "consumer",
                cast.consumer(),
                List.of(),
                List.of(aeronDirectory, rows, cast.file().toString(), cast.part()));
        publisher = Child.start("publisher", cast.publisher(), List.of(), List.of(aeronDirectory, rows, cast.part()));
    }

    private void warmUp() {
        consumer.await("consuming", START_TIMEOUT_S);
        publisher.await("connected", START_TIMEOUT_S);
        publisher.tell(GO);
        consumer.await("warm", START_TIMEOUT_S);
        publisher.await("warm", START_TIMEOUT_S);
        publisher.tell(GO);
    }

    /** {@return directory of the media driver} */
    String aeronDirectory() {
        return workspace.aeronDirectory();
    }

    /** {@return numbers that the consumer reports, zeros if it fails or hangs} */
    String[] awaitConsumer(final String key, final long timeoutS) {
        return awaitNumbers(consumer, key, timeoutS);
    }

    /** {@return numbers that the publisher reports at its end, zeros if it fails or hangs} */
    String[] awaitPublished() {
        return awaitNumbers(publisher, "published", START_TIMEOUT_S);
    }

    /** A child that fails or hangs is no reason not to look at what was received: the first failure is kept for the report. */
    private String[] awaitNumbers(final Child child, final String key, final long timeoutS) {
        try {
            return child.await(key, timeoutS, this::onLine).split(" ");
        } catch (final ChildException e) {
            fail(e.getMessage());
            return NOT_REPORTED;
        }
    }

    /** {@return what stands for the numbers of a process that did not report any} */
    static String[] notReported() {
        return NOT_REPORTED.clone();
    }

    /** Keeps the first failure. */
    void fail(final String reason) {
        failure = failure == null ? reason : failure;
    }

    /** {@return the first failure, null if there was none} */
    String failure() {
        return failure;
    }

    private void onLine(final String line) {
        if (line.startsWith(PROGRESS)) {
            progress.accept(Long.parseLong(line.substring(PROGRESS.length())));
        }
    }

    @Override
    public void close() {
        stop(publisher);
        stop(consumer);
        stop(server);
        workspace.close();
    }

    private static void stop(final Child child) {
        if (child != null) {
            child.stop();
        }
    }
}
