package io.millrace.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a JVM of the tests' own kind: same JDK, same class path, the project's flags and no others. */
final class ChildProcess {
    private ChildProcess() {}

    static Process start(final Class<?> mainClass, final File standardError, final String... arguments)
            throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        final Path options = Path.of(System.getProperty("millrace.jvm.options.dir"));
        command.add("@" + options.resolve("jvm.options"));
        if (Runtime.version().feature() >= 24) {
            command.add("@" + options.resolve("jvm-24.options"));
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(standardError).start();
    }
}
