package io.millrace.kernel;

import static io.millrace.kernel.Payload.raw;

import io.millrace.codecs.BeginRecordEncoder;
import io.millrace.codecs.CommandHeaderEncoder;
import io.millrace.codecs.CreateStreamEncoder;
import io.millrace.codecs.DeleteStreamEncoder;
import io.millrace.codecs.DeregisterStreamConsumerEncoder;
import io.millrace.codecs.DescribeStreamAccessEncoder;
import io.millrace.codecs.DescribeStreamConsumerEncoder;
import io.millrace.codecs.DescribeStreamEncoder;
import io.millrace.codecs.GetRecordsEncoder;
import io.millrace.codecs.GetShardIteratorEncoder;
import io.millrace.codecs.HashKeyEncoder;
import io.millrace.codecs.ListShardsEncoder;
import io.millrace.codecs.ListStreamConsumersEncoder;
import io.millrace.codecs.ListStreamTagsEncoder;
import io.millrace.codecs.ListStreamsEncoder;
import io.millrace.codecs.LookUpStreamEncoder;
import io.millrace.codecs.MergeShardsEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PutRecordsEncoder;
import io.millrace.codecs.QueryHeaderEncoder;
import io.millrace.codecs.RegisterStreamConsumerEncoder;
import io.millrace.codecs.SetStreamAccessEncoder;
import io.millrace.codecs.SetStreamSettingsEncoder;
import io.millrace.codecs.SplitShardEncoder;
import io.millrace.codecs.StreamSettingsEncoder;
import io.millrace.codecs.SubscribeStreamEncoder;
import io.millrace.codecs.SubscribeToShardEncoder;
import io.millrace.codecs.TagStreamEncoder;
import io.millrace.codecs.UnsubscribeFromShardEncoder;
import io.millrace.codecs.UntagStreamEncoder;
import io.millrace.codecs.UpdateShardCountEncoder;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/** Turns commands and queries that concern streams into frames; each method returns the length without the header. */
final class StreamCommandWriter {

    private static final int ENTRY_OFFSET = MessageHeaderEncoder.ENCODED_LENGTH
            + PutRecordsEncoder.BLOCK_LENGTH
            + PutRecordsEncoder.RecordsEncoder.HEADER_SIZE;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MutableDirectBuffer buffer;
    private final int offset;
    private final long sessionId;

    StreamCommandWriter(final MutableDirectBuffer buffer, final int offset, final long sessionId) {
        this.buffer = buffer;
        this.offset = offset;
        this.sessionId = sessionId;
    }

    int encode(final Command.OfStream command) {
        if (command instanceof GroupCommand.OfGroup ofGroup) {
            return new GroupCommandWriter(buffer, offset, sessionId).encode(ofGroup);
        } else if (command instanceof StreamCommand.PutRecords put) {
            return putRecords(put);
        } else if (command instanceof StreamCommand.BeginRecord begin) {
            final BeginRecordEncoder encoder = new BeginRecordEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.command(), command);
            return encoder.streamId(begin.streamId())
                    .entryLength(begin.entryLength())
                    .encodedLength();
        } else if (command instanceof StreamCommand.GetRecords get) {
            return getRecords(get);
        } else if (command instanceof StreamCommand.CreateStream create) {
            final CreateStreamEncoder encoder = new CreateStreamEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.command(), command);
            put(encoder.shardCount(create.shardCount()).settings(), create.settings());
            encoder.putName(raw(create.name()), 0, create.name().length());
            return encoder.encodedLength();
        } else if (command instanceof StreamCommand.DeleteStream delete) {
            final DeleteStreamEncoder encoder = new DeleteStreamEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.command(), command);
            return encoder.streamId(delete.streamId()).encodedLength();
        } else if (command instanceof StreamCommand.SetStreamSettings set) {
            final SetStreamSettingsEncoder encoder =
                    new SetStreamSettingsEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.command(), command);
            put(encoder.streamId(set.streamId()).settings(), set.settings());
            return encoder.encodedLength();
        } else if (command instanceof StreamCommand.TagStream tag) {
            return tag(tag);
        } else if (command instanceof StreamCommand.UntagStream untag) {
            return untag(untag);
        } else if (command instanceof StreamCommand.SetStreamAccess set) {
            return setAccess(set);
        }
        return encodeForShards(command);
    }

    private int encodeForShards(final Command.OfStream command) {
        if (command instanceof StreamCommand.SplitShard split) {
            final SplitShardEncoder encoder = new SplitShardEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.command(), command);
            put(encoder.shardId(split.shardId()).startingHashKey(), split.startingHashKey());
            return encoder.encodedLength();
        } else if (command instanceof StreamCommand.MergeShards merge) {
            final MergeShardsEncoder encoder = new MergeShardsEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.command(), command);
            return encoder.shardId(merge.shardId())
                    .adjacentShardId(merge.adjacentShardId())
                    .encodedLength();
        } else if (command instanceof StreamCommand.SubscribeStream subscribe) {
            return subscribe(subscribe);
        } else if (command instanceof StreamCommand.UpdateShardCount update) {
            final UpdateShardCountEncoder encoder =
                    new UpdateShardCountEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.command(), command);
            return encoder.streamId(update.streamId())
                    .shardCount(update.shardCount())
                    .encodedLength();
        }
        return encodeForConsumers(command);
    }

    private int encodeForConsumers(final Command.OfStream command) {
        if (command instanceof StreamCommand.RegisterStreamConsumer register) {
            final RegisterStreamConsumerEncoder encoder =
                    new RegisterStreamConsumerEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.command(), command);
            encoder.streamId(register.streamId())
                    .putName(raw(register.name()), 0, register.name().length());
            return encoder.encodedLength();
        } else if (command instanceof StreamCommand.DeregisterStreamConsumer deregister) {
            final DeregisterStreamConsumerEncoder encoder =
                    new DeregisterStreamConsumerEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.command(), command);
            return encoder.consumerId(deregister.consumerId()).encodedLength();
        } else if (command instanceof StreamCommand.SubscribeToShard subscribe) {
            final SubscribeToShardEncoder encoder =
                    new SubscribeToShardEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.command(), command);
            return encoder.consumerId(subscribe.consumerId())
                    .shardId(subscribe.shardId())
                    .position(subscribe.position())
                    .windowBytes(subscribe.windowBytes())
                    .kind(subscribe.kind())
                    .encodedLength();
        } else if (command instanceof StreamCommand.UnsubscribeFromShard unsubscribe) {
            final UnsubscribeFromShardEncoder encoder =
                    new UnsubscribeFromShardEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.command(), command);
            return encoder.consumerId(unsubscribe.consumerId())
                    .shardId(unsubscribe.shardId())
                    .encodedLength();
        } else if (command instanceof StreamCommand.DescribeStreamConsumer describe) {
            final DescribeStreamConsumerEncoder encoder =
                    new DescribeStreamConsumerEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.consumerId(describe.consumerId()).encodedLength();
        } else if (command instanceof StreamCommand.ListStreamConsumers list) {
            final ListStreamConsumersEncoder encoder =
                    new ListStreamConsumersEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.streamId(list.streamId())
                    .afterConsumerId(list.afterConsumerId())
                    .maxEntries(list.maxEntries())
                    .encodedLength();
        }
        return query(command);
    }

    private int subscribe(final StreamCommand.SubscribeStream command) {
        final SubscribeStreamEncoder encoder = new SubscribeStreamEncoder().wrapAndApplyHeader(buffer, offset, header);
        put(encoder.command(), command);
        TopicCommandWriter.put(
                encoder.topicId(command.topicId()).streamId(command.streamId()).settings(), command.settings());
        encoder.putKeyAttribute(
                raw(command.keyAttribute()), 0, command.keyAttribute().length());
        final String policy = command.settings().policyText();
        encoder.putFilterPolicy(raw(policy), 0, policy.length());
        return encoder.encodedLength();
    }

    private int putRecords(final StreamCommand.PutRecords command) {
        final PutRecordsEncoder encoder = new PutRecordsEncoder().wrapAndApplyHeader(buffer, offset, header);
        put(encoder.command(), command);
        final PutRecordsEncoder.RecordsEncoder records = encoder.streamId(command.streamId())
                .recordsCount(command.records().size());
        for (final StreamCommand.Put entry : command.records()) {
            records.next();
            put(records.hashKey(), entry.hashKey() == null ? BigInteger.ZERO : entry.hashKey());
            records.flags().clear().explicitHashKey(entry.hashKey() != null);
            records.putPartitionKey(
                    raw(entry.partitionKey()), 0, entry.partitionKey().length());
            records.putData(raw(entry.data()), 0, entry.data().length());
        }
        return encoder.encodedLength();
    }

    /** The bytes of one entry of PutRecords, one in each char. */
    static String entry(final StreamCommand.Put record) {
        final ExpandableArrayBuffer frame = new ExpandableArrayBuffer();
        final int length = new CommandWriter()
                .write(frame, 0, 1, new StreamCommand.PutRecords(1, Command.Producer.NONE, 1, List.of(record)));
        final byte[] bytes = new byte[length - ENTRY_OFFSET];
        frame.getBytes(ENTRY_OFFSET, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private int getRecords(final StreamCommand.GetRecords command) {
        final GetRecordsEncoder encoder = new GetRecordsEncoder().wrapAndApplyHeader(buffer, offset, header);
        put(encoder.command(), command);
        encoder.iterator()
                .shardId(command.iterator().shardId())
                .position(command.iterator().position())
                .issuedTimeNs(command.iterator().issuedTimeNs())
                .kind(command.iterator().kind())
                .reserved1((short) 0)
                .reserved2(0)
                .reserved4(0);
        return encoder.maxRecords(command.maxRecords())
                .maxBytes(command.maxBytes())
                .encodedLength();
    }

    private int tag(final StreamCommand.TagStream command) {
        final TagStreamEncoder encoder = new TagStreamEncoder().wrapAndApplyHeader(buffer, offset, header);
        put(encoder.command(), command);
        final TagStreamEncoder.TagsEncoder tags =
                encoder.streamId(command.streamId()).tagsCount(command.tags().size());
        for (final Command.Tag tag : command.tags()) {
            tags.next().putKey(raw(tag.key()), 0, tag.key().length());
            tags.putValue(raw(tag.value()), 0, tag.value().length());
        }
        return encoder.encodedLength();
    }

    private int untag(final StreamCommand.UntagStream command) {
        final UntagStreamEncoder encoder = new UntagStreamEncoder().wrapAndApplyHeader(buffer, offset, header);
        put(encoder.command(), command);
        final UntagStreamEncoder.KeysEncoder keys =
                encoder.streamId(command.streamId()).keysCount(command.keys().size());
        command.keys().forEach(key -> keys.next().putKey(raw(key), 0, key.length()));
        return encoder.encodedLength();
    }

    private int setAccess(final StreamCommand.SetStreamAccess command) {
        final SetStreamAccessEncoder encoder = new SetStreamAccessEncoder().wrapAndApplyHeader(buffer, offset, header);
        put(encoder.command(), command);
        final SetStreamAccessEncoder.EntriesEncoder entries = encoder.streamId(command.streamId())
                .entriesCount(command.entries().size());
        for (final Command.AccessEntry entry : command.entries()) {
            entries.next()
                    .permissions()
                    .clear()
                    .send(entry.send())
                    .receive(entry.receive())
                    .manage(entry.manage());
            entries.putPrincipal(raw(entry.principal()), 0, entry.principal().length());
        }
        return encoder.encodedLength();
    }

    private int query(final Command.OfStream command) {
        if (command instanceof StreamCommand.LookUpStream lookUp) {
            final LookUpStreamEncoder encoder = new LookUpStreamEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            encoder.putName(raw(lookUp.name()), 0, lookUp.name().length());
            return encoder.encodedLength();
        } else if (command instanceof StreamCommand.DescribeStream describe) {
            final DescribeStreamEncoder encoder =
                    new DescribeStreamEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.streamId(describe.streamId()).encodedLength();
        } else if (command instanceof StreamCommand.ListStreams list) {
            final ListStreamsEncoder encoder = new ListStreamsEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            encoder.afterStreamId(list.afterStreamId()).maxEntries(list.maxEntries());
            encoder.putPrefix(raw(list.prefix()), 0, list.prefix().length());
            return encoder.encodedLength();
        } else if (command instanceof StreamCommand.ListStreamTags list) {
            final ListStreamTagsEncoder encoder =
                    new ListStreamTagsEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.streamId(list.streamId()).encodedLength();
        } else if (command instanceof StreamCommand.DescribeStreamAccess describe) {
            final DescribeStreamAccessEncoder encoder =
                    new DescribeStreamAccessEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.streamId(describe.streamId()).encodedLength();
        }
        return queryShards(command);
    }

    private int queryShards(final Command.OfStream command) {
        if (command instanceof StreamCommand.ListShards list) {
            final ListShardsEncoder encoder = new ListShardsEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.streamId(list.streamId())
                    .afterShardId(list.afterShardId())
                    .tokenTimeNs(list.tokenTimeNs())
                    .timestampNs(list.timestampNs())
                    .maxEntries(list.maxEntries())
                    .filter(list.filter())
                    .encodedLength();
        } else if (command instanceof StreamCommand.GetShardIterator get) {
            final GetShardIteratorEncoder encoder =
                    new GetShardIteratorEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.shardId(get.shardId())
                    .position(get.position())
                    .kind(get.kind())
                    .encodedLength();
        }
        throw new AssertionError("no frame for " + command);
    }

    private void put(final CommandHeaderEncoder encoder, final Command command) {
        CommandWriter.put(encoder, sessionId, command);
    }

    private void put(final QueryHeaderEncoder encoder, final Command command) {
        encoder.sessionId(sessionId).correlationId(command.correlationId());
    }

    private static void put(final HashKeyEncoder encoder, final BigInteger key) {
        encoder.high(key.shiftRight(Long.SIZE).longValue()).low(key.longValue());
    }

    private static void put(final StreamSettingsEncoder encoder, final StreamCommand.Settings settings) {
        encoder.retentionNs(
                        settings.retentionNs() == null
                                ? StreamSettingsEncoder.retentionNsNullValue()
                                : settings.retentionNs())
                .maxRecordBytes(
                        settings.maxRecordBytes() == null
                                ? StreamSettingsEncoder.maxRecordBytesNullValue()
                                : settings.maxRecordBytes())
                .reserved(0);
    }
}
