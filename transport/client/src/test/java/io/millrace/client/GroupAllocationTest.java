package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.aeron.Publication;
import io.millrace.codecs.CheckpointDecoder;
import io.millrace.codecs.ConfirmedEncoder;
import io.millrace.codecs.GetRecordsDecoder;
import io.millrace.codecs.GetShardIteratorDecoder;
import io.millrace.codecs.IteratorIssuedEncoder;
import io.millrace.codecs.JoinGroupDecoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.RecordsEndEncoder;
import io.millrace.codecs.RenewLeasesDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardAssignedEncoder;
import io.millrace.codecs.ShardIteratorEncoder;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.ShardRecordsEncoder;
import java.lang.management.ManagementFactory;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads as a member of a consumer group through real Aeron, and looks at what the thread has allocated meanwhile. */
class GroupAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 40_000;
    private static final int MEASURED = 20_000;
    private static final int ROUNDS = 5;
    private static final int RECORDS = 4;

    private final Harness harness = new Harness();
    private final UnsafeBuffer data = new UnsafeBuffer(new byte[200]);
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[8192]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ConfirmedEncoder confirmed = new ConfirmedEncoder();
    private final ShardAssignedEncoder assigned = new ShardAssignedEncoder();
    private final ShardRecordsEncoder shardRecords = new ShardRecordsEncoder();
    private final RecordsEndEncoder recordsEnd = new RecordsEndEncoder();
    private final IteratorIssuedEncoder issued = new IteratorIssuedEncoder();
    private GroupMember member;
    private long read;

    /** Records of the runs before. */
    private long numbered;

    private long checkpoints;
    private long renewals;
    private byte[] garbage;
    private int garbageLength;

    @AfterEach
    void tearDown() {
        harness.close();
    }

    @Test
    void shouldAllocateNothingForRecordsCheckpointsAndRenewals() {
        join();
        // What the compiler still throws away is materialised once; an allocation of the code itself is in every round.
        long allocated = run(MEASURED);
        for (int round = 1; round < ROUNDS && allocated != 0; round++) {
            allocated = run(MEASURED);
        }

        assertEquals(0, allocated);
        assertTrue(read >= MEASURED, "read " + read);
        assertTrue(checkpoints >= MEASURED / 4, "checkpoints " + checkpoints);
        assertTrue(renewals >= MEASURED / 1_000, "renewals " + renewals);
    }

    @Test
    void shouldSeeAnAllocationOf16BytesARecord() {
        garbageLength = 1;
        join();

        assertTrue(run(MEASURED) >= 16 * read);
        assertEquals(1, garbage.length);
    }

    private void join() {
        harness.connect(harness.context().closeTimeoutNs(0).dutyIntervalNs(50_000));
        harness.server.ingressHandler = (buffer, offset, length, aeronHeader) -> {
            GroupEgress.group(harness.server, correlationId(buffer, offset), 0);
            harness.server.flush();
        };
        member = harness.client.streams().groups().join(7, "desk", this::onRecord);
        harness.server.ingressHandler = (buffer, offset, length, aeronHeader) ->
                answer(buffer, offset, buffer.getShort(offset + 2, Wire.ORDER));
        run(WARM_UP);
    }

    private void onRecord(
            final long shardId,
            final long sequenceNumber,
            final long arrivalTimeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        read++;
        member.checkpoint(shardId, sequenceNumber);
        if (garbageLength > 0) {
            garbage = new byte[garbageLength];
        }
    }

    /** @return bytes that the client's calls have allocated; driver and server run on the same thread, uncounted. */
    private long run(final int rounds) {
        numbered += read;
        read = 0;
        checkpoints = 0;
        renewals = 0;
        long allocated = 0;
        for (int i = 0; i < rounds; i++) {
            harness.server.doWork();
            harness.advance(GroupEgress.LEASE_NS / 1_000);
            final long beforePoll = THREADS.getCurrentThreadAllocatedBytes();
            harness.client.poll();
            allocated += THREADS.getCurrentThreadAllocatedBytes() - beforePoll;
            if ((i & 15) == 0) {
                harness.driver.sharedAgentInvoker().invoke();
                harness.serverAeron.conductorAgentInvoker().invoke();
            }
        }
        return allocated;
    }

    private void answer(final DirectBuffer buffer, final int offset, final int templateId) {
        final int length = switch (templateId) {
            case JoinGroupDecoder.TEMPLATE_ID -> assign(confirm(buffer, offset, 3));
            case CheckpointDecoder.TEMPLATE_ID -> {
                checkpoints++;
                yield confirm(buffer, offset, 0);
            }
            case RenewLeasesDecoder.TEMPLATE_ID -> {
                renewals++;
                yield confirm(buffer, offset, 0);
            }
            case GetRecordsDecoder.TEMPLATE_ID -> records(buffer, offset);
            case GetShardIteratorDecoder.TEMPLATE_ID -> iterator(buffer, offset);
            default -> 0;
        };
        if (length == 0) {
            return;
        }
        long result = harness.server.egress().offer(answer, 0, length);
        if (result == Publication.ADMIN_ACTION) {
            result = harness.server.egress().offer(answer, 0, length);
        }
        if (result < 0) {
            throw new AssertionError("The client does not take its egress: " + result);
        }
    }

    private int confirm(final DirectBuffer buffer, final int offset, final long value) {
        confirmed
                .wrapAndApplyHeader(answer, 0, header)
                .fromCorrelationId(correlationId(buffer, offset))
                .toCorrelationId(correlationId(buffer, offset))
                .firstValue(value)
                .valuesPerCommand(1)
                .reserved(0);
        return end(0, confirmed.encodedLength());
    }

    private int assign(final int offset) {
        assigned.wrapAndApplyHeader(answer, offset, header)
                .groupId(7)
                .memberId(3)
                .shardId(5)
                .sequenceNumber(0)
                .leaseEpoch(1);
        return end(offset, assigned.encodedLength());
    }

    private int records(final DirectBuffer buffer, final int offset) {
        shardRecords
                .wrapAndApplyHeader(answer, 0, header)
                .correlationId(correlationId(buffer, offset))
                .shardId(5);
        final ShardRecordsEncoder.RecordsEncoder records = shardRecords.recordsCount(RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            records.next()
                    .sequenceNumber(numbered + read + i + 1)
                    .arrivalTimeNs(1)
                    .putPartitionKey(data, 0, 8)
                    .putData(data, 0, 100);
        }
        final int next = end(0, shardRecords.encodedLength());
        recordsEnd
                .wrapAndApplyHeader(answer, next, header)
                .correlationId(correlationId(buffer, offset))
                .behindNs(1)
                .recordCount(RECORDS)
                .code(ResultCode.OK);
        encode(recordsEnd.next());
        recordsEnd.childrenCount(0);
        return end(next, recordsEnd.encodedLength());
    }

    private int iterator(final DirectBuffer buffer, final int offset) {
        issued.wrapAndApplyHeader(answer, 0, header).correlationId(correlationId(buffer, offset));
        encode(issued.iterator());
        return end(0, issued.encodedLength());
    }

    private void encode(final ShardIteratorEncoder iterator) {
        ShardIterator.encode(iterator, 5, ShardPosition.AFTER_SEQUENCE_NUMBER, numbered + read, 1);
    }

    private static long correlationId(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + Wire.CORRELATION_ID_OFFSET, Wire.ORDER);
    }

    /** Numbers the message that was written and tells where the next one starts. */
    private int end(final int offset, final int blockLength) {
        final int length = Wire.HEADER_LENGTH + blockLength;
        header.wrap(answer, offset)
                .messageLength(length)
                .frameSequence(Integer.toUnsignedLong(++harness.server.frameSequence));
        return offset + BitUtil.align(length, Wire.ALIGNMENT);
    }
}
