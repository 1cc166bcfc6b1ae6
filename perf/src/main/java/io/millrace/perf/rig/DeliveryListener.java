package io.millrace.perf.rig;

/** Hears of every message that comes back over a {@link Link}. */
@FunctionalInterface
public interface DeliveryListener {
    /**
     * One message came back.
     *
     * @param stamp number that it was sent with.
     */
    void onDelivery(long stamp);
}
