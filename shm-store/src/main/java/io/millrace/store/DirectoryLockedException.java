package io.millrace.store;

import java.nio.file.Path;

/** Somebody else holds the data directory. */
public final class DirectoryLockedException extends JournalException {
    private static final long serialVersionUID = 1L;

    DirectoryLockedException(final Path directory, final String owner) {
        super("the data directory " + directory + " is in use" + (owner.isEmpty() ? "" : " by " + owner));
    }
}
