package io.millrace.perf.bench;

import java.util.Locale;

/** What runs behind a link. */
public enum Target {
    /** Raw Aeron echo. */
    AERON,
    /** Echo that journals. */
    JOURNAL,
    /** The real thing. */
    MILLRACE;

    /**
     * Name on a command line.
     *
     * @return lower case.
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a target.
     *
     * @param word its name on a command line.
     * @return the target.
     */
    public static Target of(final String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
