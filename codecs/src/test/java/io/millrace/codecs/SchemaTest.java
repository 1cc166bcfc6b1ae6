package io.millrace.codecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The rules of the schema that SBE itself does not check. */
class SchemaTest {
    private static final String MESSAGE = "sbe:message";
    private static final int FIRST_COMMAND = 100;
    private static final int FIRST_QUERY = 200;
    private static final int FIRST_EGRESS = 300;
    private static final int FIRST_LOG = 400;
    private static final int FIRST_SNAPSHOT = 500;
    private static final int END = 600;

    private static Element schema;

    @BeforeAll
    static void readSchema() throws Exception {
        try (InputStream in = SchemaTest.class.getResourceAsStream("/millrace-codecs.xml")) {
            schema = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(in)
                    .getDocumentElement();
        }
    }

    @Test
    void shouldDescribeEverythingThatHasAName() {
        final List<String> silent = new ArrayList<>();
        int named = 0;
        for (final Element element : elements(schema, "*")) {
            if (element.hasAttribute("name")) {
                named++;
                if (element.getAttribute("description").isBlank()) {
                    silent.add(path(element));
                }
            }
        }
        assertEquals(List.of(), silent);
        assertTrue(named > 300, "only " + named + " names were looked at");
    }

    @Test
    void shouldNumberMessagesOnceAndWithinTheRangeOfTheirRole() {
        final Map<Integer, String> names = new HashMap<>();
        for (final Element message : elements(schema, MESSAGE)) {
            final int id = Integer.parseInt(message.getAttribute("id"));
            assertEquals(
                    null, names.put(id, message.getAttribute("name")), () -> path(message) + " shares its id " + id);
            assertTrue(id >= 1 && id < END, () -> path(message) + " has the id " + id);
        }
        assertTrue(names.containsValue("SendMessages"), names::toString);
    }

    @Test
    void shouldBeginEveryRequestWithTheHeaderOfItsRole() {
        for (final Element message : elements(schema, MESSAGE)) {
            final int id = Integer.parseInt(message.getAttribute("id"));
            final String first = firstField(message).getAttribute("type");
            assertEquals(id >= FIRST_COMMAND && id < FIRST_QUERY, first.equals("commandHeader"), () -> path(message));
            assertEquals(id >= FIRST_QUERY && id < FIRST_EGRESS, first.equals("queryHeader"), () -> path(message));
        }
    }

    @Test
    void shouldNameMessagesByTheirRole() {
        for (final Element message : elements(schema, MESSAGE)) {
            final int id = Integer.parseInt(message.getAttribute("id"));
            final String name = message.getAttribute("name");
            assertEquals(
                    id < FIRST_COMMAND,
                    Set.of("SessionConnect", "SessionClose", "SessionKeepAlive", "ShardCredit")
                            .contains(name),
                    () -> path(message));
            assertTrue(!name.startsWith("Snapshot") || id >= FIRST_SNAPSHOT, () -> path(message));
            assertTrue(!name.equals("Batch") || id == FIRST_LOG, () -> path(message));
        }
    }

    @Test
    void shouldNumberFieldsOnceWithinTheirMessage() {
        for (final Element message : elements(schema, MESSAGE)) {
            final Set<String> ids = new HashSet<>();
            for (final Element part : elements(message, "*")) {
                assertTrue(ids.add(part.getAttribute("id")), () -> path(part) + " shares its id");
            }
        }
    }

    @Test
    void shouldUseEachValueOfAnEnumOnce() {
        for (final Element type : elements(schema, "enum")) {
            final Set<String> values = new HashSet<>();
            final Set<String> names = new HashSet<>();
            for (final Element value : elements(type, "validValue")) {
                assertTrue(values.add(value.getTextContent()), () -> path(value) + " shares its value");
                assertTrue(names.add(value.getAttribute("name")), () -> path(value) + " shares its name");
            }
            assertTrue(!values.isEmpty(), () -> path(type));
        }
    }

    @Test
    void shouldNotUseFieldsOfALaterVersion() {
        final int version = Integer.parseInt(schema.getAttribute("version"));
        for (final Element element : elements(schema, "*")) {
            final String since = element.getAttribute("sinceVersion");
            assertTrue(since.isEmpty() || Integer.parseInt(since) <= version, () -> path(element));
        }
    }

    @Test
    void shouldPutTheHeadersWhereTheProtocolSaysTheyAre() {
        assertEquals(16, MessageHeaderEncoder.ENCODED_LENGTH);
        assertEquals(8, MessageHeaderEncoder.messageLengthEncodingOffset());
        assertEquals(12, MessageHeaderEncoder.frameSequenceEncodingOffset());
        assertEquals(40, CommandHeaderEncoder.ENCODED_LENGTH);
        assertEquals(8, CommandHeaderEncoder.correlationIdEncodingOffset());
        assertEquals(16, QueryHeaderEncoder.ENCODED_LENGTH);
        assertEquals(0, SendMessagesEncoder.commandEncodingOffset());
        assertEquals(0, LookUpQueueEncoder.queryEncodingOffset());
        assertEquals(80, MessageHeaderEncoder.ENCODED_LENGTH + BatchEncoder.BLOCK_LENGTH);
    }

    @Test
    void shouldPackTheSerialisedSchema() throws Exception {
        try (InputStream in = SchemaTest.class.getResourceAsStream("/io/millrace/codecs/millrace-codecs.sbeir")) {
            assertTrue(in.readAllBytes().length > 0);
        }
    }

    private static Element firstField(final Element message) {
        return elements(message, "field").get(0);
    }

    private static List<Element> elements(final Element parent, final String name) {
        final NodeList nodes = parent.getElementsByTagName(name);
        final List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static String path(final Element element) {
        final Node parent = element.getParentNode();
        final String own = element.getTagName() + " " + element.getAttribute("name");
        return parent instanceof Element && parent != schema ? path((Element) parent) + " / " + own : own;
    }
}
