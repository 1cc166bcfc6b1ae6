package io.millrace.server.cli;

import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads times as {@link InstantConverter} does, and such as {@code -1h}: an hour ago. 0 stands for none. */
final class PastConverter implements ITypeConverter<Long> {

    private final InstantConverter instants = new InstantConverter();
    private final DurationConverter durations = new DurationConverter();

    @Override
    public Long convert(final String value) {
        if (value.equals("0")) {
            return 0L;
        }
        if (!value.startsWith("-")) {
            return instants.convert(value);
        }
        final Instant now = Instant.now();
        final long nowNs = Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
        final long fromNs = nowNs - durations.convert(value.substring(1));
        if (fromNs <= 0) {
            throw new TypeConversionException("'" + value + "' lies before 1970");
        }
        return fromNs;
    }
}
