package io.millrace.client;

import io.aeron.Image;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SessionCloseEncoder;
import io.millrace.codecs.SessionKeepAliveEncoder;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The state machine of the connection. It goes round from WAITING to ACTIVE, falls back to WAITING whenever the session
 * is lost, and ends in CLOSED.
 */
final class ClientSession {
    enum State {
        /** Until it is time for the next attempt. */
        WAITING,
        /** Until Aeron has both streams and the server listens. */
        ATTACHING,
        /** Until the server has answered SessionConnect. */
        HANDSHAKE,
        /** Until the server has opened the producer. */
        OPENING_PRODUCER,
        /** Until everything unanswered was sent again. */
        RESTORING,
        /** Requests are accepted. */
        ACTIVE,
        /** For good. */
        CLOSED
    }

    /** With less no request would fit a frame, so a server that offers less is none. */
    private static final int MIN_FRAME_BYTES = 1024;

    private final ClientContext context;
    private final ClientCounters counters;
    private final ErrorHandler errorHandler;
    private final AeronLink aeronLink;
    private final Attachment attachment;
    private final IngressPublisher publisher;
    private final FrameWriter writer;
    private final Requests requests;
    private final Producer producer;
    private final Restorer restorer;
    private final UnsafeBuffer sessionFrame = new UnsafeBuffer(new byte[Wire.HEADER_LENGTH + Long.BYTES]);
    private final ClientListener listener;
    private final Backoff backoff;
    private EgressReader reader;

    private State state = State.WAITING;
    private Image image;
    private long retryNs;
    private boolean isRetryTimed;
    private long deadlineNs;
    private boolean isProducerAsked;
    private boolean isRetryWanted;
    private long producerRequest;
    private long sessionId;
    private long bootEpoch;
    private long keepAliveIntervalNs;
    private long lastSentNs;
    private boolean isAnnounced;
    private DisconnectReason endReason;
    private MillraceException lastRefusal;

    ClientSession(
            final ClientContext context,
            final ClientCounters counters,
            final IngressPublisher publisher,
            final FrameWriter writer,
            final Requests requests,
            final Producer producer,
            final Restorer restorer,
            final GuardedListener listener) {
        this.context = context;
        this.counters = counters;
        this.errorHandler = context.errorHandler();
        this.listener = listener;
        this.backoff = new Backoff(context.reconnectIntervalNs());
        this.aeronLink = new AeronLink(context, counters);
        this.attachment = new Attachment(context);
        this.publisher = publisher;
        this.writer = writer;
        this.requests = requests;
        this.producer = producer;
        this.restorer = restorer;
    }

    void reader(final EgressReader newReader) {
        reader = newReader;
    }

    State state() {
        return state;
    }

    long bootEpoch() {
        return bootEpoch;
    }

    MillraceException lastRefusal() {
        return lastRefusal;
    }

    int pollEgress(final int fragmentLimit) {
        return image == null ? 0 : reader.poll(image, fragmentLimit);
    }

    /** Does what does not belong to the hot path: Aeron's conductor, time, the next step of the connection. */
    int doWork(final long nowNs) {
        if (state == State.CLOSED) {
            return 0;
        }
        int work = 0;
        try {
            work += aeronLink.invoke();
            work += step(nowNs);
        } catch (final Exception exception) {
            // Aeron reports a failed registration or a closed client by throwing: both end this attempt, not the
            // client.
            errorHandler.onError(exception);
            lose(DisconnectReason.CONNECTION_LOST, nowNs);
        }
        return work;
    }

    private int step(final long nowNs) {
        if (state == State.WAITING) {
            return isRetryTimed && nowNs - retryNs < 0 ? 0 : attach(nowNs);
        }
        final DisconnectReason reason = findLoss(nowNs);
        if (reason != null) {
            lose(reason, nowNs);
            return 1;
        }
        switch (state) {
            case ATTACHING:
                return connect();
            case HANDSHAKE:
                return awaitImage();
            case OPENING_PRODUCER:
                return askForProducer();
            case RESTORING:
                return restore(nowNs);
            case ACTIVE:
                return keepAlive(nowNs) + retry(nowNs);
            default:
                return 0;
        }
    }

    private DisconnectReason findLoss(final long nowNs) {
        if (endReason != null) {
            return endReason;
        }
        if (image != null && reader.fault() != null) {
            return reader.fault();
        }
        if (aeronLink.isLost(nowNs)) {
            return DisconnectReason.DRIVER_LOST;
        }
        if (state != State.ATTACHING && (image != null && image.isClosed() || !publisher.isConnected())) {
            return DisconnectReason.CONNECTION_LOST;
        }
        return state != State.ACTIVE && nowNs - deadlineNs >= 0 ? DisconnectReason.CONNECTION_LOST : null;
    }

    private int attach(final long nowNs) {
        if (!aeronLink.open()) {
            if (!aeronLink.canReopen()) {
                finish(DisconnectReason.DRIVER_LOST);
                return 1;
            }
            waitFrom(nowNs);
            return 0;
        }
        deadlineNs = nowNs + context.attemptTimeoutNs();
        isProducerAsked = false;
        endReason = null;
        state = State.ATTACHING;
        attachment.begin(aeronLink.aeron());
        return 1;
    }

    private int connect() {
        if (!attachment.isReady()) {
            return 0;
        }
        publisher.publication(attachment.publication());
        final ConnectFrame frame = new ConnectFrame(context, attachment.responseChannel(), writer.takeCorrelationId());
        if (publisher.offer(frame.buffer(), 0, frame.length()) < 0) {
            return 0;
        }
        state = State.HANDSHAKE;
        return 1;
    }

    private int awaitImage() {
        if (image == null) {
            image = attachment.image();
            if (image != null) {
                reader.onImage(image.termBufferLength() / 8);
                return 1;
            }
        }
        return 0;
    }

    /** The server has answered SessionConnect, or ends the session. */
    void onSessionEvent(
            final long newSessionId,
            final long newBootEpoch,
            final long sessionTimeoutNs,
            final int maxFrameBytes,
            final int maxMessageBytes) {
        if (state != State.HANDSHAKE) {
            return;
        }
        if (maxFrameBytes < MIN_FRAME_BYTES || maxMessageBytes < 0 || sessionTimeoutNs <= 0) {
            counters.malformed++;
            endReason = DisconnectReason.MALFORMED_EGRESS;
            return;
        }
        sessionId = newSessionId;
        bootEpoch = newBootEpoch;
        keepAliveIntervalNs = sessionTimeoutNs / 4;
        lastSentNs = context.nanoClock().nanoTime();
        writer.onSession(newSessionId, maxFrameBytes, maxMessageBytes);
        producerRequest = 0;
        state = producer.isEnabled() ? State.OPENING_PRODUCER : State.RESTORING;
        restorer.start();
    }

    /** The server would not open the session, or has ended it. */
    void onSessionRefused(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        if (state == State.HANDSHAKE) {
            lastRefusal = new MillraceException(code, limitId, limit, actual);
            endReason = DisconnectReason.REFUSED;
        } else {
            endReason = DisconnectReason.of(code);
        }
    }

    private int askForProducer() {
        if (isProducerAsked) {
            return 0;
        }
        if (producerRequest == 0) {
            producerRequest = writer.takeCorrelationId();
        }
        isProducerAsked = requests.openProducer(producerRequest) > 0;
        return isProducerAsked ? 1 : 0;
    }

    boolean isProducerRequest(final long correlationId) {
        return correlationId == producerRequest && producerRequest != 0;
    }

    void onProducerOpened(final long producerId, final int producerEpoch, final long lastSequence) {
        producerRequest = 0;
        if (producer.wasTakenOver(producerEpoch, lastSequence)) {
            isProducerAsked = false;
            replaceProducer(ResultCode.PRODUCER_FENCED);
            return;
        }
        if (producer.isFenced()) {
            replaceProducer(ResultCode.PRODUCER_FENCED);
        }
        producer.onOpened(producerId, producerEpoch, lastSequence);
        if (state == State.ACTIVE) {
            writer.shut(MillraceClient.BACK_PRESSURED);
            restorer.startCommandsOnly();
        }
        startRestoring();
    }

    private void startRestoring() {
        deadlineNs = context.nanoClock().nanoTime() + context.attemptTimeoutNs();
        state = State.RESTORING;
    }

    /**
     * The server does not open the producer. One that it has forgotten, or that somebody else has taken over, is
     * replaced by a new one. If it opens none for the time being, the session does without and asks again later: a new
     * session would be refused the same.
     */
    void onProducerRefused(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        producerRequest = 0;
        isProducerAsked = false;
        if (isPassing(code)) {
            onOverloaded();
            if (state == State.OPENING_PRODUCER) {
                startRestoring();
            }
        } else if (code != ResultCode.PRODUCER_UNKNOWN && code != ResultCode.PRODUCER_FENCED || producer.id() == 0) {
            lastRefusal = new MillraceException(code, limitId, limit, actual);
            endReason = DisconnectReason.REFUSED;
        } else {
            replaceProducer(code);
        }
    }

    private void replaceProducer(final ResultCode code) {
        restorer.refuseAll(code);
        producer.forget();
    }

    /** @return whether the same request may be taken a little later. */
    static boolean isPassing(final ResultCode code) {
        return code == ResultCode.OVERLOADED || code == ResultCode.SERVER_STOPPING;
    }

    /** The server refuses requests for the time being: what the client asks for by itself waits a little. */
    void onOverloaded() {
        backoff.refused(context.nanoClock().nanoTime());
        isRetryWanted = true;
    }

    /** The server takes commands. */
    void onAccepted() {
        backoff.accepted();
    }

    /** Something that was refused is to be asked for again, in another way. */
    void requestRetry() {
        isRetryWanted = true;
    }

    /** The sequences of client and server no longer meet: the producer is opened again, which tells where to go on. */
    void requestProducer() {
        if (producer.isOpen()) {
            producer.shut();
            isProducerAsked = false;
        }
    }

    private int retry(final long nowNs) {
        if (!backoff.isOver(nowNs)) {
            return 0;
        }
        if (isRetryWanted) {
            isRetryWanted = !restorer.retry();
        }
        return producer.isEnabled() && !producer.isOpen() && !writer.isTransferActive() ? askForProducer() : 0;
    }

    private int restore(final long nowNs) {
        if (!restorer.advance(sessionId)) {
            return 0;
        }
        state = State.ACTIVE;
        lastSentNs = nowNs;
        writer.open();
        if (!isAnnounced) {
            isAnnounced = true;
            if (counters.connects++ > 0) {
                counters.reconnects++;
            }
            listener.onConnected(sessionId, bootEpoch);
        }
        return 1;
    }

    private int keepAlive(final long nowNs) {
        if (publisher.takeHasSent()) {
            lastSentNs = nowNs;
        } else if (nowNs - lastSentNs >= keepAliveIntervalNs && sendSessionFrame(SessionKeepAliveEncoder.TEMPLATE_ID)) {
            lastSentNs = nowNs;
            counters.keepAlives++;
            return 1;
        }
        return 0;
    }

    private boolean sendSessionFrame(final int templateId) {
        Wire.putHeader(sessionFrame, 0, SessionCloseEncoder.BLOCK_LENGTH, templateId, sessionFrame.capacity());
        sessionFrame.putLong(Wire.SESSION_ID_OFFSET, sessionId, Wire.ORDER);
        return publisher.offer(sessionFrame, 0, sessionFrame.capacity()) > 0;
    }

    private void lose(final DisconnectReason reason, final long nowNs) {
        detach();
        if (reason == DisconnectReason.DRIVER_LOST) {
            aeronLink.close();
        }
        if (reason == DisconnectReason.REFUSED && isFinal(lastRefusal.code())) {
            finish(reason);
            return;
        }
        state = State.WAITING;
        waitFrom(nowNs);
        announceLoss(reason);
    }

    private void detach() {
        image = null;
        endReason = null;
        producer.shut();
        writer.shut(MillraceClient.NOT_CONNECTED);
        writer.resetTransfer();
        attachment.close();
    }

    /** Ends the session if there is one, and the client. */
    void close() {
        if (state == State.CLOSED) {
            return;
        }
        if (state.ordinal() > State.HANDSHAKE.ordinal() && publisher.isConnected()) {
            sendSessionFrame(SessionCloseEncoder.TEMPLATE_ID);
        }
        detach();
        finish(DisconnectReason.CLIENT_CLOSED);
    }

    private void finish(final DisconnectReason reason) {
        state = State.CLOSED;
        writer.shut(MillraceClient.CLOSED);
        aeronLink.close();
        announceLoss(reason);
    }

    private void announceLoss(final DisconnectReason reason) {
        if (isAnnounced) {
            isAnnounced = false;
            listener.onDisconnected(reason);
        }
    }

    private void waitFrom(final long nowNs) {
        retryNs = nowNs + context.reconnectIntervalNs();
        isRetryTimed = true;
    }

    /** Trying again does not help against these. */
    private static boolean isFinal(final ResultCode code) {
        switch (code) {
            case NOT_AUTHENTICATED:
            case NOT_AUTHORISED:
            case UNSUPPORTED_VERSION:
            case UNKNOWN_TEMPLATE:
            case MALFORMED_FRAME:
                return true;
            default:
                return false;
        }
    }
}
