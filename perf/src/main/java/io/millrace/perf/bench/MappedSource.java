package io.millrace.perf.bench;

import io.millrace.store.reader.RecordHandler;
import io.millrace.store.reader.ShardReader;
import java.nio.file.Path;

/** Reads a shard from the mapped files of the server. */
final class MappedSource implements RecordSource {
    private static final int LIMIT = 64;

    private final ShardReader reader;
    private final RecordHandler handler;

    /**
     * Opens the shard.
     *
     * @param directory of the server.
     * @param streamId  the stream.
     * @param shardId   the shard.
     * @param arrivals  gets the records.
     */
    MappedSource(final Path directory, final long streamId, final long shardId, final Arrivals arrivals) {
        reader = ShardReader.open(directory, streamId, shardId);
        reader.seekToLatest();
        handler = (sequenceNumber, arrivalTimeNs, journalPosition, buffer, key, keyLength, data, dataLength) ->
                arrivals.onRecord(sequenceNumber, buffer, data);
    }

    @Override
    public void poll() {
        if (reader.poll(handler, LIMIT) == 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
