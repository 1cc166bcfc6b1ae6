package io.millrace.store.reader;

import io.millrace.codecs.LogRecordDecoder;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the records of one shard straight from the mapped files of a server on the same machine: no server thread takes part,
 * and any number of readers cost it nothing. It maps everything read-only, looks no further than the server says is safe,
 * follows the server through rolls and restarts, and allocates nothing while it stays in a file. For one thread.
 *
 * <p>A new reader stands at the horizon. What keeps it from reading on is thrown by {@link #poll} as a {@link ReaderException}
 * with the file and the byte; the reader stays where it is and can seek.
 */
public final class ShardReader implements AutoCloseable {
    private static final int SHARD = LogRecordDecoder.shardIdEncodingOffset();
    private static final int SEQUENCE = LogRecordDecoder.sequenceNumberEncodingOffset();
    private static final int TIME = LogRecordDecoder.arrivalTimeNsEncodingOffset();
    private static final int POSITION = LogRecordDecoder.journalPositionEncodingOffset();
    private static final int KEY_LENGTH = LogRecordDecoder.keyLengthEncodingOffset();
    private static final int DATA_LENGTH = LogRecordDecoder.dataLengthEncodingOffset();

    private final long shardId;
    private final LogPage page;
    private final RecordCursor cursor;
    private final TakeAll all = new TakeAll();

    private long minSequence;
    private long minTimeNs;
    private long lastSequence;
    private int nextRecord;
    private int recordsEnd;
    private long nextOrdinal;
    private boolean isDeclined;
    private boolean closed;

    private ShardReader(final long shardId, final LogPage page, final RecordCursor cursor) {
        this.shardId = shardId;
        this.page = page;
        this.cursor = cursor;
    }

    /**
     * Opens a shard.
     *
     * @param dataDirectory of the server, which need not be running.
     * @param streamId      the stream.
     * @param shardId       the shard.
     * @return a reader at the horizon.
     * @throws ReaderException if there is no such shard or its files are in a newer layout.
     */
    public static ShardReader open(final Path dataDirectory, final long streamId, final long shardId) {
        final Path folder = StreamFolders.shard(dataDirectory, streamId, shardId);
        final LogPage page = LogPage.open(folder);
        RecordCursor cursor = null;
        try {
            cursor = RecordCursor.open(dataDirectory, folder, shardId, page);
            final ShardReader reader = new ShardReader(shardId, page, cursor);
            reader.seekToHorizon();
            return reader;
        } catch (final ReaderException e) {
            page.close();
            if (cursor != null) {
                cursor.close();
            }
            throw e;
        }
    }

    /** Goes to the oldest record in reach. */
    public void seekToHorizon() {
        seek(0, page().horizonTimeNs());
    }

    /**
     * Goes to the first record in reach with a sequence number or a later one.
     *
     * @param sequenceNumber of the record.
     */
    public void seekAtSequence(final long sequenceNumber) {
        seek(sequenceNumber, page().horizonTimeNs());
    }

    /**
     * Goes to the record behind one that was read before.
     *
     * @param sequenceNumber of the record that was read; 0 goes to the horizon.
     * @throws ReaderException if records behind it were removed: {@link ReaderException.Kind#TRIMMED}.
     */
    public void seekAfterSequence(final long sequenceNumber) {
        final long trimmed = page().trimmedSequence();
        if (sequenceNumber > 0 && sequenceNumber < trimmed) {
            throw cursor.trimmed(page().horizonTimeNs(), "records up to sequence number " + trimmed + " were removed");
        }
        seek(sequenceNumber + 1, sequenceNumber == 0 ? page().horizonTimeNs() : Long.MIN_VALUE);
    }

    /**
     * Goes to the first record in reach that arrived at a time or later.
     *
     * @param timeNs nanoseconds since the epoch.
     */
    public void seekAtTime(final long timeNs) {
        seek(0, Math.max(timeNs, page().horizonTimeNs()));
    }

    /** Goes behind the last record that may be read now. */
    public void seekToLatest() {
        seek(0, Long.MIN_VALUE);
        cursor.seekToLast();
        while (cursor.look()) {
            lastSequence = cursor.isShared() ? 0 : cursor.lastSequence();
            cursor.pass();
        }
    }

    private void seek(final long sequence, final long timeNs) {
        minSequence = sequence;
        minTimeNs = timeNs;
        lastSequence = Math.max(0, sequence - 1);
        nextRecord = 0;
        recordsEnd = 0;
        cursor.seek(sequence, timeNs);
    }

    /**
     * Hands over the next records.
     *
     * @param handler gets each record in place; one that it fails on is taken for read.
     * @param limit   most records to hand over.
     * @return records handed over; 0 if there is nothing to read at the moment.
     * @throws ReaderException if the reader cannot read on; the records before were handed over.
     */
    public int poll(final RecordHandler handler, final int limit) {
        all.handler = handler;
        return pollWhile(all, limit);
    }

    /**
     * Hands over the next records as long as the handler takes them. One that it does not take is the next one still.
     *
     * @param handler gets each record in place and says whether it takes it; one that it fails on is taken.
     * @param limit   most records to hand over.
     * @return records taken.
     * @throws ReaderException if the reader cannot read on; the records before were handed over.
     */
    public int pollWhile(final SelectiveRecordHandler handler, final int limit) {
        checkOpen();
        isDeclined = false;
        try {
            int count = 0;
            while (count < limit && !isDeclined && (nextRecord < recordsEnd || nextExcerpt())) {
                count += deliver(handler, limit - count);
            }
            return count;
        } catch (final InternalError e) {
            // The JVM's answer to a read of a mapped page that the file does not have any more.
            throw cursor.fault(e);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the reader is closed");
        }
    }

    /** A page that is not mapped any more must not be read. */
    private LogPage page() {
        checkOpen();
        return page;
    }

    private boolean nextExcerpt() {
        while (cursor.look()) {
            // In a shared log the last record may be another shard's, whose numbers say nothing.
            final boolean before = !cursor.isShared() && cursor.lastSequence() < minSequence;
            if (!before && cursor.lastTimeNs() >= minTimeNs) {
                checkHorizon();
                nextRecord = cursor.firstRecord();
                recordsEnd = cursor.end();
                nextOrdinal = cursor.firstOrdinal();
                return true;
            }
            cursor.pass();
        }
        if (page().deleted()) {
            throw cursor.failure(ReaderException.Kind.DELETED, "the shard was deleted");
        }
        return false;
    }

    private void checkHorizon() {
        final long horizonTimeNs = page().horizonTimeNs();
        // Entries of an index that were removed leave no gap to be seen.
        final boolean skips = cursor.isShared() && lastSequence > 0 && lastSequence < page().trimmedSequence();
        if (skips || cursor.lastTimeNs() < horizonTimeNs) {
            throw cursor.trimmed(horizonTimeNs, "the next records arrived before the horizon");
        }
    }

    private int deliver(final SelectiveRecordHandler handler, final int limit) {
        final UnsafeBuffer buffer = cursor.buffer();
        int count = 0;
        while (nextRecord < recordsEnd && count < limit && !isDeclined) {
            final int record = nextRecord;
            final int keyLength = buffer.getInt(record + KEY_LENGTH);
            final int dataLength = buffer.getInt(record + DATA_LENGTH);
            if (nextOrdinal > cursor.ordinal() && isWanted(buffer, record)) {
                isDeclined = !offer(handler, buffer, record, keyLength, dataLength);
                count += isDeclined ? 0 : 1;
            } else {
                pass(record, keyLength, dataLength);
            }
        }
        return count;
    }

    private boolean offer(
            final SelectiveRecordHandler handler,
            final UnsafeBuffer buffer,
            final int record,
            final int keyLength,
            final int dataLength) {
        final long sequence = buffer.getLong(record + SEQUENCE);
        final int key = record + RecordFormat.RECORD_HEADER_LENGTH;
        boolean isTaken = true;
        try {
            isTaken = handler.onRecord(
                    sequence,
                    buffer.getLong(record + TIME),
                    buffer.getLong(record + POSITION),
                    buffer,
                    key,
                    keyLength,
                    key + keyLength,
                    dataLength);
        } finally {
            if (isTaken) {
                lastSequence = sequence;
                pass(record, keyLength, dataLength);
            }
        }
        return isTaken;
    }

    private void pass(final int record, final int keyLength, final int dataLength) {
        nextRecord = record + RecordFormat.recordLength(keyLength, dataLength);
        nextOrdinal++;
        if (nextRecord == recordsEnd) {
            cursor.pass();
        }
    }

    private boolean isWanted(final UnsafeBuffer buffer, final int record) {
        return buffer.getLong(record + SHARD) == shardId
                && buffer.getLong(record + SEQUENCE) >= minSequence
                && buffer.getLong(record + TIME) >= minTimeNs;
    }

    /**
     * The record behind which the reader stands.
     *
     * @return its sequence number, 0 if the reader was not at any.
     */
    public long lastSequence() {
        return lastSequence;
    }

    /**
     * Whether everything was read and no record will follow: the shard was split, merged or deleted.
     *
     * @return whether this is the end of the shard.
     */
    public boolean isAtEnd() {
        return page().sealed() && lastSequence >= page.lastSequence();
    }

    /**
     * Where the records of the shard lie.
     *
     * @return number of the log that it shares with others, -1 if it has its own.
     */
    public long sharedLog() {
        return page().shared();
    }

    /**
     * The server's horizon for this shard: older records are out of reach.
     *
     * @return nanoseconds since the epoch.
     */
    public long horizonTimeNs() {
        return page().horizonTimeNs();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            cursor.close();
            page.close();
        }
    }

    /** Takes what a handler gets that has no choice. */
    private static final class TakeAll implements SelectiveRecordHandler {
        private RecordHandler handler;

        @Override
        public boolean onRecord(
                final long sequenceNumber,
                final long arrivalTimeNs,
                final long journalPosition,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            handler.onRecord(
                    sequenceNumber,
                    arrivalTimeNs,
                    journalPosition,
                    buffer,
                    keyOffset,
                    keyLength,
                    dataOffset,
                    dataLength);
            return true;
        }
    }
}
