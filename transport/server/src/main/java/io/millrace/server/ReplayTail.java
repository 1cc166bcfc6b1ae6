package io.millrace.server;

import org.agrona.DirectBuffer;

/**
 * What went into an archive since a replay of it had read almost all: the last messages of the replay, which nobody need read. Into a
 * batch they go all at once, in front of what clients publish, so that the replay ends with the last message of the archive.
 */
final class ReplayTail {

    private static final int MOST_PAGES = 16;

    private final long replayId;
    private final ReplayPage[] pages = new ReplayPage[MOST_PAGES];
    private int count;
    private boolean isWhole = true;

    ReplayTail(final long replayId) {
        this.replayId = replayId;
    }

    /** Begins anew, with nothing. */
    void clear() {
        count = 0;
        isWhole = true;
    }

    /** Adds a message; one that does not fit makes the tail worth nothing. */
    void add(
            final long sequenceNumber,
            final long timeNs,
            final DirectBuffer source,
            final int offset,
            final int length) {
        if (!isWhole || count > 0 && pages[count - 1].add(sequenceNumber, timeNs, source, offset, length)) {
            return;
        }
        isWhole = count < MOST_PAGES && next().add(sequenceNumber, timeNs, source, offset, length);
    }

    private ReplayPage next() {
        if (pages[count] == null) {
            pages[count] = new ReplayPage();
        }
        final long afterSequence = count == 0 ? 0 : lastSequence();
        final ReplayPage page = pages[count++];
        page.begin(replayId, afterSequence);
        return page;
    }

    /** {@return whether all that went into the archive is in it} */
    boolean isWhole() {
        return isWhole;
    }

    /** {@return number of pages} */
    int count() {
        return count;
    }

    /** Makes records of what it holds so far. */
    void end() {
        for (int i = 0; i < count; i++) {
            pages[i].end();
        }
    }

    ReplayPage page(final int index) {
        return pages[index];
    }

    /** {@return whether it begins no later than behind a message} */
    boolean follows(final long sequenceNumber) {
        return count > 0 && isWhole && pages[0].firstSequence() <= sequenceNumber + 1;
    }

    /** {@return number of the last message in it} */
    long lastSequence() {
        return pages[count - 1].lastSequence();
    }
}
