package io.millrace.perf.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TradeFileTest {
    @ParameterizedTest
    @CsvSource({
        "800.010000000000, 2, 80001",
        "800.05, 2, 80005",
        "999, 2, 99900",
        "0.278380490000, 8, 27838049",
        "0.00000001, 8, 1",
        "1.2, 8, 120000000",
        "7, 0, 7"
    })
    void shouldParseDecimalsExactly(final String text, final int digits, final long expected) {
        assertEquals(expected, TradeFile.parseDecimal(text, digits));
    }

    @ParameterizedTest
    @CsvSource({"80001, 2, 800.01", "5, 2, 0.05", "0, 2, 0.00", "123456789012, 8, 1234.56789012", "1, 8, 0.00000001"})
    void shouldWriteDecimalsExactly(final long value, final int digits, final String expected) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[DecimalText.LONGEST]);

        final int length = DecimalText.put(buffer, value, digits);

        assertEquals(expected, buffer.getStringWithoutLengthAscii(0, length));
        assertEquals(value, TradeFile.parseDecimal(expected, digits));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.001", "-1", "1e3", "", ".", "1.2.3", "12a"})
    void shouldRefuseWhatItCannotKeep(final String text) {
        assertThrows(NumberFormatException.class, () -> TradeFile.parseDecimal(text, 2));
    }

    @Test
    void shouldReadTheRecordingOldestFirst() {
        final List<Trade> trades = TradeFile.read(TradeFile.ROWS);

        assertEquals(TradeFile.ROWS, trades.size());
        assertEquals(new Trade(1, 1385337600, 80001, 10_000_000), trades.get(0));
        assertEquals(new Trade(100_000, 1385913725, 99900, 129_263_310), trades.get(99_999));
        for (int i = 1; i < trades.size(); i++) {
            assertTrue(trades.get(i - 1).timestamp() <= trades.get(i).timestamp(), "at row " + (i + 1));
        }
    }

    @Test
    void shouldReadOnlyTheRowsAskedFor() throws IOException {
        final String text = "timestamp,price,amount\n1,2.5,3\n4,5,6\n7,8,9\n";

        assertEquals(
                List.of(new Trade(1, 1, 250, 300_000_000), new Trade(2, 4, 500, 600_000_000)),
                TradeFile.parse(new StringReader(text), 2));
    }

    @Test
    void shouldRefuseAnotherHeader() {
        assertThrows(
                IllegalStateException.class, () -> TradeFile.parse(new StringReader("time,amount,price\n1,2,3\n"), 1));
    }
}
