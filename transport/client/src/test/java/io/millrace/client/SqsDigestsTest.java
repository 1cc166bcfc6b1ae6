package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.AttributeType;
import io.millrace.codecs.DeliveryEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Known answers: those of the SQS documentation, and of an implementation of its rule in another language. */
class SqsDigestsTest {
    private static final List<SqsDigests.Attribute> MIXED = List.of(
            attribute("price", AttributeType.NUMBER, "float", "1.50"),
            attribute("blob", AttributeType.BINARY, "png", "\0\1\2"),
            attribute("Name", AttributeType.STRING, "", "grün"));

    private static SqsDigests.Attribute attribute(
            final String name, final AttributeType type, final String customType, final String value) {
        return new SqsDigests.Attribute(name, type, customType, value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldDigestBodies() {
        final UnsafeBuffer body = new UnsafeBuffer("-This is a test message-".getBytes());
        assertEquals("fafb00f5732ab283681e124bf8747ed1", SqsDigests.ofBody(body, 1, 22));
        assertEquals("d41d8cd98f00b204e9800998ecf8427e", SqsDigests.ofBody(body, 0, 0));
    }

    @Test
    void shouldDigestAttributesInTheOrderOfTheirNames() {
        assertEquals(
                "c48838208d2b4e14e3ca0093a8443f09",
                SqsDigests.ofAttributes(List.of(
                        attribute("my_attribute_name_2", AttributeType.STRING, "", "my_attribute_value_2"),
                        attribute("my_attribute_name_1", AttributeType.STRING, "", "my_attribute_value_1"))));
        assertEquals(
                "235c5c510d26fb653d073faed50ae77c",
                SqsDigests.ofAttributes(List.of(attribute("timestamp", AttributeType.NUMBER, "", "1493147359900"))));
        assertEquals("", SqsDigests.ofAttributes(List.of()));
    }

    @Test
    void shouldDigestCustomTypesAndBytes() {
        assertEquals("c3095f05b589c31a4c61c0a064908bff", SqsDigests.ofAttributes(MIXED));
    }

    @Test
    void shouldDigestSystemAttributesApart() {
        assertEquals(
                "5ae4d5d7636402d80f4eb6d213245a88",
                SqsDigests.ofSystemAttributes(
                        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"));
        assertEquals("", SqsDigests.ofSystemAttributes(""));
    }

    @Test
    void shouldDigestWhatWasDelivered() {
        final List<String> digests = new ArrayList<>();
        try (Harness harness = new Harness()) {
            harness.connect().messageHandler(delivery -> {
                digests.add(SqsDigests.ofBody(delivery));
                digests.add(SqsDigests.ofAttributes(delivery.attributes()));
            });
            harness.server.delivery(buffer -> {
                final DeliveryEncoder encoder =
                        new DeliveryEncoder().wrapAndApplyHeader(buffer, 0, harness.server.header());
                encoder.flags().clear();
                final DeliveryEncoder.AttributesEncoder attributes = encoder.attributesCount(MIXED.size());
                for (final SqsDigests.Attribute one : MIXED) {
                    attributes.next().attributeType(one.type()).name(one.name()).customType(one.customType());
                    attributes.putValue(one.value(), 0, one.value().length);
                }
                encoder.putBody("This is a test message".getBytes(), 0, 22);
                return encoder.groupId("").deduplicationId("").traceHeader("").encodedLength();
            });
            harness.server.flush();
            harness.until("the delivery", () -> digests.size() == 2);
        }
        assertEquals(List.of("fafb00f5732ab283681e124bf8747ed1", "c3095f05b589c31a4c61c0a064908bff"), digests);
    }
}
