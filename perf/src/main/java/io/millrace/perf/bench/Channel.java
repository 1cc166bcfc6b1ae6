package io.millrace.perf.bench;

/** How messages travel. */
enum Channel {
    /** Through shared memory. */
    IPC,
    /** Through the loopback network. */
    UDP
}
