package io.millrace.server;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** The memory outside the heap that this JVM may reserve, and how much of it is the kernel's. */
final class DirectMemory {

    /** Left to buffers of the host, of Aeron and of file access. */
    static final long HEADROOM_BYTES = 64L * 1024 * 1024;

    /** With less a server is of no use. */
    static final long MIN_KERNEL_BYTES = 16L * 1024 * 1024;

    /** Waiting output takes no more than this share of the JVM's limit when nothing else is said. */
    private static final int STAGING_SHARE = 4;

    private DirectMemory() {}

    /**
     * What {@code -XX:MaxDirectMemorySize} says; as much as the heap may have, if it says nothing.
     *
     * @return bytes.
     */
    static long limitBytes() {
        final HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        final long set = options == null
                ? 0
                : Long.parseLong(options.getVMOption("MaxDirectMemorySize").getValue());
        return set > 0 ? set : Runtime.getRuntime().maxMemory();
    }

    /**
     * What the kernel may reserve if the settings do not say.
     *
     * @param limitBytes   what the JVM may reserve.
     * @param stagingBytes most that may wait for clients.
     * @return bytes.
     */
    static long kernelBytes(final long limitBytes, final long stagingBytes) {
        return limitBytes - HEADROOM_BYTES - Math.min(stagingBytes, limitBytes / STAGING_SHARE);
    }
}
