package io.millrace.store;

import io.millrace.store.DamageTable.Beyond;
import io.millrace.store.DamageTable.Facts;
import io.millrace.store.DamageTable.Machine;
import io.millrace.store.DamageTable.Mark;
import io.millrace.store.DamageTable.Reach;
import io.millrace.store.reader.MachineBoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Finds what the journal of a data directory holds and judges its end. Reads only.
 *
 * <p>The files are walked in order; continuity is judged by position and CRC, start by start along the boot chain. For the last
 * start the {@link DamageTable} decides; of an earlier one everything that the next start resumed after must be there.
 */
public final class Recovery {
    private static final long UNKNOWN = -2;

    private final Path dataDirectory;
    private final UUID machineBoot;
    private final boolean live;
    private final List<Segment> segments = new ArrayList<>();
    private Optional<SyncedMark.Contents> mark;
    private BootChain chain;
    private long appended;
    private long base = UNKNOWN;
    private long end = -1;
    private Beyond beyond = Beyond.NOTHING;
    private long discarded;
    private Path stopFile;
    private long stopFileAt;

    private Recovery(final Path dataDirectory, final UUID machineBoot, final boolean live) {
        this.dataDirectory = dataDirectory;
        this.machineBoot = machineBoot;
        this.live = live;
    }

    /**
     * Recovers a directory.
     *
     * @param dataDirectory data directory; it may be empty.
     * @return what counts.
     * @throws JournalDamagedException if records that must be there are not.
     * @throws JournalException        if a file cannot be read.
     */
    public static RecoveryReport recover(final Path dataDirectory) {
        return recover(dataDirectory, MachineBoot.id());
    }

    static RecoveryReport recover(final Path dataDirectory, final UUID machineBoot) {
        final RecoveryReport report = inspect(dataDirectory, machineBoot, false);
        if (report.judgement().verdict() == DamageTable.Verdict.REFUSE) {
            throw new JournalDamagedException(
                    dataDirectory,
                    report.stopFile() == null ? JournalLayout.journal(dataDirectory) : report.stopFile(),
                    report.stopFileAt(),
                    report.endPosition(),
                    report.judgement().reason());
        }
        return report;
    }

    /**
     * As {@link #recover}, but a refusal is reported instead of thrown.
     *
     * @param live whether a server is appending meanwhile: what lies behind the end is then its business.
     */
    static RecoveryReport inspect(final Path dataDirectory, final UUID machineBoot, final boolean live) {
        try {
            return new Recovery(dataDirectory, machineBoot, live).run();
        } catch (final IOException e) {
            throw new JournalException("cannot read the journal of " + dataDirectory, e);
        }
    }

    /** Declares that a start was begun which resumes after the end that was found, so that nothing behind it counts any more. */
    static void endAt(final Path dataDirectory, final RecoveryReport found) {
        try {
            // The mark will say that all up to the end is on the disk.
            for (final Segment segment : found.segments()) {
                JournalLayout.forceFile(segment.file());
                JournalLayout.forceDirectory(segment.file().getParent());
            }
        } catch (final IOException e) {
            throw new JournalException("cannot force the journal of " + dataDirectory, e);
        }
        endAt(dataDirectory, found.bootEpoch(), found.endPosition());
    }

    /** As {@link #endAt(Path, RecoveryReport)}, for a position up to which everything is known to be on the disk. */
    static void endAt(final Path dataDirectory, final long epoch, final long position) {
        try (SyncedMark mark = SyncedMark.open(dataDirectory)) {
            AppendedMark.open(JournalLayout.journal(dataDirectory), position).close();
            // Both slots, so that the older one cannot come back.
            for (int slot = 0; slot < 2; slot++) {
                mark.write(epoch, position, position, MachineBoot.id());
            }
            JournalLayout.forceDirectory(dataDirectory);
        } catch (final IOException e) {
            throw new JournalException("cannot write the marks of " + dataDirectory, e);
        }
    }

    private RecoveryReport run() throws IOException {
        final List<Long> folders = JournalLayout.epochs(dataDirectory);
        // Read before the records, which may still grow.
        mark = SyncedMark.read(dataDirectory);
        appended = AppendedMark.read(JournalLayout.journal(dataDirectory));
        final SortedSet<Long> epochs = new TreeSet<>();
        for (final long epoch : folders) {
            // A folder without a segment was left by an interrupted deletion, or by a start that appended nothing.
            if (!JournalLayout.segments(dataDirectory, epoch).isEmpty()) {
                epochs.add(epoch);
            }
        }
        mark.ifPresent(contents -> epochs.add(contents.bootEpoch()));
        boolean lost = false;
        try (SegmentReader reader = new SegmentReader()) {
            chain = BootChain.read(reader, dataDirectory, folders, mark);
            for (final long epoch : epochs) {
                if (chain.counts(epoch)) {
                    lost |= !join(reader, epoch);
                }
                if (lost || !chain.counts(epoch)) {
                    skipStart(epoch);
                } else {
                    walkStart(reader, epoch);
                }
            }
        }
        final DamageTable.Case judgement = judge(lost, epochs.isEmpty());
        epochs.addAll(folders);
        final long nextEpoch = epochs.isEmpty() ? 1 : epochs.last() + 1;
        final long firstHeld = Math.max(base, 0);
        return new RecoveryReport(
                judgement, List.copyOf(segments), firstHeld, end, discarded, stopFile, stopFileAt, nextEpoch);
    }

    /** Makes sure that a start resumes where the starts before it end. */
    private boolean join(final SegmentReader reader, final long epoch) throws IOException {
        if (base == UNKNOWN) {
            // The oldest start that is left may have lost its first segments to a snapshot: it begins where it begins.
            base = firstHeld(reader, epoch);
            end = base - 1;
            return true;
        }
        return !chain.hasBoot(epoch) || chain.resumesAfter(epoch) == end;
    }

    private long firstHeld(final SegmentReader reader, final long epoch) throws IOException {
        final List<Path> files = JournalLayout.segments(dataDirectory, epoch);
        if (!files.isEmpty()) {
            reader.open(files.get(0));
            if (reader.next()) {
                return reader.batch().firstPosition();
            }
        }
        return chain.hasBoot(epoch) ? chain.resumesAfter(epoch) + 1 : 0;
    }

    private void skipStart(final long epoch) throws IOException {
        for (final Path file : JournalLayout.segments(dataDirectory, epoch)) {
            segments.add(new Segment(file, epoch, -1, end));
        }
    }

    private DamageTable.Case judge(final boolean lost, final boolean empty) {
        if (lost) {
            return DamageTable.Case.SYNCED_LOST;
        }
        if (mark.isEmpty()) {
            return empty ? DamageTable.Case.CLEAN : DamageTable.Case.MARK_LOST;
        }
        final SyncedMark.Contents contents = mark.get();
        return DamageTable.judge(new Facts(
                Mark.VALID,
                machine(contents.machineBoot()),
                end < contents.syncedPosition() ? Reach.FALLS_SHORT : Reach.REACHES,
                end < appended ? Reach.FALLS_SHORT : Reach.REACHES,
                beyond));
    }

    private Machine machine(final UUID marked) {
        if (marked.equals(MachineBoot.UNKNOWN) || machineBoot.equals(MachineBoot.UNKNOWN)) {
            return Machine.UNKNOWN;
        }
        return marked.equals(machineBoot) ? Machine.SAME : Machine.CHANGED;
    }

    private void walkStart(final SegmentReader reader, final long epoch) throws IOException {
        final long limit = chain.limit(epoch);
        final boolean booted = chain.hasBoot(epoch) || segments.isEmpty();
        if (booted) {
            // What lies behind the end of an earlier start was judged when this one began.
            beyond = Beyond.NOTHING;
            discarded = 0;
        }
        boolean broken = !booted;
        boolean complete = true;
        for (final Path file : JournalLayout.segments(dataDirectory, epoch)) {
            final long before = end;
            long first = -1;
            reader.open(file);
            boolean good = !broken && reader.next();
            while (good && reader.batch().bootEpoch() == epoch && follows(reader.batch(), limit)) {
                first = first < 0 ? reader.batch().firstPosition() : first;
                end = reader.batch().lastPosition();
                good = reader.next();
            }
            segments.add(new Segment(file, epoch, first, first < 0 ? before : end));
            // A first excerpt that does not follow on means that the file before it ends too early, unless that one is
            // complete.
            if (!broken && (first >= 0 || !good || complete)) {
                noteStop(reader);
            }
            complete = !good && reader.stop() == SegmentReader.Stop.END_MARK;
            broken |= limit == Long.MAX_VALUE ? somethingBehind(reader, good || broken, epoch) : good;
        }
    }

    private boolean follows(final BatchReader batch, final long limit) {
        return batch.firstPosition() == end + 1 && batch.lastPosition() <= limit;
    }

    /** Looks at what lies behind the place where the walk of a file stopped. Returns whether later files cannot follow on. */
    private boolean somethingBehind(final SegmentReader reader, final boolean outOfPlace, final long epoch)
            throws IOException {
        if (live || !outOfPlace && reader.stop() == SegmentReader.Stop.END_MARK) {
            return false;
        }
        final SegmentReader.Findings findings = reader.probe(epoch);
        discarded += findings.laterRecords;
        Beyond found = Beyond.NOTHING;
        if (findings.laterExcerpts > 0) {
            found = Beyond.LATER_RECORDS;
        } else if (reader.stop() == SegmentReader.Stop.BAD) {
            found = Beyond.BAD_RECORD;
        } else if (findings.nonZero) {
            found = Beyond.FRAGMENT;
        }
        if (found.compareTo(beyond) > 0) {
            beyond = found;
        }
        return found != Beyond.NOTHING;
    }

    private void noteStop(final SegmentReader reader) {
        stopFile = reader.file();
        stopFileAt = reader.filePosition();
    }
}
