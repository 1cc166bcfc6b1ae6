package io.millrace.server;

import io.aeron.Aeron;
import io.aeron.AvailableImageHandler;
import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import io.aeron.Subscription;
import io.aeron.UnavailableImageHandler;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.IoUtil;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.NoOpLock;
import org.agrona.concurrent.UnsafeBuffer;

/** The media driver, if it is ours, the Aeron client and the ingress subscriptions: what is started again if any of it dies. */
final class AeronHost implements AutoCloseable {

    /** A driver that has not given a sign for so long is dead. */
    private static final long DRIVER_SILENCE_MS = 10_000;

    private final MediaDriver driver;
    private final AgentInvoker driverInvoker;
    private final Aeron aeron;
    private final AgentInvoker clientInvoker;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final ErrorHandler errorHandler;

    private AeronHost(
            final ServerContext ctx,
            final ErrorHandler errorHandler,
            final AvailableImageHandler onImage,
            final UnavailableImageHandler onImageGone) {
        this.errorHandler = errorHandler;
        final Timeouts timeouts = Timeouts.of(ctx.timeoutNs());
        driver = ctx.driverMode() == DriverMode.EXTERNAL ? null : launchDriver(ctx, timeouts, errorHandler);
        driverInvoker = driver == null ? null : driver.sharedAgentInvoker();
        Aeron connected = null;
        try {
            connected = Aeron.connect(new Aeron.Context()
                    .aeronDirectoryName(ctx.aeronDirectoryName())
                    .clientName("millrace-server")
                    .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(timeouts.livenessNs()))
                    .useConductorAgentInvoker(true)
                    .driverAgentInvoker(driverInvoker)
                    .clientLock(NoOpLock.INSTANCE)
                    .errorHandler(errorHandler)
                    .subscriberErrorHandler(errorHandler));
            for (final String channel : ctx.channels()) {
                subscriptions.add(connected.addSubscription(channel, ctx.ingressStreamId(), onImage, onImageGone));
            }
        } catch (final RuntimeException e) {
            CloseHelper.quietCloseAll(connected, driver);
            throw new ServerException(
                    ServerException.Reason.TRANSPORT,
                    "The server cannot use the media driver in " + ctx.aeronDirectoryName() + ": " + e.getMessage(),
                    e);
        }
        aeron = connected;
        clientInvoker = aeron.conductorAgentInvoker();
    }

    /**
     * Starts everything.
     *
     * @param ctx          the settings.
     * @param errorHandler for what goes wrong later.
     * @param onImage      hears of clients' publications, on the thread that invokes {@link #invokeClient()}.
     * @param onImageGone  hears of their ends.
     * @return what runs.
     * @throws ServerException if it cannot be started.
     */
    static AeronHost start(
            final ServerContext ctx,
            final ErrorHandler errorHandler,
            final AvailableImageHandler onImage,
            final UnavailableImageHandler onImageGone) {
        return new AeronHost(ctx, errorHandler, onImage, onImageGone);
    }

    Aeron aeron() {
        return aeron;
    }

    /** {@return true if the driver has no threads of its own} */
    boolean isDriverInvoked() {
        return driverInvoker != null;
    }

    /** {@return what runs the driver, null if it has threads of its own} */
    AgentInvoker driverInvoker() {
        return driverInvoker;
    }

    int invokeDriver() {
        return driverInvoker.invoke();
    }

    int invokeClient() {
        return clientInvoker.invoke();
    }

    /** {@return true if the client or the invoked driver has ended by itself} */
    boolean isDead() {
        return aeron.isClosed() || (driverInvoker != null && driverInvoker.isClosed());
    }

    /**
     * Where clients find the ingress, wildcard ports resolved.
     *
     * @param ctx the settings.
     * @return one channel per configured channel, in the same order.
     */
    List<String> resolvedChannels(final ServerContext ctx) {
        final List<String> resolved = new ArrayList<>();
        for (int i = 0; i < subscriptions.size(); i++) {
            final String channel = subscriptions.get(i).tryResolveChannelEndpointPort();
            resolved.add(channel == null ? ctx.channels().get(i) : channel);
        }
        return resolved;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(errorHandler, aeron, driver);
    }

    private static MediaDriver launchDriver(
            final ServerContext ctx, final Timeouts timeouts, final ErrorHandler errorHandler) {
        requireUnused(ctx.aeronDirectoryName());
        final boolean isInvoked = ctx.driverMode() == DriverMode.INVOKER;
        final ThreadingMode threading = switch (ctx.driverMode()) {
            case INVOKER -> ThreadingMode.INVOKER;
            case SHARED -> ThreadingMode.SHARED;
            default -> ThreadingMode.DEDICATED;
        };
        final MediaDriver.Context context = new MediaDriver.Context()
                .aeronDirectoryName(ctx.aeronDirectoryName())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .warnIfDirectoryExists(false)
                .threadingMode(threading)
                .asyncExecutorEnabled(!isInvoked)
                .termBufferSparseFile(false)
                .ipcTermBufferLength(ctx.termLength())
                .publicationTermBufferLength(ctx.termLength())
                .clientLivenessTimeoutNs(timeouts.livenessNs())
                .driverTimeoutMs(TimeUnit.NANOSECONDS.toMillis(timeouts.livenessNs()))
                .publicationUnblockTimeoutNs(timeouts.unblockNs())
                .publicationLingerTimeoutNs(timeouts.publicationLingerNs())
                .imageLivenessTimeoutNs(timeouts.sessionNs())
                .spiesSimulateConnection(false)
                .errorHandler(errorHandler);
        if (!ContextCheck.hasNetworkChannel(ctx)) {
            // Without host names there is nothing to resolve again, and looking for it once a second allocates.
            context.reResolutionCheckIntervalNs(TimeUnit.DAYS.toNanos(1));
        }
        if (!isInvoked) {
            context.conductorIdleStrategy(IdleStrategies.create(ctx.driverIdleStrategy()))
                    .senderIdleStrategy(IdleStrategies.create(ctx.driverIdleStrategy()))
                    .receiverIdleStrategy(IdleStrategies.create(ctx.driverIdleStrategy()))
                    .sharedIdleStrategy(IdleStrategies.create(ctx.driverIdleStrategy()));
        }
        return MediaDriver.launch(context);
    }

    /** The directory of a driver that was killed is replaced at once; that of a living one is left alone. */
    private static void requireUnused(final String aeronDirectoryName) {
        final File cncFile = CommonContext.newCncFile(aeronDirectoryName);
        if (!cncFile.exists() || cncFile.length() < CncFileDescriptor.META_DATA_LENGTH) {
            return;
        }
        final MappedByteBuffer cnc = IoUtil.mapExistingFile(cncFile, CncFileDescriptor.CNC_FILE);
        try {
            final UnsafeBuffer metaData = CncFileDescriptor.createMetaDataBuffer(cnc);
            final long pid = CncFileDescriptor.pid(metaData);
            // In a container the process after a kill often has the pid of the one before.
            final boolean isProcessAlive = pid == ProcessHandle.current().pid()
                    ? CncFileDescriptor.startTimestampMs(metaData)
                            >= ManagementFactory.getRuntimeMXBean().getStartTime()
                    : ProcessHandle.of(pid).isPresent();
            if (isProcessAlive && CommonContext.isDriverActive(DRIVER_SILENCE_MS, message -> {}, cnc)) {
                throw new ServerException(
                        ServerException.Reason.AERON_DIRECTORY_IN_USE,
                        "Process " + pid + " runs a media driver in " + aeronDirectoryName
                                + ": choose another Aeron directory, or use that driver as an external one.");
            }
        } finally {
            IoUtil.unmap(cnc);
        }
    }
}
