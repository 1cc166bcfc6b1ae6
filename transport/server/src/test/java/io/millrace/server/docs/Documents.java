package io.millrace.server.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The documents of the project. */
final class Documents {
    private static final Path ROOT = Path.of(System.getProperty("millrace.jvm.options.dir"))
            .resolve("../..")
            .normalize();

    private Documents() {}

    static Path path(final String name) {
        return ROOT.resolve(name);
    }

    static String read(final String name) {
        try {
            return Files.readString(path(name));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
