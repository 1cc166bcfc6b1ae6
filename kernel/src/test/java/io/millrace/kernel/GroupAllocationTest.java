package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.millrace.codecs.GroupStart;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.GroupCommand.Progress;
import io.millrace.kernel.StreamCommand.Put;
import io.millrace.kernel.StreamCommand.Settings;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Checkpoints and renewals make no garbage, and neither does a shard that goes back and forth. */
class GroupAllocationTest {
    private static final int WARM_UP_ROUNDS = 20_000;
    private static final int ROUNDS = 5_000;
    private static final int ATTEMPTS = 5;
    private static final int SHARDS = 16;

    private int epoch = 1;

    @Test
    void shouldAllocateNothing() {
        final BulkKernel bulk = new BulkKernel(Limits.nativeProfile());
        final long stream = bulk.make(new StreamCommand.CreateStream(1, Producer.NONE, "tape", SHARDS, Settings.NONE));
        bulk.kernel.shardsReady(bulk.nowNs, stream, SHARDS);
        bulk.apply(new StreamCommand.PutRecords(1, Producer.NONE, stream, List.of(new Put("key", "data"))));
        final long group = bulk.make(
                new GroupCommand.CreateGroup(1, Producer.NONE, stream, Scenario.SECOND, GroupStart.HORIZON, "bars"));
        final long member = bulk.make(new GroupCommand.JoinGroup(1, group, "worker"));
        final List<Progress> checkpoints = LongStream.range(1, SHARDS)
                .mapToObj(shard -> new Progress(shard, 1, 0, false))
                .toList();
        final UnsafeBuffer checkpoint = bulk.frame(new GroupCommand.Checkpoint(1, member, checkpoints));
        final UnsafeBuffer renew = bulk.frame(new GroupCommand.RenewLeases(1, member));
        final UnsafeBuffer release = bulk.frame(new GroupCommand.ReleaseShard(1, member, SHARDS, 1));

        run(bulk, WARM_UP_ROUNDS, checkpoint, renew, release);
        final long[] bytes = new long[ATTEMPTS];
        int attempts = 0;
        do {
            bytes[attempts] = bytesAllocatedBy(bulk, checkpoint, renew, release);
        } while (bytes[attempts++] > 0 && attempts < ATTEMPTS);

        assertEquals(0, bytes[attempts - 1], () -> "bytes allocated in each attempt: " + Arrays.toString(bytes));
    }

    private long bytesAllocatedBy(
            final BulkKernel bulk,
            final UnsafeBuffer checkpoint,
            final UnsafeBuffer renew,
            final UnsafeBuffer release) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        run(bulk, ROUNDS, checkpoint, renew, release);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** What is refused makes the kernel under test fail. */
    private void run(
            final BulkKernel bulk,
            final int count,
            final UnsafeBuffer checkpoint,
            final UnsafeBuffer renew,
            final UnsafeBuffer release) {
        for (int i = 0; i < count; i++) {
            bulk.apply(checkpoint, checkpoint.capacity());
            bulk.apply(renew, renew.capacity());
            release.putInt(release.capacity() - Integer.BYTES, epoch++, ByteOrder.LITTLE_ENDIAN);
            bulk.apply(release, release.capacity());
            bulk.nowNs += 100 * Scenario.MS;
            bulk.clock();
        }
    }
}
