package io.millrace.perf.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Reads how many bytes one thread has allocated since it started. */
final class AllocationProbe {
    /** Command by which the parent asks for the figure, and key of the report. */
    static final String COMMAND = "allocated";

    private AllocationProbe() {}

    /**
     * Reads the figure.
     *
     * @param threadId id of a thread of this process.
     * @return bytes.
     */
    static long allocatedBytes(final long threadId) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(threadId);
    }
}
