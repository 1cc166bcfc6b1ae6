package io.millrace.server.cli;

import io.millrace.client.AccessEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sets or shows who may do what. */
abstract class AccessAction extends ServerAction {

    private static final String MANAGE = "manage";
    private static final String ALL = "all";

    private final String sendWord;
    private final String receiveWord;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "Whose allow list.")
    private String name;

    @Option(
            names = "--allow",
            paramLabel = "WHO=WHAT",
            description =
                    "What a principal may do, with commas between, or all; may be given more than once. Who is not "
                            + "named may do nothing. Without WHO: sessions without a principal, as those of this command line are.")
    private Map<String, String> allowed = new LinkedHashMap<>();

    @Option(names = "--everybody", description = "Lets everybody do everything.")
    private boolean everybody;

    /** With the words for what the permissions send and receive allow. */
    AccessAction(final String sendWord, final String receiveWord) {
        this.sendWord = sendWord;
        this.receiveWord = receiveWord;
    }

    /** Whose list it is. */
    abstract Owner owner(ServerConnection server, String ownerName);

    @Override
    final void validate() {
        if (everybody && !allowed.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Give --allow or --everybody, not both");
        }
        for (final String what : allowed.values()) {
            if (!Set.of(sendWord, receiveWord, MANAGE, ALL).containsAll(List.of(what.split(",", -1)))) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Option --allow: '" + what + "' is not made of " + sendWord + ", " + receiveWord
                                + ", manage or all");
            }
        }
        if (!allowed.isEmpty() && entries().stream().noneMatch(AccessEntry::mayManage)) {
            throw new ParameterException(
                    spec.commandLine(), "Option --allow: let somebody manage, or nobody can change this again");
        }
    }

    @Override
    final void execute(final ServerConnection server, final OutputOptions output) {
        final Owner owner = owner(server, name);
        if (everybody || !allowed.isEmpty()) {
            owner.setAccess(entries());
        }
        final List<AccessEntry> entries = owner.access();
        for (final AccessEntry entry : entries) {
            output.print(text(entry), json -> {
                json.writeStringField(owner.kind(), name);
                json.writeStringField("principal", entry.principal());
                json.writeBooleanField(sendWord, entry.maySend());
                json.writeBooleanField(receiveWord, entry.mayReceive());
                json.writeBooleanField(MANAGE, entry.mayManage());
            });
        }
        if (entries.isEmpty()) {
            output.printText("Everybody may do everything with " + owner.kind() + " " + name + ".");
        }
    }

    private List<AccessEntry> entries() {
        final List<AccessEntry> entries = new ArrayList<>();
        allowed.forEach((who, what) -> {
            final Set<String> words = Set.copyOf(List.of(what.split(",")));
            final boolean isAll = words.contains(ALL);
            entries.add(new AccessEntry(
                    who,
                    isAll || words.contains(sendWord),
                    isAll || words.contains(receiveWord),
                    isAll || words.contains(MANAGE)));
        });
        return entries;
    }

    private String text(final AccessEntry entry) {
        final List<String> words = new ArrayList<>();
        if (entry.maySend()) {
            words.add(sendWord);
        }
        if (entry.mayReceive()) {
            words.add(receiveWord);
        }
        if (entry.mayManage()) {
            words.add(MANAGE);
        }
        return (entry.principal().isEmpty() ? "(no principal)" : entry.principal()) + ": "
                + (words.isEmpty() ? "nothing" : String.join(", ", words));
    }
}
