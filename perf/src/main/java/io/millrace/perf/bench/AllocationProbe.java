package io.millrace.perf.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Reads how many bytes one thread has allocated since it started. */
final class AllocationProbe {
    /** Command by which the parent asks for the figure, and key of the report. */
    static final String COMMAND = "allocated";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final long threadId;

    AllocationProbe(final long threadId) {
        this.threadId = threadId;
    }

    /** {@return bytes allocated by the thread} */
    long allocatedBytes() {
        return threads.getThreadAllocatedBytes(threadId);
    }
}
