package io.millrace.server.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
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

/** The client example of README.md compiles, without a warning. */
class ReadmeExampleTest {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CLASS_NAME = Pattern.compile("class (\\w+)");
    private static final int LINES = 30;

    @Test
    void shouldCompile(@TempDir final Path directory) {
        final String source = example();
        final Matcher name = CLASS_NAME.matcher(source);
        assertTrue(name.find(), source);
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        final boolean compiled = compiler.getTask(
                        null,
                        null,
                        diagnostics,
                        List.of("-d", directory.toString(), "-Xlint:all", "-Xlint:-classfile", "-proc:none"),
                        null,
                        List.of(new Source(name.group(1), source)))
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
            super(URI.create("string:///" + className + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(final boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
