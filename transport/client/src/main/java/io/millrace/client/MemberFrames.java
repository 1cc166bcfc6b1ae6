package io.millrace.client;

import io.millrace.codecs.CheckpointEncoder;
import io.millrace.codecs.CheckpointEncoder.CheckpointsEncoder;
import io.millrace.codecs.JoinGroupEncoder;
import io.millrace.codecs.LeaveGroupEncoder;
import io.millrace.codecs.ReleaseShardEncoder;
import io.millrace.codecs.RenewLeasesEncoder;
import io.millrace.codecs.Switch;
import org.agrona.MutableDirectBuffer;

/** Encodes what a member of a consumer group says. Each method returns a correlation id or a negative code, and allocates nothing. */
final class MemberFrames {
    private static final int GROUP_OFFSET = Wire.HEADER_LENGTH + CheckpointEncoder.BLOCK_LENGTH;
    private static final int ENTRIES_OFFSET = GROUP_OFFSET + Wire.GROUP_HEADER_LENGTH;
    private static final int ENTRY_LENGTH = CheckpointsEncoder.sbeBlockLength();

    private final FrameWriter writer;

    MemberFrames(final FrameWriter writer) {
        this.writer = writer;
    }

    static int joinLength(final byte[] name) {
        return Wire.HEADER_LENGTH + JoinGroupEncoder.BLOCK_LENGTH + Wire.TEXT_HEADER_LENGTH + name.length;
    }

    /** @return checkpoints that fit a frame. */
    int maxCheckpoints() {
        return (writer.maxFrameLength() - ENTRIES_OFFSET) / ENTRY_LENGTH;
    }

    long join(final long groupId, final byte[] name) {
        final long refusal = begin(JoinGroupEncoder.TEMPLATE_ID, JoinGroupEncoder.BLOCK_LENGTH, joinLength(name));
        if (refusal != 0) {
            return refusal;
        }
        final int block = block();
        final int text = block + JoinGroupEncoder.BLOCK_LENGTH;
        writer.buffer().putLong(block + JoinGroupEncoder.groupIdEncodingOffset(), groupId, Wire.ORDER);
        writer.buffer().putShort(text, (short) name.length, Wire.ORDER);
        writer.buffer().putBytes(text + Wire.TEXT_HEADER_LENGTH, name);
        return writer.end();
    }

    long leave(final long memberId) {
        return send(
                LeaveGroupEncoder.TEMPLATE_ID,
                LeaveGroupEncoder.BLOCK_LENGTH,
                LeaveGroupEncoder.memberIdEncodingOffset(),
                memberId);
    }

    long renew(final long memberId) {
        return send(
                RenewLeasesEncoder.TEMPLATE_ID,
                RenewLeasesEncoder.BLOCK_LENGTH,
                RenewLeasesEncoder.memberIdEncodingOffset(),
                memberId);
    }

    private long send(final int templateId, final int blockLength, final int memberOffset, final long memberId) {
        final long refusal = begin(templateId, blockLength, Wire.HEADER_LENGTH + blockLength);
        if (refusal != 0) {
            return refusal;
        }
        writer.buffer().putLong(block() + memberOffset, memberId, Wire.ORDER);
        return writer.end();
    }

    long release(final long memberId, final long shardId, final long epoch) {
        final int blockLength = ReleaseShardEncoder.BLOCK_LENGTH;
        final long refusal = begin(ReleaseShardEncoder.TEMPLATE_ID, blockLength, Wire.HEADER_LENGTH + blockLength);
        if (refusal != 0) {
            return refusal;
        }
        final MutableDirectBuffer frame = writer.buffer();
        final int block = block();
        frame.putLong(block + ReleaseShardEncoder.memberIdEncodingOffset(), memberId, Wire.ORDER);
        frame.putLong(block + ReleaseShardEncoder.shardIdEncodingOffset(), shardId, Wire.ORDER);
        frame.putInt(block + ReleaseShardEncoder.leaseEpochEncodingOffset(), (int) epoch, Wire.ORDER);
        return writer.end();
    }

    /** The first so many of the shards say what their checkpoints are. */
    long checkpoint(final long memberId, final MemberShard[] shards, final int count) {
        final long refusal = begin(
                CheckpointEncoder.TEMPLATE_ID, CheckpointEncoder.BLOCK_LENGTH, ENTRIES_OFFSET + count * ENTRY_LENGTH);
        if (refusal != 0) {
            return refusal;
        }
        final MutableDirectBuffer frame = writer.buffer();
        final int start = writer.offset();
        frame.putLong(block() + CheckpointEncoder.memberIdEncodingOffset(), memberId, Wire.ORDER);
        Wire.putGroupHeader(frame, start + GROUP_OFFSET, ENTRY_LENGTH, count);
        for (int i = 0; i < count; i++) {
            final MemberShard shard = shards[i];
            final int entry = start + ENTRIES_OFFSET + i * ENTRY_LENGTH;
            final Switch end = shard.isEnding() ? Switch.ON : Switch.OFF;
            frame.putLong(entry + CheckpointsEncoder.shardIdEncodingOffset(), shard.shardId(), Wire.ORDER);
            frame.putLong(entry + CheckpointsEncoder.sequenceNumberEncodingOffset(), shard.toStore(), Wire.ORDER);
            frame.putInt(entry + CheckpointsEncoder.leaseEpochEncodingOffset(), (int) shard.epoch(), Wire.ORDER);
            frame.putByte(entry + CheckpointsEncoder.shardEndEncodingOffset(), (byte) end.value());
        }
        return writer.end();
    }

    private long begin(final int templateId, final int blockLength, final int frameLength) {
        return writer.begin(templateId, blockLength, frameLength, FrameWriter.PLAIN);
    }

    private int block() {
        return writer.offset() + Wire.HEADER_LENGTH;
    }
}
