package io.millrace.kernel;

import org.junit.jupiter.api.Test;

/** The kernel against a model that is too simple to be wrong in the same way. */
class ModelTest {

    private static final long FIRST_SEED = Long.getLong("millrace.seed", 1);
    private static final int STEPS = Integer.getInteger("millrace.steps", 100_000);
    private static final int STEPS_PER_SEED = Integer.getInteger("millrace.stepsPerSeed", 5_000);

    @Test
    void shouldTellEverySessionWhatTheModelTells() {
        long seed = FIRST_SEED;
        for (int left = STEPS; left > 0; left -= STEPS_PER_SEED) {
            run(seed++, Math.min(STEPS_PER_SEED, left));
        }
        System.out.println(STEPS + " steps, seeds " + FIRST_SEED + " to " + (seed - 1));
    }

    private static void run(final long seed, final int steps) {
        try {
            new ModelRun(seed).run(steps);
        } catch (final AssertionError failure) {
            throw new AssertionError(
                    "again with -Dmillrace.seed=" + seed + " -Dmillrace.steps=" + steps + " -Dmillrace.stepsPerSeed="
                            + steps,
                    failure);
        }
    }
}
