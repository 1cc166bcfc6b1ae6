package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.memory.SlotTable;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Tags of queues or topics, in the order in which their keys were added. They are kept as a tags group: {@code header (4 bytes)}, then for each
 * tag {@code length (2), key, length (2), value}. There are few, so that they are looked at one by one.
 */
final class Tags {
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int NUM_IN_GROUP = 2;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;

    private final State state;
    private final SlotTable owners;
    private final int link;
    private final ExpandableArrayBuffer result = new ExpandableArrayBuffer();
    private int length;
    private int count;

    /** Tags of the rows of a table, in the payload that a field of theirs refers to. */
    Tags(final State state, final SlotTable owners, final int link) {
        this.state = state;
        this.owners = owners;
        this.link = link;
    }

    /** Adds the tags of a group to a queue or topic, or replaces their values. */
    void tag(final Request request, final int owner, final DirectBuffer buffer, final int group, final int givenCount) {
        final int given = group + GROUP_HEADER_LENGTH;
        if (givenCount == 0) {
            request.refuse(ResultCode.EMPTY_BATCH);
        } else if (areRight(request, buffer, given, givenCount)) {
            merge(owner, buffer, given, givenCount);
            if (count > state.limit(LimitId.TAGS)) {
                request.refuseLimit(LimitId.TAGS, state.limit(LimitId.TAGS), count);
            } else if (request.hasArenaRoom(length, owners.getInt(owner, link))) {
                store(owner);
                request.confirm(0, 0);
            }
        }
    }

    private boolean areRight(final Request request, final DirectBuffer buffer, final int given, final int givenCount) {
        int key = given;
        for (int i = 0; i < givenCount; i++) {
            final int value = afterText(buffer, key);
            if (textLength(buffer, key) == 0) {
                request.refuse(i, ResultCode.INVALID_NAME, LimitId.NONE, 0, 0);
                return false;
            }
            if (!isRight(request, i, buffer, key, LimitId.TAG_KEY_BYTES)
                    || !isRight(request, i, buffer, value, LimitId.TAG_VALUE_BYTES)) {
                return false;
            }
            key = afterText(buffer, value);
        }
        return true;
    }

    private boolean isRight(
            final Request request, final int entry, final DirectBuffer buffer, final int text, final LimitId limitId) {
        final int textLength = textLength(buffer, text);
        if (textLength > state.limit(limitId)) {
            request.refuse(entry, ResultCode.LIMIT_EXCEEDED, limitId, state.limit(limitId), textLength);
        } else if (!Text.isUtf8(buffer, text + TEXT_LENGTH_SIZE, textLength)) {
            request.refuse(entry, ResultCode.INVALID_NAME, LimitId.NONE, 0, 0);
        } else {
            return true;
        }
        return false;
    }

    /** The tags that the queue has, with their new values, then those with new keys. */
    private void merge(final int owner, final DirectBuffer buffer, final int given, final int givenCount) {
        begin();
        final int tags = owners.getInt(owner, link) - 1;
        if (tags >= 0) {
            final DirectBuffer present = state.payloads.buffer(tags);
            final int end = state.payloads.offset(tags) + state.payloads.length(tags);
            for (int key = state.payloads.offset(tags) + GROUP_HEADER_LENGTH; key < end; key = afterTag(present, key)) {
                final int last = findLast(buffer, given, givenCount, present, key);
                if (last < 0) {
                    add(present, key);
                } else {
                    add(buffer, last);
                }
            }
        }
        int key = given;
        for (int i = 0; i < givenCount; i++) {
            if (find(buffer, key) < 0) {
                add(buffer, findLast(buffer, given, givenCount, buffer, key));
            }
            key = afterTag(buffer, key);
        }
    }

    /** Removes the tags that a group of keys names; those that are not there are none. */
    void untag(
            final Request request, final int owner, final DirectBuffer buffer, final int group, final int givenCount) {
        final int given = group + GROUP_HEADER_LENGTH;
        if (givenCount == 0) {
            request.refuse(ResultCode.EMPTY_BATCH);
            return;
        }
        final int tags = owners.getInt(owner, link) - 1;
        if (tags >= 0) {
            begin();
            final DirectBuffer present = state.payloads.buffer(tags);
            final int end = state.payloads.offset(tags) + state.payloads.length(tags);
            for (int key = state.payloads.offset(tags) + GROUP_HEADER_LENGTH; key < end; key = afterTag(present, key)) {
                if (!isKeyAmong(buffer, given, givenCount, present, key)) {
                    add(present, key);
                }
            }
            store(owner);
        }
        request.confirm(0, 0);
    }

    private void begin() {
        length = GROUP_HEADER_LENGTH;
        count = 0;
    }

    private void add(final DirectBuffer buffer, final int key) {
        final int tagLength = afterTag(buffer, key) - key;
        result.putBytes(length, buffer, key, tagLength);
        length += tagLength;
        count++;
    }

    private void store(final int owner) {
        final int before = owners.getInt(owner, link) - 1;
        result.putShort(0, (short) 0, ByteOrder.LITTLE_ENDIAN);
        result.putShort(NUM_IN_GROUP, (short) count, ByteOrder.LITTLE_ENDIAN);
        final int tags = count == 0 ? -1 : state.payloads.store(result, 0, length);
        owners.putInt(owner, link, tags + 1);
        owners.seal(owner);
        if (before >= 0) {
            state.payloads.release(before);
        }
    }

    /** Where the result has a key, or -1. */
    private int find(final DirectBuffer buffer, final int key) {
        for (int at = GROUP_HEADER_LENGTH; at < length; at = afterTag(result, at)) {
            if (isSame(result, at, buffer, key)) {
                return at;
            }
        }
        return -1;
    }

    /** Where a command gives a key for the last time, or -1. */
    private static int findLast(
            final DirectBuffer buffer,
            final int given,
            final int givenCount,
            final DirectBuffer keyBuffer,
            final int key) {
        int last = -1;
        int at = given;
        for (int i = 0; i < givenCount; i++) {
            if (isSame(buffer, at, keyBuffer, key)) {
                last = at;
            }
            at = afterTag(buffer, at);
        }
        return last;
    }

    private static boolean isKeyAmong(
            final DirectBuffer buffer,
            final int given,
            final int givenCount,
            final DirectBuffer keyBuffer,
            final int key) {
        int at = given;
        for (int i = 0; i < givenCount; i++) {
            if (isSame(buffer, at, keyBuffer, key)) {
                return true;
            }
            at = afterText(buffer, at);
        }
        return false;
    }

    private static boolean isSame(
            final DirectBuffer one, final int text, final DirectBuffer other, final int otherText) {
        final int textLength = textLength(one, text);
        return textLength == textLength(other, otherText)
                && Text.startsWith(
                        one, text + TEXT_LENGTH_SIZE, textLength, other, otherText + TEXT_LENGTH_SIZE, textLength);
    }

    private static int afterTag(final DirectBuffer buffer, final int key) {
        return afterText(buffer, afterText(buffer, key));
    }

    private static int afterText(final DirectBuffer buffer, final int text) {
        return text + TEXT_LENGTH_SIZE + textLength(buffer, text);
    }

    private static int textLength(final DirectBuffer buffer, final int text) {
        return buffer.getShort(text, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
