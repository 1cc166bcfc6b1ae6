package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static io.millrace.kernel.Scenario.B;
import static io.millrace.kernel.Scenario.C;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.Command.AccessEntry;
import org.junit.jupiter.api.Test;

/** Tags of queues, and lists of who may do what with them. */
class TagsAndAccessTest {

    private static final long ALICE = 10;
    private static final long BOB = 11;

    private final Scenario scenario = new Scenario(Limits.nativeProfile()
            .with(LimitId.TAGS, 3)
            .with(LimitId.TAG_KEY_BYTES, 4)
            .with(LimitId.TAG_VALUE_BYTES, 5)
            .with(LimitId.ACCESS_ENTRIES, 2));
    private final QueueSupport queues = new QueueSupport(scenario);
    private final long queue = queues.create("orders", Settings.NONE);

    private static AccessEntry everything(final String principal) {
        return new AccessEntry(true, true, true, principal);
    }

    @Test
    void shouldKeepTagsInTheOrderOfTheirFirstAddition() {
        queues.tag(A, queue, "b", "1", "a", "2", "b", "3");
        queues.listTags(B, queue);
        queues.tag(A, queue, "c", "", "a", "4");
        queues.listTags(B, queue);
        queues.untag(A, queue, "a", "x", "a");
        queues.listTags(B, queue);
        queues.untag(A, queue, "b", "c");
        queues.listTags(B, queue);

        scenario.shouldTell(
                "A: confirmed",
                "B: tags [b=3, a=2]",
                "A: confirmed",
                "B: tags [b=3, a=4, c=]",
                "A: confirmed",
                "B: tags [b=3, c=]",
                "A: confirmed",
                "B: tags []");
    }

    @Test
    void shouldRefuseWrongTagsAndChangeNothing() {
        queues.tag(A, queue, "a", "1", "b", "2");
        queues.tag(A, queue);
        queues.untag(A, queue);
        queues.tag(A, queue, "c", "3", "", "4");
        queues.tag(A, queue, "\u00FF", "4");
        queues.tag(A, queue, "ok", "\u00FF");
        queues.tag(A, queue, "12345", "");
        queues.tag(A, queue, "ok", "123456");
        queues.tag(A, queue, "c", "3", "d", "4");
        queues.tag(A, 9, "a", "1");
        queues.untag(A, 9, "a");
        queues.listTags(B, 9);
        queues.listTags(B, queue);

        scenario.shouldTell(
                "A: confirmed",
                "A: refused EMPTY_BATCH",
                "A: refused EMPTY_BATCH",
                "A: refused INVALID_NAME entry=1",
                "A: refused INVALID_NAME entry=0",
                "A: refused INVALID_NAME entry=0",
                "A: refused LIMIT_EXCEEDED TAG_KEY_BYTES limit=4 actual=5 entry=0",
                "A: refused LIMIT_EXCEEDED TAG_VALUE_BYTES limit=5 actual=6 entry=0",
                "A: refused LIMIT_EXCEEDED TAGS limit=3 actual=4",
                "A: refused UNKNOWN_QUEUE",
                "A: refused UNKNOWN_QUEUE",
                "B: refused UNKNOWN_QUEUE",
                "B: tags [a=1, b=2]");
    }

    @Test
    void shouldLetOnlyThoseSendReceiveAndManageWhoAreNamed() {
        scenario.open(ALICE, "alice");
        scenario.open(BOB, "bob");
        queues.protect(
                A, queue, new AccessEntry(true, false, false, "alice"), new AccessEntry(false, true, true, "bob"));
        scenario.forget();
        scenario.send(ALICE, queue, "one");
        scenario.send(BOB, queue, "two");
        scenario.begin(BOB, queue, null, 10);
        scenario.receive(ALICE, queue, 1);
        scenario.consume(ALICE, queue, 1, 1);
        queues.watch(ALICE, queue, true);
        queues.browse(ALICE, queue, 0, 1);
        scenario.receive(BOB, queue, 1);
        scenario.acknowledge(ALICE, queue);
        scenario.deleteMessages(ALICE, queue);
        scenario.changeVisibility(ALICE, queue, 1);
        queues.purge(ALICE, queue);
        queues.set(ALICE, queue, Settings.NONE);
        queues.tag(ALICE, queue, "a", "b");
        queues.untag(ALICE, queue, "a");
        queues.protect(ALICE, queue);
        scenario.deleteQueue(ALICE, queue);
        queues.purge(C, queue);
        queues.purge(BOB, queue);
        queues.protect(BOB, queue);
        queues.purge(C, queue);

        scenario.shouldTell(
                "J: confirmed 1",
                "K: refused NOT_AUTHORISED",
                "K: refused NOT_AUTHORISED",
                "J: refused NOT_AUTHORISED",
                "J: refused NOT_AUTHORISED",
                "J: refused NOT_AUTHORISED",
                "J: refused NOT_AUTHORISED",
                "K: delivery 'one'",
                "K: end of 1",
                "J: refused NOT_AUTHORISED",
                "J: refused NOT_AUTHORISED",
                "J: refused NOT_AUTHORISED",
                "J: refused NOT_AUTHORISED",
                "J: refused NOT_AUTHORISED",
                "J: refused NOT_AUTHORISED",
                "J: refused NOT_AUTHORISED",
                "J: refused NOT_AUTHORISED",
                "J: refused NOT_AUTHORISED",
                "C: refused NOT_AUTHORISED",
                "K: confirmed",
                "K: confirmed",
                "C: confirmed");
        assertEquals(16, scenario.kernel.counters().notAuthorised());
    }

    @Test
    void shouldCheckAgainWhenALargeMessageIsCommitted() {
        scenario.open(ALICE, "alice");
        final Payload payload = Payload.of("large");
        final String chars = new String(payload.bytes(), ISO_8859_1);
        scenario.begin(ALICE, queue, null, chars.length());
        scenario.append(ALICE, 0, chars);
        queues.protect(A, queue, everything("bob"));
        scenario.commit(ALICE);
        scenario.commit(ALICE);

        scenario.shouldTell("A: confirmed", "J: refused NOT_AUTHORISED", "J: refused UNKNOWN_TRANSFER");
    }

    @Test
    void shouldStopThoseAtOnceWhoAreNoLongerNamed() {
        scenario.open(ALICE, "alice");
        scenario.open(BOB, "bob");
        scenario.receive(ALICE, queue, 1, 1_000L, null);
        scenario.receive(BOB, queue, 1, 1_000L, null);
        scenario.consume(ALICE, queue, 5, 100);
        scenario.consume(BOB, queue, 5, 100);
        scenario.forget();
        queues.protect(A, queue, everything("bob"), new AccessEntry(true, false, false, ""));
        scenario.send(A, queue, "one", "two");

        scenario.shouldTell(
                "A: confirmed",
                "J: end of 0 NOT_AUTHORISED",
                "J: consumer of 1 stopped NOT_AUTHORISED",
                "A: confirmed 1-2",
                "K: delivery 'one'",
                "K: end of 1",
                "K: push 'two'");
    }

    @Test
    void shouldDescribeTheListAndForgetNothingThroughASnapshot() {
        queues.protect(A, queue, everything(""), new AccessEntry(false, false, true, "bob"));
        queues.protect(A, queue, everything("a"), everything("b"), everything("c"));
        queues.describeAccess(B, queue);
        queues.tag(A, queue, "a", "1");
        queues.describeAccess(B, 9);

        scenario.shouldTell(
                "A: confirmed",
                "A: refused LIMIT_EXCEEDED ACCESS_ENTRIES limit=2 actual=3",
                "B: access [AccessEntry[send=true, receive=true, manage=true, principal=], "
                        + "AccessEntry[send=false, receive=false, manage=true, principal=bob]]",
                "A: confirmed",
                "B: refused UNKNOWN_QUEUE");
        final Kernel copy = Snapshots.copy(scenario.kernel, new RecordingEgress());
        assertEquals(scenario.kernel.arenaBytes(), copy.arenaBytes());
        final long before = scenario.kernel.arenaBytes();
        scenario.deleteQueue(A, queue);
        assertEquals(before - 16 - 24 - 24, scenario.kernel.arenaBytes(), "name, tags and list are free");
    }

    @Test
    void shouldRefuseWhatTheArenaHasNoRoomFor() {
        queues.tag(A, queue, "a", "1");
        queues.protect(A, queue, everything("a"), everything(""));
        scenario.forget();
        final long limit = scenario.kernel.arenaBytes();
        scenario.kernel.configure(scenario.nowNs(), Limits.nativeProfile().with(LimitId.ARENA_BYTES, limit));
        queues.tag(A, queue, "a", "12345678");
        queues.protect(A, queue, everything(""), everything("1"), everything("2"), everything("3"));
        queues.listTags(A, queue);
        queues.tag(A, queue, "a", "2");
        queues.protect(A, queue, everything(""), everything("b"));
        queues.untag(A, queue, "a");
        queues.protect(A, queue);

        scenario.shouldTell(
                "A: refused LIMIT_EXCEEDED ARENA_BYTES limit=" + limit + " actual=" + (limit + 8),
                "A: refused LIMIT_EXCEEDED ARENA_BYTES limit=" + limit + " actual=" + (limit + 8),
                "A: tags [a=1]",
                "A: confirmed",
                "A: confirmed",
                "A: confirmed",
                "A: confirmed");
        assertEquals(limit - 24 - 24, scenario.kernel.arenaBytes());
    }
}
