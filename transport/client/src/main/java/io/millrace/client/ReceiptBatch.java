package io.millrace.client;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Entries of one queue that wait to be sent together, each beginning with a receipt. Adding never fails: the buffer grows if
 * the way to the server stays full. It holds at most what was delivered and is not settled, so a consumer's credit bounds it,
 * and in steady state nothing is allocated.
 */
abstract class ReceiptBatch {
    private static final int INITIAL_ENTRIES = 256;

    private final AckBatches batches;
    private final Requests requests;
    private final int templateId;
    private final int entryLength;
    private final long queueId;
    private UnsafeBuffer entries;
    private int first;
    private int end;

    ReceiptBatch(
            final AckBatches batches,
            final Requests requests,
            final int templateId,
            final int entryLength,
            final long queueId) {
        this.batches = batches;
        this.requests = requests;
        this.templateId = templateId;
        this.entryLength = entryLength;
        this.queueId = queueId;
        entries = new UnsafeBuffer(allocate(INITIAL_ENTRIES));
    }

    /** @return the queue of the receipts. */
    public long queueId() {
        return queueId;
    }

    /** @return receipts that wait. */
    public int size() {
        return (end - first) / entryLength;
    }

    final int entryLength() {
        return entryLength;
    }

    final UnsafeBuffer entries() {
        return entries;
    }

    /** @return where the caller then writes one more entry. */
    final int claim() {
        if (first == end) {
            batches.onWaiting(this);
        }
        if (end + entryLength > entries.capacity()) {
            makeRoom();
        }
        end += entryLength;
        return end - entryLength;
    }

    /** Adds an entry as it was sent. */
    final void addEntry(final DirectBuffer buffer, final int offset) {
        final int at = claim();
        entries.putBytes(at, buffer, offset, entryLength);
    }

    /** Sends what there is room for. @return frames sent. */
    final int flush() {
        int frames = 0;
        while (first < end) {
            final int count = Math.min(batches.entriesPerFrame(entryLength), size());
            if (requests.sendBatch(templateId, entryLength, queueId, entries, first, count) < 0) {
                return frames;
            }
            first += count * entryLength;
            frames++;
        }
        first = 0;
        end = 0;
        return frames;
    }

    private void makeRoom() {
        final int waiting = end - first;
        final UnsafeBuffer source = entries;
        if (waiting > entries.capacity() / 2) {
            entries = new UnsafeBuffer(allocate(2 * entries.capacity() / entryLength));
        }
        entries.putBytes(0, source, first, waiting);
        first = 0;
        end = waiting;
    }

    private ByteBuffer allocate(final int count) {
        return ByteBuffer.allocateDirect(count * entryLength);
    }
}
