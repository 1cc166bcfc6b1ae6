package io.millrace.server.cli;

import io.millrace.client.BlobReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Declares a blob. */
@Command(
        name = "declare",
        description =
                "Makes a blob known, whose content stays where it is. It goes when the last message that refers to "
                        + "it has gone, or after a while if none ever does.",
        footer = {"", "Example:", "  millrace blob declare --file picture.png"})
final class BlobDeclare extends ServerAction {
    private static final int CHUNK_BYTES = 64 * 1024;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Content content;

    /** A file, or what is known of it. */
    static final class Content {
        @Option(
                names = "--file",
                required = true,
                paramLabel = "PATH",
                description = "File whose length and digest are declared.")
        private Path file;

        @ArgGroup(exclusive = false, multiplicity = "1")
        private Known known;
    }

    /** Length and digest. */
    static final class Known {
        @Option(names = "--length", required = true, paramLabel = "BYTES", description = "Length of the content.")
        private long length;

        @Option(
                names = "--sha256",
                required = true,
                paramLabel = "HEX",
                description = "SHA-256 of the content in hexadecimal digits.")
        private String sha256;
    }

    @Override
    void validate() {
        if (content.known != null && !content.known.sha256.matches("[0-9A-Fa-f]{64}")) {
            throw new ParameterException(spec.commandLine(), "Option --sha256 must be 64 hexadecimal digits");
        }
    }

    @Override
    void execute(final ServerConnection server, final OutputOptions output) {
        final BlobReference blob = content.known == null
                ? server.blobs().declare(length(content.file), digest(content.file))
                : server.blobs().declare(content.known.length, content.known.sha256);
        output.print("Blob " + blob.blobId() + " is declared.", json -> BlobList.write(blob, json));
    }

    private static long length(final Path file) {
        try {
            return Files.size(file);
        } catch (final IOException e) {
            throw new CommandFailure("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static String digest(final Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            final MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            final byte[] chunk = new byte[CHUNK_BYTES];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                sha256.update(chunk, 0, read);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (final IOException e) {
            throw new CommandFailure("Cannot read " + file + ": " + e.getMessage(), e);
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
