package io.millrace.kernel;

import static io.millrace.kernel.Payload.raw;

import io.millrace.codecs.BrowseMessagesEncoder;
import io.millrace.codecs.CancelRedriveEncoder;
import io.millrace.codecs.CreateQueueEncoder;
import io.millrace.codecs.DeleteQueueEncoder;
import io.millrace.codecs.DescribeQueueAccessEncoder;
import io.millrace.codecs.DescribeQueueEncoder;
import io.millrace.codecs.ListDeadLetterSourcesEncoder;
import io.millrace.codecs.ListQueueTagsEncoder;
import io.millrace.codecs.ListQueuesEncoder;
import io.millrace.codecs.ListRedrivesEncoder;
import io.millrace.codecs.LookUpQueueEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PurgeQueueEncoder;
import io.millrace.codecs.QueryHeaderEncoder;
import io.millrace.codecs.QueueSettingsEncoder;
import io.millrace.codecs.SetQueueAccessEncoder;
import io.millrace.codecs.SetQueueSettingsEncoder;
import io.millrace.codecs.StartRedriveEncoder;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TagQueueEncoder;
import io.millrace.codecs.UntagQueueEncoder;
import io.millrace.codecs.WatchQueueEncoder;
import org.agrona.MutableDirectBuffer;

/** Turns commands and queries that concern queues as such into frames; each method returns the length without the header. */
final class QueueCommandWriter {

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MutableDirectBuffer buffer;
    private final int offset;
    private final long sessionId;

    QueueCommandWriter(final MutableDirectBuffer buffer, final int offset, final long sessionId) {
        this.buffer = buffer;
        this.offset = offset;
        this.sessionId = sessionId;
    }

    int encode(final Command command) {
        if (command instanceof Command.CreateQueue create) {
            return createQueue(create);
        } else if (command instanceof Command.DeleteQueue delete) {
            final DeleteQueueEncoder encoder = new DeleteQueueEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            return encoder.queueId(delete.queueId()).encodedLength();
        } else if (command instanceof Command.SetQueueSettings set) {
            return setQueueSettings(set);
        } else if (command instanceof Command.PurgeQueue purge) {
            final PurgeQueueEncoder encoder = new PurgeQueueEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            return encoder.queueId(purge.queueId()).encodedLength();
        } else if (command instanceof Command.TagQueue tag) {
            return tagQueue(tag);
        } else if (command instanceof Command.UntagQueue untag) {
            return untagQueue(untag);
        } else if (command instanceof Command.SetQueueAccess set) {
            return setQueueAccess(set);
        } else if (command instanceof Command.WatchQueue watch) {
            final WatchQueueEncoder encoder = new WatchQueueEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            encoder.queueId(watch.queueId()).watching(watch.watching() ? Switch.ON : Switch.OFF);
            return encoder.encodedLength();
        } else if (command instanceof Command.StartRedrive start) {
            return startRedrive(start);
        } else if (command instanceof Command.CancelRedrive cancel) {
            final CancelRedriveEncoder encoder = new CancelRedriveEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            return encoder.taskId(cancel.taskId()).encodedLength();
        }
        return query(command);
    }

    private int query(final Command command) {
        if (command instanceof Command.LookUpQueue lookUp) {
            final LookUpQueueEncoder encoder = new LookUpQueueEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            encoder.putName(raw(lookUp.name()), 0, lookUp.name().length());
            return encoder.encodedLength();
        } else if (command instanceof Command.DescribeQueue describe) {
            final DescribeQueueEncoder encoder = new DescribeQueueEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.queueId(describe.queueId()).encodedLength();
        } else if (command instanceof Command.ListQueues list) {
            final ListQueuesEncoder encoder = new ListQueuesEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            encoder.afterQueueId(list.afterQueueId()).maxEntries(list.maxEntries());
            encoder.putPrefix(raw(list.prefix()), 0, list.prefix().length());
            return encoder.encodedLength();
        } else if (command instanceof Command.ListQueueTags list) {
            final ListQueueTagsEncoder encoder = new ListQueueTagsEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.queueId(list.queueId()).encodedLength();
        } else if (command instanceof Command.DescribeQueueAccess describe) {
            final DescribeQueueAccessEncoder encoder =
                    new DescribeQueueAccessEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.queueId(describe.queueId()).encodedLength();
        } else if (command instanceof Command.ListDeadLetterSources list) {
            final ListDeadLetterSourcesEncoder encoder =
                    new ListDeadLetterSourcesEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            encoder.queueId(list.queueId()).afterQueueId(list.afterQueueId()).maxEntries(list.maxEntries());
            return encoder.encodedLength();
        } else if (command instanceof Command.ListRedrives list) {
            final ListRedrivesEncoder encoder = new ListRedrivesEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.queueId(list.queueId()).encodedLength();
        } else if (command instanceof Command.BrowseMessages browse) {
            return browseMessages(browse);
        }
        return new TopicCommandWriter(buffer, offset, sessionId).encode(command);
    }

    private int browseMessages(final Command.BrowseMessages query) {
        final BrowseMessagesEncoder encoder = new BrowseMessagesEncoder().wrapAndApplyHeader(buffer, offset, header);
        put(encoder.query(), query);
        encoder.queueId(query.queueId()).cursor(query.cursor()).maxMessages(query.maxMessages());
        encoder.statuses()
                .clear()
                .available(query.available())
                .delayed(query.delayed())
                .inFlight(query.inFlight());
        return encoder.encodedLength();
    }

    private int createQueue(final Command.CreateQueue command) {
        final CreateQueueEncoder encoder = new CreateQueueEncoder().wrapAndApplyHeader(buffer, offset, header);
        CommandWriter.put(encoder.command(), sessionId, command);
        put(encoder.settings(), command.settings());
        final CreateQueueEncoder.RedriveSourcesEncoder sources =
                encoder.redriveSourcesCount(command.settings().redriveSources().size());
        command.settings().redriveSources().forEach(source -> sources.next().queueId(source));
        encoder.putName(raw(command.name()), 0, command.name().length());
        return encoder.encodedLength();
    }

    private int setQueueSettings(final Command.SetQueueSettings command) {
        final SetQueueSettingsEncoder encoder =
                new SetQueueSettingsEncoder().wrapAndApplyHeader(buffer, offset, header);
        CommandWriter.put(encoder.command(), sessionId, command);
        encoder.queueId(command.queueId());
        put(encoder.settings(), command.settings());
        final SetQueueSettingsEncoder.RedriveSourcesEncoder sources =
                encoder.redriveSourcesCount(command.settings().redriveSources().size());
        command.settings().redriveSources().forEach(source -> sources.next().queueId(source));
        return encoder.encodedLength();
    }

    private int tagQueue(final Command.TagQueue command) {
        final TagQueueEncoder encoder = new TagQueueEncoder().wrapAndApplyHeader(buffer, offset, header);
        CommandWriter.put(encoder.command(), sessionId, command);
        encoder.queueId(command.queueId());
        final TagQueueEncoder.TagsEncoder tags =
                encoder.tagsCount(command.tags().size());
        for (final Command.Tag tag : command.tags()) {
            tags.next().putKey(raw(tag.key()), 0, tag.key().length());
            tags.putValue(raw(tag.value()), 0, tag.value().length());
        }
        return encoder.encodedLength();
    }

    private int untagQueue(final Command.UntagQueue command) {
        final UntagQueueEncoder encoder = new UntagQueueEncoder().wrapAndApplyHeader(buffer, offset, header);
        CommandWriter.put(encoder.command(), sessionId, command);
        encoder.queueId(command.queueId());
        final UntagQueueEncoder.KeysEncoder keys =
                encoder.keysCount(command.keys().size());
        command.keys().forEach(key -> keys.next().putKey(raw(key), 0, key.length()));
        return encoder.encodedLength();
    }

    private int setQueueAccess(final Command.SetQueueAccess command) {
        final SetQueueAccessEncoder encoder = new SetQueueAccessEncoder().wrapAndApplyHeader(buffer, offset, header);
        CommandWriter.put(encoder.command(), sessionId, command);
        encoder.queueId(command.queueId());
        final SetQueueAccessEncoder.EntriesEncoder entries =
                encoder.entriesCount(command.entries().size());
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

    private int startRedrive(final Command.StartRedrive command) {
        final StartRedriveEncoder encoder = new StartRedriveEncoder().wrapAndApplyHeader(buffer, offset, header);
        CommandWriter.put(encoder.command(), sessionId, command);
        return encoder.queueId(command.queueId())
                .destinationQueueId(command.destinationQueueId())
                .messagesPerSecond(command.messagesPerSecond())
                .encodedLength();
    }

    private void put(final QueryHeaderEncoder encoder, final Command command) {
        encoder.sessionId(sessionId).correlationId(command.correlationId());
    }

    private static void put(final QueueSettingsEncoder encoder, final Settings settings) {
        encoder.visibilityTimeoutNs(CommandWriter.orNull(settings.visibilityTimeoutNs()))
                .delayNs(CommandWriter.orNull(settings.delayNs()))
                .receiveWaitNs(CommandWriter.orNull(settings.receiveWaitNs()))
                .retentionNs(CommandWriter.orNull(settings.retentionNs()))
                .deadLetterQueueId(CommandWriter.orNull(settings.deadLetterQueueId()))
                .backoffDelayNs(CommandWriter.orNull(settings.backoffDelayNs()))
                .backoffMaxNs(CommandWriter.orNull(settings.backoffMaxNs()))
                .highDepth(CommandWriter.orNull(settings.highDepth()))
                .lowDepth(CommandWriter.orNull(settings.lowDepth()))
                .highAgeNs(CommandWriter.orNull(settings.highAgeNs()))
                .lowAgeNs(CommandWriter.orNull(settings.lowAgeNs()))
                .maxMessageBytes(
                        settings.maxMessageBytes() == null
                                ? QueueSettingsEncoder.maxMessageBytesNullValue()
                                : settings.maxMessageBytes())
                .maxReceiveCount(
                        settings.maxReceiveCount() == null
                                ? QueueSettingsEncoder.maxReceiveCountNullValue()
                                : settings.maxReceiveCount())
                .queueType(settings.queueType())
                .contentDeduplication(settings.contentDeduplication())
                .deduplicationScope(settings.deduplicationScope())
                .throughputScope(settings.throughputScope())
                .redrivePermission(settings.redrivePermission())
                .backoff(settings.backoff())
                .priorities(
                        settings.priorities() == null
                                ? QueueSettingsEncoder.prioritiesNullValue()
                                : settings.priorities().shortValue())
                .reserved((short) 0);
    }
}
