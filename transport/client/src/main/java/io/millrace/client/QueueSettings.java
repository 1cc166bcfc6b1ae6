package io.millrace.client;

import io.millrace.codecs.CreateQueueEncoder;

/**
 * What a new queue is to be like. Everything but the name has the server's default until it is set.
 */
public final class QueueSettings {
    private final String name;
    private long visibilityTimeoutNs = CreateQueueEncoder.visibilityTimeoutNsNullValue();
    private long delayNs = CreateQueueEncoder.delayNsNullValue();
    private long receiveWaitNs = CreateQueueEncoder.receiveWaitNsNullValue();
    private long maxMessageBytes = CreateQueueEncoder.maxMessageBytesNullValue();

    private QueueSettings(final String name) {
        this.name = name;
    }

    /**
     * @param name of the queue: UTF-8, at most 256 bytes
     * @return settings with the server's defaults
     */
    public static QueueSettings named(final String name) {
        return new QueueSettings(name);
    }

    /** @param value how long a delivery stays in flight, nanoseconds; default 30 s. @return this */
    public QueueSettings visibilityTimeoutNs(final long value) {
        visibilityTimeoutNs = value;
        return this;
    }

    /** @param value how long a new message waits before it can be delivered, nanoseconds; default 0. @return this */
    public QueueSettings delayNs(final long value) {
        delayNs = value;
        return this;
    }

    /** @param value how long a receive waits for a first message, nanoseconds; default 0. @return this */
    public QueueSettings receiveWaitNs(final long value) {
        receiveWaitNs = value;
        return this;
    }

    /** @param value largest payload of a message, bytes; default the server's limit. @return this */
    public QueueSettings maxMessageBytes(final long value) {
        maxMessageBytes = value;
        return this;
    }

    String name() {
        return name;
    }

    long visibilityTimeoutNs() {
        return visibilityTimeoutNs;
    }

    long delayNs() {
        return delayNs;
    }

    long receiveWaitNs() {
        return receiveWaitNs;
    }

    long maxMessageBytes() {
        return maxMessageBytes;
    }
}
