package io.millrace.perf.floor;

import io.millrace.codecs.BatchEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.store.ExcerptFormat;
import java.nio.file.Path;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Millrace's own journal with its own settings, segments, page toucher and helper thread, so that the floor gains whatever the
 * journal gains. What the floor leaves out is everything around it: record headers, checksum, state hash. Such a journal cannot
 * be read back, and nobody does.
 */
final class FloorJournal implements AutoCloseable {
    /** Bytes in front of the first record. */
    static final int HEADER_LENGTH = ExcerptFormat.HEADER_LENGTH;

    private static final int FIRST_POSITION =
            MessageHeaderEncoder.ENCODED_LENGTH + BatchEncoder.firstPositionEncodingOffset();
    private static final int RECORD_COUNT =
            MessageHeaderEncoder.ENCODED_LENGTH + BatchEncoder.recordCountEncodingOffset();

    private final BootedJournal journal;

    FloorJournal(final Path directory, final ErrorHandler errorHandler) {
        journal = new BootedJournal(directory, errorHandler);
    }

    /**
     * Appends one excerpt with one bounded copy.
     *
     * @param excerpt begins with {@link #HEADER_LENGTH} bytes that are filled in here as far as the journal looks at them.
     * @param length  bytes of all.
     * @param records records in it.
     */
    void append(final UnsafeBuffer excerpt, final int length, final int records) {
        excerpt.putLong(FIRST_POSITION, journal.nextPosition());
        excerpt.putInt(RECORD_COUNT, records);
        journal.append(excerpt, length);
    }

    @Override
    public void close() {
        journal.close();
    }
}
