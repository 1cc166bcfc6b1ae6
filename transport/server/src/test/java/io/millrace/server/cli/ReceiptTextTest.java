package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ReceiptTextTest {
    private final ReceiptText converter = new ReceiptText();

    @Test
    void shouldReadWhatItWrites() {
        final byte[] handle = new byte[ReceiptText.BYTES];
        for (int i = 0; i < handle.length; i++) {
            handle[i] = (byte) (i * 11);
        }
        final String text = ReceiptText.format(handle);
        assertEquals(2 * ReceiptText.BYTES, text.length());
        assertArrayEquals(handle, converter.convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0000000000000000000000000000000000000000000000zz"})
    void shouldRefuse(final String text) {
        assertThrows(TypeConversionException.class, () -> converter.convert(text));
    }
}
