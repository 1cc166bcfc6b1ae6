package io.millrace.server.cli;

import java.util.List;
import picocli.CommandLine.Parameters;

/** Removes tags. */
abstract class UntagAction extends ServerAction {

    @Parameters(index = "0", paramLabel = "NAME", description = "Whose tags.")
    private String name;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY", description = "Keys of the tags.")
    private List<String> keys;

    /** Whose tags they are. */
    abstract Owner owner(ServerConnection server, String ownerName);

    @Override
    final void execute(final ServerConnection server, final OutputOptions output) {
        final Owner owner = owner(server, name);
        owner.untag(keys);
        final int left = owner.tags().size();
        final String text = output.capital(owner.kind()) + " " + name;
        output.print(text + " has " + (left == 1 ? "1 tag" : left + " tags") + " now.", json -> {
            json.writeStringField(owner.kind(), name);
            json.writeNumberField("tags", left);
        });
    }
}
