package io.millrace.server;

import io.millrace.store.RecordLogKeeper;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * Reads shards for sessions: what the kernel has granted it copies from the record logs into frames for the duty cycle. Reads and
 * subscriptions take turns, a frame each.
 */
final class ReaderAgent implements Agent {

    private static final long IDLE_CHECK_NS = TimeUnit.SECONDS.toNanos(1);

    private final OneToOneConcurrentArrayQueue<ShardFlow> requests;
    private final ReadFrames frames;
    private final OpenShards shards;
    private final NanoClock clock;
    private final ReadTask[] idleReads = new ReadTask[ShardFlows.MOST_READS];
    private final PushTask[] idlePushes = new PushTask[ShardFlows.MOST_PUSHES];
    private final ShardTask[] tasks = new ShardTask[ShardFlows.MOST_FLOWS];
    private int idleReadCount;
    private int idlePushCount;
    private int taskCount;
    private int turn;
    private long nextIdleCheckNs;

    ReaderAgent(
            final ShardFlows flows,
            final Path dataDirectory,
            final RecordLogKeeper keeper,
            final ErrorReporter errors,
            final NanoClock clock) {
        requests = flows.requests();
        frames = new ReadFrames(flows.ring());
        shards = new OpenShards(dataDirectory, clock);
        this.clock = clock;
        nextIdleCheckNs = clock.nanoTime();
        while (idleReadCount < idleReads.length) {
            idleReads[idleReadCount++] = new ReadTask(shards, frames, keeper, errors);
        }
        while (idlePushCount < idlePushes.length) {
            idlePushes[idlePushCount++] = new PushTask(shards, frames, errors, clock);
        }
    }

    @Override
    public String roleName() {
        return "millrace-reader";
    }

    @Override
    public int doWork() {
        int work = 0;
        for (ShardFlow flow = requests.poll(); flow != null; flow = requests.poll()) {
            tasks[taskCount++] = begin(flow);
            work++;
        }
        for (int i = taskCount; i > 0 && frames.flush(); i--) {
            turn = turn + 1 < taskCount ? turn + 1 : 0;
            work += work(turn);
        }
        final long nowNs = clock.nanoTime();
        if (nowNs - nextIdleCheckNs >= 0) {
            nextIdleCheckNs = nowNs + IDLE_CHECK_NS;
            work += shards.closeIdle();
        }
        return work;
    }

    private ShardTask begin(final ShardFlow flow) {
        if (flow instanceof ShardPush) {
            final PushTask task = idlePushes[--idlePushCount];
            task.begin((ShardPush) flow);
            return task;
        }
        final ReadTask task = idleReads[--idleReadCount];
        task.begin((ShardRead) flow);
        return task;
    }

    private int work(final int index) {
        final ShardTask task = tasks[index];
        final int work = task.work();
        if (task.hasEnded()) {
            tasks[index] = tasks[--taskCount];
            tasks[taskCount] = null;
            if (task instanceof PushTask) {
                idlePushes[idlePushCount++] = (PushTask) task;
            } else {
                idleReads[idleReadCount++] = (ReadTask) task;
            }
        }
        return work;
    }

    @Override
    public void onClose() {
        for (int i = 0; i < taskCount; i++) {
            tasks[i].close();
        }
        shards.close();
    }
}
