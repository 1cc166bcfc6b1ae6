package io.millrace.store.reader;

import java.nio.file.Path;

/**
 * Names in the folder {@code streams} of a data directory.
 *
 * <pre>
 *   streams/safe                        how far readers may look
 *   streams/7/12/log                    page of shard 12 of stream 7
 *   streams/7/12/0000000001/*.cq4       its records, if it has a log of its own
 *   streams/shared/0/log                page of a log that shards share
 *   streams/shared/0/0000000001/*.cq4   its records
 *   streams/shared/0/index-...          where the records of each shard are in it
 * </pre>
 */
public final class StreamFolders {
    private static final String STREAMS = "streams";
    private static final String SHARED = "shared";

    private StreamFolders() {}

    /**
     * Folder of all record logs.
     *
     * @param dataDirectory of a server.
     * @return its path.
     */
    public static Path streams(final Path dataDirectory) {
        return dataDirectory.resolve(STREAMS);
    }

    /**
     * Folder of a stream.
     *
     * @param dataDirectory of a server.
     * @param streamId      the stream.
     * @return its path.
     */
    public static Path stream(final Path dataDirectory, final long streamId) {
        return streams(dataDirectory).resolve(Long.toString(streamId));
    }

    /**
     * Folder of a shard.
     *
     * @param dataDirectory of a server.
     * @param streamId      its stream.
     * @param shardId       the shard.
     * @return its path.
     */
    public static Path shard(final Path dataDirectory, final long streamId, final long shardId) {
        return stream(dataDirectory, streamId).resolve(Long.toString(shardId));
    }

    /**
     * Folder of a log that shards share.
     *
     * @param dataDirectory of a server.
     * @param number        of the log, from 0.
     * @return its path.
     */
    public static Path shared(final Path dataDirectory, final long number) {
        return streams(dataDirectory).resolve(SHARED).resolve(Long.toString(number));
    }
}
