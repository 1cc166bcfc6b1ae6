package io.millrace.kernel;

import io.millrace.codecs.RecordsEndEncoder.ChildrenEncoder;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** Writes down what a kernel asks of record logs. */
final class RecordingLogs implements RecordLogs {

    /** A stream and the shard that it waits for. */
    record Awaited(long streamId, long lastShardId) {}

    private final List<String> lines = new ArrayList<>();
    private Awaited awaited;

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
                + grant.maxBytes() + (grant.isClosed() ? " closed, children " + children(grant) : ""));
    }

    private static List<Long> children(final ReadGrant grant) {
        final List<Long> children = new ArrayList<>();
        for (int at = ChildrenEncoder.HEADER_SIZE;
                at < grant.childrenLength();
                at += ChildrenEncoder.sbeBlockLength()) {
            children.add(
                    grant.children().getLong(at + ChildrenEncoder.shardIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN));
        }
        return children;
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
