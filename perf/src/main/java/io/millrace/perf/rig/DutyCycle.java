package io.millrace.perf.rig;

/** A server that is being measured: one thread calls {@link #doWork} over and over. */
public interface DutyCycle extends AutoCloseable {
    /**
     * One duty cycle.
     *
     * @return amount of work done, 0 if there was nothing to do.
     */
    int doWork();

    /** Releases everything. */
    @Override
    void close();
}
