package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Broken kernels do what they are for: good tests fail against them, and against nothing else. */
class KernelVariantTest {
    private static final String RULE = "return next >= 0 && messages.status(next) == Message.AVAILABLE ? next : -1;";

    @Test
    void shouldFailATestWhoseRuleIsBroken() {
        final KernelVariant variant = new KernelVariant("Lanes", RULE, "return next;");

        variant.shouldFail(FifoGroupsTest.class, "shouldReturnOnlyWhatIsInFrontOfAnExtendedMessage");
    }

    @Test
    void shouldPassATestWhoseRuleIsKept() {
        final KernelVariant same = new KernelVariant("Lanes", RULE, "/* As it was. */ " + RULE);

        assertNotSame(Lanes.class, same.load(Lanes.class));
        assertEquals(
                List.of(), same.failuresOf(FifoGroupsTest.class, "shouldReturnOnlyWhatIsInFrontOfAnExtendedMessage"));
        assertThrows(
                AssertionError.class,
                () -> same.shouldFail(FifoGroupsTest.class, "shouldReturnOnlyWhatIsInFrontOfAnExtendedMessage"));
    }

    @Test
    void shouldTellAnErrorFromAFailure() {
        final KernelVariant broken = new KernelVariant("Lanes", RULE, "throw new IllegalStateException();");

        final AssertionError told = assertThrows(
                AssertionError.class,
                () -> broken.shouldFail(FifoGroupsTest.class, "shouldKeepTheOrderWhenDeliveringAgain"));

        assertTrue(told.getCause() instanceof IllegalStateException, () -> "caused by " + told.getCause());
    }

    @Test
    void shouldRefuseAPassageThatIsNotThereExactlyOnce() {
        assertThrows(AssertionError.class, () -> new KernelVariant("Lanes", "not in any source", ""));
        assertThrows(AssertionError.class, () -> new KernelVariant("Lanes", "return", ""));
        assertThrows(AssertionError.class, () -> new KernelVariant("Lanes", RULE, "does not compile"));
    }
}
