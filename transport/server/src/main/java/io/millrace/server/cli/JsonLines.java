package io.millrace.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Prints results for machines: one JSON object a line. */
public final class JsonLines {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonLines() {}

    /** Writes the fields of one object. */
    @FunctionalInterface
    public interface Fields {
        /**
         * Writes the fields.
         *
         * @param json generator inside the object.
         * @throws IOException never for the writers used here.
         */
        void write(JsonGenerator json) throws IOException;
    }

    /**
     * Prints one object on a line of its own.
     *
     * @param out    where to.
     * @param fields writes its fields.
     */
    public static void print(final PrintWriter out, final Fields fields) {
        final StringWriter line = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException("A line of JSON could not be written.", e);
        }
        out.println(line);
        out.flush();
    }

    /**
     * Writes bytes as text under {@code name} if they are UTF-8, else in Base64 under {@code nameBase64}.
     *
     * @param json  generator inside an object.
     * @param name  name of the field.
     * @param bytes the bytes.
     * @throws IOException never for the writers used here.
     */
    public static void writeBytes(final JsonGenerator json, final String name, final byte[] bytes) throws IOException {
        final String text = textOrNull(bytes);
        if (text == null) {
            json.writeStringField(name + "Base64", Base64.getEncoder().encodeToString(bytes));
        } else {
            json.writeStringField(name, text);
        }
    }

    /**
     * Reads bytes as UTF-8.
     *
     * @param bytes the bytes.
     * @return the text, or null if they are not UTF-8.
     */
    static String textOrNull(final byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (final CharacterCodingException e) {
            return null;
        }
    }
}
