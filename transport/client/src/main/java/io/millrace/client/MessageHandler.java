package io.millrace.client;

/**
 * Takes the messages that {@link MillraceClient#poll()} finds.
 */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Called once for every delivery, on the thread that polls.
     *
     * <p>An exception goes to the context's error handler; the message then stays in flight until its visibility timeout.
     *
     * @param delivery the message; valid only during the call. Keep {@link Delivery#copyReceiptTo} if it is to be
     *     acknowledged later.
     */
    void onMessage(Delivery delivery);
}
