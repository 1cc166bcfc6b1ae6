package io.millrace.perf.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessTest {
    private static final long TIMEOUT_S = 60;

    /** A child that answers commands, and ends with its parent. */
    static final class Echo {
        private Echo() {}

        public static void main(final String[] args) {
            final ParentLink parent = ParentLink.open();
            parent.report("started", String.join(",", args));
            for (String command = parent.awaitCommand(); command != null; command = parent.awaitCommand()) {
                parent.report("progress", 1);
                parent.report("echo", command);
            }
            System.exit(parent.isOrphaned() ? 7 : 0);
        }
    }

    /** A child that starts another, says its process id and dies without a word to it. */
    static final class Parent {
        private Parent() {}

        public static void main(final String[] args) {
            final Child child = Child.start("echo", Echo.class, List.of(), List.of());
            child.await("started", TIMEOUT_S);
            ParentLink.open().report("grandchild", child.pid());
            Runtime.getRuntime().halt(1);
        }
    }

    /** A child that says which flags it was started with. */
    static final class Flags {
        private Flags() {}

        public static void main(final String[] args) {
            final ParentLink parent = ParentLink.open();
            ManagementFactory.getRuntimeMXBean().getInputArguments().forEach(flag -> parent.report("flag", flag));
            parent.report("all", "");
            parent.awaitEnd();
        }
    }

    /** A child that complains and dies. */
    static final class Failing {
        private Failing() {}

        public static void main(final String[] args) {
            throw new IllegalStateException("no such luck");
        }
    }

    @Test
    void shouldTalkToAChildAndStopIt() {
        try (Child child = Child.start("echo", Echo.class, List.of(), List.of("a", "b"))) {
            assertEquals("a,b", child.await("started", TIMEOUT_S));
            final List<String> others = new ArrayList<>();
            child.tell("hello there");

            assertEquals("hello there", child.await("echo", TIMEOUT_S, others::add));

            assertEquals(List.of("progress 1"), others);
            assertEquals(0, child.stop());
        }
    }

    @Test
    void shouldHearHowLongTheCompilerOfAChildWasBusy() {
        try (Child child = Child.start("echo", Echo.class, List.of("-Xcomp"), List.of())) {
            child.await("started", TIMEOUT_S);

            assertTrue(child.compileTimeMs() > 0);

            child.tell("and commands still arrive");
            assertEquals("and commands still arrive", child.await("echo", TIMEOUT_S));
        }
    }

    @Test
    void shouldGiveAChildEveryFlagOfThisJvm() throws IOException {
        final List<String> expected = new ArrayList<>();
        for (final String line :
                Files.readAllLines(Path.of(System.getProperty("millrace.jvm.options.dir"), "jvm.options"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                expected.add("flag " + line);
            }
        }
        expected.add("flag -Xmx64m");
        final List<String> actual = new ArrayList<>();
        try (Child child = Child.start("flags", Flags.class, List.of("-Xmx64m"), List.of())) {
            child.await("all", TIMEOUT_S, actual::add);
        }
        assertTrue(expected.size() > 10, expected::toString);
        assertTrue(actual.containsAll(expected), () -> actual + " lacks some of " + expected);
    }

    @Test
    void shouldSayWhyAChildFailed() {
        try (Child child = Child.start("unlucky one", Failing.class, List.of(), List.of())) {
            final ChildException e = assertThrows(ChildException.class, () -> child.await("started", TIMEOUT_S));

            assertTrue(
                    e.getMessage().startsWith("The unlucky one ended before it reported \"started\" (exit code 1)."));
            assertTrue(e.getMessage().contains("no such luck"), e::getMessage);
        }
    }

    @Test
    void shouldEndWhenTheParentDies() throws Exception {
        try (Child parent = Child.start("parent", Parent.class, List.of(), List.of())) {
            final long pid = Long.parseLong(parent.await("grandchild", TIMEOUT_S));
            final ProcessHandle grandchild = ProcessHandle.of(pid).orElse(null);

            // It may be gone already, which is what is wanted; otherwise this times out.
            if (grandchild != null) {
                grandchild.onExit().get(TIMEOUT_S, TimeUnit.SECONDS);
            }

            assertTrue(ProcessHandle.of(pid).isEmpty(), () -> "process " + pid + " outlived its parent");
        }
    }

    @Test
    void shouldDeleteAWorkspaceWithWhatIsInIt() throws IOException {
        final Workspace workspace = Workspace.create("test");
        final Path aeron = Path.of(workspace.aeronDirectory());
        assertTrue(Files.isDirectory(workspace.directory()));
        assertFalse(Files.exists(aeron));
        Files.createDirectories(workspace.directory().resolve("a/b"));
        Files.createDirectories(aeron);
        Files.writeString(aeron.resolve("file"), "text");

        workspace.close();

        assertFalse(Files.exists(workspace.directory()));
        assertFalse(Files.exists(aeron));
    }

    @Test
    void shouldNotPassOnWhatTwoJvmsCannotShare() {
        assertEquals(
                List.of("-Xmx1g", "-Da=b"),
                JavaCommand.inheritable(List.of(
                        "-Xmx1g",
                        "-agentlib:jdwp=transport=dt_socket",
                        "-Da=b",
                        "-XX:StartFlightRecording=filename=x")));
    }
}
