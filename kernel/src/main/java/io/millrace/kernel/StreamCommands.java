package io.millrace.kernel;

import io.millrace.codecs.CreateStreamDecoder;
import io.millrace.codecs.DeleteStreamDecoder;
import io.millrace.codecs.DeregisterStreamConsumerDecoder;
import io.millrace.codecs.GetRecordsDecoder;
import io.millrace.codecs.MergeShardsDecoder;
import io.millrace.codecs.PutRecordsDecoder;
import io.millrace.codecs.RegisterStreamConsumerDecoder;
import io.millrace.codecs.SetStreamAccessDecoder;
import io.millrace.codecs.SetStreamSettingsDecoder;
import io.millrace.codecs.SplitShardDecoder;
import io.millrace.codecs.SubscribeToShardDecoder;
import io.millrace.codecs.TagStreamDecoder;
import io.millrace.codecs.UnsubscribeFromShardDecoder;
import io.millrace.codecs.UntagStreamDecoder;
import io.millrace.codecs.UpdateShardCountDecoder;
import io.millrace.kernel.StreamTables.Stream;
import org.agrona.DirectBuffer;

/** The parts that streams are made of; decodes the commands that concern them. */
final class StreamCommands {
    private final Shards shards;
    private final ShardPushes pushes;
    private final StreamConsumers consumers;
    private final Streams streams;
    private final Resharding resharding;
    private final Puts puts;
    private final Reads reads;
    private final Tags tags;
    private final Groups groups;
    private final GroupCommands groupCommands;
    private final PutRecordsDecoder putRecords = new PutRecordsDecoder();
    private final GetRecordsDecoder getRecords = new GetRecordsDecoder();
    private final CreateStreamDecoder createStream = new CreateStreamDecoder();
    private final DeleteStreamDecoder deleteStream = new DeleteStreamDecoder();
    private final SetStreamSettingsDecoder setStreamSettings = new SetStreamSettingsDecoder();
    private final TagStreamDecoder tagStream = new TagStreamDecoder();
    private final UntagStreamDecoder untagStream = new UntagStreamDecoder();
    private final SetStreamAccessDecoder setStreamAccess = new SetStreamAccessDecoder();
    private final SplitShardDecoder splitShard = new SplitShardDecoder();
    private final MergeShardsDecoder mergeShards = new MergeShardsDecoder();
    private final UpdateShardCountDecoder updateShardCount = new UpdateShardCountDecoder();
    private final RegisterStreamConsumerDecoder registerConsumer = new RegisterStreamConsumerDecoder();
    private final DeregisterStreamConsumerDecoder deregisterConsumer = new DeregisterStreamConsumerDecoder();
    private final SubscribeToShardDecoder subscribeToShard = new SubscribeToShardDecoder();
    private final UnsubscribeFromShardDecoder unsubscribeFromShard = new UnsubscribeFromShardDecoder();

    StreamCommands(
            final State state,
            final RecordLogs logs,
            final ShardWriter writer,
            final Egress egress,
            final PutOutcomes outcomes) {
        pushes = new ShardPushes(state, logs);
        consumers = new StreamConsumers(state, pushes);
        groups = new Groups(state, egress);
        groupCommands = new GroupCommands(state, groups);
        shards = new Shards(state, logs, pushes, groups);
        resharding = new Resharding(state, shards, logs);
        streams = new Streams(state, shards, resharding, consumers, groups);
        puts = new Puts(state, writer, outcomes);
        reads = new Reads(state, logs);
        tags = new Tags(state, state.streams.streams, Stream.TAGS_PAYLOAD_LINK);
    }

    void onTimer(final int kind, final int slot) {
        switch (kind) {
            case Timers.MEMBER -> groups.members().onTimer(slot);
            case Timers.LEASE -> groups.leases().onTimer(slot);
            case Timers.SHARD_PUSH -> pushes.onTimer(slot);
            default -> shards.onTimer(slot);
        }
    }

    /** Whether work on shards or consumer groups is left. */
    boolean hasWork() {
        return resharding.hasWork() || groups.hasWork();
    }

    Puts puts() {
        return puts;
    }

    Streams streams() {
        return streams;
    }

    ShardPushes pushes() {
        return pushes;
    }

    Shards shards() {
        return shards;
    }

    Resharding resharding() {
        return resharding;
    }

    Reads reads() {
        return reads;
    }

    Groups groups() {
        return groups;
    }

    /** Executes a command that concerns consumer groups. */
    void onGroups(final Request request, final int templateId, final DirectBuffer buffer, final int body) {
        groupCommands.execute(request, templateId, buffer, body);
    }

    void put(final Request request, final DirectBuffer buffer, final int body) {
        puts.put(
                request,
                putRecords.wrap(buffer, body, PutRecordsDecoder.BLOCK_LENGTH, PutRecordsDecoder.SCHEMA_VERSION));
    }

    /** Executes what a producer does not protect. */
    void executeUnprotected(final Request request, final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case GetRecordsDecoder.TEMPLATE_ID ->
                reads.get(
                        request,
                        getRecords.wrap(
                                buffer, body, GetRecordsDecoder.BLOCK_LENGTH, GetRecordsDecoder.SCHEMA_VERSION));
            case SubscribeToShardDecoder.TEMPLATE_ID ->
                pushes.subscribe(
                        request,
                        subscribeToShard.wrap(
                                buffer,
                                body,
                                SubscribeToShardDecoder.BLOCK_LENGTH,
                                SubscribeToShardDecoder.SCHEMA_VERSION));
            case UnsubscribeFromShardDecoder.TEMPLATE_ID -> {
                unsubscribeFromShard.wrap(
                        buffer,
                        body,
                        UnsubscribeFromShardDecoder.BLOCK_LENGTH,
                        UnsubscribeFromShardDecoder.SCHEMA_VERSION);
                pushes.unsubscribe(request, unsubscribeFromShard.consumerId(), unsubscribeFromShard.shardId());
            }
            default -> throw new IllegalStateException("no command has the template id " + templateId);
        }
    }

    void execute(final Request request, final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case CreateStreamDecoder.TEMPLATE_ID ->
                streams.create(
                        request,
                        createStream.wrap(
                                buffer, body, CreateStreamDecoder.BLOCK_LENGTH, CreateStreamDecoder.SCHEMA_VERSION));
            case DeleteStreamDecoder.TEMPLATE_ID ->
                streams.delete(
                        request,
                        deleteStream
                                .wrap(
                                        buffer,
                                        body,
                                        DeleteStreamDecoder.BLOCK_LENGTH,
                                        DeleteStreamDecoder.SCHEMA_VERSION)
                                .streamId());
            case SetStreamSettingsDecoder.TEMPLATE_ID -> {
                setStreamSettings.wrap(
                        buffer, body, SetStreamSettingsDecoder.BLOCK_LENGTH, SetStreamSettingsDecoder.SCHEMA_VERSION);
                streams.set(request, setStreamSettings.streamId(), setStreamSettings.settings());
            }
            case SetStreamAccessDecoder.TEMPLATE_ID ->
                streams.setAccess(
                        request,
                        setStreamAccess.wrap(
                                buffer,
                                body,
                                SetStreamAccessDecoder.BLOCK_LENGTH,
                                SetStreamAccessDecoder.SCHEMA_VERSION));
            case TagStreamDecoder.TEMPLATE_ID -> tag(request, buffer, body);
            case UntagStreamDecoder.TEMPLATE_ID -> untag(request, buffer, body);
            default -> reshard(request, templateId, buffer, body);
        }
    }

    private void reshard(final Request request, final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case SplitShardDecoder.TEMPLATE_ID ->
                resharding.split(
                        request,
                        splitShard.wrap(
                                buffer, body, SplitShardDecoder.BLOCK_LENGTH, SplitShardDecoder.SCHEMA_VERSION));
            case MergeShardsDecoder.TEMPLATE_ID ->
                resharding.merge(
                        request,
                        mergeShards.wrap(
                                buffer, body, MergeShardsDecoder.BLOCK_LENGTH, MergeShardsDecoder.SCHEMA_VERSION));
            case UpdateShardCountDecoder.TEMPLATE_ID ->
                resharding.update(
                        request,
                        updateShardCount.wrap(
                                buffer,
                                body,
                                UpdateShardCountDecoder.BLOCK_LENGTH,
                                UpdateShardCountDecoder.SCHEMA_VERSION));
            default -> manageConsumers(request, templateId, buffer, body);
        }
    }

    private void manageConsumers(
            final Request request, final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case RegisterStreamConsumerDecoder.TEMPLATE_ID ->
                consumers.register(
                        request,
                        registerConsumer.wrap(
                                buffer,
                                body,
                                RegisterStreamConsumerDecoder.BLOCK_LENGTH,
                                RegisterStreamConsumerDecoder.SCHEMA_VERSION));
            case DeregisterStreamConsumerDecoder.TEMPLATE_ID ->
                consumers.deregister(
                        request,
                        deregisterConsumer
                                .wrap(
                                        buffer,
                                        body,
                                        DeregisterStreamConsumerDecoder.BLOCK_LENGTH,
                                        DeregisterStreamConsumerDecoder.SCHEMA_VERSION)
                                .consumerId());
            default -> groupCommands.execute(request, templateId, buffer, body);
        }
    }

    private void tag(final Request request, final DirectBuffer buffer, final int body) {
        tagStream.wrap(buffer, body, TagStreamDecoder.BLOCK_LENGTH, TagStreamDecoder.SCHEMA_VERSION);
        final int stream = request.stream(tagStream.streamId(), Access.MANAGE);
        if (stream >= 0) {
            final int group = tagStream.limit();
            tags.tag(request, stream, buffer, group, tagStream.tags().count());
        }
    }

    private void untag(final Request request, final DirectBuffer buffer, final int body) {
        untagStream.wrap(buffer, body, UntagStreamDecoder.BLOCK_LENGTH, UntagStreamDecoder.SCHEMA_VERSION);
        final int stream = request.stream(untagStream.streamId(), Access.MANAGE);
        if (stream >= 0) {
            final int group = untagStream.limit();
            tags.untag(request, stream, buffer, group, untagStream.keys().count());
        }
    }
}
