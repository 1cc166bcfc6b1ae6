package io.millrace.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Watches one thread for stops: parks, sleeps, waits and monitors that were taken when it came. It asks two witnesses, the
 * flight recorder and the JVM's own counts of the thread. Neither sees a monitor that was free; that is for
 * {@link DutyCycleLocksTest} to exclude.
 */
final class ThreadStops implements AutoCloseable {

    private static final List<String> EVENTS =
            List.of("jdk.ThreadPark", "jdk.ThreadSleep", "jdk.JavaMonitorEnter", "jdk.JavaMonitorWait");
    private static final int FRAMES = 12;

    private final Recording recording = new Recording();
    private final long threadId;
    private final long blockedBefore;
    private final long waitedBefore;

    private ThreadStops(final long threadId) {
        this.threadId = threadId;
        for (final String event : EVENTS) {
            recording.enable(event).withThreshold(Duration.ZERO).withStackTrace();
        }
        recording.start();
        final ThreadInfo info = info();
        blockedBefore = info.getBlockedCount();
        waitedBefore = info.getWaitedCount();
    }

    /** Begins to watch. */
    static ThreadStops watch(final long threadId) {
        return new ThreadStops(threadId);
    }

    /** {@return state of the thread at this moment} */
    Thread.State state() {
        return info().getThreadState();
    }

    /**
     * Ends the watch.
     *
     * @param directory for the recording.
     * @return what was seen, a text for each stop or count.
     */
    List<String> seen(final Path directory) {
        final ThreadInfo info = info();
        recording.stop();
        final List<String> seen = new ArrayList<>();
        count(seen, "blocked", info.getBlockedCount() - blockedBefore);
        count(seen, "waited", info.getWaitedCount() - waitedBefore);
        try {
            final Path file = Files.createTempFile(directory, "stops", ".jfr");
            recording.dump(file);
            for (final RecordedEvent event : RecordingFile.readAllEvents(file)) {
                final RecordedThread thread = event.getThread();
                if (thread != null && thread.getJavaThreadId() == threadId) {
                    seen.add(event.getEventType().getName() + where(event));
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return seen;
    }

    private ThreadInfo info() {
        return ManagementFactory.getThreadMXBean().getThreadInfo(threadId);
    }

    private static void count(final List<String> seen, final String what, final long times) {
        if (times > 0) {
            seen.add(what + " " + times + " times");
        }
    }

    private static String where(final RecordedEvent event) {
        if (event.getStackTrace() == null) {
            return " somewhere";
        }
        return event.getStackTrace().getFrames().stream()
                .limit(FRAMES)
                .map(frame -> frame.getMethod().getType().getName()
                        + '.'
                        + frame.getMethod().getName()
                        + ':'
                        + frame.getLineNumber())
                .collect(Collectors.joining(" < ", " at ", ""));
    }

    @Override
    public void close() {
        recording.close();
    }
}
