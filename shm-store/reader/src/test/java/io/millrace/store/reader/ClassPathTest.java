package io.millrace.store.reader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who adds the reader to a program gets the reader, the codecs and Agrona, and nothing else. */
class ClassPathTest {
    private static final List<String> TEST_ONLY =
            List.of("junit", "opentest4j", "apiguardian", "jspecify", "surefire", "maven");

    @Test
    void shouldNeedNothingButCodecsAndAgrona() {
        final Set<String> artifacts = new TreeSet<>();
        final String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (final String entry : classPath.split(File.pathSeparator)) {
            final String name = Path.of(entry).getFileName().toString();
            if (name.endsWith(".jar") && TEST_ONLY.stream().noneMatch(entry::contains)) {
                artifacts.add(name.replaceAll("-\\d.*", ""));
            }
        }
        artifacts.remove("millrace-codecs");
        assertEquals(Set.of("agrona"), artifacts);
    }

    @Test
    void shouldSeeNeitherChronicleNorServerNorKernel() {
        for (final String name : List.of(
                "net.openhft.chronicle.queue.ChronicleQueue",
                "io.millrace.store.Journal",
                "io.millrace.server.MillraceServer",
                "io.millrace.kernel.Kernel",
                "io.aeron.Aeron")) {
            assertThrows(ClassNotFoundException.class, () -> Class.forName(name));
        }
    }
}
