package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReplayFailedDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.Kernel;
import io.millrace.store.AppendResult;
import io.millrace.store.RecordLogContext;
import io.millrace.store.RecordLogStore;
import io.millrace.store.reader.StreamFolders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays from the log to the batches, by the reader agent on a thread of its own and a duty cycle whose kernel is scripted. */
class ReplayFlowsTest {

    private static final long ARCHIVE = 5;
    private static final long SHARD = 6;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long CYCLE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    @TempDir
    private Path directory;

    private final HostCounters counters = new HostCounters();
    private final ReplayFlows flows = new ReplayFlows(counters);
    private final GrowthBudget growth = new GrowthBudget(new Kernel(new RecordedEgress()).memory(), Long.MAX_VALUE / 2);
    private final List<ScriptedReplay> replays = new ArrayList<>();
    private final List<UnsafeBuffer> batch = new ArrayList<>();
    private final Random random = new Random(4711);
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[1 << 20]);
    private final ReplaySink sink = new ReplaySink() {
        @Override
        public boolean isEmpty() {
            return batch.isEmpty();
        }

        @Override
        public boolean appendReplay(final DirectBuffer buffer, final int length) {
            return random.nextInt(50) > 0 && appendHostRecord(buffer, length);
        }

        @Override
        public boolean appendHostRecord(final DirectBuffer buffer, final int length) {
            final byte[] copy = new byte[length];
            buffer.getBytes(0, copy);
            batch.add(new UnsafeBuffer(copy));
            return true;
        }
    };

    private RecordLogStore store;
    private ErrorReporter errors;
    private ReaderAgent agent;
    private Thread reader;
    private volatile boolean isOver;
    private volatile Throwable failure;
    private long position;
    private long published;
    private long nowNs;
    private ResultCode failed;

    @BeforeEach
    void open() {
        store = RecordLogStore.open(new RecordLogContext()
                .dataDirectory(directory)
                .bootEpoch(1)
                .endPosition(-1)
                .snapshotPosition(-1));
        store.open(ARCHIVE, SHARD);
        store.keeper().doHousekeeping();
        store.pollOpened((stream, shard) -> {});
        errors = new ErrorReporter(directory, line -> {});
        agent = new ReaderAgent(
                new ShardFlows(new EgressHub(new HostCounters())),
                flows,
                directory,
                store.keeper(),
                errors,
                SystemNanoClock.INSTANCE);
    }

    @AfterEach
    void close() throws InterruptedException {
        isOver = true;
        if (reader != null) {
            reader.join();
        }
        agent.onClose();
        errors.close();
        store.close();
    }

    @Test
    void shouldReplayEachMessageOnceAndInOrderWhileOthersArePublished() {
        publish(3_000);
        startReader();
        begin(1, 0);
        begin(2, 1_234);
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (!areOver()) {
            assertTrue(System.nanoTime() - deadline < 0, this::whereTheyStand);
            cycle(random.nextInt(6), true);
            if (published % 1_000 < 6 && replays.size() < 6) {
                begin(replays.size() + 1, random.nextInt((int) published));
            }
        }
        cycle(10, false);

        assertEquals(0, flows.count());
        assertEquals(0, errors.count());
        for (final ScriptedReplay replay : replays) {
            assertEquals(published, replay.reached);
        }
        assertTrue(replays.stream().mapToInt(replay -> replay.refusals).sum() > 5);
        assertTrue(replays.stream().mapToInt(replay -> replay.inParts).sum() > 3);
    }

    @Test
    void shouldEndBehindAPublisherWhoNeverRests() {
        publish(2_000);
        startReader();
        begin(1, 0);
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (!areOver()) {
            assertTrue(System.nanoTime() - deadline < 0, this::whereTheyStand);
            cycle(2, false);
        }

        cycle(2, false);
        assertEquals(published, replays.get(0).reached);
    }

    @Test
    void shouldEndWithWhatWasKeptBesideTheLogWhenNothingIsMissingBetween() {
        publish(10);
        begin(1, 0);
        agent.doWork();
        publish(2);
        cycle(3, false);
        cycle(0, false);
        assertEquals(10, replays.get(0).reached);

        agent.doWork();
        publish(2);
        cycle(1, false);
        assertEquals(15, replays.get(0).reached);
        cycle(0, false);

        assertTrue(replays.get(0).isOver);
        assertEquals(18, replays.get(0).reached);
    }

    @Test
    void shouldLeaveNothingOutWhereSomethingOfWhatWasKeptFindsNoRoom() {
        publish(ScriptedReplay.LAST_LARGE);
        begin(1, published - 10);
        replays.get(0).refusedNext = published + 1_000;
        agent.doWork();
        publish(2);
        cycle(2_000, false);
        agent.doWork();
        cycle(0, false);
        cycle(0, false);
        assertEquals(published - 1_003, replays.get(0).reached);
        assertEquals(1, counters.replays);
        assertEquals(1, counters.waitingReplays);
        while (!areOver()) {
            agent.doWork();
            cycle(0, false);
        }

        assertEquals(0, counters.replays + counters.waitingReplays);
        assertEquals(published, replays.get(0).reached);
    }

    @Test
    void shouldReadFromTheLogWhatIsTooMuchToBeKept() {
        publish(10);
        begin(1, 0);
        agent.doWork();
        publish(2);
        cycle(ScriptedReplay.LAST_LARGE, false);

        cycle(0, false);
        assertEquals(10, replays.get(0).reached);
        while (!areOver()) {
            agent.doWork();
            cycle(0, false);
        }

        assertEquals(published, replays.get(0).reached);
    }

    @Test
    void shouldSayOnceThatTheLogIsGone() {
        publish(10);
        IoUtil.delete(StreamFolders.shard(directory, ARCHIVE, SHARD).toFile(), false);
        begin(1, 0);

        agent.doWork();
        cycle(0, false);
        agent.doWork();
        cycle(0, false);

        assertEquals(ResultCode.UNKNOWN_SHARD, failed);
        assertEquals(0, flows.count());
    }

    @Test
    void shouldForgetAReplayThatIsEnded() {
        publish(10);
        begin(1, 0);
        agent.doWork();

        flows.end(1);
        cycle(1, false);
        agent.doWork();

        assertEquals(0, flows.count());
        assertEquals(0, replays.get(0).reached);
    }

    private void begin(final long id, final long after) {
        final ReplayFlow flow = new ReplayFlow(id);
        flow.streamId = ARCHIVE;
        flow.shardId = SHARD;
        flow.kind = after == 0 ? ShardPosition.AT_TIMESTAMP : ShardPosition.AFTER_SEQUENCE_NUMBER;
        flow.position = after == 0 ? 1 : after;
        flow.horizonTimeNs = 0;
        flows.begin(flow);
        replays.add(new ScriptedReplay(id, after, id));
    }

    private void startReader() {
        reader = new Thread(() -> {
            final ReaderIdle idle = new ReaderIdle(SystemNanoClock.INSTANCE);
            try {
                while (!isOver) {
                    idle.idle(agent.doWork());
                }
            } catch (final RuntimeException | AssertionError e) {
                failure = e;
            }
        });
        reader.start();
    }

    private boolean areOver() {
        if (failure != null) {
            throw new AssertionError("the reader failed", failure);
        }
        return replays.stream().allMatch(replay -> replay.isOver);
    }

    private String whereTheyStand() {
        final StringBuilder text = new StringBuilder("published " + published);
        replays.forEach(
                replay -> text.append(", ").append(replay.id).append(" at ").append(replay.reached));
        return text.toString();
    }

    /** One duty cycle: what replays have, then what clients publish; now and then the journal declines all of it. */
    private void cycle(final int count, final boolean mayDecline) {
        nowNs += CYCLE_NS;
        flows.poll(sink, growth, nowNs);
        final boolean isDeclined = mayDecline && random.nextInt(100) == 0;
        if (!isDeclined) {
            batch.forEach(this::apply);
            publish(count);
        }
        flows.onBatch(!isDeclined, nowNs);
        batch.clear();
        growth.renew();
        // Clients and the reader have their turn too where there are fewer cores than threads.
        LockSupport.parkNanos(PAUSE_NS);
    }

    private void apply(final UnsafeBuffer record) {
        final int templateId = record.getShort(MessageHeaderDecoder.templateIdEncodingOffset());
        if (templateId == ReplayFailedDecoder.TEMPLATE_ID) {
            assertEquals(null, failed);
            failed = new ReplayFailedDecoder()
                    .wrapAndApplyHeader(record, 0, new MessageHeaderDecoder())
                    .code();
            return;
        }
        for (final ScriptedReplay replay : replays) {
            if (replay.take(record, templateId)) {
                replay.isOver = replay.reached == published;
                if (replay.isOver) {
                    flows.end(replay.id);
                } else {
                    flows.replayed(replay.id, replay.reached);
                }
            }
        }
    }

    private void publish(final int count) {
        for (int i = 0; i < count; i++) {
            final long sequence = ++published;
            final int length = ScriptedReplay.length(sequence);
            ScriptedReplay.fill(message, sequence);
            assertEquals(
                    AppendResult.OK, store.append(SHARD, sequence, sequence, ++position, message, 0, 0, 0, length));
            flows.onAppend(SHARD, sequence, sequence, message, 0, length);
            replays.forEach(replay -> replay.publish(sequence));
        }
        assertEquals(AppendResult.OK, store.flush(position));
        store.publish(position);
    }
}
