package io.millrace.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.PublishMessagesDecoder;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.Command.ProtocolBody;
import io.millrace.kernel.Command.Published;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One message to a topic as it is sent in parts: the bytes of an entry of PublishMessages, one in each char. */
final class PublicationEntry {

    private static final int OFFSET = MessageHeaderDecoder.ENCODED_LENGTH
            + PublishMessagesDecoder.BLOCK_LENGTH
            + PublishMessagesDecoder.MessagesDecoder.HEADER_SIZE;
    private static final int NUM_IN_GROUP = 2;
    private static final int GROUP_HEADER_LENGTH = 4;

    private PublicationEntry() {}

    static String encode(final Published published) {
        final ExpandableArrayBuffer frame = new ExpandableArrayBuffer();
        final int length = new CommandWriter()
                .write(frame, 0, 1, new Command.PublishMessages(1, Producer.NONE, 1, false, false, List.of(published)));
        return chars(frame, OFFSET, length - OFFSET);
    }

    /** Bodies for protocols, payload, subject; they fill the text. */
    static Published decode(final String text) {
        final DirectBuffer buffer = new UnsafeBuffer(Payload.raw(text));
        final List<ProtocolBody> bodies = new ArrayList<>();
        int at = GROUP_HEADER_LENGTH;
        for (int i = 0; i < textLength(buffer, NUM_IN_GROUP); i++) {
            final int length = buffer.getInt(at + 1, ByteOrder.LITTLE_ENDIAN);
            bodies.add(new ProtocolBody(buffer.getByte(at) & 0xFF, chars(buffer, at + 1 + Integer.BYTES, length)));
            at += 1 + Integer.BYTES + length;
        }
        final Payload payload = Payload.read(buffer, at);
        at += payload.length();
        final String subject = chars(buffer, at + Short.BYTES, textLength(buffer, at));
        if (at + Short.BYTES + subject.length() != text.length()) {
            throw new AssertionError("more than a message: " + text);
        }
        return new Published(payload, subject, bodies);
    }

    private static int textLength(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private static String chars(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, ISO_8859_1);
    }
}
