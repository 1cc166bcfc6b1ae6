package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.codecs.CreateGroupDecoder;
import io.millrace.codecs.DeleteGroupDecoder;
import io.millrace.codecs.DescribeGroupDecoder;
import io.millrace.codecs.GroupStart;
import io.millrace.codecs.LeaseState;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ListGroupsDecoder;
import io.millrace.codecs.ListLeasesDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ResultCode;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.LongConsumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the calls about consumer groups ask for, read with the generated decoders, and what they make of the answers. */
class ConsumerGroupsTest {
    private final Harness harness = new Harness();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final Queue<UnsafeBuffer> requests = new ArrayDeque<>();
    private FakeServer server;
    private ConsumerGroups groups;

    @BeforeEach
    void connect() {
        groups = harness.connect(harness.context().closeTimeoutNs(0)).streams().groups();
        server = harness.server;
    }

    @AfterEach
    void tearDown() {
        harness.close();
    }

    /** Answers each request that comes from now on. */
    private void answer(final LongConsumer speech) {
        requests.clear();
        server.ingressHandler = (buffer, offset, length, aeronHeader) -> {
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
            copy.putBytes(0, buffer, offset, length);
            requests.add(copy);
            speech.accept(copy.getLong(Wire.CORRELATION_ID_OFFSET, Wire.ORDER));
            server.flush();
        };
    }

    @Test
    void shouldCreateAndDelete() {
        answer(id -> server.confirmed(id, id, 7, 1));
        assertEquals(7, groups.create(2, "bars"));
        final CreateGroupDecoder create = new CreateGroupDecoder().wrapAndApplyHeader(requests.remove(), 0, header);
        assertEquals(
                "2 HORIZON " + CreateGroupDecoder.leaseDurationNsNullValue() + " bars",
                create.streamId() + " " + create.start() + " " + create.leaseDurationNs() + " " + create.name());

        groups.create(2, "bars", new GroupSettings().leaseDurationNs(5).start(GroupStart.LATEST));
        create.wrapAndApplyHeader(requests.remove(), 0, header);
        assertEquals("LATEST 5 bars", create.start() + " " + create.leaseDurationNs() + " " + create.name());

        groups.delete(7);
        assertEquals(
                7,
                new DeleteGroupDecoder()
                        .wrapAndApplyHeader(requests.remove(), 0, header)
                        .groupId());
    }

    @Test
    void shouldTellOfAGroupAndAllItsMembers() {
        answer(id -> GroupEgress.group(server, id, requests.size() == 1 ? 40 : 0, "a", "b"));
        assertEquals(
                new GroupInfo(
                        7,
                        "bars",
                        2,
                        3,
                        GroupEgress.LEASE_NS,
                        GroupStart.LATEST,
                        4,
                        5,
                        6,
                        8,
                        9,
                        List.of(
                                new MemberInfo(41, "a", 10, 11, true),
                                new MemberInfo(42, "b", 10, 11, false),
                                new MemberInfo(1, "a", 10, 11, true),
                                new MemberInfo(2, "b", 10, 11, false))),
                groups.describe(7));
        final DescribeGroupDecoder query = new DescribeGroupDecoder();
        query.wrapAndApplyHeader(requests.remove(), 0, header);
        assertEquals("7 0 100", query.groupId() + " " + query.afterMemberId() + " " + query.maxEntries());
        query.wrapAndApplyHeader(requests.remove(), 0, header);
        assertEquals(40, query.afterMemberId());
    }

    @Test
    void shouldListGroupsPageByPage() {
        answer(id -> GroupEgress.groups(server, id, requests.size() == 1 ? 40 : 0, "bars"));
        assertEquals(List.of(new GroupName(41, "bars"), new GroupName(1, "bars")), groups.list(2));
        final ListGroupsDecoder query = new ListGroupsDecoder();
        query.wrapAndApplyHeader(requests.remove(), 0, header);
        assertEquals("2 0 100", query.streamId() + " " + query.afterGroupId() + " " + query.maxEntries());
        query.wrapAndApplyHeader(requests.remove(), 0, header);
        assertEquals(40, query.afterGroupId());
    }

    @Test
    void shouldListLeasesPageByPage() {
        answer(id -> GroupEgress.leases(server, id, requests.size() == 1 ? 40 : 0, requests.size()));
        assertEquals(
                List.of(
                        new LeaseInfo(1, LeaseState.OWNED, 1, 2, 3, 4, 5),
                        new LeaseInfo(2, LeaseState.OWNED, 1, 2, 3, 4, 5)),
                groups.leases(7));
        final ListLeasesDecoder query = new ListLeasesDecoder();
        query.wrapAndApplyHeader(requests.remove(), 0, header);
        assertEquals("7 0 100", query.groupId() + " " + query.afterShardId() + " " + query.maxEntries());
        query.wrapAndApplyHeader(requests.remove(), 0, header);
        assertEquals(40, query.afterShardId());
    }

    @Test
    void shouldSayWhatWasRefused() {
        answer(id -> server.refused(id, ResultCode.UNKNOWN_GROUP));
        assertEquals("No consumer group has the id 7.", refusal(() -> groups.leases(7)));
        assertEquals("No consumer group has the id 7.", refusal(() -> groups.join(7, "a", null)));
        answer(id -> server.refused(id, ResultCode.UNKNOWN_STREAM));
        assertEquals("No stream has the id 2.", refusal(() -> groups.create(2, "bars")));
        answer(id -> server.refused(id, -1, ResultCode.GROUP_EXISTS, LimitId.NONE, 0, 2));
        assertEquals(
                "The stream has a consumer group of this name with another value of START.",
                refusal(() -> groups.create(2, "bars")));
        assertThrows(IllegalStateException.class, () -> groups.joinShared(7, "a", null, null));
    }

    private static String refusal(final Executable call) {
        return assertThrows(MillraceException.class, call).getMessage();
    }
}
