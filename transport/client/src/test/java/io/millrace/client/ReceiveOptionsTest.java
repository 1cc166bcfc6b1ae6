package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReceiveDecoder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A receive says which attributes it wants and which attempt it is, and says so again in a new session. */
class ReceiveOptionsTest {
    private final Harness harness = new Harness();
    private final ReceiveOptions options = new ReceiveOptions();

    @AfterEach
    void tearDown() {
        harness.close();
    }

    private List<String> takeReceives() {
        final List<String> result = new ArrayList<>();
        for (final FakeServer.Received received : harness.server.take(ReceiveDecoder.TEMPLATE_ID)) {
            final ReceiveDecoder receive =
                    new ReceiveDecoder().wrapAndApplyHeader(received.frame(), 0, new MessageHeaderDecoder());
            final List<String> names = new ArrayList<>();
            receive.attributeNames().forEach(name -> names.add(name.name()));
            result.add(receive.queueId() + " " + receive.maxMessages() + " " + receive.waitNs() + " "
                    + receive.visibilityTimeoutNs() + " " + names + " '" + receive.attemptId() + "'");
        }
        return result;
    }

    @Test
    void shouldSayNamesAndAttemptAlsoInANewSession() {
        harness.connect(harness.context().closeTimeoutNs(0));
        options.waitNs(6)
                .visibilityNs(7)
                .attributeName("price")
                .attributeName("äöü.*")
                .attemptId("attempt-1");
        harness.client.receive(5, 3, options);
        final long second = harness.client.receive(5, 1, 8, 9);
        options.allAttributes().attemptId("").attributeName("x".repeat(100));
        harness.client.receive(6, 2, options);
        options.allAttributes();

        final List<String> expected =
                List.of("5 3 6 7 [price, äöü.*] 'attempt-1'", "5 1 8 9 [] ''", "6 2 6 7 [" + "x".repeat(100) + "] ''");
        harness.turn();
        assertEquals(expected, takeReceives());

        harness.server.receiveEnd(second, 5, 0).flush();
        harness.turn();
        harness.server.disconnect();
        harness.until("the loss", () -> !harness.client.isConnected());
        harness.until("a new session", harness.client::isConnected);
        harness.turn();
        assertEquals(List.of(expected.get(0), expected.get(2)), takeReceives());
    }

    @Test
    void shouldRefuseWhatNoFrameCanSay() {
        harness.connect(harness.context().closeTimeoutNs(0));
        final String tooLong = "x".repeat(65_536);
        assertThrows(IllegalArgumentException.class, () -> options.attributeName(tooLong));
        assertThrows(IllegalArgumentException.class, () -> options.attemptId(tooLong));
        options.attributeName("x".repeat(65_535));
        assertEquals(MillraceClient.TOO_LARGE, harness.client.receive(5, 1, options));
    }
}
