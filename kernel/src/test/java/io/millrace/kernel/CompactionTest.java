package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.memory.Payloads;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Payloads move while the arena is compacted, and nobody notices. */
class CompactionTest {

    private static final int MESSAGES = 500;
    private static final int KEPT_ONE_IN = 25;
    private static final int BODY_LENGTH = 60_000;
    private static final int RECORDS = 2_000;

    /** One receive returns everything. */
    private final Scenario scenario =
            new Scenario(Limits.nativeProfile().with(LimitId.RECEIVE_BYTES, 16L * 1024 * 1024));

    private final long queue = scenario.createQueue("orders", 1_000L, null, null, null);

    @Test
    void shouldDeliverWhatWasMovedAndGoOnWithWhatIsHalfThere() {
        final Payload begun = Payload.of("z".repeat(90_000));
        final String chars = new String(begun.bytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        final Command.Producer nobody = Command.Producer.NONE;
        fill(MESSAGES / 2);
        scenario.apply(A, new Command.BeginPayload(-1, nobody, queue, null, chars.length()));
        scenario.apply(A, new Command.AppendPayload(-1, 0, chars.substring(0, 50_000)));
        fill(MESSAGES / 2);
        acknowledgeMost();
        final List<Long> before = places();

        for (int i = 0; i < RECORDS; i++) {
            scenario.kernel.onClock(scenario.nowNs());
        }

        assertTrue(moved(before) > before.size() / 2, "payloads moved");
        assertEquals(scenario.kernel.recomputeStateHash(), scenario.kernel.stateHash());
        scenario.apply(A, new Command.AppendPayload(-1, 50_000, chars.substring(50_000)));
        scenario.apply(A, new Command.CommitPayload(-1, nobody));
        scenario.pass(1_000);
        scenario.forget();
        scenario.receive(C, queue, 256);
        final List<String> bodies = scenario.egress.drain().stream()
                .filter(line -> line.event() instanceof Event.Delivery)
                .map(line -> ((Event.Delivery) line.event()).payload().body())
                .toList();
        assertEquals(MESSAGES / KEPT_ONE_IN + 1, bodies.size());
        for (int i = 0; i < bodies.size() - 1; i++) {
            assertEquals(body(i * KEPT_ONE_IN), bodies.get(i));
        }
        assertEquals(begun.body(), bodies.get(bodies.size() - 1));
    }

    private void fill(final int messages) {
        final long first = scenario.kernel.counters().sends();
        for (long i = first; i < first + messages; i++) {
            scenario.send(A, queue, body(i));
        }
        scenario.forget();
    }

    private void acknowledgeMost() {
        final List<Receipt> receipts = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i += 10) {
            scenario.receive(B, queue, 10);
        }
        scenario.forget();
        for (int i = 0; i < MESSAGES; i++) {
            if (i % KEPT_ONE_IN != 0) {
                receipts.add(scenario.receipt(body(i)));
            }
        }
        for (int i = 0; i < receipts.size(); i += 100) {
            final List<Receipt> part = receipts.subList(i, Math.min(receipts.size(), i + 100));
            scenario.acknowledge(B, queue, part.toArray(Receipt[]::new));
        }
        scenario.forget();
        assertEquals(MESSAGES / KEPT_ONE_IN, scenario.kernel.messageCount());
    }

    /** Where the large payloads lie. */
    private List<Long> places() {
        final Payloads payloads = scenario.kernel.state().payloads;
        final List<Long> places = new ArrayList<>();
        for (int slot = 0; slot < payloads.highWater(); slot++) {
            if (payloads.isLive(slot) && payloads.length(slot) >= BODY_LENGTH) {
                places.add(payloads.buffer(slot).addressOffset() + payloads.offset(slot));
            }
        }
        return places;
    }

    private long moved(final List<Long> before) {
        final List<Long> now = places();
        assertEquals(before.size(), now.size());
        long moved = 0;
        for (int i = 0; i < now.size(); i++) {
            moved += now.get(i).equals(before.get(i)) ? 0 : 1;
        }
        return moved;
    }

    private static String body(final long i) {
        return i + "-" + "abcdefghij".repeat(BODY_LENGTH / 10).substring((int) (i % 10));
    }
}
