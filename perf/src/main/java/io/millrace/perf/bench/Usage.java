package io.millrace.perf.bench;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Refuses values that a benchmark cannot work with. */
final class Usage {
    /** A message has to hold its stamp. */
    static final int MIN_SIZE = 8;

    /** Sends and deliveries of this size are one Aeron fragment, as the floors require. */
    static final int MAX_SIZE = 1_200;

    private static final int MAX_SECONDS = 600;
    private static final int MAX_SESSIONS = 64;

    private Usage() {}

    static void requireSize(final CommandSpec spec, final int size) {
        require(spec, "--size", size, MIN_SIZE, MAX_SIZE);
    }

    static void requireSeconds(final CommandSpec spec, final int seconds) {
        require(spec, "--seconds", seconds, 1, MAX_SECONDS);
    }

    static void requireSessions(final CommandSpec spec, final String option, final int sessions) {
        require(spec, option, sessions, 1, MAX_SESSIONS);
    }

    static void require(
            final CommandSpec spec, final String option, final long value, final long least, final long most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " is from " + least + " to " + most + ", not " + value + ".");
        }
    }
}
