package io.millrace.client;

import io.millrace.codecs.IteratorIssuedDecoder;
import io.millrace.codecs.ShardListDecoder;
import io.millrace.codecs.StreamDescriptionDecoder;
import io.millrace.codecs.StreamListDecoder;
import java.util.ArrayList;
import java.util.List;

/** Decodes what the server says of streams. */
final class StreamAdapter extends AnswerDecoder {
    private final EgressEvents events;

    StreamAdapter(final EgressEvents events) {
        this.events = events;
    }

    /** @return whether this is what the template is about */
    static boolean knows(final int templateId) {
        switch (templateId) {
            case StreamDescriptionDecoder.TEMPLATE_ID:
            case StreamListDecoder.TEMPLATE_ID:
            case ShardListDecoder.TEMPLATE_ID:
            case IteratorIssuedDecoder.TEMPLATE_ID:
                return true;
            default:
                return false;
        }
    }

    /** @return false if the message, which {@link #wrap} was told of, is malformed. */
    boolean onMessage(final int templateId) {
        switch (templateId) {
            case StreamDescriptionDecoder.TEMPLATE_ID:
                return onStream();
            case StreamListDecoder.TEMPLATE_ID:
                return onStreams();
            case ShardListDecoder.TEMPLATE_ID:
                return onShards();
            case IteratorIssuedDecoder.TEMPLATE_ID:
                return onIterator();
            default:
                throw new IllegalArgumentException("Template " + templateId + " is not about streams.");
        }
    }

    private boolean onStream() {
        if (blockLength < StreamDescriptionDecoder.BLOCK_LENGTH || skipText(block + blockLength) < 0) {
            return false;
        }
        final StreamDescriptionDecoder decoder =
                new StreamDescriptionDecoder().wrap(buffer, block, blockLength, version);
        events.onQueryAnswer(decoder.correlationId(), StreamInfo.of(decoder));
        return true;
    }

    private boolean onStreams() {
        if (groupEnd(StreamListDecoder.BLOCK_LENGTH, StreamListDecoder.StreamsDecoder.sbeBlockLength(), 1) < 0) {
            return false;
        }
        final StreamListDecoder decoder = new StreamListDecoder().wrap(buffer, block, blockLength, version);
        final List<StreamName> names = new ArrayList<>();
        for (final StreamListDecoder.StreamsDecoder stream : decoder.streams()) {
            names.add(new StreamName(stream.streamId(), stream.name()));
        }
        events.onQueryAnswer(decoder.correlationId(), new Answers.StreamPage(names, decoder.nextAfterStreamId()));
        return true;
    }

    private boolean onShards() {
        if (groupEnd(ShardListDecoder.BLOCK_LENGTH, ShardListDecoder.ShardsDecoder.sbeBlockLength(), 0) < 0) {
            return false;
        }
        final ShardListDecoder decoder = new ShardListDecoder().wrap(buffer, block, blockLength, version);
        final List<ShardInfo> shards = new ArrayList<>();
        for (final ShardListDecoder.ShardsDecoder shard : decoder.shards()) {
            shards.add(ShardInfo.of(shard));
        }
        events.onQueryAnswer(
                decoder.correlationId(),
                new Answers.ShardPage(shards, decoder.nextAfterShardId(), decoder.tokenTimeNs()));
        return true;
    }

    private boolean onIterator() {
        if (blockLength < IteratorIssuedDecoder.BLOCK_LENGTH) {
            return false;
        }
        final IteratorIssuedDecoder decoder = new IteratorIssuedDecoder().wrap(buffer, block, blockLength, version);
        events.onQueryAnswer(decoder.correlationId(), ShardIterator.of(decoder.iterator()));
        return true;
    }
}
