package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.StreamCommand.Put;
import io.millrace.kernel.StreamCommand.Settings;
import java.math.BigInteger;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

/** Records that do not fit a frame. */
class LargeRecordsTest {
    private static final int CHUNK = 60_000;
    private static final int MIB = 1_048_576;
    private static final BigInteger SECOND_SHARD = BigInteger.ONE.shiftLeft(127);

    private final Scenario scenario = new Scenario();
    private final StreamSupport streams = new StreamSupport(scenario);
    private final long stream = streams.create("tape", 2);
    private long correlationId = 7_000_000;

    private static Put recordOf(final int bytes) {
        return new Put(SECOND_SHARD, "key", "x".repeat(bytes - 3));
    }

    private void begin(final Producer producer, final long streamId, final long length) {
        scenario.apply(A, new StreamCommand.BeginRecord(++correlationId, producer, streamId, length));
    }

    private void begin(final Put record) {
        begin(Producer.NONE, stream, StreamCommandWriter.entry(record).length());
    }

    private void append(final String entry) {
        for (int at = 0; at < entry.length(); at += CHUNK) {
            final String chunk = entry.substring(at, Math.min(entry.length(), at + CHUNK));
            scenario.apply(A, new Command.AppendPayload(correlationId, at, chunk));
        }
    }

    private void commit(final Producer producer) {
        scenario.apply(A, new Command.CommitPayload(correlationId, producer));
    }

    private void put(final Producer producer, final Put record) {
        final String entry = StreamCommandWriter.entry(record);
        begin(producer, stream, entry.length());
        append(entry);
        commit(producer);
    }

    private void put(final Put record) {
        put(Producer.NONE, record);
    }

    @Test
    void shouldPutARecordThatArrivesInParts() {
        scenario.passSilently(5);
        put(new Put("IBM", "x".repeat(200_000)));
        put(new Put(BigInteger.ZERO, "key", "x".repeat(100_000)));

        scenario.shouldTell("A: put 2:1.0", "A: put 1:1.1");
        assertEquals(
                List.of(
                        "append 1/2 1.0 IBM=" + "x".repeat(200_000) + " at 5",
                        "append 1/1 1.1 key=" + "x".repeat(100_000) + " at 5"),
                scenario.logs.drain());
    }

    @Test
    @Statement("K2")
    void shouldTakeOneMebibyteAndNoByteMoreUnlessTheStreamSaysSo() {
        put(recordOf(MIB));
        begin(recordOf(MIB + 1));
        streams.set(stream, new Settings(null, 10L * MIB));
        put(recordOf(MIB + 1));
        put(recordOf(10 * MIB));
        begin(recordOf(10 * MIB + 1));

        scenario.shouldTell(
                "A: put 2:1.0",
                "A: refused LIMIT_EXCEEDED RECORD_BYTES limit=1048576 actual=1048577 entry=0",
                "A: confirmed",
                "A: put 2:1.1",
                "A: put 2:1.2",
                "A: refused LIMIT_EXCEEDED RECORD_BYTES limit=10485760 actual=10485761 entry=0");
        assertEquals(
                List.of(MIB, MIB + 1, 10 * MIB),
                scenario.logs.drain().stream()
                        .map(line -> line.substring(line.indexOf("key"), line.indexOf(" at ")))
                        .map(record -> record.length() - 1)
                        .toList());
    }

    @Test
    void shouldKeepNothingOfARecordThatWasPut() {
        final long before = scenario.kernel.arenaBytes();
        put(recordOf(MIB));
        scenario.forget();

        assertEquals(before, scenario.kernel.arenaBytes());
    }

    @Test
    void shouldCountARecordInTheQuotaOfItsShardWhenItIsPut() {
        final Limits limits = Limits.nativeProfile().with(LimitId.SHARD_PUTS, 2).with(LimitId.SHARD_PUT_BYTES, 150_000);
        scenario.kernel.configure(scenario.nowNs(), limits);
        put(recordOf(100_000));
        put(recordOf(100_000));
        put(recordOf(10));
        put(recordOf(10));
        scenario.passSilently(1_000);
        put(recordOf(200_000));

        scenario.shouldTell(
                "A: put 2:1.0",
                "A: put 2:LIMIT_EXCEEDED SHARD_PUT_BYTES limit=150000 actual=200000",
                "A: put 2:1.1",
                "A: put 2:LIMIT_EXCEEDED SHARD_PUTS limit=2 actual=3",
                "A: put 2:1.2");
    }

    @Test
    void shouldPutOnceWhatIsSentAgain() {
        scenario.openProducer(A, 0);
        put(new Producer(1, 1, 1), recordOf(100_000));
        put(new Producer(1, 1, 1), recordOf(100_000));
        scenario.close(A);
        scenario.open(A);
        scenario.openProducer(A, 1);
        put(new Producer(1, 1, 2), recordOf(100_000));
        put(new Producer(1, 2, 2), recordOf(100_000));

        scenario.shouldTell(
                "A: producer 1 epoch=1 last=0",
                "A: put 2:1.0",
                "A: put 2:1.0",
                "A: producer 1 epoch=2 last=1",
                "A: put 2:1.0",
                "A: put 2:1.1");
        assertEquals(2, scenario.logs.drain().size());
    }

    @Test
    void shouldRefuseWhatIsNoRecord() {
        final String entry = StreamCommandWriter.entry(recordOf(100));
        begin(Producer.NONE, stream, entry.length() - 1);
        append(entry.substring(0, entry.length() - 1));
        commit(Producer.NONE);
        begin(Producer.NONE, stream, entry.length());
        append(entry.substring(0, entry.length() - 1));
        commit(Producer.NONE);
        begin(Producer.NONE, stream, 3);
        append("abc");
        commit(Producer.NONE);
        begin(Producer.NONE, stream, 0);
        commit(Producer.NONE);
        put(new Put("", "no key"));
        put(new Put("x".repeat(257), "a long key"));
        begin(Producer.NONE, stream, 0xFFFF_FFFEL);

        scenario.shouldTell(
                "A: refused MALFORMED_FRAME",
                "A: refused OUT_OF_ORDER_CHUNK",
                "A: refused MALFORMED_FRAME",
                "A: refused MALFORMED_FRAME",
                "A: refused INVALID_ARGUMENT entry=0",
                "A: refused LIMIT_EXCEEDED PARTITION_KEY_CHARACTERS limit=256 actual=257 entry=0",
                "A: refused LIMIT_EXCEEDED RECORD_BYTES limit=1048576 actual=4294967271 entry=0");
        assertEquals(List.of(), scenario.logs.drain());
    }

    @Test
    void shouldJudgeTheStreamWhenTheRecordBeginsAndWhenItIsPut() {
        final String entry = StreamCommandWriter.entry(recordOf(100));
        streams.ask("new", 1, Settings.NONE);
        scenario.forget();
        begin(Producer.NONE, 2, entry.length());
        begin(Producer.NONE, 3, entry.length());
        begin(Producer.NONE, stream, entry.length());
        append(entry);
        streams.set(stream, new Settings(null, 99L));
        commit(Producer.NONE);
        streams.set(stream, new Settings(null, 100L));
        begin(Producer.NONE, stream, entry.length());
        append(entry);
        streams.delete(stream);
        commit(Producer.NONE);

        scenario.shouldTell(
                "A: refused RESOURCE_IN_USE",
                "A: refused UNKNOWN_STREAM",
                "A: confirmed",
                "A: refused LIMIT_EXCEEDED RECORD_BYTES limit=99 actual=100 entry=0",
                "A: confirmed",
                "A: confirmed",
                "A: refused UNKNOWN_STREAM");
    }

    @Test
    void shouldLimitWhatASessionHasUnderWayAndWhatTheArenaHolds() {
        final Limits limits = Limits.nativeProfile();
        scenario.kernel.configure(scenario.nowNs(), limits.with(LimitId.TRANSFER_BYTES, 1_000));
        begin(Producer.NONE, stream, 600);
        begin(Producer.NONE, stream, 401);
        scenario.kernel.configure(scenario.nowNs(), limits.with(LimitId.TRANSFERS, 1));
        begin(Producer.NONE, stream, 600);
        final long bytes = scenario.kernel.arenaBytes();
        scenario.kernel.configure(scenario.nowNs(), limits.with(LimitId.ARENA_BYTES, bytes + 607));
        begin(Producer.NONE, stream, 600);

        scenario.shouldTell(
                "A: refused LIMIT_EXCEEDED TRANSFER_BYTES limit=1000 actual=1001",
                "A: refused LIMIT_EXCEEDED TRANSFERS limit=1 actual=2",
                "A: refused LIMIT_EXCEEDED ARENA_BYTES limit=" + (bytes + 607) + " actual=" + (bytes + 608));
    }

    @Test
    void shouldGoOnAfterASnapshot() {
        final String entry = StreamCommandWriter.entry(recordOf(3 * MIB));
        streams.set(stream, new Settings(null, 10L * MIB));
        begin(Producer.NONE, stream, entry.length());
        append(entry.substring(0, 2 * MIB));
        final RecordingEgress egress = new RecordingEgress();
        final RecordingLogs logs = new RecordingLogs();
        final Kernel copy = Snapshots.copy(scenario.kernel, egress, logs);
        assertEquals(scenario.kernel.recomputeStateHash(), copy.stateHash());
        scenario.forget();
        final List<Command> rest = List.of(
                new Command.AppendPayload(correlationId, 2 * MIB, entry.substring(2 * MIB)),
                new Command.CommitPayload(correlationId, Producer.NONE));
        for (final Command command : rest) {
            final ExpandableArrayBuffer frame = new ExpandableArrayBuffer();
            final int length = new CommandWriter().write(frame, 0, A, command);
            copy.apply(scenario.nowNs(), A, frame, 0, length);
            scenario.apply(A, command);
        }

        final List<RecordingEgress.Emitted> told = egress.drain();
        assertEquals(scenario.egress.drain(), told);
        assertEquals(1, told.size());
        assertEquals(scenario.logs.drain(), logs.drain());
        assertEquals(scenario.kernel.stateHash(), copy.stateHash());
    }

    @Test
    void shouldPutLargeMessagesOfATopic() {
        final TopicSupport topics = new TopicSupport(scenario);
        final long topic = topics.create("trades");
        streams.subscribe(topic, stream, Command.SubscriptionSettings.RAW, "");
        scenario.forget();
        scenario.logs.drain();
        final String entry = PublicationEntry.encode(new Command.Published(Payload.of("x".repeat(MIB - 100)), ""));
        scenario.apply(A, new Command.BeginPublication(++correlationId, Producer.NONE, topic, false, entry.length()));
        append(entry);
        commit(Producer.NONE);
        scenario.workOff();

        final List<String> asked = scenario.logs.drain();
        assertEquals(1, asked.size());
        assertTrue(asked.get(0).contains("=" + "x".repeat(MIB - 100) + " at "));
    }
}
