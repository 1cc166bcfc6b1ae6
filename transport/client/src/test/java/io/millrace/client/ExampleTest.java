package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The example that compiles, the one in the package description and the one in the README are the same text. */
class ExampleTest {
    private static final Path SOURCES = Path.of("src");

    @Test
    void shouldShowInThePackageDescriptionWhatCompiles() throws IOException {
        assertEquals(
                example(),
                between(SOURCES.resolve("main/java/io/millrace/client/package-info.java"), "<pre>{@code", "}</pre>"));
    }

    @Test
    void shouldShowInTheReadmeWhatCompiles() throws IOException {
        assertEquals(example(), between(Path.of("README.md"), "```java", "```"));
    }

    private static String example() throws IOException {
        final String text = between(
                SOURCES.resolve("test/java/io/millrace/client/example/OrdersExample.java"), "// example", "// end");
        assertTrue(text.contains("MillraceClient.connect"), text);
        return text;
    }

    /** Lines between two marks, without indentation, Javadoc stars and empty lines. */
    private static String between(final Path file, final String start, final String end) throws IOException {
        final String text = Files.readString(file);
        final int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from))
                .lines()
                .map(line -> line.strip().replaceFirst("^\\* ?", "").strip())
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"));
    }
}
