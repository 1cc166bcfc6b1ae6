package io.millrace.store;

import io.millrace.codecs.BatchDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.store.reader.DocumentWord;
import java.io.IOException;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Walks the excerpts of one Chronicle Queue file, read-only and without the library: a 4-byte header word in front of each
 * document, documents aligned to 4 bytes, metadata skipped. It works on the file of a running server and on damaged files,
 * and it never takes the library's end of data for the end: whoever needs to know asks {@link #probe} what lies behind.
 */
final class SegmentReader implements AutoCloseable {
    /** Longest excerpt that this code writes or reads, in bytes. */
    static final int MAX_EXCERPT_BYTES = 2 << 20;

    private static final int WORD = DocumentWord.BYTES;
    private static final int WINDOW_LENGTH = 2 * MAX_EXCERPT_BYTES;
    private static final int BATCH_LENGTH_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + BatchDecoder.batchLengthEncodingOffset();

    /** Why a walk ended. */
    enum Stop {
        /** It has not. */
        NONE,
        /** The library's end mark. */
        END_MARK,
        /** A header word of 0, or the end of the file. */
        NOTHING_MORE,
        /** A header word that says that the document is not complete. */
        NOT_COMPLETE,
        /** A completed document that is no good excerpt. */
        BAD
    }

    /** What a probe found. */
    static final class Findings {
        final long epoch;
        boolean nonZero;
        boolean unpublished;
        long laterExcerpts;
        long laterRecords;
        long highestPosition = -1;

        Findings(final long epoch) {
            this.epoch = epoch;
        }
    }

    private final FileWindow window = new FileWindow(WINDOW_LENGTH);
    private final ExcerptVerifier verifier = new ExcerptVerifier(MAX_EXCERPT_BYTES);
    private final BatchReader batch = new BatchReader();
    private final BatchReader found = new BatchReader();
    private boolean closed;
    private Path file;
    private long next;
    private long filePosition;
    private int excerptLength;
    private Stop stop;
    private ExcerptVerdict verdict;

    void open(final Path path) throws IOException {
        file = path;
        window.open(path);
        next = 0;
        filePosition = 0;
        stop = Stop.NONE;
        verdict = ExcerptVerdict.OK;
    }

    /**
     * Moves to the next excerpt.
     *
     * @return false if the walk has stopped; a later call looks again, as the file may have grown.
     */
    boolean next() throws IOException {
        if (advance()) {
            return true;
        }
        // What is in the window may be older than the file: look once more at what the file holds now.
        window.refresh();
        return advance();
    }

    private boolean advance() throws IOException {
        stop = Stop.NONE;
        verdict = ExcerptVerdict.OK;
        while (true) {
            filePosition = next;
            if (!window.ensure(next, WORD)) {
                return stopped(Stop.NOTHING_MORE);
            }
            final int word = window.buffer().getInt(window.index(next));
            if (word == DocumentWord.NOTHING) {
                return stopped(Stop.NOTHING_MORE);
            }
            if (!DocumentWord.isComplete(word)) {
                return stopped(word == DocumentWord.END_MARK ? Stop.END_MARK : Stop.NOT_COMPLETE);
            }
            final int length = DocumentWord.length(word);
            if (next + WORD + length > window.fileLength()) {
                verdict = ExcerptVerdict.BAD_LENGTH;
                return stopped(Stop.BAD);
            }
            final long end = DocumentWord.next(next, word);
            if (DocumentWord.isData(word)) {
                return excerpt(length, end);
            }
            next = end;
        }
    }

    private boolean excerpt(final int length, final long end) throws IOException {
        verdict = verify(next + WORD, length);
        if (verdict != ExcerptVerdict.OK) {
            return stopped(Stop.BAD);
        }
        excerptLength = length;
        batch.wrap(verifier.buffer(), 0, length);
        next = end;
        return true;
    }

    private boolean stopped(final Stop reason) {
        stop = reason;
        return false;
    }

    private ExcerptVerdict verify(final long position, final int length) throws IOException {
        if (length > MAX_EXCERPT_BYTES || !window.ensure(position, length)) {
            return ExcerptVerdict.BAD_LENGTH;
        }
        return verifier.verify(window.buffer(), window.index(position), length);
    }

    /**
     * Looks at everything from the stop to the end of the file. Good excerpts of the given start are found without their
     * header words; those of another start can only be bytes that a client sent.
     */
    Findings probe(final long epoch) throws IOException {
        final Findings findings = new Findings(epoch);
        window.refresh();
        // The word at the stop is judged by the stop itself; an end mark in it must not count as left-over bytes.
        long position = stop == Stop.END_MARK ? filePosition + WORD : filePosition;
        final long stopAt = filePosition;
        while (window.ensure(position, WORD)) {
            position = probeWindow(position, stopAt, findings);
        }
        return findings;
    }

    private long probeWindow(final long from, final long stopAt, final Findings findings) throws IOException {
        final UnsafeBuffer buffer = window.buffer();
        long position = from;
        while (window.available(position) >= WORD) {
            final int index = window.index(position);
            if (window.available(position) >= 2 * WORD && buffer.getLong(index) == 0) {
                position += 2 * WORD;
                continue;
            }
            if (buffer.getInt(index) == 0) {
                position += WORD;
                continue;
            }
            findings.nonZero = true;
            final int length = goodExcerptAt(position);
            if (length > 0) {
                count(position == stopAt + WORD, findings);
                position += length;
            } else {
                position += WORD;
            }
        }
        return position;
    }

    private void count(final boolean atStop, final Findings findings) {
        found.wrap(verifier.buffer(), 0, verifier.buffer().getInt(BATCH_LENGTH_OFFSET));
        if (found.bootEpoch() != findings.epoch) {
            return;
        }
        // Directly behind the stop lies the append that was copied but not published, if there is one.
        if (atStop && (stop == Stop.NOTHING_MORE || stop == Stop.NOT_COMPLETE)) {
            findings.unpublished = true;
        } else {
            findings.laterExcerpts++;
            findings.laterRecords += found.recordCount();
            findings.highestPosition = Math.max(findings.highestPosition, found.lastPosition());
        }
    }

    private int goodExcerptAt(final long position) throws IOException {
        if (!window.ensure(position, ExcerptFormat.HEADER_LENGTH)
                || !verifier.startsLikeBatch(window.buffer(), window.index(position))) {
            return 0;
        }
        final int length = window.buffer().getInt(window.index(position) + BATCH_LENGTH_OFFSET);
        if (length < ExcerptFormat.HEADER_LENGTH) {
            return 0;
        }
        return verify(position, length) == ExcerptVerdict.OK ? length : 0;
    }

    /** Verified copy of the present excerpt, before its first record. */
    BatchReader batch() {
        return batch;
    }

    Path file() {
        return file;
    }

    /** Where the header word of the present excerpt is, or the word at which the walk stopped. */
    long filePosition() {
        return filePosition;
    }

    int excerptLength() {
        return excerptLength;
    }

    Stop stop() {
        return stop;
    }

    ExcerptVerdict verdict() {
        return verdict;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            window.close();
            verifier.close();
        }
    }
}
