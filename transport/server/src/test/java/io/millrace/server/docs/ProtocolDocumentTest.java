package io.millrace.server.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.codecs.MessageHeaderDecoder;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The tables of docs/protocol.md hold exactly the messages, result codes and limits of the schema. */
class ProtocolDocumentTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| `(\\w+)` \\| (.*) \\|$");

    private final Document schema = schema();
    private final String page = Documents.read("docs/protocol.md");

    @Test
    void shouldListEveryMessage() {
        assertRows(rows(schema.getElementsByTagName("sbe:message"), "id"), "## Messages", "## Result codes");
    }

    @Test
    void shouldListEveryResultCode() {
        assertRows(values("ResultCode"), "## Result codes", "## Limits");
    }

    @Test
    void shouldListEveryLimit() {
        assertRows(values("LimitId"), "## Limits", null);
    }

    private void assertRows(final List<String> expected, final String from, final String to) {
        assertFalse(expected.isEmpty());
        final int start = page.indexOf(from + "\n");
        final int end = to == null ? page.length() : page.indexOf(to + "\n");
        final List<String> actual = new ArrayList<>();
        final Matcher matcher = ROW.matcher(page.substring(start, end));
        while (matcher.find()) {
            // The table of the header's fields names types, so a row is told by its id.
            actual.add(matcher.group(1) + " " + matcher.group(2) + " " + matcher.group(3));
        }
        assertEquals(String.join("\n", expected), String.join("\n", actual));
    }

    private List<String> values(final String enumName) {
        final NodeList enums = schema.getElementsByTagName("enum");
        for (int i = 0; i < enums.getLength(); i++) {
            final Element candidate = (Element) enums.item(i);
            if (candidate.getAttribute("name").equals(enumName)) {
                return rows(candidate.getElementsByTagName("validValue"), null);
            }
        }
        throw new AssertionError("no enum " + enumName);
    }

    private static List<String> rows(final NodeList elements, final String idAttribute) {
        final List<String> rows = new ArrayList<>();
        for (int i = 0; i < elements.getLength(); i++) {
            final Element element = (Element) elements.item(i);
            final String id = idAttribute == null ? element.getTextContent() : element.getAttribute(idAttribute);
            rows.add(id + " " + element.getAttribute("name") + " " + element.getAttribute("description"));
        }
        return rows;
    }

    private static Document schema() {
        try (InputStream in = MessageHeaderDecoder.class.getResourceAsStream("/millrace-codecs.xml")) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        } catch (final Exception e) {
            throw new AssertionError("the schema cannot be read", e);
        }
    }
}
