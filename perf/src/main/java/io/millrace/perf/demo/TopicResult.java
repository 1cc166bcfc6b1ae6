package io.millrace.perf.demo;

/**
 * What the part with a topic found.
 *
 * @param audit what the queue audit got, and how fast; its counts are those of the whole part.
 * @param large what the queue large got.
 * @param band  what was pushed to the session.
 */
record TopicResult(DemoResult audit, Verdict large, Verdict band) {
    /** {@return whether all three got exactly their share and acknowledged it} */
    boolean isVerified() {
        return isReceived() && audit.counts().acknowledged() >= firstDeliveries();
    }

    /** {@return whether all three got exactly their share} */
    boolean isReceived() {
        return audit.isVerified() && large.isVerified() && band.isVerified();
    }

    /** {@return deliveries that were flagged as redeliveries} */
    long redelivered() {
        return audit.verdict().redelivered() + large.redelivered() + band.redelivered();
    }

    private long firstDeliveries() {
        return audit.verdict().received() + large.received() + band.received() - redelivered();
    }
}
