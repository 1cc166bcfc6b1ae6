package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model test with a kernel that brings publications to few subscriptions in a record, so that many wait for the next. */
class ModelSlicesTest {

    private static final long FIRST_SEED = 1_001;
    private static final int SEEDS = Integer.getInteger("millrace.seeds", 2);
    private static final int STEPS = 3_000;

    @Test
    void shouldTellWhatTheModelTells() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            new ModelRun(seed).run(STEPS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldTellItInSmallSlicesToo(final int slice) {
        final KernelVariant variant = new KernelVariant("FanOut", "int SLICE = 1024;", "int SLICE = " + slice + ";");

        assertEquals(List.of(), variant.failuresOf(ModelSlicesTest.class, "shouldTellWhatTheModelTells"));
    }
}
