package io.millrace.client;

import io.aeron.logbuffer.BufferClaim;
import java.nio.ByteBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Gives each request its place to be encoded in, its header and its correlation id, and sends it.
 *
 * <p>A protected command is encoded in the resend ring and offered from there. Any other goes straight into a claim of
 * the publication if it fits one fragment, else through a scratch buffer. Between {@link #begin} and {@link #end} nothing
 * may throw: what the caller was given is checked before.
 */
final class FrameWriter {
    /** A request that changes nothing and is not journaled: no producer in its header. */
    static final int QUERY = 0;
    /** A command that never has producer protection. */
    static final int PLAIN = 1;
    /** A command with producer protection, if the client has a producer. */
    static final int MUTATING = 2;

    private static final int IN_CLAIM = 0;
    private static final int IN_SCRATCH = 1;
    private static final int IN_RING = 2;

    private final IngressPublisher publisher;
    private final Producer producer;
    private final LargeTransfer transfer;
    private final BufferClaim claim = new BufferClaim();
    private UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(64 * 1024));
    private long gate = MillraceClient.NOT_CONNECTED;
    private long sessionId;
    private int maxFrameLength;
    private int maxMessageLength;
    private long nextCorrelationId = 1;

    private MutableDirectBuffer buffer;
    private int offset;
    private int length;
    private int place;
    private long correlationId;

    FrameWriter(final IngressPublisher publisher, final Producer producer, final LargeTransfer transfer) {
        this.publisher = publisher;
        this.producer = producer;
        this.transfer = transfer;
    }

    /** Takes the terms of a new session. */
    void onSession(final long newSessionId, final int newMaxFrameLength, final int newMaxMessageLength) {
        sessionId = newSessionId;
        maxFrameLength = Math.min(newMaxFrameLength, publisher.maxFrameLength());
        maxMessageLength = newMaxMessageLength;
        if (scratch.capacity() < maxFrameLength) {
            scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(maxFrameLength));
        }
        transfer.onSession(maxFrameLength);
    }

    void open() {
        gate = 0;
    }

    void shut(final long code) {
        gate = code;
    }

    /** @return 0 if requests are accepted, else the code that they get. */
    long gate() {
        return gate;
    }

    long sessionId() {
        return sessionId;
    }

    int maxFrameLength() {
        return maxFrameLength;
    }

    int maxMessageLength() {
        return maxMessageLength;
    }

    /** @return longest command that can be sent in parts, behind what begins it. */
    int maxLargeLength() {
        return producer.ring().capacity() - LargeTransfer.PAYLOAD_OFFSET;
    }

    long lastCorrelationId() {
        return nextCorrelationId - 1;
    }

    long takeCorrelationId() {
        return nextCorrelationId++;
    }

    boolean isTransferActive() {
        return transfer.isActive();
    }

    /** The session is gone, and with it what was sent of a large payload. */
    void resetTransfer() {
        transfer.reset();
    }

    /** @return 0 if a mutating command would be taken now, as far as can be known without its length. */
    long mutatingGate() {
        if (gate != 0) {
            return gate;
        }
        return transfer.isActive() || producer.isEnabled() && !producer.isOpen() ? MillraceClient.BACK_PRESSURED : 0;
    }

    /**
     * Begins a request of the application: finds a place for its bytes and writes its header.
     *
     * @return 0, or a negative code.
     */
    long begin(final int templateId, final int blockLength, final int frameLength, final int kind) {
        final long refusal = kind == MUTATING ? mutatingGate() : gate;
        return refusal != 0 ? refusal : begin(templateId, blockLength, frameLength, kind, nextCorrelationId);
    }

    /** Begins a request that may pass before the application's may, under a given correlation id. */
    long begin(
            final int templateId,
            final int blockLength,
            final int frameLength,
            final int kind,
            final long requestCorrelationId) {
        if (frameLength > maxFrameLength) {
            return MillraceClient.TOO_LARGE;
        }
        final boolean isProtected = kind == MUTATING && producer.isEnabled();
        final long refusal = isProtected ? placeInRing(frameLength) : placeOutside(frameLength);
        if (refusal < 0) {
            return refusal;
        }
        length = frameLength;
        correlationId = requestCorrelationId;
        Wire.putHeader(buffer, offset, blockLength, templateId, frameLength);
        if (kind == QUERY) {
            putQueryHeader(buffer, offset, correlationId);
        } else {
            putCommandHeader(buffer, offset, correlationId, isProtected);
        }
        return 0;
    }

    /** Writes what follows a command's message header. */
    void putCommandHeader(
            final MutableDirectBuffer target,
            final int targetOffset,
            final long commandCorrelationId,
            final boolean isProtected) {
        putQueryHeader(target, targetOffset, commandCorrelationId);
        final long sequence = isProtected ? producer.nextSequence() : 0;
        target.putLong(targetOffset + Wire.PRODUCER_ID_OFFSET, isProtected ? producer.id() : 0, Wire.ORDER);
        target.putLong(targetOffset + Wire.PRODUCER_SEQUENCE_OFFSET, sequence, Wire.ORDER);
        target.putInt(targetOffset + Wire.PRODUCER_EPOCH_OFFSET, isProtected ? producer.epoch() : 0, Wire.ORDER);
        target.putInt(targetOffset + Wire.PRODUCER_EPOCH_OFFSET + 4, 0, Wire.ORDER);
    }

    private void putQueryHeader(
            final MutableDirectBuffer target, final int targetOffset, final long queryCorrelationId) {
        target.putLong(targetOffset + Wire.SESSION_ID_OFFSET, sessionId, Wire.ORDER);
        target.putLong(targetOffset + Wire.CORRELATION_ID_OFFSET, queryCorrelationId, Wire.ORDER);
    }

    MutableDirectBuffer buffer() {
        return buffer;
    }

    /** @return where the frame starts in the buffer. */
    int offset() {
        return offset;
    }

    /**
     * Sends what was encoded since {@link #begin}.
     *
     * @return its correlation id, or a negative code; then it is as if it had never begun.
     */
    long end() {
        long result = IngressPublisher.ACCEPTED;
        if (place == IN_CLAIM) {
            claim.commit();
        } else {
            result = publisher.offer(buffer, offset, length);
        }
        if (result < 0) {
            return result;
        }
        if (place == IN_RING) {
            producer.ring().add(correlationId, producer.nextSequence(), offset, length, false);
            producer.onSent();
        }
        if (correlationId == nextCorrelationId) {
            nextCorrelationId++;
        }
        return correlationId;
    }

    /**
     * Begins a command that is too large for a frame: finds a place for its record, as {@link LargeTransfer} describes it.
     *
     * @return the place in {@link #largeBuffer}, or a negative code
     */
    long beginLarge(final int recordLength) {
        final long refusal = mutatingGate();
        if (refusal != 0) {
            return refusal;
        }
        return producer.isEnabled() ? producer.ring().reserve(recordLength) : 0;
    }

    /** @return holds the place of a record that was begun. */
    MutableDirectBuffer largeBuffer(final int recordLength) {
        return producer.isEnabled() ? producer.ring().buffer() : transfer.ownBuffer(recordLength);
    }

    /** Sends the record that was written to its place, as far as there is room; polls send the rest. @return its correlation id */
    long endLarge(final MutableDirectBuffer record, final int place, final int recordLength) {
        final long correlationId = takeCorrelationId();
        putCommandHeader(record, place, correlationId, producer.isEnabled());
        if (producer.isEnabled()) {
            producer.ring().add(correlationId, producer.nextSequence(), place, recordLength, true);
            producer.onSent();
        }
        transfer.start(record, place, recordLength, correlationId);
        transfer.advance();
        return correlationId;
    }

    private long placeInRing(final int frameLength) {
        final long reserved = producer.ring().reserve(frameLength);
        if (reserved >= 0) {
            buffer = producer.ring().buffer();
            offset = (int) reserved;
            place = IN_RING;
        }
        return reserved;
    }

    private long placeOutside(final int frameLength) {
        if (frameLength > publisher.maxClaimLength()) {
            buffer = scratch;
            offset = 0;
            place = IN_SCRATCH;
            return 0;
        }
        final long result = publisher.claim(frameLength, claim);
        if (result > 0) {
            buffer = claim.buffer();
            offset = claim.offset();
            place = IN_CLAIM;
        }
        return result;
    }
}
