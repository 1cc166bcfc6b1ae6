package io.millrace.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The payload of a message as the tests write it down. Bytes are held as strings of one char per byte (ISO 8859-1), so that
 * they compare and print by themselves and ill-formed text can be said too.
 */
record Payload(List<Attribute> attributes, String body, String groupId, String deduplicationId, String traceHeader) {

    Payload(final List<Attribute> attributes, final String body) {
        this(attributes, body, "", "", "");
    }

    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int TYPE_NAME_LENGTH = 6;

    /** One message attribute; a type outside 1 to 3 is wrong on purpose. */
    record Attribute(int type, String name, String customType, String value) {

        static Attribute text(final String name, final String value) {
            return new Attribute(1, name, "", value);
        }

        static Attribute number(final String name, final String value) {
            return new Attribute(2, name, "", value);
        }

        int accountedBytes() {
            final int customBytes = customType.isEmpty() ? 0 : 1 + customType.length();
            return name.length() + TYPE_NAME_LENGTH + customBytes + value.length();
        }
    }

    static Payload of(final String body) {
        return new Payload(List.of(), body);
    }

    static Payload of(final String body, final Attribute... attributes) {
        return new Payload(List.of(attributes), body);
    }

    Payload inGroup(final String group) {
        return new Payload(attributes, body, group, deduplicationId, traceHeader);
    }

    Payload withDeduplicationId(final String id) {
        return new Payload(attributes, body, groupId, id, traceHeader);
    }

    Payload withTraceHeader(final String header) {
        return new Payload(attributes, body, groupId, deduplicationId, header);
    }

    /** S9: only the attributes asked for: by name, by a prefix followed by .*, or all of them; none asked for means all. */
    Payload withAttributes(final List<String> names) {
        if (names.isEmpty()) {
            return this;
        }
        final List<Attribute> left = attributes.stream()
                .filter(attribute -> names.stream().anyMatch(name -> asksFor(name, attribute.name)))
                .toList();
        return new Payload(left, body, groupId, deduplicationId, traceHeader);
    }

    private static boolean asksFor(final String asked, final String name) {
        return asked.equals("All")
                || asked.equals(name)
                || asked.endsWith(".*") && name.startsWith(asked.substring(0, asked.length() - 2));
    }

    /** What counts against the limit on message bytes. */
    long accountedBytes() {
        return body.length()
                + attributes.stream().mapToLong(Attribute::accountedBytes).sum();
    }

    /** Length of the byte string that the kernel stores. */
    int length() {
        int length = GROUP_HEADER_LENGTH
                + 4
                + body.length()
                + 2
                + groupId.length()
                + 2
                + deduplicationId.length()
                + 2
                + traceHeader.length();
        for (final Attribute attribute : attributes) {
            length +=
                    1 + 2 + attribute.name.length() + 2 + attribute.customType.length() + 4 + attribute.value.length();
        }
        return length;
    }

    /** The byte string: attributes group, body, group id, deduplication id, trace header. */
    byte[] bytes() {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(length());
        buffer.putShort(0, (short) 1, LITTLE_ENDIAN);
        buffer.putShort(2, (short) attributes.size(), LITTLE_ENDIAN);
        int offset = GROUP_HEADER_LENGTH;
        for (final Attribute attribute : attributes) {
            buffer.putByte(offset++, (byte) attribute.type);
            offset = putText(buffer, offset, attribute.name);
            offset = putText(buffer, offset, attribute.customType);
            offset = putData(buffer, offset, attribute.value);
        }
        offset = putData(buffer, offset, body);
        offset = putText(buffer, offset, groupId);
        offset = putText(buffer, offset, deduplicationId);
        offset = putText(buffer, offset, traceHeader);
        final byte[] bytes = new byte[offset];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    /** Reads a payload back; it must fill the length exactly. */
    static Payload decode(final DirectBuffer buffer, final int offset, final int length) {
        final Payload payload = read(buffer, offset);
        if (payload.length() != length) {
            throw new AssertionError("payload of " + payload.length() + " bytes in a message with room for " + length);
        }
        return payload;
    }

    /** Reads a payload that something may follow. */
    static Payload read(final DirectBuffer buffer, final int offset) {
        if (buffer.getShort(offset, LITTLE_ENDIAN) != 1) {
            throw new AssertionError("attribute block length " + buffer.getShort(offset, LITTLE_ENDIAN));
        }
        final int count = buffer.getShort(offset + 2, LITTLE_ENDIAN) & 0xFFFF;
        int at = offset + GROUP_HEADER_LENGTH;
        final List<Attribute> attributes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            final int type = buffer.getByte(at) & 0xFF;
            final String name = text(buffer, at + 1);
            at += 1 + 2 + name.length();
            final String customType = text(buffer, at);
            at += 2 + customType.length();
            final String value = data(buffer, at);
            at += 4 + value.length();
            attributes.add(new Attribute(type, name, customType, value));
        }
        final String body = data(buffer, at);
        at += 4 + body.length();
        final String groupId = text(buffer, at);
        at += 2 + groupId.length();
        final String deduplicationId = text(buffer, at);
        at += 2 + deduplicationId.length();
        final String traceHeader = text(buffer, at);
        return new Payload(List.copyOf(attributes), body, groupId, deduplicationId, traceHeader);
    }

    static byte[] raw(final String chars) {
        return chars.getBytes(ISO_8859_1);
    }

    private static String text(final DirectBuffer buffer, final int offset) {
        return chars(buffer, offset + 2, buffer.getShort(offset, LITTLE_ENDIAN) & 0xFFFF);
    }

    private static String data(final DirectBuffer buffer, final int offset) {
        return chars(buffer, offset + 4, buffer.getInt(offset, LITTLE_ENDIAN));
    }

    private static String chars(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, ISO_8859_1);
    }

    private static int putText(final MutableDirectBuffer buffer, final int offset, final String chars) {
        buffer.putShort(offset, (short) chars.length(), LITTLE_ENDIAN);
        buffer.putBytes(offset + 2, raw(chars));
        return offset + 2 + chars.length();
    }

    private static int putData(final MutableDirectBuffer buffer, final int offset, final String chars) {
        buffer.putInt(offset, chars.length(), LITTLE_ENDIAN);
        buffer.putBytes(offset + 4, raw(chars));
        return offset + 4 + chars.length();
    }

    @Override
    public String toString() {
        final String shown =
                body.length() <= 64 ? body : body.length() + " bytes " + Integer.toHexString(body.hashCode());
        return attributes.isEmpty() ? "'" + shown + "'" : "'" + shown + "' " + attributes;
    }
}
