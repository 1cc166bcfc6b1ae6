package io.millrace.client;

import io.millrace.codecs.AcknowledgeEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import java.util.ArrayList;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * What waits to be sent of ended deliveries: for each queue a batch of acknowledgements and one of other ends.
 */
final class AckBatches {
    /** With so many queues the batches that are empty are forgotten; one that somebody holds works all the same. */
    static final int MAX_KEPT = 1024;

    private static final int GROUP_OFFSET = Wire.HEADER_LENGTH + AcknowledgeEncoder.BLOCK_LENGTH;
    private static final int RECEIPTS_OFFSET = GROUP_OFFSET + Wire.GROUP_HEADER_LENGTH;

    private final Long2ObjectHashMap<AckBatch> byQueue = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<SettleBatch> settlesByQueue = new Long2ObjectHashMap<>();
    private final ArrayList<ReceiptBatch> waiting = new ArrayList<>();
    private final Requests requests;
    private int receiptsPerFrame;
    private boolean isHeld;
    private AckBatch last;

    AckBatches(final Requests requests, final int receiptsPerFrame) {
        this.requests = requests;
        this.receiptsPerFrame = receiptsPerFrame;
    }

    /** Deliveries of a queue come together, so the last one asked for is most often the next. */
    AckBatch of(final long queueId) {
        if (last == null || last.queueId() != queueId) {
            last = byQueue.get(queueId);
            if (last == null) {
                if (byQueue.size() >= MAX_KEPT) {
                    byQueue.values().removeIf(batch -> batch.size() == 0);
                }
                last = new AckBatch(this, requests, queueId);
                byQueue.put(queueId, last);
            }
        }
        return last;
    }

    SettleBatch settlesOf(final long queueId) {
        SettleBatch batch = settlesByQueue.get(queueId);
        if (batch == null) {
            if (settlesByQueue.size() >= MAX_KEPT) {
                settlesByQueue.values().removeIf(kept -> kept.size() == 0);
            }
            batch = new SettleBatch(this, requests, queueId);
            settlesByQueue.put(queueId, batch);
        }
        return batch;
    }

    /** A batch that was empty has a receipt. */
    void onWaiting(final ReceiptBatch batch) {
        waiting.add(batch);
    }

    /** @return receipts that the server and the session's frames take at a time, as far as is known. */
    int entriesPerFrame(final int entryLength) {
        return Math.min(receiptsPerFrame, requests.maxEntries(entryLength));
    }

    /** The server takes no more receipts in a command than this. */
    void limit(final long maxEntries) {
        receiptsPerFrame = (int) Math.max(1, Math.min(receiptsPerFrame, maxEntries));
    }

    /** Keeps the receipts until {@link #release}: the server refuses them for the time being. */
    void hold() {
        isHeld = true;
    }

    void release() {
        isHeld = false;
    }

    /** Takes back the receipts of a frame that the server has refused as a whole. */
    void takeBack(final DirectBuffer buffer, final int offset) {
        final long queueId =
                buffer.getLong(offset + Wire.HEADER_LENGTH + AcknowledgeEncoder.queueIdEncodingOffset(), Wire.ORDER);
        final int count = buffer.getShort(offset + GROUP_OFFSET + 2, Wire.ORDER) & 0xFFFF;
        final int templateId =
                buffer.getShort(offset + MessageHeaderEncoder.templateIdEncodingOffset(), Wire.ORDER) & 0xFFFF;
        final ReceiptBatch batch = templateId == AcknowledgeEncoder.TEMPLATE_ID ? of(queueId) : settlesOf(queueId);
        for (int i = 0; i < count; i++) {
            batch.addEntry(buffer, offset + RECEIPTS_OFFSET + i * batch.entryLength());
        }
    }

    /** Sends what there is room for, first what has waited for longest. @return frames sent. */
    int flush() {
        if (isHeld || waiting.isEmpty()) {
            return 0;
        }
        int frames = 0;
        int left = 0;
        for (int i = 0; i < waiting.size(); i++) {
            final ReceiptBatch batch = waiting.get(i);
            frames += batch.flush();
            if (batch.size() > 0) {
                waiting.set(left++, batch);
            }
        }
        for (int i = waiting.size() - 1; i >= left; i--) {
            waiting.remove(i);
        }
        return frames;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }
}
