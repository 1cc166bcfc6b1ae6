package io.millrace.kernel;

import io.millrace.codecs.ReceiptHandleDecoder;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.Tables.Session;

/**
 * Makes and checks receipt handles.
 *
 * <p>A handle's tag is SipHash-2-4 under the directory's secret of the words (slot, generation), queue id, delivery number and the
 * hash of the session's principal. A handle that was never given out for this queue and principal is known as such without looking
 * at any message.
 */
final class Receipts {
    /** What a handle turned out to be. */
    enum Standing {
        /** In flight under this handle. */
        IN_FLIGHT,
        /** No longer in flight, but not delivered again. */
        EXPIRED,
        /** Delivered again since. */
        STALE,
        /** The message no longer exists, or no longer in this queue. */
        GONE,
        /** Not a handle of this queue and principal. */
        FORGED
    }

    private final State state;

    Receipts(final State state) {
        this.state = state;
    }

    long tag(final int session, final long queueId, final int slot, final int generation, final int deliveryNumber) {
        return state.sipHash.hash(
                state.root.getLong(State.ONLY, Root.SECRET_0),
                state.root.getLong(State.ONLY, Root.SECRET_1),
                ((long) generation << Integer.SIZE) | (slot & 0xFFFF_FFFFL),
                queueId,
                deliveryNumber,
                state.sessions.getLong(session, Session.PRINCIPAL_HASH));
    }

    /**
     * Judges a handle.
     *
     * @param session that shows it.
     * @param queueId that it is shown for.
     * @param queue slot of that queue, -1 if it was deleted.
     * @param receipt the handle.
     */
    Standing judge(final int session, final long queueId, final int queue, final ReceiptHandleDecoder receipt) {
        final int slot = (int) receipt.slot();
        final int generation = (int) receipt.generation();
        final int deliveryNumber = (int) receipt.deliveryNumber();
        if (receipt.reserved() != 0 || receipt.tag() != tag(session, queueId, slot, generation, deliveryNumber)) {
            return Standing.FORGED;
        }
        if (queue < 0
                || !state.messages.isLive(slot)
                || state.messages.generation(slot) != generation
                || state.messages.getInt(slot, Message.QUEUE) != queue
                || !state.isPresent(slot)) {
            return Standing.GONE;
        }
        if (state.messages.getInt(slot, Message.DELIVERY_NUMBER) != deliveryNumber) {
            return Standing.STALE;
        }
        final boolean isInFlight = state.messages.status(slot) == Message.IN_FLIGHT
                && state.messages.getLong(slot, Message.DEADLINE) > state.nowNs;
        return isInFlight ? Standing.IN_FLIGHT : Standing.EXPIRED;
    }
}
