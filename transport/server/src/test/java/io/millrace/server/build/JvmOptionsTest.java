package io.millrace.server.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The flags of config/jvm reach everything that starts a JVM: these tests themselves and the executable jar.
 */
class JvmOptionsTest {
    private static final Path OPTIONS_DIR = Path.of(System.getProperty("millrace.jvm.options.dir"));
    private static final Path MANIFEST = Path.of(System.getProperty("millrace.manifest"));

    @Test
    void shouldRunTestsWithEveryFlag() throws IOException {
        final List<String> actual = ManagementFactory.getRuntimeMXBean().getInputArguments();
        assertTrue(actual.containsAll(options("jvm.options")), () -> "flags of this JVM: " + actual);
        if (Runtime.version().feature() >= 24) {
            assertTrue(actual.containsAll(options("jvm-24.options")), () -> "flags of this JVM: " + actual);
        }
    }

    @Test
    void shouldCheckEveryAccessToABufferInTests() throws IOException {
        final List<String> actual = ManagementFactory.getRuntimeMXBean().getInputArguments();
        assertFalse(options("unchecked.options").isEmpty());
        options("unchecked.options").forEach(flag -> assertFalse(actual.contains(flag), flag));
    }

    /** A flag that is written down a second time stays behind when the first is changed. */
    @Test
    void shouldKeepTheFlagsInOnePlace() throws IOException {
        final Path root = OPTIONS_DIR.resolve("../..").normalize();
        final List<Path> files;
        try (Stream<Path> all = Files.walk(root, 3)) {
            files = all.filter(path -> path.endsWith("pom.xml") || path.endsWith("millrace"))
                    .filter(path ->
                            Files.isRegularFile(path) && !path.toString().contains("/target/"))
                    .collect(Collectors.toList());
        }
        assertTrue(files.size() >= 8, files::toString);
        for (final Path file : files) {
            final String text = Files.readString(file);
            for (final String options : List.of("jvm.options", "jvm-24.options", "unchecked.options")) {
                for (final String flag : options(options)) {
                    assertFalse(text.contains(flag), () -> file + " repeats " + flag + " of " + options);
                }
            }
        }
    }

    @Test
    void shouldCarryEveryOpenAndExportInTheManifest() throws IOException {
        final Attributes attributes;
        try (InputStream in = Files.newInputStream(MANIFEST)) {
            attributes = new Manifest(in).getMainAttributes();
        }
        assertEquals(packages("--add-opens="), packages(attributes, "Add-Opens"));
        assertEquals(packages("--add-exports="), packages(attributes, "Add-Exports"));
        assertTrue(
                options("jvm-24.options")
                        .contains("--enable-native-access=" + attributes.getValue("Enable-Native-Access")),
                () -> "" + attributes.getValue("Enable-Native-Access"));
    }

    private static Set<String> packages(final Attributes attributes, final String name) {
        return new TreeSet<>(List.of(attributes.getValue(name).trim().split(" +")));
    }

    private static Set<String> packages(final String option) throws IOException {
        final Set<String> packages = options("jvm.options").stream()
                .filter(line -> line.startsWith(option))
                .map(line -> line.substring(option.length()).replace("=ALL-UNNAMED", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertFalse(packages.isEmpty(), "no " + option + " in jvm.options");
        return packages;
    }

    private static List<String> options(final String file) throws IOException {
        return Files.readAllLines(OPTIONS_DIR.resolve(file)).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .collect(Collectors.toList());
    }
}
