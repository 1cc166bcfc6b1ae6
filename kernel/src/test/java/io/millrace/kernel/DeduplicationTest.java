package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.Switch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Deduplication ids of FIFO queues. */
class DeduplicationTest {
    private static final long MINUTE = 60_000;

    private final Scenario scenario = new Scenario();
    private final FifoSupport fifo = new FifoSupport(scenario);

    private static Payload message(final String body, final String group, final String id) {
        return Payload.of(body).inGroup(group).withDeduplicationId(id);
    }

    @Test
    @Statement("D1")
    @Statement("D2")
    void shouldAcceptAndDropADuplicateUnderTheFirstId() {
        fifo.ask(message("one", "g", "id"));
        fifo.ask(message("other", "g", "id"));
        scenario.shouldTell("A: sent [1]", "A: sent [1 duplicate]");

        fifo.shouldReceive(10, "one");
        fifo.delete("one");
        fifo.ask(message("again", "g", "id"));
        scenario.shouldTell("A: sent [1 duplicate]");
    }

    @Test
    @Statement("D1")
    void shouldFindDuplicatesWithinOneCommand() {
        fifo.ask(message("one", "g", "a"), message("two", "g", "a"), message("three", "g", "b"));

        scenario.shouldTell("A: sent [1, 1 duplicate, 2]");
    }

    @Test
    @Statement("D3")
    @Statement("D1")
    void shouldNotLengthenTheWindowByDuplicates() {
        fifo.ask(message("one", "g", "id"));
        scenario.passSilently(2_000);
        fifo.ask(message("two", "g", "id"));
        scenario.passSilently(5 * MINUTE - 2_001);
        fifo.ask(message("three", "g", "id"));
        scenario.passSilently(1);
        fifo.ask(message("four", "g", "id"));

        scenario.shouldTell("A: sent [1]", "A: sent [1 duplicate]", "A: sent [1 duplicate]", "A: sent [2]");
    }

    @Test
    @Statement("D4")
    void shouldTakeTheQueueForTheScopeByDefault() {
        fifo.ask(message("one", "g1", "id"));
        fifo.ask(message("two", "g2", "id"));

        scenario.shouldTell("A: sent [1]", "A: sent [1 duplicate]");
    }

    @Test
    @Statement("D5")
    void shouldTakeTheGroupForTheScopeIfAsked() {
        final FifoSupport byGroup =
                new FifoSupport(new Scenario(), FifoSupport.settings(0, Switch.NULL_VAL, QueueScope.MESSAGE_GROUP));
        byGroup.ask(message("one", "g1", "id"));
        byGroup.ask(message("two", "g2", "id"));
        byGroup.ask(message("three", "g2", "id"));

        byGroup.scenario.shouldTell("A: sent [1]", "A: sent [2]", "A: sent [2 duplicate]");
    }

    @Test
    @Statement("D6")
    void shouldKeepTheScopeUnderWhichAnIdWasAccepted() {
        fifo.ask(message("one", "g1", "id"));
        fifo.setScope(QueueScope.MESSAGE_GROUP);
        scenario.forget();
        fifo.ask(message("two", "g2", "id"));
        fifo.ask(message("three", "g1", "new"));
        fifo.ask(message("four", "g2", "new"));

        scenario.shouldTell("A: sent [1 duplicate]", "A: sent [2]", "A: sent [3]");
    }

    @Test
    @Statement("D7")
    void shouldTakeTheHashOfTheBodyForAMissingId() {
        final FifoSupport byContent =
                new FifoSupport(new Scenario(), FifoSupport.settings(0, Switch.ON, QueueScope.NULL_VAL));
        byContent.ask(Payload.of("body").inGroup("g"));
        byContent.ask(Payload.of("body", Payload.Attribute.text("side", "buy")).inGroup("g"));
        byContent.ask(message("body", "g", "explicit"));
        byContent.ask(message("else", "g", sha256("body")));

        byContent.scenario.shouldTell("A: sent [1]", "A: sent [1 duplicate]", "A: sent [2]", "A: sent [1 duplicate]");
    }

    private static String sha256(final String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (final NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Statement("D8")
    @Statement("S4")
    void shouldRefuseTheWholeCommandForAMissingIdOrGroup() {
        fifo.ask(message("one", "g", "id"), Payload.of("two").inGroup("g"));
        fifo.ask(message("one", "g", "id"), Payload.of("two").withDeduplicationId("other"));
        fifo.shouldReceive(10);
        fifo.ask(Payload.of("two").inGroup("g"));
        fifo.ask(Payload.of("two"));

        scenario.shouldTell("A: refused DEDUPLICATION_ID_REQUIRED entry=0", "A: refused GROUP_ID_REQUIRED entry=0");
    }

    @Test
    @Statement("S4")
    void shouldRefuseTheWholeCommandForAMissingIdThoughEntriesStandForThemselves() {
        askEach(message("one", "g", "id"), Payload.of("two").inGroup("g"));
        askEach(message("one", "g", "id"), Payload.of("two", Payload.Attribute.text("", "x")));

        scenario.shouldTell("A: refused DEDUPLICATION_ID_REQUIRED entry=1", "A: sent [1, INVALID_ATTRIBUTE]");
    }

    private void askEach(final Payload... payloads) {
        final List<Command.Entry> entries = Stream.of(payloads)
                .map(payload -> new Command.Entry(null, payload))
                .toList();
        scenario.apply(
                Scenario.A,
                new Command.SendMessages(2_000_000, Command.Producer.NONE, fifo.queue, false, true, entries));
    }

    @Test
    @Statement("D9")
    void shouldForgetTheIdsWithAPurge() {
        fifo.ask(message("one", "g", "id"));
        fifo.purge();
        fifo.ask(message("two", "g", "id"));

        scenario.shouldTell("A: sent [2]");
    }

    @Test
    @Statement("D11")
    @Statement("S5")
    void shouldNumberMessagesInTheirOrder() {
        fifo.ask(message("one", "g1", "1"), message("two", "g2", "2"), message("three", "g1", "3"));
        fifo.shouldReceive(10, "one", "three", "two");

        assertEquals(1, scenario.delivery("one").sequenceNumber());
        assertEquals(2, scenario.delivery("two").sequenceNumber());
        assertEquals(3, scenario.delivery("three").sequenceNumber());
    }

    @Test
    void shouldForgetAsFastAsCommandsBringIds() {
        final int batch = (int) Limits.nativeProfile().get(LimitId.BATCH_ENTRIES);
        for (int i = 0; i < 20; i++) {
            final int first = i * batch;
            fifo.ask(IntStream.range(first, first + batch)
                    .mapToObj(id -> message("", "g", "id-" + id))
                    .toArray(Payload[]::new));
            scenario.passSilently(3 * MINUTE);
        }

        final int remembered = scenario.kernel.state().deduplications.liveCount();
        assertTrue(remembered <= 2 * batch, remembered + " ids of two commands within the window");
    }
}
