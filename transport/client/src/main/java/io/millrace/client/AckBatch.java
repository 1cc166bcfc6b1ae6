package io.millrace.client;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The receipts of one queue that wait to be acknowledged together. {@link MillraceClient#ackBatch} gives each queue's;
 * {@link MillraceClient#poll()} and {@link MillraceClient#flush()} send them, so many in a frame as the context and the
 * server allow. Receipts that the server refuses for the time being, or because they are too many, wait again and are sent
 * later; a client without a producer does not keep them, so they end with their visibility timeout.
 *
 * <p>Adding never fails: the buffer grows if the way to the server stays full. It holds at most what was delivered and
 * not acknowledged, so a consumer's credit bounds it, and in steady state nothing is allocated.
 */
public final class AckBatch {
    private static final int INITIAL_RECEIPTS = 256;

    private final AckBatches batches;
    private final Requests requests;
    private final long queueId;
    private UnsafeBuffer receipts = new UnsafeBuffer(allocate(INITIAL_RECEIPTS));
    private int first;
    private int end;

    AckBatch(final AckBatches batches, final Requests requests, final long queueId) {
        this.batches = batches;
        this.requests = requests;
        this.queueId = queueId;
    }

    /** @return the queue of the receipts. */
    public long queueId() {
        return queueId;
    }

    /** @return receipts that wait. */
    public int size() {
        return (end - first) / Wire.RECEIPT_LENGTH;
    }

    /**
     * Adds a receipt kept with {@link Delivery#copyReceiptTo}.
     *
     * @param buffer holds the receipt
     * @param offset where it starts
     */
    public void add(final DirectBuffer buffer, final int offset) {
        buffer.boundsCheck(offset, Wire.RECEIPT_LENGTH);
        if (first == end) {
            batches.onWaiting(this);
        }
        if (end + Wire.RECEIPT_LENGTH > receipts.capacity()) {
            makeRoom();
        }
        receipts.putBytes(end, buffer, offset, Wire.RECEIPT_LENGTH);
        end += Wire.RECEIPT_LENGTH;
    }

    /** Sends what there is room for. @return frames sent. */
    int flush() {
        int frames = 0;
        while (first < end) {
            final int count = Math.min(batches.receiptsPerFrame(), size());
            if (requests.acknowledgeBatch(queueId, receipts, first, count) < 0) {
                return frames;
            }
            first += count * Wire.RECEIPT_LENGTH;
            frames++;
        }
        first = 0;
        end = 0;
        return frames;
    }

    private void makeRoom() {
        final int waiting = end - first;
        final UnsafeBuffer source = receipts;
        if (waiting > receipts.capacity() / 2) {
            receipts = new UnsafeBuffer(allocate(2 * receipts.capacity() / Wire.RECEIPT_LENGTH));
        }
        receipts.putBytes(0, source, first, waiting);
        first = 0;
        end = waiting;
    }

    private static ByteBuffer allocate(final int receiptCount) {
        return ByteBuffer.allocateDirect(receiptCount * Wire.RECEIPT_LENGTH);
    }
}
