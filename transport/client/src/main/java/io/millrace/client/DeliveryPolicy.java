package io.millrace.client;

import io.millrace.codecs.DeliveryPolicyDecoder;
import io.millrace.codecs.DeliveryPolicyEncoder;
import io.millrace.codecs.RetryFunction;
import java.util.concurrent.TimeUnit;

/**
 * How often a delivery to sessions that failed is tried again, after which times, and how many deliveries there are in a second: the delivery
 * policy of SNS. Retries come in four phases: without delay, with the least delay, backing off, with the greatest delay; the third
 * has the retries that the others leave. A delivery fails if it ends with {@link Delivery#retry()} or its visibility timeout is over.
 *
 * @param retries all retries, at most 65,534
 * @param noDelayRetries retries of the first phase
 * @param minDelayRetries retries of the second phase
 * @param maxDelayRetries retries of the last phase
 * @param minDelayNs the least delay, nanoseconds
 * @param maxDelayNs the greatest delay, nanoseconds
 * @param function how the delay grows in the third phase
 * @param maxPerSecond deliveries in one second; 0: any number
 */
public record DeliveryPolicy(
        int retries,
        int noDelayRetries,
        int minDelayRetries,
        int maxDelayRetries,
        long minDelayNs,
        long maxDelayNs,
        RetryFunction function,
        long maxPerSecond) {
    private static final int NO_POLICY = DeliveryPolicyEncoder.retriesNullValue();
    private static final int MAX_PHASE = 0xFFFF;
    private static final long MAX_RATE = 0xFFFF_FFFFL;

    /** No policy: a subscription follows its topic, and a topic {@link #STANDARD}. */
    public static final DeliveryPolicy NONE = new DeliveryPolicy(NO_POLICY, 0, 0, 0, 0, 0, RetryFunction.LINEAR, 0);

    /** What counts where nobody has set a policy. */
    public static final DeliveryPolicy STANDARD = every(3, TimeUnit.SECONDS.toNanos(20));

    /** Refuses numbers that the protocol cannot say; whether they make sense the server decides. */
    public DeliveryPolicy {
        requireRange("retries", retries, NO_POLICY);
        requireRange("noDelayRetries", noDelayRetries, MAX_PHASE);
        requireRange("minDelayRetries", minDelayRetries, MAX_PHASE);
        requireRange("maxDelayRetries", maxDelayRetries, MAX_PHASE);
        requireRange("maxPerSecond", maxPerSecond, MAX_RATE);
    }

    private static void requireRange(final String name, final long value, final long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", not from 0 to " + max + ".");
        }
    }

    /**
     * @param retries how often
     * @param delayNs time before each, nanoseconds
     * @return a policy of so many retries, equally far apart, and any number of deliveries in a second
     */
    public static DeliveryPolicy every(final int retries, final long delayNs) {
        return new DeliveryPolicy(retries, 0, 0, 0, delayNs, delayNs, RetryFunction.LINEAR, 0);
    }

    /**
     * @param leastNs least delay, nanoseconds
     * @param greatestNs greatest delay, nanoseconds
     * @param growth how the delay grows in the third phase
     * @return this policy with other delays
     */
    public DeliveryPolicy withDelays(final long leastNs, final long greatestNs, final RetryFunction growth) {
        return new DeliveryPolicy(
                retries, noDelayRetries, minDelayRetries, maxDelayRetries, leastNs, greatestNs, growth, maxPerSecond);
    }

    /**
     * @param noDelay retries of the first phase
     * @param minDelay retries of the second phase
     * @param maxDelay retries of the last phase
     * @return this policy with other phases
     */
    public DeliveryPolicy withPhases(final int noDelay, final int minDelay, final int maxDelay) {
        return new DeliveryPolicy(retries, noDelay, minDelay, maxDelay, minDelayNs, maxDelayNs, function, maxPerSecond);
    }

    /** @param max deliveries in one second; 0: any number. @return this policy with that */
    public DeliveryPolicy withMaxPerSecond(final long max) {
        return new DeliveryPolicy(
                retries, noDelayRetries, minDelayRetries, maxDelayRetries, minDelayNs, maxDelayNs, function, max);
    }

    void encode(final DeliveryPolicyEncoder encoder) {
        encoder.minDelayNs(minDelayNs)
                .maxDelayNs(maxDelayNs)
                .retries(retries)
                .noDelayRetries(noDelayRetries)
                .minDelayRetries(minDelayRetries)
                .maxDelayRetries(maxDelayRetries)
                .maxPerSecond(maxPerSecond)
                .function(function)
                .reserved1((short) 0)
                .reserved2(0);
    }

    static DeliveryPolicy of(final DeliveryPolicyDecoder decoder) {
        return new DeliveryPolicy(
                decoder.retries(),
                decoder.noDelayRetries(),
                decoder.minDelayRetries(),
                decoder.maxDelayRetries(),
                decoder.minDelayNs(),
                decoder.maxDelayNs(),
                Codes.retryFunction(decoder.functionRaw()),
                decoder.maxPerSecond());
    }
}
