package io.millrace.client;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import org.agrona.DirectBuffer;

/**
 * The way to the server. Aeron's return codes end here: callers see {@link #ACCEPTED} or one of the client's codes.
 */
final class IngressPublisher {
    static final long ACCEPTED = 1;

    private static final long NOTHING = 0;
    private static final long RETRY = Long.MIN_VALUE;

    /** A term change costs one failed offer, and no second one follows at once. */
    private static final int ATTEMPTS = 3;

    private final ClientCounters counters;
    private ExclusivePublication publication;
    private boolean hasSent;
    private boolean isUsedUp;

    IngressPublisher(final ClientCounters counters) {
        this.counters = counters;
    }

    void publication(final ExclusivePublication newPublication) {
        publication = newPublication;
        hasSent = false;
        isUsedUp = false;
    }

    boolean isConnected() {
        return publication != null && !isUsedUp && publication.isConnected();
    }

    /** @return longest frame that fits a claim. */
    int maxClaimLength() {
        return publication.maxPayloadLength();
    }

    /** @return longest frame that Aeron takes. */
    int maxFrameLength() {
        return publication.maxMessageLength();
    }

    /** @return whether anything was sent since the last call of this method. */
    boolean takeHasSent() {
        final boolean result = hasSent;
        hasSent = false;
        return result;
    }

    /** Claims room for one frame; the caller encodes it and commits the claim without doing anything else between. */
    long claim(final int length, final BufferClaim claim) {
        long result = NOTHING;
        for (int i = 0; i < ATTEMPTS && isWorthAnotherTry(result); i++) {
            result = translate(publication.tryClaim(length, claim));
        }
        return result == RETRY ? MillraceClient.BACK_PRESSURED : result;
    }

    long offer(final DirectBuffer buffer, final int offset, final int length) {
        return offer(buffer, offset, length, buffer, offset, 0);
    }

    long offer(
            final DirectBuffer first,
            final int firstOffset,
            final int firstLength,
            final DirectBuffer second,
            final int secondOffset,
            final int secondLength) {
        long result = NOTHING;
        for (int i = 0; i < ATTEMPTS && isWorthAnotherTry(result); i++) {
            final long position = secondLength == 0
                    ? publication.offer(first, firstOffset, firstLength)
                    : publication.offer(first, firstOffset, firstLength, second, secondOffset, secondLength);
            result = translate(position);
        }
        return result == RETRY ? MillraceClient.BACK_PRESSURED : result;
    }

    private static boolean isWorthAnotherTry(final long result) {
        return result == NOTHING || result == RETRY;
    }

    private long translate(final long position) {
        if (position > 0) {
            hasSent = true;
            return ACCEPTED;
        }
        if (position == Publication.BACK_PRESSURED) {
            counters.backPressured++;
            return MillraceClient.BACK_PRESSURED;
        }
        if (position == Publication.ADMIN_ACTION) {
            counters.adminAction++;
            return RETRY;
        }
        if (position == Publication.NOT_CONNECTED) {
            counters.notConnected++;
        } else if (position == Publication.MAX_POSITION_EXCEEDED) {
            counters.maxPosition++;
            isUsedUp = true;
        } else {
            counters.closed++;
            isUsedUp = true;
        }
        return MillraceClient.NOT_CONNECTED;
    }
}
