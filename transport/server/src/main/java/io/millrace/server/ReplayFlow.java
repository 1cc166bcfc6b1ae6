package io.millrace.server;

import io.millrace.codecs.ShardPosition;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way of archived messages from the log to the journal: a ring of pages, which the reader agent fills and the duty cycle empties, in
 * the same order. Who has a page may touch it. The duty cycle gives a page back when the kernel has taken it, so that no more is on its
 * way than the ring holds; or has the agent begin again behind what was taken, and then whatever is in the ring counts no more.
 */
final class ReplayFlow extends LogFlow {

    /** Pages of a replay: the agent fills the next ones while the kernel takes the first. */
    static final int PAGES = 4;

    final long replayId;
    private final ReplayPage[] pages = new ReplayPage[PAGES];

    /** Pages that the agent handed over so far. */
    private final AtomicLong offered = new AtomicLong();

    /** Pages that the duty cycle gave back so far. */
    private final AtomicLong returned = new AtomicLong();

    /** How often the agent was told to begin again. */
    private final AtomicInteger run = new AtomicInteger();

    ReplayFlow(final long replayId) {
        this.replayId = replayId;
    }

    /** {@return how often the agent was told to begin again, which it does at the position then} */
    int run() {
        return run.get();
    }

    /**
     * The next page to fill.
     *
     * @param most pages that may be on their way, this one included.
     * @return the page, null if so many are.
     */
    ReplayPage free(final int most) {
        final long next = offered.get();
        if (next - returned.get() >= most) {
            return null;
        }
        final int index = (int) (next % PAGES);
        if (pages[index] == null) {
            pages[index] = new ReplayPage();
        }
        return pages[index];
    }

    /** The agent hands over the page that it got last. */
    void offer() {
        offered.lazySet(offered.get() + 1);
    }

    /**
     * A page for the duty cycle.
     *
     * @param index from 0, in their order.
     * @return the page, null if there are fewer.
     */
    ReplayPage page(final int index) {
        final long position = returned.get() + index;
        return position < offered.get() ? pages[(int) (position % PAGES)] : null;
    }

    /** The duty cycle gives the first pages back. */
    void giveBack(final int count) {
        returned.lazySet(returned.get() + count);
    }

    /**
     * The agent is to read again what comes behind a message, a single one to begin with.
     *
     * @param reached number of the last message that was taken, 0 if none was.
     */
    void beginAgain(final long reached) {
        if (reached > 0) {
            kind = ShardPosition.AFTER_SEQUENCE_NUMBER;
            position = reached;
        }
        returned.lazySet(offered.get());
        run.lazySet(run.get() + 1);
    }
}
