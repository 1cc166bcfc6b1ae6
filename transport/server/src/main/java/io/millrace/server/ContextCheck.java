package io.millrace.server;

import io.aeron.ChannelUri;
import io.aeron.CommonContext;
import io.millrace.codecs.LimitId;
import io.millrace.kernel.Limits;
import io.millrace.store.RecordLogContext;
import java.io.File;
import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;

/** What must be true of a {@link ServerContext} before a server starts from it. */
final class ContextCheck {

    /** Aeron takes messages of an eighth of a term, and a frame must be one. */
    private static final int MIN_TERM_BYTES = 8 * ServerContext.MAX_FRAME_BYTES;

    private static final int MAX_TERM_BYTES = 1024 * 1024 * 1024;
    private static final int TERMS_PER_SESSION = 6;
    private static final int MAX_BATCH_RECORDS = 4_096;

    /** Many names must fit a frame: queues are listed by name. */
    private static final int MAX_NAME_BYTES = 4_096;

    /** The driver's own files: CnC, counters, error log and loss report. */
    private static final long DRIVER_BYTES = 24L * 1024 * 1024;

    private ContextCheck() {}

    static void validate(final ServerContext ctx) {
        if (ctx.durability() == Durability.DISK) {
            throw new ServerException(
                    ServerException.Reason.NOT_AVAILABLE,
                    "Durability disk is not available in this version: start with durability process.");
        }
        require(ctx.directory() != null, "directory must be set");
        require(!ctx.aeronDirectoryName().isBlank(), "aeronDirectoryName must not be empty");
        require(
                ctx.timeoutNs() >= TimeUnit.SECONDS.toNanos(3),
                "timeoutNs must be at least 3 s, since the driver looks at its clients once a second");
        require(
                BitUtil.isPowerOfTwo(ctx.termLength())
                        && ctx.termLength() >= MIN_TERM_BYTES
                        && ctx.termLength() <= MAX_TERM_BYTES,
                "termLength must be a power of two from 512 KiB to 1 GiB");
        require(
                ctx.maxBatchRecords() >= 1 && ctx.maxBatchRecords() <= MAX_BATCH_RECORDS,
                "maxBatchRecords must be from 1 to " + MAX_BATCH_RECORDS);
        require(
                ctx.sessionStagingBytes() >= StagingPool.BLOCK_BYTES,
                "sessionStagingBytes must be at least " + StagingPool.BLOCK_BYTES);
        require(
                ctx.stagingPoolBytes() >= ctx.sessionStagingBytes(),
                "stagingPoolBytes must be at least sessionStagingBytes");
        require(ctx.minFreeDiskBytes() >= 0, "minFreeDiskBytes must not be negative");
        require(ctx.snapshotDeadlineNs() >= 0, "snapshotDeadlineNs must not be negative");
        validateLimits(ctx.limits());
        require(!ctx.channels().isEmpty(), "channels must name at least one channel");
        ctx.channels().forEach(ContextCheck::validateChannel);
        IdleStrategies.create(ctx.idleStrategy());
        IdleStrategies.create(ctx.driverIdleStrategy());
        validateMemory(ctx);
        validateSharedMemory(ctx);
    }

    /** What the JVM refuses to reserve ends the duty cycle in the middle of a batch, so it is compared now. */
    private static void validateMemory(final ServerContext ctx) {
        final long allowed = DirectMemory.limitBytes();
        final long needed = Math.max(ctx.memoryBytes(), DirectMemory.MIN_KERNEL_BYTES) + DirectMemory.HEADROOM_BYTES;
        if (needed > allowed) {
            throw new ServerException(
                    ServerException.Reason.RESOURCES,
                    "This JVM may reserve " + allowed + " bytes outside the heap and the server needs " + needed
                            + ": start it with -XX:MaxDirectMemorySize, or set a smaller memoryBytes.");
        }
        require(
                ctx.memoryBytes() >= DirectMemory.MIN_KERNEL_BYTES,
                "memoryBytes must be at least " + DirectMemory.MIN_KERNEL_BYTES);
    }

    /**
     * Whether any channel goes over the network, so that the driver must be served all the time.
     *
     * @param ctx whose channels.
     * @return true if one is UDP.
     */
    static boolean hasNetworkChannel(final ServerContext ctx) {
        return ctx.channels().stream()
                .anyMatch(channel -> ChannelUri.parse(channel).isUdp());
    }

    /** The kernel keeps what its limits say; these must also fit frames, blocks, fields and record logs. */
    private static void validateLimits(final Limits limits) {
        requireAtMost(limits, LimitId.FRAME_BYTES, ServerContext.MAX_FRAME_BYTES);
        requireAtMost(limits, LimitId.MESSAGE_BYTES, Integer.MAX_VALUE);
        requireAtMost(limits, LimitId.RECORD_BYTES, RecordLogContext.DEFAULT_MAX_RECORD_BYTES);
        requireAtMost(limits, LimitId.NAME_BYTES, MAX_NAME_BYTES);
    }

    private static void requireAtMost(final Limits limits, final LimitId id, final long max) {
        require(limits.get(id) <= max, "limit " + id + " must be at most " + max);
    }

    private static void validateChannel(final String channel) {
        try {
            final ChannelUri uri = ChannelUri.parse(channel);
            require(uri.prefix().isEmpty(), "channel " + channel + " must not be a spy");
            require(
                    uri.isIpc() || uri.containsKey(CommonContext.ENDPOINT_PARAM_NAME),
                    "channel " + channel + " needs endpoint=host:port");
        } catch (final IllegalArgumentException | IllegalStateException e) {
            throw new ServerException(
                    ServerException.Reason.CONFIGURATION, "Channel " + channel + " is not an Aeron channel.", e);
        }
    }

    /** An address space that is too small shows itself as SIGBUS much later, so it is computed and compared now. */
    private static void validateSharedMemory(final ServerContext ctx) {
        if (ctx.driverMode() == DriverMode.EXTERNAL) {
            return;
        }
        File existing = new File(ctx.aeronDirectoryName()).getAbsoluteFile();
        while (existing != null && !existing.exists()) {
            existing = existing.getParentFile();
        }
        final long needed = DRIVER_BYTES + (long) TERMS_PER_SESSION * ctx.termLength();
        if (existing == null || existing.getUsableSpace() < needed) {
            throw new ServerException(
                    ServerException.Reason.RESOURCES,
                    "The Aeron directory " + ctx.aeronDirectoryName() + " has no room for " + needed
                            + " bytes: enlarge it (docker: --shm-size), or set a smaller termLength.");
        }
    }

    private static void require(final boolean condition, final String problem) {
        if (!condition) {
            throw new ServerException(ServerException.Reason.CONFIGURATION, "Setting out of range: " + problem + ".");
        }
    }
}
