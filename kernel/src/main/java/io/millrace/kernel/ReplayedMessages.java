package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ReplayMessagesDecoder;
import io.millrace.codecs.ReplayPartDecoder;
import io.millrace.kernel.TopicTables.Replay;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.filter.FilterMatcher;
import io.millrace.kernel.filter.FilterMessage;
import io.millrace.kernel.memory.Payloads;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Brings archived messages to the subscriptions that they are replayed to, as they were published: through the filter policy, in the rendition
 * of the protocol, with the id, the number and the time that they had. What finds no room is left to come again.
 */
final class ReplayedMessages {
    private static final int DATA_LENGTH_SIZE = Integer.BYTES;
    private static final int ACCOUNTED_BYTES = 8;

    private final State state;
    private final TopicState topics;
    private final SlotTable rows;
    private final SlotTable subscriptions;
    private final Replays replays;
    private final Renditions renditions;
    private final Messages messages;
    private final FanOut fanOut;
    private final PublishedEntry entry = new PublishedEntry();
    private final PayloadIds ids = new PayloadIds();
    private final Rendition rendition = new Rendition();
    private final FilterMessage filtered = new FilterMessage();
    private final FilterMatcher matcher = new FilterMatcher();

    /** Where the body of the present message starts that is for the protocol of the subscription, if it has bodies for protocols. */
    private int body;

    private int bodyLength;

    ReplayedMessages(
            final State state,
            final Replays replays,
            final Renditions renditions,
            final Messages messages,
            final FanOut fanOut) {
        this.state = state;
        this.topics = state.topics;
        this.rows = state.topics.replays;
        this.subscriptions = state.topics.subscriptions;
        this.replays = replays;
        this.renditions = renditions;
        this.messages = messages;
        this.fanOut = fanOut;
    }

    void onMessages(final ReplayMessagesDecoder record) {
        final int replay = topics.replayById(record.replayId());
        if (replay < 0) {
            return;
        }
        replays.dropPart(replay);
        // What comes behind a message that found no room would leave it out.
        boolean hasRoom = isReplayed(replay, record.afterSequenceNumber());
        final ReplayMessagesDecoder.MessagesDecoder group = record.messages();
        while (hasRoom && group.hasNext()) {
            group.next();
            final int length = group.recordLength();
            final int offset = record.limit() + DATA_LENGTH_SIZE;
            record.limit(offset + length);
            hasRoom = isReplayed(replay, group.sequenceNumber())
                    || replay(replay, group.sequenceNumber(), group.publishedTimeNs(), record.buffer(), offset);
        }
        replays.conclude(replay);
    }

    private boolean isReplayed(final int replay, final long sequence) {
        return sequence <= rows.getLong(replay, Replay.REACHED_SEQUENCE);
    }

    /** The parts of a message come in order; the first one again if something was amiss. */
    void onPart(final ReplayPartDecoder record) {
        final int replay = topics.replayById(record.replayId());
        if (replay < 0) {
            return;
        }
        final long sequence = record.sequenceNumber();
        final int partOffset = (int) record.partOffset();
        if (partOffset == 0) {
            replays.dropPart(replay);
            if (isReplayed(replay, record.afterSequenceNumber()) && !isReplayed(replay, sequence)) {
                reserve(replay, sequence, (int) record.recordLength());
            }
        }
        final int payload = rows.getInt(replay, Replay.PART_PAYLOAD_LINK) - 1;
        if (payload >= 0
                && rows.getLong(replay, Replay.PART_SEQUENCE) == sequence
                && state.payloads.filled(payload) == partOffset) {
            append(replay, payload, record);
        }
        replays.conclude(replay);
    }

    /** Takes room for a message in parts, if there will be enough for what is made of it too. */
    private void reserve(final int replay, final long sequence, final int length) {
        final int subscription = rows.getInt(replay, Replay.SUBSCRIPTION);
        final int longestGroupId = (int) state.limit(LimitId.GROUP_ID_BYTES);
        if (messages.hasRoom(1, Payloads.accountedLength(length) + bytes(subscription, length, longestGroupId))) {
            rows.putInt(replay, Replay.PART_PAYLOAD_LINK, state.payloads.reserve(length) + 1);
            rows.putLong(replay, Replay.PART_SEQUENCE, sequence);
            rows.seal(replay);
        }
    }

    private void append(final int replay, final int payload, final ReplayPartDecoder record) {
        final int length = record.partLength();
        final int offset = record.limit() + DATA_LENGTH_SIZE;
        state.payloads.append(payload, record.buffer(), offset, length);
        if (state.payloads.filled(payload) == state.payloads.length(payload)) {
            replay(
                    replay,
                    record.sequenceNumber(),
                    record.publishedTimeNs(),
                    state.payloads.buffer(payload),
                    state.payloads.offset(payload));
            replays.dropPart(replay);
        }
    }

    /** Replays a message; false if there is no room for it. */
    private boolean replay(
            final int replay,
            final long sequence,
            final long publishedNs,
            final DirectBuffer buffer,
            final int record) {
        final int subscription = rows.getInt(replay, Replay.SUBSCRIPTION);
        entry.wrap(buffer, record + Archives.HEADER_LENGTH);
        chooseBody(subscription);
        if (!passes(subscription)) {
            state.counters.filtered++;
        } else if (hasRoom(subscription) && deliver(subscription, sequence, publishedNs, buffer, record)) {
            state.counters.replayed++;
        } else {
            return false;
        }
        rows.putSealed(replay, Replay.REACHED_SEQUENCE, sequence);
        replays.addToPublishedBefore(subscription, -1);
        subscriptions.seal(subscription);
        return true;
    }

    private void chooseBody(final int subscription) {
        if (!entry.hasBodies()) {
            bodyLength = 0;
        } else if (topics.isForStream(subscription)) {
            body = entry.streamBody();
            bodyLength = entry.streamBodyLength();
        } else if (topics.isForSessions(subscription)) {
            body = entry.sessionBody();
            bodyLength = entry.sessionBodyLength();
        } else {
            body = entry.queueBody();
            bodyLength = entry.queueBodyLength();
        }
    }

    private boolean passes(final int subscription) {
        if (!topics.isFiltered(subscription)) {
            return true;
        }
        if (entry.hasBodies()) {
            filtered.wrap(entry.buffer(), entry.payload(), body, bodyLength);
        } else {
            filtered.wrap(entry.buffer(), entry.payload());
        }
        return matcher.matches(filtered, topics.buffer(subscription), topics.offset(subscription));
    }

    private boolean hasRoom(final int subscription) {
        ids.wrap(entry.buffer(), entry.payload());
        final int length = entry.payloadLength() + entry.subjectLength();
        return messages.hasRoom(1, bytes(subscription, Rendition.mostLength(length, bodyLength), ids.groupIdLength()));
    }

    /** The most that a message takes in the arena. */
    private long bytes(final int subscription, final int length, final int groupIdLength) {
        return Payloads.accountedLength(groupIdLength)
                + renditions.bytes(
                        subscriptions.getInt(subscription, Subscription.TOPIC), length, !topics.isRaw(subscription));
    }

    private boolean deliver(
            final int subscription,
            final long sequence,
            final long publishedNs,
            final DirectBuffer buffer,
            final int record) {
        final long messageId = buffer.getLong(record, ByteOrder.LITTLE_ENDIAN);
        if (entry.hasBodies()) {
            rendition.make(entry, true, body, bodyLength);
        } else {
            rendition.take(entry, buffer.getInt(record + ACCOUNTED_BYTES, ByteOrder.LITTLE_ENDIAN));
        }
        final int topic = subscriptions.getInt(subscription, Subscription.TOPIC);
        renditions.publishedAt(publishedNs, true);
        renditions.store(topic, messageId, sequence, rendition, entry, !topics.isRaw(subscription));
        return fanOut.replay(subscription, messageId, rendition);
    }
}
