package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file system refuses is told in one sentence, with its reason. */
class FileFailuresTest {

    @TempDir
    Path directory;

    @Test
    void shouldSayWhyADirectoryCannotBeUsed() throws IOException {
        final Path file = Files.createFile(directory.resolve("file"));

        final Cli cli = Cli.run("server", "--dir", file.resolve("data"), "--aeron-dir", directory.resolve("aeron"));

        assertEquals(Main.FAILED, cli.exitCode(), cli::toString);
        assertSentence(cli, "Cannot lock .*millrace\\.lock \\(.*: " + Pattern.quote(file.toString()) + ".*\\)\\.");
    }

    @Test
    void shouldSayWhyASnapshotsFolderCannotBeListed() throws IOException {
        try (TestServer server = new TestServer(directory.resolve("data"))) {
            Cli.done("snapshot", "--dir", server.directory());
        }
        final Path properties = directory.resolve("data").resolve("server.properties");
        Files.delete(properties);
        Files.createDirectory(properties);

        final Cli cli = Cli.run("queue", "list", "--dir", directory.resolve("data"));

        assertEquals(Main.FAILED, cli.exitCode(), cli::toString);
        assertSentence(cli, ".*server\\.properties.*");
    }

    private static void assertSentence(final Cli cli, final String pattern) {
        assertEquals(1, cli.err().lines().count(), cli::err);
        assertTrue(cli.err().strip().matches("millrace: " + pattern), cli::err);
    }
}
