package io.millrace.server;

import java.io.File;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What the server is doing when it is killed. The moment is looked for from outside, in its files. */
enum KillMoment {
    /** Anything, under load. */
    LOAD,
    /** Writing a snapshot: its unfinished file is there. */
    SNAPSHOT,
    /** Rolling: the next segment's file has just come. */
    ROLL,
    /** Answering what the client sent again after the kill before. */
    RECONNECT,
    /** Holding answers that the client has not read: they die with the server, their commands are in the journal. */
    DEAF;

    private static final long MAX_LOAD_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MAX_RECONNECT_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long DEAF_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_NS = TimeUnit.MICROSECONDS.toNanos(20);

    /** {@return the moment of one kill of a row: all of them in turn} */
    static KillMoment of(final int kill) {
        return values()[kill % values().length];
    }

    /** Waits for the moment, on a thread that has nothing else to do. */
    void await(final Path directory, final Random random) {
        switch (this) {
            case LOAD -> LockSupport.parkNanos(random.nextLong(MAX_LOAD_NS));
            case RECONNECT -> LockSupport.parkNanos(random.nextLong(MAX_RECONNECT_NS));
            case DEAF -> LockSupport.parkNanos(DEAF_NS);
            case SNAPSHOT -> {
                LockSupport.parkNanos(random.nextLong(MAX_LOAD_NS));
                awaitMore(directory.resolve("snapshots"), ".tmp", 0);
            }
            default -> {
                LockSupport.parkNanos(random.nextLong(MAX_LOAD_NS));
                final Path journal = newest(directory.resolve("journal"));
                awaitMore(journal, ".cq4", latest(journal, ".cq4"));
            }
        }
    }

    /** {@return number of snapshots that no one finished} */
    static int unfinishedSnapshots(final Path directory) {
        int count = 0;
        for (final String name : names(directory.resolve("snapshots"))) {
            count += name.endsWith(".tmp") ? 1 : 0;
        }
        return count;
    }

    /** Names of segments count up, and old ones are deleted meanwhile: a new one is one with a later name. */
    private static void awaitMore(final Path folder, final String suffix, final long known) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (latest(folder, suffix) <= known) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no new file *" + suffix + " came into " + folder);
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private static long latest(final Path folder, final String suffix) {
        long latest = 0;
        for (final String name : names(folder)) {
            if (name.endsWith(suffix)) {
                latest = Math.max(latest, Long.parseLong(name.replaceAll("\\D", "")));
            }
        }
        return latest;
    }

    /** The folder of the last start. */
    private static Path newest(final Path journal) {
        String newest = "";
        for (final String name : names(journal)) {
            newest = name.matches("\\d+") && name.compareTo(newest) > 0 ? name : newest;
        }
        return journal.resolve(newest);
    }

    private static String[] names(final Path folder) {
        final String[] names = new File(folder.toString()).list();
        return names == null ? new String[0] : names;
    }
}
