package io.millrace.server.cli;

import io.millrace.client.DeliveryPolicy;
import io.millrace.codecs.RetryFunction;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The delivery policy of sessions as options. What is not given is as without a policy: 3 retries 20 s apart, any number a second. */
final class DeliveryOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "How often a failed delivery is tried again. Default: 3.")
    private Integer retries;

    @Option(names = "--retries-at-once", paramLabel = "N", description = "First phase: retries without delay.")
    private Integer noDelayRetries;

    @Option(
            names = "--retries-min-delay",
            paramLabel = "N",
            description = "Second phase: retries after the least delay.")
    private Integer minDelayRetries;

    @Option(
            names = "--retries-max-delay",
            paramLabel = "N",
            description = "Last phase: retries after the greatest delay. The third phase backs off and has the rest.")
    private Integer maxDelayRetries;

    @Option(
            names = "--min-delay",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "The least delay. Default: 20s.")
    private Long minDelayNs;

    @Option(
            names = "--max-delay",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "The greatest delay. Default: the least delay, but not less than 20s.")
    private Long maxDelayNs;

    @Option(
            names = "--retry-function",
            paramLabel = "FUNCTION",
            converter = CodeConverter.RetryGrowth.class,
            description =
                    "How the delay grows in the third phase: linear, arithmetic, geometric or exponential. Default: linear.")
    private RetryFunction function;

    @Option(
            names = "--max-per-second",
            paramLabel = "N",
            description = "Deliveries in one second. Default: any number.")
    private Long maxPerSecond;

    /** Whether no option was given. */
    boolean isEmpty() {
        return Stream.of(
                        retries,
                        noDelayRetries,
                        minDelayRetries,
                        maxDelayRetries,
                        minDelayNs,
                        maxDelayNs,
                        function,
                        maxPerSecond)
                .allMatch(option -> option == null);
    }

    /** The policy, none if no option was given; refuses numbers that no policy can have. */
    DeliveryPolicy policy() {
        if (isEmpty()) {
            return DeliveryPolicy.NONE;
        }
        final DeliveryPolicy standard = DeliveryPolicy.STANDARD;
        final long least = or(minDelayNs, standard.minDelayNs());
        try {
            return DeliveryPolicy.every(or(retries, standard.retries()), least)
                    .withPhases(or(noDelayRetries, 0), or(minDelayRetries, 0), or(maxDelayRetries, 0))
                    .withDelays(
                            least,
                            or(maxDelayNs, Math.max(least, standard.maxDelayNs())),
                            or(function, standard.function()))
                    .withMaxPerSecond(or(maxPerSecond, 0L));
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "The delivery policy cannot be: " + e.getMessage(), e);
        }
    }

    private static <T> T or(final T given, final T standard) {
        return given == null ? standard : given;
    }

    /** One line for people. */
    static String text(final DeliveryPolicy policy) {
        final boolean isSteady = policy.minDelayNs() == policy.maxDelayNs();
        return policy.retries() + " retries (" + policy.noDelayRetries() + " at once, " + policy.minDelayRetries()
                + " after the least delay, " + policy.maxDelayRetries() + " after the greatest), "
                + DurationConverter.format(policy.minDelayNs())
                + (isSteady
                        ? " apart"
                        : " to " + DurationConverter.format(policy.maxDelayNs()) + " "
                                + CodeConverter.format(policy.function()))
                + (policy.maxPerSecond() == 0 ? "" : ", at most " + policy.maxPerSecond() + " a second");
    }
}
