package io.millrace.kernel;

import io.millrace.codecs.MessageHeaderDecoder;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.agrona.DirectBuffer;

/** Compiles one source of the kernel in memory, against the other classes of the kernel. */
final class SourceCompiler {
    private SourceCompiler() {}

    /**
     * Compiles a source.
     *
     * @param name of its class, with the package.
     * @param text of it.
     * @return the bytes of its classes by name.
     * @throws AssertionError if it does not compile.
     */
    static Map<String, byte[]> compile(final String name, final String text) {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new AssertionError("this needs a JDK: there is no compiler in " + System.getProperty("java.home"));
        }
        final Output output = new Output(Files.OPEN);
        final StringWriter messages = new StringWriter();
        final List<String> options = List.of("-proc:none", "-implicit:none", "-nowarn", "-classpath", classPath());
        if (!compiler.getTask(messages, output, null, options, null, List.of(new Source(name, text)))
                .call()) {
            throw new AssertionError(name + " does not compile:\n" + messages);
        }
        return output.classes();
    }

    /** Whichever way the tests were started: where the kernel and what it needs were loaded from. */
    private static String classPath() {
        return Stream.of(Kernel.class, MessageHeaderDecoder.class, DirectBuffer.class)
                .map(SourceCompiler::location)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String location(final Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (final URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** What was read of the class path for one source is there for the next. */
    private static final class Files {
        static final StandardJavaFileManager OPEN =
                ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null);
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(final String name, final String text) {
            super(URI.create("variant:///" + name.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(final boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class ClassFile extends SimpleJavaFileObject {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        ClassFile(final String name) {
            super(URI.create("variant:///" + name.replace('.', '/') + Kind.CLASS.extension), Kind.CLASS);
        }

        @Override
        public OutputStream openOutputStream() {
            return bytes;
        }
    }

    /** Keeps what is compiled. */
    private static final class Output extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ClassFile> files = new LinkedHashMap<>();

        Output(final JavaFileManager inputs) {
            super(inputs);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                final Location location, final String name, final JavaFileObject.Kind kind, final FileObject sibling) {
            return files.computeIfAbsent(name, ClassFile::new);
        }

        Map<String, byte[]> classes() {
            return files.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, file -> file.getValue().bytes.toByteArray()));
        }
    }
}
