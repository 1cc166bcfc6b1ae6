package io.millrace.kernel;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Keeps what the kernel says, as events per session and, if asked, byte for byte. Claims lie in poison at odd places. */
final class RecordingEgress implements Egress {

    /** An event and who got it. */
    record Emitted(long sessionId, Event event) {}

    private static final int ROOM = 128 * 1024;
    private static final int GUARD = 64;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[ROOM + 2 * GUARD]);
    private final Map<Long, EventReader> readers = new HashMap<>();
    private final List<Emitted> emitted = new ArrayList<>();
    private final byte poison;
    private ByteArrayOutputStream bytes;
    private long sessionId;
    private int offset;
    private int length = -1;
    private int claims;

    RecordingEgress(final byte poison) {
        this.poison = poison;
    }

    RecordingEgress() {
        this((byte) 0xA5);
    }

    /** From now on also keeps the bytes of every message, each behind its session and length. */
    void keepBytes() {
        bytes = new ByteArrayOutputStream();
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** What was said since the last call. */
    List<Emitted> drain() {
        if (length >= 0) {
            throw new AssertionError("a claim was not committed");
        }
        readers.values().forEach(EventReader::checkComplete);
        final List<Emitted> drained = List.copyOf(emitted);
        emitted.clear();
        return drained;
    }

    @Override
    public int claim(final long claimingSessionId, final int claimedLength) {
        if (length >= 0) {
            throw new AssertionError("two claims without a commit");
        }
        if (claimedLength <= 0 || claimedLength > ROOM) {
            throw new AssertionError("claim of " + claimedLength + " bytes");
        }
        sessionId = claimingSessionId;
        length = claimedLength;
        offset = GUARD - 8 * (++claims % 4);
        buffer.setMemory(offset - 16, claimedLength + 32, poison);
        return offset;
    }

    @Override
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    @Override
    public void commit() {
        if (length < 0) {
            throw new AssertionError("a commit without a claim");
        }
        for (int i = 1; i <= 16; i++) {
            if (buffer.getByte(offset - i) != poison || buffer.getByte(offset + length + i - 1) != poison) {
                throw new AssertionError("written outside the claim");
            }
        }
        if (bytes != null) {
            bytes.writeBytes((sessionId + ":" + length + ":").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            bytes.write(buffer.byteArray(), offset, length);
        }
        final long session = sessionId;
        readers.computeIfAbsent(session, id -> new EventReader())
                .read(buffer, offset, length, event -> emitted.add(new Emitted(session, event)));
        length = -1;
    }
}
