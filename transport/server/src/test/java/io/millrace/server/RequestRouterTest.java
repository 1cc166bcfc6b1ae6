package io.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.FrameValidator;
import io.millrace.server.ClientFrames.Sample;
import io.millrace.server.RouterRig.Trace;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever bytes a client sends, the host's own decoders never read outside them: each frame is offered in a buffer of exactly its
 * length, where any other read throws, and among poison, which must make no difference.
 */
class RequestRouterTest {

    private static final int FIRST_COMMAND = 100;
    private static final int FIRST_EGRESS = 300;
    private static final int TEMPLATE_OFFSET = MessageHeaderEncoder.templateIdEncodingOffset();
    private static final int VERSION_OFFSET = MessageHeaderEncoder.versionEncodingOffset();
    private static final int LENGTH_OFFSET = MessageHeaderEncoder.messageLengthEncodingOffset();
    private static final int SESSION_OFFSET = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int CORRELATION_END = SESSION_OFFSET + 2 * Long.BYTES;
    private static final int MARGIN = 64;
    private static final int OFFERS_PER_RIG = 20_000;

    @TempDir
    Path directory;

    private final UnsafeBuffer exact = new UnsafeBuffer();
    private final byte[] room = new byte[4096];
    private final UnsafeBuffer poisoned = new UnsafeBuffer(room);
    private ServerContext ctx;
    private RouterRig exactRig;
    private RouterRig poisonedRig;
    private int offers;
    private int poison;

    static Stream<Sample> samples() {
        return ClientFrames.of(RouterRig.SESSION).stream();
    }

    static Stream<Sample> requests() {
        return samples().filter(sample -> sample.templateId() >= FIRST_COMMAND);
    }

    @BeforeEach
    void start() {
        assertTrue(UnsafeBuffer.SHOULD_BOUNDS_CHECK, "bounds checks are off");
        ctx = new ServerContext().directory(directory).conclude();
        renew();
    }

    @Test
    void shouldHaveASampleOfEveryTemplate() {
        final Set<Integer> known = samples().map(Sample::templateId).collect(Collectors.toSet());
        final byte[] frame = samples().findFirst().orElseThrow().frame();
        for (int templateId = 0; templateId < FIRST_EGRESS; templateId++) {
            putShort(frame, TEMPLATE_OFFSET, templateId);
            final ResultCode code = new FrameValidator().validate(new UnsafeBuffer(frame), 0, frame.length);
            assertEquals(known.contains(templateId), code != ResultCode.UNKNOWN_TEMPLATE, "template " + templateId);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldTakeValidFrames(final Sample sample) {
        final Trace trace = offer(sample.frame());

        assertEquals(0, trace.malformed() + trace.strangers() + trace.refused());
        final boolean isRequest = sample.templateId() >= FIRST_COMMAND;
        assertEquals(isRequest ? 1 : 0, trace.journaled() + trace.queries());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldCountEveryTruncation(final Sample sample) {
        for (int length = 0; length < sample.frame().length; length++) {
            final byte[] shorter = Arrays.copyOf(sample.frame(), length);
            assertMalformed(sample, shorter, "cut to " + length);
            if (length >= LENGTH_OFFSET + Integer.BYTES) {
                setLength(shorter);
                assertMalformed(sample, shorter, "cut to " + length + " and saying so");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldCountOverlongFrames(final Sample sample) {
        for (int extra = 1; extra <= 16; extra++) {
            final byte[] longer = Arrays.copyOf(sample.frame(), sample.frame().length + extra);
            assertMalformed(sample, longer, "longer by " + extra);
            setLength(longer);
            assertMalformed(sample, longer, "longer by " + extra + " and saying so");
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldSurviveEverySingleByteMutation(final Sample sample) {
        final byte[] frame = sample.frame().clone();
        int taken = 0;
        for (int at = 0; at < frame.length; at++) {
            final byte original = frame[at];
            for (int value = 0; value < 256; value++) {
                frame[at] = (byte) value;
                final Trace trace = offer(frame);
                taken += trace.malformed() + trace.strangers() == 0 ? 1 : 0;
                assertCountedOnce(frame, trace, sample + " with byte " + at + " set to " + value);
            }
            frame[at] = original;
        }
        assertTrue(taken > 0, "mutations that only change values are taken");
        assertSound();
    }

    @Test
    void shouldSurviveManyMutationsAtOnce() {
        final Random random = new Random(7);
        final Sample[] samples = samples().toArray(Sample[]::new);
        for (int i = 0; i < 200_000; i++) {
            final byte[] frame = samples[random.nextInt(samples.length)].frame().clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                final int from = CORRELATION_END < frame.length ? CORRELATION_END : SESSION_OFFSET;
                frame[from + random.nextInt(frame.length - from)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(4) - 2);
            }
            assertCountedOnce(frame, offer(frame), Arrays.toString(frame));
        }
        assertSound();
    }

    @Test
    void shouldSurviveNoise() {
        final Random random = new Random(11);
        for (int i = 0; i < 100_000; i++) {
            final byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            if (noise.length >= CORRELATION_END && random.nextBoolean()) {
                new UnsafeBuffer(noise).putLong(SESSION_OFFSET, RouterRig.SESSION, ByteOrder.LITTLE_ENDIAN);
            }
            final Trace trace = offer(noise);
            assertEquals(1, trace.malformed() + trace.strangers(), () -> Arrays.toString(noise));
            assertEquals("the same", trace.connection());
        }
        assertSound();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void shouldRefuseAnotherSession(final Sample sample) {
        final byte[] frame = sample.frame().clone();
        frame[SESSION_OFFSET]++;

        final Trace trace = offer(frame);

        assertEquals(1, trace.strangers());
        assertEquals(ResultCode.UNKNOWN_SESSION, trace.refusal());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 255, 256, 65_535})
    void shouldRefuseEveryOtherVersion(final int version) {
        for (final Sample sample : samples().toList()) {
            final byte[] frame = sample.frame().clone();
            putShort(frame, VERSION_OFFSET, version);

            final Trace trace = offer(frame);

            assertEquals(1, trace.malformed(), sample.name());
            assertEquals(0, trace.journaled() + trace.queries(), sample.name());
            assertEquals("the same", trace.connection(), sample.name());
            final ResultCode expected = sample.templateId() < FIRST_COMMAND ? null : ResultCode.UNSUPPORTED_VERSION;
            assertEquals(expected, trace.refusal(), sample.name());
        }
    }

    private void assertMalformed(final Sample sample, final byte[] frame, final String what) {
        final Trace trace = offer(frame);
        assertEquals(1, trace.malformed(), () -> sample + " " + what);
        assertEquals(0, trace.journaled() + trace.queries() + trace.strangers(), () -> sample + " " + what);
        assertEquals("the same", trace.connection(), () -> sample + " " + what);
        if (sample.templateId() >= FIRST_COMMAND && frame.length >= CORRELATION_END) {
            assertEquals(ResultCode.MALFORMED_FRAME, trace.refusal(), () -> sample + " " + what);
        } else {
            assertNull(trace.refusal(), () -> sample + " " + what);
        }
    }

    /** A request is taken, or counted and refused; nothing is done twice and nothing is forgotten. */
    private static void assertCountedOnce(final byte[] frame, final Trace trace, final String what) {
        final long done = trace.journaled() + trace.queries();
        final long counted = trace.malformed() + trace.strangers();
        final int templateId = new UnsafeBuffer(frame).getShort(TEMPLATE_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        if (templateId >= FIRST_COMMAND) {
            assertEquals(1, done + counted, what);
            assertEquals("the same", trace.connection(), what);
        } else {
            assertEquals(0, done, what);
            assertTrue(counted + trace.refused() <= 1, what);
        }
    }

    private Trace offer(final byte[] frame) {
        if (++offers % OFFERS_PER_RIG == 0) {
            assertSound();
            renew();
        }
        exact.wrap(frame);
        final Trace expected = exactRig.offer(exact, 0, frame.length);
        poison = poison * 31 + 17;
        Arrays.fill(room, 0, MARGIN, (byte) poison);
        System.arraycopy(frame, 0, room, MARGIN, frame.length);
        Arrays.fill(room, MARGIN + frame.length, 2 * MARGIN + frame.length, (byte) poison);
        final Trace actual = poisonedRig.offer(poisoned, MARGIN, frame.length);
        assertEquals(expected, actual, () -> "depends on what lies around " + Arrays.toString(frame));
        return expected;
    }

    private void renew() {
        exactRig = new RouterRig(ctx);
        poisonedRig = new RouterRig(ctx);
        final Sample createQueue = samples().findFirst().orElseThrow();
        final Trace created = exactRig.offer(new UnsafeBuffer(createQueue.frame()), 0, createQueue.frame().length);
        assertEquals(created, poisonedRig.offer(new UnsafeBuffer(createQueue.frame()), 0, createQueue.frame().length));
        assertEquals(1, created.journaled());
    }

    private void assertSound() {
        assertTrue(exactRig.isSound());
        assertTrue(poisonedRig.isSound());
    }

    private static void setLength(final byte[] frame) {
        new UnsafeBuffer(frame).putInt(LENGTH_OFFSET, frame.length, ByteOrder.LITTLE_ENDIAN);
    }

    private static void putShort(final byte[] frame, final int offset, final int value) {
        new UnsafeBuffer(frame).putShort(offset, (short) value, ByteOrder.LITTLE_ENDIAN);
    }
}
