package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.Tables.Root;
import org.agrona.DirectBuffer;

/**
 * The state machine: a pure function of its input log, on one thread, without clock, I/O or randomness.
 *
 * <p>Each method but the queries is one record of the log. The same records give the same answers and the same
 * {@link #stateHash()} on any machine, whether they come in batches or one at a time, live or in replay. A record first lets
 * everything happen that is due at its time, then does a slice of the work left over, then executes its command.
 */
public final class Kernel {
    /** Version of the behaviour: a log written by another version is replayed only if it is declared identical. */
    public static final int VERSION = 1;

    /** Timers that fire, messages that are handed out and rows that are freed beyond the command of one record. */
    public static final int SLICE = 256;

    private final State state = new State();
    private final Deliveries deliveries;
    private final DeliveryEncoding encoding;
    private final Transfers transfers;
    private final Deduplications deduplications;
    private final Blobs blobs = new Blobs(state);
    private final Attempts attempts;
    private final Sessions sessions;
    private final DeadLetterSources sources;
    private final DeletedNames deletedNames;
    private final Expiries expiries;
    private final Alarms alarms;
    private final Watches watches;
    private final Graves graves;
    private final QueueLifecycle lifecycle;
    private final Reclaimer reclaimer;
    private final Redrives redrives;
    private final Request request;
    private final StreamCommands streamCommands;
    private final TopicCommands topicCommands;
    private final Commands commands;
    private final Queries queries;
    private final KernelMemory memory = new KernelMemory(state);

    /**
     * A kernel without history.
     *
     * @param egress that takes its answers.
     */
    public Kernel(final Egress egress) {
        this(egress, (blobId, contentLength) -> {}, RecordLogs.NONE);
    }

    /**
     * A kernel without history.
     *
     * @param egress that takes its answers.
     * @param blobPort that hears of blobs that nothing refers to any more.
     * @param logs that take the records of its streams.
     */
    public Kernel(final Egress egress, final BlobPort blobPort, final RecordLogs logs) {
        state.blobs.port(blobPort);
        final Reply reply = new Reply(egress, state.counters);
        final Receipts receipts = new Receipts(state);
        final Consumers consumers = new Consumers(state, reply);
        final Producers producers = new Producers(state, reply);
        encoding = new DeliveryEncoding(state, egress, receipts);
        attempts = new Attempts(state);
        deduplications = new Deduplications(state);
        final RedriveScan scan = new RedriveScan(state);
        final Lanes lanes = new Lanes(state, scan);
        final Lifetimes lifetimes = new Lifetimes(state);
        alarms = new Alarms(state, reply);
        watches = new Watches(state, alarms);
        graves = new Graves(state, lanes, lifetimes, scan, consumers, attempts);
        final MessageStates states = new MessageStates(state, lanes, consumers, attempts, lifetimes, scan, alarms);
        final Push push = new Push(state);
        deliveries =
                new Deliveries(state, states, lanes, consumers, encoding, attempts, lifetimes, graves, push, reply);
        expiries = new Expiries(state, deliveries);
        final Messages messages = new Messages(state, deliveries);
        redrives = new Redrives(state, deliveries, messages, scan);
        sources = new DeadLetterSources(state);
        deletedNames = new DeletedNames(state);
        lifecycle = new QueueLifecycle(state, deliveries, sources, alarms, graves, redrives);
        final ShardWriter writer = new ShardWriter(state, logs);
        topicCommands = new TopicCommands(
                state, logs, writer, messages, deliveries, deduplications, lanes, lifecycle, sources, blobs);
        final Sends sends = new Sends(state, deliveries, messages, deduplications, blobs);
        request = new Request(state, reply, producers);
        streamCommands = new StreamCommands(state, logs, writer, egress, request.putOutcomes());
        transfers =
                new Transfers(state, deliveries, messages, sends, topicCommands.publishing(), streamCommands.puts());
        reclaimer = new Reclaimer(
                state, deliveries, consumers, sources, watches, graves, topicCommands, streamCommands.streams());
        sessions = new Sessions(state, deliveries, consumers, transfers, watches, streamCommands);
        commands = new Commands(
                state,
                request,
                producers,
                queueCommands(lifetimes, consumers),
                topicCommands,
                streamCommands,
                sends,
                transfers,
                new Receives(state, deliveries, attempts, consumers, reply),
                new Acknowledgements(state, receipts, deliveries, consumers, messages, push));
        queries = new Queries(state, egress, reply, topicCommands.fanOut());
        state.initialise();
        onLimits();
    }

    private QueueCommands queueCommands(final Lifetimes lifetimes, final Consumers consumers) {
        return new QueueCommands(
                new Queues(state, deliveries, reclaimer, sources, deletedNames, lifetimes, alarms, graves, lifecycle),
                new Tags(state, state.queues, Queue.TAGS_PAYLOAD_LINK),
                new Access(state, deliveries.waiters(), consumers),
                watches,
                redrives);
    }

    /**
     * Applies a command of a client.
     *
     * @param timeNs time of the record.
     * @param sessionId that the command came from; without effect if it is not open.
     * @param buffer that holds the frame, which has passed {@link FrameValidator}.
     * @param offset of the frame.
     * @param length of the frame in bytes.
     */
    public void apply(
            final long timeNs, final long sessionId, final DirectBuffer buffer, final int offset, final int length) {
        begin(timeNs);
        commands.execute(LogDispatcher.templateId(buffer, offset), sessionId, buffer, offset);
        end();
    }

    /**
     * Answers a query. No record of the log: it changes nothing.
     *
     * @param timeNs present time.
     * @param sessionId that gets the answer.
     * @param buffer that holds the frame, which has passed {@link FrameValidator}.
     * @param offset of the frame.
     * @param length of the frame in bytes.
     */
    public void query(
            final long timeNs, final long sessionId, final DirectBuffer buffer, final int offset, final int length) {
        queries.execute(LogDispatcher.templateId(buffer, offset), timeNs, sessionId, buffer, offset);
    }

    /**
     * A client was let in.
     *
     * @param timeNs time of the record.
     * @param sessionId not used before.
     * @param principal who it is, in UTF-8; empty for anybody.
     * @param offset of the principal.
     * @param length of the principal in bytes.
     */
    public void openSession(
            final long timeNs, final long sessionId, final DirectBuffer principal, final int offset, final int length) {
        begin(timeNs);
        sessions.open(sessionId, principal, offset, length);
        end();
    }

    /**
     * A session ended: what was pushed to it and not answered becomes available again, as if it had not been delivered.
     *
     * @param timeNs time of the record.
     * @param sessionId that ended; without effect if it is not open.
     * @param reason for which it ended; it makes no difference to the state.
     */
    public void closeSession(final long timeNs, final long sessionId, final ResultCode reason) {
        begin(timeNs);
        final int session = state.sessionById(sessionId);
        if (session >= 0) {
            sessions.close(session);
            reclaimer.work();
        }
        end();
    }

    /**
     * Time passed.
     *
     * @param timeNs time of the record.
     */
    public void onClock(final long timeNs) {
        begin(timeNs);
        end();
    }

    /**
     * The server started: all sessions end.
     *
     * @param timeNs time of the record.
     * @param bootEpoch number of the start.
     */
    public void boot(final long timeNs, final long bootEpoch) {
        state.counters.onBoot(Math.max(state.nowNs, timeNs));
        begin(timeNs);
        state.root.putLong(State.ONLY, Root.BOOT_EPOCH, bootEpoch);
        sessions.closeAll();
        reclaimer.work();
        streamCommands.shards().boot();
        topicCommands.boot();
        end();
    }

    /**
     * The logs of shards that a stream asked for are open; without effect if it waits for others, or for none.
     *
     * @param timeNs time of the record.
     * @param streamId the stream.
     * @param lastShardId as in {@link RecordLogs#awaitOpen}.
     */
    public void shardsReady(final long timeNs, final long streamId, final long lastShardId) {
        begin(timeNs);
        streamCommands.resharding().ready(streamId, lastShardId);
        topicCommands.archives().ready(streamId, lastShardId);
        end();
    }

    /**
     * GetRecords returned records; to be told where the limit SHARD_READ_BYTES counts them.
     *
     * @param timeNs time of the record.
     * @param shardId the shard.
     * @param bytes partition keys and data.
     */
    public void recordsRead(final long timeNs, final long shardId, final long bytes) {
        begin(timeNs);
        streamCommands.reads().onRead(shardId, bytes);
        end();
    }

    /** A record that concerns a replay: archived messages, a part of one, or that there will be no more. */
    void replay(final long timeNs, final int templateId, final DirectBuffer buffer, final int body) {
        begin(timeNs);
        topicCommands.replay(templateId, buffer, body);
        end();
    }

    /**
     * First record of a directory.
     *
     * @param timeNs time of the record.
     * @param secret0 first half of the key of receipt tags.
     * @param secret1 second half of the key of receipt tags.
     * @param directoryId random name of the directory.
     */
    public void genesis(final long timeNs, final long secret0, final long secret1, final long directoryId) {
        begin(timeNs);
        state.root.putLong(State.ONLY, Root.SECRET_0, secret0);
        state.root.putLong(State.ONLY, Root.SECRET_1, secret1);
        state.root.putLong(State.ONLY, Root.DIRECTORY_ID, directoryId);
        end();
    }

    /**
     * Sets the limits; what passes them already stays.
     *
     * @param timeNs time of the record.
     * @param limits from here on.
     */
    public void configure(final long timeNs, final Limits limits) {
        begin(timeNs);
        state.limits(limits);
        onLimits();
        end();
    }

    private void onLimits() {
        request.capacity((int) state.limit(LimitId.BATCH_ENTRIES), (int) state.limit(LimitId.PUT_ENTRIES));
        topicCommands.publishing().capacity((int) state.limit(LimitId.BATCH_ENTRIES));
        encoding.capacity((int) state.limit(LimitId.ATTRIBUTES));
    }

    private void begin(final long timeNs) {
        state.nowNs = Math.max(state.nowNs, timeNs);
        state.renewBudgets();
        for (int i = 0; i < SLICE && mayFire(); i++) {
            fire();
            // What a timer moved to another queue is handed out there before the next one fires.
            deliveries.dispatchPending();
        }
        deduplications.forgetOld();
        attempts.forgetOld();
        deletedNames.forgetOld();
        blobs.forgetOld();
        topicCommands.fanOut().begin();
        streamCommands.resharding().work();
        reclaimer.work();
    }

    private boolean mayFire() {
        return state.timers.firstDeadline() <= state.nowNs
                && state.delayBudget > 0
                && state.expiryBudget > 0
                && state.redriveBudget > 0;
    }

    private void fire() {
        final int kind = state.timers.firstKind();
        if (kind == Timers.REDRIVE) {
            // A task keeps to its rate and to its slices: it is behind rather than late.
            state.counters.timersFired++;
        } else {
            state.counters.onTimer(state.nowNs, state.timers.firstDeadline(kind));
        }
        final int slot = state.timers.firstSlot(kind);
        switch (kind) {
            case Timers.MESSAGE -> deliveries.onTimer(slot);
            case Timers.FIFO_DELAY -> deliveries.onFifoDelay(slot);
            case Timers.RETENTION -> expiries.onRetention(slot);
            case Timers.REDRIVE -> redrives.onTimer(slot);
            case Timers.TIME_TO_LIVE -> expiries.onTimeToLive(slot);
            case Timers.AGE -> alarms.onAge(slot);
            case Timers.THROTTLE -> deliveries.onThrottleOver(slot);
            case Timers.STREAM, Timers.MEMBER, Timers.LEASE, Timers.SHARD_PUSH -> streamCommands.onTimer(kind, slot);
            case Timers.ARCHIVE -> topicCommands.onTimer(slot);
            case Timers.WAITER -> deliveries.waiters().end(slot, ResultCode.OK);
            default -> throw new IllegalStateException("no timer has the kind " + kind);
        }
    }

    private void end() {
        deliveries.dispatchPending();
        streamCommands.groups().work();
        alarms.evaluate();
        state.payloads.compact();
    }

    /**
     * Whether something is left that a clock record would go on with.
     *
     * @return true if there is.
     */
    public boolean workPending() {
        return reclaimer.hasWork()
                || topicCommands.fanOut().hasWork()
                || streamCommands.hasWork()
                || state.pendingQueues.first(State.ONLY) >= 0
                || state.timers.firstDeadline() <= state.nowNs;
    }

    /**
     * When the next timer is due.
     *
     * @return its time, {@link Long#MAX_VALUE} if there is none.
     */
    public long nextDeadlineNs() {
        return state.timers.firstDeadline();
    }

    /**
     * Time of the last record.
     *
     * @return its time.
     */
    public long timeNs() {
        return state.nowNs;
    }

    /**
     * Number of the last boot.
     *
     * @return the number, 0 before the first.
     */
    public long bootEpoch() {
        return state.root.getLong(State.ONLY, Root.BOOT_EPOCH);
    }

    /**
     * The limits in force.
     *
     * @return the limits; allocated.
     */
    public Limits limits() {
        return state.limits();
    }

    /**
     * Hash of the whole state, kept up with every change.
     *
     * @return the hash.
     */
    public long stateHash() {
        return state.hash();
    }

    /**
     * Hash of the whole state computed from nothing: linear in the state, for tests and verification.
     *
     * @return the hash, equal to {@link #stateHash()} unless something is broken.
     */
    public long recomputeStateHash() {
        return state.recomputeHash();
    }

    /**
     * Writes the whole state as SBE records from SnapshotBegin to SnapshotEnd.
     *
     * @param logPosition of the last record applied.
     * @param bootEpoch of this start of the server.
     * @param sink that takes the records.
     */
    public void snapshot(final long logPosition, final long bootEpoch, final SnapshotSink sink) {
        new SnapshotWriter(state, sink).write(logPosition, bootEpoch);
    }

    /**
     * Reads a snapshot into this kernel, which must be without history.
     *
     * @return what takes the records.
     */
    public SnapshotLoader loader() {
        return new SnapshotLoader(
                state,
                deliveries,
                transfers,
                deduplications,
                attempts,
                redrives,
                sources,
                deletedNames,
                watches,
                graves,
                topicCommands,
                streamCommands,
                this::onLimits);
    }

    /**
     * What the kernel has done and holds.
     *
     * @return counters, always the same object.
     */
    public KernelCounters counters() {
        return state.counters;
    }

    /**
     * What the kernel has reserved.
     *
     * @return figures, always the same object.
     */
    public KernelMemory memory() {
        return memory;
    }

    /**
     * Queues, deleted ones that are being freed included.
     *
     * @return the number.
     */
    public int queueCount() {
        return state.queues.liveCount();
    }

    /**
     * Messages, those of deleted queues that are being freed included.
     *
     * @return the number.
     */
    public int messageCount() {
        return state.messages.liveCount();
    }

    /**
     * Accounted payload bytes.
     *
     * @return the bytes.
     */
    public long arenaBytes() {
        return state.payloads.accountedBytes();
    }

    /** The state, for tests of the structures. */
    State state() {
        return state;
    }
}
