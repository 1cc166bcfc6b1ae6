package io.millrace.kernel;

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

/** Which tests prove which statement: those with its annotation. */
final class StatementTests {
    private StatementTests() {}

    /** A test that proves a statement. */
    record Proof(Class<?> test, String method) implements Comparable<Proof> {
        private static final Comparator<Proof> ORDER = Comparator.comparing(Proof::toString);

        @Override
        public int compareTo(final Proof other) {
            return ORDER.compare(this, other);
        }

        @Override
        public String toString() {
            return test.getSimpleName() + "." + method;
        }
    }

    /** The tests by the number of the statement. */
    static Map<String, TreeSet<Proof>> byStatement() {
        final Map<String, TreeSet<Proof>> proofs = new TreeMap<>();
        for (final Class<?> test : tests()) {
            for (final Method method : test.getDeclaredMethods()) {
                for (final Statement statement : method.getAnnotationsByType(Statement.class)) {
                    proofs.computeIfAbsent(statement.value(), number -> new TreeSet<>())
                            .add(new Proof(test, method.getName()));
                }
            }
        }
        return proofs;
    }

    private static List<Class<?>> tests() {
        try {
            final Path classes = Path.of(StatementTests.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(classes)) {
                return files.map(file -> classes.relativize(file).toString())
                        .filter(file -> file.endsWith("Test.class"))
                        .<Class<?>>map(StatementTests::load)
                        .toList();
            }
        } catch (final IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?> load(final String file) {
        try {
            // Not initialised: the static fields of some tests are expensive.
            return Class.forName(
                    file.substring(0, file.length() - ".class".length()).replace('/', '.'),
                    false,
                    StatementTests.class.getClassLoader());
        } catch (final ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
