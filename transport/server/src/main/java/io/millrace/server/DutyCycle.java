package io.millrace.server;

import io.aeron.Image;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Kernel;
import io.millrace.store.AppendResult;
import io.millrace.store.Journal;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.NanoClock;

/**
 * The one thread that everything fast happens on. One pass takes what clients sent, journals it, has the kernel apply it and
 * sends what comes out. All that is slow or rare is done on a cadence, or elsewhere.
 */
final class DutyCycle implements Agent {

    /** IPC data never waits for what is done on the cadence. */
    private static final long SERVICE_INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(100);

    /** The driver looks at every publication when invoked: with a thousand of them its share of the time stays below a ninth. */
    private static final int SERVICE_REST_FACTOR = 8;

    /** Publications' windows must be moved on before a busy client has filled half a term. */
    private static final long MAX_SERVICE_INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final long PUBLISH_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long BUSY_NS = TimeUnit.MILLISECONDS.toNanos(10);

    /** How long acknowledgements wait for company. */
    private static final long PATIENCE_NS = 1_000;

    /** How late a timer may be noticed while there is traffic; commands notice it at once anyway. */
    private static final long LATENESS_BUSY_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long LATENESS_IDLE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long RESTART_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final ServerContext ctx;
    private final NanoClock nanoClock;
    private final KernelClock clock;
    private final Kernel kernel;
    private final Journal journal;
    private final Batch batch;
    private final QueryQueue queries;
    private final RecordLogHost logs;
    private final ShardFlows flows;
    private final ReplayFlows replays;
    private final EgressHub egress;
    private final RequestRouter router;
    private final GrowthBudget growth;
    private final Ingress ingress;
    private final Sessions sessions;
    private final HostCounters counters;
    private final ErrorReporter errors;
    private final Snapshots snapshots;
    private final TimerWork timerWork;
    private final Agent helper;
    private final boolean isNetworked;

    private AeronHost transport;
    private ServerCounters published;
    private boolean isDriverBusy;
    private boolean isHoldingRecords;
    private boolean isFailed;
    private boolean isMemoryNoted;
    private int lastWork;
    private long lastNowNs;
    private long lastTrafficNs;
    private long batchStartNs;
    private long nextServiceNs;
    private long nextPublishNs;
    private long nextRestartNs;

    /**
     * Puts the parts together.
     *
     * @param core   what recovery left.
     * @param helper slow work to be done on this thread, on the cadence; null if it has its own.
     */
    DutyCycle(final ServerCore core, final Agent helper) {
        ctx = core.ctx;
        nanoClock = ctx.nanoClock();
        clock = core.clock;
        kernel = core.kernel;
        journal = core.storage.journal();
        batch = core.batch;
        queries = core.queries;
        logs = core.logs;
        flows = core.flows;
        replays = core.replays;
        egress = core.egress;
        router = core.router;
        growth = core.growth;
        sessions = core.sessions;
        counters = core.counters;
        errors = core.errors;
        snapshots = core.snapshots;
        timerWork = new TimerWork(counters, TimerWork.threadClock(nanoClock));
        ingress = new Ingress(router, counters);
        isNetworked = ContextCheck.hasNetworkChannel(ctx);
        this.helper = helper;
        lastNowNs = nanoClock.nanoTime();
        nextServiceNs = lastNowNs;
        nextPublishNs = lastNowNs;
        nextRestartNs = lastNowNs;
        startTransport();
    }

    @Override
    public String roleName() {
        return "millrace-duty-cycle";
    }

    @Override
    public int doWork() {
        final long nowNs = nanoClock.nanoTime();
        trackCycle(nowNs);
        if (isFailed) {
            throw new AgentTerminationException(
                    "the journal or a record log failed: the server stops, and recovers at its next start");
        }
        final long timeNs = clock.timeNs(nowNs);
        if (batch.isEmpty()) {
            batchStartNs = nowNs;
        }
        int work = replay(nowNs);
        work += pollIngress(nowNs);
        if (!batch.isEmpty()) {
            work += mayWait(nowNs) ? 1 : commit(timeNs, nowNs);
        } else if (isClockDue(timeNs, nowNs)) {
            work += commitClock(timeNs, nowNs);
        }
        work += queries.drain(timeNs, kernel);
        work += flows.drain();
        work += egress.flush(nowNs);
        if (isDriverBusy) {
            work += transport.invokeDriver();
        }
        if (nowNs - nextServiceNs >= 0) {
            work += service(nowNs);
        }
        lastWork = work;
        return work;
    }

    /** Ends: what was taken is answered, clients are told, a snapshot saves the next start the replay. */
    @Override
    public void onClose() {
        try {
            if (!isFailed && !batch.isBroken()) {
                stop(nanoClock.nanoTime());
            }
        } finally {
            transport.close();
            if (helper != null) {
                helper.onClose();
            }
        }
    }

    private void stop(final long nowNs) {
        commitIfAny(nowNs);
        router.refuseAll(ResultCode.SERVER_STOPPING);
        queries.drain(kernel.timeNs(), kernel);
        egress.flush(nowNs);
        sessions.stop(nowNs);
        snapshots.writeAtStop();
    }

    /** {@return where clients find the ingress} */
    AeronHost transport() {
        return transport;
    }

    ServerCounters published() {
        return published;
    }

    /** Replays wait while commands would be refused. */
    private int replay(final long nowNs) {
        return isHoldingRecords || replays.count() == 0 || journal.diskLow() ? 0 : replays.poll(batch, growth, nowNs);
    }

    private int pollIngress(final long nowNs) {
        final int fragments = ingress.poll(nowNs);
        if (fragments > 0) {
            lastTrafficNs = nowNs;
        }
        return fragments;
    }

    /**
     * Who acknowledges sends something next, more often than not: that goes into the same excerpt then, and does not have to wait until
     * the acknowledgement has had a duty cycle of its own.
     */
    private boolean mayWait(final long nowNs) {
        return !batch.isUrgent() && nowNs - batchStartNs < PATIENCE_NS;
    }

    /** Time passes for the kernel only in records; commands carry it, and where there are none a clock record does. */
    private boolean isClockDue(final long timeNs, final long nowNs) {
        if (isHoldingRecords) {
            return false;
        }
        final long latenessNs = nowNs - lastTrafficNs < BUSY_NS ? LATENESS_BUSY_NS : LATENESS_IDLE_NS;
        final long deadlineNs = kernel.nextDeadlineNs();
        return kernel.workPending() || (deadlineNs != Long.MAX_VALUE && deadlineNs + latenessNs <= timeNs);
    }

    private int commitClock(final long timeNs, final long nowNs) {
        timerWork.begin();
        batch.appendClock();
        final int work = commit(timeNs, nowNs);
        timerWork.end();
        return work;
    }

    private int commit(final long timeNs, final long nowNs) {
        final int result = batch.commit(timeNs);
        replays.onBatch(result == AppendResult.OK, nowNs);
        if (result == AppendResult.OK) {
            sessions.onBatchApplied(nowNs);
            checkLogs();
        } else {
            onDeclined(result);
        }
        return 1;
    }

    private void commitIfAny(final long nowNs) {
        if (!batch.isEmpty()) {
            commit(clock.timeNs(nowNs), nowNs);
        }
    }

    /** What was put is in the journal: the next start brings it into the logs. */
    private void checkLogs() {
        if (batch.logsResult() != AppendResult.OK && !isFailed) {
            isFailed = true;
            errors.onError(new ServerException(
                    ServerException.Reason.STORE,
                    "A record log declined a record: " + AppendResult.name(batch.logsResult()),
                    logs.failure()));
        }
    }

    private void onDeclined(final int result) {
        sessions.onBatchDeclined();
        isHoldingRecords = true;
        router.refuseAll(ResultCode.OVERLOADED);
        if (result != AppendResult.DISK_FULL) {
            isFailed = true;
            errors.onError(new ServerException(
                    ServerException.Reason.STORE, "The journal declined a batch: " + AppendResult.name(result)));
        }
    }

    /** What is done on the cadence. */
    private int service(final long nowNs) {
        int work = 0;
        if (transport.isDead()) {
            work += restartTransport(nowNs);
        } else {
            work += transport.invokeClient();
            if (transport.isDriverInvoked()) {
                work += transport.invokeDriver();
            }
            work += sessions.doWork(nowNs);
        }
        work += logs.poll() + logs.announce(batch);
        flows.renew();
        ingress.cool(nowNs);
        isHoldingRecords = false;
        router.refuseAll(journal.diskLow() ? ResultCode.OVERLOADED : ResultCode.OK);
        growth.renew();
        warnOfMemory();
        if (nowNs - nextPublishNs >= 0) {
            nextPublishNs = nowNs + PUBLISH_INTERVAL_NS;
            work += publish(nowNs);
        }
        if (helper != null) {
            work += doHelperWork();
        }
        final long endNs = nanoClock.nanoTime();
        final long restNs = Math.min(MAX_SERVICE_INTERVAL_NS, SERVICE_REST_FACTOR * (endNs - nowNs));
        nextServiceNs = endNs + Math.max(SERVICE_INTERVAL_NS, restNs);
        return work;
    }

    private void warnOfMemory() {
        if (!isMemoryNoted && growth.refusals() > 0) {
            isMemoryNoted = true;
            errors.note("millrace: the queues and messages take the memory that they may (" + growth.limitBytes()
                    + " bytes): what would store more is refused until messages are acknowledged");
        }
    }

    private int doHelperWork() {
        try {
            return helper.doWork();
        } catch (final Exception e) {
            errors.onError(e);
            return 0;
        }
    }

    private int publish(final long nowNs) {
        clock.slew();
        if (transport.isDead()) {
            return 0;
        }
        // Read once: a request that comes in behind this line is for the next round, and must not be called served.
        final boolean isAsked = published.snapshotControl().get() == ServerControl.SNAPSHOT_REQUESTED;
        if (isAsked || snapshots.isRequested()) {
            commitIfAny(nowNs);
            snapshots.write();
            // The loop stood still: that is in the snapshot's own counter.
            lastNowNs = nanoClock.nanoTime();
            lastWork = 0;
        }
        published.publish(counters);
        published.publish(kernel.counters());
        published.publish(ServerCounters.Id.ERRORS, errors.count());
        published.publish(ServerCounters.Id.JOURNAL_POSITION, journal.nextPosition());
        published.publish(ServerCounters.Id.SYNCED_POSITION, journal.syncedPosition());
        published.publish(ServerCounters.Id.DISK_LOW, journal.diskLow() ? 1 : 0);
        published.publish(ServerCounters.Id.QUEUES, kernel.queueCount());
        published.publish(ServerCounters.Id.ARENA_BYTES, kernel.arenaBytes());
        published.publish(ServerCounters.Id.MEMORY_BYTES, kernel.memory().reservedBytes());
        published.publish(ServerCounters.Id.MEMORY_LIMIT_BYTES, growth.limitBytes());
        if (isAsked) {
            published.snapshotControl().setRelease(ServerControl.NEUTRAL);
        }
        return 0;
    }

    /** Starts all of it and says where it is, or leaves nothing of it running. */
    private void startTransport() {
        final AeronHost started = AeronHost.start(ctx, errors, this::onImage, this::onImageGone);
        try {
            published = new ServerCounters(started.aeron(), ctx.directory());
            // A port chosen by the system is another one after each start.
            new ServerProperties(
                            ctx.aeronDirectoryName(),
                            started.resolvedChannels(ctx),
                            ctx.ingressStreamId(),
                            ProcessHandle.current().pid())
                    .write(ctx.directory());
        } catch (final RuntimeException e) {
            CloseHelper.quietClose(started);
            throw e;
        }
        transport = started;
        isDriverBusy = isNetworked && started.isDriverInvoked();
        sessions.aeron(started.aeron());
    }

    /** The kernel lives on: its sessions end by records, and clients come back as soon as there is a driver again. */
    private int restartTransport(final long nowNs) {
        if (nowNs - nextRestartNs < 0) {
            return 0;
        }
        nextRestartNs = nowNs + RESTART_INTERVAL_NS;
        counters.transportRestarts++;
        errors.note("millrace: the media driver or the Aeron client ended; starting them again");
        isDriverBusy = false;
        sessions.closeAll(ResultCode.SERVER_STOPPING);
        ingress.clear();
        transport.close();
        try {
            startTransport();
        } catch (final RuntimeException e) {
            // Whatever it is, the kernel is whole: it is tried again in a while.
            errors.onError(e);
        }
        return 1;
    }

    private void onImage(final Image image) {
        ingress.add(image, nanoClock.nanoTime());
    }

    private void onImageGone(final Image image) {
        final IngressImage gone = ingress.remove(image);
        if (gone != null && gone.session != null) {
            sessions.close(gone.session, ResultCode.CLIENT_CLOSED);
        }
    }

    /** A cycle that did something is followed by the next at once, so the time between their starts is its length. */
    private void trackCycle(final long nowNs) {
        final long elapsedNs = nowNs - lastNowNs;
        if (lastWork > 0 && elapsedNs > counters.maxCycleNs) {
            counters.maxCycleNs = elapsedNs;
        }
        lastNowNs = nowNs;
    }
}
