package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.PublishMessagesDecoder;
import io.millrace.codecs.PublishMessagesDecoder.MessagesDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.TopicTables.Topic;
import org.agrona.DirectBuffer;

/**
 * Takes the messages of PublishMessages: first all entries are inspected, then those that are right are handed to the fan-out. An
 * entry is a {@link PublishedEntry}. Publishing is over when the entries are stored; deliveries follow (N12).
 */
final class Publishing {
    private final State state;
    private final TopicState topics;
    private final FanOut fanOut;
    private final Messages messages;
    private final Deduplications deduplications;
    private final EntryInspector inspector;
    private final Renditions renditions;
    private final Audience audience;
    private final Archives archives;
    private final Blobs blobs;
    private final PublishedEntry entry = new PublishedEntry();
    private final Rendition forQueues = new Rendition();
    private final Rendition forSessions = new Rendition();
    private final Rendition forStreams = new Rendition();
    private final PayloadIds ids = new PayloadIds();
    private int[] accountedBytes = {};

    /** Whether the bodies of the present command refer to blobs. */
    private boolean isClaim;

    /** Whether they are text. */
    private boolean isText;

    Publishing(
            final State state,
            final FanOut fanOut,
            final Audience audience,
            final Archives archives,
            final Renditions renditions,
            final Messages messages,
            final Deduplications deduplications,
            final Blobs blobs) {
        this.state = state;
        this.blobs = blobs;
        this.topics = state.topics;
        this.fanOut = fanOut;
        this.audience = audience;
        this.archives = archives;
        this.messages = messages;
        this.deduplications = deduplications;
        this.inspector = new EntryInspector(state);
        this.renditions = renditions;
    }

    /** Makes room for the largest batch; called when limits change, not on the hot path. */
    void capacity(final int batchEntries) {
        accountedBytes = new int[batchEntries];
        audience.capacity(batchEntries);
    }

    void publish(final Request request, final PublishMessagesDecoder command) {
        final int topic = request.topic(command.topicId(), Access.SEND);
        if (topic < 0) {
            return;
        }
        final DirectBuffer buffer = command.buffer();
        final int first = command.limit() + MessagesDecoder.HEADER_SIZE;
        final int count = command.messages().count();
        final boolean standsForItself = command.flags().eachEntry();
        isClaim = command.flags().claim();
        isText = command.flags().text();
        if (count == 0) {
            request.refuse(ResultCode.EMPTY_BATCH);
        } else if (isClaim && topics.archiveOf(topic) >= 0) {
            request.refuse(ResultCode.CLAIM_NOT_ARCHIVED);
        } else if (count > state.limit(LimitId.BATCH_ENTRIES)) {
            request.refuseLimit(LimitId.BATCH_ENTRIES, state.limit(LimitId.BATCH_ENTRIES), count);
        } else {
            publish(request, topic, buffer, first, count, standsForItself);
        }
    }

    /** Publishes one entry that stands in a buffer by itself. */
    void publish(
            final Request request,
            final int topic,
            final DirectBuffer buffer,
            final int offset,
            final boolean hasText) {
        isClaim = false;
        isText = hasText;
        publish(request, topic, buffer, offset, 1, false);
    }

    private void publish(
            final Request request,
            final int topic,
            final DirectBuffer buffer,
            final int first,
            final int count,
            final boolean standsForItself) {
        if (inspect(request, topic, buffer, first, count, standsForItself)) {
            accept(topic, request.sendOutcomes(), buffer, first, count);
            if (standsForItself || topics.isFifo(topic)) {
                request.answerSend();
            } else {
                request.confirm(request.sendOutcomes().messageId(0), count);
            }
            fanOut.work();
        }
    }

    private boolean inspect(
            final Request request,
            final int topic,
            final DirectBuffer buffer,
            final int first,
            final int count,
            final boolean standsForItself) {
        final SendOutcomes outcomes = request.sendOutcomes();
        outcomes.begin(count);
        long stored = 0;
        long accounted = 0;
        long receivers = 0;
        int position = first;
        for (int i = 0; i < count; i++) {
            entry.wrap(buffer, position);
            if (inspector.inspectPublished(topic, isText, entry)
                    && (!isClaim || inspector.inspectClaim(blobs, entry.hasBodies()))) {
                outcomes.accept(i);
                audience.find(i, topic, entry);
                receivers += receivers(topic, i);
                stored += storedBytes(topic, i);
            } else if (standsForItself && !inspector.concernsCommand(topics.isFifo(topic))) {
                outcomes.fail(i, inspector.finding());
                audience.findNone(i);
            } else {
                inspector.finding().refuse(request, i);
                return false;
            }
            accountedBytes[i] = (int) inspector.accountedBytes();
            accounted += inspector.accountedBytes();
            position = entry.end();
        }
        if (accounted > state.limit(LimitId.BATCH_BYTES)) {
            request.refuseLimit(LimitId.BATCH_BYTES, state.limit(LimitId.BATCH_BYTES), accounted);
            return false;
        }
        return messages.hasRoom(request, receivers, stored);
    }

    /** The most that an entry takes in the arena, however many subscriptions it goes to. */
    private long storedBytes(final int topic, final int index) {
        final int length = entry.payloadLength() + entry.subjectLength();
        final boolean isEnveloped = needsEnvelope(topic, index);
        long bytes = audience.listBytes(index) + (long) inspector.laneBytes() * receivers(topic, index);
        if (!entry.hasBodies()) {
            return bytes + renditions.bytes(topic, length, isEnveloped);
        }
        bytes += renditions.bytes(topic, Rendition.mostLength(length, entry.queueBodyLength()), isEnveloped);
        if (entry.isSplit()) {
            bytes += renditions.bytes(topic, Rendition.mostLength(length, entry.sessionBodyLength()), isEnveloped);
        }
        if (hasOwnForStreams(topic)) {
            bytes += renditions.bytes(topic, Rendition.mostLength(length, entry.streamBodyLength()), isEnveloped);
        }
        return bytes;
    }

    /** Whether streams get something else of the entry than queues, and there are some. */
    private boolean hasOwnForStreams(final int topic) {
        return entry.isSplitForStreams() && topics.hasStreams(topic);
    }

    /** What is in a blob cannot be shown in an envelope. */
    private boolean needsEnvelope(final int topic, final int index) {
        return !isClaim
                && (topics.topics.getInt(topic, Topic.ENVELOPE_COUNT) > 0 || audience.envelopedCount(index) > 0);
    }

    /** The subscriptions that an entry goes to. */
    private int receivers(final int topic, final int index) {
        return topics.topics.getInt(topic, Topic.UNFILTERED_COUNT) + audience.count(index);
    }

    private void accept(
            final int topic, final SendOutcomes outcomes, final DirectBuffer buffer, final int first, final int count) {
        renditions.publishedAt(state.nowNs, false);
        int position = first;
        for (int i = 0; i < count; i++) {
            entry.wrap(buffer, position);
            if (outcomes.isAccepted(i)) {
                render(topic, accountedBytes[i]);
                acceptUnlessDuplicate(topic, outcomes, i);
            }
            position = entry.end();
        }
        topics.topics.seal(topic);
        if (isClaim) {
            forgetBlobs(outcomes, buffer, first, count);
        }
    }

    /** The blobs of what goes to nobody go, when no other message of the batch can refer to them any more. */
    private void forgetBlobs(final SendOutcomes outcomes, final DirectBuffer buffer, final int first, final int count) {
        int position = first;
        for (int i = 0; i < count; i++) {
            entry.wrap(buffer, position);
            if (outcomes.isStored(i)) {
                ids.wrap(entry.buffer(), entry.payload());
                blobs.forgetUnused(ids);
            }
            position = entry.end();
        }
    }

    private void render(final int topic, final int bytes) {
        final boolean isFifo = topics.isFifo(topic);
        if (entry.hasBodies()) {
            forQueues.make(entry, isFifo, entry.queueBody(), entry.queueBodyLength());
        } else {
            forQueues.take(entry, bytes);
        }
        if (entry.isSplit()) {
            forSessions.make(entry, isFifo, entry.sessionBody(), entry.sessionBodyLength());
        }
        if (hasOwnForStreams(topic)) {
            forStreams.make(entry, isFifo, entry.streamBody(), entry.streamBodyLength());
        }
    }

    private void acceptUnlessDuplicate(final int topic, final SendOutcomes outcomes, final int index) {
        final boolean isFifo = topics.isFifo(topic);
        if (isFifo) {
            ids.wrap(forQueues.buffer(), forQueues.offset());
            final int original = deduplications.findInTopic(topic, ids);
            if (original >= 0) {
                outcomes.duplicate(index, deduplications.messageId(original), deduplications.sequence(original));
                state.counters.duplicates++;
                return;
            }
        }
        final long messageId = state.next(Root.NEXT_MESSAGE_ID);
        final long sequence = topics.topics.getLong(topic, Topic.NEXT_SEQUENCE);
        topics.topics.putLong(topic, Topic.NEXT_SEQUENCE, sequence + 1);
        topics.topics.putLong(topic, Topic.PUBLISHED_COUNT, topics.topics.getLong(topic, Topic.PUBLISHED_COUNT) + 1);
        if (isFifo) {
            deduplications.trackInTopic(topic, messageId, sequence);
        }
        outcomes.stored(index, messageId, sequence);
        state.counters.publishes++;
        archives.append(topic, entry, messageId, sequence, accountedBytes[index], isText);
        final int receivers = receivers(topic, index);
        state.counters.filtered += topics.liveCount(topic) - receivers;
        if (receivers > 0) {
            final boolean isEnvelopeWanted = needsEnvelope(topic, index);
            renditions.store(topic, messageId, sequence, forQueues, entry, isEnvelopeWanted);
            if (entry.isSplit()) {
                renditions.store(topic, messageId, sequence, forSessions, entry, isEnvelopeWanted);
            }
            if (hasOwnForStreams(topic)) {
                renditions.store(topic, messageId, sequence, forStreams, entry, isEnvelopeWanted);
            }
            if (isClaim) {
                ids.wrap(entry.buffer(), entry.payload());
                blobs.attach(forQueues.payload, ids);
            }
            fanOut.add(
                    topic,
                    messageId,
                    forQueues,
                    entry.isSplit() ? forSessions : forQueues,
                    hasOwnForStreams(topic) ? forStreams : forQueues,
                    index);
        }
    }
}
