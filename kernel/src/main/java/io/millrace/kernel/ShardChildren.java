package io.millrace.kernel;

import io.millrace.codecs.RecordsEndEncoder.ChildrenEncoder;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The shards that were made from one, as the group of children that answers name them with. */
final class ShardChildren {
    private static final int COUNT = 2;
    private static final int MOST = 2;

    private final UnsafeBuffer buffer =
            new UnsafeBuffer(new byte[ChildrenEncoder.HEADER_SIZE + MOST * ChildrenEncoder.sbeBlockLength()]);
    private int count;

    /** Takes those of a shard. */
    void fill(final StreamState tables, final int shard) {
        count = 0;
        add(tables, tables.shards.getLong(shard, Shard.CHILD_ID));
        add(tables, tables.shards.getLong(shard, Shard.SECOND_CHILD_ID));
        buffer.putShort(0, (short) ChildrenEncoder.sbeBlockLength(), ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(COUNT, (short) count, ByteOrder.LITTLE_ENDIAN);
    }

    private void add(final StreamState tables, final long shardId) {
        final int child = shardId == 0 ? -1 : tables.anyShardById(shardId);
        if (child >= 0) {
            final SlotTable shards = tables.shards;
            final int offset = ChildrenEncoder.HEADER_SIZE + count++ * ChildrenEncoder.sbeBlockLength();
            final int first = offset + ChildrenEncoder.firstHashKeyEncodingOffset();
            final int last = offset + ChildrenEncoder.lastHashKeyEncodingOffset();
            put(offset + ChildrenEncoder.shardIdEncodingOffset(), shards.getLong(child, Shard.ID));
            put(offset + ChildrenEncoder.parentShardIdEncodingOffset(), shards.getLong(child, Shard.PARENT_ID));
            put(
                    offset + ChildrenEncoder.adjacentParentShardIdEncodingOffset(),
                    shards.getLong(child, Shard.ADJACENT_PARENT_ID));
            put(first, shards.getLong(child, Shard.FIRST_HIGH));
            put(first + Long.BYTES, shards.getLong(child, Shard.FIRST_LOW));
            put(last, shards.getLong(child, Shard.LAST_HIGH));
            put(last + Long.BYTES, shards.getLong(child, Shard.LAST_LOW));
        }
    }

    private void put(final int offset, final long value) {
        buffer.putLong(offset, value, ByteOrder.LITTLE_ENDIAN);
    }

    DirectBuffer group() {
        return buffer;
    }

    int length() {
        return ChildrenEncoder.HEADER_SIZE + count * ChildrenEncoder.sbeBlockLength();
    }
}
