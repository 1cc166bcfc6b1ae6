package io.millrace.kernel;

import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.Payloads;

/** Stores what subscribers get of a message, published now or replayed, with the envelope around it that some of them get. */
final class Renditions {
    /** What an envelope adds to its texts, each byte of which may take {@link #MOST_ESCAPED_BYTES}. */
    static final int ENVELOPE_FRAME = 1024;

    static final int MOST_ESCAPED_BYTES = 6;

    private final State state;
    private final Envelope envelope;

    Renditions(final State state) {
        this.state = state;
        this.envelope = new Envelope(state);
    }

    /** The most that a payload of a length, which its subject counts in, takes in the arena. */
    long bytes(final int topic, final int length, final boolean isEnvelopeWanted) {
        final int nameLength = state.payloads.length(state.topics.topics.getInt(topic, Topic.NAME_PAYLOAD));
        final long enveloped =
                isEnvelopeWanted ? ENVELOPE_FRAME + (long) MOST_ESCAPED_BYTES * (length + nameLength) : 0;
        return Payloads.accountedLength(length) + enveloped;
    }

    /** What is stored next was published at a time: now, or it is replayed. */
    void publishedAt(final long timeNs, final boolean isReplayed) {
        envelope.publishedAt(timeNs, isReplayed);
    }

    void store(
            final int topic,
            final long messageId,
            final long sequence,
            final Rendition rendition,
            final PublishedEntry entry,
            final boolean isEnvelopeWanted) {
        final boolean isEnveloped = isEnvelopeWanted && envelope.make(topic, messageId, sequence, rendition, entry);
        rendition.payload = state.payloads.store(rendition.buffer(), rendition.offset(), rendition.length());
        rendition.envelope = isEnveloped ? envelope.store() : -1;
        rendition.envelopeBytes = isEnveloped ? envelope.bodyLength() : isEnvelopeWanted ? -1 : FanOut.NOT_WANTED;
    }
}
