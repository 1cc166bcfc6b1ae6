package io.millrace.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Copies directories whose files are mostly holes. */
final class SparseCopies {
    private SparseCopies() {}

    /** Copies a data directory as a killed process leaves it; the library's own tables are left out. */
    static void copyTree(final Path from, final Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (final Path path : (Iterable<Path>) paths::iterator) {
                final Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else if (!path.toString().endsWith("cq4t")) {
                    copySparse(path, target);
                }
            }
        }
    }

    /** Segments are sparse: their end of zeros is not copied byte by byte. */
    private static void copySparse(final Path from, final Path to) throws IOException {
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
                RandomAccessFile target = new RandomAccessFile(to.toFile(), "rw")) {
            target.setLength(source.size());
            final long used = Math.min(source.size(), 1 << 19);
            source.transferTo(0, used, target.getChannel().position(0));
        }
    }
}
