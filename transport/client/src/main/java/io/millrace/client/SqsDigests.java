package io.millrace.client;

import io.millrace.codecs.AttributeType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * The MD5 digests that SQS answers sends and receives with, so that a caller can compare what was stored with what it
 * sent. They are made here, from what the caller has, and cost the server nothing. These methods allocate.
 *
 * <p>The digest of attributes covers, in the order of their names, for each: length and bytes of the name, length and bytes of
 * the type with its custom part, a byte 1 for text and numbers or 2 for bytes, length and bytes of the value; lengths are 4
 * bytes, big-endian.
 */
public final class SqsDigests {
    private static final String TRACE_HEADER = "AWSTraceHeader";
    private static final byte TEXT = 1;
    private static final byte BYTES = 2;

    private SqsDigests() {}

    /**
     * An attribute to be digested.
     *
     * @param name of the attribute
     * @param type of the value
     * @param customType what follows the dot in types such as Number.int; may be empty
     * @param value its bytes, text in UTF-8
     */
    public record Attribute(String name, AttributeType type, String customType, byte[] value) {}

    /**
     * @param buffer holds the body
     * @param offset where it starts
     * @param length its bytes
     * @return the digest of a body: 32 hexadecimal digits
     */
    public static String ofBody(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] body = new byte[length];
        buffer.getBytes(offset, body);
        return HexFormat.of().formatHex(md5().digest(body));
    }

    /**
     * @param delivery a delivery, inside its handler
     * @return the digest of its body: 32 hexadecimal digits
     */
    public static String ofBody(final Delivery delivery) {
        return ofBody(delivery.buffer(), delivery.offset(), delivery.length());
    }

    /**
     * @param attributes in any order
     * @return their digest: 32 hexadecimal digits; empty if there are none, because SQS then gives none
     */
    public static String ofAttributes(final Collection<Attribute> attributes) {
        if (attributes.isEmpty()) {
            return "";
        }
        final List<Attribute> sorted = new ArrayList<>(attributes);
        // By the bytes of the names: the order of Java's strings differs from it beyond the basic plane.
        sorted.sort((one, other) -> Arrays.compareUnsigned(utf8(one.name()), utf8(other.name())));
        final MessageDigest digest = md5();
        for (final Attribute attribute : sorted) {
            update(digest, utf8(attribute.name()));
            update(digest, utf8(typeName(attribute)));
            digest.update(attribute.type() == AttributeType.BINARY ? BYTES : TEXT);
            update(digest, attribute.value());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * @param attributes of a delivery, inside its handler; afterwards they are behind the last one
     * @return their digest: 32 hexadecimal digits; empty if there are none
     */
    public static String ofAttributes(final Attributes attributes) {
        final List<Attribute> copies = new ArrayList<>();
        attributes.rewind();
        while (attributes.next()) {
            final byte[] value = new byte[attributes.valueLength()];
            attributes.buffer().getBytes(attributes.valueOffset(), value);
            copies.add(new Attribute(attributes.name(), attributes.type(), attributes.customType(), value));
        }
        return ofAttributes(copies);
    }

    /**
     * The digest of the system attributes, of which AWSTraceHeader is the only one that can be sent. It has no part in
     * the digest of the other attributes.
     *
     * @param traceHeader value of AWSTraceHeader; may be empty
     * @return the digest: 32 hexadecimal digits; empty if there is no trace header
     */
    public static String ofSystemAttributes(final String traceHeader) {
        return traceHeader.isEmpty()
                ? ""
                : ofAttributes(List.of(new Attribute(TRACE_HEADER, AttributeType.STRING, "", utf8(traceHeader))));
    }

    private static String typeName(final Attribute attribute) {
        final String base = switch (attribute.type()) {
            case STRING -> "String";
            case NUMBER -> "Number";
            case BINARY -> "Binary";
            default ->
                throw new IllegalArgumentException(
                        "The attribute " + attribute.name() + " has no type that SQS knows.");
        };
        return attribute.customType().isEmpty() ? base : base + "." + attribute.customType();
    }

    private static void update(final MessageDigest digest, final byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has MD5, this one does not.", e);
        }
    }
}
