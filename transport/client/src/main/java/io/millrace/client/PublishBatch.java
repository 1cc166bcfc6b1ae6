package io.millrace.client;

import org.agrona.DirectBuffer;

/**
 * Messages for one topic that are published in one frame, all or none. Made once with {@link TopicPublisher#newBatch()} and used
 * again and again; it allocates nothing.
 *
 * <pre>{@code
 * batch.begin(topicId);
 * batch.add(buffer, 0, 100);
 * batch.startMessage(options.subject("a trade"));
 * batch.putString("symbol", "BTCUSD");
 * batch.putNumber("venue", 7);
 * batch.endMessage(buffer, 100, 50);
 * long correlationId = batch.send();
 * }</pre>
 *
 * <p>A batch holds what fits one frame (64 KiB unless the server says otherwise); adding more returns false and changes
 * nothing. One single message may be larger, up to the largest message of the server, and then leaves in parts.
 */
public final class PublishBatch extends MessageBatch<PublishBatch, PublishOptions> {
    private final TopicPublisher publisher;

    PublishBatch(final TopicPublisher publisher, final FrameWriter writer) {
        super(writer, Wire.PUBLISH_ENTRIES_OFFSET, true, PublishOptions::new);
        this.publisher = publisher;
    }

    @Override
    PublishBatch self() {
        return this;
    }

    @Override
    long send(
            final long topicId,
            final byte flags,
            final DirectBuffer entries,
            final int length,
            final int count,
            final PublishOptions first) {
        return publisher.publishEntries(topicId, flags, entries, 0, length, count);
    }
}
