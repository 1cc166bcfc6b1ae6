package io.millrace.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** N15: what subscribers see and get of a message that has bodies for protocols. */
final class ModelBodies {
    static final int QUEUE = 1;
    static final int SESSION = 2;
    static final int STREAM = 3;
    private static final int HASH_LENGTH = 64;

    private ModelBodies() {}

    /** What the filter policies of a protocol judge: its body and the attributes. */
    static Payload seen(final Command.Published entry, final int protocol) {
        final Payload payload = entry.payload();
        return new Payload(
                payload.attributes(),
                body(entry, protocol),
                payload.groupId(),
                payload.deduplicationId(),
                payload.traceHeader());
    }

    /** Whether sessions get another body than queues. */
    static boolean isSplit(final Command.Published entry) {
        return !body(entry, QUEUE).equals(body(entry, SESSION));
    }

    /** What a protocol gets: with bodies for protocols, no attributes, and through a FIFO topic a deduplication id for all bodies. */
    static Payload got(final Command.Published entry, final boolean fifo, final int protocol) {
        final Payload payload = entry.payload();
        if (entry.bodies().isEmpty()) {
            return payload;
        }
        return new Payload(
                List.of(),
                body(entry, protocol),
                payload.groupId(),
                fifo && payload.deduplicationId().isEmpty()
                        ? ModelSends.deduplicationId(Payload.of(allBodies(entry)))
                        : payload.deduplicationId(),
                payload.traceHeader());
    }

    /** Most bytes of each copy that the kernel makes: one for queues, one for sessions if that is another. */
    static List<Long> mostLengths(final Command.Published entry) {
        final long length = entry.payload().length() + entry.subject().length();
        if (entry.bodies().isEmpty()) {
            return List.of(length);
        }
        final String queue = body(entry, QUEUE);
        final String session = body(entry, SESSION);
        final long first = length + HASH_LENGTH + queue.length();
        return !isSplit(entry) ? List.of(first) : List.of(first, length + HASH_LENGTH + session.length());
    }

    private static String body(final Command.Published entry, final int protocol) {
        return entry.bodies().stream()
                .filter(body -> body.protocol() == protocol)
                .map(Command.ProtocolBody::body)
                .findFirst()
                .orElse(entry.payload().body());
    }

    /** The body for all, then each protocol with the length of its body and the body. */
    private static String allBodies(final Command.Published entry) {
        final StringBuilder all = new StringBuilder(entry.payload().body());
        for (final Command.ProtocolBody body : entry.bodies()) {
            final byte[] head = ByteBuffer.allocate(1 + Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) body.protocol())
                    .putInt(body.body().length())
                    .array();
            for (final byte value : head) {
                all.append((char) (value & 0xFF));
            }
            all.append(body.body());
        }
        return all.toString();
    }
}
