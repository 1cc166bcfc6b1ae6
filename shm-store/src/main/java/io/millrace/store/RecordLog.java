package io.millrace.store;

import io.millrace.store.reader.LogPage;
import io.millrace.store.reader.RecordFormat;
import io.millrace.store.reader.StartFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.DirectBuffer;

/**
 * One record log, of one shard or shared by many. Opened and closed off the duty cycle, which alone appends; {@link #sync} is
 * the slow side's again. Records of a duty cycle are gathered and become one excerpt, written with one bounded copy; only
 * those that the gathering buffer cannot hold make excerpts of their own.
 */
final class RecordLog {
    /** Bytes gathered before they are written without waiting for the end of the duty cycle. */
    static final int GATHERED_BYTES = 1 << 16;

    /** In place of the stream's id in a log that shards of several streams share. */
    static final long SHARED = 0;

    private final Path folder;
    private final long streamId;
    private final long logId;
    private final long epoch;
    private final long resumesAfter;
    private final MappedPage page;
    private final ChronicleAppender appender;
    private final RecordExcerptBuilder gathered = new RecordExcerptBuilder(GATHERED_BYTES);
    private final RecordExcerptBuilder large;
    private final RecordExcerptBuilder head = new RecordExcerptBuilder(1 << 8);
    private final ShardLog[] gatheredShards = new ShardLog[GATHERED_BYTES / RecordFormat.RECORD_HEADER_LENGTH];
    private final RecordLogRecovery recovery;

    /** Where the shards' records are, if shards share the log, null otherwise. */
    private final IndexWriter index;

    /** Where the index goes on with shards that nobody has opened so far. */
    private final Map<Long, IndexWriter.Chain> found = new HashMap<>();

    private final Set<Path> forced = new HashSet<>();
    private final PageToucher toucher = new PageToucher();
    private final long segmentBytes;
    private Path touched;

    /** Where the next excerpt goes, for the slow side. A position taken for another file's costs a page touched in vain. */
    private volatile Path presentFile;

    private volatile long filePosition;
    private boolean listed;
    private int gatheredShardCount;
    private long excerpt;
    private long ordinal;
    private long sequence;
    private long timeNs;
    private long position;
    private Throwable failure;

    /**
     * Recovers the log in a folder and begins a file.
     *
     * @param large for records that do not fit in the gathering buffer; the appending thread's, shared by all logs.
     */
    RecordLog(
            final RecordLogContext context,
            final Path folder,
            final long streamId,
            final long logId,
            final RecordExcerptBuilder large)
            throws IOException {
        this.folder = folder;
        this.streamId = streamId;
        this.logId = logId;
        this.large = large;
        epoch = context.bootEpoch();
        segmentBytes = context.segmentBytes();
        MappedPage.makeFolder(folder);
        recovery = RecordLogRecovery.recover(
                folder, context.endPosition(), context.snapshotPosition(), streamId == SHARED);
        resumesAfter = recovery.ordinal();
        ordinal = recovery.ordinal();
        sequence = recovery.sequence();
        timeNs = recovery.timeNs();
        position = recovery.position();
        // What this start builds on must outlive the machine before it is built on.
        for (final Path file : recovery.walked()) {
            JournalLayout.forceFile(file);
        }
        final Path start = StartFolders.folder(folder, epoch);
        MappedPage.makeFolder(start);
        page = openPage(folder, streamId, logId, -1);
        appender = new ChronicleAppender(
                start, context.segmentBytes(), Math.max(GATHERED_BYTES, excerptBytes(context.maxRecordBytes())));
        if (beginFile() != AppendResult.OK) {
            throw new IOException("cannot begin a file in " + start, failure);
        }
        JournalLayout.forceDirectory(start);
        index = streamId == SHARED ? new IndexWriter(folder, page, epoch, context.indexFileBytes()) : null;
        recovery.takePlaces().forEach(this::addFound);
    }

    private void addFound(final long shardId, final List<RecordLogRecovery.Place> places) {
        final IndexWriter.Chain chain = new IndexWriter.Chain();
        for (final RecordLogRecovery.Place place : places) {
            index.add(
                    chain,
                    shardId,
                    place.ordinal(),
                    place.sequence(),
                    place.lastSequence(),
                    place.timeNs(),
                    place.epoch(),
                    place.filePosition());
        }
        found.put(shardId, chain);
    }

    /** A shard that is to be appended to from now on. */
    ShardLog shard(final long shardsStream, final long shardId) {
        final ShardLog shard = new ShardLog(shardsStream, shardId, this);
        final IndexWriter.Chain chain = found.remove(shardId);
        if (chain != null) {
            shard.continueFrom(chain);
        }
        return shard;
    }

    /** Longest excerpt of one record. */
    static int excerptBytes(final int maxRecordBytes) {
        return RecordFormat.HEADER_LENGTH + RecordFormat.recordLength(maxRecordBytes, 0);
    }

    /** Maps the page of a log or shard; makes it if there is none or the machine lost it. */
    static MappedPage openPage(final Path folder, final long streamId, final long logId, final long shared)
            throws IOException {
        final MappedPage page = MappedPage.open(folder.resolve(LogPage.FILE_NAME), LogPage.LENGTH);
        if (page.get(LogPage.MAGIC_OFFSET) != LogPage.MAGIC) {
            page.set(LogPage.VERSION_OFFSET, RecordFormat.FORMAT_VERSION);
            page.set(LogPage.STREAM_OFFSET, streamId);
            page.set(LogPage.LOG_OFFSET, logId);
            page.set(LogPage.SHARED_OFFSET, shared);
            page.set(LogPage.HORIZON_OFFSET, 0);
            page.set(LogPage.MAGIC_OFFSET, LogPage.MAGIC);
            page.force();
            JournalLayout.forceDirectory(folder);
        }
        return page;
    }

    /** Whether the log is in the list of those to flush at the end of the duty cycle. */
    boolean isListed() {
        return listed;
    }

    void listed(final boolean value) {
        listed = value;
    }

    /** Appends one record; the code of {@link AppendResult}. */
    int append(
            final ShardLog shard,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final long journalPosition,
            final DirectBuffer source,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        RecordExcerptBuilder target = gathered;
        if (RecordFormat.recordLength(keyLength, dataLength) > GATHERED_BYTES - RecordFormat.HEADER_LENGTH) {
            target = large;
            large.reset();
        }
        while (!target.append(
                shard.shardId,
                sequenceNumber,
                arrivalTimeNs,
                journalPosition,
                source,
                keyOffset,
                keyLength,
                dataOffset,
                dataLength)) {
            if (target == large) {
                return AppendResult.TOO_LARGE;
            }
            final int result = flush();
            if (result != AppendResult.OK) {
                return result;
            }
        }
        int result = AppendResult.OK;
        if (target == large) {
            result = flush();
        }
        if (index != null) {
            if (shard.excerpt != excerpt) {
                shard.excerpt = excerpt;
                shard.firstSequence = sequenceNumber;
                shard.firstTimeNs = arrivalTimeNs;
                gatheredShards[gatheredShardCount++] = shard;
            }
            shard.gatheredSequence = sequenceNumber;
        }
        return target == large && result == AppendResult.OK ? write(large) : result;
    }

    /** Writes what was gathered; the code of {@link AppendResult}. */
    int flush() {
        if (gathered.isEmpty()) {
            return AppendResult.OK;
        }
        final int result = write(gathered);
        gathered.reset();
        return result;
    }

    private int write(final RecordExcerptBuilder excerpt) {
        if (failure != null) {
            return AppendResult.FAILED;
        }
        try {
            final int length = excerpt.seal(ordinal + 1);
            if (appender.wouldRoll(length)) {
                final int result = beginFile();
                if (result != AppendResult.OK) {
                    return result;
                }
            }
            if (!appender.append(excerpt.buffer(), 0, length)) {
                return fail(new IllegalStateException("the mapping has no room for " + length + " bytes"));
            }
            addToIndex();
        } catch (final RuntimeException | InternalError e) {
            // InternalError: the disk had no block for a page of the mapping.
            return fail(e);
        }
        ordinal += excerpt.count();
        sequence = excerpt.lastSequence();
        timeNs = excerpt.lastTimeNs();
        position = excerpt.lastPosition();
        filePosition = appender.filePosition();
        return AppendResult.OK;
    }

    private void addToIndex() {
        for (int i = 0; i < gatheredShardCount; i++) {
            final ShardLog shard = gatheredShards[i];
            index.add(
                    shard,
                    shard.shardId,
                    ordinal + 1,
                    shard.firstSequence,
                    shard.gatheredSequence,
                    shard.firstTimeNs,
                    epoch,
                    appender.excerptPosition());
        }
        gatheredShardCount = 0;
        excerpt++;
    }

    private int fail(final Throwable cause) {
        failure = cause;
        return AppendResult.FAILED;
    }

    private int beginFile() {
        head.file()
                .bootEpoch(epoch)
                .streamId(streamId)
                .logId(logId)
                .resumesAfter(resumesAfter)
                .previousOrdinal(ordinal)
                .previousSequence(sequence)
                .previousTimeNs(timeNs)
                .previousPosition(position);
        appender.rollNext();
        if (!appender.append(head.buffer(), 0, head.sealFile())) {
            return fail(new IllegalStateException("the mapping has no room for the start of a file"));
        }
        filePosition = appender.filePosition();
        presentFile = appender.file();
        // Readers look for the file when they see this change, so the file is there first.
        page.set(LogPage.FILES_OFFSET, page.get(LogPage.FILES_OFFSET) + 1);
        return AppendResult.OK;
    }

    /** Makes the file of the index that is needed next. Called by the slow side. */
    void prepare() throws IOException {
        if (index != null) {
            index.prepare();
        }
    }

    /** Brings pages in front of the appender into memory; returns their number. Called by the slow side. */
    int touch(final long aheadBytes, final int maxPages) throws IOException {
        final Path file = presentFile;
        if (!file.equals(touched)) {
            toucher.open(file, segmentBytes);
            touched = file;
        }
        return toucher.touch(filePosition, aheadBytes, maxPages);
    }

    /** Forces all files of this start: those that are complete once, the present one each time. */
    void sync() throws IOException {
        final List<Path> files = StartFolders.segments(folder, epoch);
        for (int i = 0; i < files.size(); i++) {
            final Path file = files.get(i);
            if (!forced.contains(file)) {
                JournalLayout.forceFile(file);
                if (i < files.size() - 1) {
                    forced.add(file);
                }
            }
        }
        JournalLayout.forceDirectory(StartFolders.folder(folder, epoch));
        if (index != null) {
            index.sync();
        }
        page.force();
    }

    Path folder() {
        return folder;
    }

    long epoch() {
        return epoch;
    }

    MappedPage page() {
        return page;
    }

    RecordLogRecovery recovery() {
        return recovery;
    }

    /** Why an append failed, null if none did. */
    Throwable failure() {
        return failure;
    }

    void close() {
        toucher.close();
        appender.close();
        if (index != null) {
            index.close();
        }
        page.close();
    }
}
