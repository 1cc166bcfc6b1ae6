package io.millrace.server;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.Kernel;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/**
 * The parts of a server in the order in which they come to life: directory, storage, kernel, recovery. When it exists, the
 * state is what it was at the end of the last start, and a record of this start says so.
 */
final class ServerCore implements AutoCloseable {

    private static final long LARGE_JUMP_NS = TimeUnit.HOURS.toNanos(1);

    final ServerContext ctx;
    final ErrorReporter errors;
    final Storage storage;
    final HostCounters counters = new HostCounters();
    final EgressHub egress = new EgressHub(counters);
    final ShardFlows flows = new ShardFlows(egress);
    final ReplayFlows replays = new ReplayFlows(counters);
    final RecordLogHost logs = new RecordLogHost(flows, replays);
    final Kernel kernel = new Kernel(egress, (blobId, contentLength) -> {}, logs);
    final KernelClock clock;
    final HostReplies replies;
    final Batch batch;
    final QueryQueue queries = new QueryQueue();
    final GrowthBudget growth;
    final RequestRouter router;
    final Sessions sessions;
    final Snapshots snapshots;

    /**
     * Recovers a directory.
     *
     * @param ctx concluded settings.
     * @throws ServerException or an exception of the store that names what stands in the way.
     */
    ServerCore(final ServerContext ctx) {
        this.ctx = ctx;
        storage = Storage.open(ctx);
        try {
            errors = new ErrorReporter(storage.directory(), ctx.log());
            noteLoss();
            final Recovered recovered = recover();
            counters.snapshotPosition = recovered.snapshotPosition();
            clock = new KernelClock(ctx.nanoClock(), ctx.epochClock(), kernel.timeNs());
            warnOfJump(recovered);
            replies = new HostReplies(
                    egress,
                    storage.journal().bootEpoch(),
                    Timeouts.of(ctx.timeoutNs()).sessionNs(),
                    (int) ctx.limits().get(LimitId.MESSAGE_BYTES));
            batch = new Batch(kernel, storage.journal(), logs, replies, counters, ctx.maxBatchRecords());
            flows.reads.connect(replies, batch, ctx.limits().get(LimitId.SHARD_READ_BYTES) > 0);
            FirstRecords.write(
                    batch,
                    kernel,
                    storage.journal(),
                    ctx.limits(),
                    clock.timeNs(ctx.nanoClock().nanoTime()));
            logs.openAll();
            growth = new GrowthBudget(kernel.memory(), ctx.memoryBytes());
            router = new RequestRouter(batch, queries, replies, counters, growth, flows.pushes);
            sessions = new Sessions(
                    ctx,
                    batch,
                    egress,
                    replies,
                    counters,
                    errors,
                    storage.journal().bootEpoch());
            router.sessions(sessions);
            snapshots = new Snapshots(kernel, storage, counters, errors, ctx.snapshotDeadlineNs());
        } catch (final RuntimeException e) {
            CloseHelper.quietClose(storage);
            throw e;
        }
    }

    /** {@return what reads shards and archives, on a thread of its own or on the duty cycle's} */
    ReaderAgent readerAgent() {
        return new ReaderAgent(flows, replays, storage.directory(), storage.recordLogKeeper(), errors, ctx.nanoClock());
    }

    @Override
    public void close() {
        errors.print();
        CloseHelper.closeAll(storage, errors);
    }

    /** Nothing is lost in silence, and what a restarted machine has lost least of all. */
    private void noteLoss() {
        final String lost = storage.lostWords();
        if (lost != null) {
            errors.note("millrace: " + lost);
        }
    }

    private Recovered recover() {
        try {
            return Recovered.from(storage, kernel, logs, errors);
        } catch (final OutOfMemoryError e) {
            throw new ServerException(
                    ServerException.Reason.RESOURCES,
                    "The queues and messages in " + storage.directory()
                            + " need more memory than this JVM may reserve ("
                            + DirectMemory.limitBytes()
                            + " bytes outside the heap): start it with a larger -XX:MaxDirectMemorySize.",
                    e);
        }
    }

    private void warnOfJump(final Recovered recovered) {
        final long lastNs = kernel.timeNs();
        final long startNs = clock.timeNs(ctx.nanoClock().nanoTime());
        if (recovered.nextPosition() > 0 && startNs - lastNs > LARGE_JUMP_NS) {
            errors.note("millrace: " + TimeUnit.NANOSECONDS.toSeconds(startNs - lastNs)
                    + " s have passed since the last record; what was due in that time is due now");
        } else if (recovered.nextPosition() > 0 && lastNs - ctx.epochClock().nanoTime() > LARGE_JUMP_NS) {
            errors.note("millrace: the wall clock lies before the last record; time goes on from the record");
        }
    }
}
