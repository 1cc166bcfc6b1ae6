package io.millrace.store;

import io.millrace.store.reader.MachineBoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes segments that a snapshot covers out of a damaged journal, so that damage in them no longer stands in the way. They are
 * moved to {@code set-aside/} in the data directory; none is deleted or changed.
 */
final class SetAside {
    static final String FOLDER = "set-aside";

    private final Path dataDirectory;
    private final long position;
    private final RecoveryReport found;
    private final List<Path> segments = new ArrayList<>();

    private SetAside(final Path dataDirectory, final long position) throws IOException {
        this.dataDirectory = dataDirectory;
        this.position = position;
        found = Recovery.inspect(dataDirectory, MachineBoot.id(), false);
        for (final long epoch : JournalLayout.epochs(dataDirectory)) {
            segments.addAll(JournalLayout.segments(dataDirectory, epoch));
        }
    }

    /**
     * Sets aside what a snapshot covers.
     *
     * @param dataDirectory data directory, locked by the caller.
     * @param position      of a snapshot that is good.
     * @return what a start finds afterwards.
     * @throws JournalException if the journal would not go on behind the snapshot; everything is where it was then.
     */
    static RecoveryReport covered(final Path dataDirectory, final long position) {
        try {
            return new SetAside(dataDirectory, position).run();
        } catch (final IOException e) {
            throw new JournalException("cannot set segments aside in " + dataDirectory, e);
        }
    }

    private RecoveryReport run() throws IOException {
        if (isAllCovered()) {
            move(segments.size());
            Recovery.endAt(dataDirectory, found.bootEpoch(), position);
            return Recovery.recover(dataDirectory);
        }
        final int count = coveredCount();
        move(count);
        final RecoveryReport left = Recovery.inspect(dataDirectory, MachineBoot.id(), false);
        if (left.judgement().verdict() == DamageTable.Verdict.REFUSE
                || left.basePosition() > position + 1
                || left.endPosition() < position) {
            moveBack(count);
            throw new JournalException("the journal in " + dataDirectory + " does not go on behind position " + position
                    + " without damage");
        }
        return left;
    }

    /** Whether nothing was ever appended behind the position, as when a snapshot was written at a stop. */
    private boolean isAllCovered() throws IOException {
        final Optional<SyncedMark.Contents> mark = SyncedMark.read(dataDirectory);
        return mark.isPresent()
                && mark.get().syncedPosition() <= position
                && AppendedMark.read(JournalLayout.journal(dataDirectory)) <= position;
    }

    /** Segments that lie before the last one that begins at or before the first position still needed. */
    private int coveredCount() throws IOException {
        int count = 0;
        try (SegmentReader reader = new SegmentReader()) {
            for (int i = 0; i < segments.size(); i++) {
                reader.open(segments.get(i));
                if (reader.next() && reader.batch().firstPosition() <= position + 1) {
                    count = i;
                }
            }
        }
        return count;
    }

    private void move(final int count) throws IOException {
        for (final Path segment : segments.subList(0, count)) {
            final Path target = target(segment);
            Files.createDirectories(target.getParent());
            move(segment, target);
        }
    }

    private void moveBack(final int count) throws IOException {
        for (final Path segment : segments.subList(0, count)) {
            move(target(segment), segment);
        }
    }

    private static void move(final Path from, final Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        JournalLayout.forceDirectory(to.getParent());
        JournalLayout.forceDirectory(from.getParent());
    }

    private Path target(final Path segment) {
        return dataDirectory
                .resolve(FOLDER)
                .resolve(segment.getParent().getFileName())
                .resolve(segment.getFileName());
    }
}
