package io.millrace.server;

import io.millrace.client.PutListener;
import io.millrace.client.StreamProducer;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a producer put and a reader read of it, kept outside the server: every record is a number, confirmed once, read once, under the
 * sequence number that was confirmed, in an order of sequence numbers in its shard and of numbers in its key.
 */
final class StreamLedger implements PutListener {

    private static final long NONE = -1;
    private static final int KEYS = 16;

    private final UnsafeBuffer record = new UnsafeBuffer(new byte[Long.BYTES]);
    private final Long2LongHashMap confirmedSequence = new Long2LongHashMap(NONE);
    private final Long2LongHashMap readSequence = new Long2LongHashMap(NONE);
    private final Map<Long, Long> lastRead = new HashMap<>();
    private final long[] lastOfKey = new long[KEYS];
    final BitSet confirmed = new BitSet();
    final BitSet read = new BitSet();
    long next = 1;
    private String fault;

    /** Tickets count up from 1, as the numbers do. */
    void put(final StreamProducer producer) {
        record.putLong(0, next);
        final long ticket = producer.offer("key-" + next % KEYS, record, 0, Long.BYTES);
        if (ticket > 0) {
            check(ticket == next, "ticket " + ticket + " for record " + next);
            next++;
        }
    }

    @Override
    public void onPut(final long ticket, final long shardId, final long sequenceNumber) {
        check(!confirmed.get((int) ticket), "record " + ticket + " was confirmed twice");
        confirmed.set((int) ticket);
        confirmedSequence.put(ticket, sequenceNumber);
        agree(ticket);
    }

    @Override
    public void onRefused(
            final long ticket, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        check(false, "record " + ticket + " was refused: " + code);
    }

    /** A reader came to a record. */
    void onRead(
            final long shardId,
            final long sequenceNumber,
            final DirectBuffer buffer,
            final int keyOffset,
            final int keyLength,
            final int dataOffset) {
        final long number = buffer.getLong(dataOffset);
        final byte[] key = new byte[keyLength];
        buffer.getBytes(keyOffset, key);
        final int index = (int) (number % KEYS);
        check(new String(key, StandardCharsets.UTF_8).equals("key-" + index), "record " + number + " has another key");
        check(!read.get((int) number), "record " + number + " was read twice");
        check(lastOfKey[index] < number, "record " + number + " was read behind " + lastOfKey[index] + " of its key");
        final long before = lastRead.getOrDefault(shardId, 0L);
        check(before < sequenceNumber, "sequence number " + sequenceNumber + " was read behind " + before);
        lastRead.put(shardId, sequenceNumber);
        lastOfKey[index] = number;
        read.set((int) number);
        readSequence.put(number, sequenceNumber);
        agree(number);
    }

    private void agree(final long number) {
        final long put = confirmedSequence.get(number);
        final long got = readSequence.get(number);
        check(put == NONE || got == NONE || put == got, "record " + number + " was put as " + put + ", read as " + got);
    }

    /** {@return whether all that was put is confirmed and read} */
    boolean isSettled() {
        return confirmed.cardinality() == next - 1 && read.cardinality() == next - 1;
    }

    private void check(final boolean holds, final String otherwise) {
        if (!holds && fault == null) {
            fault = otherwise;
        }
    }

    /** {@return what went wrong first, or null} */
    String fault() {
        return fault;
    }
}
