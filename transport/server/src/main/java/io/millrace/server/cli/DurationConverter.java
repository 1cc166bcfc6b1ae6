package io.millrace.server.cli;

import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations such as {@code 500ms}, {@code 30s} or {@code 5m} as nanoseconds. */
final class DurationConverter implements ITypeConverter<Long> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})(ns|us|ms|s|m|h|d)");
    private static final Map<String, Long> UNITS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L,
            "d", 86_400_000_000_000L);

    @Override
    public Long convert(final String value) {
        if (value.equals("0")) {
            return 0L;
        }
        final Matcher matcher = FORM.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + value + "' is not a duration such as 500ms, 30s or 5m");
        }
        final BigInteger nanos =
                new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(UNITS.get(matcher.group(2))));
        if (nanos.bitLength() >= Long.SIZE) {
            throw new TypeConversionException("'" + value + "' is longer than 292 years");
        }
        return nanos.longValue();
    }

    /**
     * The shortest form that {@link #convert} reads back.
     *
     * @param nanos a duration, not negative.
     * @return for example {@code 30s}.
     */
    static String format(final long nanos) {
        if (nanos == 0) {
            return "0";
        }
        for (final String unit : new String[] {"d", "h", "m", "s", "ms", "us"}) {
            if (nanos % UNITS.get(unit) == 0) {
                return nanos / UNITS.get(unit) + unit;
            }
        }
        return nanos + "ns";
    }
}
