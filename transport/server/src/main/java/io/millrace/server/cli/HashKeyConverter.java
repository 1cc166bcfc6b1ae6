package io.millrace.server.cli;

import io.millrace.client.HashKey;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads hash keys: numbers from 0 to 2^128 - 1. */
final class HashKeyConverter implements ITypeConverter<HashKey> {

    @Override
    public HashKey convert(final String value) {
        try {
            return HashKey.parse(value);
        } catch (final IllegalArgumentException e) {
            throw new TypeConversionException("'" + value + "' is not a number from 0 to 2^128 - 1");
        }
    }
}
