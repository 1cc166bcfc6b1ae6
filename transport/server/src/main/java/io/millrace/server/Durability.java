package io.millrace.server;

/** What a confirmed command survives. */
public enum Durability {
    /** Nothing: the journal is in memory. For tests. */
    MEMORY,
    /** The death of the process, SIGKILL included: the journal is in the page cache. */
    PROCESS,
    /** The loss of power: the journal is forced to the disk before a reply leaves. */
    DISK
}
