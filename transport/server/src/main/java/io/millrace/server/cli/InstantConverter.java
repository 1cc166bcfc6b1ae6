package io.millrace.server.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads times such as {@code 2030-01-31T08:00:00Z} or {@code 2030-01-31T09:00:00+01:00} as nanoseconds since 1970. */
final class InstantConverter implements ITypeConverter<Long> {

    @Override
    public Long convert(final String value) {
        try {
            final Instant instant = OffsetDateTime.parse(value).toInstant();
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
        } catch (final DateTimeException | ArithmeticException e) {
            throw new TypeConversionException("'" + value + "' is not a time such as 2030-01-31T08:00:00Z");
        }
    }
}
