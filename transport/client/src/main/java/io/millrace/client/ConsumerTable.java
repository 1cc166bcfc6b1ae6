package io.millrace.client;

import java.util.Arrays;

/**
 * The queues that the client consumes from, so that a new session can consume from them again.
 *
 * <p>A request for credit stands alone until the server has confirmed it, and then joins its queue's consumer: so credit
 * that the server refuses does not spoil what it has granted. Both are rows here; a row is known by the correlation id
 * that it is sent under, which for a consumer is that of its first request. Rows keep their order, in which a new session
 * is asked for them: the server names a consumer after the first request that it sees.
 */
final class ConsumerTable {
    private long[] queueIds = new long[8];
    private long[] correlationIds = new long[8];
    private long[] visibilities = new long[8];
    private int[] creditMessages = new int[8];
    private int[] creditBytes = new int[8];
    private boolean[] isConfirmed = new boolean[8];
    private boolean[] isSent = new boolean[8];
    private int count;
    private int unconfirmed;

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
        return Math.max(0, creditMessages[index]);
    }

    /** @return 0 also where the last delivery was larger than what was left. */
    int creditBytes(final int index) {
        return Math.max(0, creditBytes[index]);
    }

    /** @return whether the row was sent in this session; a row keeps this wherever a removal moves it. */
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

    /** Adds a request that was just sent. */
    void add(
            final long queueId,
            final long correlationId,
            final int messages,
            final int bytes,
            final long visibilityNs) {
        grow();
        final int index = count++;
        queueIds[index] = queueId;
        correlationIds[index] = correlationId;
        visibilities[index] = visibilityNs;
        creditMessages[index] = messages;
        creditBytes[index] = bytes;
        isConfirmed[index] = false;
        isSent[index] = true;
        unconfirmed++;
    }

    /** The server has granted the requests of a range of correlation ids. */
    void onConfirmed(final long fromCorrelationId, final long toCorrelationId) {
        if (unconfirmed == 0) {
            return;
        }
        int i = 0;
        while (i < count) {
            final boolean isNew =
                    !isConfirmed[i] && correlationIds[i] >= fromCorrelationId && correlationIds[i] <= toCorrelationId;
            if (!isNew || !confirm(i)) {
                i++;
            }
        }
    }

    /**
     * The server refuses for now what it has granted before: the consumer stays, to be asked for again.
     *
     * @return whether there is such a consumer
     */
    boolean askAgain(final long correlationId) {
        final int index = indexOf(correlationId);
        if (index < 0 || !isConfirmed[index]) {
            return false;
        }
        isSent[index] = false;
        return true;
    }

    /**
     * The server gives a consumer less credit at once than it has gathered in another session.
     *
     * @return whether there is such a consumer, which then asks for no more than the limits
     */
    boolean askForLess(final long correlationId, final long maxMessages, final long maxBytes) {
        final int index = indexOf(correlationId);
        final boolean isLess = index >= 0
                && (creditMessages[index] > maxMessages || creditBytes[index] > maxBytes)
                && askAgain(correlationId);
        if (isLess) {
            creditMessages[index] = (int) Math.min(creditMessages[index], maxMessages);
            creditBytes[index] = (int) Math.min(creditBytes[index], maxBytes);
        }
        return isLess;
    }

    /** A delivery took its credit for good, so a new session is not to be asked for it. */
    void onSpent(final long correlationId, final int payloadLength) {
        final int index = indexOf(correlationId);
        if (index >= 0) {
            creditMessages[index]--;
            creditBytes[index] -= payloadLength;
        }
    }

    /** The application wants no more of a queue. */
    void removeQueue(final long queueId) {
        for (int i = count - 1; i >= 0; i--) {
            if (queueIds[i] == queueId) {
                remove(i);
            }
        }
    }

    /** The server has ended a queue's consumer; what was asked for since is left alone. */
    void onStopped(final long correlationId, final long queueId) {
        for (int i = count - 1; i >= 0; i--) {
            if (correlationIds[i] == correlationId || isConfirmed[i] && queueIds[i] == queueId) {
                remove(i);
            }
        }
    }

    /** Removes the row that is sent under this correlation id, if there is one. */
    void onRefused(final long correlationId) {
        final int index = indexOf(correlationId);
        if (index >= 0) {
            remove(index);
        }
    }

    /** @return whether the row joined another and is gone. */
    private boolean confirm(final int index) {
        isConfirmed[index] = true;
        unconfirmed--;
        for (int i = 0; i < index; i++) {
            if (isConfirmed[i] && queueIds[i] == queueIds[index]) {
                visibilities[i] = visibilities[index];
                creditMessages[i] = (int) Math.min((long) creditMessages[i] + creditMessages[index], Integer.MAX_VALUE);
                creditBytes[i] = (int) Math.min((long) creditBytes[i] + creditBytes[index], Integer.MAX_VALUE);
                remove(index);
                return true;
            }
        }
        return false;
    }

    private void remove(final int index) {
        if (!isConfirmed[index]) {
            unconfirmed--;
        }
        count--;
        final int behind = count - index;
        System.arraycopy(queueIds, index + 1, queueIds, index, behind);
        System.arraycopy(correlationIds, index + 1, correlationIds, index, behind);
        System.arraycopy(visibilities, index + 1, visibilities, index, behind);
        System.arraycopy(creditMessages, index + 1, creditMessages, index, behind);
        System.arraycopy(creditBytes, index + 1, creditBytes, index, behind);
        System.arraycopy(isConfirmed, index + 1, isConfirmed, index, behind);
        System.arraycopy(isSent, index + 1, isSent, index, behind);
    }

    private int indexOf(final long correlationId) {
        for (int i = 0; i < count; i++) {
            if (correlationIds[i] == correlationId) {
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
            isConfirmed = Arrays.copyOf(isConfirmed, capacity);
            isSent = Arrays.copyOf(isSent, capacity);
        }
    }
}
