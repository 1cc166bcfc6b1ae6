package io.millrace.client;

import io.millrace.codecs.SendMessagesEncoder;
import org.agrona.DirectBuffer;

/**
 * Messages for one queue that are sent in one frame and stored all or none. Made once with
 * {@link MillraceClient#newSendBatch()} and used again and again; it allocates nothing.
 *
 * <pre>{@code
 * batch.begin(queueId);
 * batch.add(buffer, 0, 100);
 * batch.startMessage(SendBatch.QUEUE_DELAY);
 * batch.putString("symbol", "BTCUSD");
 * batch.putNumber("venue", 7);
 * batch.endMessage(buffer, 100, 50);
 * long correlationId = batch.send();
 * }</pre>
 *
 * <p>A batch holds what fits one frame (64 KiB unless the server says otherwise); adding more returns false and changes
 * nothing. One single message may be larger, up to the largest message of the server, and then leaves in parts.
 */
public final class SendBatch extends MessageBatch<SendBatch, SendOptions> {
    /** Delay that stands for the queue's own. */
    public static final long QUEUE_DELAY = SendMessagesEncoder.MessagesEncoder.delayNsNullValue();

    private final Requests requests;
    private final FrameWriter writer;
    private final SendOptions delayed = new SendOptions();

    SendBatch(final Requests requests, final FrameWriter writer) {
        super(writer, Wire.SEND_ENTRIES_OFFSET, true, SendOptions::new);
        this.requests = requests;
        this.writer = writer;
    }

    @Override
    SendBatch self() {
        return this;
    }

    /**
     * Adds a message without attributes.
     *
     * @param buffer holds the body
     * @param offset where it starts
     * @param bodyLength its bytes
     * @param delayNs how long the message waits, nanoseconds, or {@link #QUEUE_DELAY}
     * @return false if it does not fit
     */
    public boolean add(final DirectBuffer buffer, final int offset, final int bodyLength, final long delayNs) {
        return add(buffer, offset, bodyLength, delayed.delayNs(delayNs));
    }

    /**
     * Starts a message: its attributes follow, then {@link #endMessage}. One that was started and not ended is dropped.
     *
     * @param delayNs how long the message waits, nanoseconds, or {@link #QUEUE_DELAY}
     * @return this
     */
    public SendBatch startMessage(final long delayNs) {
        return startMessage(delayed.delayNs(delayNs));
    }

    @Override
    long send(
            final long queueId,
            final byte flags,
            final DirectBuffer entries,
            final int length,
            final int count,
            final SendOptions first) {
        if (writer.gate() != 0 || Wire.SEND_ENTRIES_OFFSET + length <= writer.maxFrameLength()) {
            return requests.sendEntries(queueId, flags, entries, 0, length, count);
        }
        final int payload = Wire.SEND_BLOCK_LENGTH;
        return count > 1
                ? MillraceClient.TOO_LARGE
                : requests.sendPayload(queueId, flags, first, entries, payload, length - payload);
    }
}
