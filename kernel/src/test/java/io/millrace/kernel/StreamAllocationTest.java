package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.StreamCommand.Put;
import io.millrace.kernel.StreamCommand.Settings;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Putting records, granting reads and beginning and ending pushes makes no garbage, with quotas or without. */
class StreamAllocationTest {
    private static final int WARM_UP_ROUNDS = 20_000;
    private static final int ROUNDS = 5_000;
    private static final int ATTEMPTS = 5;
    private static final int RECORDS = 16;
    private static final int PRODUCER_SEQUENCE = 40;
    private static final int SHARDS = 100;

    private long sequence;
    private long rounds;
    private UnsafeBuffer push;
    private UnsafeBuffer endPush;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAllocateNothing(final boolean hasQuotas) {
        final BulkKernel bulk = new BulkKernel(
                hasQuotas ? Limits.awsProfile().with(LimitId.SHARD_READS, 100_000) : Limits.nativeProfile());
        final long stream = bulk.make(new StreamCommand.CreateStream(1, Producer.NONE, "tape", SHARDS, Settings.NONE));
        bulk.kernel.shardsReady(bulk.nowNs, stream, SHARDS);
        bulk.apply(new Command.OpenProducer(1, 0, 1));
        final UnsafeBuffer put = bulk.frame(new StreamCommand.PutRecords(1, Producer.NONE, stream, records()));
        final UnsafeBuffer putOnce =
                bulk.frame(new StreamCommand.PutRecords(1, new Producer(1, 1, 1), stream, records()));
        final UnsafeBuffer get = bulk.frame(new StreamCommand.GetRecords(
                1, new StreamCommand.Iterator(1, ShardPosition.AT_SEQUENCE_NUMBER, 0, Long.MAX_VALUE), 10, 1_000));

        bulk.apply(new StreamCommand.RegisterStreamConsumer(1, Producer.NONE, stream, "bars"));
        push = bulk.frame(new StreamCommand.SubscribeToShard(1, 1, 1, ShardPosition.LATEST, 0, 1_000));
        endPush = bulk.frame(new StreamCommand.UnsubscribeFromShard(1, 1, 1));

        run(bulk, WARM_UP_ROUNDS, put, putOnce, get);
        final long[] bytes = new long[ATTEMPTS];
        int attempts = 0;
        do {
            bytes[attempts] = bytesAllocatedBy(bulk, put, putOnce, get);
        } while (bytes[attempts++] > 0 && attempts < ATTEMPTS);

        assertEquals(0, bytes[attempts - 1], () -> "bytes allocated in each attempt: " + Arrays.toString(bytes));
        assertEquals(0, bulk.kernel.state().streams.pushes.liveCount(), "pushes");
        assertEquals(rounds, bulk.kernel.counters().reads(), "reads");
        assertEquals(2 * RECORDS * rounds, bulk.kernel.counters().puts(), "puts");
    }

    private static List<Put> records() {
        final List<Put> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            final BigInteger hashKey = i % 4 == 0 ? BigInteger.valueOf(i).shiftLeft(124) : null;
            records.add(new Put(hashKey, "key " + i, "200 bytes".repeat(22)));
        }
        return records;
    }

    private long bytesAllocatedBy(
            final BulkKernel bulk, final UnsafeBuffer put, final UnsafeBuffer putOnce, final UnsafeBuffer get) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        run(bulk, ROUNDS, put, putOnce, get);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** The time passes faster than the quotas of the shards are used up. */
    private void run(
            final BulkKernel bulk,
            final int count,
            final UnsafeBuffer put,
            final UnsafeBuffer putOnce,
            final UnsafeBuffer get) {
        for (int i = 0; i < count; i++) {
            rounds++;
            bulk.apply(put, put.capacity());
            putOnce.putLong(PRODUCER_SEQUENCE, ++sequence, ByteOrder.LITTLE_ENDIAN);
            bulk.apply(putOnce, putOnce.capacity());
            bulk.apply(get, get.capacity());
            bulk.kernel.recordsRead(bulk.nowNs, 1, 100);
            bulk.apply(push, push.capacity());
            bulk.apply(endPush, endPush.capacity());
            bulk.nowNs += 200 * Scenario.MS;
            bulk.clock();
        }
    }
}
