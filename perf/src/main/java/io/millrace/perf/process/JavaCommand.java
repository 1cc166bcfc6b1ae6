package io.millrace.perf.process;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that starts a JVM like this one: same executable, same flags, same class path. */
final class JavaCommand {
    private JavaCommand() {}

    /**
     * Command line of a JVM with the flags that this one was started with, so that {@code config/jvm} stays their one place.
     *
     * @param main  class whose main method runs.
     * @param flags further JVM flags; they come last and win.
     * @param args  arguments of the main method.
     * @return executable, flags, class and arguments.
     */
    static List<String> of(final Class<?> main, final List<String> flags, final List<String> args) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(inheritable(ManagementFactory.getRuntimeMXBean().getInputArguments()));
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(args);
        return command;
    }

    /**
     * Leaves out what two JVMs cannot share: a debugger's port, a recording's file.
     *
     * @param flags flags of this JVM.
     * @return flags for another.
     */
    static List<String> inheritable(final List<String> flags) {
        return flags.stream()
                .filter(flag -> !flag.startsWith("-agentlib:jdwp") && !flag.startsWith("-XX:StartFlightRecording"))
                .toList();
    }
}
