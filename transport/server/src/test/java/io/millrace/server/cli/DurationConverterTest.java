package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
    private final DurationConverter converter = new DurationConverter();

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "7ns, 7",
        "20us, 20000",
        "500ms, 500000000",
        "30s, 30000000000",
        "5m, 300000000000",
        "12h, 43200000000000",
        "365d, 31536000000000000"
    })
    void shouldReadWhatItWrites(final String text, final long nanos) {
        assertEquals(nanos, converter.convert(text));
        assertEquals(text, DurationConverter.format(nanos));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-1s", "1.5s", "1 s", "1w", "1S", "106752d"})
    void shouldRefuse(final String text) {
        assertThrows(TypeConversionException.class, () -> converter.convert(text));
    }

    @Test
    void shouldReadTheLongestDuration() {
        assertEquals(106751L * 86_400_000_000_000L, converter.convert("106751d"));
    }
}
