package io.millrace.kernel.filter;

import io.millrace.codecs.AttributeType;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * A message as filters see it: its attributes and its body, each scanned once, when the first filter asks.
 *
 * <p>A payload is {@code attributes group, body length (4 bytes), body}; an attribute is {@code type (1), name length (2), name, custom
 * type length (2), custom type, value length (4), value}. A String with the custom type Array holds a JSON array of strings, numbers,
 * true, false and null; if it does not, it has no values. Binary attributes are not seen at all (developer guide, "Amazon SNS
 * message attributes").
 */
public final class FilterMessage {
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int NUM_IN_GROUP = 2;
    private static final int TEXT_LENGTH_SIZE = 2;
    private static final int DATA_LENGTH_SIZE = 4;
    private static final int ARRAY_LENGTH = 5;
    private static final long ARRAY_TYPE = 0x79_61_72_72_41L;

    private final JsonTape attributes = new JsonTape();
    private final JsonTape body = new JsonTape();
    private DirectBuffer buffer;
    private int payload;
    private int bodyOffset;
    private int otherBody;
    private int otherBodyLength;
    private boolean hasOtherBody;
    private boolean hasAttributes;
    private boolean hasBody;
    private boolean isBodyObject;

    /**
     * Looks at a payload.
     *
     * @param source that holds it; must not change while the message is looked at.
     * @param offset of the payload, well formed.
     * @return this.
     */
    public FilterMessage wrap(final DirectBuffer source, final int offset) {
        buffer = source;
        payload = offset;
        hasAttributes = false;
        hasBody = false;
        hasOtherBody = false;
        return this;
    }

    /**
     * Looks at a payload that has another body.
     *
     * @param source that holds both; must not change while the message is looked at.
     * @param offset of the payload, well formed.
     * @param body   offset of the body.
     * @param length of the body.
     * @return this.
     */
    public FilterMessage wrap(final DirectBuffer source, final int offset, final int body, final int length) {
        wrap(source, offset);
        otherBody = body;
        otherBodyLength = length;
        hasOtherBody = true;
        return this;
    }

    /** The part that a scope is about as an object, null if the body is none. */
    JsonTape tape(final FilterScope scope) {
        if (!hasAttributes) {
            scanAttributes();
            hasAttributes = true;
        }
        if (scope == FilterScope.ATTRIBUTES) {
            return attributes;
        }
        if (!hasBody) {
            final int offset = hasOtherBody ? otherBody : bodyOffset + DATA_LENGTH_SIZE;
            final int length = hasOtherBody ? otherBodyLength : data(bodyOffset);
            isBodyObject = body.parse(buffer, offset, length) && body.kind(0) == JsonTape.OBJECT;
            hasBody = true;
        }
        return isBodyObject ? body : null;
    }

    private void scanAttributes() {
        final int count = text(payload + NUM_IN_GROUP);
        bodyOffset = payload + GROUP_HEADER_LENGTH;
        for (int i = 0; i < count; i++) {
            bodyOffset = afterAttribute(bodyOffset);
        }
        attributes.wrap(buffer, payload, bodyOffset - payload);
        final int object = attributes.add(JsonTape.OBJECT, payload, 0);
        int position = payload + GROUP_HEADER_LENGTH;
        for (int i = 0; i < count; i++) {
            addAttribute(position);
            position = afterAttribute(position);
        }
        attributes.end(object, attributes.count());
    }

    private void addAttribute(final int attribute) {
        final int type = buffer.getByte(attribute) & 0xFF;
        final int name = attribute + 1 + TEXT_LENGTH_SIZE;
        final int nameLength = text(attribute + 1);
        final int custom = name + nameLength + TEXT_LENGTH_SIZE;
        final int customLength = text(name + nameLength);
        final int value = custom + customLength + DATA_LENGTH_SIZE;
        final int valueLength = data(custom + customLength);
        if (type == AttributeType.BINARY.value()) {
            return;
        }
        final int node = attributes.add(JsonTape.NAME, name, nameLength);
        if (type == AttributeType.NUMBER.value()) {
            attributes.add(JsonTape.NUMBER, value, valueLength);
        } else if (!isArray(custom, customLength)) {
            attributes.add(JsonTape.STRING, value, valueLength);
        } else if (!attributes.scan(value, valueLength) || !isFlatArray(node + 1)) {
            attributes.truncate(node);
            return;
        }
        attributes.end(node, attributes.count());
    }

    private boolean isArray(final int custom, final int length) {
        long type = 0;
        for (int i = 0; i < ARRAY_LENGTH && length == ARRAY_LENGTH; i++) {
            type |= (buffer.getByte(custom + i) & 0xFFL) << (Byte.SIZE * i);
        }
        return type == ARRAY_TYPE;
    }

    private boolean isFlatArray(final int node) {
        if (attributes.kind(node) != JsonTape.ARRAY) {
            return false;
        }
        for (int element = node + 1; element < attributes.count(); element++) {
            if (attributes.isContainer(element)) {
                return false;
            }
        }
        return true;
    }

    private int afterAttribute(final int attribute) {
        int position = attribute + 1;
        position += TEXT_LENGTH_SIZE + text(position);
        position += TEXT_LENGTH_SIZE + text(position);
        return position + DATA_LENGTH_SIZE + data(position);
    }

    private int text(final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private int data(final int offset) {
        return buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN);
    }
}
