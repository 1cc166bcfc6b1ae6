package io.millrace.server.cli;

import io.millrace.client.StreamPosition;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where reading a stream begins: horizon, latest, a sequence number or a time. */
final class StreamPositionConverter implements ITypeConverter<StreamPosition> {

    @Override
    public StreamPosition convert(final String value) {
        if (value.equals("horizon")) {
            return StreamPosition.HORIZON;
        }
        if (value.equals("latest")) {
            return StreamPosition.LATEST;
        }
        try {
            return value.matches("\\d{1,18}")
                    ? StreamPosition.at(Long.parseLong(value))
                    : StreamPosition.atTime(new InstantConverter().convert(value));
        } catch (final TypeConversionException e) {
            throw new TypeConversionException(
                    "'" + value + "' is not horizon, latest, a sequence number or a time such as 2030-01-31T08:00:00Z");
        }
    }
}
