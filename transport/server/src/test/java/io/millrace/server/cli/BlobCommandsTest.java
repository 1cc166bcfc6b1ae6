package io.millrace.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs from the command line to a real server and back. */
class BlobCommandsTest {
    private static final String SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(directory);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void shouldReferToADeclaredBlobUntilItsLastMessageIsAcknowledged(@TempDir final Path files) throws IOException {
        final Path file = files.resolve("abc");
        Files.write(file, "abc".getBytes(StandardCharsets.UTF_8));
        run("queue", "create", "claims");
        run("topic", "create", "claims");
        run("topic", "subscribe", "claims", "claims");
        assertEquals("There is no blob.", run("blob", "list").out().strip());
        final Map<String, Object> declared = json("blob", "declare", "--file", file);
        final Object id = declared.get("blobId");
        assertEquals(SHA256_OF_ABC, declared.get("sha256"));
        assertEquals(3L, declared.get("length"));

        run("queue", "send", "claims", "--blob", id);
        run("topic", "publish", "claims", "--blob", id);
        final Map<String, Object> described = json("blob", "describe", id);
        assertEquals(2L, described.get("references"));
        assertEquals(described, json("blob", "list"));
        final List<Object> line = new ArrayList<>(List.of("queue", "ack", "claims"));
        for (int i = 0; i < 2; i++) {
            final Map<String, Object> received = json("queue", "receive", "claims");
            assertEquals(Map.of("blobId", id, "length", 3L, "sha256", SHA256_OF_ABC), received.get("blob"));
            line.add(received.get("handle"));
        }
        run(line.toArray());

        assertRefused("No blob has the id " + id + ".", "blob", "describe", id);
        assertRefused("No blob has the id " + id + ".", "queue", "send", "claims", "--blob", id);
        Waits.until(
                "the counter",
                () -> Json.object(Cli.done("stat", "--once", "--json", "--dir", directory)
                                .out())
                        .get("unusedBlobs")
                        .equals(1L));
    }

    @Test
    void shouldRefuseWhatIsNoBlob() {
        assertRefused(
                "The blob has 2147483649 bytes, more than BLOB_BYTES allows",
                "blob",
                "declare",
                "--length",
                2_147_483_649L,
                "--sha256",
                SHA256_OF_ABC);
        assertEquals(
                Main.WRONG_USAGE,
                Cli.run(words("blob", "declare", "--length", 1)).exitCode());
        assertEquals(
                Main.WRONG_USAGE,
                Cli.run(words("blob", "declare", "--length", 1, "--sha256", "abc"))
                        .exitCode());
        assertEquals(
                Main.WRONG_USAGE,
                Cli.run(words("queue", "send", "claims", "body", "--blob", 1)).exitCode());
    }

    private static void assertRefused(final String sentence, final Object... args) {
        final Cli cli = Cli.run(words(args));
        assertEquals(Main.FAILED, cli.exitCode(), cli::toString);
        assertTrue(cli.err().contains(sentence), cli::err);
    }

    private static Cli run(final Object... args) {
        return Cli.done(words(args));
    }

    private static Map<String, Object> json(final Object... args) {
        final List<Object> line = new ArrayList<>(List.of(args));
        line.add("--json");
        return Json.object(run(line.toArray()).out());
    }

    private static Object[] words(final Object... args) {
        final List<Object> line = new ArrayList<>(List.of(args));
        line.addAll(List.of("--dir", directory));
        return line.toArray();
    }
}
