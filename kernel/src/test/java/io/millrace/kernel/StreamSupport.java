package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;

import io.millrace.codecs.ShardFilter;
import io.millrace.codecs.ShardPosition;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.StreamCommand.Iterator;
import io.millrace.kernel.StreamCommand.Put;
import io.millrace.kernel.StreamCommand.Settings;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Acts on streams, and opens their logs when it is told to. */
final class StreamSupport {
    /** Hash keys are below this. */
    static final BigInteger END = BigInteger.ONE.shiftLeft(128);

    private static final Producer NOBODY = Producer.NONE;

    private final Scenario scenario;
    private long correlationId = 3_000_000;

    StreamSupport(final Scenario scenario) {
        this.scenario = scenario;
    }

    void ask(final String name, final long shardCount, final Settings settings) {
        apply(new StreamCommand.CreateStream(++correlationId, NOBODY, name, shardCount, settings));
    }

    long create(final String name, final int shardCount) {
        return create(name, shardCount, Settings.NONE);
    }

    /** Creates a stream, which must succeed, and opens its shards. */
    long create(final String name, final int shardCount, final Settings settings) {
        scenario.forget();
        ask(name, shardCount, settings);
        final long streamId = ((Event.Confirmed) scenario.egress.drain().get(0).event()).firstValue();
        scenario.workOff();
        open();
        scenario.logs.drain();
        return streamId;
    }

    /** Opens the logs that the kernel waits for. */
    void open() {
        final RecordingLogs.Awaited awaited = scenario.logs.takeAwaited();
        scenario.kernel.shardsReady(scenario.nowNs(), awaited.streamId(), awaited.lastShardId());
        scenario.workOff();
    }

    void delete(final long streamId) {
        apply(new StreamCommand.DeleteStream(++correlationId, NOBODY, streamId));
    }

    void set(final long streamId, final Settings settings) {
        apply(new StreamCommand.SetStreamSettings(++correlationId, NOBODY, streamId, settings));
    }

    /** Puts records whose data is their partition key. */
    void put(final long streamId, final String... keys) {
        putEntries(streamId, Arrays.stream(keys).map(key -> new Put(key, key)).toArray(Put[]::new));
    }

    void putEntries(final long streamId, final Put... entries) {
        putAs(A, streamId, entries);
    }

    void putAs(final long sessionId, final long streamId, final Put... entries) {
        scenario.apply(sessionId, new StreamCommand.PutRecords(++correlationId, NOBODY, streamId, List.of(entries)));
    }

    static Put at(final BigInteger hashKey) {
        return new Put(hashKey, "k", "d");
    }

    void split(final long shardId, final BigInteger start) {
        apply(new StreamCommand.SplitShard(++correlationId, NOBODY, shardId, start));
    }

    void merge(final long shardId, final long adjacentShardId) {
        apply(new StreamCommand.MergeShards(++correlationId, NOBODY, shardId, adjacentShardId));
    }

    void update(final long streamId, final long shardCount) {
        apply(new StreamCommand.UpdateShardCount(++correlationId, NOBODY, streamId, shardCount));
    }

    void get(final Iterator iterator, final long maxRecords, final long maxBytes) {
        getAs(A, iterator, maxRecords, maxBytes);
    }

    void getAs(final long sessionId, final Iterator iterator, final long maxRecords, final long maxBytes) {
        scenario.apply(sessionId, new StreamCommand.GetRecords(++correlationId, iterator, maxRecords, maxBytes));
    }

    void askForIterator(final long shardId, final ShardPosition kind, final long position) {
        apply(new StreamCommand.GetShardIterator(++correlationId, shardId, kind, position));
    }

    /** An iterator, which must be issued. */
    Iterator iterator(final long shardId, final ShardPosition kind, final long position) {
        scenario.forget();
        askForIterator(shardId, kind, position);
        return ((StreamEvent.IteratorIssued) scenario.egress.drain().get(0).event()).iterator();
    }

    void askToSubscribe(
            final long topicId,
            final long streamId,
            final Command.SubscriptionSettings settings,
            final String keyAttribute) {
        apply(new StreamCommand.SubscribeStream(++correlationId, NOBODY, topicId, streamId, settings, keyAttribute));
    }

    /** Subscribes a stream to a topic, which must succeed. */
    long subscribe(
            final long topicId,
            final long streamId,
            final Command.SubscriptionSettings settings,
            final String keyAttribute) {
        scenario.forget();
        askToSubscribe(topicId, streamId, settings, keyAttribute);
        return ((Event.Confirmed) scenario.egress.drain().get(0).event()).firstValue();
    }

    void askToRegister(final long streamId, final String name) {
        apply(new StreamCommand.RegisterStreamConsumer(++correlationId, NOBODY, streamId, name));
    }

    /** Registers a consumer, which must succeed. */
    long register(final long streamId, final String name) {
        scenario.forget();
        askToRegister(streamId, name);
        return ((Event.Confirmed) scenario.egress.drain().get(0).event()).firstValue();
    }

    void deregister(final long consumerId) {
        apply(new StreamCommand.DeregisterStreamConsumer(++correlationId, NOBODY, consumerId));
    }

    /** From the horizon on, with a window of 100 bytes. */
    void push(final long sessionId, final long consumerId, final long shardId) {
        push(sessionId, consumerId, shardId, ShardPosition.TRIM_HORIZON, 0, 100);
    }

    void push(
            final long sessionId,
            final long consumerId,
            final long shardId,
            final ShardPosition kind,
            final long position,
            final long windowBytes) {
        scenario.apply(
                sessionId,
                new StreamCommand.SubscribeToShard(++correlationId, consumerId, shardId, kind, position, windowBytes));
    }

    void endPush(final long sessionId, final long consumerId, final long shardId) {
        scenario.apply(sessionId, new StreamCommand.UnsubscribeFromShard(++correlationId, consumerId, shardId));
    }

    void describeConsumer(final long consumerId) {
        apply(new StreamCommand.DescribeStreamConsumer(++correlationId, consumerId));
    }

    void listConsumers(final long streamId, final long after, final int max) {
        apply(new StreamCommand.ListStreamConsumers(++correlationId, streamId, after, max));
    }

    void describe(final long streamId) {
        apply(new StreamCommand.DescribeStream(++correlationId, streamId));
    }

    void lookUp(final String name) {
        apply(new StreamCommand.LookUpStream(++correlationId, name));
    }

    void list(final long after, final int max, final String prefix) {
        apply(new StreamCommand.ListStreams(++correlationId, after, max, prefix));
    }

    void listShards(final long streamId, final ShardFilter filter, final long timestampNs) {
        askForShards(streamId, 0, 0, filter, timestampNs, 1_000);
    }

    void askForShards(
            final long streamId,
            final long after,
            final long tokenTimeNs,
            final ShardFilter filter,
            final long timestampNs,
            final int max) {
        apply(new StreamCommand.ListShards(++correlationId, streamId, after, tokenTimeNs, filter, timestampNs, max));
    }

    /** All shards of a stream. */
    List<StreamEvent.ShardDescription> shards(final long streamId) {
        final List<StreamEvent.ShardDescription> all = new ArrayList<>();
        long after = 0;
        do {
            scenario.forget();
            askForShards(streamId, after, 0, ShardFilter.FROM_TRIM_HORIZON, 0, 1_000);
            final StreamEvent.ShardList page =
                    (StreamEvent.ShardList) scenario.egress.drain().get(0).event();
            all.addAll(page.shards());
            after = page.nextAfterShardId();
        } while (after != 0);
        return all;
    }

    void tag(final long streamId, final String key, final String value) {
        apply(new StreamCommand.TagStream(++correlationId, NOBODY, streamId, List.of(new Command.Tag(key, value))));
    }

    void untag(final long streamId, final String key) {
        apply(new StreamCommand.UntagStream(++correlationId, NOBODY, streamId, List.of(key)));
    }

    void listTags(final long streamId) {
        apply(new StreamCommand.ListStreamTags(++correlationId, streamId));
    }

    void protect(final long streamId, final Command.AccessEntry... entries) {
        apply(new StreamCommand.SetStreamAccess(++correlationId, NOBODY, streamId, List.of(entries)));
    }

    void describeAccess(final long streamId) {
        apply(new StreamCommand.DescribeStreamAccess(++correlationId, streamId));
    }

    private void apply(final Command command) {
        scenario.apply(A, command);
    }
}
