package io.millrace.store.reader;

/**
 * The 4-byte little-endian word in front of each document of a Chronicle Queue file. Documents start at multiples of 4; a word
 * of 0 says that nothing was published there yet.
 */
public final class DocumentWord {
    /** Bytes of a word. */
    public static final int BYTES = 4;

    /** Nothing was published here. */
    public static final int NOTHING = 0;

    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final int META_DATA = 0x4000_0000;
    private static final int LENGTH_MASK = 0x3FFF_FFFF;

    /** The library's mark behind the last document of a file. */
    public static final int END_MARK = NOT_COMPLETE | META_DATA;

    private DocumentWord() {}

    /**
     * Whether a document is completely written.
     *
     * @param word its word, not {@link #NOTHING}.
     * @return false for the end mark, too.
     */
    public static boolean isComplete(final int word) {
        return (word & NOT_COMPLETE) == 0;
    }

    /**
     * Whether a complete document is an excerpt, and not the library's own.
     *
     * @param word its word.
     * @return whether it holds data.
     */
    public static boolean isData(final int word) {
        return (word & META_DATA) == 0;
    }

    /**
     * Length of a complete document.
     *
     * @param word its word.
     * @return bytes behind the word, padding excluded.
     */
    public static int length(final int word) {
        return word & LENGTH_MASK;
    }

    /**
     * Where the word behind a complete document is.
     *
     * @param position of its own word in the file, in bytes.
     * @param word     its word.
     * @return position in bytes.
     */
    public static long next(final long position, final int word) {
        return (position + BYTES + length(word) + BYTES - 1) & -BYTES;
    }
}
