package io.millrace.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * The slow side of the journal: forces, touches pages, watches the disk and deletes. Every method holds this object's monitor,
 * which the appending thread never enters.
 */
final class JournalHousekeeping {
    private static final int PAGES_PER_TURN = 1024;
    private static final int MAX_ROLLS_WAITING = 1024;

    /** A segment that the appender has begun. */
    private record Begun(Path file, long firstPosition) {}

    private final JournalContext context;
    private final SyncedMark syncedMark;
    private final AppendedMark appendedMark;
    private final PageToucher toucher = new PageToucher();
    private final OneToOneConcurrentArrayQueue<Begun> begun = new OneToOneConcurrentArrayQueue<>(MAX_ROLLS_WAITING);
    private final List<Segment> finished;
    private final List<Begun> unforced = new ArrayList<>();
    private final long epoch;
    private final long resumesAfter;
    private FileChannel present;
    private Begun presentSegment;
    private long nextSyncNs;
    private long nextDiskCheckNs;
    private boolean closed;

    /** Written by the appender alone, which asks for it too: what the disk holds less since it was looked at. */
    private final AtomicLong appendedBytes = new AtomicLong();

    /** As much may have been appended when the disk is low, and when it is full, by what the last look at it showed. */
    private volatile long lowAt;

    private volatile long fullAt;

    private volatile long presentFilePosition;
    private volatile long syncedPosition;
    private volatile boolean failed;
    private volatile long syncCount;
    private volatile long longestSyncNs;

    JournalHousekeeping(
            final JournalContext context,
            final RecoveryReport report,
            final SyncedMark syncedMark,
            final AppendedMark appendedMark) {
        this.context = context;
        this.syncedMark = syncedMark;
        this.appendedMark = appendedMark;
        finished = new ArrayList<>(report.segments());
        epoch = report.bootEpoch();
        resumesAfter = report.endPosition();
        syncedPosition = report.endPosition();
        nextSyncNs = System.nanoTime() + Math.min(context.syncIntervalNs(), Long.MAX_VALUE / 4);
        nextDiskCheckNs = System.nanoTime();
        lookAtDisk();
    }

    /** Called by the appender when it has begun a segment, before it publishes the position. */
    void onSegment(final Path file, final long firstPosition) {
        if (!begun.offer(new Begun(file, firstPosition))) {
            failed = true;
        }
    }

    /** Called by the appender: how far the present segment is written, by an excerpt of so many bytes. */
    void appended(final long filePosition, final int length) {
        presentFilePosition = filePosition;
        appendedBytes.lazySet(appendedBytes.get() + length);
    }

    synchronized int turn() {
        if (closed || failed) {
            return 0;
        }
        final long nowNs = System.nanoTime();
        int work = 0;
        try {
            work += takeNewSegments();
            if (nowNs - nextDiskCheckNs >= 0) {
                nextDiskCheckNs = nowNs + context.diskCheckIntervalNs();
                lookAtDisk();
            }
            if (!diskFull()) {
                work += toucher.touch(presentFilePosition, context.touchAheadBytes(), PAGES_PER_TURN);
            }
            if (nowNs - nextSyncNs >= 0) {
                nextSyncNs = nowNs + Math.min(context.syncIntervalNs(), Long.MAX_VALUE / 4);
                work += force() ? 1 : 0;
            }
        } catch (final IOException e) {
            throw failure("the journal could not be forced to the disk", e);
        } catch (final InternalError e) {
            // The JVM's answer to a store for which the disk has no block left.
            throw failure("the disk has no room for the pages of the journal", e);
        }
        return work;
    }

    private JournalException failure(final String message, final Throwable cause) {
        // An error of force is never retried: the pages it was about may already be marked clean.
        failed = true;
        return new JournalException(message + " (last position known to be on disk: " + syncedPosition + ")", cause);
    }

    /**
     * Published as bytes that may still be appended, so that the appender stops in time while this thread is held up, above
     * all by a force. Read before the disk: what is appended meanwhile counts twice, never not at all.
     */
    private void lookAtDisk() {
        final long appended = appendedBytes.get();
        final long usable = context.usableBytes().getAsLong();
        lowAt = appended + usable - context.diskLowBytes();
        fullAt = appended + usable - context.diskFullBytes();
    }

    private int takeNewSegments() throws IOException {
        int count = 0;
        Begun next = begun.poll();
        while (next != null) {
            if (presentSegment != null) {
                unforced.add(presentSegment);
                finished.add(new Segment(
                        presentSegment.file(), epoch, presentSegment.firstPosition(), next.firstPosition() - 1));
                closePresent();
            }
            presentSegment = next;
            present = FileChannel.open(next.file(), StandardOpenOption.READ, StandardOpenOption.WRITE);
            JournalLayout.forceDirectory(next.file().getParent());
            if (context.touchAheadBytes() > 0) {
                toucher.open(next.file(), context.segmentBytes());
            }
            count++;
            next = begun.poll();
        }
        return count;
    }

    /** Forces what was appended up to now and says so in the mark. */
    private boolean force() throws IOException {
        // Read before the segments: the appender announces a segment before any position in it.
        final long position = appendedMark.get();
        takeNewSegments();
        if (position <= syncedPosition) {
            return false;
        }
        final long startNs = System.nanoTime();
        for (final Begun segment : unforced) {
            JournalLayout.forceFile(segment.file());
        }
        unforced.clear();
        present.force(false);
        syncedMark.write(epoch, resumesAfter, position, context.machineBoot());
        syncedPosition = position;
        longestSyncNs = Math.max(longestSyncNs, System.nanoTime() - startNs);
        syncCount++;
        return true;
    }

    synchronized long sync() {
        if (failed) {
            throw new JournalException("the journal has failed before; last position on disk: " + syncedPosition);
        }
        if (!closed) {
            try {
                force();
            } catch (final IOException e) {
                throw failure("the journal could not be forced to the disk", e);
            }
        }
        return syncedPosition;
    }

    synchronized void deleteBefore(final long position) {
        if (closed || failed) {
            return;
        }
        try {
            takeNewSegments();
        } catch (final IOException e) {
            throw failure("a segment that was begun cannot be opened", e);
        }
        try {
            while (!finished.isEmpty() && finished.get(0).lastPosition() < position) {
                delete(finished.get(0));
                finished.remove(0);
            }
        } catch (final IOException e) {
            throw new JournalException("cannot delete a segment before position " + position, e);
        }
    }

    private void delete(final Segment segment) throws IOException {
        unforced.removeIf(waiting -> waiting.file().equals(segment.file()));
        Files.deleteIfExists(segment.file());
        final Path folder = segment.file().getParent();
        final boolean empty = finished.stream()
                .noneMatch(
                        other -> other != segment && folder.equals(other.file().getParent()));
        if (empty && segment.epoch() != epoch) {
            // What is left in the folder belongs to the library and means nothing without segments.
            for (final Path rest : JournalLayout.list(folder)) {
                Files.deleteIfExists(rest);
            }
            Files.deleteIfExists(folder);
            JournalLayout.forceDirectory(folder.getParent());
        } else {
            JournalLayout.forceDirectory(folder);
        }
    }

    synchronized List<Segment> finishedSegments() {
        return List.copyOf(finished);
    }

    private void closePresent() throws IOException {
        if (present != null) {
            present.close();
            present = null;
        }
    }

    /** Ends all work; the files stay as they are. */
    synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            toucher.close();
            closePresent();
        }
    }

    long syncedPosition() {
        return syncedPosition;
    }

    boolean diskLow() {
        return appendedBytes.get() > lowAt;
    }

    boolean diskFull() {
        return appendedBytes.get() > fullAt;
    }

    boolean failed() {
        return failed;
    }

    void fail() {
        failed = true;
    }

    long syncCount() {
        return syncCount;
    }

    long longestSyncNs() {
        return longestSyncNs;
    }
}
