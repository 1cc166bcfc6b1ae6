package io.millrace.client;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongFunction;

/**
 * Goes through messages page by page. A page may be empty and not the last: the server looks at a bounded number of
 * messages for each.
 */
final class MessagePages implements Iterator<BrowsedMessage> {
    private final LongFunction<Page> fetch;
    private Iterator<BrowsedMessage> page;
    private long nextCursor;

    /** One page; with the cursor 0 it is the last. */
    record Page(List<BrowsedMessage> messages, long nextCursor) {}

    MessagePages(final LongFunction<Page> fetch) {
        this.fetch = fetch;
        turn(0);
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext() && nextCursor != 0) {
            turn(nextCursor);
        }
        return page.hasNext();
    }

    @Override
    public BrowsedMessage next() {
        if (!hasNext()) {
            throw new NoSuchElementException("There are no more messages.");
        }
        return page.next();
    }

    private void turn(final long cursor) {
        final Page next = fetch.apply(cursor);
        page = next.messages().iterator();
        nextCursor = next.nextCursor();
    }
}
