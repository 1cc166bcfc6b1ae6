package io.millrace.client;

import io.millrace.codecs.AcknowledgeEncoder;
import org.agrona.DirectBuffer;

/**
 * The receipts of one queue that wait to be acknowledged together. {@link MillraceClient#ackBatch} gives each queue's;
 * {@link MillraceClient#poll()} and {@link MillraceClient#flush()} send them, so many in a frame as the context and the
 * server allow. Receipts that the server refuses for the time being, or because they are too many, wait again and are sent
 * later; a client without a producer does not keep them, so they end with their visibility timeout.
 *
 * <p>Adding never fails: the buffer grows if the way to the server stays full. It holds at most what was delivered and
 * not acknowledged, so a consumer's credit bounds it, and in steady state nothing is allocated.
 */
public final class AckBatch extends ReceiptBatch {
    AckBatch(final AckBatches batches, final Requests requests, final long queueId) {
        super(batches, requests, AcknowledgeEncoder.TEMPLATE_ID, Wire.RECEIPT_LENGTH, queueId);
    }

    /**
     * Adds a receipt kept with {@link Delivery#copyReceiptTo}.
     *
     * @param buffer holds the receipt
     * @param offset where it starts
     */
    public void add(final DirectBuffer buffer, final int offset) {
        buffer.boundsCheck(offset, Wire.RECEIPT_LENGTH);
        addEntry(buffer, offset);
    }
}
