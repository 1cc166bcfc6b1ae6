package io.millrace.server;

/** What the host counts about itself, as plain fields of the duty-cycle thread; published on a cadence. */
final class HostCounters {

    /** Client frames journaled. */
    long ingressFrames;

    /** Frames that broke the protocol: refused with a code if their sender could be told, else dropped. */
    long malformedFrames;

    /** Frames of a session that does not exist or belongs to another publication. */
    long unknownSessionFrames;

    /** Frames refused because the server is short of something or stopping. */
    long overloadedFrames;

    /** Frames handed to clients' publications. */
    long egressFrames;

    /** Attempts to hand over a frame that the publication declined. */
    long egressBackPressure;

    /** Messages for sessions that no longer exist, or are about to be closed since too much waited for them. */
    long egressDiscarded;

    /** Sessions open now. */
    long sessions;

    /** Sessions opened since the start. */
    long sessionsOpened;

    /** Requests for a session that were refused or could not be answered. */
    long sessionsRefused;

    /** Sessions closed since they were silent. */
    long sessionsTimedOut;

    /** Sessions closed since they did not read. */
    long slowConsumers;

    /** Replays of archives under way. */
    long replays;

    /** Those of them that found no room for the next message, and try again. */
    long waitingReplays;

    /** Batches journaled. */
    long batches;

    /** Batches that the journal declined. */
    long journalRefusals;

    /** Longest duty cycle in nanoseconds, snapshots excepted. */
    long maxCycleNs;

    /** Batches of a clock record alone: something was due and no command came. */
    long timerBatches;

    /** Processor time of those batches, in nanoseconds. */
    long timerCpuNs;

    /** Most processor time of one of those batches, in nanoseconds. */
    long maxTimerCpuNs;

    /** Times the media driver or the Aeron client had to be started again. */
    long transportRestarts;

    /** Snapshots written since the start. */
    long snapshots;

    /** Snapshots that could not be written. */
    long snapshotFailures;

    /** How long the last snapshot took, in nanoseconds. */
    long snapshotNs;

    /** Position of the last record in the last snapshot, -1 if there is none. */
    long snapshotPosition = -1;
}
