package io.millrace.kernel;

import io.millrace.kernel.Command.DeliveryPolicy;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** N9, N10: the delays of a delivery policy, counted out phase by phase. */
final class ModelBackoff {

    private ModelBackoff() {}

    /** The delay in front of each retry, nanoseconds. */
    static List<Long> delaysNs(final DeliveryPolicy policy) {
        final List<Long> delays = new ArrayList<>();
        final int backingOff =
                policy.retries() - policy.noDelayRetries() - policy.minDelayRetries() - policy.maxDelayRetries();
        LongStream.range(0, policy.noDelayRetries()).forEach(i -> delays.add(0L));
        LongStream.range(0, policy.minDelayRetries()).forEach(i -> delays.add(policy.minDelayNs()));
        IntStream.range(0, backingOff).forEach(i -> delays.add(backoffNs(policy, i, backingOff - 1)));
        LongStream.range(0, policy.maxDelayRetries()).forEach(i -> delays.add(policy.maxDelayNs()));
        return delays;
    }

    /** From the least delay, before step 0, to the greatest, before the last step, if doubling gets so far. */
    private static long backoffNs(final DeliveryPolicy policy, final int step, final int lastStep) {
        final BigInteger least = BigInteger.valueOf(policy.minDelayNs());
        final BigInteger greatest = BigInteger.valueOf(policy.maxDelayNs());
        if (step == 0) {
            return policy.minDelayNs();
        }
        return switch (policy.function()) {
            case LINEAR -> between(least, greatest, step, lastStep);
            case ARITHMETIC -> between(least, greatest, sumTo(step), sumTo(lastStep));
            case GEOMETRIC -> root(least.pow(lastStep - step).multiply(greatest.pow(step)), lastStep);
            case EXPONENTIAL -> least.shiftLeft(step).min(greatest).longValueExact();
            default -> throw new AssertionError("no such function: " + policy);
        };
    }

    private static long sumTo(final int number) {
        return LongStream.rangeClosed(1, number).sum();
    }

    /** That part of the way from one to the other, rounded down. */
    private static long between(final BigInteger from, final BigInteger to, final long part, final long whole) {
        return to.subtract(from)
                .multiply(BigInteger.valueOf(part))
                .divide(BigInteger.valueOf(whole))
                .add(from)
                .longValueExact();
    }

    /** The whole number that is nearest to a root, found by halving. */
    private static long root(final BigInteger power, final int degree) {
        final BigInteger ofHalves = power.shiftLeft(degree);
        BigInteger low = BigInteger.ZERO;
        BigInteger high = power.add(BigInteger.ONE);
        while (high.subtract(low).compareTo(BigInteger.ONE) > 0) {
            final BigInteger middle = low.add(high).shiftRight(1);
            final BigInteger halfBelow = middle.shiftLeft(1).subtract(BigInteger.ONE);
            if (halfBelow.pow(degree).compareTo(ofHalves) <= 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low.longValueExact();
    }
}
