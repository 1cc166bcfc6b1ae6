package io.millrace.server;

import io.aeron.Aeron;
import io.aeron.security.Authenticator;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SessionConnectDecoder;
import io.millrace.server.ServerSession.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * All sessions and how they come and go. Opening and closing are records of the journal: a session is open for its client
 * only after the kernel has heard of it, and is forgotten only after the kernel has heard of that.
 */
final class Sessions {

    private static final int TIMEOUT_CHECKS_PER_TURN = 16;
    private static final int MAX_CREDENTIALS_BYTES = 4_096;
    private static final long NO_REGISTRATION = Aeron.NULL_VALUE;

    private final ServerContext ctx;
    private final Timeouts timeouts;
    private final Batch batch;
    private final EgressHub egress;
    private final HostReplies replies;
    private final HostCounters counters;
    private final ErrorHandler errorHandler;
    private final Authenticator authenticator;
    private final StagingPool pool;
    private final long maxSessions;
    private final boolean allowNetwork;
    private final SessionConnectDecoder connect = new SessionConnectDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SessionAdmission admission = new SessionAdmission();

    /** In the order of their requests: the handshake of each is advanced on the cadence. */
    private final List<ServerSession> connecting = new ArrayList<>();

    /** Sessions that owe the journal a record. */
    private final List<ServerSession> owing = new ArrayList<>();

    /** Sessions whose opening, or whose closing, is in the batch being built. */
    private final List<ServerSession> inBatch = new ArrayList<>();

    private final List<ServerSession> journaled = new ArrayList<>();
    private final Long2ObjectHashMap<ServerSession> byId = new Long2ObjectHashMap<>();
    private Aeron aeron;
    private long nextSessionId;
    private int nextTimeoutCheck;

    /** When clients were looked at last, and until when nobody is called silent or slow, by the monotonic clock. */
    private long lastTurnNs;

    private long graceUntilNs;

    Sessions(
            final ServerContext ctx,
            final Batch batch,
            final EgressHub egress,
            final HostReplies replies,
            final HostCounters counters,
            final ErrorHandler errorHandler,
            final long bootEpoch) {
        this.ctx = ctx;
        this.batch = batch;
        this.egress = egress;
        this.replies = replies;
        this.counters = counters;
        this.errorHandler = errorHandler;
        timeouts = Timeouts.of(ctx.timeoutNs());
        authenticator = ctx.authenticatorSupplier().get();
        maxSessions = ctx.limits().get(LimitId.SESSIONS);
        pool = new StagingPool(ctx.stagingPoolBytes(), (int) Math.min(maxSessions, Short.MAX_VALUE));
        allowNetwork = ContextCheck.hasNetworkChannel(ctx);
        nextSessionId = (bootEpoch << Integer.SIZE) + 1;
        lastTurnNs = ctx.nanoClock().nanoTime();
        graceUntilNs = lastTurnNs;
    }

    /**
     * Sets the client over which publications are added.
     *
     * @param newAeron the Aeron client of this start of the transport.
     */
    void aeron(final Aeron newAeron) {
        aeron = newAeron;
        for (int i = 0; i < connecting.size(); i++) {
            // What was asked of the client before means nothing to this one.
            connecting.get(i).registrationId = NO_REGISTRATION;
        }
    }

    /** Begins a handshake. A repeated request changes nothing; another one on the same publication replaces its session. */
    void onConnect(final IngressImage image, final DirectBuffer buffer, final int offset, final int length) {
        connect.wrapAndApplyHeader(buffer, offset, header);
        final long correlationId = connect.correlationId();
        final ServerSession present = image.session;
        if (present != null) {
            if (present.correlationId == correlationId) {
                return;
            }
            close(present, ResultCode.CLIENT_CLOSED);
        }
        final int streamId = connect.responseStreamId();
        final String channel =
                ResponseChannel.of(connect.responseChannel(), allowNetwork, ctx.responseHosts(), ctx.termLength());
        connect.skipClientName();
        final byte[] credentials = new byte[Math.min(connect.credentialsLength(), MAX_CREDENTIALS_BYTES + 1)];
        connect.getCredentials(credentials, 0, credentials.length);
        if (channel == null || credentials.length > MAX_CREDENTIALS_BYTES || connecting.size() > maxSessions) {
            counters.sessionsRefused++;
            return;
        }
        final ServerSession session = new ServerSession(nextSessionId++, correlationId, image, channel, streamId);
        session.credentials = credentials;
        session.registrationId = NO_REGISTRATION;
        session.lastActivityNs = ctx.nanoClock().nanoTime();
        session.deadlineNs = session.lastActivityNs + timeouts.sessionNs();
        if (connecting.size() + journaled.size() >= maxSessions) {
            session.refusal = ResultCode.LIMIT_EXCEEDED;
        }
        image.session = session;
        connecting.add(session);
    }

    /**
     * Ends a session, whatever it is doing. What the kernel has heard of is closed by a record.
     *
     * @param session to end.
     * @param reason  why.
     */
    void close(final ServerSession session, final ResultCode reason) {
        if (session.state == State.CLOSING || session.state == State.CLOSED) {
            return;
        }
        session.state(State.CLOSING, reason);
        if (session.ingress.session == session) {
            session.ingress.session = null;
        }
        if (session.isJournaled) {
            owing.add(session);
        }
    }

    /** Ends every session, for example because the transport under them is gone. */
    void closeAll(final ResultCode reason) {
        closeAll(connecting, reason);
        closeAll(journaled, reason);
        // Let in, but not yet heard of by the kernel.
        closeAll(inBatch, reason);
        closeAll(owing, reason);
    }

    private void closeAll(final List<ServerSession> sessions, final ResultCode reason) {
        // What is added to a list meanwhile is closing already.
        final int count = sessions.size();
        for (int i = 0; i < count; i++) {
            close(sessions.get(i), reason);
        }
    }

    /** Tells every client that the server stops, and lets go of them. The record of the next start closes the sessions. */
    void stop(final long nowNs) {
        for (int i = journaled.size() - 1; i >= 0; i--) {
            finish(journaled.get(i), ResultCode.SERVER_STOPPING, nowNs);
        }
        for (final ServerSession session : connecting) {
            release(session);
        }
    }

    /** {@return true if there is nothing left to tell the journal} */
    boolean isSettled() {
        return owing.isEmpty() && inBatch.isEmpty();
    }

    /**
     * Advances handshakes, looks for silent and slow clients, and adds the records that are owed to the batch.
     *
     * @param nowNs reading of the monotonic clock.
     * @return amount of work done.
     */
    int doWork(final long nowNs) {
        int work = 0;
        int index = 0;
        while (index < connecting.size()) {
            final int advanced = advance(connecting.get(index), index, nowNs);
            index += 1 - advanced;
            work += advanced;
        }
        final boolean isJudging = !isInGrace(nowNs);
        if (isJudging) {
            checkSilent(nowNs);
        }
        checkSlow(nowNs, isJudging);
        return work + addRecords();
    }

    /**
     * Whether the server itself stood still a short while ago, for a snapshot or with its machine. A client speaks and reads
     * four times in a time-out; what it did meanwhile must be seen before it is judged.
     */
    private boolean isInGrace(final long nowNs) {
        final long graceNs = timeouts.sessionNs() / 4;
        if (nowNs - lastTurnNs > graceNs) {
            graceUntilNs = nowNs + graceNs;
        }
        lastTurnNs = nowNs;
        return nowNs - graceUntilNs < 0;
    }

    /** Adds what is owed to the batch, in the order in which it became due. */
    private int addRecords() {
        int added = 0;
        while (added < owing.size() && addRecord(owing.get(added))) {
            inBatch.add(owing.get(added++));
        }
        if (added > 0) {
            owing.subList(0, added).clear();
        }
        return added;
    }

    /**
     * The batch with the records added so far is journaled and applied.
     *
     * @param nowNs reading of the monotonic clock.
     */
    void onBatchApplied(final long nowNs) {
        for (int i = 0; i < inBatch.size(); i++) {
            final ServerSession session = inBatch.get(i);
            if (session.isJournaled) {
                finish(session, session.reason, nowNs);
            } else {
                opened(session, nowNs);
            }
        }
        inBatch.clear();
    }

    /** The journal declined the batch: what was in it is owed again. */
    void onBatchDeclined() {
        owing.addAll(0, inBatch);
        inBatch.clear();
    }

    private void opened(final ServerSession session, final long nowNs) {
        session.isJournaled = true;
        journaled.add(session);
        byId.put(session.sessionId, session);
        counters.sessions = journaled.size();
        counters.sessionsOpened++;
        if (session.state == State.CLOSING) {
            // The client left while the record that lets it in was on its way.
            owing.add(session);
            return;
        }
        session.state(State.OPEN, ResultCode.OK);
        session.lastActivityNs = nowNs;
        replies.sessionEvent(
                session.sessionId, session.correlationId, session.sessionId, ResultCode.OK, LimitId.NONE, 0, 0);
    }

    /** One step of a handshake, 1 if it was the last. Whatever a strange request makes Aeron throw ends this session only. */
    private int advance(final ServerSession session, final int index, final long nowNs) {
        final boolean isDone;
        try {
            isDone = session.state == State.CLOSING || isAdvanced(session, nowNs);
        } catch (final RuntimeException e) {
            errorHandler.onError(e);
            counters.sessionsRefused++;
            connecting.remove(index);
            session.state(State.CLOSING, ResultCode.INVALID_ARGUMENT);
            release(session);
            return 1;
        }
        if (!isDone) {
            return 0;
        }
        connecting.remove(index);
        if (session.state == State.CLOSING) {
            release(session);
        } else {
            owing.add(session);
        }
        return 1;
    }

    /** {@return true if the session waits for nothing but a record, or has ended} */
    private boolean isAdvanced(final ServerSession session, final long nowNs) {
        if (session.registrationId == NO_REGISTRATION) {
            session.registrationId = aeron.asyncAddExclusivePublication(session.channel, session.streamId);
            return false;
        }
        if (session.publication == null) {
            session.publication = aeron.getExclusivePublication(session.registrationId);
        }
        if (session.publication == null || !session.publication.isConnected()) {
            if (nowNs - session.deadlineNs > 0) {
                counters.sessionsRefused++;
                session.state(State.CLOSING, ResultCode.SESSION_TIMEOUT);
                return true;
            }
            return false;
        }
        session.egress = new SessionEgress(session.sessionId, session.publication, pool, ctx.sessionStagingBytes());
        session.egress.lastProgressNs = nowNs;
        egress.add(session.egress);
        if (session.refusal == ResultCode.OK) {
            session.refusal = admission.admit(authenticator, session, TimeUnit.NANOSECONDS.toMillis(nowNs));
        }
        if (session.refusal == ResultCode.OK) {
            session.state(State.OPENING, ResultCode.OK);
        } else {
            refuse(session, nowNs);
        }
        return true;
    }

    private void refuse(final ServerSession session, final long nowNs) {
        counters.sessionsRefused++;
        final boolean isLimit = session.refusal == ResultCode.LIMIT_EXCEEDED;
        replies.sessionEvent(
                session.sessionId,
                session.correlationId,
                0,
                session.refusal,
                isLimit ? LimitId.SESSIONS : LimitId.NONE,
                isLimit ? maxSessions : 0,
                isLimit ? maxSessions + 1 : 0);
        session.egress.flush(nowNs, counters);
        session.state(State.CLOSING, session.refusal);
    }

    private void checkSilent(final long nowNs) {
        for (int i = Math.min(TIMEOUT_CHECKS_PER_TURN, journaled.size()); i > 0; i--) {
            if (++nextTimeoutCheck >= journaled.size()) {
                nextTimeoutCheck = 0;
            }
            final ServerSession session = journaled.get(nextTimeoutCheck);
            if (session.isOpen() && nowNs - session.lastActivityNs > timeouts.sessionNs()) {
                counters.sessionsTimedOut++;
                close(session, ResultCode.SESSION_TIMEOUT);
            }
        }
    }

    private void checkSlow(final long nowNs, final boolean isJudging) {
        for (int i = egress.waitingCount() - 1; i >= 0; i--) {
            final SessionEgress waiting = egress.waiting(i);
            final boolean isStalled = isJudging && nowNs - waiting.lastProgressNs > timeouts.stalledNs();
            if (waiting.isOverflowed() || isStalled) {
                final ServerSession session = byId.get(waiting.sessionId());
                if (session != null && session.isOpen()) {
                    counters.slowConsumers++;
                    close(session, ResultCode.SLOW_CONSUMER);
                }
            }
        }
    }

    private boolean addRecord(final ServerSession session) {
        return session.isJournaled
                ? batch.appendSessionClosed(session.sessionId, session.reason)
                : batch.appendSessionOpened(session.sessionId, session.principal);
    }

    /** The kernel has closed the session: say so to the client, behind all that it still gets, and let go of it. */
    private void finish(final ServerSession session, final ResultCode reason, final long nowNs) {
        replies.sessionEvent(session.sessionId, session.correlationId, session.sessionId, reason, LimitId.NONE, 0, 0);
        session.egress.flush(nowNs, counters);
        byId.remove(session.sessionId);
        journaled.remove(session);
        counters.sessions = journaled.size();
        release(session);
    }

    private void release(final ServerSession session) {
        session.state(State.CLOSED, session.reason);
        egress.remove(session.sessionId);
        if (session.ingress.session == session) {
            session.ingress.session = null;
        }
        if (session.publication != null && !session.publication.isClosed()) {
            CloseHelper.close(errorHandler, session.publication);
        } else if (session.publication == null && session.registrationId != NO_REGISTRATION && !aeron.isClosed()) {
            aeron.asyncRemovePublication(session.registrationId);
        }
    }
}
