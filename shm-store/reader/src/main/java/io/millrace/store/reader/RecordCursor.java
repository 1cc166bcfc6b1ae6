package io.millrace.store.reader;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A place in a record log: walks the excerpts that count, file after file, up to the safe position. The ordinal of the last
 * record passed ties the files together, so that what is missing between two of them is noticed.
 */
final class RecordCursor implements AutoCloseable {
    private final Path folder;
    private final ShardIndex index;
    private final LogPage page;
    private final SafePosition safe;
    private final ExcerptWalker walker = new ExcerptWalker();
    private RecordFiles files;
    private long filesKnown;
    private int fileIndex;
    private long epoch;
    private long limit;
    private long ordinal;

    private RecordCursor(final Path folder, final ShardIndex index, final LogPage page, final SafePosition safe) {
        this.folder = folder;
        this.index = index;
        this.page = page;
        this.safe = safe;
    }

    /**
     * Opens the log of a shard.
     *
     * @param shard     folder of the shard.
     * @param shardPage page in it, which says whether the shard has a log of its own.
     */
    static RecordCursor open(final Path dataDirectory, final Path shard, final long shardId, final LogPage shardPage) {
        final long shared = shardPage.shared();
        final Path folder = shared < 0 ? shard : StreamFolders.shared(dataDirectory, shared);
        final LogPage page = LogPage.open(folder);
        try {
            final ShardIndex index = shared < 0 ? null : new ShardIndex(folder, shardId, shardPage, page);
            return new RecordCursor(folder, index, page, SafePosition.open(dataDirectory, MachineBoot.id()));
        } catch (final ReaderException e) {
            page.close();
            throw e;
        }
    }

    /** Goes to the last place known to have nothing behind it that is at or above a sequence number and a time. */
    void seek(final long sequence, final long timeNs) {
        reload();
        if (index != null) {
            index.seek(sequence, timeNs, files);
            beginShared(timeNs != Long.MIN_VALUE);
            return;
        }
        while (!begin(lastBefore(sequence, timeNs))) {
            // The file was removed since the folder was read.
            reload();
        }
    }

    private int lastBefore(final long sequence, final long timeNs) {
        int start = -1;
        for (int i = 0; i < files.size(); i++) {
            final RecordFile file = files.get(i);
            final boolean before = file.previousTimeNs() < timeNs || file.previousSequence() < sequence;
            if (file.isGood() && (start < 0 || before)) {
                start = i;
            }
        }
        return start;
    }

    /** Goes before the last excerpts. */
    void seekToLast() {
        reload();
        if (index != null) {
            index.seekToLast(files);
            beginShared(true);
            return;
        }
        // The newest file is never removed.
        begin(lastBefore(Long.MAX_VALUE, Long.MAX_VALUE));
    }

    /** Whoever asks for what is in reach does not miss what was removed; whoever goes on behind a record does. */
    private void beginShared(final boolean inReach) {
        walker.close();
        ordinal = Math.max(index.isAtEntry() ? index.ordinal() - 1 : 0, inReach ? page.trimmedOrdinal() : 0);
    }

    private boolean begin(final int start) {
        walker.close();
        fileIndex = start;
        ordinal = start < 0 ? 0 : files.get(start).previousOrdinal();
        return start < 0 || tryOpen(start);
    }

    private void reload() {
        // Read before the folder: a file begun meanwhile is found twice rather than never.
        filesKnown = page.filesBegun();
        try {
            files = RecordFiles.load(folder);
        } catch (final NoSuchFileException e) {
            // A file or folder was removed while the folder was read; there is a next time.
            filesKnown--;
        } catch (final IOException e) {
            throw new ReaderException(
                    ReaderException.Kind.UNREADABLE, folder, 0, Long.MIN_VALUE, "the log cannot be read", e);
        }
    }

    private void open(final int file) {
        if (!tryOpen(file)) {
            throw missing("the file " + files.get(file).path().getFileName() + " is not there");
        }
    }

    /** Maps a file; false if it is not there any more. */
    private boolean tryOpen(final int file) {
        final RecordFile next = files.get(file);
        try {
            walker.open(next.path());
        } catch (final NoSuchFileException e) {
            return false;
        } catch (final IOException e) {
            throw new ReaderException(
                    ReaderException.Kind.UNREADABLE, next.path(), 0, Long.MIN_VALUE, "the file cannot be mapped", e);
        }
        fileIndex = file;
        epoch = next.epoch();
        limit = files.limit(epoch);
        return true;
    }

    /** Looks at the next excerpt that counts and has records behind the ordinal. */
    boolean look() {
        return index == null ? lookOn() : lookUp();
    }

    /** Looks where the index says that records of the shard are. */
    private boolean lookUp() {
        while (true) {
            if (page.filesBegun() != filesKnown) {
                reload();
            }
            if (!index.look(ordinal, files)) {
                return false;
            }
            final long trimmed = page.trimmedOrdinal();
            if (index.ordinal() <= trimmed && trimmed <= ordinal) {
                index.pass();
                continue;
            }
            openIndexed();
            if (!walker.look() || walker.startsFile() || walker.excerpt().firstOrdinal() != index.ordinal()) {
                if (page.filesBegun() != filesKnown) {
                    // The record is in a file that was begun since the folder was read.
                    continue;
                }
                throwUnlessEnd();
                throw failure(
                        ReaderException.Kind.CORRUPT, "the index says that record " + index.ordinal() + " is here");
            }
            if (lastOrdinal() <= ordinal) {
                walker.pass();
                index.pass();
            } else if (!isSafe()) {
                return false;
            } else if (page.filesBegun() == filesKnown) {
                return true;
            }
        }
    }

    private void openIndexed() {
        final int file = files.holding(index.epoch(), index.ordinal());
        if (file < 0) {
            throw missing("record " + index.ordinal() + " of the log is not there");
        }
        if (!files.get(file).path().equals(walker.file())) {
            open(file);
        }
        walker.moveTo(index.position());
    }

    private ReaderException missing(final String message) {
        return page.trimmedOrdinal() > ordinal
                ? trimmed(horizonTimeNs(), message)
                : failure(ReaderException.Kind.MISSING_FILE, message);
    }

    private long horizonTimeNs() {
        return index == null ? page.horizonTimeNs() : index.horizonTimeNs();
    }

    private long lastOrdinal() {
        return walker.excerpt().firstOrdinal() + walker.excerpt().recordCount() - 1;
    }

    private boolean lookOn() {
        while (true) {
            if (walker.file() != null && walker.look()) {
                if (!walker.startsFile()) {
                    final long first = walker.excerpt().firstOrdinal();
                    final long last = lastOrdinal();
                    if (last > ordinal && last <= limit) {
                        checkFollows(first);
                        if (!isSafe()) {
                            return false;
                        }
                        if (page.filesBegun() == filesKnown) {
                            return true;
                        }
                        refresh();
                        continue;
                    }
                    if (last > limit) {
                        if (moveOn()) {
                            continue;
                        }
                        return false;
                    }
                }
                walker.pass();
            } else if (!moveOn()) {
                return false;
            }
        }
    }

    private void checkFollows(final long first) {
        if (first > ordinal + 1) {
            throw failure(
                    ReaderException.Kind.CORRUPT,
                    "record " + (ordinal + 1) + " of the log should be here, record " + first + " is");
        }
    }

    /**
     * Whether the present excerpt may be read. If a later start said so, it meant records of its own: what an earlier one wrote and
     * never published does not count then, so whoever asks looks for new files after it.
     */
    private boolean isSafe() {
        return walker.excerpt().lastPosition() <= safe.get();
    }

    /** At the end of a file: goes on to the next one, if there is one. */
    private boolean moveOn() {
        // A file that was begun meanwhile may follow on where those known so far do not. The present one may have got
        // more
        // before, so it is looked at once more.
        if (page.filesBegun() != filesKnown && refresh()) {
            return true;
        }
        if (nextFile()) {
            return true;
        }
        if (walker.file() != null) {
            throwUnlessEnd();
        }
        return false;
    }

    private boolean refresh() {
        final Path present = walker.file();
        final long known = filesKnown;
        reload();
        fileIndex = present == null ? -1 : files.indexOf(present);
        limit = files.limit(epoch);
        if (fileIndex < 0) {
            // Removed, or nothing in it counts any more.
            fileIndex = firstUnread() - 1;
        }
        return filesKnown != known && files.size() > 0;
    }

    /** The last file of which records up to the ordinal may be part, the first one if there is none. */
    private int firstUnread() {
        int found = 0;
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).isGood() && files.get(i).previousOrdinal() < ordinal) {
                found = i;
            }
        }
        return found;
    }

    private boolean nextFile() {
        int next = fileIndex + 1;
        while (next < files.size() && !files.get(next).isGood()) {
            next++;
        }
        if (next >= files.size()) {
            if (fileIndex + 1 < files.size()) {
                throwFault(files.get(files.size() - 1));
            }
            return false;
        }
        if (files.get(next).previousOrdinal() > ordinal) {
            throwGap(files.get(next));
        }
        open(next);
        return true;
    }

    private void throwFault(final RecordFile file) {
        if (file.fault() == ExcerptWalker.Stop.NEWER_FORMAT) {
            throw new ReaderException(
                    ReaderException.Kind.NEWER_FORMAT,
                    file.path(),
                    0,
                    "the file is in a newer layout than " + RecordFormat.FORMAT_VERSION);
        }
        if (file.fault() == ExcerptWalker.Stop.CORRUPT) {
            throw new ReaderException(ReaderException.Kind.CORRUPT, file.path(), 0, "the first excerpt is damaged");
        }
    }

    private void throwGap(final RecordFile next) {
        final String gap = "records " + (ordinal + 1) + " to " + next.previousOrdinal() + " of the log are not there";
        if (page.trimmedOrdinal() > ordinal) {
            throw trimmed(horizonTimeNs(), gap);
        }
        throwUnlessEnd();
        if (fileIndex + 1 < files.size() && !files.get(fileIndex + 1).isGood()) {
            throwFault(files.get(fileIndex + 1));
        }
        throw failure(
                ReaderException.Kind.MISSING_FILE,
                gap + ": the next file is " + next.path().getFileName());
    }

    private void throwUnlessEnd() {
        switch (walker.stop()) {
            case CORRUPT -> throw failure(ReaderException.Kind.CORRUPT, "the excerpt is not the one that was written");
            case TRUNCATED -> throw failure(ReaderException.Kind.TRUNCATED, "the file ends before its records do");
            case NEWER_FORMAT -> throw failure(ReaderException.Kind.NEWER_FORMAT, "the layout is newer");
            default -> {
                // Nothing is wrong with this file.
            }
        }
    }

    /** Passes the present excerpt. */
    void pass() {
        ordinal = lastOrdinal();
        walker.pass();
        if (index != null) {
            index.pass();
        }
    }

    /** Last record passed. */
    long ordinal() {
        return ordinal;
    }

    UnsafeBuffer buffer() {
        return walker.buffer();
    }

    int firstRecord() {
        return walker.firstRecord();
    }

    int end() {
        return walker.end();
    }

    long firstOrdinal() {
        return walker.excerpt().firstOrdinal();
    }

    long lastSequence() {
        return walker.excerpt().lastSequence();
    }

    long lastTimeNs() {
        return walker.excerpt().lastTimeNs();
    }

    /** Whether other shards' records lie in the log. */
    boolean isShared() {
        return index != null;
    }

    ReaderException trimmed(final long horizonTimeNs, final String message) {
        return new ReaderException(
                ReaderException.Kind.TRIMMED,
                place(),
                walker.position(),
                horizonTimeNs,
                message + "; the horizon is at " + horizonTimeNs + " ns",
                null);
    }

    ReaderException failure(final ReaderException.Kind kind, final String message) {
        return new ReaderException(kind, place(), walker.position(), message);
    }

    ReaderException fault(final InternalError cause) {
        return new ReaderException(
                ReaderException.Kind.TRUNCATED,
                place(),
                walker.position(),
                Long.MIN_VALUE,
                "the file was cut short while it was read",
                cause);
    }

    private Path place() {
        return walker.file() == null ? folder : walker.file();
    }

    @Override
    public void close() {
        walker.close();
        if (index != null) {
            index.close();
        }
        safe.close();
        page.close();
    }
}
