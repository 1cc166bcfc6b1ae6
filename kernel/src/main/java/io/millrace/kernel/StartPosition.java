package io.millrace.kernel;

import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.memory.SlotTable;

/** Where reading of a shard begins: judges what was asked for, and makes of it a place that stays the same. */
final class StartPosition {
    private final StreamState tables;
    private final SlotTable shards;
    private ShardPosition kind = ShardPosition.NULL_VAL;
    private long position;

    StartPosition(final StreamState tables) {
        this.tables = tables;
        this.shards = tables.shards;
    }

    static boolean isKind(final int kind) {
        return kind >= ShardPosition.TRIM_HORIZON.value() && kind <= ShardPosition.AT_TIMESTAMP.value();
    }

    /** Takes a position over; false if it is none of the shard. */
    boolean take(final int shard, final ShardPosition wantedKind, final long wanted, final long nowNs) {
        if (!isPosition(shard, wantedKind, wanted, nowNs)) {
            return false;
        }
        switch (wantedKind) {
            case LATEST -> set(ShardPosition.AFTER_SEQUENCE_NUMBER, shards.getLong(shard, Shard.LAST_SEQUENCE));
            case AT_TIMESTAMP -> {
                if (wanted <= tables.horizon(shards.getInt(shard, Shard.STREAM), nowNs)) {
                    set(ShardPosition.AT_SEQUENCE_NUMBER, 0);
                } else {
                    set(wantedKind, wanted);
                }
            }
            case TRIM_HORIZON -> set(ShardPosition.AT_SEQUENCE_NUMBER, 0);
            default -> set(wantedKind, wanted);
        }
        return true;
    }

    private boolean isPosition(final int shard, final ShardPosition wantedKind, final long wanted, final long nowNs) {
        return switch (wantedKind) {
            case TRIM_HORIZON, LATEST -> wanted == 0;
            case AT_TIMESTAMP -> wanted >= 0 && wanted <= nowNs;
            default -> wanted >= 0 && wanted <= shards.getLong(shard, Shard.LAST_SEQUENCE);
        };
    }

    private void set(final ShardPosition newKind, final long newPosition) {
        kind = newKind;
        position = newPosition;
    }

    /** AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER or AT_TIMESTAMP. */
    ShardPosition kind() {
        return kind;
    }

    long position() {
        return position;
    }
}
