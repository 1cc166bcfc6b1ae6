package io.millrace.perf.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The recording: 100,000 trades of bitcoins for dollars on Bitstamp, 25 November to 1 December 2013, oldest first, as
 * {@code timestamp,price,amount}. It ships in the artifact {@code org.ta4j:ta4j-examples}.
 */
final class TradeFile {
    /** Trades in the recording. */
    static final int ROWS = 100_000;

    private static final String RESOURCE = "/bitstamp_trades_from_20131125_usd.csv";
    private static final String HEADER = "timestamp,price,amount";
    private static final int COLUMNS = 3;
    private static final BigInteger VALUE_OF_ALL = new BigInteger("1686288929947683929");

    private TradeFile() {}

    /**
     * Reads the recording from the class path, and if all of it is asked for makes sure that it is the one that is meant.
     *
     * @param rows how many trades, from the first.
     * @return the trades in order.
     * @throws IllegalStateException if the recording is missing, short, damaged or another one.
     */
    static List<Trade> readChecked(final int rows) {
        final List<Trade> trades = read(rows);
        final BigInteger value = trades.stream().map(Trade::value).reduce(BigInteger.ZERO, BigInteger::add);
        if (rows == ROWS && !value.equals(VALUE_OF_ALL)) {
            throw new IllegalStateException("The recording on the class path is not the one of this demo.");
        }
        return trades;
    }

    /**
     * Reads the recording from the class path.
     *
     * @param rows how many trades, from the first.
     * @return the trades in order.
     * @throws IllegalStateException if the recording is missing, short or damaged.
     */
    static List<Trade> read(final int rows) {
        try (InputStream stream = TradeFile.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("The recorded trades, " + RESOURCE + ", are not on the class path.");
            }
            final List<Trade> trades = parse(new InputStreamReader(stream, StandardCharsets.US_ASCII), rows);
            if (trades.size() < rows) {
                throw new IllegalStateException(RESOURCE + " has " + trades.size() + " trades, not " + rows + ".");
            }
            return trades;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Parses a recording.
     *
     * @param reader text with a header line.
     * @param rows   most trades to read.
     * @return the trades in order.
     */
    static List<Trade> parse(final Reader reader, final int rows) throws IOException {
        final BufferedReader lines = new BufferedReader(reader);
        final String header = lines.readLine();
        if (!HEADER.equals(header)) {
            throw new IllegalStateException("The recording begins with \"" + header + "\", not \"" + HEADER + "\".");
        }
        final List<Trade> trades = new ArrayList<>(rows);
        String line = lines.readLine();
        while (line != null && trades.size() < rows) {
            trades.add(parseLine(trades.size() + 1, line));
            line = lines.readLine();
        }
        return trades;
    }

    private static Trade parseLine(final int row, final String line) {
        final String[] columns = line.split(",", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalStateException("Row " + row + " has " + columns.length + " columns: " + line);
        }
        return new Trade(
                row,
                Long.parseLong(columns[0]),
                parseDecimal(columns[1], Trade.PRICE_DIGITS),
                parseDecimal(columns[2], Trade.AMOUNT_DIGITS));
    }

    /**
     * Parses a decimal number exactly.
     *
     * @param text   digits with at most one point.
     * @param digits decimal places that are kept; further ones have to be 0.
     * @return the number times ten to the power of digits.
     * @throws NumberFormatException if it is no such number.
     */
    static long parseDecimal(final String text, final int digits) {
        final int point = text.indexOf('.');
        final String whole = point < 0 ? text : text.substring(0, point);
        final String fraction = point < 0 ? "" : text.substring(point + 1);
        final int kept = Math.min(digits, fraction.length());
        if (!fraction.substring(kept).chars().allMatch(digit -> digit == '0')) {
            throw new NumberFormatException(text + " has more than " + digits + " decimal places");
        }
        if (whole.isEmpty() || !(whole + fraction).chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            throw new NumberFormatException(text + " is no decimal number");
        }
        return Long.parseLong(whole + fraction.substring(0, kept) + "0".repeat(digits - kept));
    }
}
