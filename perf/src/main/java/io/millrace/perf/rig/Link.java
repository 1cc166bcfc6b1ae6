package io.millrace.perf.rig;

/**
 * A way to send messages and get them back, used by one thread. What is behind it is being measured: Millrace, or one of its
 * floors.
 */
public interface Link extends AutoCloseable {
    /**
     * Who hears of deliveries.
     *
     * @param listener called from {@link #poll}.
     */
    void listener(DeliveryListener listener);

    /**
     * Tries to send one frame.
     *
     * @param messages messages in it.
     * @param stamp    number that comes back with each of them.
     * @return false if there was no room; nothing was sent then.
     */
    boolean offer(int messages, long stamp);

    /**
     * Reads what came back, and hands over the acknowledgements of what was delivered.
     *
     * @return amount of work done, 0 if there was nothing.
     */
    int poll();

    /**
     * Messages of which delivery and confirmation were read and the acknowledgement was sent.
     *
     * @return a count since the link was made.
     */
    long settled();

    /**
     * Messages sent, confirmed, delivered and acknowledged, with the acknowledgement confirmed too.
     *
     * @return a count since the link was made.
     */
    long completed();

    /** Leaves the server. */
    @Override
    void close();
}
