package io.millrace.server;

import io.millrace.codecs.ResultCode;
import java.nio.charset.StandardCharsets;

/**
 * One message of a server to a client, with the fields that tests look at; fields a message does not have are 0 or empty.
 *
 * @param type          name of the SBE message.
 * @param sequence      frame sequence.
 * @param correlationId first or only one.
 * @param to            last one of a range.
 * @param value         queue id, first message id, session id or producer id.
 * @param count         values per command, messages of a receive or receive count.
 * @param code          how it ended.
 * @param receipt       the 24 bytes of a receipt.
 * @param flags         raw delivery flags.
 * @param body          body of a delivery, or bytes of a chunk.
 */
record Event(
        String type,
        long sequence,
        long correlationId,
        long to,
        long value,
        long count,
        ResultCode code,
        byte[] receipt,
        int flags,
        byte[] body) {

    private static final byte[] NONE = {};

    static Event of(
            final String type,
            final long sequence,
            final long correlationId,
            final long to,
            final long value,
            final long count,
            final ResultCode code) {
        return new Event(type, sequence, correlationId, to, value, count, code, NONE, 0, NONE);
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    boolean isRedelivered() {
        return (flags & 1) != 0;
    }

    @Override
    public String toString() {
        return type + "[" + correlationId + (to == correlationId ? "" : ".." + to) + " value " + value + " count "
                + count + " " + code + (body.length == 0 ? "" : " " + body.length + " bytes") + "]";
    }
}
