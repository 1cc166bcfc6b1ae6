package io.millrace.server;

import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.ReplayFailedEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.ReplayGrant;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ManyToOneConcurrentLinkedQueue;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The replays under way, as the duty cycle sees them. What the reader agent has read goes into the batches, in front of what clients sent,
 * a few pages at a time; the kernel says how far it has come, and what it did not take is read again later.
 *
 * <p>A replay ends when the kernel has everything that is in the archive, which grows meanwhile. So from the moment on when the agent has
 * read all there was, what comes in is kept beside it; when the replay has come to where that begins, the rest is at hand.
 */
final class ReplayFlows {

    /** What one batch takes of replays: others wait behind it. */
    private static final int MOST_BYTES = 64 * 1024;

    /** What was not taken is tried again after this time, and after twice as long each time that this was in vain. */
    private static final long FIRST_REST_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long LONGEST_REST_NS = 64 * FIRST_REST_NS;

    /** What the duty cycle knows of a flow. */
    private static final class Replay {
        private final ReplayFlow flow;
        private final ReplayTail tail;
        private long reached;

        /** Last message of what is in the batch. */
        private long sent;

        private long restUntilNs;
        private long restNs;
        private boolean isInBatch;

        /** Pages of the ring in the batch. */
        private int pagesInBatch;

        private boolean isResting;

        /** Whether there was no room for what comes next. */
        private boolean isWaiting;

        private boolean isTailing;
        private boolean isFailed;

        Replay(final ReplayFlow flow) {
            this.flow = flow;
            tail = new ReplayTail(flow.replayId);
            reached = flow.kind == ShardPosition.AFTER_SEQUENCE_NUMBER ? flow.position : 0;
        }
    }

    private final ManyToOneConcurrentLinkedQueue<ReplayFlow> requests = new ManyToOneConcurrentLinkedQueue<>();
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[64]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ReplayFailedEncoder failed = new ReplayFailedEncoder();
    private final HostCounters counters;
    private Replay[] replays = new Replay[1];
    private int count;
    private int turn;
    private int tailing;
    private int inBatch;
    private int takenBytes;

    ReplayFlows(final HostCounters counters) {
        this.counters = counters;
    }

    /** {@return where the agent finds what it is to read} */
    ManyToOneConcurrentLinkedQueue<ReplayFlow> requests() {
        return requests;
    }

    /** {@return replays under way} */
    int count() {
        return count;
    }

    /**
     * A replay begins, or goes on after a start.
     *
     * @param grant of the kernel.
     */
    void grant(final ReplayGrant grant) {
        final ReplayFlow flow = new ReplayFlow(grant.replayId());
        flow.streamId = grant.streamId();
        flow.shardId = grant.shardId();
        flow.kind = grant.kind();
        flow.position = grant.position();
        flow.horizonTimeNs = grant.horizonTimeNs();
        begin(flow);
    }

    /** A flow that was filled in begins: the agent gets it. */
    void begin(final ReplayFlow flow) {
        if (count == replays.length) {
            final Replay[] more = new Replay[2 * count];
            System.arraycopy(replays, 0, more, 0, count);
            replays = more;
        }
        replays[count++] = new Replay(flow);
        counters.replays = count;
        requests.offer(flow);
    }

    /**
     * The kernel has taken what it could.
     *
     * @param replayId       of the grant.
     * @param sequenceNumber of the last message that was taken, 0 if none was.
     */
    void replayed(final long replayId, final long sequenceNumber) {
        final int index = find(replayId);
        if (index >= 0) {
            replays[index].reached = sequenceNumber;
        }
    }

    /**
     * A replay has ended.
     *
     * @param replayId of the grant; without effect if it is not known.
     */
    void end(final long replayId) {
        final int index = find(replayId);
        if (index >= 0) {
            final Replay replay = replays[index];
            stopTail(replay);
            inBatch -= replay.isInBatch ? 1 : 0;
            replay.flow.cancel();
            setWaiting(replay, false);
            replays[index] = replays[--count];
            replays[count] = null;
            counters.replays = count;
        }
    }

    private int find(final long replayId) {
        for (int i = 0; i < count; i++) {
            if (replays[i].flow.replayId == replayId) {
                return i;
            }
        }
        return -1;
    }

    /** A message goes into an archive. */
    void onAppend(
            final long shardId,
            final long sequenceNumber,
            final long timeNs,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        if (tailing > 0) {
            for (int i = 0; i < count; i++) {
                final Replay replay = replays[i];
                if (replay.isTailing && replay.flow.shardId == shardId) {
                    replay.tail.add(sequenceNumber, timeNs, buffer, offset, length);
                }
            }
        }
    }

    /**
     * Puts what there is into the batch; to be called before commands of clients come into it.
     *
     * @param batch  that takes it.
     * @param growth that says whether there is memory for it.
     * @param nowNs  time of the cycle.
     * @return number of records.
     */
    int poll(final ReplaySink batch, final GrowthBudget growth, final long nowNs) {
        int work = 0;
        takenBytes = 0;
        for (int i = 0; i < count && takenBytes < MOST_BYTES; i++) {
            turn = turn + 1 < count ? turn + 1 : 0;
            work += poll(replays[turn], batch, growth, nowNs);
        }
        return work;
    }

    private int poll(final Replay replay, final ReplaySink batch, final GrowthBudget growth, final long nowNs) {
        if (replay.isInBatch || replay.isResting && nowNs - replay.restUntilNs < 0) {
            return 0;
        }
        replay.isResting = false;
        if (replay.isTailing && !replay.tail.isWhole()) {
            stopTail(replay);
        }
        if (replay.isTailing && replay.tail.follows(replay.reached) && batch.isEmpty()) {
            return sendTail(replay, batch, growth);
        }
        final ReplayPage first = firstPage(replay);
        if (first == null) {
            return 0;
        }
        return first.failure == null
                ? sendPages(replay, first, batch, growth)
                : sendFailure(replay, first.failure, batch);
    }

    /** The first page that counts; those in front of it the agent has read in vain. */
    private static ReplayPage firstPage(final Replay replay) {
        final ReplayFlow flow = replay.flow;
        ReplayPage page = flow.page(0);
        while (page != null && (page.run != flow.run() || page.isBehind(replay.reached))) {
            flow.giveBack(1);
            page = flow.page(0);
        }
        return page;
    }

    private int sendPages(
            final Replay replay, final ReplayPage first, final ReplaySink batch, final GrowthBudget growth) {
        int count = 0;
        long lastSequence = 0;
        ReplayPage page = first;
        while (page != null && page.failure == null && takenBytes < MOST_BYTES && send(replay, page, batch, growth)) {
            lastSequence = Math.max(lastSequence, page.lastSequence());
            if (page.isCaughtUp && !replay.isTailing) {
                replay.tail.clear();
                replay.isTailing = true;
                tailing++;
            }
            page = replay.flow.page(++count);
        }
        replay.pagesInBatch = count;
        return count == 0 ? 0 : sent(replay, lastSequence);
    }

    private int sendTail(final Replay replay, final ReplaySink batch, final GrowthBudget growth) {
        final ReplayTail tail = replay.tail;
        tail.end();
        int pages = 0;
        while (pages < tail.count() && send(replay, tail.page(pages), batch, growth)) {
            pages++;
        }
        if (pages == 0) {
            return 0;
        }
        stopTail(replay);
        return sent(replay, tail.lastSequence());
    }

    private boolean send(
            final Replay replay, final ReplayPage page, final ReplaySink batch, final GrowthBudget growth) {
        if (!growth.takeReplay(page.count(), page.newBytes())) {
            setWaiting(replay, true);
            return false;
        }
        if (!batch.appendReplay(page.buffer(), page.length())) {
            return false;
        }
        takenBytes += page.length();
        return true;
    }

    private void setWaiting(final Replay replay, final boolean isWaiting) {
        counters.waitingReplays += (isWaiting ? 1 : 0) - (replay.isWaiting ? 1 : 0);
        replay.isWaiting = isWaiting;
    }

    private int sendFailure(final Replay replay, final ResultCode code, final ReplaySink batch) {
        failed.wrapAndApplyHeader(record, 0, header)
                .replayId(replay.flow.replayId)
                .code(code);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + failed.encodedLength();
        header.messageLength(length).frameSequence(0);
        if (!batch.appendHostRecord(record, length)) {
            return 0;
        }
        replay.isFailed = true;
        return sent(replay, 0);
    }

    private int sent(final Replay replay, final long lastSequence) {
        replay.sent = lastSequence;
        replay.isInBatch = true;
        inBatch++;
        return 1;
    }

    private void stopTail(final Replay replay) {
        tailing -= replay.isTailing ? 1 : 0;
        replay.isTailing = false;
    }

    /**
     * A batch is over.
     *
     * @param isApplied whether the kernel has it; the journal declined it otherwise.
     * @param nowNs     time of the cycle.
     */
    void onBatch(final boolean isApplied, final long nowNs) {
        for (int i = count - 1; i >= 0 && inBatch > 0; i--) {
            final Replay replay = replays[i];
            if (replay.isInBatch) {
                replay.isInBatch = false;
                inBatch--;
                onBatch(replay, isApplied, nowNs);
            }
        }
    }

    private void onBatch(final Replay replay, final boolean isApplied, final long nowNs) {
        if (replay.isFailed) {
            if (isApplied) {
                end(replay.flow.replayId);
            } else {
                rest(replay, nowNs);
            }
        } else if (!isApplied || replay.reached < replay.sent) {
            // What was kept of it is not in order behind what was taken.
            stopTail(replay);
            replay.flow.beginAgain(replay.reached);
            rest(replay, nowNs);
        } else {
            setWaiting(replay, false);
            replay.restNs = 0;
            replay.flow.giveBack(replay.pagesInBatch);
        }
        replay.pagesInBatch = 0;
    }

    private void rest(final Replay replay, final long nowNs) {
        setWaiting(replay, true);
        replay.restNs = replay.restNs == 0 ? FIRST_REST_NS : Math.min(2 * replay.restNs, LONGEST_REST_NS);
        replay.restUntilNs = nowNs + replay.restNs;
        replay.isResting = true;
    }
}
