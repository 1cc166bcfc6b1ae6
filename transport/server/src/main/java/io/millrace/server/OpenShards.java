package io.millrace.server;

import io.millrace.codecs.ShardPosition;
import io.millrace.store.reader.ShardReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * Shards that were read a short time ago. Who goes on behind the record that was read last finds the reader standing there and need
 * not look for the place.
 */
final class OpenShards implements AutoCloseable {

    private static final int CAPACITY = 64;
    private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(5);

    private final Path dataDirectory;
    private final NanoClock clock;
    private final ShardReader[] readers = new ShardReader[CAPACITY];
    private final long[] shardIds = new long[CAPACITY];
    private final long[] usedNs = new long[CAPACITY];

    OpenShards(final Path dataDirectory, final NanoClock clock) {
        this.dataDirectory = dataDirectory;
        this.clock = clock;
    }

    /**
     * Takes a reader that stands where a read begins.
     *
     * @param flow what is to be flow.
     * @return a reader for this read alone.
     * @throws io.millrace.store.reader.ReaderException if the shard cannot be read from there.
     */
    ShardReader take(final LogFlow flow) {
        final int found = find(flow);
        final ShardReader reader =
                found < 0 ? ShardReader.open(dataDirectory, flow.streamId, flow.shardId) : readers[found];
        if (found >= 0) {
            readers[found] = null;
        }
        if (!standsBehind(reader, flow)) {
            seek(reader, flow);
        }
        return reader;
    }

    /** The one that stands there already, else any of the shard. */
    private int find(final LogFlow flow) {
        int found = -1;
        for (int i = 0; i < CAPACITY; i++) {
            if (readers[i] != null && shardIds[i] == flow.shardId) {
                found = i;
                if (standsBehind(readers[i], flow)) {
                    return i;
                }
            }
        }
        return found;
    }

    private static boolean standsBehind(final ShardReader reader, final LogFlow flow) {
        return flow.kind == ShardPosition.AFTER_SEQUENCE_NUMBER
                && flow.position > 0
                && reader.lastSequence() == flow.position;
    }

    private static void seek(final ShardReader reader, final LogFlow flow) {
        if (flow.kind == ShardPosition.AT_TIMESTAMP) {
            reader.seekAtTime(Math.max(flow.position, flow.horizonTimeNs));
        } else if (flow.position == 0) {
            reader.seekAtTime(flow.horizonTimeNs);
        } else if (flow.kind == ShardPosition.AFTER_SEQUENCE_NUMBER) {
            reader.seekAtSequence(flow.position + 1);
        } else {
            reader.seekAtSequence(flow.position);
        }
    }

    /**
     * Gives a reader back.
     *
     * @param reader  that was taken.
     * @param shardId its shard.
     */
    void give(final ShardReader reader, final long shardId) {
        int place = 0;
        for (int i = 0; i < CAPACITY && readers[place] != null; i++) {
            if (readers[i] == null || usedNs[i] - usedNs[place] < 0) {
                place = i;
            }
        }
        if (readers[place] != null) {
            readers[place].close();
        }
        readers[place] = reader;
        shardIds[place] = shardId;
        usedNs[place] = clock.nanoTime();
    }

    /**
     * Closes what nobody has used for a while: files that were removed take up room as long as they are mapped.
     *
     * @return number of readers closed.
     */
    int closeIdle() {
        final long nowNs = clock.nanoTime();
        int count = 0;
        for (int i = 0; i < CAPACITY; i++) {
            if (readers[i] != null && nowNs - usedNs[i] > IDLE_NS) {
                readers[i].close();
                readers[i] = null;
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() {
        for (final ShardReader reader : readers) {
            if (reader != null) {
                reader.close();
            }
        }
    }
}
