package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SubscriberProtocol;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Tables.Queue;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.Payloads;
import org.agrona.DirectBuffer;

/** Checks one message that is to be stored against its queue and the limits; what it finds first counts. */
final class EntryInspector {
    private final State state;
    private final Finding finding = new Finding();
    private final PayloadIds ids = new PayloadIds();
    private final PayloadInspector payloads;
    private long bodiesBytes;

    EntryInspector(final State state) {
        this.state = state;
        this.payloads = new PayloadInspector(state, finding);
    }

    /** Checks what stands in front of the payload; true if it is right. */
    boolean inspectTimes(
            final int queue, final long delayNs, final long scheduledNs, final long timeToLiveNs, final int priority) {
        finding.clear();
        if (state.isFifo(queue)) {
            inspectForFifo(delayNs, scheduledNs, priority);
        }
        if (finding.isOk()) {
            inspectDelay(delayNs, scheduledNs);
        }
        if (finding.isOk() && !Commands.isNull(timeToLiveNs)) {
            inspectTimeToLive(timeToLiveNs);
        }
        final int priorities = state.queues.getInt(queue, Queue.PRIORITIES);
        if (finding.isOk() && priority >= priorities) {
            finding.exceed(LimitId.PRIORITIES, priorities, priority);
        }
        return finding.isOk();
    }

    /** A delay of 0 on a FIFO queue stands for the queue's delay (L1, L2). */
    private void inspectForFifo(final long delayNs, final long scheduledNs, final int priority) {
        if (!Commands.isNull(delayNs) && delayNs != 0) {
            finding.set(ResultCode.NOT_FOR_QUEUE_TYPE, delayNs);
        } else if (!Commands.isNull(scheduledNs)) {
            finding.set(ResultCode.NOT_FOR_QUEUE_TYPE, scheduledNs);
        } else if (priority > 0) {
            finding.set(ResultCode.NOT_FOR_QUEUE_TYPE, priority);
        }
    }

    private void inspectDelay(final long delayNs, final long scheduledNs) {
        final long limit = state.limit(LimitId.DELAY);
        final boolean isScheduled = !Commands.isNull(scheduledNs);
        if (!Commands.isNull(delayNs)) {
            if (isScheduled) {
                finding.set(ResultCode.INVALID_ARGUMENT, 0);
            } else if (delayNs < 0) {
                finding.set(ResultCode.INVALID_ARGUMENT, delayNs);
            } else if (delayNs > limit) {
                finding.exceed(LimitId.DELAY, limit, delayNs);
            }
        } else if (isScheduled && scheduledNs > state.nowNs && scheduledNs - state.nowNs > limit) {
            finding.exceed(LimitId.DELAY, limit, scheduledNs - state.nowNs);
        }
    }

    private void inspectTimeToLive(final long timeToLiveNs) {
        if (timeToLiveNs <= 0) {
            finding.set(ResultCode.INVALID_ARGUMENT, timeToLiveNs);
        } else if (timeToLiveNs > state.limit(LimitId.TIME_TO_LIVE)) {
            finding.exceed(LimitId.TIME_TO_LIVE, state.limit(LimitId.TIME_TO_LIVE), timeToLiveNs);
        }
    }

    /** Checks a payload that is known to be well formed, after {@link #inspectTimes}; true if everything is right. */
    boolean inspectPayload(final int queue, final boolean isText, final DirectBuffer buffer, final int offset) {
        return inspectPayload(
                state.isFifo(queue),
                state.queues.getInt(queue, Queue.CONTENT_DEDUPLICATION) == Switch.ON.value(),
                Integer.toUnsignedLong(state.queues.getInt(queue, Queue.MAX_MESSAGE_BYTES)),
                isText,
                buffer,
                offset);
    }

    /** Checks a message that is published to a topic; true if everything is right. */
    boolean inspectPublished(final int topic, final boolean isText, final PublishedEntry entry) {
        finding.clear();
        bodiesBytes = 0;
        if (entry.hasBodies() && entry.ids().bodyLength() == 0) {
            finding.set(ResultCode.DEFAULT_BODY_REQUIRED, 0);
        }
        inspectPayload(
                state.topics.isFifo(topic),
                state.topics.topics.getInt(topic, Topic.CONTENT_DEDUPLICATION) == Switch.ON.value(),
                state.limit(LimitId.MESSAGE_BYTES),
                isText,
                entry.buffer(),
                entry.payload());
        if (entry.hasBodies()) {
            inspectBodies(entry, isText);
        }
        return inspectSubject(entry.buffer(), entry.subject(), entry.subjectLength());
    }

    /** Each protocol at most once; that they are in order makes the same bodies the same bytes. */
    private void inspectBodies(final PublishedEntry entry, final boolean isText) {
        int before = 0;
        int position = entry.firstBody();
        for (int i = 0; i < entry.bodyCount(); i++) {
            final int protocol = entry.protocol(position);
            if (protocol <= before || protocol > SubscriberProtocol.STREAM.value()) {
                finding.set(ResultCode.INVALID_ARGUMENT, protocol);
            }
            if (isText) {
                inspectText(entry.buffer(), entry.bodyOffset(position), entry.bodyLength(position));
            }
            bodiesBytes += entry.bodyLength(position);
            before = protocol;
            position = entry.nextBody(position);
        }
        if (accountedBytes() > state.limit(LimitId.MESSAGE_BYTES)) {
            finding.exceed(LimitId.MESSAGE_BYTES, state.limit(LimitId.MESSAGE_BYTES), accountedBytes());
        }
    }

    /** Checks a body that is to refer to a blob, after the payload; true if everything is right. */
    boolean inspectClaim(final Blobs blobs, final boolean hasBodies) {
        if (hasBodies) {
            finding.set(ResultCode.INVALID_BLOB_REFERENCE, 0);
        } else if (finding.isOk()) {
            blobs.inspect(finding, ids.buffer(), ids.bodyOffset(), ids.bodyLength());
        }
        return finding.isOk();
    }

    private boolean inspectSubject(final DirectBuffer buffer, final int offset, final int length) {
        if (finding.isOk() && length > 0) {
            final long limit = state.limit(LimitId.SUBJECT_CHARACTERS);
            if (!Text.isUtf8(buffer, offset, length) || Text.hasControls(buffer, offset, length)) {
                finding.set(ResultCode.INVALID_CHARACTERS, 0);
            } else if (Text.characters(buffer, offset, length) > limit) {
                finding.exceed(LimitId.SUBJECT_CHARACTERS, limit, Text.characters(buffer, offset, length));
            }
        }
        return finding.isOk();
    }

    private boolean inspectPayload(
            final boolean isFifo,
            final boolean hasContentDeduplication,
            final long maxBytes,
            final boolean isText,
            final DirectBuffer buffer,
            final int offset) {
        payloads.inspect(buffer, offset, maxBytes);
        if (finding.isOk()) {
            ids.wrap(buffer, offset);
            if (isText) {
                inspectText(buffer, ids.bodyOffset(), ids.bodyLength());
            }
            if (finding.isOk()) {
                inspectGroup(isFifo);
            }
            if (finding.isOk()) {
                inspectDeduplication(isFifo, hasContentDeduplication);
            }
        }
        return finding.isOk();
    }

    private void inspectText(final DirectBuffer buffer, final int offset, final int length) {
        if (length == 0) {
            finding.set(ResultCode.EMPTY_BODY, 0);
        } else if (!Text.isUtf8(buffer, offset, length) || !Text.isXml(buffer, offset, length)) {
            finding.set(ResultCode.INVALID_CHARACTERS, 0);
        }
    }

    private void inspectGroup(final boolean isFifo) {
        final int length = ids.groupIdLength();
        if (length == 0) {
            if (isFifo) {
                finding.set(ResultCode.GROUP_ID_REQUIRED, 0);
            }
        } else {
            inspectId(ids.groupIdOffset(), length, LimitId.GROUP_ID_BYTES);
        }
    }

    private void inspectDeduplication(final boolean isFifo, final boolean hasContentDeduplication) {
        final int length = ids.deduplicationIdLength();
        if (!isFifo) {
            if (length > 0) {
                finding.set(ResultCode.NOT_FOR_QUEUE_TYPE, 0);
            }
        } else if (length > 0) {
            inspectId(ids.deduplicationIdOffset(), length, LimitId.DEDUPLICATION_ID_BYTES);
        } else if (!hasContentDeduplication) {
            finding.set(ResultCode.DEDUPLICATION_ID_REQUIRED, 0);
        }
    }

    private void inspectId(final int offset, final int length, final LimitId limitId) {
        if (length > state.limit(limitId)) {
            finding.exceed(limitId, state.limit(limitId), length);
        } else if (!Text.isId(ids.buffer(), offset, length)) {
            finding.set(ResultCode.INVALID_ARGUMENT, 0);
        }
    }

    /** Whether what was found refuses a command whose entries stand for themselves (S4). */
    boolean concernsCommand(final boolean isFifo) {
        return isFifo
                && switch (finding.code()) {
                    case NOT_FOR_QUEUE_TYPE, GROUP_ID_REQUIRED, DEDUPLICATION_ID_REQUIRED -> true;
                    default -> false;
                };
    }

    Finding finding() {
        return finding;
    }

    int payloadLength() {
        return payloads.payloadLength();
    }

    /** Accounted bytes of the copy of its group id that the message's lane may have to keep. */
    int laneBytes() {
        final int length = ids.groupIdLength();
        return length == 0 ? 0 : Payloads.accountedLength(length);
    }

    long accountedBytes() {
        return payloads.accountedBytes() + bodiesBytes;
    }
}
