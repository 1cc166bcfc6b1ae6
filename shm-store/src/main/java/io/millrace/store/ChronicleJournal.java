package io.millrace.store;

import static io.millrace.store.ExcerptFormat.HEADER_LENGTH;

import io.millrace.codecs.BatchDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * The journal on Chronicle Queue: {@code process} durability. What is appended is in the page cache and survives the process;
 * housekeeping forces it to the disk about once a second.
 *
 * <p>Opening recovers: it refuses a damaged journal and begins a new folder, and with it a new file, for this start. The first
 * excerpt appended must hold the boot record with {@link #bootEpoch()} and {@link #nextPosition()} - 1.
 */
public final class ChronicleJournal implements Journal {
    private static final int FIRST_POSITION_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + BatchDecoder.firstPositionEncodingOffset();
    private static final int RECORD_COUNT_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + BatchDecoder.recordCountEncodingOffset();

    private final JournalContext context;
    private final RecoveryReport report;
    private final SyncedMark syncedMark;
    private final AppendedMark appendedMark;
    private final ChronicleAppender appender;
    private final JournalHousekeeping housekeeping;
    private boolean booted;
    private boolean closed;
    private volatile Throwable failure;
    private volatile long nextPosition;
    private volatile long rollCount;
    private volatile long longestRollNs;

    private ChronicleJournal(
            final JournalContext context,
            final RecoveryReport report,
            final SyncedMark syncedMark,
            final AppendedMark appendedMark,
            final ChronicleAppender appender) {
        this.context = context;
        this.report = report;
        this.syncedMark = syncedMark;
        this.appendedMark = appendedMark;
        this.appender = appender;
        nextPosition = report.endPosition() + 1;
        housekeeping = new JournalHousekeeping(context, report, syncedMark, appendedMark);
    }

    /**
     * Opens the journal of a data directory.
     *
     * @param context settings; concluded here.
     * @return the journal, ready for {@link #replay}.
     * @throws DirectoryLockedException if somebody else holds the directory.
     * @throws JournalDamagedException  if records that must be there are not; nothing was changed.
     * @throws JournalException         if the file system will not do or a file cannot be read.
     */
    public static ChronicleJournal open(final JournalContext context) {
        context.conclude();
        try {
            return begin(context, Recovery.recover(context.dataDirectory(), context.machineBoot()));
        } catch (final IOException e) {
            context.releaseOwnLock();
            throw new JournalException("cannot open the journal of " + context.dataDirectory(), e);
        } catch (final RuntimeException e) {
            context.releaseOwnLock();
            throw e;
        }
    }

    private static ChronicleJournal begin(final JournalContext context, final RecoveryReport report)
            throws IOException {
        final Path data = context.dataDirectory();
        final Path journal = JournalLayout.journal(data);
        Files.createDirectories(journal);
        // What this start builds on must outlive the machine before it is built on.
        for (final Segment segment : report.segments()) {
            if (segment.epoch() >= report.bootEpoch() - 1) {
                JournalLayout.forceFile(segment.file());
                JournalLayout.forceDirectory(segment.file().getParent());
            }
        }
        // First the appended position, then the mark: lowering the former can only make a later judgement milder.
        final AppendedMark appended = AppendedMark.open(journal, report.endPosition());
        final SyncedMark synced = SyncedMark.open(data);
        synced.write(report.bootEpoch(), report.endPosition(), report.endPosition(), context.machineBoot());
        final Path folder = JournalLayout.start(data, report.bootEpoch());
        Files.createDirectory(folder);
        JournalLayout.forceDirectory(journal);
        JournalLayout.forceDirectory(data);
        final ChronicleAppender appender =
                new ChronicleAppender(folder, context.segmentBytes(), context.maxBatchBytes());
        return new ChronicleJournal(context, report, synced, appended, appender);
    }

    @Override
    public int append(final DirectBuffer excerpt, final int offset, final int length) {
        if (closed) {
            return AppendResult.CLOSED;
        }
        if (failure != null || housekeeping.failed()) {
            return AppendResult.FAILED;
        }
        if (length > context.maxBatchBytes() || length < HEADER_LENGTH) {
            return AppendResult.TOO_LARGE;
        }
        final long position = nextPosition;
        if (excerpt.getLong(offset + FIRST_POSITION_OFFSET) != position
                || !booted && !isBoot(excerpt, offset, length)) {
            return AppendResult.OUT_OF_SEQUENCE;
        }
        if (housekeeping.diskFull()) {
            return AppendResult.DISK_FULL;
        }
        try {
            return appender.wouldRoll(length)
                    ? roll(excerpt, offset, length, position)
                    : write(excerpt, offset, length, position);
        } catch (final RuntimeException | InternalError e) {
            // InternalError: the disk had no block for a page of the mapping.
            failure = e;
            return AppendResult.FAILED;
        }
    }

    private int write(final DirectBuffer excerpt, final int offset, final int length, final long position) {
        if (!appender.append(excerpt, offset, length)) {
            failure = new IllegalStateException("the mapping has no room for " + length + " bytes");
            return AppendResult.FAILED;
        }
        final long next = position + excerpt.getInt(offset + RECORD_COUNT_OFFSET);
        // The place in the file first: the old one would be far ahead in the segment announced.
        housekeeping.appended(appender.filePosition(), length);
        if (appender.rolled()) {
            housekeeping.onSegment(appender.file(), position);
        }
        appendedMark.set(next - 1);
        nextPosition = next;
        booted = true;
        return AppendResult.OK;
    }

    private int roll(final DirectBuffer excerpt, final int offset, final int length, final long position) {
        final long startNs = System.nanoTime();
        final int result = write(excerpt, offset, length, position);
        rollCount++;
        longestRollNs = Math.max(longestRollNs, System.nanoTime() - startNs);
        return result;
    }

    private boolean isBoot(final DirectBuffer excerpt, final int offset, final int length) {
        final BatchReader batch = new BatchReader().wrap(excerpt, offset, length);
        return batch.bootEpoch() == bootEpoch()
                && BootChain.bootResumesAfter(batch, bootEpoch()) == batch.firstPosition() - 1;
    }

    @Override
    public long nextPosition() {
        return nextPosition;
    }

    @Override
    public long bootEpoch() {
        return report.bootEpoch();
    }

    @Override
    public void replay(final long fromPosition, final BatchHandler handler) {
        JournalReplay.replay(report.segments(), fromPosition, report.endPosition(), handler);
    }

    @Override
    public void deleteBefore(final long position) {
        housekeeping.deleteBefore(position);
    }

    @Override
    public int doHousekeeping() {
        return housekeeping.turn();
    }

    @Override
    public long sync() {
        return housekeeping.sync();
    }

    @Override
    public long syncedPosition() {
        return housekeeping.syncedPosition();
    }

    @Override
    public boolean diskLow() {
        return housekeeping.diskLow();
    }

    /**
     * What recovery found when the journal was opened.
     *
     * @return the report.
     */
    public RecoveryReport recovery() {
        return report;
    }

    /**
     * Why appends answer {@link AppendResult#FAILED}.
     *
     * @return the failure of an append, null if there was none.
     */
    public Throwable failure() {
        return failure;
    }

    /**
     * Segments begun so far by this start.
     *
     * @return count, the first one included.
     */
    public long rollCount() {
        return rollCount;
    }

    /**
     * Longest append that began a segment.
     *
     * @return nanoseconds.
     */
    public long longestRollNs() {
        return longestRollNs;
    }

    /**
     * How often the journal was forced.
     *
     * @return count.
     */
    public long syncCount() {
        return housekeeping.syncCount();
    }

    /**
     * Longest force.
     *
     * @return nanoseconds.
     */
    public long longestSyncNs() {
        return housekeeping.longestSyncNs();
    }

    /**
     * Segments that are complete, for reports.
     *
     * @return those of earlier starts and of this one in order, the present one excluded.
     */
    public List<Segment> finishedSegments() {
        return housekeeping.finishedSegments();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (failure == null && !housekeeping.failed()) {
                housekeeping.sync();
            }
        } finally {
            release();
        }
    }

    private void release() {
        try {
            housekeeping.close();
            appender.close();
            syncedMark.close();
        } catch (final IOException e) {
            throw new JournalException("cannot close the journal of " + context.dataDirectory(), e);
        } finally {
            appendedMark.close();
            context.releaseOwnLock();
        }
    }
}
