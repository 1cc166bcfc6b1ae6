package io.millrace.kernel;

import io.millrace.kernel.Tables.Lane;
import io.millrace.kernel.Tables.Message;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.memory.HashIndex;
import io.millrace.kernel.memory.Payloads;
import io.millrace.kernel.memory.SlotTable;
import io.millrace.kernel.memory.TimerHeap;

/**
 * What the kernel has reserved outside the heap, and what of it will be used again before more is reserved. No part of the
 * state: the host looks at it before it lets commands in that would need more than there is.
 *
 * <p>Memory is never given back. To be called by the kernel's thread; allocates nothing.
 */
public final class KernelMemory {
    /** Bytes of one message besides its payload: its row, the payload's row and its timer. */
    public static final int MESSAGE_BYTES = Message.ROW_LENGTH + Payloads.ROW_LENGTH + TimerHeap.TIMER_BYTES;

    /** Bytes of one queue besides its name: its row, its lane's and the name's, and its places in the indexes. */
    public static final int QUEUE_BYTES = Queue.ROW_LENGTH + Lane.ROW_LENGTH + Payloads.ROW_LENGTH + 2 * Integer.BYTES;

    private final State state;

    KernelMemory(final State state) {
        this.state = state;
    }

    /**
     * Bytes reserved, with the timers that all messages would need if they were in flight at once: commands that only take
     * messages must not find memory short.
     *
     * @return bytes.
     */
    public long reservedBytes() {
        long bytes = state.payloads.reservedBytes();
        for (final SlotTable table : state.tables) {
            bytes += table.rowBytes();
        }
        for (final HashIndex index : state.indexes) {
            bytes += index.reservedBytes();
        }
        final long timers = (long) state.messages.highWater() * TimerHeap.TIMER_BYTES;
        return bytes + Math.max(timers, state.timers.reservedBytes());
    }

    /**
     * Messages whose rows need no new memory.
     *
     * @return the number.
     */
    public int freeMessages() {
        return Math.min(state.messages.freeCount(), state.payloads.freeCount());
    }

    /**
     * Queues whose rows need no new memory.
     *
     * @return the number.
     */
    public int freeQueues() {
        return Math.min(state.queues.freeCount(), state.payloads.freeCount());
    }

    /**
     * Payload bytes that surely find a place without new memory. Half of what is empty: a payload is not split, so up to half
     * of a segment may stay empty behind the last one in it.
     *
     * @return bytes.
     */
    public long freePayloadBytes() {
        return state.payloads.freeBytes() / 2;
    }

    /**
     * Bytes that a payload takes.
     *
     * @param length of the payload in bytes.
     * @return bytes.
     */
    public static long payloadBytes(final int length) {
        return Payloads.accountedLength(length);
    }
}
