package io.millrace.store;

import java.nio.file.Path;

/**
 * One file of the journal.
 *
 * @param file          its path.
 * @param epoch         start that wrote it.
 * @param firstPosition first record in it that counts, -1 if none does.
 * @param lastPosition  last record that counts in it or, if none does, before it.
 */
public record Segment(Path file, long epoch, long firstPosition, long lastPosition) {}
