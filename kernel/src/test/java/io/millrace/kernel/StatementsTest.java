package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps the table of docs/statements.md in line with the tests: what each statement says is written by hand, which tests prove it is
 * not. With {@code -Dmillrace.write=true} the table is written anew.
 */
class StatementsTest {
    private static final String NO_TEST = "no test: ";
    private static final Path DOCUMENT = Path.of("..", "docs", "statements.md");

    @Test
    void shouldListTheTestsOfEveryStatement() throws IOException, URISyntaxException {
        final Map<String, TreeSet<String>> tests = testsByStatement();
        final List<String> lines = Files.readAllLines(DOCUMENT);
        final List<String> expected =
                lines.stream().map(line -> withTests(line, tests)).toList();
        if (Boolean.getBoolean("millrace.write")) {
            Files.write(DOCUMENT, expected);
        } else {
            assertEquals(String.join("\n", expected), String.join("\n", lines), "run this with -Dmillrace.write=true");
        }
        assertTrue(tests.isEmpty(), () -> "not in the document: " + tests);
    }

    /** A row is {@code | F6 | what it says | tests |}; one without tests gives its reason there. */
    private static String withTests(final String line, final Map<String, TreeSet<String>> tests) {
        final String[] cells = line.split(" \\| ");
        if (cells.length != 3 || !cells[0].matches("\\| [A-Z]\\d+")) {
            return line;
        }
        final TreeSet<String> found = tests.remove(cells[0].substring(2));
        final String last = cells[2].substring(0, cells[2].length() - 2);
        final String proof =
                found != null ? String.join(", ", found) : last.startsWith(NO_TEST) ? last : NO_TEST + "missing";
        return cells[0] + " | " + cells[1] + " | " + proof + " |";
    }

    private static Map<String, TreeSet<String>> testsByStatement() throws IOException, URISyntaxException {
        final Path classes = Path.of(StatementsTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        final Map<String, TreeSet<String>> tests = new TreeMap<>(Comparator.naturalOrder());
        try (Stream<Path> files = Files.walk(classes)) {
            files.map(file -> classes.relativize(file).toString())
                    .filter(file -> file.endsWith("Test.class"))
                    .forEach(file -> collect(file, tests));
        }
        return tests;
    }

    private static void collect(final String file, final Map<String, TreeSet<String>> tests) {
        final String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
        try {
            for (final Method method : Class.forName(name).getDeclaredMethods()) {
                for (final Statement statement : method.getAnnotationsByType(Statement.class)) {
                    tests.computeIfAbsent(statement.value(), number -> new TreeSet<>())
                            .add("`" + name.substring(name.lastIndexOf('.') + 1) + "." + method.getName() + "`");
                }
            }
        } catch (final ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
