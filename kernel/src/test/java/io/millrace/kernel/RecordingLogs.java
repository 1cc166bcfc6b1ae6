package io.millrace.kernel;

import io.millrace.codecs.RecordsEndEncoder.ChildrenEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardPosition;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/** Writes down what a kernel asks of record logs. */
final class RecordingLogs implements RecordLogs {

    /** A stream and the shard that it waits for. */
    record Awaited(long streamId, long lastShardId) {}

    /** A record of a log. */
    record Archived(long streamId, long sequence, long timeNs, String key, byte[] data) {}

    /** A replay that the kernel has given and not ended. */
    record Running(long replayId, long streamId, ShardPosition kind, long position, long horizonNs, long reached) {

        /** Whether it has come, or begins, behind a record. */
        boolean isBehind(final Archived record) {
            return record.sequence <= reached || !includes(record);
        }

        /** Whether a record is among those that it was given for. */
        boolean includes(final Archived record) {
            return record.timeNs >= horizonNs
                    && (kind == ShardPosition.AT_TIMESTAMP ? record.timeNs >= position : record.sequence > position);
        }
    }

    private final Map<Long, Running> replays = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final Map<Long, String> pushes = new HashMap<>();
    private final List<Archived> records = new ArrayList<>();
    private Awaited awaited;

    RecordingLogs() {}

    /** Goes on in the place of another one. */
    RecordingLogs(final RecordingLogs before) {
        records.addAll(before.records);
        pushes.putAll(before.pushes);
    }

    /** The host starts anew: it knows of no replay. */
    void restart() {
        replays.clear();
    }

    /** The replays that are running, in the order in which they were given. */
    List<Running> replays() {
        return List.copyOf(replays.values());
    }

    @Override
    public void replay(final ReplayGrant grant) {
        final boolean isAtTime = grant.kind() == ShardPosition.AT_TIMESTAMP;
        lines.add("replay " + grant.streamId() + "/" + grant.shardId()
                + (isAtTime
                        ? " from " + (grant.position() - Scenario.START_NS) / Scenario.MS
                        : " behind " + grant.position()));
        final Running before = replays.put(
                grant.replayId(),
                new Running(
                        grant.replayId(),
                        grant.streamId(),
                        grant.kind(),
                        grant.position(),
                        grant.horizonTimeNs(),
                        isAtTime ? 0 : grant.position()));
        if (before != null) {
            throw new AssertionError("given twice: " + before);
        }
    }

    @Override
    public void replayed(final long replayId, final long sequenceNumber) {
        lines.add("replayed " + sequenceNumber);
        replays.computeIfPresent(
                replayId,
                (id, replay) -> new Running(
                        id, replay.streamId, replay.kind, replay.position, replay.horizonNs, sequenceNumber));
    }

    @Override
    public void endReplay(final long replayId) {
        lines.add("end replay");
        replays.remove(replayId);
    }

    /** All records of a stream, or of an archive. */
    List<Archived> records(final long streamId) {
        return records.stream().filter(record -> record.streamId == streamId).toList();
    }

    /** What was asked since the last call. */
    List<String> drain() {
        final List<String> drained = List.copyOf(lines);
        lines.clear();
        return drained;
    }

    /** What the kernel waits for since the last call; null for nothing. */
    Awaited takeAwaited() {
        final Awaited taken = awaited;
        awaited = null;
        return taken;
    }

    @Override
    public void open(final long streamId, final long shardId) {
        lines.add("open " + streamId + "/" + shardId);
    }

    @Override
    public void awaitOpen(final long streamId, final long lastShardId) {
        lines.add("await " + streamId + "/" + lastShardId);
        awaited = new Awaited(streamId, lastShardId);
    }

    @Override
    public void append(
            final long streamId,
            final long shardId,
            final long sequenceNumber,
            final long timeNs,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset,
            final int dataLength) {
        final byte[] data = new byte[dataLength];
        buffer.getBytes(dataOffset, data);
        records.add(new Archived(streamId, sequenceNumber, timeNs, text(buffer, keyOffset, keyLength), data));
        lines.add("append " + streamId + "/" + shardId + " " + StreamEvent.sequence(sequenceNumber) + " "
                + text(buffer, keyOffset, keyLength) + "=" + text(buffer, dataOffset, dataLength) + " at "
                + (timeNs - Scenario.START_NS) / Scenario.MS);
    }

    private static String text(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close(final long streamId, final long shardId, final long lastSequenceNumber) {
        lines.add("close " + streamId + "/" + shardId + " after " + StreamEvent.sequence(lastSequenceNumber));
    }

    @Override
    public void read(final ReadGrant grant) {
        lines.add("read " + grant.streamId() + "/" + grant.shardId() + " by " + grant.sessionId() + " "
                + grant.kind() + " " + StreamEvent.sequence(grant.position()) + " up to "
                + StreamEvent.sequence(grant.lastSequenceNumber()) + " max " + grant.maxRecords() + " "
                + grant.maxBytes()
                + (grant.isClosed() ? " closed, children " + ids(grant.children(), grant.childrenLength()) : ""));
    }

    private static List<Long> ids(final DirectBuffer group, final int length) {
        final List<Long> children = new ArrayList<>();
        for (int at = ChildrenEncoder.HEADER_SIZE; at < length; at += ChildrenEncoder.sbeBlockLength()) {
            children.add(group.getLong(at + ChildrenEncoder.shardIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN));
        }
        return children;
    }

    @Override
    public void push(final PushGrant grant) {
        lines.add("push " + of(grant) + " " + grant.kind() + " " + position(grant) + " window " + grant.windowBytes());
    }

    private static String position(final PushGrant grant) {
        return grant.kind() == ShardPosition.AT_TIMESTAMP
                ? (grant.position() - Scenario.START_NS) / Scenario.MS + ""
                : StreamEvent.sequence(grant.position());
    }

    @Override
    public void finishPush(final PushGrant grant) {
        lines.add("finish push " + of(grant));
    }

    /** Subscriptions get their ids from a counter of many things, so that an id says nothing. */
    private String of(final PushGrant grant) {
        pushes.putIfAbsent(
                grant.subscriptionId(), grant.streamId() + "/" + grant.shardId() + " to " + grant.sessionId());
        return pushes.get(grant.subscriptionId()) + " last " + StreamEvent.sequence(grant.lastSequenceNumber())
                + (grant.isClosed() ? " closed, children " + ids(grant.children(), grant.childrenLength()) : "");
    }

    @Override
    public void endPush(final long subscriptionId, final ResultCode code) {
        lines.add("end push " + pushes.get(subscriptionId) + " " + code);
    }

    @Override
    public void trim(final long streamId, final long horizonTimeNs) {
        lines.add("trim " + streamId + " before " + (horizonTimeNs - Scenario.START_NS) / Scenario.MS);
    }

    @Override
    public void delete(final long streamId, final long shardId) {
        lines.add("delete " + streamId + "/" + shardId);
    }
}
