package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.ResultCode;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes a client sends: the validator never throws and never reads outside them, and nor does the kernel behind it. */
class FrameValidatorTest {

    private static final int TEMPLATE_OFFSET = 2;
    private static final int SCHEMA_OFFSET = 4;
    private static final int VERSION_OFFSET = 6;
    private static final int LENGTH_OFFSET = 8;

    private final FrameValidator validator = new FrameValidator();
    private final GuardedFrame guarded = new GuardedFrame();

    static Stream<SampleFrames.Sample> samples() {
        return SampleFrames.all().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldAcceptValidFrames(final SampleFrames.Sample sample) {
        assertEquals(ResultCode.OK, validate(sample.frame()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldRefuseEveryTruncation(final SampleFrames.Sample sample) {
        for (int length = 0; length < sample.frame().length; length++) {
            final byte[] shorter = Arrays.copyOf(sample.frame(), length);
            assertEquals(ResultCode.MALFORMED_FRAME, validate(shorter), "cut to " + length);
            if (length >= LENGTH_OFFSET + 4) {
                setLength(shorter, length);
                assertEquals(ResultCode.MALFORMED_FRAME, validate(shorter), "cut to " + length + " and saying so");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldRefuseOverlongFrames(final SampleFrames.Sample sample) {
        for (int extra = 1; extra <= 16; extra++) {
            final byte[] longer = Arrays.copyOf(sample.frame(), sample.frame().length + extra);
            assertEquals(ResultCode.MALFORMED_FRAME, validate(longer), "longer by " + extra);
            setLength(longer, longer.length);
            assertEquals(ResultCode.MALFORMED_FRAME, validate(longer), "longer by " + extra + " and saying so");
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldSurviveEverySingleByteMutation(final SampleFrames.Sample sample) {
        final Victims victims = new Victims(guarded);
        final byte[] frame = sample.frame().clone();
        int accepted = 0;
        for (int at = 0; at < frame.length; at++) {
            final byte original = frame[at];
            for (int value = 0; value < 256; value++) {
                frame[at] = (byte) value;
                if (validate(frame) == ResultCode.OK) {
                    accepted++;
                    final int changed = at;
                    victims.suffer(frame, () -> sample + " with byte " + changed + " set to " + frame[changed]);
                }
            }
            frame[at] = original;
        }
        assertTrue(accepted > frame.length, "mutations that only change values are accepted");
        victims.shouldBeWell();
    }

    @Test
    void shouldSurviveManyMutationsAtOnce() {
        final Random random = new Random(7);
        final List<SampleFrames.Sample> samples = SampleFrames.all();
        final Victims victims = new Victims(guarded);
        for (int i = 0; i < 200_000; i++) {
            final byte[] frame =
                    samples.get(random.nextInt(samples.size())).frame().clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                frame[12 + random.nextInt(frame.length - 12)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(4) - 2);
            }
            if (validate(frame) == ResultCode.OK) {
                victims.suffer(frame, () -> Arrays.toString(frame));
            }
        }
        victims.shouldBeWell();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 5, 99, 108, 109, 199, 208, 299, 300, 310, 400, 401, 402, 403, 404, 405, 406, 500, 512, 65535})
    void shouldRefuseTemplatesThatNoClientMaySend(final int templateId) {
        final byte[] frame = SampleFrames.all().get(0).frame().clone();
        new UnsafeBuffer(frame).putShort(TEMPLATE_OFFSET, (short) templateId, ByteOrder.LITTLE_ENDIAN);

        assertEquals(ResultCode.UNKNOWN_TEMPLATE, validate(frame));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void shouldRefuseAnotherSchemaOrVersion(final SampleFrames.Sample sample) {
        final byte[] otherSchema = sample.frame().clone();
        otherSchema[SCHEMA_OFFSET]++;
        final byte[] newerVersion = sample.frame().clone();
        newerVersion[VERSION_OFFSET + 1] = 1;
        final byte[] versionZero = sample.frame().clone();
        versionZero[VERSION_OFFSET] = 0;

        assertEquals(ResultCode.UNSUPPORTED_VERSION, validate(otherSchema));
        assertEquals(ResultCode.UNSUPPORTED_VERSION, validate(versionZero));
        assertEquals(ResultCode.UNSUPPORTED_VERSION, validate(newerVersion));
    }

    @Test
    void shouldSurviveNoise() {
        final Random random = new Random(11);
        for (int i = 0; i < 200_000; i++) {
            final byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            assertNotEquals(ResultCode.OK, validate(noise));
        }
    }

    private ResultCode validate(final byte[] frame) {
        final ResultCode exact = validator.validate(guarded.exact(frame), 0, frame.length);
        final ResultCode poisoned = validator.validate(guarded.poisoned(frame), GuardedFrame.MARGIN, frame.length);
        assertEquals(exact, poisoned, () -> "depends on what lies around " + Arrays.toString(frame));
        return exact;
    }

    private static void setLength(final byte[] frame, final int length) {
        new UnsafeBuffer(frame).putInt(LENGTH_OFFSET, length, ByteOrder.LITTLE_ENDIAN);
    }

    /** Two kernels that get every accepted frame, one in a buffer of its own, the other among poison: they must stay equal. */
    private static final class Victims {

        private final GuardedFrame guarded;
        private Scenario exact;
        private Scenario poisoned;
        private int suffered;

        Victims(final GuardedFrame guarded) {
            this.guarded = guarded;
            renew();
        }

        void suffer(final byte[] frame, final Supplier<String> what) {
            if (++suffered % 2_000 == 0) {
                shouldBeWell();
                renew();
            }
            try {
                exact.applyFrame(Scenario.A, guarded.exact(frame), 0, frame.length);
                poisoned.applyFrame(Scenario.A, guarded.poisoned(frame), GuardedFrame.MARGIN, frame.length);
            } catch (final RuntimeException | AssertionError failure) {
                throw new AssertionError(what.get(), failure);
            }
            assertEquals(exact.kernel.stateHash(), poisoned.kernel.stateHash(), what);
            final List<RecordingEgress.Emitted> said = exact.egress.drain();
            final List<RecordingEgress.Emitted> saidAmongPoison = poisoned.egress.drain();
            if (!said.equals(saidAmongPoison)) {
                assertEquals(said.toString(), saidAmongPoison.toString(), what);
            }
        }

        void shouldBeWell() {
            assertEquals(exact.kernel.recomputeStateHash(), exact.kernel.stateHash());
            exact.workOff();
        }

        private void renew() {
            exact = SampleFrames.furnished();
            poisoned = SampleFrames.furnished();
        }
    }
}
