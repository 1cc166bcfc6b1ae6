package io.millrace.server.cli;

import java.util.HexFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Receipt handles as text: the bytes of the handle in hexadecimal. */
final class ReceiptText implements ITypeConverter<byte[]> {

    /** Length of a handle. */
    static final int BYTES = 24;

    @Override
    public byte[] convert(final String value) {
        try {
            final byte[] handle = HexFormat.of().parseHex(value);
            if (handle.length == BYTES) {
                return handle;
            }
        } catch (final IllegalArgumentException e) {
            throw new TypeConversionException("'" + value + "' is not a handle: it has other digits than 0-9 and a-f");
        }
        throw new TypeConversionException("'" + value + "' is not a handle of " + 2 * BYTES + " hexadecimal digits");
    }

    /** The text of a handle. */
    static String format(final byte[] handle) {
        return HexFormat.of().formatHex(handle);
    }
}
