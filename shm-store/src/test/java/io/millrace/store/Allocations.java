package io.millrace.store;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bytes that the calling thread allocates. */
final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocations() {}

    /** Runs the work twice to warm it up, then measures runs until one allocates nothing; the least of five otherwise. */
    static long leastOf(final Runnable work) {
        work.run();
        work.run();
        final long threadId = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5 && least > 0; i++) {
            final long before = THREADS.getThreadAllocatedBytes(threadId);
            work.run();
            final long after = THREADS.getThreadAllocatedBytes(threadId);
            least = Math.min(least, after - before);
        }
        return least;
    }
}
