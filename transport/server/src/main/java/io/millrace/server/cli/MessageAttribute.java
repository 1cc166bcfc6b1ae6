package io.millrace.server.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.client.Attributes;
import io.millrace.codecs.AttributeType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** One attribute of a message, as it is given and printed. */
record MessageAttribute(String name, AttributeType type, String customType, byte[] value) {

    private static final Pattern TYPED = Pattern.compile("(String|Number|Binary)(?:\\.([^:]*))?:(.*)", Pattern.DOTALL);

    /** Copies of all attributes. */
    static List<MessageAttribute> all(final Attributes attributes) {
        final List<MessageAttribute> result = new ArrayList<>();
        while (attributes.next()) {
            final byte[] value = new byte[attributes.valueLength()];
            attributes.buffer().getBytes(attributes.valueOffset(), value);
            result.add(new MessageAttribute(attributes.name(), attributes.type(), attributes.customType(), value));
        }
        return result;
    }

    String text() {
        return name + "=" + TextSink.readable(value);
    }

    static void writeAll(final List<MessageAttribute> attributes, final JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("attributes");
        for (final MessageAttribute attribute : attributes) {
            json.writeStartObject();
            json.writeStringField("name", attribute.name());
            json.writeStringField("type", attribute.type().name());
            if (!attribute.customType().isEmpty()) {
                json.writeStringField("customType", attribute.customType());
            }
            JsonLines.writeBytes(json, "value", attribute.value());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Reads {@code name=value}, or {@code name=Type:value} with a type String, Number or Binary, whose value is Base64. */
    static final class Converter implements ITypeConverter<MessageAttribute> {
        @Override
        public MessageAttribute convert(final String argument) {
            final int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new TypeConversionException(
                        "'" + argument + "' is not of the form NAME=VALUE or NAME=TYPE:VALUE");
            }
            final String name = argument.substring(0, equals);
            final String rest = argument.substring(equals + 1);
            final Matcher typed = TYPED.matcher(rest);
            if (!typed.matches()) {
                return new MessageAttribute(name, AttributeType.STRING, "", rest.getBytes(StandardCharsets.UTF_8));
            }
            final String customType = typed.group(2) == null ? "" : typed.group(2);
            final byte[] text = typed.group(3).getBytes(StandardCharsets.UTF_8);
            return switch (typed.group(1)) {
                case "Number" -> new MessageAttribute(name, AttributeType.NUMBER, customType, text);
                case "Binary" -> new MessageAttribute(name, AttributeType.BINARY, customType, base64(typed.group(3)));
                default -> new MessageAttribute(name, AttributeType.STRING, customType, text);
            };
        }

        private static byte[] base64(final String value) {
            try {
                return Base64.getDecoder().decode(value);
            } catch (final IllegalArgumentException e) {
                throw new TypeConversionException("'" + value + "' is not Base64");
            }
        }
    }
}
