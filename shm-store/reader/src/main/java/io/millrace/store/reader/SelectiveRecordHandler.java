package io.millrace.store.reader;

import org.agrona.DirectBuffer;

/** Takes records from a {@link ShardReader}, and can say that it has enough. */
@FunctionalInterface
public interface SelectiveRecordHandler {
    /**
     * One record. Key and data lie in mapped memory: valid during the call, never to be written.
     *
     * @param sequenceNumber  of the record in its shard.
     * @param arrivalTimeNs   when it arrived, in nanoseconds since the epoch.
     * @param journalPosition of the command that put it.
     * @param buffer          that holds it.
     * @param keyOffset       where its partition key starts.
     * @param keyLength       bytes of the key.
     * @param dataOffset      where its data starts.
     * @param dataLength      bytes of the data.
     * @return false to leave the record unread.
     */
    boolean onRecord(
            long sequenceNumber,
            long arrivalTimeNs,
            long journalPosition,
            DirectBuffer buffer,
            int keyOffset,
            int keyLength,
            int dataOffset,
            int dataLength);
}
