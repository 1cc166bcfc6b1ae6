package io.millrace.kernel;

import io.millrace.kernel.memory.Payloads;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** What is delivered to many: its payload, looked at once, and shared by all messages that it becomes. */
final class Content {
    /** A message with more attributes cannot be delivered raw (N2: the limit of SQS). */
    private static final int MOST_RAW_ATTRIBUTES = 10;

    private static final int NUM_IN_GROUP = 2;

    /** References to a payload that are taken at once, for the messages that will share it. */
    private static final int REFERENCES = 64;

    final PayloadIds ids = new PayloadIds();

    /** -1: there is nothing to deliver. */
    int payload;

    int bytes;
    boolean canBeStored;
    boolean isGrouped;

    private final Payloads payloads;

    /** Taken, and not yet any message's. */
    private int references;

    Content(final Payloads payloads) {
        this.payloads = payloads;
    }

    void lookAt(final int newPayload, final int newBytes) {
        payload = newPayload;
        bytes = newBytes;
        canBeStored = false;
        if (payload >= 0) {
            final DirectBuffer buffer = payloads.buffer(payload);
            final int offset = payloads.offset(payload);
            final int attributes = buffer.getShort(offset + NUM_IN_GROUP, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
            ids.wrap(buffer, offset);
            isGrouped = ids.groupIdLength() != 0;
            canBeStored = attributes <= MOST_RAW_ATTRIBUTES;
        }
    }

    /** The payload, with a reference for one more message. */
    int take() {
        if (references == 0) {
            references = REFERENCES;
            payloads.addReferences(payload, REFERENCES);
        }
        references--;
        return payload;
    }

    /** Gives back the references that no message took. */
    void lookAway() {
        if (references != 0) {
            payloads.addReferences(payload, -references);
            references = 0;
        }
    }
}
