package io.millrace.server;

import io.millrace.client.ClientListener;
import io.millrace.client.Delivery;
import io.millrace.client.MessageHandler;
import io.millrace.client.MillraceClient;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a client was told, remembered outside of the server: numbers are sent, delivered and acknowledged by one client that
 * outlives every kill. All numbers go into one queue in order under one producer, so number n must be the message with sequence
 * n + 1, whatever was sent again: one more, one less or two exchanged move every message behind them.
 */
final class Ledger implements ClientListener, MessageHandler {

    static final int BODY_BYTES = 200;
    private static final int MAX_UNANSWERED_SENDS = 32;
    private static final int MAX_UNANSWERED_ACKS = 16;
    private static final int RECEIPTS_PER_ACK = 16;
    private static final int COMPLEMENT = BODY_BYTES - Integer.BYTES;
    private static final long UNKNOWN = -1;

    final BitSet confirmed = new BitSet();
    final BitSet acknowledged = new BitSet();
    int next;
    long staleReceipts;

    /** Sends that were executed by one start of the server and confirmed by a later one: answered with their first result. */
    int answeredAgain;

    private final BitSet delivered = new BitSet();
    private final LongArrayList messageIds = new LongArrayList();
    private final LongArrayList sentTimes = new LongArrayList();
    private final LongArrayList confirmingStarts = new LongArrayList();
    private final Long2LongHashMap numberBySend = new Long2LongHashMap(UNKNOWN);
    private final Long2ObjectHashMap<IntArrayList> numbersByAck = new Long2ObjectHashMap<>();
    private final LongArrayList partlyDone = new LongArrayList();
    private final IntArrayList unacknowledged = new IntArrayList();
    private final Int2ObjectHashMap<byte[]> receipts = new Int2ObjectHashMap<>();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[RECEIPTS_PER_ACK * Delivery.RECEIPT_LENGTH]);
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[BODY_BYTES]);
    private long queue;
    private long startedNs;
    private String fault;

    void queue(final long queueId) {
        queue = queueId;
    }

    /** A new process of the server is about to be started. */
    void onServerStart() {
        startedNs = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }

    /** {@return what contradicts an earlier word of the server, or null} */
    String fault() {
        return fault;
    }

    boolean isSettled() {
        return confirmed.cardinality() == next && acknowledged.cardinality() == next;
    }

    /** Sends the next number if the window has room. */
    void send(final MillraceClient client) {
        if (numberBySend.size() < MAX_UNANSWERED_SENDS) {
            body.putInt(0, next);
            body.putInt(COMPLEMENT, ~next);
            final long id = client.send(queue, body, 0, BODY_BYTES);
            if (id > 0) {
                numberBySend.put(id, next++);
                messageIds.addLong(UNKNOWN);
                sentTimes.addLong(UNKNOWN);
                confirmingStarts.addLong(UNKNOWN);
            }
        }
    }

    /** Acknowledges some of what was delivered; receipts of a session that is gone go too, the server must refuse them. */
    void acknowledge(final MillraceClient client) {
        if (unacknowledged.isEmpty() || numbersByAck.size() == MAX_UNANSWERED_ACKS) {
            return;
        }
        final int count = Math.min(RECEIPTS_PER_ACK, unacknowledged.size());
        for (int i = 0; i < count; i++) {
            frame.putBytes(i * Delivery.RECEIPT_LENGTH, receipts.get(unacknowledged.getInt(i)));
        }
        final long id = client.acknowledge(queue, frame, 0, count);
        if (id > 0) {
            final IntArrayList numbers = new IntArrayList();
            for (int i = 0; i < count; i++) {
                numbers.addInt(unacknowledged.getInt(i));
                receipts.remove(unacknowledged.getInt(i));
            }
            for (int i = 0; i < count; i++) {
                unacknowledged.remove(0);
            }
            numbersByAck.put(id, numbers);
        }
    }

    /** To be called after each poll: what an answer did not name is done. */
    void settle() {
        for (int i = 0; i < partlyDone.size(); i++) {
            final IntArrayList numbers = numbersByAck.remove(partlyDone.getLong(i));
            if (numbers != null) {
                note(numbers);
            }
        }
        partlyDone.clear();
    }

    @Override
    public void onMessage(final Delivery delivery) {
        if (delivery.queueId() != queue) {
            return;
        }
        final int number = delivery.buffer().getInt(delivery.offset());
        if (number < 0 || number >= next) {
            wrong("number " + number + " was delivered, " + next + " is the next to be sent");
            return;
        }
        if (delivery.length() != BODY_BYTES || delivery.buffer().getInt(delivery.offset() + COMPLEMENT) != ~number) {
            wrong("the body of " + number + " is damaged");
        }
        if (delivery.sequenceNumber() != number + 1) {
            wrong("number " + number + " has sequence " + delivery.sequenceNumber() + ": lost, twice or out of order");
        }
        if (acknowledged.get(number)) {
            wrong("number " + number + " came back after its acknowledgement was confirmed");
        }
        if (!delivered.get(number)) {
            delivered.set(number);
            meet(number, delivery.messageId());
            sentTimes.setLong(number, delivery.sentTimeNs());
            countAnsweredAgain(number);
        }
        final byte[] receipt = new byte[Delivery.RECEIPT_LENGTH];
        delivery.copyReceiptTo(new UnsafeBuffer(receipt), 0);
        if (receipts.put(number, receipt) == null) {
            unacknowledged.addInt(number);
        }
    }

    @Override
    public void onConfirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
        for (long id = from; id <= to; id++) {
            final int number = (int) numberBySend.remove(id);
            final IntArrayList numbers = numbersByAck.remove(id);
            if (number != UNKNOWN) {
                confirmed.set(number);
                confirmingStarts.setLong(number, startedNs);
                meet(number, firstValue + (id - from) * valuesPerCommand);
                countAnsweredAgain(number);
            } else if (numbers != null) {
                note(numbers);
            }
        }
    }

    @Override
    public void onEntryResult(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        final IntArrayList numbers = numbersByAck.get(correlationId);
        if (numbers == null || code != ResultCode.STALE_RECEIPT) {
            // GONE would be the second execution of an acknowledgement.
            wrong("entry " + entryIndex + " of command " + correlationId + " ended with " + code);
            return;
        }
        staleReceipts++;
        numbers.setInt(entryIndex, (int) UNKNOWN);
        if (!partlyDone.containsLong(correlationId)) {
            partlyDone.addLong(correlationId);
        }
    }

    @Override
    public void onRefused(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        wrong("command " + correlationId + " was refused with " + code);
    }

    private void note(final IntArrayList numbers) {
        for (int i = 0; i < numbers.size(); i++) {
            if (numbers.getInt(i) != UNKNOWN) {
                acknowledged.set(numbers.getInt(i));
            }
        }
    }

    /** A message id is told twice: with the confirmation and with the delivery. */
    private void meet(final int number, final long messageId) {
        final long known = messageIds.getLong(number);
        messageIds.setLong(number, messageId);
        if (known != UNKNOWN && known != messageId) {
            wrong("number " + number + " is message " + known + " and message " + messageId);
        }
    }

    private void countAnsweredAgain(final int number) {
        final long sentNs = sentTimes.getLong(number);
        if (sentNs != UNKNOWN && sentNs < confirmingStarts.getLong(number)) {
            answeredAgain++;
        }
    }

    private void wrong(final String sentence) {
        fault = fault == null ? sentence : fault;
    }
}
