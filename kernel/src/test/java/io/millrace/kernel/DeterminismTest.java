package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.CreateStreamDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same log gives the same outputs, byte for byte, and the same state hash, whoever hosts the kernel. */
class DeterminismTest {

    private static final int HISTORIES = Integer.getInteger("millrace.histories", 3);
    private static final int FIRST_SEED = 101;
    private static final int STEPS = 3_000;
    private static final int FIRST_QUERY = 200;
    private static final int RECORD_HEADER_LENGTH = 16;

    /** A kernel under a host that hands it one record at a time, each in a buffer of exactly its length. */
    private static final class Host {

        final RecordingEgress egress;
        final Kernel kernel;
        private final LogDispatcher dispatcher;

        Host(final RecordingEgress egress, final Kernel kernel) {
            this.egress = egress;
            this.kernel = kernel;
            dispatcher = new LogDispatcher(kernel);
            egress.keepBytes();
        }

        static Host empty(final int poison) {
            final RecordingEgress egress = new RecordingEgress((byte) poison);
            return new Host(egress, new Kernel(egress));
        }

        void apply(final LogRecord record) {
            final UnsafeBuffer exact = new UnsafeBuffer(record.frame().clone());
            dispatcher.onRecord(record.timeNs(), record.sessionId(), exact, 0, exact.capacity());
        }

        /** Applies as one batch, laid out as in an excerpt, all records that share the time of the first. */
        int applyBatch(final List<LogRecord> log, final int from) {
            final UnsafeBuffer batch = new UnsafeBuffer(new byte[1 << 20]);
            final long timeNs = log.get(from).timeNs();
            int to = from;
            int end = 80;
            while (to < log.size() && log.get(to).timeNs() == timeNs) {
                final byte[] frame = log.get(to).frame();
                if (end + RECORD_HEADER_LENGTH + frame.length > batch.capacity()) {
                    break;
                }
                batch.putBytes(end + RECORD_HEADER_LENGTH, frame);
                end += RECORD_HEADER_LENGTH + (frame.length + 7 & ~7);
                to++;
            }
            int offset = 80;
            for (final LogRecord record : log.subList(from, to)) {
                final int length = record.frame().length;
                dispatcher.onRecord(timeNs, record.sessionId(), batch, offset + RECORD_HEADER_LENGTH, length);
                offset += RECORD_HEADER_LENGTH + (length + 7 & ~7);
            }
            return to;
        }
    }

    private static LongStream seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + HISTORIES);
    }

    @Test
    void shouldReplayEveryCommandThereIs() {
        final Set<Integer> expected = SampleFrames.all().stream()
                .map(sample -> templateId(sample.frame()))
                .filter(id -> id >= CreateQueueDecoder.TEMPLATE_ID && id < FIRST_QUERY)
                .collect(Collectors.toSet());
        // For the rest streams have histories of their own: StreamHistoriesTest.
        expected.removeIf(id -> id >= CreateStreamDecoder.TEMPLATE_ID);
        final Set<Integer> replayed = seeds().boxed()
                .flatMap(seed -> ModelRun.record(seed, STEPS).stream())
                .map(record -> templateId(record.frame()))
                .collect(Collectors.toSet());

        expected.removeAll(replayed);

        assertEquals(Set.of(), expected, "templates in no history");
    }

    private static int templateId(final byte[] frame) {
        return new MessageHeaderDecoder().wrap(new UnsafeBuffer(frame), 0).templateId();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldGiveTheSameOutputsAndHashesTwice(final long seed) {
        final List<LogRecord> log = ModelRun.record(seed, STEPS);
        final Host first = Host.empty(0x00);
        final Host second = Host.empty(0xFF);

        for (final LogRecord record : log) {
            first.apply(record);
            second.apply(record);
            assertEquals(first.kernel.stateHash(), second.kernel.stateHash(), "state hash");
        }

        assertTrue(first.egress.bytes().length > 100_000, "a log that says something");
        assertArrayEquals(first.egress.bytes(), second.egress.bytes());
        assertEquals(first.kernel.recomputeStateHash(), second.kernel.recomputeStateHash());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldGiveTheSameOutputsInBatchesAsOneByOne(final long seed) {
        final List<LogRecord> log = ModelRun.record(seed, STEPS);
        final Host journaling = Host.empty(0x11);
        final Host cluster = Host.empty(0x22);

        int batches = 0;
        for (int at = 0; at < log.size(); batches++) {
            at = journaling.applyBatch(log, at);
        }
        log.forEach(cluster::apply);

        assertTrue(batches < log.size() / 2, "batches of several records");
        assertArrayEquals(journaling.egress.bytes(), cluster.egress.bytes());
        assertEquals(journaling.kernel.stateHash(), cluster.kernel.stateHash());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldGoOnFromASnapshotAsIfNothingHadHappened(final long seed) {
        final List<LogRecord> log = ModelRun.record(seed, STEPS);

        for (int part = 1; part <= 8; part++) {
            final int cut = log.size() * part / 9;
            final Host through = Host.empty(0x33);
            log.subList(0, cut).forEach(through::apply);
            final RecordingEgress egress = new RecordingEgress((byte) 0x44);
            final Host resumed = new Host(egress, Snapshots.copy(through.kernel, egress));
            through.egress.keepBytes();

            log.subList(cut, log.size()).forEach(record -> {
                through.apply(record);
                resumed.apply(record);
            });

            assertArrayEquals(through.egress.bytes(), resumed.egress.bytes(), "outputs after record " + cut);
            assertEquals(through.kernel.stateHash(), resumed.kernel.stateHash(), "hash after record " + cut);
        }
    }

    @Test
    void shouldWriteTheSameSnapshotTwiceAndAgainWhenRestored() {
        final Host host = Host.empty(0x55);
        ModelRun.record(131, STEPS).forEach(host::apply);

        final List<byte[]> snapshot = Snapshots.of(host.kernel);
        final List<byte[]> again = Snapshots.of(host.kernel);
        final List<byte[]> restored = Snapshots.of(Snapshots.load(snapshot, new RecordingEgress()));

        assertEquals(snapshot.size(), again.size());
        assertEquals(snapshot.size(), restored.size());
        for (int i = 0; i < snapshot.size(); i++) {
            assertArrayEquals(snapshot.get(i), again.get(i), "record " + i + " again");
            assertArrayEquals(snapshot.get(i), restored.get(i), "record " + i + " restored");
        }
    }
}
