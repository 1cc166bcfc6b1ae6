package io.millrace.client;

import io.millrace.codecs.StreamSettingsEncoder;

/**
 * What a new stream is to be like, or what is to change of a stream. What is not set is the server's default for a new stream, and
 * stays as it is for an existing one.
 */
public final class StreamSettings {
    private final String name;
    private long retentionNs = StreamSettingsEncoder.retentionNsNullValue();
    private long maxRecordBytes = StreamSettingsEncoder.maxRecordBytesNullValue();

    private StreamSettings(final String name) {
        this.name = name;
    }

    /**
     * @param name of the stream: UTF-8, at most 256 bytes
     * @return settings with the server's defaults
     */
    public static StreamSettings named(final String name) {
        return new StreamSettings(name);
    }

    /** @return changes of no setting yet, for {@link Streams#set}. */
    public static StreamSettings changes() {
        return new StreamSettings("");
    }

    /**
     * @param value how long records are kept, nanoseconds; default 24 hours. A shorter one puts older records out of reach at once, a
     *     longer one does not bring them back
     * @return this
     */
    public StreamSettings retentionNs(final long value) {
        retentionNs = value;
        return this;
    }

    /**
     * @param value largest record in bytes, partition key included; default 1 MiB
     * @return this
     * @throws IllegalArgumentException if the value is not from 0 to 4,294,967,294
     */
    public StreamSettings maxRecordBytes(final long value) {
        if (value < 0 || value >= StreamSettingsEncoder.maxRecordBytesNullValue()) {
            throw new IllegalArgumentException("maxRecordBytes must be from 0 to 4294967294, not " + value + ".");
        }
        maxRecordBytes = value;
        return this;
    }

    String name() {
        return name;
    }

    void encode(final StreamSettingsEncoder encoder) {
        encoder.retentionNs(retentionNs).maxRecordBytes(maxRecordBytes).reserved(0);
    }
}
