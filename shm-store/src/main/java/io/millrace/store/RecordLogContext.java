package io.millrace.store;

import io.millrace.store.reader.MachineBoot;
import java.nio.file.Path;
import java.util.UUID;

/** Settings of a {@link RecordLogStore}, and where its recovery stands. Set before it is opened. */
public final class RecordLogContext {
    /** Default length at which a file of a record log is rolled: 64 MiB. */
    public static final long DEFAULT_SEGMENT_BYTES = 1L << 26;

    /** Default for the longest record, key and data together: 10 MiB. */
    public static final int DEFAULT_MAX_RECORD_BYTES = 10 << 20;

    /** Default for the number of shards that have a log of their own. */
    public static final int DEFAULT_MAX_OWN_LOGS = 60;

    /** Default for the number of shards of one stream that have a log of their own. */
    public static final int DEFAULT_MAX_OWN_LOGS_OF_STREAM = 16;

    /** Default for the number of logs that all other shards share. */
    public static final int DEFAULT_SHARED_LOGS = 4;

    private Path dataDirectory;
    private long bootEpoch;
    private long endPosition = -1;
    private long snapshotPosition = -1;
    private long segmentBytes = DEFAULT_SEGMENT_BYTES;
    private int maxRecordBytes = DEFAULT_MAX_RECORD_BYTES;
    private int maxOwnLogs = DEFAULT_MAX_OWN_LOGS;
    private int maxOwnLogsOfStream = DEFAULT_MAX_OWN_LOGS_OF_STREAM;
    private int sharedLogs = DEFAULT_SHARED_LOGS;
    private long touchAheadBytes = 1 << 18;
    private int indexFileBytes = 1 << 22;
    private UUID machineBoot = MachineBoot.id();

    /**
     * Sets the data directory, whose lock the caller holds.
     *
     * @param value its path.
     * @return this.
     */
    public RecordLogContext dataDirectory(final Path value) {
        dataDirectory = value;
        return this;
    }

    /**
     * Sets the number of this start.
     *
     * @param value as in {@link Journal#bootEpoch()}.
     * @return this.
     */
    public RecordLogContext bootEpoch(final long value) {
        bootEpoch = value;
        return this;
    }

    /**
     * Sets where the journal ends: what a log holds of later commands does not count.
     *
     * @param value last journal position recovered, -1 if there is none.
     * @return this.
     */
    public RecordLogContext endPosition(final long value) {
        endPosition = value;
        return this;
    }

    /**
     * Sets after which position the journal is replayed: what was appended up to there is on the disk and is not appended
     * again.
     *
     * @param value journal position of the snapshot, -1 if there is none.
     * @return this.
     */
    public RecordLogContext snapshotPosition(final long value) {
        snapshotPosition = value;
        return this;
    }

    /**
     * Sets the length at which a file is rolled.
     *
     * @param value bytes; default {@value #DEFAULT_SEGMENT_BYTES}.
     * @return this.
     */
    public RecordLogContext segmentBytes(final long value) {
        segmentBytes = value;
        return this;
    }

    /**
     * Sets the longest record.
     *
     * @param value bytes of key and data together; default {@value #DEFAULT_MAX_RECORD_BYTES}.
     * @return this.
     */
    public RecordLogContext maxRecordBytes(final int value) {
        maxRecordBytes = value;
        return this;
    }

    /**
     * Sets how many shards have a log of their own.
     *
     * @param value count; default {@value #DEFAULT_MAX_OWN_LOGS}. Each log costs a mapping and two descriptors.
     * @return this.
     */
    public RecordLogContext maxOwnLogs(final int value) {
        maxOwnLogs = value;
        return this;
    }

    /**
     * Sets how many shards of one stream have a log of their own: a batch that puts to many shards costs an excerpt for each log.
     *
     * @param value count; default {@value #DEFAULT_MAX_OWN_LOGS_OF_STREAM}.
     * @return this.
     */
    public RecordLogContext maxOwnLogsOfStream(final int value) {
        maxOwnLogsOfStream = value;
        return this;
    }

    /**
     * Sets how many logs the other shards share.
     *
     * @param value count; default {@value #DEFAULT_SHARED_LOGS}.
     * @return this.
     */
    public RecordLogContext sharedLogs(final int value) {
        sharedLogs = value;
        return this;
    }

    /**
     * Sets how far ahead of the appender the keeper brings pages of each log into memory.
     *
     * @param value bytes; default 256 KiB, 0 for not at all.
     * @return this.
     */
    public RecordLogContext touchAheadBytes(final long value) {
        touchAheadBytes = value;
        return this;
    }

    /** Sets the length of a file of an index, in bytes, 4,096 times a power of two, for tests. */
    RecordLogContext indexFileBytes(final int value) {
        indexFileBytes = value;
        return this;
    }

    /** Sets the name of the machine's run, for tests. */
    RecordLogContext machineBoot(final UUID value) {
        machineBoot = value;
        return this;
    }

    Path dataDirectory() {
        return dataDirectory;
    }

    long bootEpoch() {
        return bootEpoch;
    }

    long endPosition() {
        return endPosition;
    }

    long snapshotPosition() {
        return snapshotPosition;
    }

    long segmentBytes() {
        return segmentBytes;
    }

    int maxRecordBytes() {
        return maxRecordBytes;
    }

    int maxOwnLogs() {
        return maxOwnLogs;
    }

    int maxOwnLogsOfStream() {
        return maxOwnLogsOfStream;
    }

    int sharedLogs() {
        return sharedLogs;
    }

    long touchAheadBytes() {
        return touchAheadBytes;
    }

    int indexFileBytes() {
        return indexFileBytes;
    }

    UUID machineBoot() {
        return machineBoot;
    }
}
