package io.millrace.server;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.RefusedEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SessionEventEncoder;
import io.millrace.kernel.Egress;

/** Answers that the host gives itself: refusals before the journal, and what happens to sessions. */
final class HostReplies {

    private static final int REFUSED_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + RefusedEncoder.BLOCK_LENGTH;
    private static final int EVENT_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + SessionEventEncoder.BLOCK_LENGTH;
    private static final int WHOLE_REQUEST = -1;

    private final Egress egress;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final RefusedEncoder refused = new RefusedEncoder();
    private final SessionEventEncoder event = new SessionEventEncoder();
    private final long bootEpoch;
    private final long sessionTimeoutNs;
    private final int maxMessageBytes;

    HostReplies(final Egress egress, final long bootEpoch, final long sessionTimeoutNs, final int maxMessageBytes) {
        this.egress = egress;
        this.bootEpoch = bootEpoch;
        this.sessionTimeoutNs = sessionTimeoutNs;
        this.maxMessageBytes = maxMessageBytes;
    }

    void refused(final long sessionId, final long correlationId, final ResultCode code) {
        final int offset = egress.claim(sessionId, REFUSED_LENGTH);
        refused.wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .limitValue(0)
                .actualValue(0)
                .entryIndex(WHOLE_REQUEST)
                .code(code)
                .limitId(LimitId.NONE);
        header.messageLength(REFUSED_LENGTH).frameSequence(0);
        egress.commit();
    }

    /**
     * Tells a client what became of its session.
     *
     * @param egressId  session in whose output it goes.
     * @param sessionId that the client learns, 0 if it has none.
     */
    void sessionEvent(
            final long egressId,
            final long correlationId,
            final long sessionId,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        final int offset = egress.claim(egressId, EVENT_LENGTH);
        event.wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .sessionId(sessionId)
                .bootEpoch(bootEpoch)
                .sessionTimeoutNs(sessionTimeoutNs)
                .limitValue(limit)
                .actualValue(actual)
                .maxFrameBytes(ServerContext.MAX_FRAME_BYTES)
                .maxMessageBytes(maxMessageBytes)
                .code(code)
                .limitId(limitId);
        header.messageLength(EVENT_LENGTH).frameSequence(0);
        egress.commit();
    }
}
