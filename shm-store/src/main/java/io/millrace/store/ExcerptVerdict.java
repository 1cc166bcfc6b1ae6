package io.millrace.store;

/** What the bytes of one excerpt turn out to be. */
public enum ExcerptVerdict {
    /** A whole batch: every check holds. */
    OK,
    /** Shorter than a header, or than it says itself. */
    BAD_LENGTH,
    /** It does not start like a batch. */
    BAD_MAGIC,
    /** A batch in a layout that this code does not know. */
    BAD_VERSION,
    /** The CRC-32C does not match. */
    BAD_CRC,
    /** The CRC-32C matches, but the records do not fill the excerpt exactly. */
    BAD_STRUCTURE
}
