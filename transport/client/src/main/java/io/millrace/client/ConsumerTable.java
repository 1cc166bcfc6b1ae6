package io.millrace.client;

import java.util.Arrays;

/**
 * The queues that the client consumes from, so that a new session can consume from them again.
 */
final class ConsumerTable {
    private long[] queueIds = new long[8];
    private long[] correlationIds = new long[8];
    private long[] visibilities = new long[8];
    private int[] creditMessages = new int[8];
    private int[] creditBytes = new int[8];
    private int count;

    int count() {
        return count;
    }

    long queueId(final int index) {
        return queueIds[index];
    }

    long correlationId(final int index) {
        return correlationIds[index];
    }

    long visibilityNs(final int index) {
        return visibilities[index];
    }

    int creditMessages(final int index) {
        return creditMessages[index];
    }

    int creditBytes(final int index) {
        return creditBytes[index];
    }

    /** Adds credit; the first of a queue makes its consumer and names it. */
    void add(
            final long queueId,
            final long correlationId,
            final int messages,
            final int bytes,
            final long visibilityNs) {
        int index = indexOf(queueIds, queueId);
        if (index < 0) {
            grow();
            index = count++;
            queueIds[index] = queueId;
            correlationIds[index] = correlationId;
            creditMessages[index] = 0;
            creditBytes[index] = 0;
        }
        visibilities[index] = visibilityNs;
        creditMessages[index] += messages;
        creditBytes[index] += bytes;
    }

    void removeQueue(final long queueId) {
        remove(indexOf(queueIds, queueId));
    }

    /** Removes the consumer of which this was the first request; others are left alone. */
    void removeFirst(final long correlationId) {
        remove(indexOf(correlationIds, correlationId));
    }

    private void remove(final int index) {
        if (index < 0) {
            return;
        }
        count--;
        queueIds[index] = queueIds[count];
        correlationIds[index] = correlationIds[count];
        visibilities[index] = visibilities[count];
        creditMessages[index] = creditMessages[count];
        creditBytes[index] = creditBytes[count];
    }

    private int indexOf(final long[] keys, final long key) {
        for (int i = 0; i < count; i++) {
            if (keys[i] == key) {
                return i;
            }
        }
        return -1;
    }

    private void grow() {
        if (count == queueIds.length) {
            final int capacity = 2 * count;
            queueIds = Arrays.copyOf(queueIds, capacity);
            correlationIds = Arrays.copyOf(correlationIds, capacity);
            visibilities = Arrays.copyOf(visibilities, capacity);
            creditMessages = Arrays.copyOf(creditMessages, capacity);
            creditBytes = Arrays.copyOf(creditBytes, capacity);
        }
    }
}
