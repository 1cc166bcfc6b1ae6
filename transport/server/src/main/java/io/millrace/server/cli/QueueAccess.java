package io.millrace.server.cli;

import io.millrace.client.AccessEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sets or shows who may do what with a queue. */
@Command(
        name = "access",
        description = "Sets who may do what with a queue; without an option, shows it.",
        footer = {
            "",
            "Example:",
            "  millrace queue access orders --allow feed=send --allow settlement=send,receive --allow admin=all"
        })
final class QueueAccess extends QueueAction {

    private static final String ALL = "all";
    private static final Set<String> PERMISSIONS = Set.of("send", "receive", "manage", ALL);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Name of the queue.")
    private String name;

    @Option(
            names = "--allow",
            paramLabel = "WHO=WHAT",
            description = "What a principal may do: send, receive and manage, with commas between, or all; "
                    + "may be given more than once. Who is not named may do nothing. Without WHO: sessions without a "
                    + "principal, as those of this command line are.")
    private Map<String, String> allowed = new LinkedHashMap<>();

    @Option(names = "--everybody", description = "Lets everybody do everything.")
    private boolean everybody;

    @Override
    void validate() {
        if (everybody && !allowed.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Give --allow or --everybody, not both");
        }
        for (final String what : allowed.values()) {
            if (!PERMISSIONS.containsAll(List.of(what.split(",", -1)))) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Option --allow: '" + what + "' is not made of send, receive, manage or all");
            }
        }
        if (!allowed.isEmpty() && entries().stream().noneMatch(AccessEntry::mayManage)) {
            throw new ParameterException(
                    spec.commandLine(), "Option --allow: let somebody manage, or nobody can change this again");
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final long queueId = server.lookUp(name).queueId();
        if (everybody || !allowed.isEmpty()) {
            server.queues().setAccess(queueId, entries());
        }
        final List<AccessEntry> entries = server.queues().access(queueId);
        for (final AccessEntry entry : entries) {
            output.print(text(entry), json -> {
                json.writeStringField("queue", name);
                json.writeStringField("principal", entry.principal());
                json.writeBooleanField("send", entry.maySend());
                json.writeBooleanField("receive", entry.mayReceive());
                json.writeBooleanField("manage", entry.mayManage());
            });
        }
        if (entries.isEmpty()) {
            output.printText("Everybody may do everything with queue " + name + ".");
        }
    }

    private List<AccessEntry> entries() {
        final List<AccessEntry> entries = new ArrayList<>();
        allowed.forEach((who, what) -> {
            final Set<String> words = Set.copyOf(List.of(what.split(",")));
            final boolean isAll = words.contains(ALL);
            entries.add(new AccessEntry(
                    who,
                    isAll || words.contains("send"),
                    isAll || words.contains("receive"),
                    isAll || words.contains("manage")));
        });
        return entries;
    }

    private static String text(final AccessEntry entry) {
        final List<String> words = new ArrayList<>();
        if (entry.maySend()) {
            words.add("send");
        }
        if (entry.mayReceive()) {
            words.add("receive");
        }
        if (entry.mayManage()) {
            words.add("manage");
        }
        return (entry.principal().isEmpty() ? "(no principal)" : entry.principal()) + ": "
                + (words.isEmpty() ? "nothing" : String.join(", ", words));
    }
}
