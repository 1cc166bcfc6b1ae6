package io.millrace.server;

import io.aeron.security.AuthenticatorSupplier;
import io.aeron.security.DefaultAuthenticatorSupplier;
import io.millrace.kernel.Limits;
import io.millrace.store.Journal;
import io.millrace.store.JournalContext;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The settings of a server. Set what differs from the defaults, then hand it to {@link MillraceServer}, which calls
 * {@link #conclude()}: from there on it cannot be changed.
 */
public final class ServerContext {

    /** Longest frame either side may send, in bytes. */
    public static final int MAX_FRAME_BYTES = 64 * 1024;

    /** Cores from which driver and duty cycle get threads of their own. */
    static final int CORES_FOR_THREADS = 4;

    private boolean concluded;
    private Path directory = Path.of("millrace-data");
    private String aeronDirectoryName = "/dev/shm/millrace-" + System.getProperty("user.name");
    private List<String> channels = List.of("aeron:ipc");
    private int ingressStreamId = 1001;
    private List<String> responseHosts = List.of();
    private Durability durability = Durability.PROCESS;
    private DriverMode driverMode;
    private String idleStrategy;
    private String driverIdleStrategy = "backoff";
    private long timeoutNs = TimeUnit.SECONDS.toNanos(30);
    private int termLength = 1024 * 1024;
    private Limits limits;
    private int maxBatchRecords = 256;
    private long sessionStagingBytes = 64L * 1024 * 1024;
    private long stagingPoolBytes = 512L * 1024 * 1024;
    private long memoryBytes;
    private long minFreeDiskBytes = 256L * 1024 * 1024;
    private long segmentBytes = JournalContext.DEFAULT_SEGMENT_BYTES;
    private long snapshotDeadlineNs = 1_500_000_000L;
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;
    private EpochNanoClock epochClock = () -> TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    private AuthenticatorSupplier authenticatorSupplier = DefaultAuthenticatorSupplier.INSTANCE;
    private UnaryOperator<Journal> journalFilter = UnaryOperator.identity();
    private Consumer<String> log = System.err::println;

    /**
     * Checks the settings, fills in the defaults that depend on the machine, and closes the context to changes.
     *
     * @return this.
     * @throws ServerException with reason CONFIGURATION, NOT_AVAILABLE or RESOURCES, naming the setting.
     */
    public ServerContext conclude() {
        requireOpen();
        final boolean manyCores = Runtime.getRuntime().availableProcessors() >= CORES_FOR_THREADS;
        if (driverMode == null) {
            driverMode = manyCores ? DriverMode.DEDICATED : DriverMode.INVOKER;
        }
        if (idleStrategy == null) {
            idleStrategy = manyCores ? "spin" : "backoff";
        }
        if (limits == null) {
            limits = Limits.nativeProfile();
        }
        if (memoryBytes == 0) {
            memoryBytes = DirectMemory.kernelBytes(DirectMemory.limitBytes(), stagingPoolBytes);
        }
        ContextCheck.validate(this);
        concluded = true;
        return this;
    }

    /**
     * Whether {@link #conclude()} has succeeded.
     *
     * @return true if this context can no longer change.
     */
    public boolean isConcluded() {
        return concluded;
    }

    private void requireOpen() {
        if (concluded) {
            throw new IllegalStateException("The context is concluded: build another one for another server.");
        }
    }

    /**
     * Directory of journal, snapshots and {@code server.properties}; created if missing. Default: {@code ./millrace-data}.
     *
     * @param directory the directory.
     * @return this.
     */
    public ServerContext directory(final Path directory) {
        requireOpen();
        this.directory = directory;
        return this;
    }

    /** {@return the directory, as set or by default} */
    public Path directory() {
        return directory;
    }

    /**
     * Directory of the media driver. Default: {@code /dev/shm/millrace-$USER}.
     *
     * @param aeronDirectoryName a directory on shared memory.
     * @return this.
     */
    public ServerContext aeronDirectoryName(final String aeronDirectoryName) {
        requireOpen();
        this.aeronDirectoryName = aeronDirectoryName;
        return this;
    }

    /** {@return a directory on shared memory, as set or by default} */
    public String aeronDirectoryName() {
        return aeronDirectoryName;
    }

    /**
     * Ingress channels: {@code aeron:ipc} and {@code aeron:udp?endpoint=host:port}. Default: {@code aeron:ipc} alone.
     *
     * @param channels one or more channels.
     * @return this.
     */
    public ServerContext channels(final List<String> channels) {
        requireOpen();
        this.channels = List.copyOf(channels);
        return this;
    }

    /** {@return one or more channels, as set or by default} */
    public List<String> channels() {
        return channels;
    }

    /**
     * Stream of every ingress channel. Default: 1001.
     *
     * @param ingressStreamId a stream id.
     * @return this.
     */
    public ServerContext ingressStreamId(final int ingressStreamId) {
        requireOpen();
        this.ingressStreamId = ingressStreamId;
        return this;
    }

    /** {@return a stream id, as set or by default} */
    public int ingressStreamId() {
        return ingressStreamId;
    }

    /**
     * Hosts besides loopback to which a client may have its egress sent over UDP. Default: none.
     *
     * @param responseHosts host names or addresses, compared as text.
     * @return this.
     */
    public ServerContext responseHosts(final List<String> responseHosts) {
        requireOpen();
        this.responseHosts = List.copyOf(responseHosts);
        return this;
    }

    /** {@return host names or addresses, compared as text, as set or by default} */
    public List<String> responseHosts() {
        return responseHosts;
    }

    /**
     * What a confirmed command survives. Default: {@link Durability#PROCESS}.
     *
     * @param durability the durability.
     * @return this.
     */
    public ServerContext durability(final Durability durability) {
        requireOpen();
        this.durability = durability;
        return this;
    }

    /** {@return the durability, as set or by default} */
    public Durability durability() {
        return durability;
    }

    /**
     * Where the media driver runs. Default: {@link DriverMode#INVOKER} below four cores, {@link DriverMode#DEDICATED} from there.
     *
     * @param driverMode the mode.
     * @return this.
     */
    public ServerContext driverMode(final DriverMode driverMode) {
        requireOpen();
        this.driverMode = driverMode;
        return this;
    }

    /** {@return the mode, as set or by default} */
    public DriverMode driverMode() {
        return driverMode;
    }

    /**
     * Idle strategy of the duty cycle: backoff, spin, yield, sleep or none. Default: backoff below four cores, spin from there.
     *
     * @param idleStrategy the name.
     * @return this.
     */
    public ServerContext idleStrategy(final String idleStrategy) {
        requireOpen();
        this.idleStrategy = idleStrategy;
        return this;
    }

    /** {@return the name, as set or by default} */
    public String idleStrategy() {
        return idleStrategy;
    }

    /**
     * Idle strategy of driver threads, if there are any. Default: backoff.
     *
     * @param driverIdleStrategy the name.
     * @return this.
     */
    public ServerContext driverIdleStrategy(final String driverIdleStrategy) {
        requireOpen();
        this.driverIdleStrategy = driverIdleStrategy;
        return this;
    }

    /** {@return the name, as set or by default} */
    public String driverIdleStrategy() {
        return driverIdleStrategy;
    }

    /**
     * The one time-out, in nanoseconds, that all others follow from: see {@link Timeouts}. Default: 30 s.
     *
     * @param timeoutNs nanoseconds.
     * @return this.
     */
    public ServerContext timeoutNs(final long timeoutNs) {
        requireOpen();
        this.timeoutNs = timeoutNs;
        return this;
    }

    /** {@return nanoseconds, as set or by default} */
    public long timeoutNs() {
        return timeoutNs;
    }

    /**
     * Length in bytes of a term of each session's ingress and egress; three terms each way. Default: 1 MiB.
     *
     * @param termLength a power of two from 512 KiB to 1 GiB.
     * @return this.
     */
    public ServerContext termLength(final int termLength) {
        requireOpen();
        this.termLength = termLength;
        return this;
    }

    /** {@return a power of two from 512 KiB to 1 GiB, as set or by default} */
    public int termLength() {
        return termLength;
    }

    /**
     * Limits of the kernel. Default: {@link Limits#nativeProfile()}.
     *
     * @param limits the limits.
     * @return this.
     */
    public ServerContext limits(final Limits limits) {
        requireOpen();
        this.limits = limits;
        return this;
    }

    /** {@return the limits, as set or by default} */
    public Limits limits() {
        return limits;
    }

    /**
     * Client frames journaled together at most. Default: 256.
     *
     * @param maxBatchRecords a count.
     * @return this.
     */
    public ServerContext maxBatchRecords(final int maxBatchRecords) {
        requireOpen();
        this.maxBatchRecords = maxBatchRecords;
        return this;
    }

    /** {@return a count, as set or by default} */
    public int maxBatchRecords() {
        return maxBatchRecords;
    }

    /**
     * Output in bytes that may wait for one session to read before it is closed as a slow consumer. Default: 64 MiB.
     *
     * @param sessionStagingBytes bytes.
     * @return this.
     */
    public ServerContext sessionStagingBytes(final long sessionStagingBytes) {
        requireOpen();
        this.sessionStagingBytes = sessionStagingBytes;
        return this;
    }

    /** {@return bytes, as set or by default} */
    public long sessionStagingBytes() {
        return sessionStagingBytes;
    }

    /**
     * Output in bytes that may wait for all sessions together. Default: 512 MiB.
     *
     * @param stagingPoolBytes bytes.
     * @return this.
     */
    public ServerContext stagingPoolBytes(final long stagingPoolBytes) {
        requireOpen();
        this.stagingPoolBytes = stagingPoolBytes;
        return this;
    }

    /** {@return bytes, as set or by default} */
    public long stagingPoolBytes() {
        return stagingPoolBytes;
    }

    /**
     * Memory outside the heap that queues and messages may take; beyond it what would store more is refused as OVERLOADED. The
     * JVM must be allowed to reserve more ({@code -XX:MaxDirectMemorySize}). Default: what the JVM may reserve, without what
     * waiting output and buffers may need.
     *
     * @param memoryBytes bytes.
     * @return this.
     */
    public ServerContext memoryBytes(final long memoryBytes) {
        requireOpen();
        this.memoryBytes = memoryBytes;
        return this;
    }

    /** {@return bytes, as set or by default; 0 before that is known} */
    public long memoryBytes() {
        return memoryBytes;
    }

    /**
     * Free disk in bytes below which commands are refused as OVERLOADED. Default: 256 MiB.
     *
     * @param minFreeDiskBytes bytes.
     * @return this.
     */
    public ServerContext minFreeDiskBytes(final long minFreeDiskBytes) {
        requireOpen();
        this.minFreeDiskBytes = minFreeDiskBytes;
        return this;
    }

    /** {@return bytes, as set or by default} */
    public long minFreeDiskBytes() {
        return minFreeDiskBytes;
    }

    /**
     * Length in bytes at which the journal begins a new file. Default: 1 GiB.
     *
     * @param segmentBytes from 64 KiB to 1 GiB.
     * @return this.
     */
    public ServerContext segmentBytes(final long segmentBytes) {
        requireOpen();
        this.segmentBytes = segmentBytes;
        return this;
    }

    /** {@return bytes, as set or by default} */
    public long segmentBytes() {
        return segmentBytes;
    }

    /**
     * Time in nanoseconds a clean stop may spend on its snapshot. Default: 1.5 s.
     *
     * @param snapshotDeadlineNs nanoseconds.
     * @return this.
     */
    public ServerContext snapshotDeadlineNs(final long snapshotDeadlineNs) {
        requireOpen();
        this.snapshotDeadlineNs = snapshotDeadlineNs;
        return this;
    }

    /** {@return nanoseconds, as set or by default} */
    public long snapshotDeadlineNs() {
        return snapshotDeadlineNs;
    }

    /**
     * Monotonic clock of the duty cycle. Default: the system's.
     *
     * @param nanoClock a clock.
     * @return this.
     */
    public ServerContext nanoClock(final NanoClock nanoClock) {
        requireOpen();
        this.nanoClock = nanoClock;
        return this;
    }

    /** {@return a clock, as set or by default} */
    public NanoClock nanoClock() {
        return nanoClock;
    }

    /**
     * Wall clock toward which kernel time is slewed. Default: the system's, to the millisecond, which needs no object.
     *
     * @param epochClock a clock.
     * @return this.
     */
    public ServerContext epochClock(final EpochNanoClock epochClock) {
        requireOpen();
        this.epochClock = epochClock;
        return this;
    }

    /** {@return a clock, as set or by default} */
    public EpochNanoClock epochClock() {
        return epochClock;
    }

    /**
     * Decides who may connect and as whom. Default: everybody, as the empty principal.
     *
     * @param authenticatorSupplier a supplier, asked once per start.
     * @return this.
     */
    public ServerContext authenticatorSupplier(final AuthenticatorSupplier authenticatorSupplier) {
        requireOpen();
        this.authenticatorSupplier = authenticatorSupplier;
        return this;
    }

    /** {@return a supplier, asked once per start, as set or by default} */
    public AuthenticatorSupplier authenticatorSupplier() {
        return authenticatorSupplier;
    }

    /** What stands between server and journal: for tests that let it fail. */
    ServerContext journalFilter(final UnaryOperator<Journal> journalFilter) {
        requireOpen();
        this.journalFilter = journalFilter;
        return this;
    }

    UnaryOperator<Journal> journalFilter() {
        return journalFilter;
    }

    /**
     * Takes lines for the operator; called from helper threads and start-up, not from the duty cycle while it runs. Default: stderr.
     *
     * @param log a consumer of lines.
     * @return this.
     */
    public ServerContext log(final Consumer<String> log) {
        requireOpen();
        this.log = log;
        return this;
    }

    /** {@return a consumer of lines, as set or by default} */
    public Consumer<String> log() {
        return log;
    }
}
