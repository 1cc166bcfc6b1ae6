package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.PayloadBytesDecoder;
import io.millrace.codecs.SnapshotBeginDecoder;
import io.millrace.codecs.SnapshotEndDecoder;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A snapshot is all of the state between its two marks, or it is none. */
class SnapshotTest {

    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int LENGTH_OFFSET = MessageHeaderDecoder.messageLengthEncodingOffset();

    private final Scenario scenario = SampleFrames.furnished();
    private final GuardedFrame guarded = new GuardedFrame();
    private final List<byte[]> records = new ArrayList<>(Snapshots.of(scenario.kernel));

    @Test
    void shouldRestoreAnEmptyKernel() {
        final Kernel empty = new Kernel(new RecordingEgress());

        assertEquals(
                empty.stateHash(), Snapshots.copy(empty, new RecordingEgress()).stateHash());
    }

    @Test
    void shouldRestoreAllStateAndTheLimits() {
        final Kernel copy = Snapshots.copy(scenario.kernel, new RecordingEgress());

        assertEquals(scenario.kernel.limits(), copy.limits());
        assertEquals(scenario.kernel.bootEpoch(), copy.bootEpoch());
        assertEquals(scenario.kernel.nextDeadlineNs(), copy.nextDeadlineNs());
        assertEquals(scenario.kernel.messageCount(), copy.messageCount());
        assertEquals(scenario.kernel.queueCount(), copy.queueCount());
        assertEquals(scenario.kernel.arenaBytes(), copy.arenaBytes());
        assertEquals(
                scenario.kernel.counters().inFlightMessages(), copy.counters().inFlightMessages());
        assertEquals(
                scenario.kernel.counters().delayedMessages(), copy.counters().delayedMessages());
        assertEquals(
                scenario.kernel.counters().availableMessages(), copy.counters().availableMessages());
    }

    @Test
    void shouldStandBetweenItsMarksAndSayWhereItWasTaken() {
        final UnsafeBuffer first = new UnsafeBuffer(records.get(0));
        final SnapshotBeginDecoder begin =
                new SnapshotBeginDecoder().wrapAndApplyHeader(first, 0, new MessageHeaderDecoder());
        final UnsafeBuffer last = new UnsafeBuffer(records.get(records.size() - 1));
        final SnapshotEndDecoder end = new SnapshotEndDecoder().wrapAndApplyHeader(last, 0, new MessageHeaderDecoder());

        assertEquals(99, begin.logPosition());
        assertEquals(scenario.kernel.timeNs(), begin.timestampNs());
        assertEquals(scenario.kernel.stateHash(), begin.stateHash());
        assertEquals(Kernel.VERSION, begin.kernelVersion());
        assertEquals(records.size() - 1, end.recordCount());
        assertEquals(scenario.kernel.stateHash(), end.stateHash());
    }

    @Test
    void shouldRestoreLargePayloadsThatAreHalfThere() {
        final Payload payload = Payload.of("x".repeat(100_000));
        final String chars = new String(payload.bytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        scenario.sendInChunks(A, 1, payload, 32_768);
        scenario.begin(A, 1, null, chars.length());
        scenario.append(A, 0, chars.substring(0, 40_000));
        final Kernel copy = Snapshots.copy(scenario.kernel, new RecordingEgress());

        assertEquals(scenario.kernel.arenaBytes(), copy.arenaBytes());
    }

    @Test
    void shouldRefuseASnapshotCutAnywhere() {
        for (int length = 0; length < records.size(); length++) {
            final List<byte[]> cut = records.subList(0, length);
            assertThrows(
                    IllegalStateException.class,
                    () -> Snapshots.load(cut, new RecordingEgress()),
                    "cut to " + length + " records");
        }
    }

    @Test
    void shouldRefuseRecordsBehindTheEndOrBeforeTheBegin() {
        records.add(records.get(0));
        shouldBeRefused();
        records.remove(records.size() - 1);
        records.remove(0);
        shouldBeRefused();
    }

    @Test
    void shouldRefuseASecondBegin() {
        records.add(1, records.get(0));

        shouldBeRefused();
    }

    @Test
    void shouldRefuseALostRecord() {
        records.remove(records.size() - 2);

        shouldBeRefused();
    }

    @Test
    void shouldRefuseAnotherKernelOrFormat() {
        final byte[] begin = records.get(0);
        final UnsafeBuffer buffer = new UnsafeBuffer(begin.clone());
        records.set(0, buffer.byteArray());
        for (final int field : new int[] {
            SnapshotBeginDecoder.kernelVersionEncodingOffset(), SnapshotBeginDecoder.formatVersionEncodingOffset()
        }) {
            final int version = buffer.getInt(HEADER + field, ByteOrder.LITTLE_ENDIAN);
            buffer.putInt(HEADER + field, version + 1, ByteOrder.LITTLE_ENDIAN);
            shouldBeRefused();
            buffer.putInt(HEADER + field, version, ByteOrder.LITTLE_ENDIAN);
        }

        assertArrayEquals(begin, records.get(0));
        Snapshots.load(records, new RecordingEgress());
    }

    @Test
    void shouldRefuseOneWrongByteOfAPayload() {
        for (int i = 0; i < records.size(); i++) {
            final byte[] record = records.get(i);
            final UnsafeBuffer buffer = new UnsafeBuffer(record);
            final int templateId = new MessageHeaderDecoder().wrap(buffer, 0).templateId();
            if (templateId == PayloadBytesDecoder.TEMPLATE_ID) {
                final byte[] wrong = record.clone();
                wrong[wrong.length - 1] ^= 1;
                records.set(i, wrong);
                shouldBeRefused();
                return;
            }
        }
        throw new AssertionError("no payload in the snapshot");
    }

    @Test
    void shouldRefuseRecordsThatAreNoneOfASnapshot() {
        final byte[] record = records.get(1).clone();
        new UnsafeBuffer(record)
                .putShort(MessageHeaderDecoder.templateIdEncodingOffset(), (short) 110, ByteOrder.LITTLE_ENDIAN);
        records.set(1, record);

        shouldBeRefused();
    }

    /** A loader reads nothing behind the length it was given: there, any read throws, or finds poison. */
    @Test
    void shouldReadNothingBehindARecord() {
        final Kernel exact = new Kernel(new RecordingEgress());
        final SnapshotLoader exactLoader = exact.loader();
        records.forEach(record -> exactLoader.onRecord(guarded.exact(record), 0, record.length));
        exactLoader.complete();
        final Kernel poisoned = new Kernel(new RecordingEgress());
        final SnapshotLoader poisonedLoader = poisoned.loader();
        records.forEach(
                record -> poisonedLoader.onRecord(guarded.poisoned(record), GuardedFrame.MARGIN, record.length));
        poisonedLoader.complete();

        assertEquals(scenario.kernel.stateHash(), exact.stateHash());
        assertEquals(scenario.kernel.stateHash(), poisoned.stateHash());
    }

    @Test
    void shouldRefuseARecordOfAnyOtherLength() {
        for (int index = 0; index < records.size(); index++) {
            final byte[] record = records.get(index);
            for (int length = 0; length < record.length + 16; length += length < 80 ? 1 : 1 + length / 8) {
                if (length != record.length) {
                    final SnapshotLoader loader = new Kernel(new RecordingEgress()).loader();
                    if (index > 0) {
                        loader.onRecord(new UnsafeBuffer(records.get(0)), 0, records.get(0).length);
                    }
                    final byte[] other = Arrays.copyOf(record, length);
                    shouldBeRefused(loader, index, other);
                    if (length >= LENGTH_OFFSET + Integer.BYTES) {
                        new UnsafeBuffer(other).putInt(LENGTH_OFFSET, length, ByteOrder.LITTLE_ENDIAN);
                        shouldBeRefused(loader, index, other);
                    }
                }
            }
        }
    }

    @Test
    void shouldChangeNothingByBeingTaken() {
        final long hash = scenario.kernel.stateHash();
        final List<byte[]> again = Snapshots.of(scenario.kernel);

        assertEquals(hash, scenario.kernel.stateHash());
        assertTrue(again.size() > 20);
        for (int i = 0; i < again.size(); i++) {
            assertArrayEquals(records.get(i), again.get(i));
        }
    }

    private void shouldBeRefused(final SnapshotLoader loader, final int index, final byte[] other) {
        assertThrows(
                IllegalStateException.class,
                () -> loader.onRecord(guarded.exact(other), 0, other.length),
                () -> "record " + index + " with " + other.length + " bytes");
        assertThrows(
                IllegalStateException.class,
                () -> loader.onRecord(guarded.poisoned(other), GuardedFrame.MARGIN, other.length),
                () -> "record " + index + " with " + other.length + " bytes among poison");
    }

    private void shouldBeRefused() {
        assertThrows(IllegalStateException.class, () -> Snapshots.load(records, new RecordingEgress()));
    }
}
