package io.millrace.store.reader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folders of a log, one for each start of the server that wrote to it, named by the start's epoch.
 *
 * <pre>
 *   0000000001/20261121-055737M.cq4     segments of the first start
 *   0000000002/20261121-060312M.cq4     segments of the second
 * </pre>
 */
public final class StartFolders {
    /** How the name of a segment ends. */
    public static final String SEGMENT_SUFFIX = ".cq4";

    private static final Pattern EPOCH = Pattern.compile("\\d{10,18}");

    private StartFolders() {}

    /**
     * Folder of a start.
     *
     * @param log   folder of the log.
     * @param epoch of the start.
     * @return its path, whether it exists or not.
     */
    public static Path folder(final Path log, final long epoch) {
        return log.resolve(String.format("%010d", epoch));
    }

    /**
     * Epochs that have a folder.
     *
     * @param log folder of the log; it need not exist.
     * @return the epochs in order.
     * @throws IOException if the folder cannot be read.
     */
    public static List<Long> epochs(final Path log) throws IOException {
        final List<Long> epochs = new ArrayList<>();
        for (final Path path : list(log)) {
            final String name = path.getFileName().toString();
            if (EPOCH.matcher(name).matches() && Files.isDirectory(path)) {
                epochs.add(Long.parseLong(name));
            }
        }
        Collections.sort(epochs);
        return epochs;
    }

    /**
     * Segments of a start.
     *
     * @param log   folder of the log.
     * @param epoch of the start.
     * @return its segments in order: their names count up.
     * @throws IOException if the folder cannot be read.
     */
    public static List<Path> segments(final Path log, final long epoch) throws IOException {
        return list(folder(log, epoch)).stream()
                .filter(path -> path.getFileName().toString().endsWith(SEGMENT_SUFFIX))
                .toList();
    }

    /**
     * What is in a folder.
     *
     * @param folder that need not exist.
     * @return the paths in it in the order of their names.
     * @throws IOException if it cannot be read.
     */
    public static List<Path> list(final Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.sorted().toList();
        } catch (final UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
