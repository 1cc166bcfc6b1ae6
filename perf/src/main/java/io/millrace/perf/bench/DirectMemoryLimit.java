package io.millrace.perf.bench;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** How much memory outside the heap this JVM may reserve. */
final class DirectMemoryLimit {
    private DirectMemoryLimit() {}

    /** {@return bytes: as much as the heap may have, if no option says anything else} */
    static long bytes() {
        final String set = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue();
        return set.equals("0") ? Runtime.getRuntime().maxMemory() : Long.parseLong(set);
    }
}
