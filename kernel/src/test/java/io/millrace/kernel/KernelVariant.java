package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/**
 * The kernel with one rule broken: a passage of its sources is replaced, and tests are run against what comes of it. A test that does
 * not fail then does not prove the rule.
 *
 * <p>The changed source is compiled in memory. A class loader of its own then loads the kernel and its tests anew, everything else
 * stays shared.
 */
final class KernelVariant {
    private static final String PACKAGE = "io.millrace.kernel.";
    private static final Path SOURCES = Path.of("src", "main", "java");

    /** Tells its results to nobody else: what fails against a variant has not failed. */
    private static final Launcher LAUNCHER = LauncherFactory.create(LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .build());

    private final ClassLoader loader;

    /**
     * A change of a source.
     *
     * @param passage that the source has exactly once; how much white space is between its words does not matter.
     * @param replacement what stands there instead.
     */
    record Change(String passage, String replacement) {}

    /**
     * Compiles a variant.
     *
     * @param source class of the kernel whose source is changed: {@code Lanes}, {@code memory.SlotTable}.
     * @param passage that its source has exactly once; how much white space is between its words does not matter.
     * @param replacement what stands there instead.
     * @throws AssertionError if the passage is not there exactly once, or the result does not compile.
     */
    KernelVariant(final String source, final String passage, final String replacement) {
        this(source, List.of(new Change(passage, replacement)));
    }

    /**
     * Compiles a variant with several changes of one source.
     *
     * @param source class of the kernel whose source is changed.
     * @param changes of it.
     * @throws AssertionError if a passage is not there exactly once, or the result does not compile.
     */
    KernelVariant(final String source, final List<Change> changes) {
        final String name = PACKAGE + source;
        String text = read(name);
        for (final Change change : changes) {
            text = replace(text, name, change.passage, change.replacement);
        }
        this.loader = new VariantLoader(PACKAGE, SourceCompiler.compile(name, text));
    }

    private static String read(final String name) {
        try {
            return Files.readString(SOURCES.resolve(name.replace('.', '/') + ".java"));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String replace(
            final String text, final String name, final String passage, final String replacement) {
        final String words =
                Arrays.stream(passage.strip().split("\\s+")).map(Pattern::quote).collect(Collectors.joining("\\s+"));
        final List<MatchResult> found =
                Pattern.compile(words).matcher(text).results().toList();
        assertEquals(1, found.size(), () -> "times that " + name + " has: " + passage);
        final String changed = text.substring(0, found.get(0).start())
                + replacement
                + text.substring(found.get(0).end());
        assertNotEquals(text, changed, "replaced by itself");
        return changed;
    }

    /** A class of the kernel or of its tests as it is in the variant. */
    Class<?> load(final Class<?> original) {
        try {
            return loader.loadClass(original.getName());
        } catch (final ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a test of the kernel, with all invocations that it has, against the variant; returns what made it fail. */
    List<Throwable> failuresOf(final Class<?> test, final String method) {
        final Class<?> loaded = load(test);
        final Method found = Arrays.stream(loaded.getDeclaredMethods())
                .filter(candidate -> candidate.getName().equals(method))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no test " + test.getSimpleName() + "." + method));
        final LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(loaded, found))
                // A variant may go round in circles; a machine that does much else may need minutes for a right one.
                .configurationParameter("junit.jupiter.execution.timeout.default", "300 s")
                .configurationParameter("junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
                .build();
        final SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LAUNCHER.execute(request, listener);
        assertNotEquals(0, listener.getSummary().getTestsStartedCount(), () -> "not a test: " + found);
        return listener.getSummary().getFailures().stream()
                .map(Failure::getException)
                .toList();
    }

    /** The test has to notice: it fails by an assertion, and by nothing else. */
    void shouldFail(final Class<?> test, final String method) {
        final List<Throwable> failures = failuresOf(test, method);
        assertFalse(failures.isEmpty(), () -> test.getSimpleName() + "." + method + " does not notice");
        failures.forEach(KernelVariant::shouldBeAnAssertion);
    }

    static void shouldBeAnAssertion(final Throwable failure) {
        if (!(failure instanceof AssertionError)) {
            throw new AssertionError("failed by something else than an assertion", failure);
        }
    }
}
