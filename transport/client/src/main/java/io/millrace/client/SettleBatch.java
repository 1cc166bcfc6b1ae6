package io.millrace.client;

import io.millrace.codecs.Disposition;
import io.millrace.codecs.SettleMessagesEncoder;
import org.agrona.DirectBuffer;

/**
 * The deliveries of one queue that are to end together without being acknowledged. {@link MillraceClient#settleBatch} gives
 * each queue's; it is sent, and takes back what the server refuses for the time being, as {@link AckBatch} is.
 */
public final class SettleBatch extends ReceiptBatch {
    SettleBatch(final AckBatches batches, final Requests requests, final long queueId) {
        super(batches, requests, SettleMessagesEncoder.TEMPLATE_ID, Requests.SETTLE_LENGTH, queueId);
    }

    /**
     * Adds a delivery that failed: its message is delivered again later, and its failed count goes up.
     *
     * @param buffer holds the receipt
     * @param offset where it starts
     * @param delayNs how long the message waits, nanoseconds, or {@link MillraceClient#QUEUE_DEFAULT}: the queue's back-off
     */
    public void retry(final DirectBuffer buffer, final int offset, final long delayNs) {
        add(buffer, offset, Disposition.RETRY, delayNs);
    }

    /**
     * Adds a delivery that is given back: its message is delivered again, and this was no failure.
     *
     * @param buffer holds the receipt
     * @param offset where it starts
     * @param delayNs how long the message waits, nanoseconds, or {@link MillraceClient#QUEUE_DEFAULT}: not at all
     */
    public void release(final DirectBuffer buffer, final int offset, final long delayNs) {
        add(buffer, offset, Disposition.RELEASE, delayNs);
    }

    /**
     * Adds a delivery whose message goes straight to the dead-letter queue.
     *
     * @param buffer holds the receipt
     * @param offset where it starts
     */
    public void reject(final DirectBuffer buffer, final int offset) {
        add(buffer, offset, Disposition.REJECT, MillraceClient.QUEUE_DEFAULT);
    }

    private void add(final DirectBuffer buffer, final int offset, final Disposition disposition, final long delayNs) {
        buffer.boundsCheck(offset, Wire.RECEIPT_LENGTH);
        final int at = claim();
        Requests.putSettle(entries(), at, buffer, offset, disposition, delayNs);
    }
}
