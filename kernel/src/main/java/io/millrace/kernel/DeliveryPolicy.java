package io.millrace.kernel;

import io.millrace.codecs.DeliveryPolicyDecoder;
import io.millrace.codecs.DeliveryPolicyEncoder;
import io.millrace.codecs.RetryFunction;
import io.millrace.kernel.memory.SlotTable;
import java.util.concurrent.TimeUnit;

/**
 * How often deliveries to sessions are tried again, after which times, and how many there are in a second. In a row it has {@link #LENGTH}
 * bytes: {@code least delay (8), greatest delay (8), retries + 1 (4; 0: no policy), retries of the first, second and last phase (4 each),
 * function (4), deliveries a second (4)}.
 *
 * <p>Phases, functions and defaults are those of the delivery policies of SNS (developer guide, Amazon SNS message delivery retries). Delays are
 * not scattered at random: the kernel gives the same delays whenever the log is replayed.
 */
final class DeliveryPolicy {
    /** Bytes of a policy in a row. */
    static final int LENGTH = 40;

    private static final int NONE = 0xFFFF;
    private static final int MIN_DELAY = 0;
    private static final int MAX_DELAY = 8;
    private static final int RETRIES_LINK = 16;
    private static final int NO_DELAY_RETRIES = 20;
    private static final int MIN_DELAY_RETRIES = 24;
    private static final int MAX_DELAY_RETRIES = 28;
    private static final int FUNCTION = 32;
    private static final int MAX_PER_SECOND = 36;

    private static final int DEFAULT_RETRIES = 3;
    private static final long DEFAULT_DELAY_NS = TimeUnit.SECONDS.toNanos(20);

    private long minDelayNs;
    private long maxDelayNs;
    private int retries;
    private int noDelayRetries;
    private int minDelayRetries;
    private int maxDelayRetries;
    private int function;
    private int maxPerSecond;

    /** Takes what a command says. */
    void read(final DeliveryPolicyDecoder given) {
        minDelayNs = given.minDelayNs();
        maxDelayNs = given.maxDelayNs();
        retries = given.retries();
        noDelayRetries = given.noDelayRetries();
        minDelayRetries = given.minDelayRetries();
        maxDelayRetries = given.maxDelayRetries();
        function = given.functionRaw();
        maxPerSecond = (int) given.maxPerSecond();
        if (!isGiven()) {
            clear();
        }
    }

    private void clear() {
        minDelayNs = 0;
        maxDelayNs = 0;
        noDelayRetries = 0;
        minDelayRetries = 0;
        maxDelayRetries = 0;
        function = 0;
        maxPerSecond = 0;
    }

    /** Takes what counts where nobody has said anything. */
    void readDefault() {
        clear();
        minDelayNs = DEFAULT_DELAY_NS;
        maxDelayNs = DEFAULT_DELAY_NS;
        retries = DEFAULT_RETRIES;
        function = RetryFunction.LINEAR.value();
    }

    /** Takes the policy of a row; false if it has none. */
    boolean load(final SlotTable table, final int row, final int at) {
        retries = table.getInt(row, at + RETRIES_LINK) - 1;
        if (retries < 0) {
            return false;
        }
        minDelayNs = table.getLong(row, at + MIN_DELAY);
        maxDelayNs = table.getLong(row, at + MAX_DELAY);
        noDelayRetries = table.getInt(row, at + NO_DELAY_RETRIES);
        minDelayRetries = table.getInt(row, at + MIN_DELAY_RETRIES);
        maxDelayRetries = table.getInt(row, at + MAX_DELAY_RETRIES);
        function = table.getInt(row, at + FUNCTION);
        maxPerSecond = table.getInt(row, at + MAX_PER_SECOND);
        return true;
    }

    /** Writes the policy into a row, which is left to be sealed. */
    void store(final SlotTable table, final int row, final int at) {
        table.putLong(row, at + MIN_DELAY, minDelayNs);
        table.putLong(row, at + MAX_DELAY, maxDelayNs);
        table.putInt(row, at + RETRIES_LINK, isGiven() ? retries + 1 : 0);
        table.putInt(row, at + NO_DELAY_RETRIES, noDelayRetries);
        table.putInt(row, at + MIN_DELAY_RETRIES, minDelayRetries);
        table.putInt(row, at + MAX_DELAY_RETRIES, maxDelayRetries);
        table.putInt(row, at + FUNCTION, function);
        table.putInt(row, at + MAX_PER_SECOND, maxPerSecond);
    }

    /** Whether a row has the same policy, or none as this is none. */
    boolean isThatOf(final SlotTable table, final int row, final int at) {
        return table.getInt(row, at + RETRIES_LINK) == (isGiven() ? retries + 1 : 0)
                && table.getLong(row, at + MIN_DELAY) == minDelayNs
                && table.getLong(row, at + MAX_DELAY) == maxDelayNs
                && table.getInt(row, at + NO_DELAY_RETRIES) == noDelayRetries
                && table.getInt(row, at + MIN_DELAY_RETRIES) == minDelayRetries
                && table.getInt(row, at + MAX_DELAY_RETRIES) == maxDelayRetries
                && table.getInt(row, at + FUNCTION) == function
                && table.getInt(row, at + MAX_PER_SECOND) == maxPerSecond;
    }

    void encode(final DeliveryPolicyEncoder encoder) {
        encoder.minDelayNs(minDelayNs)
                .maxDelayNs(maxDelayNs)
                .retries(retries)
                .noDelayRetries(noDelayRetries)
                .minDelayRetries(minDelayRetries)
                .maxDelayRetries(maxDelayRetries)
                .maxPerSecond(Integer.toUnsignedLong(maxPerSecond))
                .function(RetryFunction.get((short) function))
                .reserved1((short) 0)
                .reserved2(0);
    }

    boolean isGiven() {
        return retries != NONE;
    }

    int retries() {
        return retries;
    }

    /** Deliveries in a second, 0: any number. */
    long maxPerSecond() {
        return Integer.toUnsignedLong(maxPerSecond);
    }

    /** Whether delays and phases fit each other. */
    boolean isConsistent() {
        return minDelayNs >= (isByFactors() ? 1 : 0)
                && maxDelayNs >= minDelayNs
                && noDelayRetries + minDelayRetries + maxDelayRetries <= retries
                && function >= RetryFunction.LINEAR.value()
                && function <= RetryFunction.EXPONENTIAL.value();
    }

    private boolean isByFactors() {
        return function == RetryFunction.GEOMETRIC.value() || function == RetryFunction.EXPONENTIAL.value();
    }

    long maxDelayNs() {
        return maxDelayNs;
    }

    /** All delays together; at most as many as there are retries. */
    long totalDelayNs() {
        long total = 0;
        for (int retry = 1; retry <= retries; retry++) {
            total += delayNs(retry);
        }
        return total;
    }

    /**
     * Time between a failure and the next try.
     *
     * @param retry number of the next try among the retries, from 1.
     */
    long delayNs(final int retry) {
        final int backingOff = retries - noDelayRetries - minDelayRetries - maxDelayRetries;
        final int inSecond = retry - noDelayRetries;
        final int inThird = inSecond - minDelayRetries;
        if (inSecond <= 0) {
            return 0;
        } else if (inThird <= 0) {
            return minDelayNs;
        }
        return inThird > backingOff ? maxDelayNs : backoffNs(inThird, backingOff);
    }

    /** The first retry of the phase has the least delay, the last of several has the greatest, if doubling gets so far. */
    private long backoffNs(final int number, final int count) {
        final int steps = number - 1;
        final int allSteps = Math.max(1, count - 1);
        if (function == RetryFunction.EXPONENTIAL.value()) {
            final boolean isBeyond = steps >= Long.numberOfLeadingZeros(minDelayNs) - 1;
            return isBeyond ? maxDelayNs : Math.min(maxDelayNs, minDelayNs << steps);
        }
        if (function == RetryFunction.GEOMETRIC.value()) {
            final double factor = StrictMath.pow((double) maxDelayNs / minDelayNs, (double) steps / allSteps);
            return Math.min(maxDelayNs, Math.round(minDelayNs * factor));
        }
        final boolean isLinear = function == RetryFunction.LINEAR.value();
        return minDelayNs + (isLinear ? partOf(steps, allSteps) : partOf(sumTo(steps), sumTo(allSteps)));
    }

    /** That part of the way from the least delay to the greatest; in two steps, so that no product is too large. */
    private long partOf(final long part, final long whole) {
        final long wayNs = maxDelayNs - minDelayNs;
        return wayNs / whole * part + wayNs % whole * part / whole;
    }

    private static long sumTo(final int number) {
        return number * (number + 1L) / 2;
    }
}
