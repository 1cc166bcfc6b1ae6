package io.millrace.server.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** Adds tags, or shows them. */
abstract class TagAction extends ServerAction {

    @Parameters(index = "0", paramLabel = "NAME", description = "Whose tags.")
    private String name;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE", description = "Tags to add.")
    private Map<String, String> tags = new LinkedHashMap<>();

    /** Whose tags they are. */
    abstract Owner owner(ServerConnection server, String ownerName);

    @Override
    final void execute(final ServerConnection server, final OutputOptions output) {
        final Owner owner = owner(server, name);
        if (!tags.isEmpty()) {
            owner.tag(tags);
        }
        final Map<String, String> all = owner.tags();
        all.forEach((key, value) -> output.print(key + "=" + value, json -> {
            json.writeStringField(owner.kind(), name);
            json.writeStringField("key", key);
            json.writeStringField("value", value);
        }));
        if (all.isEmpty()) {
            output.printText(output.capital(owner.kind()) + " " + name + " has no tags.");
        }
    }
}
