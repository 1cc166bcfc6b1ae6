package io.millrace.kernel.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.AttributeType;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Policies and messages as texts. */
final class Policies {
    /** One attribute of a message. */
    record Attribute(String name, AttributeType type, String customType, String value) {
        static Attribute string(final String name, final String value) {
            return new Attribute(name, AttributeType.STRING, "", value);
        }

        static Attribute number(final String name, final String value) {
            return new Attribute(name, AttributeType.NUMBER, "", value);
        }

        static Attribute array(final String name, final String value) {
            return new Attribute(name, AttributeType.STRING, "Array", value);
        }
    }

    private final FilterCompiler compiler = new FilterCompiler();
    private final FilterMatcher matcher = new FilterMatcher();
    private final FilterMessage message = new FilterMessage();

    /** Whether a body passes a policy about bodies. */
    boolean matchesBody(final String policy, final String body) {
        return matches(program(policy, FilterScope.BODY), payload(body));
    }

    /** Whether attributes pass a policy about attributes. */
    boolean matchesAttributes(final String policy, final Attribute... attributes) {
        return matches(program(policy, FilterScope.ATTRIBUTES), payload("", attributes));
    }

    boolean matches(final UnsafeBuffer program, final UnsafeBuffer payload) {
        return matcher.matches(message.wrap(payload, 0), program, 0);
    }

    /** Compiles a policy that is right. */
    UnsafeBuffer program(final String policy, final FilterScope scope) {
        final UnsafeBuffer source = bytes(policy);
        final UnsafeBuffer target = new UnsafeBuffer(new byte[FilterCompiler.maxProgramLength(source.capacity())]);
        final int length = compiler.compile(source, 0, source.capacity(), scope, target, 0);
        assertEquals(FilterError.NONE, compiler.error(), () -> policy + " at " + compiler.errorOffset());
        return new UnsafeBuffer(Arrays.copyOf(target.byteArray(), length));
    }

    /** What the compiler says of a policy: {@code error@offset}, and {@code =actual} if there is a number. */
    String refusal(final String policy, final FilterScope scope) {
        return refusal(bytes(policy), scope);
    }

    String refusal(final UnsafeBuffer source, final FilterScope scope) {
        final UnsafeBuffer target = new UnsafeBuffer(new byte[FilterCompiler.maxProgramLength(source.capacity())]);
        final int length = compiler.compile(source, 0, source.capacity(), scope, target, 0);
        assertEquals(length < 0, compiler.error() != FilterError.NONE);
        return compiler.error() == FilterError.NONE
                ? "NONE"
                : compiler.error() + "@" + compiler.errorOffset()
                        + (compiler.actual() == 0 ? "" : "=" + compiler.actual());
    }

    static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    static UnsafeBuffer payload(final String body, final Attribute... attributes) {
        return payload(body.getBytes(StandardCharsets.UTF_8), attributes);
    }

    static UnsafeBuffer payload(final byte[] body, final Attribute... attributes) {
        final MutableDirectBuffer buffer = new ExpandableArrayBuffer();
        buffer.putShort(0, (short) 1, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(2, (short) attributes.length, ByteOrder.LITTLE_ENDIAN);
        int position = 4;
        for (final Attribute attribute : attributes) {
            buffer.putByte(position++, (byte) attribute.type().value());
            position += putShort(buffer, position, attribute.name());
            position += putShort(buffer, position, attribute.customType());
            position += putInt(buffer, position, attribute.value().getBytes(StandardCharsets.UTF_8));
        }
        position += putInt(buffer, position, body);
        final byte[] payload = new byte[position];
        buffer.getBytes(0, payload);
        return new UnsafeBuffer(payload);
    }

    private static int putShort(final MutableDirectBuffer buffer, final int position, final String text) {
        final byte[] value = text.getBytes(StandardCharsets.UTF_8);
        buffer.putShort(position, (short) value.length, ByteOrder.LITTLE_ENDIAN);
        buffer.putBytes(position + Short.BYTES, value);
        return Short.BYTES + value.length;
    }

    private static int putInt(final MutableDirectBuffer buffer, final int position, final byte[] value) {
        buffer.putInt(position, value.length, ByteOrder.LITTLE_ENDIAN);
        buffer.putBytes(position + Integer.BYTES, value);
        return Integer.BYTES + value.length;
    }
}
