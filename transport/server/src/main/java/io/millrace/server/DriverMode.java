package io.millrace.server;

/** Where Aeron's media driver runs. */
public enum DriverMode {
    /** In this process, invoked from the duty cycle: no thread of its own. */
    INVOKER,
    /** In this process, all of it on one thread of its own. */
    SHARED,
    /** In this process, with a thread each for conductor, sender and receiver. */
    DEDICATED,
    /** In another process, which must be running already. */
    EXTERNAL
}
