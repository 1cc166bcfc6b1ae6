package io.millrace.store;

import io.millrace.store.reader.StartFolders;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Names in a data directory.
 *
 * <pre>
 *   journal/0000000001/20261121-055737M.cq4     segments of the first start
 *   journal/0000000002/20261121-060312M.cq4     segments of the second
 * </pre>
 *
 * <p>Every start has a folder of its own, named by its epoch: the library never opens a file that an earlier process wrote, so
 * neither its lock, nor its repair of headers, nor its end marks can touch what is there.
 */
final class JournalLayout {
    static final String JOURNAL = "journal";
    static final String DISCARD_SUFFIX = ".discard";

    private JournalLayout() {}

    static Path journal(final Path dataDirectory) {
        return dataDirectory.resolve(JOURNAL);
    }

    static Path start(final Path dataDirectory, final long epoch) {
        return StartFolders.folder(journal(dataDirectory), epoch);
    }

    /** Epochs that have a folder, in order. */
    static List<Long> epochs(final Path dataDirectory) throws IOException {
        return StartFolders.epochs(journal(dataDirectory));
    }

    /** Segments of a start in order: their names count up. */
    static List<Path> segments(final Path dataDirectory, final long epoch) throws IOException {
        for (final Path path : list(start(dataDirectory, epoch))) {
            if (path.getFileName().toString().endsWith(DISCARD_SUFFIX)) {
                throw new JournalException(
                        "the file " + path + " was set aside by the library; the journal is not whole");
            }
        }
        return StartFolders.segments(journal(dataDirectory), epoch);
    }

    static List<Path> list(final Path directory) throws IOException {
        return StartFolders.list(directory);
    }

    /** Makes the names in a directory durable. */
    static void forceDirectory(final Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Makes the bytes of a file durable. */
    static void forceFile(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
