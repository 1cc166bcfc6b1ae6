package io.millrace.server;

import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.RefusedDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Egress;
import io.millrace.kernel.Kernel;
import io.millrace.kernel.Limits;
import io.millrace.store.AppendResult;
import io.millrace.store.MemoryJournal;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Everything of a server that a client's frame can reach, without Aeron: router, sessions, batch, queries, kernel. */
final class RouterRig {

    static final long SESSION = (1L << 32) + 7;
    private static final long START_NS = 1_700_000_000_000_000_000L;
    private static final int BATCH_RECORDS = 8;

    /**
     * What one frame did.
     *
     * @param journaled  commands that went into the journal.
     * @param queries    that were answered.
     * @param malformed  frames counted as such.
     * @param strangers  frames counted as not of this session.
     * @param refused    sessions refused.
     * @param replies    messages said to anybody.
     * @param said       checksum of their bytes.
     * @param refusal    code of the last refusal, or null.
     * @param stateHash  of the kernel.
     * @param connection what became of the client's session, in words.
     */
    record Trace(
            long journaled,
            long queries,
            long malformed,
            long strangers,
            long refused,
            long replies,
            long said,
            ResultCode refusal,
            long stateHash,
            String connection) {}

    private final HostCounters counters = new HostCounters();
    private final RecordedReplies egress = new RecordedReplies();
    private final Kernel kernel = new Kernel(egress);
    private final HostReplies replies = new HostReplies(egress, 1, 1, 1 << 20);
    private final RecordLogHost logs =
            new RecordLogHost(new ShardFlows(new EgressHub(counters)), new ReplayFlows(counters));
    private final Batch batch = new Batch(kernel, new MemoryJournal(), logs, replies, counters, BATCH_RECORDS);
    private final QueryQueue queries = new QueryQueue();
    private final GrowthBudget growth;
    private final RequestRouter router;
    private final IngressImage image = new IngressImage(null);
    private final ServerSession session = new ServerSession(SESSION, 1, image, "aeron:ipc", 2);
    private long timeNs = START_NS;

    RouterRig(final ServerContext ctx) {
        this(ctx, Long.MAX_VALUE);
    }

    RouterRig(final ServerContext ctx, final long memoryBytes) {
        growth = new GrowthBudget(kernel.memory(), memoryBytes);
        router = new RequestRouter(
                batch, queries, replies, counters, growth, new ShardFlows(new EgressHub(counters)).pushes);
        router.sessions(new Sessions(
                ctx,
                batch,
                new EgressHub(counters),
                replies,
                counters,
                error -> {
                    throw new AssertionError(error);
                },
                1));
        kernel.genesis(timeNs, 1, 2, 3);
        kernel.configure(timeNs, Limits.nativeProfile());
        kernel.boot(timeNs, 1);
        kernel.openSession(timeNs, SESSION, new UnsafeBuffer(new byte[0]), 0, 0);
    }

    /** Offers a frame to the session's own image and has its effects happen. */
    Trace offer(final DirectBuffer buffer, final int offset, final int length) {
        image.session = session;
        session.state(ServerSession.State.OPEN, ResultCode.OK);
        final long journaled = counters.ingressFrames;
        final long malformed = counters.malformedFrames;
        final long strangers = counters.unknownSessionFrames;
        final long refused = counters.sessionsRefused;
        egress.reset();
        if (!router.onFrame(image, buffer, offset, length)) {
            throw new AssertionError("an empty batch has no room for a frame of " + length);
        }
        timeNs++;
        if (!batch.isEmpty() && batch.commit(timeNs) != AppendResult.OK) {
            throw new AssertionError("the journal declined");
        }
        final int answered = queries.drain(timeNs, kernel);
        return new Trace(
                counters.ingressFrames - journaled,
                answered,
                counters.malformedFrames - malformed,
                counters.unknownSessionFrames - strangers,
                counters.sessionsRefused - refused,
                egress.count,
                egress.checksum.getValue(),
                egress.refusal,
                kernel.stateHash(),
                connection());
    }

    /** Works off what commands left to be done. */
    void settle() {
        while (kernel.workPending()) {
            kernel.onClock(++timeNs);
        }
    }

    long messageCount() {
        return kernel.messageCount();
    }

    /** {@return whether there is memory now for archived messages of so many bytes} */
    boolean takesReplay(final int count, final int length) {
        growth.renew();
        return growth.takeReplay(count, length);
    }

    /** {@return bytes that the kernel has reserved} */
    long reservedBytes() {
        return kernel.memory().reservedBytes();
    }

    /** {@return whether the incremental state hash is what the state says} */
    boolean isSound() {
        return kernel.stateHash() == kernel.recomputeStateHash();
    }

    private String connection() {
        final ServerSession now = image.session;
        if (now == session) {
            return "the same";
        }
        return now == null
                ? "closed"
                : now.channel + " " + now.streamId + " " + now.correlationId + " " + Arrays.toString(now.credentials);
    }

    /** Keeps a checksum of what is said, and the code of a refusal. */
    private static final class RecordedReplies implements Egress {

        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[StagingPool.BLOCK_BYTES]);
        private final MessageHeaderDecoder header = new MessageHeaderDecoder();
        private final RefusedDecoder refused = new RefusedDecoder();
        private final CRC32C checksum = new CRC32C();
        private ResultCode refusal;
        private int length;
        private long count;

        void reset() {
            count = 0;
            refusal = null;
            checksum.reset();
        }

        @Override
        public int claim(final long sessionId, final int claimedLength) {
            length = claimedLength;
            buffer.setMemory(0, BitUtil.align(length, Long.BYTES), (byte) 0);
            return 0;
        }

        @Override
        public MutableDirectBuffer buffer() {
            return buffer;
        }

        @Override
        public void commit() {
            count++;
            checksum.update(buffer.byteArray(), 0, length);
            if (header.wrap(buffer, 0).templateId() == RefusedDecoder.TEMPLATE_ID) {
                refusal = refused.wrapAndApplyHeader(buffer, 0, header).code();
            }
        }
    }
}
