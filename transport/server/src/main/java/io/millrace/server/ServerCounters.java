package io.millrace.server;

import io.aeron.Aeron;
import io.aeron.Counter;
import io.millrace.kernel.KernelCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.status.CountersReader;

/**
 * The server's Aeron counters, which AeronStat and {@code millrace stat} read without touching the duty cycle. Type ids start
 * at {@link #FIRST_TYPE_ID}; an id is never given to another counter.
 */
public final class ServerCounters {

    /** Type id of the first counter of {@link Id}; the others follow in order. Aeron's own ids are far below. */
    public static final int FIRST_TYPE_ID = 5_000;

    /** The counters; the type id is {@link #FIRST_TYPE_ID} plus the ordinal, so new ones go to the end. */
    public enum Id {
        /** Messages stored. */
        SENDS("sends"),
        /** Deliveries, redeliveries included. */
        DELIVERIES("deliveries"),
        /** Deliveries that were not the first of their message. */
        REDELIVERIES("redeliveries"),
        /** Messages removed by acknowledge or delete. */
        ACKNOWLEDGEMENTS("acknowledgements"),
        /** Requests and entries that the kernel refused. */
        REFUSALS("refusals"),
        /** Errors of the server itself; see its error log. */
        ERRORS("errors"),
        /** Sessions open now. */
        SESSIONS("sessions"),
        /** Sessions opened since the start. */
        SESSIONS_OPENED("sessions opened"),
        /** Requests for a session that were refused or could not be answered. */
        SESSIONS_REFUSED("sessions refused"),
        /** Sessions closed since they were silent. */
        SESSIONS_TIMED_OUT("sessions timed out"),
        /** Sessions closed since they did not read their output. */
        SLOW_CONSUMERS("slow consumers closed"),
        /** Frames of clients that were journaled. */
        INGRESS_FRAMES("ingress frames"),
        /** Frames of clients that broke the protocol. */
        MALFORMED_FRAMES("malformed frames"),
        /** Frames that named a session that does not exist or is somebody else's. */
        UNKNOWN_SESSION_FRAMES("frames of unknown sessions"),
        /** Frames refused because the machine is short of something or the server stops. */
        OVERLOADED_FRAMES("frames refused overloaded"),
        /** Frames handed to clients. */
        EGRESS_FRAMES("egress frames"),
        /** Attempts to hand over a frame that the transport declined. */
        EGRESS_BACK_PRESSURE("egress back-pressure"),
        /** Messages for sessions that had ended, or were about to be closed since too much waited for them. */
        EGRESS_DISCARDED("egress messages discarded"),
        /** Messages that can be delivered now. */
        AVAILABLE_MESSAGES("messages available"),
        /** Messages that wait for their time. */
        DELAYED_MESSAGES("messages delayed"),
        /** Messages delivered and not acknowledged. */
        IN_FLIGHT_MESSAGES("messages in flight"),
        /** Timers that came due. */
        TIMERS_FIRED("timers fired"),
        /** Queues. */
        QUEUES("queues"),
        /** Payload bytes held. */
        ARENA_BYTES("arena bytes"),
        /** Position that the next record of the journal will have. */
        JOURNAL_POSITION("journal position"),
        /** Last position known to be on disk, -1 if none. */
        SYNCED_POSITION("journal position synced"),
        /** Batches journaled. */
        BATCHES("batches"),
        /** Batches that the journal declined. */
        JOURNAL_REFUSALS("batches declined by the journal"),
        /** 1 while free disk is below the watermark. */
        DISK_LOW("disk low"),
        /** Longest duty cycle in nanoseconds, snapshots excepted. */
        MAX_CYCLE_NS("duty cycle max ns"),
        /** Times that driver and client of the server had to be started again. */
        TRANSPORT_RESTARTS("transport restarts"),
        /** Snapshots written since the start. */
        SNAPSHOTS("snapshots"),
        /** Snapshots that could not be written. */
        SNAPSHOT_FAILURES("snapshot failures"),
        /** Position of the last record in the newest snapshot, -1 if none. */
        SNAPSHOT_POSITION("snapshot position"),
        /** Nanoseconds that the newest snapshot took. */
        SNAPSHOT_NS("snapshot ns"),
        /** Request for a snapshot from another process: see {@link ServerControl}. */
        SNAPSHOT_CONTROL("snapshot control"),
        /** Bytes that the kernel has reserved outside the heap. */
        MEMORY_BYTES("memory bytes reserved"),
        /** Bytes that it may reserve; what would store more is refused. */
        MEMORY_LIMIT_BYTES("memory bytes allowed"),
        /** How late the timer that came due last was, in nanoseconds of kernel time. */
        TIMER_LATENESS_NS("timer lateness ns"),
        /** Greatest lateness of a timer since the start, in nanoseconds of kernel time. */
        MAX_TIMER_LATENESS_NS("timer lateness max ns"),
        /** Duty cycles that journaled and applied a clock record alone, because something was due. */
        TIMER_BATCHES("duty cycles for timers"),
        /** Processor time of those duty cycles' batches, in nanoseconds. */
        TIMER_CPU_NS("timer CPU ns"),
        /** Most processor time that timers took of one duty cycle, in nanoseconds. */
        MAX_TIMER_CPU_NS("timer CPU max ns"),
        /** Messages accepted and dropped, because their deduplication id was known. */
        DUPLICATES("duplicates dropped"),
        /** Messages discarded by retention or time to live. */
        EXPIRED("messages expired"),
        /** Messages moved to dead-letter queues. */
        DEAD_LETTERS("dead letters"),
        /** Messages published to topics. */
        PUBLISHES("publishes"),
        /** Published messages that a queue could not take, discarded for want of a dead-letter queue. */
        UNDELIVERABLE("undeliverable messages discarded"),
        UNUSED_BLOBS("blobs that nothing refers to any more"),
        /** Messages that went into archives of topics. */
        ARCHIVED("messages archived"),
        /** Messages delivered out of archives. */
        REPLAYED("messages replayed"),
        /** Replays that could not come to their end. */
        REPLAYS_FAILED("replays that failed"),
        /** Replays under way. */
        REPLAYS("replays"),
        /** Replays under way that found no room for the next message, in a queue, a stream or the memory of the server. */
        WAITING_REPLAYS("replays that wait for room");

        private static final Id[] ALL = values();
        private final String label;

        Id(final String label) {
            this.label = label;
        }

        /**
         * Type id of the counter.
         *
         * @return an id from {@link ServerCounters#FIRST_TYPE_ID}.
         */
        public int typeId() {
            return FIRST_TYPE_ID + ordinal();
        }

        /**
         * Start of the counter's label.
         *
         * @return text without the directory that follows it in the label.
         */
        public String label() {
            return label;
        }
    }

    /** Stands in a label between the name of the counter and the directory of its server. */
    private static final String BEFORE_DIRECTORY = ": ";

    private final Counter[] counters = new Counter[Id.ALL.length];

    ServerCounters(final Aeron aeron, final Path directory) {
        final String end = BEFORE_DIRECTORY + directory.toAbsolutePath().normalize();
        for (final Id id : Id.ALL) {
            counters[id.ordinal()] = aeron.addCounter(id.typeId(), "millrace " + id.label + end);
        }
    }

    /**
     * Finds a counter of one server among all counters of a driver, which may serve several servers.
     *
     * @param counters  of the driver.
     * @param id        which one.
     * @param directory of the server; null if there is only one.
     * @return the counter id, or {@link CountersReader#NULL_COUNTER_ID} if that server is not there, or if it cannot be told from
     *         others.
     */
    public static int find(final CountersReader counters, final Id id, final Path directory) {
        int candidates = 0;
        int candidate = CountersReader.NULL_COUNTER_ID;
        for (int i = 0; i <= counters.maxCounterId(); i++) {
            final int state = counters.getCounterState(i);
            if (state == CountersReader.RECORD_UNUSED) {
                break;
            }
            if (state == CountersReader.RECORD_ALLOCATED && counters.getCounterTypeId(i) == id.typeId()) {
                final Path present = directory(counters.getCounterLabel(i));
                // A server in a container knows its directory by a path that does not exist here.
                if (directory == null || !Files.isDirectory(present)) {
                    candidates++;
                    candidate = i;
                } else if (isSame(present, directory)) {
                    return i;
                }
            }
        }
        return candidates == 1 ? candidate : CountersReader.NULL_COUNTER_ID;
    }

    /**
     * Directory of the server that a counter belongs to.
     *
     * @param label of a counter that {@link #find} has found.
     * @return the directory as that server knows it.
     */
    public static Path directory(final String label) {
        return Path.of(label.substring(label.indexOf(BEFORE_DIRECTORY) + BEFORE_DIRECTORY.length()));
    }

    private static boolean isSame(final Path one, final Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (final IOException e) {
            // One that cannot be looked at is not the one that was named.
            return false;
        }
    }

    Counter snapshotControl() {
        return counters[Id.SNAPSHOT_CONTROL.ordinal()];
    }

    void publish(final KernelCounters kernel) {
        set(Id.SENDS, kernel.sends());
        set(Id.DELIVERIES, kernel.deliveries());
        set(Id.REDELIVERIES, kernel.redeliveries());
        set(Id.ACKNOWLEDGEMENTS, kernel.acknowledgements());
        set(Id.REFUSALS, kernel.refusals());
        set(Id.AVAILABLE_MESSAGES, kernel.availableMessages());
        set(Id.DELAYED_MESSAGES, kernel.delayedMessages());
        set(Id.IN_FLIGHT_MESSAGES, kernel.inFlightMessages());
        set(Id.TIMERS_FIRED, kernel.timersFired());
        set(Id.TIMER_LATENESS_NS, kernel.timerLatenessNs());
        set(Id.MAX_TIMER_LATENESS_NS, kernel.maxTimerLatenessNs());
        set(Id.DUPLICATES, kernel.duplicates());
        set(Id.EXPIRED, kernel.expired());
        set(Id.DEAD_LETTERS, kernel.deadLetters());
        set(Id.PUBLISHES, kernel.publishes());
        set(Id.UNDELIVERABLE, kernel.undeliverable());
        set(Id.ARCHIVED, kernel.archived());
        set(Id.REPLAYED, kernel.replayed());
        set(Id.REPLAYS_FAILED, kernel.replaysFailed());
        set(Id.UNUSED_BLOBS, kernel.unusedBlobs());
    }

    void publish(final HostCounters host) {
        set(Id.SESSIONS, host.sessions);
        set(Id.SESSIONS_OPENED, host.sessionsOpened);
        set(Id.SESSIONS_REFUSED, host.sessionsRefused);
        set(Id.SESSIONS_TIMED_OUT, host.sessionsTimedOut);
        set(Id.SLOW_CONSUMERS, host.slowConsumers);
        set(Id.INGRESS_FRAMES, host.ingressFrames);
        set(Id.MALFORMED_FRAMES, host.malformedFrames);
        set(Id.UNKNOWN_SESSION_FRAMES, host.unknownSessionFrames);
        set(Id.OVERLOADED_FRAMES, host.overloadedFrames);
        set(Id.EGRESS_FRAMES, host.egressFrames);
        set(Id.EGRESS_BACK_PRESSURE, host.egressBackPressure);
        set(Id.EGRESS_DISCARDED, host.egressDiscarded);
        set(Id.REPLAYS, host.replays);
        set(Id.WAITING_REPLAYS, host.waitingReplays);
        set(Id.BATCHES, host.batches);
        set(Id.JOURNAL_REFUSALS, host.journalRefusals);
        set(Id.MAX_CYCLE_NS, host.maxCycleNs);
        set(Id.TIMER_BATCHES, host.timerBatches);
        set(Id.TIMER_CPU_NS, host.timerCpuNs);
        set(Id.MAX_TIMER_CPU_NS, host.maxTimerCpuNs);
        set(Id.TRANSPORT_RESTARTS, host.transportRestarts);
        set(Id.SNAPSHOT_POSITION, host.snapshotPosition);
        set(Id.SNAPSHOT_NS, host.snapshotNs);
        set(Id.SNAPSHOT_FAILURES, host.snapshotFailures);
        set(Id.SNAPSHOTS, host.snapshots);
    }

    void publish(final Id id, final long value) {
        set(id, value);
    }

    private void set(final Id id, final long value) {
        counters[id.ordinal()].setRelease(value);
    }
}
