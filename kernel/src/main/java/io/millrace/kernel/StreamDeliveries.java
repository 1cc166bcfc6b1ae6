package io.millrace.kernel;

import io.millrace.codecs.AttributeType;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.StreamStatus;
import io.millrace.kernel.StreamTables.Stream;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.memory.Payloads;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Makes records of what is published to subscribed streams. The data is the body, or the envelope. The partition key is the value of the
 * attribute that the subscription names, if the message has it and it is one; else the message group, so that a group stays in order;
 * else the message id.
 */
final class StreamDeliveries {
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int NUM_IN_GROUP = 2;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final int DATA_LENGTH_SIZE = Integer.BYTES;

    private final State state;
    private final SlotTable streams;
    private final SlotTable subscriptions;
    private final Payloads payloads;
    private final ShardWriter writer;
    /** A key that does not lie beside the data, and the data behind it. */
    private final ExpandableArrayBuffer record = new ExpandableArrayBuffer();

    private DirectBuffer keyBuffer;
    private int key;
    private int keyLength;
    private boolean isThrottled;

    StreamDeliveries(final State state, final ShardWriter writer) {
        this.state = state;
        this.streams = state.streams.streams;
        this.subscriptions = state.topics.subscriptions;
        this.payloads = state.payloads;
        this.writer = writer;
    }

    /**
     * Puts a record into the stream of a subscription.
     *
     * @param message payload that has the attributes.
     * @param content payload whose body is the data; the same unless that is an envelope.
     * @param ids     of the content.
     * @return false if the stream does not take it: it is gone or not active yet, or has had its quota, or the record is too large, or what it
     *         holds is in a blob, which would not stay for it.
     */
    boolean put(
            final int subscription, final long messageId, final int message, final int content, final PayloadIds ids) {
        isThrottled = false;
        final int stream = state.streams.streamById(subscriptions.getLong(subscription, Subscription.STREAM_ID));
        if (stream < 0
                || streams.getInt(stream, Stream.STATUS) == StreamStatus.CREATING.value()
                || payloads.attachment(content) >= 0) {
            return false;
        }
        findKey(subscription, messageId, message, ids);
        final int length = ids.bodyLength();
        final long recordLength = (long) keyLength + length;
        if (recordLength > streams.getInt(stream, Stream.MAX_RECORD_BYTES)) {
            return false;
        }
        final int shard = writer.shardOf(stream, keyBuffer, key, keyLength);
        if (!writer.admits(shard, recordLength)) {
            isThrottled = true;
            return false;
        }
        if (keyBuffer == ids.buffer()) {
            writer.append(stream, shard, keyBuffer, key, keyLength, ids.bodyOffset(), length);
        } else {
            record.putBytes(0, keyBuffer, key, keyLength);
            record.putBytes(keyLength, ids.buffer(), ids.bodyOffset(), length);
            writer.append(stream, shard, record, 0, keyLength, keyLength, length);
        }
        streams.seal(stream);
        return true;
    }

    /** Whether the record put last was not taken because its shard has had its quota of the second. */
    boolean isThrottled() {
        return isThrottled;
    }

    private void findKey(final int subscription, final long messageId, final int message, final PayloadIds ids) {
        final int name = subscriptions.getInt(subscription, Subscription.KEY_ATTRIBUTE_PAYLOAD_LINK) - 1;
        if (name >= 0 && findInAttributes(name, message)) {
            return;
        }
        keyBuffer = ids.buffer();
        key = ids.groupIdOffset();
        keyLength = ids.groupIdLength();
        if (keyLength == 0) {
            keyBuffer = record;
            key = 0;
            keyLength = record.putLongAscii(0, messageId);
        }
    }

    /** Each attribute is {@code type (1), name length (2), name, custom type length (2), custom type, value length (4), value}. */
    private boolean findInAttributes(final int name, final int message) {
        final DirectBuffer buffer = payloads.buffer(message);
        final int offset = payloads.offset(message);
        final int count = text(buffer, offset + NUM_IN_GROUP);
        int attribute = offset + GROUP_HEADER_LENGTH;
        for (int i = 0; i < count; i++) {
            final int start = attribute + 1 + TEXT_LENGTH_SIZE;
            final int nameLength = text(buffer, start - TEXT_LENGTH_SIZE);
            final int custom = start + nameLength + TEXT_LENGTH_SIZE;
            final int value = custom + text(buffer, custom - TEXT_LENGTH_SIZE) + DATA_LENGTH_SIZE;
            final int length = buffer.getInt(value - DATA_LENGTH_SIZE, ByteOrder.LITTLE_ENDIAN);
            if (payloads.matches(name, buffer, start, nameLength)) {
                keyBuffer = buffer;
                key = value;
                keyLength = length;
                return buffer.getByte(attribute) != AttributeType.BINARY.value() && isPartitionKey();
            }
            attribute = value + length;
        }
        return false;
    }

    private boolean isPartitionKey() {
        return keyLength > 0
                && Text.isUtf8(keyBuffer, key, keyLength)
                && Text.characters(keyBuffer, key, keyLength) <= state.limit(LimitId.PARTITION_KEY_CHARACTERS);
    }

    private static int text(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
