package io.millrace.client;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The receives that have not ended, so that a new session can ask again. There is room for {@link #CAPACITY}.
 */
final class ReceiveTable {
    static final int CAPACITY = 64;

    private final long[] correlationIds = new long[CAPACITY];
    private final long[] queueIds = new long[CAPACITY];
    private final long[] waits = new long[CAPACITY];
    private final long[] visibilities = new long[CAPACITY];
    private final int[] maxMessages = new int[CAPACITY];
    private final int[] delivered = new int[CAPACITY];
    private final boolean[] isSent = new boolean[CAPACITY];
    private final UnsafeBuffer[] tails = new UnsafeBuffer[CAPACITY];
    private final int[] tailLengths = new int[CAPACITY];
    private int count;

    boolean isFull() {
        return count == CAPACITY;
    }

    int count() {
        return count;
    }

    long correlationId(final int index) {
        return correlationIds[index];
    }

    long queueId(final int index) {
        return queueIds[index];
    }

    long waitNs(final int index) {
        return waits[index];
    }

    long visibilityNs(final int index) {
        return visibilities[index];
    }

    int maxMessages(final int index) {
        return maxMessages[index];
    }

    /** @return attribute names and attempt id as Receive ends with them. */
    DirectBuffer tail(final int index) {
        return tails[index];
    }

    int tailLength(final int index) {
        return tailLengths[index];
    }

    /** @return messages that have come for the receive so far. */
    int delivered(final int index) {
        return delivered[index];
    }

    /** @return whether the receive was sent in this session; it keeps this wherever a removal moves it. */
    boolean isSent(final int index) {
        return isSent[index];
    }

    void sent(final int index) {
        isSent[index] = true;
    }

    /** A new session knows of nothing. */
    void onSession() {
        Arrays.fill(isSent, 0, count, false);
    }

    /** Adds a receive that was just sent; the buffers of its rows stay, so that in steady state nothing is allocated. */
    void add(
            final long correlationId,
            final long queueId,
            final int max,
            final long waitNs,
            final long visibilityNs,
            final DirectBuffer tail,
            final int tailLength) {
        if (tails[count] == null || tails[count].capacity() < tailLength) {
            tails[count] = new UnsafeBuffer(new byte[tailLength]);
        }
        tails[count].putBytes(0, tail, 0, tailLength);
        tailLengths[count] = tailLength;
        correlationIds[count] = correlationId;
        queueIds[count] = queueId;
        maxMessages[count] = max;
        waits[count] = waitNs;
        visibilities[count] = visibilityNs;
        delivered[count] = 0;
        isSent[count] = true;
        count++;
    }

    void onDelivered(final long correlationId) {
        final int index = indexOf(correlationId);
        if (index >= 0) {
            delivered[index]++;
        }
    }

    void remove(final long correlationId) {
        final int index = indexOf(correlationId);
        if (index < 0) {
            return;
        }
        count--;
        correlationIds[index] = correlationIds[count];
        queueIds[index] = queueIds[count];
        maxMessages[index] = maxMessages[count];
        waits[index] = waits[count];
        visibilities[index] = visibilities[count];
        delivered[index] = delivered[count];
        isSent[index] = isSent[count];
        final UnsafeBuffer unused = tails[index];
        tails[index] = tails[count];
        tails[count] = unused;
        tailLengths[index] = tailLengths[count];
    }

    private int indexOf(final long correlationId) {
        for (int i = 0; i < count; i++) {
            if (correlationIds[i] == correlationId) {
                return i;
            }
        }
        return -1;
    }
}
