package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.kernel.Payload.Attribute;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which attributes a receive returns: those that it names. */
class AttributeNamesTest {

    private final Scenario scenario = new Scenario();
    private final long queue = scenario.createQueue("orders");

    private void send() {
        scenario.sendPayloads(
                A,
                queue,
                null,
                Payload.of(
                        "one",
                        Attribute.text("side", "buy"),
                        Attribute.number("price", "1"),
                        Attribute.number("price.low", "2"),
                        Attribute.number("pric", "3")));
    }

    private void receive(final long waitMs, final String... names) {
        scenario.apply(B, new Command.Receive(1_000_000, queue, 1, waitMs * Scenario.MS, 0L, List.of(names), ""));
    }

    private List<String> returned() {
        scenario.forget();
        return scenario.delivery("one").payload().attributes().stream()
                .map(Attribute::name)
                .toList();
    }

    private List<String> asking(final String... names) {
        receive(0, names);
        return returned();
    }

    @Test
    @Statement("S9")
    void shouldReturnTheAttributesThatAReceiveNames() {
        send();
        final List<String> all = List.of("side", "price", "price.low", "pric");

        assertEquals(all, asking());
        assertEquals(all, asking("All"));
        assertEquals(all, asking(".*"));
        assertEquals(all, asking("side", ".*"));
        assertEquals(List.of("side"), asking("side"));
        assertEquals(List.of("price"), asking("price"));
        assertEquals(List.of("price", "price.low"), asking("price.*"));
        assertEquals(List.of("side", "price.low"), asking("price.low", "si.*"));
        assertEquals(List.of(), asking("all", "Side", "sid", "sides"));
    }

    @Test
    @Statement("S9")
    void shouldReturnTheAttributesThatAWaitingReceiveNames() {
        receive(1_000, "pric.*", "side");
        send();

        assertEquals(List.of("side", "price", "price.low", "pric"), returned());
        receive(0, "side");
        scenario.pass(1);
        receive(1_000, "price.low");
        assertEquals(List.of("price.low"), returned());
    }
}
