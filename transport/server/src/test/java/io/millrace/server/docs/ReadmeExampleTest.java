package io.millrace.server.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.server.DriverMode;
import io.millrace.server.MillraceServer;
import io.millrace.server.ServerContext;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client example of README.md compiles without a warning and does what it says; so does that of the client library. */
class ReadmeExampleTest {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final int LINES = 30;
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path classes;

    @TempDir
    private Path data;

    @Test
    void shouldCompileWithoutAWarning() {
        compile("Hello", example());

        assertTrue(Files.exists(classes.resolve("Hello.class")));
    }

    /** Started as the README says: client and server find each other by their defaults. */
    @Test
    void shouldPrintTheMessageThatItSent() throws Exception {
        compile("Hello", example());
        final String user = "readme-" + UUID.randomUUID();
        final Path out = data.resolve("out");
        try (MillraceServer server = start(Path.of("/dev/shm", "millrace-" + user))) {
            final Process hello = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "@" + Documents.path("config/jvm/jvm.options"),
                            "-Duser.name=" + user,
                            "-cp",
                            classes + File.pathSeparator + System.getProperty("java.class.path"),
                            "Hello")
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            final boolean isOver = hello.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            hello.destroyForcibly();
            assertTrue(isOver, () -> "the example goes on beside " + server.directory());
            assertEquals(0, hello.exitValue(), () -> read(out));
        }
        assertEquals("buy 100", read(out).lines().reduce((first, last) -> last).orElse(""));
    }

    /** The example of the client's package description, which is compiled there. */
    @Test
    void shouldReceiveEveryOrder() throws Exception {
        final String name = "io.millrace.client.example.OrdersExample";
        compile(name, Documents.read("transport/client/src/test/java/" + name.replace('.', '/') + ".java"));
        try (MillraceServer server = start(Path.of("/dev/shm", "millrace-orders-" + UUID.randomUUID()));
                URLClassLoader loader =
                        new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            final Object received =
                    loader.loadClass(name).getMethod("run", Path.class).invoke(null, server.directory());
            assertEquals(1_000, received);
        }
    }

    private MillraceServer start(final Path aeronDirectory) {
        return MillraceServer.launch(new ServerContext()
                .directory(data.resolve("server"))
                .aeronDirectoryName(aeronDirectory.toString())
                .driverMode(DriverMode.INVOKER)
                .idleStrategy("backoff"));
    }

    private static String read(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compile(final String className, final String source) {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        final boolean compiled = compiler.getTask(
                        null,
                        null,
                        diagnostics,
                        List.of("-d", classes.toString(), "-Xlint:all", "-Xlint:-classfile", "-proc:none"),
                        null,
                        List.of(new Source(className, source)))
                .call();
        final List<Diagnostic<? extends JavaFileObject>> found = diagnostics.getDiagnostics();
        assertTrue(compiled, found::toString);
        assertEquals(List.of(), found);
    }

    @Test
    void shouldFitOnTheScreen() {
        final long lines = example().lines().count();
        assertTrue(lines <= LINES + 5, "the example has " + lines + " lines");
    }

    private static String example() {
        final Matcher block = JAVA_BLOCK.matcher(Documents.read("README.md"));
        assertTrue(block.find(), "README.md has no java block");
        return block.group(1);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(final String className, final String text) {
            super(URI.create("string:///" + className.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(final boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
