package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.LimitId;
import io.millrace.kernel.StreamCommand.Put;
import io.millrace.kernel.StreamCommand.Settings;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records are put. */
class PuttingTest {
    private final Scenario scenario = new Scenario();
    private final StreamSupport streams = new StreamSupport(scenario);

    @Test
    @Statement("K1")
    void shouldDivideTheHashKeysWithoutAGap() {
        for (final int count : new int[] {1, 2, 3, 7}) {
            BigInteger next = BigInteger.ZERO;
            for (final StreamEvent.ShardDescription shard : streams.shards(streams.create("of " + count, count))) {
                assertEquals(next, shard.first());
                next = shard.last().add(BigInteger.ONE);
            }
            assertEquals(StreamSupport.END, next, count + " shards");
        }
    }

    @Test
    @Statement("K1")
    void shouldPutARecordIntoTheShardThatHasTheHashOfItsKey() throws Exception {
        final long stream = streams.create("tape", 5);
        final List<StreamEvent.ShardDescription> shards = streams.shards(stream);
        for (int i = 0; i < 100; i++) {
            final String key = "key " + i;
            final BigInteger hash =
                    new BigInteger(1, MessageDigest.getInstance("MD5").digest(key.getBytes(StandardCharsets.UTF_8)));
            streams.put(stream, key);
            final long shardId = shards.stream()
                    .filter(shard ->
                            shard.first().compareTo(hash) <= 0 && shard.last().compareTo(hash) >= 0)
                    .findFirst()
                    .orElseThrow()
                    .shardId();

            scenario.shouldTell("A: put " + shardId + ":1." + i);
        }
    }

    @Test
    @Statement("K1")
    void shouldPutARecordWhereItsExplicitHashKeySays() {
        final long stream = streams.create("tape", 2);
        final BigInteger middle = BigInteger.ONE.shiftLeft(127);
        scenario.forget();
        streams.putEntries(
                stream,
                StreamSupport.at(BigInteger.ZERO),
                StreamSupport.at(middle.subtract(BigInteger.ONE)),
                StreamSupport.at(middle),
                StreamSupport.at(StreamSupport.END.subtract(BigInteger.ONE)));

        scenario.shouldTell("A: put 1:1.0 1:1.1 2:1.2 2:1.3");
    }

    @Test
    void shouldHandRecordsToTheLogs() {
        final long stream = streams.create("tape", 1);
        scenario.passSilently(5);
        streams.putEntries(stream, new Put("IBM", "a trade"), new Put("k", ""));
        streams.describe(stream);

        assertEquals(List.of("append 1/1 1.0 IBM=a trade at 5", "append 1/1 1.1 k= at 5"), scenario.logs.drain());
        scenario.shouldTell("A: put 1:1.0 1:1.1", "A: stream 1 'tape' ACTIVE shards=1/1 records=2 bytes=11");
        assertEquals(2, scenario.kernel.counters().puts());
    }

    @Test
    @Statement("K3")
    void shouldNumberRecordsOnceInAStreamThroughEveryStart() {
        final long stream = streams.create("tape", 2);
        streams.putEntries(stream, StreamSupport.at(BigInteger.ZERO), StreamSupport.at(BigInteger.ONE.shiftLeft(127)));
        scenario.kernel.boot(scenario.nowNs(), 2);
        scenario.open(Scenario.A);
        streams.putEntries(stream, StreamSupport.at(BigInteger.ZERO), StreamSupport.at(BigInteger.ONE.shiftLeft(127)));
        scenario.kernel.boot(scenario.nowNs(), 9);
        scenario.open(Scenario.A);
        streams.putEntries(stream, StreamSupport.at(BigInteger.ZERO));

        scenario.shouldTell("A: put 1:1.0 2:1.1", "A: put 1:2.0 2:2.1", "A: put 1:9.0");
    }

    @Test
    @Statement("K4")
    void shouldApplyTheOrderOfEachProducerAndPromiseNoneBetweenThem() {
        final long stream = streams.create("tape", 2);
        scenario.openProducer(Scenario.A, 0);
        scenario.openProducer(Scenario.B, 0);
        scenario.forget();
        scenario.logs.drain();
        put(Scenario.A, 1, 1, stream, "a1");
        put(Scenario.B, 2, 1, stream, "b1");
        put(Scenario.A, 1, 3, stream, "a3");
        put(Scenario.B, 2, 2, stream, "b2");
        put(Scenario.A, 1, 2, stream, "a2");
        put(Scenario.A, 1, 1, stream, "a1");
        put(Scenario.A, 1, 3, stream, "a3");

        scenario.shouldTell(
                "A: put 1:1.0",
                "B: put 1:1.1",
                "A: refused SEQUENCE_GAP expected=2",
                "B: put 1:1.2",
                "A: put 1:1.3",
                "A: put 1:1.0",
                "A: put 1:1.4");
        assertEquals(
                List.of(
                        "append 1/1 1.0 k=a1 at 0",
                        "append 1/1 1.1 k=b1 at 0",
                        "append 1/1 1.2 k=b2 at 0",
                        "append 1/1 1.3 k=a2 at 0",
                        "append 1/1 1.4 k=a3 at 0"),
                scenario.logs.drain());
    }

    private void put(
            final long sessionId, final long producerId, final long sequence, final long stream, final String data) {
        final Command.Producer producer = new Command.Producer(producerId, sequence, 1);
        scenario.apply(
                sessionId,
                new StreamCommand.PutRecords(
                        producerId * 100 + sequence, producer, stream, List.of(new Put(BigInteger.ZERO, "k", data))));
    }

    @Test
    @Statement("K2")
    void shouldCountThePartitionKeyInCharacters() {
        final long stream = streams.create("tape", 1);
        scenario.forget();
        final String twoBytes =
                new String("\u00e9".repeat(256).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        streams.put(stream, "x".repeat(256));
        streams.put(stream, twoBytes);
        streams.put(stream, "x".repeat(257));
        streams.put(stream, "ok", "");
        streams.put(stream, "\u00ff");

        scenario.shouldTell(
                "A: put 1:1.0",
                "A: put 1:1.1",
                "A: refused LIMIT_EXCEEDED PARTITION_KEY_CHARACTERS limit=256 actual=257 entry=0",
                "A: refused INVALID_ARGUMENT entry=1",
                "A: refused INVALID_ARGUMENT entry=0");
    }

    @Test
    @Statement("K2")
    void shouldLimitKeyAndDataOfARecordTogether() {
        final long stream = streams.create("tape", 1, new Settings(null, 10L));
        scenario.forget();
        streams.putEntries(stream, new Put("1234", "567890"));
        streams.putEntries(stream, new Put("k", "d"), new Put("1234", "5678901"));
        streams.set(stream, new Settings(null, 11L));
        streams.putEntries(stream, new Put("1234", "5678901"));

        scenario.shouldTell(
                "A: put 1:1.0",
                "A: refused LIMIT_EXCEEDED RECORD_BYTES limit=10 actual=11 entry=1",
                "A: confirmed",
                "A: put 1:1.1");
    }

    @Test
    @Statement("K5")
    void shouldLimitThePutAsAWhole() {
        final Scenario limited =
                new Scenario(Limits.nativeProfile().with(LimitId.PUT_ENTRIES, 2).with(LimitId.PUT_BYTES, 8));
        final StreamSupport few = new StreamSupport(limited);
        final long stream = few.create("tape", 1);
        limited.forget();
        few.put(stream, "a", "b");
        few.put(stream, "a", "b", "c");
        few.put(stream, "ab", "cde");
        few.put(stream);

        limited.shouldTell(
                "A: put 1:1.0 1:1.1",
                "A: refused LIMIT_EXCEEDED PUT_ENTRIES limit=2 actual=3",
                "A: refused LIMIT_EXCEEDED PUT_BYTES limit=8 actual=10",
                "A: refused EMPTY_BATCH");
    }

    @Test
    @Statement("K5")
    @Statement("K14")
    void shouldFailRecordsBeyondTheQuotaOfTheirShardAlone() {
        final Scenario limited =
                new Scenario(Limits.awsProfile().with(LimitId.SHARD_PUTS, 2).with(LimitId.SHARD_PUT_BYTES, 10));
        final StreamSupport few = new StreamSupport(limited);
        final long stream = few.create("tape", 2);
        final Put first = StreamSupport.at(BigInteger.ZERO);
        final Put second = StreamSupport.at(BigInteger.ONE.shiftLeft(127));
        final Put large = new Put(BigInteger.ONE.shiftLeft(127), "k", "123456789");
        limited.forget();
        few.putEntries(stream, first, first, first, second, large, second);
        limited.passSilently(1_000);
        few.putEntries(stream, new Put(BigInteger.ZERO, "k", "longer than the quota"), first);

        limited.shouldTell(
                "A: put 1:1.0 1:1.1 1:LIMIT_EXCEEDED SHARD_PUTS limit=2 actual=3 2:1.2"
                        + " 2:LIMIT_EXCEEDED SHARD_PUT_BYTES limit=10 actual=12 2:1.3",
                "A: put 1:1.4 1:LIMIT_EXCEEDED SHARD_PUT_BYTES limit=10 actual=24");
    }

    @Test
    void shouldPutOnceWhatIsSentAgain() {
        final long stream = streams.create("tape", 1);
        scenario.openProducer(Scenario.A, 0);
        scenario.forget();
        final Command.Producer producer = new Command.Producer(1, 1, 1);
        final List<Put> records = List.of(new Put("a", "b"), new Put("c", "d"));
        scenario.apply(Scenario.A, new StreamCommand.PutRecords(77, producer, stream, records));
        scenario.apply(Scenario.A, new StreamCommand.PutRecords(78, producer, stream, records));

        scenario.shouldTell("A: put 1:1.0 1:1.1", "A: put 1:1.0 1:1.1");
        assertEquals(2, scenario.logs.drain().size());
    }
}
