package io.millrace.server.build;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Aeron and SBE ship Agrona under its own package name, so which copy is loaded depends on the order of the class path.
 * That is harmless only while all copies are the same, byte for byte.
 */
class AgronaCopiesTest {
    private static final String PROBE = "org/agrona/DirectBuffer.class";

    @Test
    void shouldFindTheSameAgronaInEveryJarThatCarriesIt() throws IOException {
        final Map<String, Path> jars = jarsThatCarryAgrona();
        final Map<String, byte[]> agrona = agronaClasses(only(jars, "agrona-"));
        assertTrue(agrona.size() > 100, "too few classes to be all of Agrona: " + agrona.size());

        only(jars, "aeron-all-");
        only(jars, "sbe-all-");
        for (final Map.Entry<String, Path> jar : jars.entrySet()) {
            final Map<String, byte[]> copies = agronaClasses(jar.getValue());
            final List<String> different = copies.entrySet().stream()
                    .filter(copy -> !Arrays.equals(copy.getValue(), agrona.get(copy.getKey())))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toList());
            assertAll(
                    () -> assertTrue(copies.size() > 0, jar.getKey() + " has no Agrona in it"),
                    () -> assertEquals(List.of(), different, "differs in " + jar.getKey()));
        }
    }

    private static Map<String, Path> jarsThatCarryAgrona() throws IOException {
        final Map<String, Path> jars = new TreeMap<>();
        final ClassLoader loader = AgronaCopiesTest.class.getClassLoader();
        for (final URL url : Collections.list(loader.getResources(PROBE))) {
            final JarURLConnection connection = (JarURLConnection) url.openConnection();
            final Path jar = Path.of(connection.getJarFileURL().getPath());
            jars.put(jar.getFileName().toString(), jar);
        }
        return jars;
    }

    private static Path only(final Map<String, Path> jars, final String prefix) {
        final List<Path> found = jars.entrySet().stream()
                .filter(jar -> jar.getKey().startsWith(prefix))
                .map(Map.Entry::getValue)
                .collect(Collectors.toList());
        assertEquals(1, found.size(), "jars named " + prefix + "* among " + jars.keySet());
        return found.get(0);
    }

    private static Map<String, byte[]> agronaClasses(final Path path) throws IOException {
        final Map<String, byte[]> classes = new TreeMap<>();
        try (JarFile jar = new JarFile(path.toFile())) {
            for (final JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().startsWith("org/agrona/") && entry.getName().endsWith(".class")) {
                    try (InputStream content = jar.getInputStream(entry)) {
                        classes.put(entry.getName(), content.readAllBytes());
                    }
                }
            }
        }
        return classes;
    }
}
