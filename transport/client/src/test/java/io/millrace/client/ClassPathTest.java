package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who adds the client to a program gets the client, the codecs, the reader of mapped files, Aeron and Agrona, and nothing else. */
class ClassPathTest {
    private static final List<String> TEST_ONLY =
            List.of("junit", "opentest4j", "apiguardian", "jspecify", "surefire", "maven");

    @Test
    void shouldNeedNothingButCodecsReaderAeronAndAgrona() {
        final Set<String> artifacts = new TreeSet<>();
        for (final String entry : classPath().split(File.pathSeparator)) {
            final String name = Path.of(entry).getFileName().toString();
            if (name.endsWith(".jar") && TEST_ONLY.stream().noneMatch(entry::contains)) {
                artifacts.add(name.replaceAll("-\\d.*", ""));
            }
        }
        artifacts.removeAll(List.of("millrace-codecs", "millrace-shm-reader"));
        assertEquals(new TreeSet<>(List.of("aeron-all", "agrona")), artifacts);
    }

    @Test
    void shouldNotSeeKernelOrChronicle() {
        for (final String name : Arrays.asList(
                "io.millrace.kernel.Kernel",
                "io.millrace.store.Journal",
                "io.millrace.server.MillraceServer",
                "net.openhft.chronicle.queue.ChronicleQueue")) {
            assertThrows(ClassNotFoundException.class, () -> Class.forName(name));
        }
        assertTrue(LargeDelivery.hasSameLayout());
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
