package io.millrace.client;

import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.SessionConnectEncoder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * The request for a session, encoded once for each attempt.
 */
final class ConnectFrame {
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(512);
    private final int length;

    ConnectFrame(final ClientContext context, final String responseChannel, final long correlationId) {
        final MessageHeaderEncoder header = new MessageHeaderEncoder();
        final SessionConnectEncoder connect = new SessionConnectEncoder();
        final byte[] name = context.clientName().getBytes(StandardCharsets.UTF_8);
        final byte[] credentials = context.credentials();
        connect.wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .responseStreamId(context.responseStreamId())
                .responseChannel(responseChannel)
                .putClientName(name, 0, name.length)
                .putCredentials(credentials, 0, credentials.length);
        length = Wire.HEADER_LENGTH + connect.encodedLength();
        header.messageLength(length).frameSequence(0);
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int length() {
        return length;
    }
}
