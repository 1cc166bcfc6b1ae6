package io.millrace.server.cli;

import io.millrace.codecs.AlarmKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the alarms of queues as they come. */
@Command(
        name = "watch",
        description = "Prints the alarms of queues as their depth or age passes a mark, until it is stopped.",
        footer = {"", "Example:", "  millrace queue watch orders trades --count 1"})
final class QueueWatch extends ServerAction {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "Names of the queues.")
    private List<String> names;

    @Option(names = "--count", paramLabel = "N", description = "Ends after this many alarms.")
    private long count = Long.MAX_VALUE;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Ends after this time.")
    private Long durationNs;

    @Override
    void validate() {
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "Option --count must be at least 1");
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final Map<Long, String> queues = new LinkedHashMap<>();
        names.forEach(name -> queues.put(server.lookUp(name).queueId(), name));
        server.watch(
                queues.keySet(),
                durationNs == null ? Long.MAX_VALUE : durationNs,
                count,
                (queueId, kind, value, timeNs) -> output.print(
                        ReceivedMessage.instant(timeNs) + " " + queues.get(queueId) + " " + CodeConverter.format(kind)
                                + " " + (isAge(kind) ? DurationConverter.format(value) : value),
                        json -> {
                            json.writeStringField("queue", queues.get(queueId));
                            json.writeStringField("alarm", CodeConverter.format(kind));
                            json.writeNumberField("value", value);
                            json.writeNumberField("timeNs", timeNs);
                        }));
    }

    private static boolean isAge(final AlarmKind kind) {
        return kind == AlarmKind.AGE_HIGH || kind == AlarmKind.AGE_LOW;
    }
}
