package io.millrace.server;

import io.millrace.codecs.DeliveryDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.kernel.Egress;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Where a kernel without a server says its answers: keeps all bytes by session, and the deliveries in words. */
final class RecordedEgress implements Egress {

    private static final int ROOM = 128 * 1024;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[ROOM]);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final EgressReader reader = new EgressReader();
    private final Map<Long, ByteArrayOutputStream> bytes = new TreeMap<>();
    private final Map<Long, List<String>> deliveries = new TreeMap<>();
    private long sessionId;
    private int length;

    /** A delivery in words, the same for who made it and for who got it. */
    static String words(final long messageId, final long receiveCount, final byte[] receipt, final byte[] body) {
        return messageId + " for the " + receiveCount + ". time, receipt " + Arrays.hashCode(receipt) + ", body "
                + body.length + " " + Arrays.hashCode(body);
    }

    /** {@return a number for each session that changes with any byte said to it} */
    Map<Long, String> digests() {
        final Map<Long, String> digests = new TreeMap<>();
        bytes.forEach((session, said) -> digests.put(session, said.size() + " " + Arrays.hashCode(said.toByteArray())));
        return digests;
    }

    /** {@return what was delivered to a session in one frame each} */
    List<String> deliveries(final long session) {
        return deliveries.getOrDefault(session, List.of());
    }

    @Override
    public int claim(final long claimingSessionId, final int claimedLength) {
        sessionId = claimingSessionId;
        length = claimedLength;
        buffer.setMemory(0, BitUtil.align(claimedLength, Long.BYTES), (byte) 0);
        return 0;
    }

    @Override
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    @Override
    public void commit() {
        bytes.computeIfAbsent(sessionId, session -> new ByteArrayOutputStream()).write(buffer.byteArray(), 0, length);
        if (header.wrap(buffer, 0).templateId() == DeliveryDecoder.TEMPLATE_ID) {
            final List<Event> events = new ArrayList<>();
            reader.read(buffer, 0, length, events);
            final Event event = events.get(0);
            deliveries
                    .computeIfAbsent(sessionId, session -> new ArrayList<>())
                    .add(words(event.value(), event.count(), event.receipt(), event.body()));
        }
    }
}
