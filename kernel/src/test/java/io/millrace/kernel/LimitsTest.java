package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.MS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.Payload.Attribute;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each limit: what is at it passes, what is beyond it is refused with limit id, limit and actual, and stores nothing. */
class LimitsTest {

    private static Scenario limited(final LimitId id, final long value) {
        return new Scenario(Limits.nativeProfile().with(id, value));
    }

    private static String exceeded(final LimitId id, final long limit, final long actual) {
        return "A: refused LIMIT_EXCEEDED " + id + " limit=" + limit + " actual=" + actual;
    }

    @Test
    void shouldLimitMessageBytesByBodyAttributesAndTypes() {
        final Scenario scenario = new Scenario();
        final long queue = scenario.createQueue("orders", null, null, null, 24L);
        final Attribute attribute = new Attribute(1, "ab", "cd", "efg");
        scenario.sendPayloads(A, queue, null, Payload.of("0123456789", attribute));
        scenario.sendPayloads(A, queue, null, Payload.of("x"), Payload.of("0123456789+", attribute));
        scenario.sendPayloads(A, queue, null, Payload.of("x".repeat(25)));

        scenario.shouldTell(
                "A: confirmed 1",
                exceeded(LimitId.MESSAGE_BYTES, 24, 25) + " entry=1",
                exceeded(LimitId.MESSAGE_BYTES, 24, 25) + " entry=0");
    }

    @Test
    void shouldLimitTheMessageBytesThatAQueueMayAllow() {
        final Scenario scenario = limited(LimitId.MESSAGE_BYTES, 100);
        scenario.askToCreate("most", null, null, null, 100L);
        scenario.askToCreate("more", null, null, null, 101L);

        scenario.shouldTell("A: confirmed 1", exceeded(LimitId.MESSAGE_BYTES, 100, 101));
    }

    @Test
    void shouldLimitBatchEntries() {
        final Scenario scenario = limited(LimitId.BATCH_ENTRIES, 2);
        final long queue = scenario.createQueue("orders");
        scenario.send(A, queue, "one", "two");
        scenario.send(A, queue, "one", "two", "three");
        final Receipt receipt = new Receipt(0, 0, 1, 0, 0);
        scenario.acknowledge(A, queue, receipt, receipt, receipt);
        scenario.deleteMessages(A, queue, receipt, receipt, receipt);
        scenario.changeVisibility(A, queue, 0, receipt, receipt, receipt);

        final String exceeded = exceeded(LimitId.BATCH_ENTRIES, 2, 3);
        scenario.shouldTell("A: confirmed 1-2", exceeded, exceeded, exceeded, exceeded);
    }

    @Test
    void shouldLimitAttributesAndTheirNames() {
        final Scenario scenario =
                new Scenario(Limits.nativeProfile().with(LimitId.ATTRIBUTES, 1).with(LimitId.ATTRIBUTE_NAME_BYTES, 3));
        final long queue = scenario.createQueue("orders");
        scenario.sendPayloads(A, queue, null, Payload.of("x", Attribute.text("abc", "1")));
        scenario.sendPayloads(A, queue, null, Payload.of("x", Attribute.text("abcd", "1")));
        scenario.sendPayloads(A, queue, null, Payload.of("x", Attribute.text("a", "1"), Attribute.text("b", "1")));

        scenario.shouldTell(
                "A: confirmed 1",
                exceeded(LimitId.ATTRIBUTE_NAME_BYTES, 3, 4) + " entry=0",
                exceeded(LimitId.ATTRIBUTES, 1, 2) + " entry=0");
    }

    @Test
    void shouldLimitTheDelayOfMessagesAndQueues() {
        final Scenario scenario = limited(LimitId.DELAY, 5 * MS);
        final long queue = scenario.createQueue("orders", null, 5L, null, null);
        scenario.sendDelayed(A, queue, 5, "one");
        scenario.sendDelayed(A, queue, 6, "one");
        scenario.askToCreate("other", null, 6 * MS, null, null);
        scenario.begin(A, queue, 6 * MS, 20);

        scenario.shouldTell(
                "A: confirmed 1",
                exceeded(LimitId.DELAY, 5 * MS, 6 * MS) + " entry=0",
                exceeded(LimitId.DELAY, 5 * MS, 6 * MS),
                exceeded(LimitId.DELAY, 5 * MS, 6 * MS));
    }

    @Test
    void shouldLimitTheVisibilityTimeout() {
        final Scenario scenario = limited(LimitId.VISIBILITY, 5 * MS);
        final long queue = scenario.createQueue("orders", 5L, null, null, null);
        scenario.askToCreate("other", 6 * MS, null, null, null);
        scenario.receive(A, queue, 1, 0L, 6L);
        scenario.consume(A, queue, 1, 100, 6L);
        scenario.receive(A, queue, 1, 0L, 5L);
        scenario.consume(A, queue, 1, 100, 5L);

        final String exceeded = exceeded(LimitId.VISIBILITY, 5 * MS, 6 * MS);
        scenario.shouldTell(exceeded, exceeded, exceeded, "A: end of 0", "A: confirmed");
    }

    @Test
    void shouldLimitTheWaitOfReceivesAndQueues() {
        final Scenario scenario = limited(LimitId.WAIT, 5 * MS);
        final long queue = scenario.createQueue("orders", null, null, 5L, null);
        scenario.askToCreate("other", null, null, 6 * MS, null);
        scenario.receive(A, queue, 1, 6L, null);
        scenario.receive(A, queue, 1, 5L, null);

        final String exceeded = exceeded(LimitId.WAIT, 5 * MS, 6 * MS);
        scenario.shouldTell(exceeded, exceeded);
    }

    @Test
    void shouldLimitTheMessagesOfAReceive() {
        final Scenario scenario = limited(LimitId.RECEIVE_MESSAGES, 2);
        final long queue = scenario.createQueue("orders");
        scenario.receive(A, queue, 2);
        scenario.receive(A, queue, 3);
        scenario.receive(A, queue, 0);

        scenario.shouldTell(
                "A: end of 0", exceeded(LimitId.RECEIVE_MESSAGES, 2, 3), exceeded(LimitId.RECEIVE_MESSAGES, 2, 0));
    }

    @Test
    void shouldEndAReceiveBeforeItTakesTooManyBytes() {
        final Scenario scenario = limited(LimitId.RECEIVE_BYTES, 2 * (14 + 5));
        final long queue = scenario.createQueue("orders");
        scenario.send(A, queue, "first", "other", "third", "a message that is too long by itself", "last");
        scenario.forget();
        scenario.receive(A, queue, 10);
        scenario.receive(A, queue, 10);
        scenario.receive(A, queue, 10);
        scenario.receive(A, queue, 10);

        scenario.shouldTell(
                "A: delivery 'first'",
                "A: delivery 'other'",
                "A: end of 2",
                "A: delivery 'third'",
                "A: end of 1",
                "A: delivery 'a message that is too long by itself'",
                "A: end of 1",
                "A: delivery 'last'",
                "A: end of 1");
    }

    @Test
    void shouldGiveTheNextWaitingReceiveWhatPassesTheBytesOfTheFirst() {
        final Scenario scenario = limited(LimitId.RECEIVE_BYTES, 2 * (14 + 5));
        final long queue = scenario.createQueue("orders");
        scenario.receive(A, queue, 10, 100L, null);
        scenario.receive(B, queue, 10, 100L, null);
        scenario.send(A, queue, "first", "other", "third");

        scenario.shouldTell(
                "A: confirmed 1-3",
                "A: delivery 'first'",
                "A: delivery 'other'",
                "A: end of 2",
                "B: delivery 'third'",
                "B: end of 1");
    }

    @Test
    void shouldLimitTheBytesOfAName() {
        final Scenario scenario = limited(LimitId.NAME_BYTES, 3);
        scenario.askToCreate("abc", null, null, null, null);
        scenario.askToCreate("abcd", null, null, null, null);

        scenario.shouldTell("A: confirmed 1", exceeded(LimitId.NAME_BYTES, 3, 4));
    }

    @Test
    void shouldLimitQueues() {
        final Scenario scenario = limited(LimitId.QUEUES, 1);
        scenario.askToCreate("one", null, null, null, null);
        scenario.askToCreate("two", null, null, null, null);
        scenario.askToCreate("one", null, null, null, null);
        scenario.deleteQueue(A, 1);
        scenario.askToCreate("two", null, null, null, null);

        scenario.shouldTell(
                "A: confirmed 1", exceeded(LimitId.QUEUES, 1, 2), "A: confirmed 1", "A: confirmed", "A: confirmed 2");
    }

    @Test
    void shouldLimitMessagesHoweverTheyCome() {
        final Scenario scenario = limited(LimitId.MESSAGES, 2);
        final long queue = scenario.createQueue("orders");
        final Payload payload = Payload.of("large");
        scenario.send(A, queue, "one");
        scenario.send(A, queue, "two", "three");
        scenario.begin(A, queue, null, payload.length());
        final long transfer = scenario.lastCorrelationId();
        scenario.apply(
                A,
                new Command.AppendPayload(
                        transfer, 0, new String(payload.bytes(), java.nio.charset.StandardCharsets.ISO_8859_1)));
        scenario.send(A, queue, "two");
        scenario.apply(A, new Command.CommitPayload(transfer, Command.Producer.NONE));
        scenario.begin(A, queue, null, payload.length());

        final String exceeded = exceeded(LimitId.MESSAGES, 2, 3);
        scenario.shouldTell("A: confirmed 1", exceeded, "A: confirmed 2", exceeded, exceeded);
    }

    @Test
    void shouldLimitTheBytesOfTheArena() {
        final Scenario scenario = new Scenario();
        final long queue = scenario.createQueue("orders");
        scenario.kernel.configure(
                scenario.nowNs(), Limits.nativeProfile().with(LimitId.ARENA_BYTES, scenario.kernel.arenaBytes() + 64));
        final long limit = scenario.kernel.arenaBytes() + 64;
        scenario.send(A, queue, "x".repeat(43));
        scenario.send(A, queue, "x".repeat(42), "");
        scenario.begin(A, queue, null, 57);
        scenario.send(A, queue, "x".repeat(42));
        scenario.receive(A, queue, 1);
        scenario.shouldTell(
                exceeded(LimitId.ARENA_BYTES, limit, limit + 8),
                exceeded(LimitId.ARENA_BYTES, limit, limit + 24),
                exceeded(LimitId.ARENA_BYTES, limit, limit + 8),
                "A: confirmed 1",
                "A: delivery " + Payload.of("x".repeat(42)),
                "A: end of 1");

        scenario.acknowledge(A, queue, scenario.receipt("x".repeat(42)));
        scenario.send(A, queue, "x".repeat(42));
        scenario.shouldTell("A: confirmed", "A: confirmed 2");
    }

    @Test
    void shouldCountWhatLanesAndWaitingReceivesKeep() {
        final Scenario scenario = new Scenario();
        final long queue = scenario.createQueue("orders");
        final long limit = scenario.kernel.arenaBytes() + 64;
        scenario.kernel.configure(scenario.nowNs(), Limits.nativeProfile().with(LimitId.ARENA_BYTES, limit));
        final Payload payload = Payload.of("x".repeat(24)).inGroup("g");
        scenario.sendPayloads(A, queue, null, payload.inGroup("123456789"));
        scenario.sendPayloads(A, queue, null, payload);
        scenario.apply(A, new Command.Receive(9, queue, 1, 1_000L, null, List.of("size"), ""));
        scenario.apply(A, new Command.Receive(10, queue, 1, 1_000L, null, List.of("size"), ""));

        scenario.shouldTell(
                exceeded(LimitId.ARENA_BYTES, limit, limit + 16),
                "A: confirmed 1",
                "A: delivery " + payload,
                "A: end of 1",
                exceeded(LimitId.ARENA_BYTES, limit, limit + 24));
        assertEquals(limit, scenario.kernel.arenaBytes());
    }

    @Test
    void shouldLimitTheCreditOfAConsumer() {
        final Scenario scenario = new Scenario(
                Limits.nativeProfile().with(LimitId.CREDIT_MESSAGES, 5).with(LimitId.CREDIT_BYTES, 100));
        final long queue = scenario.createQueue("orders");
        scenario.consume(A, queue, 6, 0);
        scenario.consume(A, queue, 5, 101);
        scenario.consume(A, queue, 3, 60);
        scenario.consume(A, queue, 3, 0);
        scenario.consume(A, queue, 0, 41);
        scenario.consume(A, queue, 2, 40);

        scenario.shouldTell(
                exceeded(LimitId.CREDIT_MESSAGES, 5, 6),
                exceeded(LimitId.CREDIT_BYTES, 100, 101),
                "A: confirmed",
                exceeded(LimitId.CREDIT_MESSAGES, 5, 6),
                exceeded(LimitId.CREDIT_BYTES, 100, 101),
                "A: confirmed");
    }

    @Test
    void shouldLimitTheWaitingReceivesOfASession() {
        final Scenario scenario = limited(LimitId.WAITERS, 1);
        final long queue = scenario.createQueue("orders");
        scenario.receive(A, queue, 1, 50L, null);
        scenario.receive(A, queue, 1, 50L, null);
        scenario.receive(A, queue, 1, 0L, null);
        scenario.receive(B, queue, 1, 50L, null);
        scenario.shouldTell(exceeded(LimitId.WAITERS, 1, 2), "A: end of 0");

        scenario.pass(50);
        scenario.receive(A, queue, 1, 50L, null);
        scenario.shouldTell("A: end of 0", "B: end of 0");
    }

    @Test
    void shouldLimitTheConsumersOfASession() {
        final Scenario scenario = limited(LimitId.CONSUMERS, 1);
        final long one = scenario.createQueue("one");
        final long two = scenario.createQueue("two");
        scenario.consume(A, one, 1, 100);
        scenario.consume(A, two, 1, 100);
        scenario.consume(A, one, 1, 100);
        scenario.stopConsuming(A, one);
        scenario.consume(A, two, 1, 100);

        scenario.shouldTell(
                "A: confirmed", exceeded(LimitId.CONSUMERS, 1, 2), "A: confirmed", "A: confirmed", "A: confirmed");
    }

    @Test
    void shouldLimitThePayloadsThatASessionHasBegun() {
        final Scenario scenario =
                new Scenario(Limits.nativeProfile().with(LimitId.TRANSFERS, 2).with(LimitId.TRANSFER_BYTES, 100));
        final long queue = scenario.createQueue("orders");
        scenario.begin(A, queue, null, 101);
        scenario.begin(A, queue, null, 60);
        scenario.begin(A, queue, null, 41);
        scenario.begin(A, queue, null, 40);
        scenario.begin(A, queue, null, 0);
        scenario.begin(B, queue, null, 100);

        scenario.shouldTell(
                exceeded(LimitId.TRANSFER_BYTES, 100, 101),
                exceeded(LimitId.TRANSFER_BYTES, 100, 101),
                exceeded(LimitId.TRANSFERS, 2, 3));
    }

    @Test
    void shouldRefuseToBeginWhatCannotFit() {
        final Scenario scenario = new Scenario();
        final long queue = scenario.createQueue("orders", null, null, null, 1_000L);
        scenario.begin(A, queue, null, 1_000_000);
        scenario.begin(A, queue, null, 0xFFFF_FFFEL);

        scenario.shouldTell(
                exceeded(LimitId.MESSAGE_BYTES, 1_000, 1_000_000),
                exceeded(LimitId.MESSAGE_BYTES, 1_000, 0xFFFF_FFFEL));
    }

    @Test
    void shouldLimitTheEntriesOfAPage() {
        final Scenario scenario = limited(LimitId.LIST_ENTRIES, 2);
        scenario.list(A, 0, 2, "");
        scenario.list(A, 0, 3, "");
        scenario.list(A, 0, 0, "");

        scenario.shouldTell("A: queues []", exceeded(LimitId.LIST_ENTRIES, 2, 3), exceeded(LimitId.LIST_ENTRIES, 2, 0));
    }

    @Test
    void shouldKeepWhatPassesALimitThatIsLowered() {
        final Scenario scenario = new Scenario();
        final long queue = scenario.createQueue("orders");
        scenario.send(A, queue, Collections.nCopies(20, "x").toArray(String[]::new));
        scenario.kernel.configure(scenario.nowNs(), Limits.nativeProfile().with(LimitId.MESSAGES, 10));
        scenario.send(A, queue, "y");
        scenario.describe(B, queue);

        scenario.shouldTell(
                "A: confirmed 1-20",
                exceeded(LimitId.MESSAGES, 10, 21),
                "B: queue 1 orders available=20 delayed=0 inFlight=0");
    }

    @Test
    void shouldKnowTheQuotasOfTheAwsProfile() {
        final Limits aws = Limits.awsProfile();

        assertEquals(1_048_576, aws.get(LimitId.MESSAGE_BYTES));
        assertEquals(10, aws.get(LimitId.ATTRIBUTES));
        assertEquals(10, aws.get(LimitId.BATCH_ENTRIES));
        assertEquals(10, aws.get(LimitId.RECEIVE_MESSAGES));
        assertEquals(20_000 * MS, aws.get(LimitId.WAIT));
        assertEquals(900_000 * MS, aws.get(LimitId.DELAY));
        assertEquals(43_200_000 * MS, aws.get(LimitId.VISIBILITY));
    }
}
