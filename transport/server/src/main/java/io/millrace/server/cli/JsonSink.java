package io.millrace.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes fields as JSON, inside an object that the caller opened. */
final class JsonSink implements FieldSink {

    private final JsonGenerator json;

    JsonSink(final JsonGenerator json) {
        this.json = json;
    }

    @Override
    public void number(final String name, final long value) {
        write(() -> json.writeNumberField(name, value));
    }

    @Override
    public void text(final String name, final String value) {
        write(() -> json.writeStringField(name, value));
    }

    @Override
    public void bytes(final String name, final byte[] value) {
        write(() -> JsonLines.writeBytes(json, name, value));
    }

    @Override
    public void missing(final String name) {
        write(() -> json.writeNullField(name));
    }

    @Override
    public void beginObject(final String name) {
        write(() -> {
            if (name != null) {
                json.writeFieldName(name);
            }
            json.writeStartObject();
        });
    }

    @Override
    public void endObject() {
        write(json::writeEndObject);
    }

    @Override
    public void beginArray(final String name) {
        write(() -> json.writeArrayFieldStart(name));
    }

    @Override
    public void element(final String value) {
        write(() -> json.writeString(value));
    }

    @Override
    public void endArray() {
        write(json::writeEndArray);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void write(final Step step) {
        try {
            step.run();
        } catch (final IOException e) {
            throw new UncheckedIOException("A field could not be written.", e);
        }
    }
}
