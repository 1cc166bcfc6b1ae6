package io.millrace.client;

import io.millrace.codecs.ReceiveEncoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How a receive is to be done. Made once and used again: a receive copies what it needs, and in steady state nothing here
 * allocates.
 */
public final class ReceiveOptions {
    private static final int MAX_TEXT_LENGTH = 0xFFFF;

    private long waitNs = MillraceClient.QUEUE_DEFAULT;
    private long visibilityNs = MillraceClient.QUEUE_DEFAULT;
    private UnsafeBuffer names = new UnsafeBuffer(new byte[64]);
    private int namesLength = Wire.GROUP_HEADER_LENGTH;
    private int nameCount;
    private CharSequence attemptId = "";

    /** Makes options with the queue's wait and visibility timeout, all attributes, and no attempt id. */
    public ReceiveOptions() {
        putCount();
    }

    /** @param value how long to wait for a first message, nanoseconds, or {@link MillraceClient#QUEUE_DEFAULT}. @return this */
    public ReceiveOptions waitNs(final long value) {
        waitNs = value;
        return this;
    }

    /** @param value how long the deliveries stay in flight, nanoseconds, or {@link MillraceClient#QUEUE_DEFAULT}. @return this */
    public ReceiveOptions visibilityNs(final long value) {
        visibilityNs = value;
        return this;
    }

    /**
     * Adds to the message attributes to deliver. Without a name all of them are delivered.
     *
     * @param name a name, a prefix followed by {@code .*}, or {@code All} or {@code .*} for all
     * @return this
     * @throws IllegalArgumentException if it is longer than 65,535 bytes, or there are more than 65,535 names
     */
    public ReceiveOptions attributeName(final CharSequence name) {
        final int length = checkedLength(name);
        if (nameCount == MAX_TEXT_LENGTH) {
            throw new IllegalArgumentException("There are already " + nameCount + " attribute names.");
        }
        final int end = namesLength + Wire.TEXT_HEADER_LENGTH + length;
        makeRoom(end);
        names.putShort(namesLength, (short) length, Wire.ORDER);
        Utf8.put(names, namesLength + Wire.TEXT_HEADER_LENGTH, name);
        namesLength = end;
        nameCount++;
        putCount();
        return this;
    }

    /** Forgets the attribute names: all attributes are delivered. @return this */
    public ReceiveOptions allAttributes() {
        namesLength = Wire.GROUP_HEADER_LENGTH;
        nameCount = 0;
        putCount();
        return this;
    }

    /**
     * @param value FIFO queues: a receive with the same id within the attempt window returns the same deliveries; empty: none
     * @return this
     * @throws IllegalArgumentException if it is longer than 65,535 bytes
     */
    public ReceiveOptions attemptId(final CharSequence value) {
        checkedLength(value);
        attemptId = value;
        return this;
    }

    long waitNs() {
        return waitNs;
    }

    long visibilityNs() {
        return visibilityNs;
    }

    /** @return the end of a Receive: the group of names and the attempt id; valid until the next change. */
    DirectBuffer tail() {
        final int length = Utf8.length(attemptId);
        makeRoom(namesLength + Wire.TEXT_HEADER_LENGTH + length);
        names.putShort(namesLength, (short) length, Wire.ORDER);
        Utf8.put(names, namesLength + Wire.TEXT_HEADER_LENGTH, attemptId);
        return names;
    }

    int tailLength() {
        return namesLength + Wire.TEXT_HEADER_LENGTH + Utf8.length(attemptId);
    }

    private void putCount() {
        Wire.putGroupHeader(names, 0, ReceiveEncoder.AttributeNamesEncoder.sbeBlockLength(), nameCount);
    }

    private void makeRoom(final int length) {
        if (length > names.capacity()) {
            final UnsafeBuffer larger = new UnsafeBuffer(new byte[Math.max(length, 2 * names.capacity())]);
            larger.putBytes(0, names, 0, namesLength);
            names = larger;
        }
    }

    private static int checkedLength(final CharSequence text) {
        final int length = Utf8.length(text);
        if (length > MAX_TEXT_LENGTH) {
            throw new IllegalArgumentException("A text of " + length + " bytes is longer than 65,535.");
        }
        return length;
    }
}
