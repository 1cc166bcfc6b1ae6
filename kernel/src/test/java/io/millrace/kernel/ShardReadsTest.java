package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ShardFilter;
import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.StreamCommand.Iterator;
import io.millrace.kernel.StreamCommand.Settings;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Iterators are issued, and reads granted. */
class ShardReadsTest {
    private static final int MIB = 1024 * 1024;
    private static final long HOUR_MS = 3_600_000;

    private final Scenario scenario = new Scenario();
    private final StreamSupport streams = new StreamSupport(scenario);

    @Test
    @Statement("K6")
    void shouldGrantReadsByEveryIterator() {
        final long stream = streams.create("tape", 1);
        streams.put(stream, "a", "b", "c");
        scenario.passSilently(10);
        final long second = (1L << 40) + 1;
        final long timeNs = scenario.nowNs() - 1;
        final List<Iterator> iterators = List.of(
                streams.iterator(1, ShardPosition.TRIM_HORIZON, 0),
                streams.iterator(1, ShardPosition.LATEST, 0),
                streams.iterator(1, ShardPosition.AT_SEQUENCE_NUMBER, second),
                streams.iterator(1, ShardPosition.AFTER_SEQUENCE_NUMBER, second),
                streams.iterator(1, ShardPosition.AT_TIMESTAMP, timeNs));
        streams.put(stream, "d");
        scenario.forget();
        scenario.logs.drain();
        iterators.forEach(iterator -> streams.get(iterator, 10, 1_000));

        assertEquals(
                List.of(
                        "read 1/1 by 1 AT_SEQUENCE_NUMBER 0 up to 1.3 max 10 1000",
                        "read 1/1 by 1 AFTER_SEQUENCE_NUMBER 1.2 up to 1.3 max 10 1000",
                        "read 1/1 by 1 AT_SEQUENCE_NUMBER 1.1 up to 1.3 max 10 1000",
                        "read 1/1 by 1 AFTER_SEQUENCE_NUMBER 1.1 up to 1.3 max 10 1000",
                        "read 1/1 by 1 AT_TIMESTAMP " + StreamEvent.sequence(timeNs) + " up to 1.3 max 10 1000"),
                scenario.logs.drain());
        scenario.shouldTell();
        assertEquals(5, scenario.kernel.counters().reads());
    }

    @Test
    @Statement("K6")
    void shouldRefuseIteratorsThatCannotBe() {
        final long stream = streams.create("tape", 1);
        streams.put(stream, "a");
        scenario.forget();
        streams.askForIterator(9, ShardPosition.LATEST, 0);
        streams.askForIterator(1, ShardPosition.LATEST, 1);
        streams.askForIterator(1, ShardPosition.TRIM_HORIZON, 1);
        streams.askForIterator(1, ShardPosition.AT_TIMESTAMP, scenario.nowNs() + 1);
        streams.askForIterator(1, ShardPosition.AT_SEQUENCE_NUMBER, (1L << 40) + 1);
        streams.askForIterator(1, ShardPosition.AFTER_SEQUENCE_NUMBER, -1);
        streams.askForIterator(1, ShardPosition.AT_TIMESTAMP, 0);
        streams.askForIterator(1, ShardPosition.NULL_VAL, 0);

        scenario.shouldTell(
                "A: refused UNKNOWN_SHARD",
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT",
                "A: iterator AT_SEQUENCE_NUMBER 0",
                "A: refused INVALID_ARGUMENT");
    }

    @Test
    @Statement("K6")
    void shouldLetAnIteratorExpire() {
        streams.create("tape", 1);
        final Iterator iterator = streams.iterator(1, ShardPosition.LATEST, 0);
        scenario.passSilently(300_000);
        streams.get(iterator, 1, 1);
        scenario.passSilently(1);
        streams.get(iterator, 1, 1);

        assertEquals(1, scenario.logs.drain().size());
        scenario.shouldTell("A: refused EXPIRED_ITERATOR");
    }

    @Test
    @Statement("K7")
    void shouldLimitWhatIsReadAtOnce() {
        streams.create("tape", 1);
        final Iterator iterator = streams.iterator(1, ShardPosition.TRIM_HORIZON, 0);
        streams.get(iterator, 10_000, 10L * MIB);
        streams.get(iterator, 10_001, 1);
        streams.get(iterator, 0, 1);
        streams.get(iterator, 1, 10L * MIB + 1);
        streams.get(iterator, 1, 0);
        streams.get(new Iterator(1, ShardPosition.LATEST, 0, scenario.nowNs()), 1, 1);
        streams.get(new Iterator(1, ShardPosition.AT_SEQUENCE_NUMBER, -1, scenario.nowNs()), 1, 1);
        streams.get(new Iterator(2, ShardPosition.AT_SEQUENCE_NUMBER, 0, scenario.nowNs()), 1, 1);

        assertEquals(1, scenario.logs.drain().size());
        scenario.shouldTell(
                "A: refused LIMIT_EXCEEDED READ_RECORDS limit=10000 actual=10001",
                "A: refused LIMIT_EXCEEDED READ_RECORDS limit=10000 actual=0",
                "A: refused LIMIT_EXCEEDED READ_BYTES limit=10485760 actual=10485761",
                "A: refused LIMIT_EXCEEDED READ_BYTES limit=10485760 actual=0",
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT",
                "A: refused UNKNOWN_SHARD");
    }

    @Test
    @Statement("K7")
    void shouldLimitTheReadsOfAShardInASecond() {
        final Scenario limited = new Scenario(Limits.awsProfile());
        final StreamSupport few = new StreamSupport(limited);
        few.create("tape", 2);
        final Iterator iterator = few.iterator(1, ShardPosition.TRIM_HORIZON, 0);
        for (int i = 0; i < 6; i++) {
            few.get(iterator, 1, 1);
        }
        few.get(few.iterator(2, ShardPosition.TRIM_HORIZON, 0), 1, 1);
        limited.passSilently(1_000);
        few.get(iterator, 1, 1);

        assertEquals(7, limited.logs.drain().size());
        limited.shouldTell();
    }

    @Test
    @Statement("K7")
    void shouldLetAShardRestFromMuchThatWasRead() {
        final Scenario limited = new Scenario(Limits.awsProfile().with(LimitId.SHARD_READS, 0));
        final StreamSupport few = new StreamSupport(limited);
        few.create("tape", 1);
        final Iterator iterator = few.iterator(1, ShardPosition.TRIM_HORIZON, 0);
        limited.kernel.recordsRead(limited.nowNs(), 1, 2L * MIB - 1);
        few.get(iterator, 1, 1);
        limited.kernel.recordsRead(limited.nowNs(), 1, 1);
        few.get(iterator, 1, 1);
        limited.passSilently(1_000);
        few.get(iterator, 1, 1);
        limited.kernel.recordsRead(limited.nowNs(), 1, 10L * MIB);
        limited.passSilently(4_999);
        few.get(iterator, 1, 1);
        limited.passSilently(1);
        few.get(iterator, 1, 1);

        assertEquals(3, limited.logs.drain().size());
        limited.shouldTell(
                "A: refused LIMIT_EXCEEDED SHARD_READ_BYTES limit=2097152 actual=2097152",
                "A: refused LIMIT_EXCEEDED SHARD_READ_BYTES limit=2097152 actual=2097152");
    }

    @Test
    @Statement("K8")
    void shouldNameTheChildrenOfAClosedShard() {
        final long stream = streams.create("tape", 1);
        streams.put(stream, "a");
        streams.split(1, BigInteger.TEN);
        streams.open();
        streams.merge(2, 3);
        streams.open();
        scenario.logs.drain();
        streams.get(streams.iterator(1, ShardPosition.TRIM_HORIZON, 0), 1, 1);
        streams.get(streams.iterator(3, ShardPosition.TRIM_HORIZON, 0), 1, 1);
        streams.get(streams.iterator(4, ShardPosition.TRIM_HORIZON, 0), 1, 1);

        assertEquals(
                List.of(
                        "read 1/1 by 1 AT_SEQUENCE_NUMBER 0 up to 1.0 max 1 1 closed, children [2, 3]",
                        "read 1/3 by 1 AT_SEQUENCE_NUMBER 0 up to 0 max 1 1 closed, children [4]",
                        "read 1/4 by 1 AT_SEQUENCE_NUMBER 0 up to 0 max 1 1"),
                scenario.logs.drain());
    }

    @Test
    @Statement("K13")
    void shouldMoveTheHorizonAtOnceAndNeverBack() {
        final long stream = streams.create("tape", 1, Settings.retaining(48 * HOUR_MS * Scenario.MS));
        scenario.passSilently(72 * HOUR_MS);
        scenario.logs.drain();
        streams.set(stream, Settings.retaining(24 * HOUR_MS * Scenario.MS));
        streams.set(stream, Settings.retaining(24 * HOUR_MS * Scenario.MS));
        scenario.passSilently(HOUR_MS);
        streams.set(stream, Settings.retaining(96 * HOUR_MS * Scenario.MS));
        scenario.passSilently(HOUR_MS);
        streams.set(stream, Settings.retaining(97 * HOUR_MS * Scenario.MS));
        scenario.shouldTell("A: confirmed", "A: confirmed", "A: confirmed", "A: confirmed");

        assertEquals(
                List.of(
                        "trim 1 before " + 24 * HOUR_MS,
                        "trim 1 before " + 48 * HOUR_MS,
                        "trim 1 before " + 49 * HOUR_MS,
                        "trim 1 before " + 49 * HOUR_MS,
                        "trim 1 before " + 49 * HOUR_MS,
                        "trim 1 before " + 49 * HOUR_MS),
                scenario.logs.drain());
    }

    @Test
    @Statement("K15")
    void shouldListShardsAsTheyWereAndAre() {
        final long stream = streams.create("tape", 2);
        scenario.pass(HOUR_MS);
        streams.split(1, BigInteger.TEN);
        streams.open();
        scenario.pass(HOUR_MS);
        streams.merge(3, 4);
        scenario.forget();
        final long start = Scenario.START_NS;
        streams.listShards(stream, ShardFilter.FROM_TRIM_HORIZON, 0);
        streams.listShards(stream, ShardFilter.AT_TRIM_HORIZON, 0);
        streams.listShards(stream, ShardFilter.AT_LATEST, 0);
        streams.listShards(stream, ShardFilter.AT_TIMESTAMP, start + HOUR_MS * Scenario.MS - 1);
        streams.listShards(stream, ShardFilter.AT_TIMESTAMP, start + HOUR_MS * Scenario.MS);
        streams.listShards(stream, ShardFilter.FROM_TIMESTAMP, start + HOUR_MS * Scenario.MS);
        streams.listShards(stream, ShardFilter.FROM_TIMESTAMP, start + HOUR_MS * Scenario.MS + 1);
        streams.listShards(stream, ShardFilter.AT_TIMESTAMP, scenario.nowNs() + 1);
        streams.listShards(stream, ShardFilter.NULL_VAL, 0);
        streams.listShards(9, ShardFilter.AT_LATEST, 0);

        scenario.shouldTell(
                "A: shards [1 CLOSED, 2 OPEN, 3<1 OPEN, 4<1 OPEN, 5<3+4 OPENING]",
                "A: shards [1 CLOSED, 2 OPEN]",
                "A: shards [2 OPEN, 3<1 OPEN, 4<1 OPEN]",
                "A: shards [1 CLOSED, 2 OPEN]",
                "A: shards [2 OPEN, 3<1 OPEN, 4<1 OPEN]",
                "A: shards [1 CLOSED, 2 OPEN, 3<1 OPEN, 4<1 OPEN, 5<3+4 OPENING]",
                "A: shards [2 OPEN, 3<1 OPEN, 4<1 OPEN, 5<3+4 OPENING]",
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT",
                "A: refused UNKNOWN_STREAM");
    }

    @Test
    @Statement("K15")
    void shouldListShardsPageByPageForFiveMinutes() {
        final long stream = streams.create("tape", 3);
        scenario.forget();
        final long token = scenario.nowNs();
        streams.askForShards(stream, 0, 0, ShardFilter.AT_LATEST, 0, 2);
        streams.askForShards(stream, 2, token, ShardFilter.AT_LATEST, 0, 2);
        scenario.passSilently(300_000);
        streams.askForShards(stream, 2, token, ShardFilter.AT_LATEST, 0, 2);
        scenario.passSilently(1);
        streams.askForShards(stream, 2, token, ShardFilter.AT_LATEST, 0, 2);
        streams.askForShards(stream, 2, 0, ShardFilter.AT_LATEST, 0, 2);
        streams.askForShards(stream, 0, 0, ShardFilter.AT_LATEST, 0, 0);

        scenario.shouldTell(
                "A: shards [1 OPEN, 2 OPEN] next=2",
                "A: shards [3 OPEN]",
                "A: shards [3 OPEN]",
                "A: refused EXPIRED_ITERATOR",
                "A: shards [3 OPEN]",
                "A: refused LIMIT_EXCEEDED LIST_ENTRIES limit=1000 actual=0");
    }
}
