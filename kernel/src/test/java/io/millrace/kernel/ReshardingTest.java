package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ShardFilter;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.ShardState;
import io.millrace.kernel.StreamCommand.Settings;
import java.math.BigInteger;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Shards are split and merged, and their number is changed. */
class ReshardingTest {
    private static final BigInteger MIDDLE = BigInteger.ONE.shiftLeft(127);
    private static final BigInteger LAST = StreamSupport.END.subtract(BigInteger.ONE);
    private static final long DAY_MS = 24L * 3_600_000;

    private final Scenario scenario = new Scenario();
    private final StreamSupport streams = new StreamSupport(scenario);

    @Test
    @Statement("K9")
    void shouldSplitStrictlyInsideTheRange() {
        final long stream = streams.create("tape", 2);
        scenario.forget();
        streams.split(2, MIDDLE);
        streams.split(2, MIDDLE.subtract(BigInteger.ONE));
        streams.split(1, MIDDLE);
        streams.split(9, BigInteger.TEN);
        streams.split(2, LAST);
        streams.open();
        streams.split(2, LAST.subtract(BigInteger.ONE));
        streams.split(4, LAST);

        scenario.shouldTell(
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT",
                "A: refused INVALID_ARGUMENT",
                "A: refused UNKNOWN_SHARD",
                "A: confirmed",
                "A: refused SHARD_CLOSED",
                "A: refused INVALID_ARGUMENT");
        final List<StreamEvent.ShardDescription> shards = streams.shards(stream);
        assertEquals("[1 OPEN, 2 CLOSED, 3<2 OPEN, 4<2 OPEN]", shards.toString());
        assertEquals(MIDDLE, shards.get(2).first());
        assertEquals(LAST.subtract(BigInteger.ONE), shards.get(2).last());
        assertEquals(LAST, shards.get(3).first());
        assertEquals(LAST, shards.get(3).last());
    }

    @Test
    @Statement("K9")
    void shouldMergeAdjacentShardsInTheirOrderOnly() {
        final long stream = streams.create("tape", 3);
        streams.create("other", 2);
        scenario.forget();
        streams.merge(1, 3);
        streams.merge(2, 1);
        streams.merge(1, 1);
        streams.merge(1, 5);
        streams.merge(3, 1);
        streams.merge(1, 9);
        streams.merge(1, 2);
        streams.open();
        streams.merge(1, 2);

        scenario.shouldTell(
                "A: refused SHARDS_NOT_ADJACENT",
                "A: refused SHARDS_NOT_ADJACENT",
                "A: refused SHARDS_NOT_ADJACENT",
                "A: refused SHARDS_NOT_ADJACENT",
                "A: refused SHARDS_NOT_ADJACENT",
                "A: refused UNKNOWN_SHARD",
                "A: confirmed",
                "A: refused SHARD_CLOSED");
        final List<StreamEvent.ShardDescription> shards = streams.shards(stream);
        assertEquals("[1 CLOSED, 2 CLOSED, 3 OPEN, 6<1+2 OPEN]", shards.toString());
        assertEquals(BigInteger.ZERO, shards.get(3).first());
        assertEquals(shards.get(1).last(), shards.get(3).last());
    }

    @Test
    @Statement("K10")
    void shouldPutAndReadWhileShardsAreBeingChanged() {
        final long stream = streams.create("tape", 1);
        scenario.forget();
        streams.split(1, MIDDLE);
        streams.describe(stream);
        streams.split(1, BigInteger.TEN);
        streams.merge(1, 1);
        streams.update(stream, 2);
        streams.putEntries(stream, StreamSupport.at(MIDDLE));
        streams.askForIterator(1, ShardPosition.TRIM_HORIZON, 0);
        streams.askForIterator(2, ShardPosition.TRIM_HORIZON, 0);
        streams.get(new StreamCommand.Iterator(2, ShardPosition.AT_SEQUENCE_NUMBER, 0, scenario.nowNs()), 1, 1);
        streams.open();
        streams.putEntries(stream, StreamSupport.at(MIDDLE), StreamSupport.at(MIDDLE.subtract(BigInteger.ONE)));
        streams.describe(stream);

        scenario.shouldTell(
                "A: confirmed",
                "A: stream 1 'tape' UPDATING shards=1/3 records=0 bytes=0",
                "A: refused RESOURCE_IN_USE",
                "A: refused RESOURCE_IN_USE",
                "A: refused RESOURCE_IN_USE",
                "A: put 1:1.0",
                "A: iterator AT_SEQUENCE_NUMBER 0",
                "A: refused RESOURCE_IN_USE",
                "A: refused RESOURCE_IN_USE",
                "A: put 3:1.1 2:1.2",
                "A: stream 1 'tape' ACTIVE shards=2/3 records=3 bytes=6");
    }

    @Test
    @Statement("K10")
    void shouldForgetAClosedShardWhenItsRecordsAreOutOfReach() {
        final long stream = streams.create("tape", 1);
        streams.split(1, MIDDLE);
        scenario.passSilently(5);
        streams.open();
        scenario.forget();
        scenario.logs.drain();
        scenario.passSilently(DAY_MS);
        streams.listShards(stream, ShardFilter.FROM_TRIM_HORIZON, 0);
        scenario.passSilently(1);
        streams.listShards(stream, ShardFilter.FROM_TRIM_HORIZON, 0);
        streams.askForIterator(1, ShardPosition.LATEST, 0);
        streams.split(1, MIDDLE);
        scenario.shouldTell(
                "A: shards [1 CLOSED, 2<1 OPEN, 3<1 OPEN]",
                "A: shards [2<1 OPEN, 3<1 OPEN]",
                "A: refused UNKNOWN_SHARD",
                "A: refused UNKNOWN_SHARD");

        assertEquals("delete 1/1", scenario.logs.drain().get(0));
        assertEquals(2, scenario.kernel.state().streams.shards.liveCount());
    }

    @Test
    @Statement("K10")
    void shouldForgetAClosedShardWhenTheRetentionBecomesShorter() {
        final long stream = streams.create("tape", 1, Settings.retaining(3 * DAY_MS * Scenario.MS));
        streams.split(1, MIDDLE);
        streams.open();
        scenario.pass(2 * DAY_MS);
        scenario.forget();
        scenario.logs.drain();
        streams.set(stream, Settings.retaining(DAY_MS * Scenario.MS));
        streams.askForIterator(1, ShardPosition.LATEST, 0);
        scenario.pass(0);
        scenario.shouldTell("A: confirmed", "A: refused UNKNOWN_SHARD");

        assertEquals(List.of("trim 1 before " + DAY_MS, "delete 1/1"), scenario.logs.drain());
    }

    @Test
    @Statement("K11")
    void shouldChangeTheNumberOfShardsUpToDoubleAndDownToHalf() {
        final long stream = streams.create("tape", 3);
        scenario.forget();
        streams.update(stream, 7);
        streams.update(stream, 1);
        streams.update(stream, 0);
        streams.update(stream, 3);
        streams.describe(stream);
        scenario.shouldTell(
                "A: refused INVALID_SETTING " + SettingName.of(3),
                "A: refused INVALID_SETTING " + SettingName.of(3),
                "A: refused INVALID_SETTING " + SettingName.of(3),
                "A: confirmed",
                "A: stream 1 'tape' ACTIVE shards=3/3 records=0 bytes=0");
        streams.update(stream, 6);
        streams.open();
        shouldBeEven(stream, 6);
        streams.update(stream, 3);
        streams.open();
        shouldBeEven(stream, 3);
        streams.update(stream, 5);
        streams.open();
        assertEquals(5, openShards(stream).size());
        streams.update(stream, 4);
        streams.open();
        assertEquals(4, openShards(stream).size());

        scenario.forget();
        streams.update(9, 1);
        scenario.shouldTell("A: refused UNKNOWN_STREAM");
    }

    private void shouldBeEven(final long stream, final int count) {
        final List<StreamEvent.ShardDescription> shards = openShards(stream);
        assertEquals(count, shards.size());
        final BigInteger part = StreamSupport.END.divide(BigInteger.valueOf(count));
        for (int i = 0; i < count; i++) {
            final BigInteger width = shards.get(i).last().subtract(shards.get(i).first());
            assertEquals(0, part.subtract(width).shiftRight(3).signum(), "width of " + i);
        }
    }

    /** In the order of their ranges, which must leave out nothing. */
    private List<StreamEvent.ShardDescription> openShards(final long stream) {
        final List<StreamEvent.ShardDescription> open = streams.shards(stream).stream()
                .filter(shard -> shard.state() == ShardState.OPEN)
                .sorted(Comparator.comparing(StreamEvent.ShardDescription::first))
                .toList();
        BigInteger next = BigInteger.ZERO;
        for (final StreamEvent.ShardDescription shard : open) {
            assertEquals(next, shard.first());
            next = shard.last().add(BigInteger.ONE);
        }
        assertEquals(StreamSupport.END, next);
        return open;
    }

    @Test
    @Statement("K11")
    void shouldLimitShardsAndTheChangesOfTheirNumber() {
        final Scenario limited = new Scenario(Limits.awsProfile().with(LimitId.SHARDS, 4));
        final StreamSupport few = new StreamSupport(limited);
        final long stream = few.create("tape", 3);
        limited.forget();
        few.update(stream, 5);
        for (int i = 0; i < 10; i++) {
            few.update(stream, 3);
        }
        limited.shouldTell(Stream.concat(
                        Stream.of("A: refused LIMIT_EXCEEDED SHARDS limit=4 actual=5"),
                        Collections.nCopies(10, "A: confirmed").stream())
                .toArray(String[]::new));
        few.update(stream, 3);
        limited.passSilently(DAY_MS - 1);
        few.update(stream, 3);
        limited.passSilently(1);
        few.update(stream, 4);
        few.open();
        few.split(3, LAST);
        few.describe(stream);

        limited.shouldTell(
                "A: refused LIMIT_EXCEEDED SHARD_COUNT_CHANGES limit=10 actual=11",
                "A: refused LIMIT_EXCEEDED SHARD_COUNT_CHANGES limit=10 actual=11",
                "A: confirmed",
                "A: refused SHARD_CLOSED",
                "A: stream 1 'tape' ACTIVE shards=4/5 records=0 bytes=0");
        few.split(5, LAST);
        limited.shouldTell("A: refused LIMIT_EXCEEDED SHARDS limit=4 actual=5");
    }

    @Test
    void shouldDoubleManyShardsInSlices() {
        final long stream = streams.create("wide", 300);
        scenario.forget();
        streams.update(stream, 600);
        scenario.workOff();
        streams.put(stream, "goes on");
        streams.open();
        streams.describe(stream);
        assertEquals(600, openShards(stream).size());
        streams.update(stream, 300);
        scenario.workOff();
        streams.open();

        assertEquals(300, openShards(stream).size());
    }
}
