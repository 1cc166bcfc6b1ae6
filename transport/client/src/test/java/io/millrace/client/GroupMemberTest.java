package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.logbuffer.FragmentHandler;
import io.millrace.codecs.CheckpointDecoder;
import io.millrace.codecs.GetRecordsDecoder;
import io.millrace.codecs.GetShardIteratorDecoder;
import io.millrace.codecs.JoinGroupDecoder;
import io.millrace.codecs.LeaveGroupDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReleaseShardDecoder;
import io.millrace.codecs.RenewLeasesDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.RevokeReason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a member of a consumer group says, read with the generated decoders, and what its handler hears. */
class GroupMemberTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MEMBER = 3;

    private final Harness harness = new Harness();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final List<String> heard = new ArrayList<>();
    private FakeServer server;
    private GroupMember member;
    private Runnable onRequested = () -> {};

    private final GroupHandler handler = new GroupHandler() {
        @Override
        public void onRecord(
                final long shardId,
                final long sequenceNumber,
                final long arrivalTimeNs,
                final DirectBuffer buffer,
                final int keyOffset,
                final int keyLength,
                final int dataOffset,
                final int dataLength) {
            heard.add(shardId + "#" + sequenceNumber + " at " + arrivalTimeNs + " "
                    + buffer.getStringWithoutLengthUtf8(keyOffset, keyLength) + "="
                    + buffer.getStringWithoutLengthUtf8(dataOffset, dataLength));
        }

        @Override
        public void onShardAssigned(final long shardId, final long afterSequenceNumber) {
            heard.add("has " + shardId + " after " + afterSequenceNumber);
        }

        @Override
        public void onShardEnd(final long shardId) {
            heard.add("end of " + shardId);
        }

        @Override
        public void onShardRevoked(final long shardId, final RevokeReason reason) {
            heard.add("revoked " + shardId + " " + reason);
            onRequested.run();
        }

        @Override
        public void onMembershipEnded(final MembershipEnd reason) {
            heard.add("ended " + reason);
        }

        @Override
        public void onRefused(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
            heard.add("refused " + code + " " + limitId + " " + limit + " " + actual);
        }

        @Override
        public void onCheckpointRefused(final long shardId, final long sequenceNumber, final ResultCode code) {
            heard.add("not stored " + shardId + "#" + sequenceNumber + " " + code);
        }

        @Override
        public void onReadFailed(final long shardId, final RuntimeException fault) {
            heard.add("failed " + shardId + " " + fault.getMessage());
        }
    };

    @BeforeEach
    void connect() {
        harness.connect(harness.context().closeTimeoutNs(0));
        server = harness.server;
        final FragmentHandler usual = server.ingressHandler;
        server.ingressHandler = (buffer, offset, length, aeronHeader) -> {
            GroupEgress.group(server, buffer.getLong(offset + Wire.CORRELATION_ID_OFFSET, Wire.ORDER), 0);
            server.flush();
        };
        member = harness.client.streams().groups().join(7, "desk", handler);
        server.ingressHandler = usual;
    }

    @AfterEach
    void tearDown() {
        harness.close();
    }

    /** Waits until the handler has heard this. */
    private void hears(final String... expected) {
        harness.until(expected.length + " calls of the handler", () -> heard.size() >= expected.length);
        assertEquals(List.of(expected), heard);
        heard.clear();
    }

    private void confirm(final FakeServer.Received request, final long value) {
        server.confirmed(request.correlationId(), request.correlationId(), value, 1);
    }

    /** Answers the next request to join, and gives shards with their checkpoints and epochs. */
    private void join(final long memberId, final long... shards) {
        final FakeServer.Received request = harness.await(JoinGroupDecoder.TEMPLATE_ID);
        final JoinGroupDecoder join = new JoinGroupDecoder().wrapAndApplyHeader(request.frame(), 0, header);
        assertEquals("7 desk 0", join.groupId() + " " + join.name() + " " + request.producerSequence());
        confirm(request, memberId);
        for (int i = 0; i < shards.length; i += 3) {
            GroupEgress.assigned(server, memberId, shards[i], shards[i + 1], shards[i + 2]);
        }
        server.flush();
        harness.until("the member to have joined", member::isJoined);
    }

    private void joinWithShard5() {
        join(MEMBER, 5, 3, 1);
        hears("has 5 after 3");
    }

    /** Takes a request for checkpoints, which must be these. */
    private FakeServer.Received stores(final String... expected) {
        final FakeServer.Received request = harness.await(CheckpointDecoder.TEMPLATE_ID);
        final CheckpointDecoder command = new CheckpointDecoder().wrapAndApplyHeader(request.frame(), 0, header);
        assertEquals(member.memberId(), command.memberId());
        assertEquals(
                List.of(expected),
                StreamSupport.stream(command.checkpoints().spliterator(), false)
                        .map(one -> one.shardId() + "#" + one.sequenceNumber() + " epoch " + one.leaseEpoch() + " "
                                + one.shardEnd())
                        .toList());
        return request;
    }

    private void confirm(final FakeServer.Received request) {
        server.confirmed(request.correlationId());
        server.flush();
    }

    /** Answers a request for an iterator, which must be this one, and tells the request for records. */
    private long asks(final String expected) {
        final FakeServer.Received request = harness.await(GetShardIteratorDecoder.TEMPLATE_ID);
        final GetShardIteratorDecoder query =
                new GetShardIteratorDecoder().wrapAndApplyHeader(request.frame(), 0, header);
        assertEquals(expected, query.shardId() + " " + query.kind() + " " + query.position());
        StreamEgress.iterator(
                server, request.correlationId(), StreamEgress.after(query.shardId(), query.position(), 1));
        server.flush();
        return harness.await(GetRecordsDecoder.TEMPLATE_ID).correlationId();
    }

    @Test
    void shouldReadItsShardsAndStoreTheNewestCheckpoints() {
        join(MEMBER, 5, 3, 1, 6, 0, 2);
        hears("has 5 after 3", "has 6 after 0");
        assertEquals(
                "2 1 2 0",
                member.shardCount() + " " + member.leaseEpoch(5) + " " + member.leaseEpoch(6) + " "
                        + member.leaseEpoch(8));
        final List<FakeServer.Received> iterators = new ArrayList<>();
        harness.until("both iterators", () -> {
            iterators.addAll(server.take(GetShardIteratorDecoder.TEMPLATE_ID));
            return iterators.size() == 2;
        });
        assertEquals(
                List.of("6 0", "5 3"),
                iterators.stream()
                        .map(one -> new GetShardIteratorDecoder().wrapAndApplyHeader(one.frame(), 0, header))
                        .map(one -> one.shardId() + " " + one.position())
                        .toList());
        StreamEgress.iterator(server, iterators.get(1).correlationId(), StreamEgress.after(5, 3, 1));
        server.flush();
        final long read = harness.await(GetRecordsDecoder.TEMPLATE_ID).correlationId();
        StreamEgress.records(server, read, 5, 4, "a", "b");
        server.flush();
        hears("5#4 at 400 a=a", "5#5 at 500 b=b");

        assertTrue(member.checkpoint(5, 4));
        assertTrue(member.checkpoint(6, 9));
        assertTrue(member.checkpoint(5, 5));
        assertTrue(member.checkpoint(5, 4));
        assertFalse(member.checkpoint(8, 4));
        final FakeServer.Received first = stores("5#5 epoch 1 OFF", "6#9 epoch 2 OFF");
        member.checkpoint(6, 11);
        member.checkpoint(5, 5);
        harness.turn();
        assertEquals(0, server.take(CheckpointDecoder.TEMPLATE_ID).size());
        confirm(first);
        confirm(stores("6#11 epoch 2 OFF"));
        harness.turn();
        assertEquals(0, server.take(CheckpointDecoder.TEMPLATE_ID).size());
        assertEquals(
                List.of(),
                harness.recorder.take().stream()
                        .filter(event -> event.startsWith("confirmed"))
                        .toList());
    }

    @Test
    void shouldRenewItsLeasesThreeTimesAsOften() {
        joinWithShard5();
        harness.turn();
        assertEquals(0, server.take(RenewLeasesDecoder.TEMPLATE_ID).size());
        for (int i = 0; i < 3; i++) {
            harness.advance(SECOND_NS);
            final FakeServer.Received request = harness.await(RenewLeasesDecoder.TEMPLATE_ID);
            assertEquals(
                    MEMBER,
                    new RenewLeasesDecoder()
                            .wrapAndApplyHeader(request.frame(), 0, header)
                            .memberId());
            confirm(request);
            harness.turn();
        }
        assertEquals(0, server.take(RenewLeasesDecoder.TEMPLATE_ID).size());
        assertEquals(1, member.shardCount());
    }

    @Test
    void shouldDrainAShardAtItsEnd() {
        joinWithShard5();
        final long read = asks("5 AFTER_SEQUENCE_NUMBER 3");
        StreamEgress.records(server, read, 5, 4, "a");
        StreamEgress.recordsEnd(server, read, StreamEgress.after(0, 0, 0), 0, 1, 8, 9);
        server.flush();
        hears("5#4 at 400 a=a", "end of 5");
        final FakeServer.Received tooEarly = stores("5#4 epoch 1 ON");
        server.entryResults(tooEarly.correlationId(), ResultCode.SHARD_NOT_DRAINED, 0);
        server.flush();
        harness.turn();
        assertEquals(0, server.take(CheckpointDecoder.TEMPLATE_ID).size());
        harness.advance(SECOND_NS / 2);
        final FakeServer.Received again = stores("5#4 epoch 1 ON");
        assertEquals(1, member.shardCount());
        confirm(again);
        harness.until("the shard to go", () -> member.shardCount() == 0);
        assertEquals(List.of(), heard);
    }

    @Test
    void shouldDrainAShardWhoseEndComesWhileACheckpointIsUnderWay() {
        joinWithShard5();
        final long read = asks("5 AFTER_SEQUENCE_NUMBER 3");
        member.checkpoint(5, 4);
        final FakeServer.Received checkpoint = stores("5#4 epoch 1 OFF");
        StreamEgress.records(server, read, 5, 4, "a", "b");
        StreamEgress.recordsEnd(server, read, StreamEgress.after(0, 0, 0), 0, 2, 8);
        confirm(checkpoint);
        hears("5#4 at 400 a=a", "5#5 at 500 b=b", "end of 5");
        confirm(stores("5#5 epoch 1 ON"));
        harness.until("the shard to go", () -> member.shardCount() == 0);
    }

    @Test
    void shouldStoreACheckpointBeforeItReleasesAShard() {
        joinWithShard5();
        asks("5 AFTER_SEQUENCE_NUMBER 3");
        onRequested = () -> member.checkpoint(5, 4);
        GroupEgress.revoked(server, MEMBER, 5, 9, RevokeReason.REQUESTED);
        GroupEgress.revoked(server, MEMBER, 5, 1, RevokeReason.REQUESTED);
        // It is to keep the shard after all, which comes too late.
        GroupEgress.assigned(server, MEMBER, 5, 3, 1);
        server.flush();
        hears("revoked 5 REQUESTED");
        final FakeServer.Received checkpoint = stores("5#4 epoch 1 OFF");
        assertEquals(0, server.take(ReleaseShardDecoder.TEMPLATE_ID).size());
        confirm(checkpoint);
        final FakeServer.Received request = harness.await(ReleaseShardDecoder.TEMPLATE_ID);
        final ReleaseShardDecoder release = new ReleaseShardDecoder().wrapAndApplyHeader(request.frame(), 0, header);
        assertEquals("3 5 1", release.memberId() + " " + release.shardId() + " " + release.leaseEpoch());
        confirm(request);
        harness.until("the shard to go", () -> member.shardCount() == 0);

        GroupEgress.assigned(server, MEMBER, 5, 4, 2);
        server.flush();
        hears("has 5 after 4");
        GroupEgress.revoked(server, MEMBER, 5, 2, RevokeReason.REQUESTED);
        GroupEgress.revoked(server, MEMBER, 5, 2, RevokeReason.TAKEN);
        server.flush();
        hears("revoked 5 REQUESTED");
        assertEquals(0, member.shardCount());
    }

    @Test
    void shouldEndAShardThatItHasLost() {
        join(MEMBER, 5, 3, 1, 6, 0, 1, 8, 0, 1);
        hears("has 5 after 3", "has 6 after 0", "has 8 after 0");
        member.checkpoint(5, 4);
        member.checkpoint(6, 4);
        final FakeServer.Received request = stores("5#4 epoch 1 OFF", "6#4 epoch 1 OFF");
        GroupEgress.revoked(server, MEMBER, 8, 1, RevokeReason.EXPIRED);
        server.entryResults(request.correlationId(), ResultCode.LEASE_LOST, 0);
        server.flush();
        hears("revoked 8 EXPIRED", "revoked 5 TAKEN");
        assertEquals(1, member.shardCount());
        assertFalse(member.checkpoint(5, 5));

        member.checkpoint(6, 5);
        server.entryResults(stores("6#5 epoch 1 OFF").correlationId(), ResultCode.INVALID_ARGUMENT, 0);
        server.flush();
        hears("not stored 6#5 INVALID_ARGUMENT");
        harness.turn();
        assertEquals(0, server.take(CheckpointDecoder.TEMPLATE_ID).size());
        assertEquals(1, member.shardCount());
    }

    @Test
    void shouldGoOnWhereItWasAfterAReconnect() {
        join(MEMBER, 5, 3, 1, 6, 0, 1, 8, 0, 1);
        hears("has 5 after 3", "has 6 after 0", "has 8 after 0");
        final List<FakeServer.Received> iterators = new ArrayList<>();
        harness.until("the iterators", () -> {
            iterators.addAll(server.take(GetShardIteratorDecoder.TEMPLATE_ID));
            return iterators.size() == 3;
        });
        StreamEgress.iterator(server, iterators.get(2).correlationId(), StreamEgress.after(5, 3, 1));
        server.flush();
        final long read = harness.await(GetRecordsDecoder.TEMPLATE_ID).correlationId();
        StreamEgress.records(server, read, 5, 4, "a");
        server.flush();
        hears("5#4 at 400 a=a");
        member.checkpoint(5, 4);
        stores("5#4 epoch 1 OFF");

        server.disconnect();
        harness.until("the loss", () -> !harness.client.isConnected());
        join(MEMBER, 5, 3, 2, 6, 0, 3);
        hears("has 6 after 0");
        confirm(stores("5#4 epoch 2 OFF"));
        final List<FakeServer.Received> asked = new ArrayList<>();
        harness.until("two iterators", () -> {
            asked.addAll(server.take(GetShardIteratorDecoder.TEMPLATE_ID));
            return asked.size() == 2;
        });
        assertEquals(
                List.of("6 0", "5 4"),
                asked.stream()
                        .map(one -> new GetShardIteratorDecoder().wrapAndApplyHeader(one.frame(), 0, header))
                        .map(one -> one.shardId() + " " + one.position())
                        .toList());
        harness.advance(SECOND_NS);
        confirm(harness.await(RenewLeasesDecoder.TEMPLATE_ID));
        hears("revoked 8 TAKEN");
        assertEquals(2, member.shardCount());
    }

    @Test
    void shouldJoinAgainWhenItsLeasesAreOver() {
        joinWithShard5();
        GroupEgress.ended(server, MEMBER + 1, MembershipEnd.TAKEN_OVER);
        GroupEgress.ended(server, MEMBER, MembershipEnd.LEASE_OVER);
        server.flush();
        hears("ended LEASE_OVER");
        assertEquals(0, member.shardCount());
        join(9, 5, 4, 2);
        hears("has 5 after 4");

        member.checkpoint(5, 6);
        server.refused(stores("5#6 epoch 2 OFF").correlationId(), ResultCode.UNKNOWN_MEMBER);
        server.flush();
        hears("ended LEASE_OVER");
        join(10);
    }

    @Test
    void shouldEndWhenAnotherTakesItsName() {
        joinWithShard5();
        GroupEgress.ended(server, MEMBER, MembershipEnd.TAKEN_OVER);
        server.flush();
        hears("ended TAKEN_OVER");
        assertTrue(member.isEnded());
        server.received.clear();
        harness.turn();
        assertEquals(List.of(), server.received);
    }

    @Test
    void shouldLeaveWhenItsCheckpointsAreStored() {
        joinWithShard5();
        asks("5 AFTER_SEQUENCE_NUMBER 3");
        member.checkpoint(5, 4);
        member.close();
        assertFalse(member.checkpoint(5, 5));
        final FakeServer.Received checkpoint = stores("5#4 epoch 1 OFF");
        assertEquals(0, server.take(LeaveGroupDecoder.TEMPLATE_ID).size());
        confirm(checkpoint);
        final FakeServer.Received leave = harness.await(LeaveGroupDecoder.TEMPLATE_ID);
        assertEquals(
                MEMBER,
                new LeaveGroupDecoder()
                        .wrapAndApplyHeader(leave.frame(), 0, header)
                        .memberId());
        assertFalse(member.isEnded());
        confirm(leave);
        harness.until("the end", member::isEnded);
        assertEquals(List.of(), heard);
    }

    @Test
    void shouldHavePatienceAndTellWhyItCannotJoin() {
        server.refused(harness.await(JoinGroupDecoder.TEMPLATE_ID).correlationId(), ResultCode.OVERLOADED);
        server.flush();
        harness.turn();
        assertEquals(0, server.take(JoinGroupDecoder.TEMPLATE_ID).size());
        harness.advance(SECOND_NS);
        server.refused(
                harness.await(JoinGroupDecoder.TEMPLATE_ID).correlationId(),
                -1,
                ResultCode.LIMIT_EXCEEDED,
                LimitId.GROUP_MEMBERS,
                1,
                2);
        server.flush();
        hears("refused LIMIT_EXCEEDED GROUP_MEMBERS 1 2");
        assertTrue(member.isEnded());
    }

    @Test
    void shouldSendFewerCheckpointsWhereTheServerAllowsFewer() {
        join(MEMBER, 5, 0, 1, 6, 0, 1);
        hears("has 5 after 0", "has 6 after 0");
        member.checkpoint(5, 1);
        member.checkpoint(6, 1);
        final FakeServer.Received both = stores("5#1 epoch 1 OFF", "6#1 epoch 1 OFF");
        server.refused(both.correlationId(), -1, ResultCode.LIMIT_EXCEEDED, LimitId.BATCH_ENTRIES, 1, 2);
        server.flush();
        confirm(stores("5#1 epoch 1 OFF"));
        confirm(stores("6#1 epoch 1 OFF"));
    }

    @Test
    void shouldTellOfAShardThatCannotBeRead() {
        joinWithShard5();
        server.refused(harness.await(GetShardIteratorDecoder.TEMPLATE_ID).correlationId(), ResultCode.NOT_AUTHORISED);
        server.flush();
        hears("failed 5 This client may not do that.");
        assertEquals(1, member.shardCount());
    }
}
