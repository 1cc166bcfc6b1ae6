package io.millrace.kernel;

import static io.millrace.kernel.BadInputWorld.DELETED_STREAM;
import static io.millrace.kernel.BadInputWorld.MALLORY;
import static io.millrace.kernel.BadInputWorld.NEVER_THERE;
import static io.millrace.kernel.BadInputWorld.PRIVATE_CONSUMER;
import static io.millrace.kernel.BadInputWorld.PRIVATE_SHARD;
import static io.millrace.kernel.BadInputWorld.PRIVATE_STREAM;
import static io.millrace.kernel.BadInputWorld.PUBLIC_STREAM;
import static io.millrace.kernel.Command.Producer.NONE;

import io.millrace.codecs.ShardFilter;
import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.BadInputTest.Row;
import io.millrace.kernel.StreamCommand.Iterator;
import io.millrace.kernel.StreamCommand.Put;
import io.millrace.kernel.StreamCommand.Settings;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What can be wrong about streams and shards as such; what can be wrong about their contents stands with the tests of that. */
final class BadStreamInput {
    private static final long HOUR = 3_600 * Scenario.SECOND;

    private BadStreamInput() {}

    static List<Row> rows() {
        final List<Row> rows = new ArrayList<>();
        for (final long stream : new long[] {NEVER_THERE, 0, -1, DELETED_STREAM}) {
            commandsOn(stream).forEach(command -> rows.add(new Row("stream " + stream, command, "UNKNOWN_STREAM")));
        }
        for (final long shard : new long[] {NEVER_THERE, 0, -1}) {
            commandsOnShard(shard).forEach(command -> rows.add(new Row("shard " + shard, command, "UNKNOWN_SHARD")));
        }
        Stream.concat(commandsOn(PRIVATE_STREAM).stream(), commandsOnShard(PRIVATE_SHARD).stream())
                .filter(command -> !command.isQuery())
                .forEach(command -> rows.add(new Row("not on the list", MALLORY, command, "NOT_AUTHORISED")));
        for (final long topic : new long[] {NEVER_THERE, 0, -1, BadInputWorld.DELETED_TOPIC}) {
            rows.add(new Row("topic " + topic, subscribe(topic, PUBLIC_STREAM, ""), "UNKNOWN_TOPIC"));
        }
        rows.add(new Row(
                "a topic for others",
                MALLORY,
                subscribe(BadInputWorld.PRIVATE_TOPIC, PUBLIC_STREAM, ""),
                "NOT_AUTHORISED"));
        rows.add(new Row(
                "a long key attribute",
                subscribe(BadInputWorld.TOPIC, PUBLIC_STREAM, "k".repeat(257)),
                "LIMIT_EXCEEDED ATTRIBUTE_NAME_BYTES 256 257"));
        rows.add(new Row(
                "a key attribute not UTF-8", subscribe(BadInputWorld.TOPIC, PUBLIC_STREAM, "\u00FF"), "INVALID_NAME"));
        consumers(rows);
        rows.add(new Row(
                "a large record in parts",
                new StreamCommand.BeginRecord(1, NONE, PUBLIC_STREAM, (1 << 20) + 24),
                "LIMIT_EXCEEDED RECORD_BYTES 1048576 1048577 entry 0"));
        rows.add(new Row("no name", create("", 1), "INVALID_NAME"));
        rows.add(new Row("no such name", new StreamCommand.LookUpStream(1, "x"), "UNKNOWN_STREAM"));
        rows.add(new Row(
                "an empty page", new StreamCommand.ListStreams(1, 0, 0, ""), "LIMIT_EXCEEDED LIST_ENTRIES 1000 0"));
        return rows;
    }

    private static void consumers(final List<Row> rows) {
        for (final long consumer : new long[] {NEVER_THERE, 0, -1}) {
            commandsOnConsumer(consumer)
                    .forEach(command -> rows.add(new Row("consumer " + consumer, command, "UNKNOWN_STREAM_CONSUMER")));
        }
        commandsOnConsumer(PRIVATE_CONSUMER).stream()
                .filter(command -> !command.isQuery())
                .forEach(command -> rows.add(new Row("not on the list", MALLORY, command, "NOT_AUTHORISED")));
        rows.add(new Row("no subscription", new StreamCommand.UnsubscribeFromShard(1, 1, 1), "NOT_CONSUMING"));
        rows.add(new Row(
                "no name", new StreamCommand.RegisterStreamConsumer(1, NONE, PUBLIC_STREAM, ""), "INVALID_NAME"));
        rows.add(new Row(
                "not UTF-8",
                new StreamCommand.RegisterStreamConsumer(1, NONE, PUBLIC_STREAM, "\u00FF"),
                "INVALID_NAME"));
        rows.add(new Row(
                "an empty page",
                new StreamCommand.ListStreamConsumers(1, PUBLIC_STREAM, 0, 0),
                "LIMIT_EXCEEDED LIST_ENTRIES 1000 0"));
    }

    private static List<Command> commandsOnConsumer(final long consumer) {
        return List.of(
                new StreamCommand.DeregisterStreamConsumer(1, NONE, consumer),
                new StreamCommand.SubscribeToShard(1, consumer, PRIVATE_SHARD, ShardPosition.LATEST, 0, 1),
                new StreamCommand.DescribeStreamConsumer(1, consumer));
    }

    private static Command create(final String name, final long shardCount) {
        return new StreamCommand.CreateStream(1, NONE, name, shardCount, Settings.NONE);
    }

    private static Command subscribe(final long topic, final long stream, final String keyAttribute) {
        return new StreamCommand.SubscribeStream(
                1, NONE, topic, stream, Command.SubscriptionSettings.RAW, keyAttribute);
    }

    private static List<Command> commandsOn(final long stream) {
        return List.of(
                new StreamCommand.DeleteStream(1, NONE, stream),
                new StreamCommand.SetStreamSettings(1, NONE, stream, Settings.retaining(HOUR)),
                new StreamCommand.TagStream(1, NONE, stream, List.of(new Command.Tag("key", "value"))),
                new StreamCommand.UntagStream(1, NONE, stream, List.of("key")),
                new StreamCommand.SetStreamAccess(1, NONE, stream, List.of()),
                new StreamCommand.PutRecords(1, NONE, stream, List.of(new Put("key", "data"))),
                new StreamCommand.BeginRecord(1, NONE, stream, 100_000),
                new StreamCommand.UpdateShardCount(1, NONE, stream, 2),
                subscribe(BadInputWorld.TOPIC, stream, ""),
                new StreamCommand.RegisterStreamConsumer(1, NONE, stream, "bars"),
                new StreamCommand.ListStreamConsumers(1, stream, 0, 10),
                new StreamCommand.DescribeStream(1, stream),
                new StreamCommand.ListStreamTags(1, stream),
                new StreamCommand.DescribeStreamAccess(1, stream),
                new StreamCommand.ListShards(1, stream, 0, 0, ShardFilter.AT_LATEST, 0, 10));
    }

    private static List<Command> commandsOnShard(final long shard) {
        return List.of(
                new StreamCommand.GetRecords(
                        1, new Iterator(shard, ShardPosition.AT_SEQUENCE_NUMBER, 0, Scenario.START_NS), 1, 1),
                new StreamCommand.SplitShard(1, NONE, shard, BigInteger.TEN),
                new StreamCommand.MergeShards(1, NONE, shard, shard + 1),
                new StreamCommand.GetShardIterator(1, shard, ShardPosition.LATEST, 0));
    }
}
