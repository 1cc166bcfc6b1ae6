package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.aeron.Publication;
import io.millrace.codecs.GetRecordsDecoder;
import io.millrace.codecs.GetShardIteratorDecoder;
import io.millrace.codecs.IteratorIssuedEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PutRecordsDecoder;
import io.millrace.codecs.PutResultsEncoder;
import io.millrace.codecs.RecordsEndEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardIteratorEncoder;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.ShardRecordsEncoder;
import java.lang.management.ManagementFactory;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Puts and reads records through real Aeron, and looks at what the thread has allocated meanwhile. */
class StreamAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 50_000;
    private static final int MEASURED = 50_000;
    private static final int ROUNDS = 5;
    private static final int RECORDS = 4;

    private final Harness harness = new Harness();
    private final UnsafeBuffer data = new UnsafeBuffer(new byte[200]);
    private final UnsafeBuffer key = new UnsafeBuffer(new byte[8]);
    private final HashKey hashKey = new HashKey(1, 2);
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[8192]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final PutResultsEncoder putResults = new PutResultsEncoder();
    private final ShardRecordsEncoder shardRecords = new ShardRecordsEncoder();
    private final RecordsEndEncoder recordsEnd = new RecordsEndEncoder();
    private final IteratorIssuedEncoder issued = new IteratorIssuedEncoder();
    private final PutRecordsDecoder put = new PutRecordsDecoder();
    private MillraceClient client;
    private StreamProducer producer;
    private long stored;
    private long read;
    private long puts;
    private byte[] garbage;
    private int garbageLength;

    @AfterEach
    void tearDown() {
        harness.close();
    }

    @Test
    void shouldAllocateNothingForPutsRetriesAndReads() {
        connect();
        // What the compiler still throws away is materialised once; an allocation of the code itself is in every round.
        long allocated = run(MEASURED);
        for (int round = 1; round < ROUNDS && allocated != 0; round++) {
            allocated = run(MEASURED);
        }

        assertEquals(0, allocated);
        assertTrue(stored >= 3L * MEASURED - 64, "stored " + stored);
        assertTrue(read >= MEASURED, "read " + read);
        assertTrue(producer.retries() > 1_000, "retries " + producer.retries());
    }

    @Test
    void shouldSeeAnAllocationOf16BytesARecord() {
        garbageLength = 1;
        connect();

        assertTrue(run(MEASURED) >= 16L * MEASURED);
        assertEquals(1, garbage.length);
    }

    private void connect() {
        client = harness.connect(harness.context().closeTimeoutNs(0).dutyIntervalNs(50_000));
        harness.server.ingressHandler = (buffer, offset, length, aeronHeader) ->
                answer(buffer, offset, buffer.getShort(offset + 2, Wire.ORDER));
        producer = client.streams().producer(9, new PutListener() {
            @Override
            public void onPut(final long ticket, final long shardId, final long sequenceNumber) {
                stored++;
            }

            @Override
            public void onRefused(
                    final long ticket,
                    final ResultCode code,
                    final LimitId limitId,
                    final long limit,
                    final long actual) {
                throw new AssertionError("refused: " + code);
            }
        });
        producer.retryDelayNs(0);
        client.streams().reader(5, StreamPosition.HORIZON, this::onRecord);
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
        if (garbageLength > 0) {
            garbage = new byte[garbageLength];
        }
    }

    /** @return bytes that the client's calls have allocated; driver and server run on the same thread, uncounted. */
    private long run(final int rounds) {
        stored = 0;
        read = 0;
        long allocated = 0;
        for (int i = 0; i < rounds; i++) {
            key.putLong(0, 0x3030303030303030L + (i & 7));
            final long beforeOffer = THREADS.getCurrentThreadAllocatedBytes();
            producer.offer(key, 0, 8, data, 0, 100 + (i & 63));
            producer.offer("symbol", data, 0, 100);
            producer.offer(hashKey, "symbol", data, 0, 50);
            allocated += THREADS.getCurrentThreadAllocatedBytes() - beforeOffer;
            for (int k = 0; k < 3; k++) {
                harness.server.doWork();
                final long beforePoll = THREADS.getCurrentThreadAllocatedBytes();
                client.poll();
                allocated += THREADS.getCurrentThreadAllocatedBytes() - beforePoll;
            }
            if ((i & 15) == 0) {
                harness.driver.sharedAgentInvoker().invoke();
                harness.serverAeron.conductorAgentInvoker().invoke();
            }
        }
        return allocated;
    }

    private void answer(final DirectBuffer buffer, final int offset, final int templateId) {
        final int length = switch (templateId) {
            case PutRecordsDecoder.TEMPLATE_ID -> putResults(buffer, offset);
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

    /** All are stored, but the first of every 16th frame is refused by its shard for now. */
    private int putResults(final DirectBuffer buffer, final int offset) {
        put.wrap(buffer, offset + Wire.HEADER_LENGTH, PutRecordsDecoder.BLOCK_LENGTH, PutRecordsDecoder.SCHEMA_VERSION);
        final int count = put.records().count();
        final boolean isRefused = (++puts & 15) == 0;
        putResults.wrapAndApplyHeader(answer, 0, header).correlationId(correlationId(buffer, offset));
        final PutResultsEncoder.ResultsEncoder results = putResults.resultsCount(count);
        for (int i = 0; i < count; i++) {
            final boolean isFirst = i == 0 && isRefused;
            results.next()
                    .shardId(5)
                    .sequenceNumber(puts)
                    .limitValue(1)
                    .actualValue(2)
                    .code(isFirst ? ResultCode.LIMIT_EXCEEDED : ResultCode.OK)
                    .limitId(isFirst ? LimitId.SHARD_PUTS : LimitId.NONE);
        }
        return end(0, putResults.encodedLength());
    }

    private int records(final DirectBuffer buffer, final int offset) {
        shardRecords
                .wrapAndApplyHeader(answer, 0, header)
                .correlationId(correlationId(buffer, offset))
                .shardId(5);
        final ShardRecordsEncoder.RecordsEncoder records = shardRecords.recordsCount(RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            records.next()
                    .sequenceNumber(read + i)
                    .arrivalTimeNs(1)
                    .putPartitionKey(key, 0, 8)
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
        ShardIterator.encode(iterator, 5, ShardPosition.AFTER_SEQUENCE_NUMBER, read, 1);
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
