package io.millrace.server;

import io.aeron.Image;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Polls the images of all clients. Those that had traffic lately are hot and polled every cycle; the others are cold and
 * polled a few per cycle, so that a thousand silent clients do not slow down one that talks.
 */
final class Ingress implements ControlledFragmentHandler {

    /** With so few images there is nothing to gain from making one cold. */
    static final int MIN_HOT = 4;

    /** A client that talks at all talks again within this time. */
    private static final long COOLING_NS = 1_000_000;

    /** One poll of a silent image costs about 40 ns, mostly cache misses. */
    private static final int COLD_POLLS_PER_CYCLE = 4;

    /** Leaves room in a batch for others when one client has a full window to read. */
    private static final int FRAGMENTS_PER_IMAGE = 64;

    /** Requests taken from a session whose answers wait to be read. */
    private static final int MAX_UNANSWERED_REQUESTS = 64;

    private final RequestRouter router;
    private final HostCounters counters;
    private final ImageSet hot = new ImageSet();
    private final ImageSet cold = new ImageSet();
    private IngressImage current;
    private boolean isFull;
    private int hotStart;
    private int coldNext;

    Ingress(final RequestRouter router, final HostCounters counters) {
        this.router = router;
        this.counters = counters;
    }

    void add(final Image image, final long nowNs) {
        final IngressImage added = new IngressImage(image);
        added.lastTrafficNs = nowNs;
        hot.add(added);
    }

    /**
     * Forgets an image.
     *
     * @param image that became unavailable.
     * @return what was known of it, or null.
     */
    IngressImage remove(final Image image) {
        final IngressImage removed = hot.remove(image);
        return removed != null ? removed : cold.remove(image);
    }

    /** Forgets all images. */
    void clear() {
        hot.clear();
        cold.clear();
    }

    /** {@return images known} */
    int imageCount() {
        return hot.size + cold.size;
    }

    /**
     * Takes what clients sent, until the batch is full.
     *
     * @param nowNs reading of the monotonic clock.
     * @return fragments taken.
     */
    int poll(final long nowNs) {
        isFull = false;
        int fragments = 0;
        if (++hotStart >= hot.size) {
            hotStart = 0;
        }
        for (int i = 0, index = hotStart; i < hot.size && !isFull; i++) {
            fragments += poll(hot.images[index], nowNs);
            if (++index >= hot.size) {
                index = 0;
            }
        }
        if (cold.size > 0) {
            fragments += pollCold(nowNs);
        }
        return fragments;
    }

    /**
     * Makes images cold that had no traffic for a while; to be called on a cadence.
     *
     * @param nowNs reading of the monotonic clock.
     */
    void cool(final long nowNs) {
        for (int i = hot.size - 1; i >= 0 && hot.size > MIN_HOT; i--) {
            final IngressImage image = hot.images[i];
            if (nowNs - image.lastTrafficNs > COOLING_NS) {
                hot.removeAt(i);
                cold.add(image);
            }
        }
    }

    @Override
    public Action onFragment(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        final IngressImage image = current;
        final int flags = header.flags() & 0xFF;
        if ((flags & (FrameDescriptor.UNFRAGMENTED & 0xFF)) == (FrameDescriptor.UNFRAGMENTED & 0xFF)) {
            return route(image, buffer, offset, length);
        }
        if ((flags & (FrameDescriptor.BEGIN_FRAG_FLAG & 0xFF)) != 0) {
            image.begin(buffer, offset, length);
            return Action.CONTINUE;
        }
        if (!image.append(buffer, offset, length)) {
            if ((flags & (FrameDescriptor.END_FRAG_FLAG & 0xFF)) != 0) {
                counters.malformedFrames++;
            }
            return Action.CONTINUE;
        }
        if ((flags & (FrameDescriptor.END_FRAG_FLAG & 0xFF)) == 0) {
            return Action.CONTINUE;
        }
        final Action action = route(image, image.assembly(), 0, image.assembledLength());
        if (action == Action.ABORT) {
            image.unappend(length);
        } else {
            image.end();
        }
        return action;
    }

    private Action route(final IngressImage image, final DirectBuffer buffer, final int offset, final int length) {
        if (router.onFrame(image, buffer, offset, length)) {
            image.requestsWhileStaged++;
            return Action.CONTINUE;
        }
        isFull = true;
        return Action.ABORT;
    }

    private int poll(final IngressImage image, final long nowNs) {
        if (image.requestsWhileStaged >= MAX_UNANSWERED_REQUESTS && isStaged(image)) {
            // It may well be talking: nobody listens to it. If it reads nothing either, it is closed as slow.
            image.session.lastActivityNs = nowNs;
            return 0;
        }
        current = image;
        final int fragments = image.image.controlledPoll(this, FRAGMENTS_PER_IMAGE);
        if (fragments > 0) {
            image.lastTrafficNs = nowNs;
            if (image.session != null) {
                image.session.lastActivityNs = nowNs;
            }
            if (!isStaged(image)) {
                image.requestsWhileStaged = 0;
            }
        }
        return fragments;
    }

    private int pollCold(final long nowNs) {
        int fragments = 0;
        for (int i = Math.min(COLD_POLLS_PER_CYCLE, cold.size); i > 0 && !isFull; i--) {
            if (coldNext >= cold.size) {
                coldNext = 0;
            }
            final IngressImage image = cold.images[coldNext];
            final int taken = poll(image, nowNs);
            if (taken > 0) {
                fragments += taken;
                cold.removeAt(coldNext);
                hot.add(image);
            } else {
                coldNext++;
            }
        }
        return fragments;
    }

    private static boolean isStaged(final IngressImage image) {
        final ServerSession session = image.session;
        return session != null && session.egress != null && session.egress.stagedBytes() > 0;
    }

    /** Images in no particular order. */
    private static final class ImageSet {

        private IngressImage[] images = new IngressImage[64];
        private int size;

        void add(final IngressImage image) {
            if (size == images.length) {
                images = Arrays.copyOf(images, size * 2);
            }
            images[size++] = image;
        }

        IngressImage remove(final Image image) {
            for (int i = 0; i < size; i++) {
                final IngressImage candidate = images[i];
                if (candidate.image == image) {
                    removeAt(i);
                    return candidate;
                }
            }
            return null;
        }

        void removeAt(final int index) {
            images[index] = images[--size];
            images[size] = null;
        }

        void clear() {
            Arrays.fill(images, 0, size, null);
            size = 0;
        }
    }
}
