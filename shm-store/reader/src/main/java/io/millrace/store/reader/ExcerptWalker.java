package io.millrace.store.reader;

import static io.millrace.store.reader.RecordFormat.CHECKED_OFFSET;
import static io.millrace.store.reader.RecordFormat.CRC_OFFSET;
import static io.millrace.store.reader.RecordFormat.FILE_HEADER_LENGTH;
import static io.millrace.store.reader.RecordFormat.HEADER_LENGTH;

import io.millrace.codecs.LogRecordDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.RecordExcerptDecoder;
import io.millrace.codecs.RecordLogFileDecoder;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks the excerpts of one file of a record log through a read-only mapping and checks each. It never takes the library's end
 * of data for the end: the caller learns why the walk stopped. Allocates nothing but at {@link #open}. For one thread.
 */
public final class ExcerptWalker implements AutoCloseable {
    /** Why a walk stopped. */
    public enum Stop {
        /** It has not. */
        NONE,
        /** Nothing more was published so far. */
        NOTHING_MORE,
        /** The library's end mark: the file is complete. */
        END_MARK,
        /** A document that is not complete. */
        NOT_COMPLETE,
        /** The file ends before its end mark, or in an excerpt. */
        TRUNCATED,
        /** A complete document that is no good excerpt. */
        CORRUPT,
        /** The file is written in a newer layout. */
        NEWER_FORMAT
    }

    private static final int WORD = DocumentWord.BYTES;

    private final CRC32C crc = new CRC32C();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final RecordExcerptDecoder excerpt = new RecordExcerptDecoder();
    private final RecordLogFileDecoder fileHeader = new RecordLogFileDecoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private MappedByteBuffer mapping;
    private MappedByteBuffer checked;
    private Path file;
    private int position;
    private int offset;
    private int length;
    private boolean present;
    private boolean startsFile;
    private Stop stop = Stop.NONE;

    /**
     * Maps a file and stands before its first excerpt.
     *
     * @param path of the file.
     * @throws IOException if it cannot be mapped.
     */
    public void open(final Path path) throws IOException {
        close();
        map(path);
        file = path;
        position = 0;
        present = false;
        stop = Stop.NONE;
    }

    private void map(final Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE));
        }
        buffer.wrap(mapping);
        checked = mapping.duplicate();
    }

    /**
     * Looks at the excerpt behind those that were passed; looking again at one costs nothing.
     *
     * @return false if the walk has stopped; a later call looks again, as the file may have grown.
     */
    public boolean look() {
        if (present) {
            return true;
        }
        while (true) {
            if (position < 0 || position + WORD > buffer.capacity()) {
                return stopped(Stop.TRUNCATED);
            }
            final int word = buffer.getIntVolatile(position);
            if (word == DocumentWord.NOTHING) {
                return stopped(Stop.NOTHING_MORE);
            }
            if (!DocumentWord.isComplete(word)) {
                return stopped(word == DocumentWord.END_MARK ? Stop.END_MARK : Stop.NOT_COMPLETE);
            }
            final int documentLength = DocumentWord.length(word);
            if (documentLength > buffer.capacity() - position - WORD) {
                return stopped(Stop.TRUNCATED);
            }
            if (DocumentWord.isData(word)) {
                return excerpt(position + WORD, documentLength);
            }
            position = (int) DocumentWord.next(position, word);
        }
    }

    private boolean stopped(final Stop reason) {
        stop = reason;
        return false;
    }

    private boolean excerpt(final int at, final int bytes) {
        stop = judge(at, bytes);
        if (stop != Stop.NONE) {
            return false;
        }
        offset = at;
        length = bytes;
        present = true;
        return true;
    }

    private Stop judge(final int at, final int bytes) {
        if (bytes < CHECKED_OFFSET + Integer.BYTES) {
            return Stop.CORRUPT;
        }
        header.wrap(buffer, at);
        if (header.schemaId() != RecordExcerptDecoder.SCHEMA_ID) {
            return Stop.CORRUPT;
        }
        startsFile = header.templateId() == RecordLogFileDecoder.TEMPLATE_ID;
        if (startsFile) {
            return judgeFileHeader(at, bytes);
        }
        if (header.templateId() != RecordExcerptDecoder.TEMPLATE_ID
                || header.blockLength() != RecordExcerptDecoder.BLOCK_LENGTH
                || header.messageLength() != HEADER_LENGTH
                || bytes < HEADER_LENGTH) {
            return Stop.CORRUPT;
        }
        excerpt.wrap(
                buffer,
                at + MessageHeaderDecoder.ENCODED_LENGTH,
                RecordExcerptDecoder.BLOCK_LENGTH,
                RecordExcerptDecoder.SCHEMA_VERSION);
        return excerpt.excerptLength() == bytes && checksumHolds(at, bytes) && recordsFill(at, bytes)
                ? Stop.NONE
                : Stop.CORRUPT;
    }

    /** The version stands at the same place in every layout, so that an old reader can tell a new file from a broken one. */
    private Stop judgeFileHeader(final int at, final int bytes) {
        fileHeader.wrap(
                buffer,
                at + MessageHeaderDecoder.ENCODED_LENGTH,
                RecordLogFileDecoder.BLOCK_LENGTH,
                RecordLogFileDecoder.SCHEMA_VERSION);
        if (!checksumHolds(at, bytes)) {
            return Stop.CORRUPT;
        }
        if (fileHeader.formatVersion() > RecordFormat.FORMAT_VERSION) {
            return Stop.NEWER_FORMAT;
        }
        return bytes == FILE_HEADER_LENGTH && fileHeader.formatVersion() == RecordFormat.FORMAT_VERSION
                ? Stop.NONE
                : Stop.CORRUPT;
    }

    private boolean checksumHolds(final int at, final int bytes) {
        crc.reset();
        checked.limit(at + bytes).position(at + CHECKED_OFFSET);
        crc.update(checked);
        return (int) crc.getValue() == buffer.getInt(at + CRC_OFFSET);
    }

    private boolean recordsFill(final int at, final int bytes) {
        final long count = excerpt.recordCount();
        int record = HEADER_LENGTH;
        long seen = 0;
        while (bytes - record >= RecordFormat.RECORD_HEADER_LENGTH) {
            final int keyLength = buffer.getInt(at + record + LogRecordDecoder.keyLengthEncodingOffset());
            final int dataLength = buffer.getInt(at + record + LogRecordDecoder.dataLengthEncodingOffset());
            final int room = bytes - record - RecordFormat.RECORD_HEADER_LENGTH;
            if (keyLength < 0 || keyLength > room || dataLength < 0 || dataLength > room - keyLength) {
                return false;
            }
            record += RecordFormat.recordLength(keyLength, dataLength);
            seen++;
        }
        return record == bytes && seen == count && seen > 0;
    }

    /** Passes the present excerpt. */
    public void pass() {
        if (present) {
            position = (offset + length + WORD - 1) & -WORD;
            present = false;
        }
    }

    /**
     * Goes to an excerpt whose place is known.
     *
     * @param word where the word in front of it is, in bytes from the start of the file.
     */
    public void moveTo(final int word) {
        if (position != word) {
            position = word;
            present = false;
        }
    }

    /**
     * Finds the next good excerpt of records behind the place where the walk stopped, without the words in front of excerpts.
     * The walk then goes on there.
     *
     * @param maxBytes how far to look.
     * @return whether there is one.
     */
    public boolean lookBehindDamage(final int maxBytes) {
        final int end = Math.min(buffer.capacity() - HEADER_LENGTH, position + maxBytes);
        for (int at = position + WORD; at <= end; at += WORD) {
            if (buffer.getInt(at) != 0 && startsLikeExcerpt(at)) {
                final int bytes = buffer.getInt(
                        at + MessageHeaderDecoder.ENCODED_LENGTH + RecordExcerptDecoder.excerptLengthEncodingOffset());
                if (bytes >= HEADER_LENGTH && bytes <= buffer.capacity() - at && excerpt(at, bytes)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean startsLikeExcerpt(final int at) {
        header.wrap(buffer, at);
        return header.templateId() == RecordExcerptDecoder.TEMPLATE_ID
                && header.schemaId() == RecordExcerptDecoder.SCHEMA_ID
                && header.blockLength() == RecordExcerptDecoder.BLOCK_LENGTH
                && header.messageLength() == HEADER_LENGTH;
    }

    /**
     * Whether the present excerpt starts a file, and holds no records.
     *
     * @return whether {@link #fileHeader()} is its content.
     */
    public boolean startsFile() {
        return startsFile;
    }

    /**
     * Content of the present excerpt, if it starts a file.
     *
     * @return decoder in its place.
     */
    public RecordLogFileDecoder fileHeader() {
        return fileHeader;
    }

    /**
     * Header of the present excerpt, if it holds records.
     *
     * @return decoder in its place.
     */
    public RecordExcerptDecoder excerpt() {
        return excerpt;
    }

    /**
     * The mapped file. Read-only: a store into it ends the process.
     *
     * @return buffer over the whole file.
     */
    public UnsafeBuffer buffer() {
        return buffer;
    }

    /**
     * Where the first record of the present excerpt is.
     *
     * @return offset in {@link #buffer()}.
     */
    public int firstRecord() {
        return offset + HEADER_LENGTH;
    }

    /**
     * Where the present excerpt ends.
     *
     * @return offset in {@link #buffer()}.
     */
    public int end() {
        return offset + length;
    }

    /**
     * Where the walk stands: at the word in front of the present excerpt, or at the word at which it stopped.
     *
     * @return bytes from the start of the file.
     */
    public long position() {
        return position;
    }

    /**
     * Why the last {@link #look()} found nothing.
     *
     * @return the reason.
     */
    public Stop stop() {
        return stop;
    }

    /**
     * The file that is mapped.
     *
     * @return its path, null if none is.
     */
    public Path file() {
        return file;
    }

    @Override
    public void close() {
        if (mapping != null) {
            IoUtil.unmap(mapping);
            mapping = null;
            checked = null;
            buffer.wrap(0, 0);
            file = null;
            present = false;
            stop = Stop.NONE;
        }
    }
}
