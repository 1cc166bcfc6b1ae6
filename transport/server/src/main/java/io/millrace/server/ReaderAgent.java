package io.millrace.server;

import io.millrace.store.RecordLogKeeper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.ArrayListUtil;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * Reads shards for sessions, and archives for subscriptions of topics: what the kernel has granted it copies from the record logs into
 * frames and pages for the duty cycle. Reads and subscriptions take turns, a frame each, and so do replays, a page each.
 */
final class ReaderAgent implements Agent {

    private static final long IDLE_CHECK_NS = TimeUnit.SECONDS.toNanos(1);

    private final OneToOneConcurrentArrayQueue<ShardFlow> requests;
    private final ManyToOneConcurrentLinkedQueue<ReplayFlow> replayRequests;
    private final ReadFrames frames;
    private final ErrorReporter errors;
    private final OpenShards shards;
    private final NanoClock clock;
    private final ReadTask[] idleReads = new ReadTask[ShardFlows.MOST_READS];
    private final PushTask[] idlePushes = new PushTask[ShardFlows.MOST_PUSHES];
    private final ShardTask[] tasks = new ShardTask[ShardFlows.MOST_FLOWS];
    private final ArrayList<ReplayTask> replays = new ArrayList<>();
    private int idleReadCount;
    private int idlePushCount;
    private int taskCount;
    private int turn;
    private long nextIdleCheckNs;

    ReaderAgent(
            final ShardFlows flows,
            final ReplayFlows replayFlows,
            final Path dataDirectory,
            final RecordLogKeeper keeper,
            final ErrorReporter errors,
            final NanoClock clock) {
        requests = flows.requests();
        replayRequests = replayFlows.requests();
        this.errors = errors;
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
        work += replay();
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

    /** Replays wait for nobody's output: each has a page of its own. */
    private int replay() {
        int work = 0;
        for (ReplayFlow flow = replayRequests.poll(); flow != null; flow = replayRequests.poll()) {
            replays.add(new ReplayTask(flow, shards, errors));
        }
        for (int i = replays.size() - 1; i >= 0; i--) {
            final ReplayTask task = replays.get(i);
            work += task.work();
            if (task.hasEnded()) {
                ArrayListUtil.fastUnorderedRemove(replays, i);
            }
        }
        return work;
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
        replays.forEach(ReplayTask::close);
        shards.close();
    }
}
