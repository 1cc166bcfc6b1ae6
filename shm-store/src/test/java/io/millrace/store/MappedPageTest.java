package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages appear with their whole length at once, whoever looks. */
class MappedPageTest {
    private static final int FILES = 2_000;
    private static final int LENGTH = 4_096;

    @TempDir
    Path directory;

    @Test
    void shouldNeverBeSeenShort() throws Exception {
        final ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            final Future<Set<Long>> seen = threads.submit(this::watch);
            for (int i = 0; i < FILES; i++) {
                MappedPage.open(page(i), LENGTH).close();
            }
            assertEquals(Set.of((long) LENGTH), seen.get(60, TimeUnit.SECONDS));
        } finally {
            threads.shutdown();
        }
    }

    private Path page(final int number) {
        return directory.resolve("page-" + number);
    }

    /** Looks for each page until it is there; the lengths with which it found them. */
    private Set<Long> watch() throws IOException {
        final Set<Long> lengths = new TreeSet<>();
        int next = 0;
        while (next < FILES) {
            try {
                lengths.add(Files.size(page(next)));
                next++;
            } catch (final NoSuchFileException e) {
                Thread.onSpinWait();
            }
        }
        return lengths;
    }
}
