package io.millrace.perf.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The processor cores that this process may use, and {@code taskset}, which keeps others on one of them. */
final class Cores {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";
    private static final String TASKSET = "taskset";

    private final List<Integer> allowed;

    /** @param allowed numbers of the cores; fewer than two mean that nothing is kept apart. */
    Cores(final List<Integer> allowed) {
        this.allowed = allowed;
    }

    /** {@return the cores of this process, none if the operating system does not say or has no taskset} */
    static Cores find() {
        return new Cores(isOnPath(TASKSET) && Files.exists(STATUS) ? readAllowed() : List.of());
    }

    private static boolean isOnPath(final String command) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }

    private static List<Integer> readAllowed() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(ALLOWED))
                    .findFirst()
                    .map(line -> parse(line.substring(ALLOWED.length()).strip()))
                    .orElse(List.of());
        } catch (final IOException e) {
            throw new UncheckedIOException("The cores of this process could not be read from " + STATUS + ".", e);
        }
    }

    /**
     * Reads a list of cores.
     *
     * @param list numbers and ranges, as in {@code 0-3,8}.
     * @return the numbers.
     */
    static List<Integer> parse(final String list) {
        final List<Integer> cores = new ArrayList<>();
        for (final String range : list.split(",")) {
            final String[] ends = range.split("-");
            final int last = Integer.parseInt(ends[ends.length - 1]);
            IntStream.rangeClosed(Integer.parseInt(ends[0]), last).forEach(cores::add);
        }
        return cores;
    }

    /** {@return whether processes are kept on cores: there are two of them, and taskset} */
    boolean arePinned() {
        return allowed.size() > 1;
    }

    /** {@return command and arguments that keep what follows on the first core, empty if nothing is kept apart} */
    List<String> first() {
        return launcher(0);
    }

    /** {@return the same for the second core} */
    List<String> second() {
        return launcher(1);
    }

    private List<String> launcher(final int index) {
        return arePinned() ? List.of(TASKSET, "-c", allowed.get(index).toString()) : List.of();
    }
}
