package io.millrace.server.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether this JVM runs with the flags of {@code config/jvm/jvm.options}. A missing one shows itself much later otherwise. */
final class JvmFlags {

    private static final Pattern MODULE_FLAG = Pattern.compile("--add-(opens|exports)=([^/]+)/([^=]+)=ALL-UNNAMED");
    private static final Pattern PROPERTY_FLAG = Pattern.compile("-D([^=]+)=(.*)");

    private JvmFlags() {}

    /** Fails with the first flag that is missing. */
    static void requireAll() {
        firstMissing(read("jvm.options")).ifPresent(flag -> {
            throw new CommandFailure("This JVM runs without " + flag
                    + ": start the server with ./millrace, or with java @config/jvm/jvm.options,"
                    + " or the jar with java -jar.");
        });
    }

    /**
     * Sets the properties that nobody has set: the manifest of a jar can carry the other flags, but not these. To be called
     * before any class is loaded that reads them.
     */
    static void setMissingProperties() {
        for (final String flag : read("jvm.options")) {
            final Matcher property = PROPERTY_FLAG.matcher(flag);
            if (property.matches() && System.getProperty(property.group(1)) == null) {
                System.setProperty(property.group(1), property.group(2));
            }
        }
    }

    /**
     * Looks for a flag that is not in force.
     *
     * @param flags options, one a line.
     * @return the first one missing.
     */
    static Optional<String> firstMissing(final List<String> flags) {
        return flags.stream().filter(flag -> !isInForce(flag)).findFirst();
    }

    private static boolean isInForce(final String flag) {
        final Matcher module = MODULE_FLAG.matcher(flag);
        if (module.matches()) {
            final Module self = JvmFlags.class.getModule();
            return ModuleLayer.boot()
                    .findModule(module.group(2))
                    .map(m -> module.group(1).equals("opens")
                            ? m.isOpen(module.group(3), self)
                            : m.isExported(module.group(3), self))
                    .orElse(true);
        }
        final Matcher property = PROPERTY_FLAG.matcher(flag);
        return !property.matches() || property.group(2).equals(System.getProperty(property.group(1)));
    }

    private static List<String> read(final String name) {
        try (InputStream in = JvmFlags.class.getResourceAsStream(name);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toList());
        } catch (final IOException e) {
            throw new UncheckedIOException("The list of JVM flags cannot be read.", e);
        }
    }
}
