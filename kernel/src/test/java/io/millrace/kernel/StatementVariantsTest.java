package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.millrace.kernel.StatementTests.Proof;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The tests of the statements prove them: each fails against a kernel in which its statement does not hold. The kernels are in
 * {@code statement-variants.txt}.
 */
class StatementVariantsTest {
    private final Map<String, TreeSet<Proof>> proofs = StatementTests.byStatement();
    private final Map<String, Set<Proof>> failed = new HashMap<>();

    @TestFactory
    Stream<DynamicTest> shouldBeNoticed() {
        final Stream<DynamicTest> variants =
                StatementVariant.all().stream().map(variant -> dynamicTest(variant.toString(), () -> notice(variant)));
        final Stream<DynamicTest> statements = proofs.keySet().stream()
                .map(statement -> dynamicTest(statement, () -> shouldHaveFailedOnce(statement)));
        return Stream.concat(variants, statements);
    }

    /** Some test of each statement that a variant breaks notices it. */
    private void notice(final StatementVariant variant) {
        final KernelVariant kernel = variant.compile();
        for (final String statement : variant.statements()) {
            final TreeSet<Proof> noticed = new TreeSet<>();
            for (final Proof proof : proofs.getOrDefault(statement, new TreeSet<>())) {
                final List<Throwable> failures = kernel.failuresOf(proof.test(), proof.method());
                failures.forEach(KernelVariant::shouldBeAnAssertion);
                if (!failures.isEmpty()) {
                    noticed.add(proof);
                }
            }
            if (noticed.isEmpty()) {
                throw new AssertionError("no test of " + statement + " fails, of " + proofs.get(statement));
            }
            failed.computeIfAbsent(statement, number -> new TreeSet<>()).addAll(noticed);
        }
    }

    /** Every test that is said to prove a statement has noticed a variant that breaks it. */
    private void shouldHaveFailedOnce(final String statement) {
        assertEquals(proofs.get(statement), failed.get(statement), "tests that fail when " + statement + " is broken");
    }
}
