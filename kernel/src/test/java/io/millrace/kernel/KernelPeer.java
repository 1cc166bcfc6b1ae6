package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.ResultCode;
import io.millrace.kernel.RecordingEgress.Emitted;
import io.millrace.kernel.RecordingLogs.Archived;
import io.millrace.kernel.RecordingLogs.Running;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;

/** The kernel, fed with frames as a host feeds it, and the log of them. */
final class KernelPeer {

    private static final int FRAME_OFFSET = 8;

    private final RecordingEgress egress = new RecordingEgress();
    private final FrameValidator validator = new FrameValidator();
    private final CommandWriter writer = new CommandWriter();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(256 * 1024);
    private final LogWriter logWriter = new LogWriter(buffer, FRAME_OFFSET);
    private final List<LogRecord> log = new ArrayList<>();
    private final RecordingLogs logs = new RecordingLogs();
    private final List<String> unusedBlobs = new ArrayList<>();
    private final BlobPort blobPort = (id, length) -> unusedBlobs.add(id + ": " + length + " bytes");
    private Kernel kernel = new Kernel(egress, blobPort, logs);
    private LogDispatcher dispatcher = new LogDispatcher(kernel);
    private boolean recording = true;
    private long bootEpoch;

    KernelPeer(final long timeNs, final long secret0, final long secret1, final Limits limits) {
        journal(timeNs, 0, logWriter.genesis(secret0, secret1, 1));
        journal(timeNs, 0, logWriter.configure(limits));
        boot(timeNs);
        recording = false;
    }

    /** From now on keeps everything that the kernel is given. */
    void keepLog() {
        recording = true;
    }

    List<LogRecord> log() {
        return log;
    }

    void apply(final long timeNs, final long sessionId, final Command command) {
        journal(timeNs, sessionId, write(sessionId, command));
    }

    void query(final long timeNs, final long sessionId, final Command query) {
        kernel.query(timeNs, sessionId, buffer, FRAME_OFFSET, write(sessionId, query));
    }

    void clock(final long timeNs) {
        journal(timeNs, 0, logWriter.clock());
    }

    void openSession(final long timeNs, final long sessionId, final String principal) {
        journal(timeNs, 0, logWriter.sessionOpened(sessionId, principal));
    }

    void closeSession(final long timeNs, final long sessionId) {
        journal(timeNs, 0, logWriter.sessionClosed(sessionId));
    }

    void boot(final long timeNs) {
        logs.restart();
        journal(timeNs, 0, logWriter.boot(++bootEpoch));
    }

    void shardsReady(final long timeNs, final long streamId, final long lastShardId) {
        journal(timeNs, 0, logWriter.shardsReady(streamId, lastShardId));
    }

    /** The replay that is running to a subscription. */
    Running replayTo(final long subscriptionId) {
        return logs.replays().stream()
                .filter(replay -> ReplaySupport.subscriptionOf(kernel, replay) == subscriptionId)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no replay to subscription " + subscriptionId));
    }

    /** What was put into the archive that a replay is of. */
    List<Archived> recordsOf(final Running replay) {
        return logs.records(replay.streamId());
    }

    void replay(final long timeNs, final Running replay, final long after, final List<Archived> records) {
        journal(timeNs, 0, logWriter.replayMessages(replay.replayId(), after, records));
    }

    void replayPart(
            final long timeNs, final Running replay, final Archived record, final int offset, final int length) {
        journal(timeNs, 0, logWriter.replayPart(replay.replayId(), record, offset, length));
    }

    void failReplay(final long timeNs, final Running replay) {
        journal(timeNs, 0, logWriter.replayFailed(replay.replayId(), ResultCode.RECORDS_DAMAGED));
    }

    void restore() {
        kernel = Snapshots.copy(kernel, egress, blobPort, logs);
        dispatcher = new LogDispatcher(kernel);
    }

    List<Emitted> drain() {
        return egress.drain();
    }

    /** What the host was told since the last call: which blobs nothing needs any more. */
    List<String> drainUnusedBlobs() {
        final List<String> drained = unusedBlobs.stream().sorted().toList();
        unusedBlobs.clear();
        return drained;
    }

    /** What the record logs were told since the last call. */
    List<String> drainLogs() {
        return logs.drain();
    }

    /** Whether something published has not reached every subscription. */
    boolean isPublishing() {
        return kernel.state().topics.pendingTopics.first(State.ONLY) >= 0;
    }

    /** Whether that is all that is left to do. */
    boolean hasOnlyToPublish() {
        final State state = kernel.state();
        return isPublishing()
                && state.closedSessions.first(State.ONLY) < 0
                && state.deletedQueues.first(State.ONLY) < 0
                && state.topics.deletedTopics.first(State.ONLY) < 0
                && !state.streams.hasReclaimable()
                && state.openGraves.first(State.ONLY) < 0
                && state.pendingQueues.first(State.ONLY) < 0
                && state.timers.firstDeadline() > state.nowNs;
    }

    boolean workPending() {
        return kernel.workPending();
    }

    long nextDeadlineNs() {
        return kernel.nextDeadlineNs();
    }

    void checkState() {
        assertEquals(kernel.recomputeStateHash(), kernel.stateHash(), "state hash");
        assertEquals(
                DerivedState.of(Snapshots.copy(kernel, new RecordingEgress())),
                DerivedState.of(kernel),
                "what is derived from the state");
    }

    private int write(final long sessionId, final Command command) {
        final int length = writer.write(buffer, FRAME_OFFSET, sessionId, command);
        assertEquals(ResultCode.OK, validator.validate(buffer, FRAME_OFFSET, length), command::toString);
        return length;
    }

    private void journal(final long timeNs, final long sessionId, final int length) {
        if (recording) {
            final byte[] frame = new byte[length];
            buffer.getBytes(FRAME_OFFSET, frame);
            log.add(new LogRecord(timeNs, sessionId, frame));
        }
        dispatcher.onRecord(timeNs, sessionId, buffer, FRAME_OFFSET, length);
    }
}
