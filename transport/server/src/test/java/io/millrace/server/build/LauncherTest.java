package io.millrace.server.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a work tree of its own, with a java and a mvn that are scripts of this test. */
class LauncherTest {
    private static final Path ROOT = Path.of(System.getProperty("millrace.jvm.options.dir"))
            .resolve("../..")
            .normalize();
    private static final List<String> TOOLS = List.of(
            "bash",
            "env",
            "dirname",
            "basename",
            "readlink",
            "sed",
            "head",
            "tail",
            "find",
            "mkdir",
            "flock",
            "touch",
            "date",
            "cp",
            "ln",
            "ls",
            "sort",
            "rm",
            "mv",
            "tee");
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path directory;

    private Path tree;
    private Path tools;

    /** What one start printed, and how it ended. */
    private record Run(int exitCode, String out, String err) {}

    @BeforeEach
    void makeWorkTree() throws IOException {
        tree = Files.createDirectories(directory.resolve("tree"));
        Files.copy(ROOT.resolve("millrace"), tree.resolve("millrace"));
        for (final String module :
                List.of("codecs", "kernel", "shm-store", "transport", "perf", ".mvn", "config/jvm")) {
            Files.createDirectories(tree.resolve(module));
        }
        Files.writeString(tree.resolve("pom.xml"), "<project/>");
        tools = Files.createDirectories(directory.resolve("tools"));
        for (final String tool : TOOLS) {
            final String folder = Files.exists(Path.of("/usr/bin", tool)) ? "/usr/bin/" : "/bin/";
            executable(tools.resolve(tool), "#!/bin/sh\nexec " + folder + tool + " \"$@\"\n");
        }
    }

    @Test
    void shouldAskForAJdk() throws Exception {
        final Run run = run(directory.resolve("nowhere"));

        assertEquals(1, run.exitCode(), run::toString);
        assertEquals("", run.out());
        assertEquals(
                "millrace: needs a JDK 17 or later: install one (Debian or Ubuntu: apt-get install openjdk-17-jdk-headless)"
                        + " or set JAVA_HOME to it (found: " + directory.resolve("nowhere") + " has no bin/java).\n",
                run.err());
    }

    @Test
    void shouldNameAJdkThatIsTooOld() throws Exception {
        final Run run = run(jdk("1.8.0_392"));

        assertEquals(1, run.exitCode(), run::toString);
        assertTrue(run.err().contains("needs a JDK 17 or later"), run::err);
        assertTrue(run.err().endsWith("(found: " + directory.resolve("jdk-1.8.0_392") + " is Java 8).\n"), run::err);
        assertEquals(1, run.err().lines().count(), run::err);
    }

    @Test
    void shouldNameARunTimeWithoutCompiler() throws Exception {
        final Path jre = jdk("17.0.9");
        Files.delete(jre.resolve("bin/javac"));

        final Run run = run(jre);

        assertEquals(1, run.exitCode(), run::toString);
        assertTrue(run.err().contains("is a run-time environment without the compiler"), run::err);
    }

    @Test
    void shouldAskForMaven() throws Exception {
        final Run run = run(jdk("17.0.9"));

        assertEquals(1, run.exitCode(), run::toString);
        assertEquals("", run.out());
        assertEquals(
                "millrace: needs Maven 3.8 or later to build: install it (Debian or Ubuntu: apt-get install maven) and put mvn "
                        + "on the PATH.\n",
                run.err());
    }

    @Test
    void shouldBuildWithoutAWordInAPipeAndStartWithEveryFlag() throws Exception {
        maven(
                "mkdir -p perf/target/lib perf/target/tools; touch perf/target/lib/some.jar perf/target/millrace-perf-1.jar");

        final Run run = run(jdk("17.0.9"), "queue", "list");

        assertEquals("", run.err());
        assertEquals(0, run.exitCode(), run::toString);
        final String options = "@" + tree + "/config/jvm/";
        assertTrue(
                run.out().startsWith(options + "jvm.options " + options + "unchecked.options -cp " + tree), run::out);
        assertTrue(run.out().endsWith(" io.millrace.server.cli.Main queue list\n"), run::out);
    }

    @Test
    void shouldAddTheFlagsOfNewerJdks() throws Exception {
        maven("mkdir -p perf/target/lib perf/target/tools; touch perf/target/millrace-perf-1.jar");

        final Run run = run(jdk("25"), "--help");

        assertEquals(0, run.exitCode(), run::toString);
        assertTrue(run.out().contains("/config/jvm/jvm-24.options -cp "), run::out);
    }

    @Test
    void shouldBuildOnceUntilSomethingChanges() throws Exception {
        maven("mkdir -p perf/target/lib perf/target/tools; touch perf/target/millrace-perf-1.jar; echo x >> "
                + directory + "/builds");
        final Path jdk = jdk("17.0.9");
        run(jdk);
        run(jdk);
        assertEquals(1, Files.readAllLines(directory.resolve("builds")).size());

        final Path source = Files.createDirectories(tree.resolve("kernel/src/main/java"));
        Files.writeString(source.resolve("Changed.java"), "class Changed {}");
        run(jdk);

        assertEquals(2, Files.readAllLines(directory.resolve("builds")).size());
    }

    @Test
    void shouldSayWhyABuildFailed() throws Exception {
        maven("echo '[INFO] Building'; echo '[ERROR] no such thing'; exit 1");

        final Run run = run(jdk("17.0.9"));

        assertEquals(1, run.exitCode(), run::toString);
        assertEquals("", run.out());
        assertEquals(
                "millrace: the build failed; correct what target/launcher/build.log says and start again.",
                run.err().lines().reduce((first, last) -> last).orElse(""));
    }

    private Run run(final Path javaHome, final String... args) throws Exception {
        final List<String> command =
                new ArrayList<>(List.of(tree.resolve("millrace").toString()));
        command.addAll(List.of(args));
        final Path out = directory.resolve("out");
        final Path err = directory.resolve("err");
        final ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("JAVA_HOME", javaHome.toString());
        final Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the launcher goes on: " + Files.readString(err));
        }
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** A JDK whose java prints its arguments. */
    private Path jdk(final String version) throws IOException {
        final Path home = directory.resolve("jdk-" + version);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), "echo \"$@\"");
        script(home.resolve("bin/javac"), "exit 1");
        return home;
    }

    private void maven(final String body) throws IOException {
        script(tools.resolve("mvn"), body);
    }

    private static void script(final Path path, final String body) throws IOException {
        executable(path, "#!/usr/bin/env bash\nset -eu\n" + body + "\n");
    }

    private static void executable(final Path path, final String text) throws IOException {
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
