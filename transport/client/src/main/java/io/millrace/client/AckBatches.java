package io.millrace.client;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The acknowledgements that wait, a batch for each queue.
 */
final class AckBatches {
    private final Long2ObjectHashMap<AckBatch> byQueue = new Long2ObjectHashMap<>();
    private final List<AckBatch> all = new ArrayList<>();
    private final Requests requests;
    private final int receiptsPerFrame;
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
                last = new AckBatch(requests, queueId, receiptsPerFrame);
                byQueue.put(queueId, last);
                all.add(last);
            }
        }
        return last;
    }

    /** Sends what there is room for. @return frames sent. */
    int flush() {
        int frames = 0;
        for (int i = 0; i < all.size(); i++) {
            frames += all.get(i).flush();
        }
        return frames;
    }

    boolean isEmpty() {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).size() > 0) {
                return false;
            }
        }
        return true;
    }
}
