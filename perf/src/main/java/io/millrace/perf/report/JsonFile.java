package io.millrace.perf.report;

import io.millrace.server.cli.JsonLines;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes one JSON object into a file. */
public final class JsonFile {
    private JsonFile() {}

    /**
     * Writes the file.
     *
     * @param path   where to.
     * @param fields writes the fields of the object.
     * @throws IOException if the file cannot be written.
     */
    public static void write(final Path path, final JsonLines.Fields fields) throws IOException {
        try (PrintWriter out = new PrintWriter(path.toFile(), StandardCharsets.UTF_8)) {
            JsonLines.print(out, fields);
            if (out.checkError()) {
                throw new IOException("Cannot write " + path);
            }
        }
    }
}
