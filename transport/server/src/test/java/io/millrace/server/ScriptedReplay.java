package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReplayMessagesDecoder;
import io.millrace.codecs.ReplayPartDecoder;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the kernel does with the records of one replay, with a subscriber who has no room now and then. Each message has the number of its
 * record in the archive in front and a pattern behind that follows from it.
 */
final class ScriptedReplay {

    private static final int ONE_IN = 500;

    /** From this number on no message is longer than a frame. */
    static final int LAST_LARGE = 4_500;

    final long id;
    private final Random random;
    private final ReplayMessagesDecoder messages = new ReplayMessagesDecoder();
    private final ReplayPartDecoder part = new ReplayPartDecoder();
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[1 << 20]);
    private final UnsafeBuffer assembled = new UnsafeBuffer(new byte[1 << 20]);
    private int assembledLength;
    long reached;
    boolean isOver;

    /** The next message that finds no room; 0: some do, by chance. */
    long refusedNext;

    /** Times that something was not taken for want of room, and messages that came in parts. */
    int refusals;

    int inParts;

    ScriptedReplay(final long id, final long reached, final long seed) {
        this.id = id;
        this.reached = reached;
        random = new Random(seed);
    }

    /** {@return bytes of a message: some are longer than a frame} */
    static int length(final long sequence) {
        return sequence % 400 == 0 && sequence < LAST_LARGE ? 150_000 : Long.BYTES + (int) (sequence * 31 % 300);
    }

    static void fill(final UnsafeBuffer buffer, final long sequence) {
        buffer.setMemory(0, length(sequence), (byte) (sequence * 7));
        buffer.putLong(0, sequence);
    }

    /** Takes a record if it is for this replay. */
    boolean take(final DirectBuffer buffer, final int templateId) {
        final int body = MessageHeaderDecoder.ENCODED_LENGTH;
        if (isOver || buffer.getLong(body) != id) {
            return false;
        }
        if (templateId == ReplayMessagesDecoder.TEMPLATE_ID) {
            messages.wrap(buffer, body, ReplayMessagesDecoder.BLOCK_LENGTH, ReplayMessagesDecoder.SCHEMA_VERSION);
            takeMessages();
        } else {
            part.wrap(buffer, body, ReplayPartDecoder.BLOCK_LENGTH, ReplayPartDecoder.SCHEMA_VERSION);
            takePart();
        }
        return true;
    }

    private void takeMessages() {
        boolean hasRoom = messages.afterSequenceNumber() <= reached;
        for (final ReplayMessagesDecoder.MessagesDecoder message : messages.messages()) {
            final long sequence = message.sequenceNumber();
            final int length = message.recordLength();
            message.getRecord(record, 0, length);
            if (sequence > reached && hasRoom) {
                hasRoom = deliver(sequence, record, length);
            }
        }
    }

    private void takePart() {
        final long sequence = part.sequenceNumber();
        if (part.partOffset() == 0) {
            assembledLength = 0;
        }
        if (part.afterSequenceNumber() > reached || sequence <= reached || part.partOffset() != assembledLength) {
            return;
        }
        final int length = part.partLength();
        part.getPart(assembled, assembledLength, length);
        assembledLength += length;
        if (assembledLength == part.recordLength() && deliver(sequence, assembled, assembledLength)) {
            inParts++;
        }
    }

    private boolean deliver(final long sequence, final UnsafeBuffer buffer, final int length) {
        if (refusedNext == 0 ? random.nextInt(ONE_IN) == 0 : sequence == refusedNext) {
            refusals++;
            refusedNext = 0;
            return false;
        }
        assertEquals(reached + 1, sequence, "a message was left out");
        assertEquals(length(sequence), length);
        assertEquals(sequence, buffer.getLong(0));
        for (int i = Long.BYTES; i < length; i++) {
            if (buffer.getByte(i) != (byte) (sequence * 7)) {
                throw new AssertionError("byte " + i + " of message " + sequence + " is another message's");
            }
        }
        reached = sequence;
        return true;
    }

    /** What is published behind the replay. */
    void publish(final long sequence) {
        if (isOver) {
            assertEquals(reached + 1, sequence, "a message was left out, or came twice");
            reached = sequence;
        }
    }
}
