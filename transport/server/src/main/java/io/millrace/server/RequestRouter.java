package io.millrace.server;

import io.millrace.codecs.AcknowledgeDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SessionCloseDecoder;
import io.millrace.codecs.SessionConnectDecoder;
import io.millrace.codecs.SessionKeepAliveDecoder;
import io.millrace.codecs.ShardCreditDecoder;
import io.millrace.kernel.FrameValidator;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Decides where a client's frame goes: into the batch, to the queries, to the sessions, or back as a refusal. Nothing gets
 * past it that does not come from the session's own publication or whose lengths do not add up.
 */
final class RequestRouter {

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int TEMPLATE_ID_OFFSET = MessageHeaderDecoder.templateIdEncodingOffset();
    private static final int SESSION_ID_OFFSET = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int CORRELATION_ID_OFFSET = SESSION_ID_OFFSET + Long.BYTES;
    private static final int REQUEST_LENGTH = CORRELATION_ID_OFFSET + Long.BYTES;
    private static final int SESSION_FRAME_LENGTH = SESSION_ID_OFFSET + Long.BYTES;
    private static final int FIRST_COMMAND = 100;
    private static final int FIRST_QUERY = 200;
    private static final int FIRST_EGRESS = 300;

    private final Batch batch;
    private final QueryQueue queries;
    private final HostReplies replies;
    private final HostCounters counters;
    private final GrowthBudget growth;
    private final ShardPushes pushes;
    private final FrameValidator validator = new FrameValidator();
    private final ShardCreditDecoder shardCredit = new ShardCreditDecoder();
    private Sessions sessions;
    private ResultCode refuseAllWith = ResultCode.OK;

    RequestRouter(
            final Batch batch,
            final QueryQueue queries,
            final HostReplies replies,
            final HostCounters counters,
            final GrowthBudget growth,
            final ShardPushes pushes) {
        this.batch = batch;
        this.queries = queries;
        this.replies = replies;
        this.counters = counters;
        this.growth = growth;
        this.pushes = pushes;
    }

    void sessions(final Sessions newSessions) {
        sessions = newSessions;
    }

    /**
     * Refuses every command from now on, or none.
     *
     * @param code to refuse them with; OK to take them again.
     */
    void refuseAll(final ResultCode code) {
        refuseAllWith = code;
    }

    /**
     * Takes one frame.
     *
     * @param image  it came from.
     * @param buffer that holds it.
     * @param offset of the frame.
     * @param length of the frame.
     * @return false if there is no room for it in this cycle: it must be offered again.
     */
    boolean onFrame(final IngressImage image, final DirectBuffer buffer, final int offset, final int length) {
        if (length < SESSION_FRAME_LENGTH) {
            counters.malformedFrames++;
            return true;
        }
        final int templateId = buffer.getShort(offset + TEMPLATE_ID_OFFSET, ORDER) & 0xFFFF;
        if (templateId >= FIRST_COMMAND && templateId < FIRST_QUERY) {
            return onCommand(image, templateId, buffer, offset, length);
        }
        if (templateId >= FIRST_QUERY && templateId < FIRST_EGRESS) {
            return onQuery(image, buffer, offset, length);
        }
        onSessionFrame(image, templateId, buffer, offset, length);
        return true;
    }

    private boolean onCommand(
            final IngressImage image,
            final int templateId,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        final ServerSession session = image.session;
        final ResultCode code = check(session, buffer, offset, length);
        if (code != ResultCode.OK) {
            refuse(session, code, buffer, offset, length);
            return true;
        }
        if (refuseAllWith != ResultCode.OK) {
            return decline(session, refuseAllWith, buffer, offset);
        }
        if (!hasRoomFor(templateId, buffer, offset, length)) {
            growth.onRefused();
            return decline(session, ResultCode.OVERLOADED, buffer, offset);
        }
        if (!batch.append(session.sessionId, buffer, offset, length)) {
            return false;
        }
        if (templateId != AcknowledgeDecoder.TEMPLATE_ID) {
            batch.hurry();
        }
        counters.ingressFrames++;
        return true;
    }

    /** What is free is looked at on a cadence; nobody is declined for what was given back since, if all that was taken is applied. */
    private boolean hasRoomFor(final int templateId, final DirectBuffer buffer, final int offset, final int length) {
        if (growth.take(templateId, buffer, offset, length)) {
            return true;
        }
        if (!batch.isEmpty()) {
            return false;
        }
        growth.renew();
        return growth.take(templateId, buffer, offset, length);
    }

    private boolean decline(
            final ServerSession session, final ResultCode code, final DirectBuffer buffer, final int offset) {
        counters.overloadedFrames++;
        replies.refused(session.sessionId, correlationId(buffer, offset), code);
        return true;
    }

    private boolean onQuery(final IngressImage image, final DirectBuffer buffer, final int offset, final int length) {
        // It is to see what the session said before.
        batch.hurry();
        final ServerSession session = image.session;
        final ResultCode code = check(session, buffer, offset, length);
        if (code != ResultCode.OK) {
            refuse(session, code, buffer, offset, length);
            return true;
        }
        return queries.append(session.sessionId, buffer, offset, length);
    }

    private ResultCode check(
            final ServerSession session, final DirectBuffer buffer, final int offset, final int length) {
        if (length < REQUEST_LENGTH || length > ServerContext.MAX_FRAME_BYTES) {
            return ResultCode.MALFORMED_FRAME;
        }
        if (session == null
                || !session.isOpen()
                || buffer.getLong(offset + SESSION_ID_OFFSET, ORDER) != session.sessionId) {
            return ResultCode.UNKNOWN_SESSION;
        }
        return validator.validate(buffer, offset, length);
    }

    private void onSessionFrame(
            final IngressImage image,
            final int templateId,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        final ServerSession session = image.session;
        final boolean isOwn = session != null && buffer.getLong(offset + SESSION_ID_OFFSET, ORDER) == session.sessionId;
        switch (templateId) {
            case SessionKeepAliveDecoder.TEMPLATE_ID,
                    SessionCloseDecoder.TEMPLATE_ID,
                    ShardCreditDecoder.TEMPLATE_ID -> {
                if (validator.validate(buffer, offset, length) != ResultCode.OK) {
                    counters.malformedFrames++;
                } else if (!isOwn) {
                    counters.unknownSessionFrames++;
                } else if (templateId == SessionCloseDecoder.TEMPLATE_ID) {
                    sessions.close(session, ResultCode.CLIENT_CLOSED);
                } else if (templateId == ShardCreditDecoder.TEMPLATE_ID) {
                    shardCredit.wrap(
                            buffer,
                            offset + MessageHeaderDecoder.ENCODED_LENGTH,
                            ShardCreditDecoder.BLOCK_LENGTH,
                            ShardCreditDecoder.SCHEMA_VERSION);
                    pushes.credit(session.sessionId, shardCredit.subscriptionId(), shardCredit.bytes());
                }
            }
            case SessionConnectDecoder.TEMPLATE_ID -> {
                if (validator.validate(buffer, offset, length) != ResultCode.OK) {
                    counters.malformedFrames++;
                } else {
                    sessions.onConnect(image, buffer, offset, length);
                }
            }
            default -> refuse(session, ResultCode.UNKNOWN_TEMPLATE, buffer, offset, length);
        }
    }

    /** Answers the sender if it has a session and the frame is long enough to hold a correlation id, else only counts. */
    private void refuse(
            final ServerSession session,
            final ResultCode code,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        if (code == ResultCode.UNKNOWN_SESSION) {
            counters.unknownSessionFrames++;
        } else {
            counters.malformedFrames++;
        }
        if (session != null && session.isOpen() && length >= REQUEST_LENGTH) {
            replies.refused(session.sessionId, correlationId(buffer, offset), code);
        }
    }

    static long correlationId(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + CORRELATION_ID_OFFSET, ORDER);
    }
}
