package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FrameDescriptor;
import io.millrace.codecs.ResultCode;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MalformedFrameTest {

    private static final int TEMPLATE_ID = 2;
    private static final int SCHEMA_ID = 4;
    private static final int VERSION = 6;
    private static final int MESSAGE_LENGTH = 8;
    private static final int FRAME_SEQUENCE = 12;
    /** The length itself, the body, and the three empty texts behind it. */
    private static final int BODY_LENGTH_FROM_END = 4 + "hello".length() + 3 * 2;

    @TempDir
    Path directory;

    private TestServer server;
    private RawClient client;
    private long queue;
    private int length;

    @BeforeEach
    void start() {
        server = new TestServer(directory);
        client = server.client();
        queue = client.createQueue("orders", TimeUnit.SECONDS.toNanos(30));
        client.send(queue, "hello");
        client.awaitCount("Confirmed", 2);
        length = client.buffer.getInt(MESSAGE_LENGTH, ByteOrder.LITTLE_ENDIAN);
    }

    @AfterEach
    void stop() {
        client.describe(queue);
        final Event description = client.await("the description", e -> e.type().equals("QueueDescription"));
        assertEquals(1, description.count(), "nothing malformed was stored, and the server lives");
        assertEquals(0, server.server().errorCount(), () -> "errors: " + server.log);
        server.close();
    }

    @Test
    void shouldRefuseAnUnknownTemplate() {
        putShort(TEMPLATE_ID, 199);
        assertRefused(length, ResultCode.UNKNOWN_TEMPLATE);
    }

    @Test
    void shouldRefuseATemplateOfTheServersOwn() {
        putShort(TEMPLATE_ID, 405);
        assertRefused(length, ResultCode.UNKNOWN_TEMPLATE);
    }

    @Test
    void shouldRefuseAnotherSchema() {
        putShort(SCHEMA_ID, 1);
        assertRefused(length, ResultCode.UNSUPPORTED_VERSION);
    }

    @Test
    void shouldRefuseAnotherVersion() {
        putShort(VERSION, 99);
        assertRefused(length, ResultCode.UNSUPPORTED_VERSION);
    }

    @Test
    void shouldRefuseVersionZero() {
        putShort(VERSION, 0);
        assertRefused(length, ResultCode.UNSUPPORTED_VERSION);
    }

    @Test
    void shouldDropALaterFragmentWithoutItsBeginning() {
        offerFragment(0);
        offerFragment(FrameDescriptor.END_FRAG_FLAG);
        server.crankUntil("the end is counted", () -> server.counters().malformedFrames == 1);

        assertTrue(client.all("Refused").isEmpty());
    }

    @Test
    void shouldDropAFrameWhoseEndNeverCame() {
        offerFragment(FrameDescriptor.BEGIN_FRAG_FLAG);
        client.describe(queue);
        client.awaitCount("QueueDescription", 1);
        offerFragment(FrameDescriptor.BEGIN_FRAG_FLAG);
        offerFragment(FrameDescriptor.END_FRAG_FLAG);
        server.crankUntil("the frame put together is counted", () -> server.counters().malformedFrames == 1);

        client.awaitCount("Refused", 1);
    }

    @Test
    void shouldRefuseAShortFrame() {
        assertRefused(length - 1, ResultCode.MALFORMED_FRAME);
    }

    @Test
    void shouldRefuseAnOverlongFrame() {
        assertRefused(length + 8, ResultCode.MALFORMED_FRAME);
    }

    @Test
    void shouldRefuseABodyLengthBeyondTheFrame() {
        client.buffer.putInt(length - BODY_LENGTH_FROM_END, Integer.MAX_VALUE, ByteOrder.LITTLE_ENDIAN);
        assertRefused(length, ResultCode.MALFORMED_FRAME);
    }

    @Test
    void shouldRefuseANegativeBodyLength() {
        client.buffer.putInt(length - BODY_LENGTH_FROM_END, -1, ByteOrder.LITTLE_ENDIAN);
        assertRefused(length, ResultCode.MALFORMED_FRAME);
    }

    @Test
    void shouldDropAFrameTooShortToAnswer() {
        for (int i = 1; i < 32; i++) {
            client.offerRaw(i);
        }
        server.crankUntil(
                "all are counted",
                () -> server.counters().malformedFrames + server.counters().unknownSessionFrames == 31);
        assertTrue(client.all("Refused").isEmpty());
    }

    @Test
    void shouldDropAFrameLongerThanAFrameMayBe() {
        server.crankUntil("offered", () -> {
            client.poll();
            return client.publication()
                            .offer(client.buffer, 0, client.publication().maxMessageLength())
                    > 0;
        });

        server.crankUntil("it is counted", () -> server.counters().malformedFrames == 1);
        assertTrue(client.all("Refused").isEmpty());
    }

    @Test
    void shouldDropACommandBeforeThereIsASession() {
        final RawClient stranger = new RawClient(server);
        stranger.sessionId = client.sessionId;

        stranger.send(queue, "from nobody");
        server.crankUntil("it is counted", () -> server.counters().unknownSessionFrames == 1);

        assertTrue(stranger.events.isEmpty());
    }

    @Test
    void shouldRefuseAHeaderWithAnyByteReplaced() {
        final Random random = new Random(7);
        final byte[] frame = new byte[length];
        client.buffer.getBytes(0, frame);
        for (int i = 0; i < FRAME_SEQUENCE; i++) {
            client.buffer.putBytes(0, frame);
            client.buffer.putByte(i, (byte) (frame[i] ^ (1 + random.nextInt(255))));
            client.offerRaw(length);
        }
        server.crankUntil("all are counted", () -> server.counters().malformedFrames == FRAME_SEQUENCE);
        client.awaitCount("Refused", 1);
    }

    /** Half a frame under flags of the sender's choice. */
    private void offerFragment(final int flags) {
        final BufferClaim claim = new BufferClaim();
        server.crankUntil("a fragment is accepted", () -> client.publication().tryClaim(length, claim) > 0);
        claim.buffer().putBytes(claim.offset(), client.buffer, 0, length);
        claim.flags((byte) flags).commit();
        server.crankFor(2, TimeUnit.MILLISECONDS);
    }

    private void putShort(final int offset, final int value) {
        client.buffer.putShort(offset, (short) value, ByteOrder.LITTLE_ENDIAN);
    }

    private void assertRefused(final int frameLength, final ResultCode code) {
        client.offerRaw(frameLength);
        final Event refused = client.await("the refusal", e -> e.type().equals("Refused"));
        assertEquals(code, refused.code());
        assertEquals(client.correlationId - 1, refused.correlationId());
        assertEquals(1, server.counters().malformedFrames);
    }
}
