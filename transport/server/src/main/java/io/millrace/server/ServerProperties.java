package io.millrace.server;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * How clients find a server: the file {@code server.properties} in its directory. Keys: {@code aeron.dir},
 * {@code ingress.channel}, further channels as {@code ingress.channel.1} and so on, {@code ingress.stream}, {@code pid}.
 *
 * @param aeronDirectoryName directory of the media driver.
 * @param channels           ingress channels, ports resolved, in the order configured.
 * @param streamId           ingress stream.
 * @param pid                process id of the server.
 */
public record ServerProperties(String aeronDirectoryName, List<String> channels, int streamId, long pid) {

    /** Name of the file. */
    public static final String FILE_NAME = "server.properties";

    private static final String AERON_DIR = "aeron.dir";
    private static final String CHANNEL = "ingress.channel";
    private static final String STREAM = "ingress.stream";
    private static final String PID = "pid";

    /**
     * Writes the file; a reader sees the old one or the new one, never part of one.
     *
     * @param directory of the server.
     */
    void write(final Path directory) {
        final StringBuilder text = new StringBuilder();
        line(text, AERON_DIR, aeronDirectoryName);
        for (int i = 0; i < channels.size(); i++) {
            line(text, i == 0 ? CHANNEL : CHANNEL + '.' + i, channels.get(i));
        }
        line(text, STREAM, Integer.toString(streamId));
        line(text, PID, Long.toString(pid));
        final Path aside = directory.resolve(FILE_NAME + ".tmp");
        try {
            Files.writeString(aside, text, StandardCharsets.UTF_8);
            Files.move(
                    aside,
                    directory.resolve(FILE_NAME),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot write " + directory.resolve(FILE_NAME), e);
        }
    }

    /**
     * Reads the file of a server.
     *
     * @param directory of the server.
     * @return what it says.
     * @throws ServerException with reason CONFIGURATION if there is none or it is not one.
     */
    public static ServerProperties read(final Path directory) {
        final Path file = directory.resolve(FILE_NAME);
        final Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
            final List<String> channels = new ArrayList<>();
            channels.add(required(properties, CHANNEL));
            for (int i = 1; properties.containsKey(CHANNEL + '.' + i); i++) {
                channels.add(properties.getProperty(CHANNEL + '.' + i));
            }
            return new ServerProperties(
                    required(properties, AERON_DIR),
                    List.copyOf(channels),
                    Integer.parseInt(required(properties, STREAM)),
                    Long.parseLong(required(properties, PID)));
        } catch (final IOException | IllegalArgumentException e) {
            throw new ServerException(
                    ServerException.Reason.CONFIGURATION,
                    "There is no readable " + file + ": is " + directory + " the directory of a server?",
                    e);
        }
    }

    private static String required(final Properties properties, final String key) {
        final String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("missing key " + key);
        }
        return value;
    }

    /** Colons, equals signs and backslashes are escaped where the format of properties wants it. */
    private static void line(final StringBuilder text, final String key, final String value) {
        text.append(key).append('=').append(value.replace("\\", "\\\\")).append('\n');
    }
}
