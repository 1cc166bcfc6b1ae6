package io.millrace.server;

import io.millrace.client.ClientListener;
import io.millrace.client.Delivery;
import io.millrace.client.MessageHandler;
import io.millrace.client.MillraceClient;
import io.millrace.client.PublishOptions;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a client was told about the numbers that it published, remembered outside of the server. They go to a topic in order under one
 * producer, so number n must be the message with sequence n + 1 in each subscribed queue, whatever was sent again: one more, one less or
 * two exchanged move every message behind them.
 */
final class PublishLedger implements ClientListener, MessageHandler {

    private static final int BODY_BYTES = 200;
    private static final int COMPLEMENT = BODY_BYTES - Integer.BYTES;
    private static final int MAX_UNANSWERED = 32;
    private static final int RECEIPTS_PER_ACK = 16;

    private record Receipt(int number, byte[] bytes) {}

    private record Acknowledgement(Subscriber subscriber, List<Receipt> receipts) {}

    /** A queue that is subscribed to the topic. */
    private static final class Subscriber {
        private final BitSet acknowledged = new BitSet();
        private final Deque<Receipt> receipts = new ArrayDeque<>();
        private int unanswered;
    }

    final BitSet confirmed = new BitSet();
    int next;

    private final Map<Long, Subscriber> subscribers = new HashMap<>();
    private final Map<Long, Integer> numberByPublish = new HashMap<>();
    private final Map<Long, Acknowledgement> acknowledgements = new HashMap<>();
    private final List<Long> partlyDone = new ArrayList<>();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[RECEIPTS_PER_ACK * Delivery.RECEIPT_LENGTH]);
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[BODY_BYTES]);
    private final PublishOptions options = new PublishOptions();
    private final int groups;
    private String fault;

    /** Publishes without message groups. */
    PublishLedger() {
        this(0);
    }

    /** Publishes to so many message groups in turn. */
    PublishLedger(final int groups) {
        this.groups = groups;
    }

    void subscribed(final long queueId) {
        subscribers.put(queueId, new Subscriber());
    }

    /** {@return what contradicts an earlier word of the server, or null} */
    String fault() {
        return fault;
    }

    /** {@return whether everything published is confirmed, and taken from each queue} */
    boolean isSettled() {
        return confirmed.cardinality() == next
                && subscribers.values().stream().allMatch(subscriber -> subscriber.acknowledged.cardinality() == next);
    }

    /** {@return messages acknowledged in all queues together} */
    int acknowledged() {
        return subscribers.values().stream()
                .mapToInt(subscriber -> subscriber.acknowledged.cardinality())
                .sum();
    }

    /** Publishes the next number if the window has room. */
    void publish(final MillraceClient client, final long topicId) {
        if (numberByPublish.size() < MAX_UNANSWERED) {
            body.putInt(0, next);
            body.putInt(COMPLEMENT, ~next);
            options.reset().groupId(groups == 0 ? "" : "g" + next % groups);
            final long id = client.topicPublisher().publish(topicId, body, 0, BODY_BYTES, options);
            if (id > 0) {
                numberByPublish.put(id, next++);
            }
        }
    }

    /** Acknowledges some of what was delivered; receipts of a session that is gone go too, the server must refuse them. */
    void acknowledge(final MillraceClient client) {
        subscribers.forEach((queueId, subscriber) -> {
            if (!subscriber.receipts.isEmpty() && subscriber.unanswered < MAX_UNANSWERED) {
                acknowledge(client, queueId, subscriber);
            }
        });
    }

    private void acknowledge(final MillraceClient client, final long queueId, final Subscriber subscriber) {
        final List<Receipt> receipts =
                subscriber.receipts.stream().limit(RECEIPTS_PER_ACK).toList();
        for (int i = 0; i < receipts.size(); i++) {
            frame.putBytes(i * Delivery.RECEIPT_LENGTH, receipts.get(i).bytes());
        }
        final long id = client.acknowledge(queueId, frame, 0, receipts.size());
        if (id > 0) {
            receipts.forEach(receipt -> subscriber.receipts.removeFirst());
            acknowledgements.put(id, new Acknowledgement(subscriber, new ArrayList<>(receipts)));
            subscriber.unanswered++;
        }
    }

    /** To be called after each poll: what an answer did not name is done. */
    void settle() {
        partlyDone.forEach(this::note);
        partlyDone.clear();
    }

    @Override
    public void onMessage(final Delivery delivery) {
        final Subscriber subscriber = subscribers.get(delivery.queueId());
        final int number = delivery.buffer().getInt(delivery.offset());
        final String what = "number " + number + " from queue " + delivery.queueId();
        if (delivery.length() != BODY_BYTES || delivery.buffer().getInt(delivery.offset() + COMPLEMENT) != ~number) {
            wrong(what + " is damaged");
        } else if (number < 0 || number >= next) {
            wrong(what + " was never published, " + next + " is the next");
        } else if (delivery.sequenceNumber() != number + 1) {
            wrong(what + " has sequence " + delivery.sequenceNumber() + ": lost, twice or out of order");
        } else if (subscriber.acknowledged.get(number)) {
            wrong(what + " came back after its acknowledgement was confirmed");
        }
        final byte[] receipt = new byte[Delivery.RECEIPT_LENGTH];
        delivery.copyReceiptTo(new UnsafeBuffer(receipt), 0);
        subscriber.receipts.add(new Receipt(number, receipt));
    }

    @Override
    public void onConfirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
        for (long id = from; id <= to; id++) {
            confirm(id);
            note(id);
        }
    }

    private void confirm(final long id) {
        final Integer number = numberByPublish.remove(id);
        if (number != null) {
            confirmed.set(number);
        }
    }

    /** What a FIFO topic says of a message. */
    @Override
    public void onSendResult(
            final long correlationId,
            final int entryIndex,
            final long messageId,
            final long sequenceNumber,
            final boolean isDuplicate,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        if (code != ResultCode.OK || isDuplicate) {
            wrong("publish " + correlationId + " ended with " + code + (isDuplicate ? ", a duplicate" : ""));
        }
        confirm(correlationId);
    }

    private void note(final long id) {
        final Acknowledgement done = acknowledgements.remove(id);
        if (done != null) {
            done.receipts.stream()
                    .filter(receipt -> receipt != null)
                    .forEach(receipt -> done.subscriber.acknowledged.set(receipt.number()));
            done.subscriber.unanswered--;
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
        final Acknowledgement partly = acknowledgements.get(correlationId);
        if (partly == null || code != ResultCode.STALE_RECEIPT) {
            // GONE would be the second execution of an acknowledgement.
            wrong("entry " + entryIndex + " of command " + correlationId + " ended with " + code);
            return;
        }
        partly.receipts.set(entryIndex, null);
        if (!partlyDone.contains(correlationId)) {
            partlyDone.add(correlationId);
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

    private void wrong(final String sentence) {
        fault = fault == null ? sentence : fault;
    }
}
