package io.millrace.kernel;

import org.junit.jupiter.api.Test;

/** The kernel against a model that is too simple to be wrong in the same way. */
class ModelTest {

    private static final int STEPS = Integer.getInteger("millrace.steps", 100_000);
    private static final int STEPS_PER_SEED = 5_000;

    @Test
    void shouldTellEverySessionWhatTheModelTells() {
        final Long seed = Long.getLong("millrace.seed");
        if (seed != null) {
            run(seed, STEPS);
            return;
        }
        for (int done = 0; done < STEPS; done += STEPS_PER_SEED) {
            run(1 + done / STEPS_PER_SEED, Math.min(STEPS_PER_SEED, STEPS - done));
        }
    }

    private static void run(final long seed, final int steps) {
        try {
            new ModelRun(seed).run(steps);
        } catch (final AssertionError failure) {
            throw new AssertionError(
                    "again with -Dmillrace.seed=" + seed + " -Dmillrace.steps=" + steps + " -Dmillrace.features="
                            + ModelFeature.present(),
                    failure);
        }
    }
}
