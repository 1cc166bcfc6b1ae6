package io.millrace.client;

import io.aeron.Aeron;
import io.aeron.ChannelUri;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The settings of one client. {@link MillraceClient#connect} concludes them: what is missing gets its default, what is
 * wrong is refused, and from then on nothing changes.
 */
public final class ClientContext {
    private static final int MIN_RESEND_BUFFER_LENGTH = 128 * 1024;

    private Path serverDirectory;
    private String aeronDirectoryName;
    private Aeron aeron;
    private boolean useConductorInvoker = true;
    private AgentInvoker driverAgentInvoker;
    private long driverTimeoutMs = 10_000;
    private long dutyIntervalNs = TimeUnit.MICROSECONDS.toNanos(100);
    private String ingressChannel = "aeron:ipc";
    private int ingressStreamId = 1001;
    private String responseChannel;
    private int responseStreamId = 1002;
    private int termLength = 1024 * 1024;
    private IdleStrategy idleStrategy;
    private NanoClock nanoClock;
    private ErrorHandler errorHandler;
    private ClientListener listener;
    private MessageHandler messageHandler;
    private String clientName = "";
    private byte[] credentials = new byte[0];
    private boolean producer = true;
    private long producerId;
    private int fragmentLimit = 32;
    private int ackBatchEntries = 256;
    private int resendBufferLength = 4 * 1024 * 1024;
    private long connectTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long requestTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long closeTimeoutNs = TimeUnit.SECONDS.toNanos(1);
    private long attemptTimeoutNs = TimeUnit.SECONDS.toNanos(5);
    private long reconnectIntervalNs = TimeUnit.MILLISECONDS.toNanos(100);
    private boolean isConcluded;

    /**
     * Takes over where a server is from the file that it writes into its directory, in which the record logs of streams are, too.
     *
     * @param directory the server's data directory, which holds {@code server.properties}
     * @return this
     * @throws IllegalArgumentException if the file is not there or has no {@code aeron.dir}
     */
    public ClientContext serverDirectory(final Path directory) {
        final Path file = directory.resolve("server.properties");
        serverDirectory = directory;
        final Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (final IOException exception) {
            throw new IllegalArgumentException(
                    "Cannot read " + file + ": start the server with this directory first.", exception);
        }
        final String directoryName = properties.getProperty("aeron.dir");
        if (directoryName == null) {
            throw new IllegalArgumentException(file + " does not say aeron.dir: it was not written by a server.");
        }
        aeronDirectoryName(directoryName);
        ingressChannel(properties.getProperty("ingress.channel", ingressChannel));
        ingressStreamId(Integer.parseInt(properties
                .getProperty("ingress.stream", Integer.toString(ingressStreamId))
                .trim()));
        return this;
    }

    /** @return the server's data directory, which it must have been told of. */
    Path knownServerDirectory() {
        if (serverDirectory == null) {
            throw new IllegalStateException(
                    "The context was not told of the server's directory: serverDirectory(path).");
        }
        return serverDirectory;
    }

    /**
     * Fills in the defaults and checks the settings.
     *
     * @return this
     * @throws IllegalStateException if it was concluded before: one context makes one client
     * @throws IllegalArgumentException if a setting cannot work; the message says which and why
     */
    public ClientContext conclude() {
        if (isConcluded) {
            throw new IllegalStateException("This context has made a client already: make a new context.");
        }
        check(fragmentLimit > 0, "fragmentLimit must be positive");
        check(ackBatchEntries > 0 && ackBatchEntries <= 0xFFFF, "ackBatchEntries must be from 1 to 65535");
        check(resendBufferLength >= MIN_RESEND_BUFFER_LENGTH, "resendBufferLength must be at least 131072");
        check(
                Integer.bitCount(termLength) == 1 && termLength >= 64 * 1024,
                "termLength must be a power of two >= 65536");
        check(dutyIntervalNs >= 0, "dutyIntervalNs must not be negative");
        check(connectTimeoutNs > 0 && requestTimeoutNs > 0, "timeouts must be positive");
        check(closeTimeoutNs >= 0, "closeTimeoutNs must not be negative");
        check(attemptTimeoutNs > 0 && reconnectIntervalNs >= 0, "attemptTimeoutNs must be positive");
        check(producerId == 0 || producer, "a producerId needs producer(true)");
        ChannelUri.parse(ingressChannel);
        fillIn();
        isConcluded = true;
        return this;
    }

    private void fillIn() {
        if (aeronDirectoryName == null) {
            aeronDirectoryName = defaultAeronDirectoryName();
        }
        if (responseChannel == null) {
            responseChannel = ChannelUri.parse(ingressChannel).isIpc() ? "aeron:ipc" : "aeron:udp?endpoint=127.0.0.1:0";
        }
        ChannelUri.parse(responseChannel);
        if (idleStrategy == null) {
            idleStrategy = new BackoffIdleStrategy(100, 10, 1_000, 100_000);
        }
        if (nanoClock == null) {
            nanoClock = SystemNanoClock.INSTANCE;
        }
        if (errorHandler == null) {
            final System.Logger logger = System.getLogger("io.millrace.client");
            errorHandler = exception -> logger.log(System.Logger.Level.WARNING, "Millrace client", exception);
        }
        if (listener == null) {
            listener = new ClientListener() {};
        }
        if (messageHandler == null) {
            messageHandler = delivery -> {
                throw new IllegalStateException("A message arrived, but the context has no messageHandler.");
            };
        }
    }

    /** @return where a server and its clients of this user meet if nobody says otherwise. */
    public static String defaultAeronDirectoryName() {
        final File shared = new File("/dev/shm");
        final String parent = shared.isDirectory() ? shared.getPath() : System.getProperty("java.io.tmpdir");
        return new File(parent, "millrace-" + System.getProperty("user.name")).getPath();
    }

    /** @param name directory of the media driver; default {@code /dev/shm/millrace-$USER}. @return this */
    public ClientContext aeronDirectoryName(final String name) {
        aeronDirectoryName = name;
        return this;
    }

    String aeronDirectoryName() {
        return aeronDirectoryName;
    }

    /**
     * Gives the client an Aeron client to use. It is not closed with this client, and if it closes, this client cannot
     * attach again. If its conductor is in invoker mode, {@link MillraceClient#poll()} invokes it.
     *
     * @param client the Aeron client; null (the default) makes one
     * @return this
     */
    public ClientContext aeron(final Aeron client) {
        aeron = client;
        return this;
    }

    Aeron aeron() {
        return aeron;
    }

    /**
     * @param value whether {@link MillraceClient#poll()} does the work of Aeron's client conductor too, so that one thread
     *     does all (the default), or Aeron starts a thread for it. Only for an Aeron client of its own.
     * @return this
     */
    public ClientContext useConductorInvoker(final boolean value) {
        useConductorInvoker = value;
        return this;
    }

    boolean useConductorInvoker() {
        return useConductorInvoker;
    }

    /** @param invoker a media driver of this process that poll is to invoke as well; default none. @return this */
    public ClientContext driverAgentInvoker(final AgentInvoker invoker) {
        driverAgentInvoker = invoker;
        return this;
    }

    AgentInvoker driverAgentInvoker() {
        return driverAgentInvoker;
    }

    /** @param value after how many milliseconds without a sign the driver counts as dead; default 10,000. @return this */
    public ClientContext driverTimeoutMs(final long value) {
        driverTimeoutMs = value;
        return this;
    }

    long driverTimeoutMs() {
        return driverTimeoutMs;
    }

    /** @param value how often poll looks after Aeron, keep-alives and the connection; default 100,000 ns. @return this */
    public ClientContext dutyIntervalNs(final long value) {
        dutyIntervalNs = value;
        return this;
    }

    long dutyIntervalNs() {
        return dutyIntervalNs;
    }

    /** @param channel where the server listens; default {@code aeron:ipc}. @return this */
    public ClientContext ingressChannel(final String channel) {
        ingressChannel = channel;
        return this;
    }

    String ingressChannel() {
        return ingressChannel;
    }

    /** @param streamId stream of the server; default 1001. @return this */
    public ClientContext ingressStreamId(final int streamId) {
        ingressStreamId = streamId;
        return this;
    }

    int ingressStreamId() {
        return ingressStreamId;
    }

    /**
     * @param channel where the server answers, without a session id; default {@code aeron:ipc}, or a free port of the
     *     loopback interface if the server is reached by UDP
     * @return this
     */
    public ClientContext responseChannel(final String channel) {
        responseChannel = channel;
        return this;
    }

    String responseChannel() {
        return responseChannel;
    }

    /** @param streamId stream of the answers; default 1002. @return this */
    public ClientContext responseStreamId(final int streamId) {
        responseStreamId = streamId;
        return this;
    }

    int responseStreamId() {
        return responseStreamId;
    }

    /** @param bytes length of a term buffer each way, if the channel does not say; default 1 MiB. @return this */
    public ClientContext termLength(final int bytes) {
        termLength = bytes;
        return this;
    }

    int termLength() {
        return termLength;
    }

    /** @param strategy how blocking calls wait; default backs off to 100 µs. @return this */
    public ClientContext idleStrategy(final IdleStrategy strategy) {
        idleStrategy = strategy;
        return this;
    }

    IdleStrategy idleStrategy() {
        return idleStrategy;
    }

    /** @param clock measures timeouts; default {@link System#nanoTime()}. @return this */
    public ClientContext nanoClock(final NanoClock clock) {
        nanoClock = clock;
        return this;
    }

    NanoClock nanoClock() {
        return nanoClock;
    }

    /**
     * @param handler takes every exception that no caller can take: of Aeron, and of the handlers of the application;
     *     default logs a warning through {@link System.Logger}
     * @return this
     */
    public ClientContext errorHandler(final ErrorHandler handler) {
        errorHandler = handler;
        return this;
    }

    ErrorHandler errorHandler() {
        return errorHandler;
    }

    /** @param newListener hears how requests end and the connection comes and goes; default none. @return this */
    public ClientContext listener(final ClientListener newListener) {
        listener = newListener;
        return this;
    }

    ClientListener listener() {
        return listener;
    }

    /** @param handler takes the messages. @return this */
    public ClientContext messageHandler(final MessageHandler handler) {
        messageHandler = handler;
        return this;
    }

    MessageHandler messageHandler() {
        return messageHandler;
    }

    /** @param name free text for the server's operators; default empty. @return this */
    public ClientContext clientName(final String name) {
        clientName = name;
        return this;
    }

    String clientName() {
        return clientName;
    }

    /** @param bytes for the server's authenticator; default none. @return this */
    public ClientContext credentials(final byte[] bytes) {
        credentials = bytes.clone();
        return this;
    }

    byte[] credentials() {
        return credentials.clone();
    }

    /**
     * @param value whether commands that change something are protected against a second execution (the default): they
     *     are kept until they are answered, sent again after a reconnect, and then answered with their first result. At
     *     most 64 can be unanswered. Without protection there is no such bound, and what is unanswered at a disconnect is
     *     never answered.
     * @return this
     */
    public ClientContext producer(final boolean value) {
        producer = value;
        return this;
    }

    boolean producer() {
        return producer;
    }

    /** @param id producer to take over from an earlier client, see {@link MillraceClient#producerId()}. @return this */
    public ClientContext producerId(final long id) {
        producerId = id;
        return this;
    }

    long producerId() {
        return producerId;
    }

    /** @param value fragments that one poll takes at most; default 32. @return this */
    public ClientContext fragmentLimit(final int value) {
        fragmentLimit = value;
        return this;
    }

    int fragmentLimit() {
        return fragmentLimit;
    }

    /**
     * @param value receipts that an {@link AckBatch} puts into a frame at most; default 256, the server's limit
     *     BATCH_ENTRIES in its native profile. If the server allows fewer (10 in its aws profile), or a frame holds fewer,
     *     the batches keep to that.
     * @return this
     */
    public ClientContext ackBatchEntries(final int value) {
        ackBatchEntries = value;
        return this;
    }

    int ackBatchEntries() {
        return ackBatchEntries;
    }

    /** @param bytes room for protected commands without an answer; default 4 MiB. @return this */
    public ClientContext resendBufferLength(final int bytes) {
        resendBufferLength = bytes;
        return this;
    }

    int resendBufferLength() {
        return resendBufferLength;
    }

    /** @param value how long {@link MillraceClient#connect} waits; default 10 s. @return this */
    public ClientContext connectTimeoutNs(final long value) {
        connectTimeoutNs = value;
        return this;
    }

    long connectTimeoutNs() {
        return connectTimeoutNs;
    }

    /** @param value how long a blocking call waits for its answer; default 10 s. @return this */
    public ClientContext requestTimeoutNs(final long value) {
        requestTimeoutNs = value;
        return this;
    }

    long requestTimeoutNs() {
        return requestTimeoutNs;
    }

    /** @param value how long close waits for what is unanswered; default 1 s. @return this */
    public ClientContext closeTimeoutNs(final long value) {
        closeTimeoutNs = value;
        return this;
    }

    long closeTimeoutNs() {
        return closeTimeoutNs;
    }

    /** @param value how long one attempt to open a session may take; default 5 s. @return this */
    public ClientContext attemptTimeoutNs(final long value) {
        attemptTimeoutNs = value;
        return this;
    }

    long attemptTimeoutNs() {
        return attemptTimeoutNs;
    }

    /**
     * @param value pause between attempts to open a session, and before the first repetition of what an overloaded server
     *     refuses, which later come more slowly; default 100 ms
     * @return this
     */
    public ClientContext reconnectIntervalNs(final long value) {
        reconnectIntervalNs = value;
        return this;
    }

    long reconnectIntervalNs() {
        return reconnectIntervalNs;
    }

    private static void check(final boolean isRight, final String sentence) {
        if (!isRight) {
            throw new IllegalArgumentException(sentence + ".");
        }
    }
}
