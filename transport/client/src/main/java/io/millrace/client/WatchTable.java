package io.millrace.client;

import java.util.Arrays;

/**
 * The queues whose alarms the client wants to hear of, so that a new session can be asked for them again. A row keeps the
 * correlation id that the queue was first watched under.
 */
final class WatchTable {
    private long[] queueIds = new long[8];
    private long[] correlationIds = new long[8];
    private boolean[] isConfirmed = new boolean[8];
    private boolean[] isSent = new boolean[8];
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

    /** @return whether the row was sent in this session. */
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

    /** Adds a request that was just sent; a queue that is watched already has the row that it has. */
    void add(final long queueId, final long correlationId) {
        for (int i = 0; i < count; i++) {
            if (queueIds[i] == queueId && isConfirmed[i]) {
                return;
            }
        }
        if (count == queueIds.length) {
            final int capacity = 2 * count;
            queueIds = Arrays.copyOf(queueIds, capacity);
            correlationIds = Arrays.copyOf(correlationIds, capacity);
            isConfirmed = Arrays.copyOf(isConfirmed, capacity);
            isSent = Arrays.copyOf(isSent, capacity);
        }
        queueIds[count] = queueId;
        correlationIds[count] = correlationId;
        isConfirmed[count] = false;
        isSent[count] = true;
        count++;
    }

    void onConfirmed(final long fromCorrelationId, final long toCorrelationId) {
        for (int i = 0; i < count; i++) {
            if (correlationIds[i] >= fromCorrelationId && correlationIds[i] <= toCorrelationId) {
                isConfirmed[i] = true;
            }
        }
    }

    /**
     * The server refuses for now what it has granted before: the watch stays, to be asked for again.
     *
     * @return whether there is such a watch
     */
    boolean askAgain(final long correlationId) {
        for (int i = 0; i < count; i++) {
            if (correlationIds[i] == correlationId && isConfirmed[i]) {
                isSent[i] = false;
                return true;
            }
        }
        return false;
    }

    /** Removes the row that is sent under this correlation id, if there is one. */
    void onRefused(final long correlationId) {
        for (int i = count - 1; i >= 0; i--) {
            if (correlationIds[i] == correlationId) {
                remove(i);
            }
        }
    }

    /** The application wants to hear no more of a queue. */
    void removeQueue(final long queueId) {
        for (int i = count - 1; i >= 0; i--) {
            if (queueIds[i] == queueId) {
                remove(i);
            }
        }
    }

    private void remove(final int index) {
        count--;
        queueIds[index] = queueIds[count];
        correlationIds[index] = correlationIds[count];
        isConfirmed[index] = isConfirmed[count];
        isSent[index] = isSent[count];
    }
}
