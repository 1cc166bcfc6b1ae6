package io.millrace.kernel;

import io.millrace.codecs.AttributeType;
import io.millrace.kernel.TopicTables.Topic;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Makes what a subscription without raw delivery gets of a publication: a payload whose body is the JSON object of SNS (Amazon SNS
 * developer guide, "Parsing message formats": Type, MessageId, SequenceNumber of a FIFO topic, TopicArn, Subject, Message, Timestamp, Replayed of one out of an archive,
 * MessageAttributes), without signature and addresses. The topic's name stands for its ARN. The envelope has no attributes of its
 * own; message group and deduplication id are those of the publication, the hash of its body made explicit.
 */
final class Envelope {
    private static final byte[] TYPE = JsonText.ascii("{\"Type\":\"Notification\",\"MessageId\":\"");
    private static final byte[] SEQUENCE_NUMBER = JsonText.ascii("\",\"SequenceNumber\":\"");
    private static final byte[] TOPIC = JsonText.ascii("\",\"TopicArn\":\"");
    private static final byte[] SUBJECT = JsonText.ascii("\",\"Subject\":\"");
    private static final byte[] MESSAGE = JsonText.ascii("\",\"Message\":\"");
    private static final byte[] TIMESTAMP = JsonText.ascii("\",\"Timestamp\":\"");
    private static final byte[] ATTRIBUTES = JsonText.ascii("\",\"MessageAttributes\":{\"");
    private static final byte[] ATTRIBUTE_TYPE = JsonText.ascii("\":{\"Type\":\"");
    private static final byte[] ATTRIBUTE_VALUE = JsonText.ascii("\",\"Value\":\"");
    private static final byte[] NEXT_ATTRIBUTE = JsonText.ascii("\"},\"");
    private static final byte[] END_OF_ATTRIBUTES = JsonText.ascii("\"}}}");
    private static final byte[] END = JsonText.ascii("\"}");
    private static final byte[] REPLAYED = JsonText.ascii("\",\"Replayed\":true");
    private static final byte[] ATTRIBUTES_OF_REPLAYED = JsonText.ascii(",\"MessageAttributes\":{\"");
    private static final byte[] END_OF_REPLAYED = JsonText.ascii("}");
    private static final byte[] DOT = JsonText.ascii(".");
    private static final byte[] DASH = JsonText.ascii("-");
    private static final byte[] COLON = JsonText.ascii(":");
    private static final byte[] T = JsonText.ascii("T");
    private static final byte[] Z = JsonText.ascii("Z");
    private static final byte[][] TYPES = {
        {}, JsonText.ascii("String"), JsonText.ascii("Number"), JsonText.ascii("Binary")
    };

    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int NUM_IN_GROUP = 2;
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;
    private static final int DATA_LENGTH_SIZE = Integer.BYTES;
    private static final long NS_PER_MS = 1_000_000;
    private static final long MS_PER_DAY = 86_400_000;

    private final State state;
    private final JsonText json = new JsonText();
    private final PayloadIds ids = new PayloadIds();
    private final Digest digest = new Digest();
    private final ExpandableArrayBuffer payload = new ExpandableArrayBuffer();
    private int length;
    private long timeNs;
    private boolean isReplayed;

    Envelope(final State state) {
        this.state = state;
    }

    /** What is made next was published at a time. */
    void publishedAt(final long publishedNs, final boolean isReplay) {
        timeNs = publishedNs;
        isReplayed = isReplay;
    }

    /**
     * Makes the envelope of a publication.
     *
     * @param topic   it is published to.
     * @param content what is to be in it.
     * @param entry   that has the subject.
     * @return false if its text is not UTF-8, so that it has none.
     */
    boolean make(
            final int topic,
            final long messageId,
            final long sequence,
            final Rendition content,
            final PublishedEntry entry) {
        final DirectBuffer buffer = content.buffer();
        final int offset = content.offset();
        ids.wrap(buffer, offset);
        if (!Text.isUtf8(buffer, ids.bodyOffset(), ids.bodyLength())) {
            return false;
        }
        final int name = state.topics.topics.getInt(topic, Topic.NAME_PAYLOAD);
        json.clear();
        json.add(TYPE);
        json.add(messageId);
        if (state.topics.isFifo(topic)) {
            json.add(SEQUENCE_NUMBER);
            json.add(sequence);
        }
        json.add(TOPIC);
        json.addEscaped(state.payloads.buffer(name), state.payloads.offset(name), state.payloads.length(name));
        if (entry.subjectLength() > 0) {
            json.add(SUBJECT);
            json.addEscaped(entry.buffer(), entry.subject(), entry.subjectLength());
        }
        json.add(MESSAGE);
        json.addEscaped(buffer, ids.bodyOffset(), ids.bodyLength());
        json.add(TIMESTAMP);
        addTime(Math.floorDiv(timeNs, NS_PER_MS));
        if (isReplayed) {
            json.add(REPLAYED);
        }
        if (!addAttributes(buffer, offset)) {
            return false;
        }
        wrapUp(topic);
        return true;
    }

    /** ISO 8601 with milliseconds; the date by the algorithm of "chrono-Compatible Low-Level Date Algorithms" (H. Hinnant). */
    private void addTime(final long epochMs) {
        final long days = Math.floorDiv(epochMs, MS_PER_DAY) + 719_468;
        final int ms = (int) Math.floorMod(epochMs, MS_PER_DAY);
        final long era = Math.floorDiv(days, 146_097L);
        final int dayOfEra = (int) (days - era * 146_097);
        final int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        final int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        final int monthFromMarch = (5 * dayOfYear + 2) / 153;
        final int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        json.addDigits((int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0), 4);
        json.add(DASH);
        json.addDigits(month, 2);
        json.add(DASH);
        json.addDigits(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, 2);
        json.add(T);
        json.addDigits(ms / 3_600_000, 2);
        json.add(COLON);
        json.addDigits(ms / 60_000 % 60, 2);
        json.add(COLON);
        json.addDigits(ms / 1000 % 60, 2);
        json.add(DOT);
        json.addDigits(ms % 1000, 3);
        json.add(Z);
    }

    private boolean addAttributes(final DirectBuffer buffer, final int offset) {
        final int count = text(buffer, offset + NUM_IN_GROUP);
        int position = offset + GROUP_HEADER_LENGTH;
        for (int i = 0; i < count; i++) {
            json.add(i > 0 ? NEXT_ATTRIBUTE : isReplayed ? ATTRIBUTES_OF_REPLAYED : ATTRIBUTES);
            position = addAttribute(buffer, position);
            if (position < 0) {
                return false;
            }
        }
        json.add(count > 0 ? END_OF_ATTRIBUTES : isReplayed ? END_OF_REPLAYED : END);
        return true;
    }

    /** Adds {@code type (1), name length (2), name, custom type length (2), custom type, value length (4), value}; -1 if it is no text. */
    private int addAttribute(final DirectBuffer buffer, final int attribute) {
        final int type = buffer.getByte(attribute);
        final int name = attribute + 1 + TEXT_LENGTH_SIZE;
        final int nameLength = text(buffer, name - TEXT_LENGTH_SIZE);
        final int custom = name + nameLength + TEXT_LENGTH_SIZE;
        final int customLength = text(buffer, custom - TEXT_LENGTH_SIZE);
        final int value = custom + customLength + DATA_LENGTH_SIZE;
        final int valueLength = buffer.getInt(value - DATA_LENGTH_SIZE, ByteOrder.LITTLE_ENDIAN);
        final boolean isBinary = type == AttributeType.BINARY.value();
        if (!Text.isUtf8(buffer, custom, customLength) || !isBinary && !Text.isUtf8(buffer, value, valueLength)) {
            return -1;
        }
        json.addEscaped(buffer, name, nameLength);
        json.add(ATTRIBUTE_TYPE);
        json.add(TYPES[type]);
        if (customLength > 0) {
            json.add(DOT);
            json.addEscaped(buffer, custom, customLength);
        }
        json.add(ATTRIBUTE_VALUE);
        if (isBinary) {
            json.addBase64(buffer, value, valueLength);
        } else {
            json.addEscaped(buffer, value, valueLength);
        }
        return value + valueLength;
    }

    private void wrapUp(final int topic) {
        length = 0;
        payload.putShort(0, (short) 1, ByteOrder.LITTLE_ENDIAN);
        payload.putShort(NUM_IN_GROUP, (short) 0, ByteOrder.LITTLE_ENDIAN);
        payload.putInt(GROUP_HEADER_LENGTH, json.length(), ByteOrder.LITTLE_ENDIAN);
        payload.putBytes(GROUP_HEADER_LENGTH + DATA_LENGTH_SIZE, json.buffer(), 0, json.length());
        length = GROUP_HEADER_LENGTH + DATA_LENGTH_SIZE + json.length();
        addText(ids.buffer(), ids.groupIdOffset(), ids.groupIdLength());
        if (ids.deduplicationIdLength() > 0 || !state.topics.isFifo(topic)) {
            addText(ids.buffer(), ids.deduplicationIdOffset(), ids.deduplicationIdLength());
        } else {
            digest.update(ids.buffer(), ids.bodyOffset(), ids.bodyLength());
            digest.end();
            addText(digest.hex(), 0, Digest.hexLength());
        }
        final int trace = ids.deduplicationIdOffset() + ids.deduplicationIdLength() + TEXT_LENGTH_SIZE;
        addText(ids.buffer(), trace, text(ids.buffer(), trace - TEXT_LENGTH_SIZE));
    }

    private void addText(final DirectBuffer buffer, final int offset, final int textLength) {
        payload.putShort(length, (short) textLength, ByteOrder.LITTLE_ENDIAN);
        payload.putBytes(length + TEXT_LENGTH_SIZE, buffer, offset, textLength);
        length += TEXT_LENGTH_SIZE + textLength;
    }

    /** Bytes of the JSON made last, which is what counts for limits. */
    int bodyLength() {
        return json.length();
    }

    /** Stores the payload made last. */
    int store() {
        return state.payloads.store(payload, 0, length);
    }

    private static int text(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
