package io.millrace.kernel;

import io.millrace.kernel.Tables.Blob;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.memory.HashIndex;
import io.millrace.kernel.memory.Hashing;
import io.millrace.kernel.memory.IntrusiveList;
import io.millrace.kernel.memory.Payloads;
import io.millrace.kernel.memory.SlotTable;

/**
 * The part of the state that blobs are. A payload that names a blob is attached to it, so that each of its references, in a queue, a
 * publication or on the way from one queue to another, is one of the blob's: with the last one the blob goes.
 */
final class BlobState implements Payloads.Attachments {
    final SlotTable blobs = new SlotTable(Blob.TABLE, Blob.ROW_LENGTH, Blob.LOGICAL_END);

    final HashIndex byId = new HashIndex(blobs, Blob.ID_CHAIN, slot -> Hashing.mix(blobs.getLong(slot, Blob.ID)));

    /** Those that nothing ever referred to, in the order of their declaration. */
    final IntrusiveList resting;

    private final KernelCounters counters;
    private BlobPort port = (blobId, contentLength) -> {};

    BlobState(final SlotTable root, final KernelCounters counters) {
        this.counters = counters;
        resting = new IntrusiveList(
                root,
                Root.RESTING_BLOBS,
                Root.RESTING_BLOBS + Integer.BYTES,
                blobs,
                Blob.RESTING_NEXT,
                Blob.RESTING_PREVIOUS);
    }

    void port(final BlobPort newPort) {
        port = newPort;
    }

    /** The blob of an id, -1 if there is none. */
    int find(final long blobId) {
        int slot = byId.first(Hashing.mix(blobId));
        while (slot >= 0 && blobs.getLong(slot, Blob.ID) != blobId) {
            slot = byId.next(slot);
        }
        return slot;
    }

    /** Puts a blob's row into the structures that follow from it; blobs that rest come in the order in which they began to. */
    void link(final int blob) {
        byId.add(blob);
        if (isResting(blob)) {
            resting.addLast(State.ONLY, blob);
        }
    }

    private boolean isResting(final int blob) {
        return blobs.getLong(blob, Blob.RESTING_TURN) != 0;
    }

    @Override
    public void onReferences(final int blob, final int count) {
        if (isResting(blob)) {
            resting.remove(State.ONLY, blob);
            blobs.putSealed(blob, Blob.RESTING_TURN, 0);
        }
        blobs.putSealed(blob, Blob.REFERENCES, blobs.getLong(blob, Blob.REFERENCES) + count);
        removeIfUnused(blob);
    }

    /** Forgets a blob that nothing refers to, and tells the host. */
    void removeIfUnused(final int blob) {
        if (blobs.getLong(blob, Blob.REFERENCES) == 0) {
            final long blobId = blobs.getLong(blob, Blob.ID);
            final long contentLength = blobs.getLong(blob, Blob.CONTENT_LENGTH);
            if (isResting(blob)) {
                resting.remove(State.ONLY, blob);
            }
            byId.remove(blob);
            blobs.free(blob);
            counters.unusedBlobs++;
            port.onUnused(blobId, contentLength);
        }
    }
}
