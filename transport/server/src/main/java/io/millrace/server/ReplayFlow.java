package io.millrace.server;

import io.millrace.codecs.ResultCode;
import io.millrace.codecs.ShardPosition;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The way of archived messages from the log to the journal. There is one page, which the reader agent fills and the duty cycle empties:
 * who has it may touch it and what is written beside it, and hands both over at once. So no more is on its way than the kernel has taken.
 */
final class ReplayFlow extends LogFlow {

    static final int ALL = Integer.MAX_VALUE;

    final long replayId;
    final ReplayPage page = new ReplayPage();

    /** Whether the duty cycle has the page. */
    private final AtomicBoolean isOffered = new AtomicBoolean();

    /** Set by the agent: everything that could be read is in the page, or before it. */
    private boolean isCaughtUp;

    /** Set by the agent: why it cannot read on, null if it can. */
    private ResultCode failure;

    /** Set by the duty cycle: whether the agent is to go to the position, as what it has read behind it was not taken. */
    private boolean isAgain;

    /** Set by the duty cycle: messages that the next page may hold. */
    private int mostMessages = ALL;

    ReplayFlow(final long replayId) {
        this.replayId = replayId;
    }

    /** {@return whether the page is the duty cycle's; it is the agent's otherwise} */
    boolean isOffered() {
        return isOffered.get();
    }

    /**
     * The agent hands the page over.
     *
     * @param hasReadAll whether there was nothing behind what it holds.
     */
    void offer(final boolean hasReadAll) {
        isCaughtUp = hasReadAll;
        isOffered.lazySet(true);
    }

    /**
     * The agent hands an empty page over, for the last time.
     *
     * @param code why nothing more can be read.
     */
    void fail(final ResultCode code) {
        failure = code;
        offer(false);
    }

    /** {@return whether there was nothing behind what the page holds when it was filled} */
    boolean isCaughtUp() {
        return isCaughtUp;
    }

    /** {@return why the agent cannot read on, null if it can} */
    ResultCode failure() {
        return failure;
    }

    /** The duty cycle hands the page back, to be filled with what comes next. */
    void giveBack() {
        mostMessages = ALL;
        isOffered.lazySet(false);
    }

    /**
     * The duty cycle hands the page back: the agent is to read again what comes behind a message, a single one to begin with.
     *
     * @param reached number of the last message that was taken, 0 if none was.
     */
    void giveBackAgain(final long reached) {
        if (reached > 0) {
            kind = ShardPosition.AFTER_SEQUENCE_NUMBER;
            position = reached;
        }
        mostMessages = 1;
        isAgain = true;
        isOffered.lazySet(false);
    }

    /** {@return whether the agent is to go to the position, which it is told once} */
    boolean takeAgain() {
        final boolean is = isAgain;
        isAgain = false;
        return is;
    }

    /** {@return messages that the page may hold} */
    int mostMessages() {
        return mostMessages;
    }
}
