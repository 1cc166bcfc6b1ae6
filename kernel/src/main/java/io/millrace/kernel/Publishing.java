package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.PublishMessagesDecoder;
import io.millrace.codecs.PublishMessagesDecoder.MessagesDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.Payloads;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Takes the messages of PublishMessages: first all entries are inspected, then those that are right are handed to the fan-out. An
 * entry is a payload and behind it the subject. Publishing is over when the entries are stored; deliveries follow (N12).
 */
final class Publishing {
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    /** What an envelope adds to its texts, each byte of which may take {@link #MOST_ESCAPED_BYTES}. */
    static final int ENVELOPE_FRAME = 1024;

    static final int MOST_ESCAPED_BYTES = 6;

    private final State state;
    private final TopicState topics;
    private final FanOut fanOut;
    private final Messages messages;
    private final Deduplications deduplications;
    private final EntryInspector inspector;
    private final Envelope envelope;
    private final Audience audience;
    private final PayloadIds ids = new PayloadIds();
    private int[] accountedBytes = {};

    Publishing(
            final State state,
            final FanOut fanOut,
            final Audience audience,
            final Messages messages,
            final Deduplications deduplications) {
        this.state = state;
        this.topics = state.topics;
        this.fanOut = fanOut;
        this.audience = audience;
        this.messages = messages;
        this.deduplications = deduplications;
        this.inspector = new EntryInspector(state);
        this.envelope = new Envelope(state);
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
        if (count == 0) {
            request.refuse(ResultCode.EMPTY_BATCH);
        } else if (count > state.limit(LimitId.BATCH_ENTRIES)) {
            request.refuseLimit(LimitId.BATCH_ENTRIES, state.limit(LimitId.BATCH_ENTRIES), count);
        } else if (inspect(request, topic, buffer, first, count, command.flags().text(), standsForItself)) {
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
            final boolean isText,
            final boolean standsForItself) {
        final SendOutcomes outcomes = request.sendOutcomes();
        outcomes.begin(count);
        long stored = 0;
        long accounted = 0;
        long receivers = 0;
        int position = first;
        for (int i = 0; i < count; i++) {
            final int subject = position + FrameValidator.payloadLength(buffer, position);
            inspector.inspectPublished(topic, isText, buffer, position);
            final int subjectLength = textLength(buffer, subject);
            if (inspector.inspectSubject(buffer, subject + TEXT_LENGTH_SIZE, subjectLength)) {
                outcomes.accept(i);
                audience.find(i, topic, buffer, position);
                receivers += receivers(topic, i);
                stored += storedBytes(topic, i, inspector.payloadLength() + subjectLength);
            } else if (standsForItself && !inspector.concernsCommand(topics.isFifo(topic))) {
                outcomes.fail(i, inspector.finding());
                audience.findNone(i);
            } else {
                inspector.finding().refuse(request, i);
                return false;
            }
            accountedBytes[i] = (int) inspector.accountedBytes();
            accounted += inspector.accountedBytes();
            position = subject + TEXT_LENGTH_SIZE + subjectLength;
        }
        if (accounted > state.limit(LimitId.BATCH_BYTES)) {
            request.refuseLimit(LimitId.BATCH_BYTES, state.limit(LimitId.BATCH_BYTES), accounted);
            return false;
        }
        return messages.hasRoom(request, receivers, stored);
    }

    /** The most that a message takes in the arena, however many subscriptions it goes to. */
    private long storedBytes(final int topic, final int index, final int length) {
        final int nameLength = state.payloads.length(topics.topics.getInt(topic, Topic.NAME_PAYLOAD));
        final long enveloped =
                needsEnvelope(topic, index) ? ENVELOPE_FRAME + (long) MOST_ESCAPED_BYTES * (length + nameLength) : 0;
        return Payloads.accountedLength(length)
                + enveloped
                + audience.listBytes(index)
                + (long) inspector.laneBytes() * receivers(topic, index);
    }

    private boolean needsEnvelope(final int topic, final int index) {
        return topics.topics.getInt(topic, Topic.ENVELOPE_COUNT) > 0 || audience.envelopedCount(index) > 0;
    }

    /** The subscriptions that an entry goes to. */
    private int receivers(final int topic, final int index) {
        return topics.topics.getInt(topic, Topic.UNFILTERED_COUNT) + audience.count(index);
    }

    private void accept(
            final int topic, final SendOutcomes outcomes, final DirectBuffer buffer, final int first, final int count) {
        int position = first;
        for (int i = 0; i < count; i++) {
            final int length = FrameValidator.payloadLength(buffer, position);
            final int subject = position + length + TEXT_LENGTH_SIZE;
            final int subjectLength = textLength(buffer, position + length);
            if (outcomes.isAccepted(i)) {
                acceptUnlessDuplicate(topic, outcomes, i, buffer, position, length, subject, subjectLength);
            }
            position = subject + subjectLength;
        }
        topics.topics.seal(topic);
    }

    private void acceptUnlessDuplicate(
            final int topic,
            final SendOutcomes outcomes,
            final int index,
            final DirectBuffer buffer,
            final int offset,
            final int length,
            final int subject,
            final int subjectLength) {
        final boolean isFifo = topics.isFifo(topic);
        if (isFifo) {
            ids.wrap(buffer, offset);
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
        final int receivers = receivers(topic, index);
        state.counters.filtered += topics.topics.getInt(topic, Topic.SUBSCRIPTION_COUNT) - receivers;
        if (receivers > 0) {
            final int payload = state.payloads.store(buffer, offset, length);
            final boolean isEnvelopeWanted = needsEnvelope(topic, index);
            final boolean isEnveloped = isEnvelopeWanted
                    && envelope.make(topic, messageId, sequence, buffer, offset, subject, subjectLength);
            fanOut.add(
                    topic,
                    payload,
                    accountedBytes[index],
                    isEnveloped ? envelope.store() : -1,
                    isEnveloped ? envelope.bodyLength() : isEnvelopeWanted ? -1 : FanOut.NOT_WANTED,
                    index);
        }
    }

    private static int textLength(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
