package io.millrace.client;

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
import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.PurgeQueueEncoder;
import io.millrace.codecs.SetQueueAccessEncoder;
import io.millrace.codecs.SetQueueSettingsEncoder;
import io.millrace.codecs.StartRedriveEncoder;
import io.millrace.codecs.TagQueueEncoder;
import io.millrace.codecs.UntagQueueEncoder;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Encodes the requests about queues. Each method returns a correlation id or a negative code. */
final class QueueFrames extends RequestFrames {
    QueueFrames(final FrameWriter writer) {
        super(writer);
    }

    long create(final QueueSettings settings) {
        final byte[] name = bytes(settings.name());
        final long[] sources = settings.redriveSourceIds();
        if (name.length > MAX_TEXT_LENGTH || sources.length > MAX_GROUP_ENTRIES) {
            return MillraceClient.TOO_LARGE;
        }
        final CreateQueueEncoder encoder = new CreateQueueEncoder().wrap(body, 0);
        settings.encode(encoder.settings());
        final CreateQueueEncoder.RedriveSourcesEncoder group = encoder.redriveSourcesCount(sources.length);
        for (final long source : sources) {
            group.next().queueId(source);
        }
        encoder.putName(name, 0, name.length);
        return command(CreateQueueEncoder.TEMPLATE_ID, CreateQueueEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long set(final long queueId, final QueueSettings settings) {
        final long[] sources = settings.redriveSourceIds();
        if (sources.length > MAX_GROUP_ENTRIES) {
            return MillraceClient.TOO_LARGE;
        }
        final SetQueueSettingsEncoder encoder =
                new SetQueueSettingsEncoder().wrap(body, 0).queueId(queueId);
        settings.encode(encoder.settings());
        final SetQueueSettingsEncoder.RedriveSourcesEncoder group = encoder.redriveSourcesCount(sources.length);
        for (final long source : sources) {
            group.next().queueId(source);
        }
        return command(
                SetQueueSettingsEncoder.TEMPLATE_ID, SetQueueSettingsEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long delete(final long queueId) {
        new DeleteQueueEncoder().wrap(body, 0).queueId(queueId);
        return command(DeleteQueueEncoder.TEMPLATE_ID, DeleteQueueEncoder.BLOCK_LENGTH);
    }

    long purge(final long queueId) {
        new PurgeQueueEncoder().wrap(body, 0).queueId(queueId);
        return command(PurgeQueueEncoder.TEMPLATE_ID, PurgeQueueEncoder.BLOCK_LENGTH);
    }

    long tag(final long queueId, final Map<String, String> tags) {
        if (isTooLong(tags.keySet()) || isTooLong(tags.values())) {
            return MillraceClient.TOO_LARGE;
        }
        final TagQueueEncoder encoder = new TagQueueEncoder().wrap(body, 0).queueId(queueId);
        final TagQueueEncoder.TagsEncoder group = encoder.tagsCount(tags.size());
        tags.forEach((key, value) -> group.next().key(key).value(value));
        return command(TagQueueEncoder.TEMPLATE_ID, TagQueueEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long untag(final long queueId, final Collection<String> keys) {
        if (isTooLong(keys)) {
            return MillraceClient.TOO_LARGE;
        }
        final UntagQueueEncoder encoder = new UntagQueueEncoder().wrap(body, 0).queueId(queueId);
        final UntagQueueEncoder.KeysEncoder group = encoder.keysCount(keys.size());
        keys.forEach(key -> group.next().key(key));
        return command(UntagQueueEncoder.TEMPLATE_ID, UntagQueueEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long setAccess(final long queueId, final List<AccessEntry> entries) {
        if (isListTooLong(entries)) {
            return MillraceClient.TOO_LARGE;
        }
        final SetQueueAccessEncoder encoder =
                new SetQueueAccessEncoder().wrap(body, 0).queueId(queueId);
        final SetQueueAccessEncoder.EntriesEncoder group = encoder.entriesCount(entries.size());
        for (final AccessEntry entry : entries) {
            group.next()
                    .permissions()
                    .clear()
                    .send(entry.maySend())
                    .receive(entry.mayReceive())
                    .manage(entry.mayManage());
            group.principal(entry.principal());
        }
        return command(SetQueueAccessEncoder.TEMPLATE_ID, SetQueueAccessEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long startRedrive(final long queueId, final long destinationQueueId, final int messagesPerSecond) {
        new StartRedriveEncoder()
                .wrap(body, 0)
                .queueId(queueId)
                .destinationQueueId(destinationQueueId)
                .messagesPerSecond(messagesPerSecond);
        return command(StartRedriveEncoder.TEMPLATE_ID, StartRedriveEncoder.BLOCK_LENGTH);
    }

    long cancelRedrive(final long taskId) {
        new CancelRedriveEncoder().wrap(body, 0).taskId(taskId);
        return command(CancelRedriveEncoder.TEMPLATE_ID, CancelRedriveEncoder.BLOCK_LENGTH);
    }

    long lookUp(final String queueName) {
        final byte[] name = bytes(queueName);
        if (name.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final LookUpQueueEncoder encoder =
                new LookUpQueueEncoder().wrap(body, 0).putName(name, 0, name.length);
        return query(LookUpQueueEncoder.TEMPLATE_ID, LookUpQueueEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long describe(final long queueId) {
        new DescribeQueueEncoder().wrap(body, 0).queueId(queueId);
        return query(DescribeQueueEncoder.TEMPLATE_ID, DescribeQueueEncoder.BLOCK_LENGTH);
    }

    long list(final long afterQueueId, final int maxEntries, final String namePrefix) {
        final byte[] prefix = bytes(namePrefix);
        if (prefix.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final ListQueuesEncoder encoder = new ListQueuesEncoder()
                .wrap(body, 0)
                .afterQueueId(afterQueueId)
                .maxEntries(maxEntries)
                .putPrefix(prefix, 0, prefix.length);
        return query(ListQueuesEncoder.TEMPLATE_ID, ListQueuesEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long listTags(final long queueId) {
        new ListQueueTagsEncoder().wrap(body, 0).queueId(queueId);
        return query(ListQueueTagsEncoder.TEMPLATE_ID, ListQueueTagsEncoder.BLOCK_LENGTH);
    }

    long describeAccess(final long queueId) {
        new DescribeQueueAccessEncoder().wrap(body, 0).queueId(queueId);
        return query(DescribeQueueAccessEncoder.TEMPLATE_ID, DescribeQueueAccessEncoder.BLOCK_LENGTH);
    }

    long listDeadLetterSources(final long queueId, final long afterQueueId, final int maxEntries) {
        new ListDeadLetterSourcesEncoder()
                .wrap(body, 0)
                .queueId(queueId)
                .afterQueueId(afterQueueId)
                .maxEntries(maxEntries);
        return query(ListDeadLetterSourcesEncoder.TEMPLATE_ID, ListDeadLetterSourcesEncoder.BLOCK_LENGTH);
    }

    long listRedrives(final long queueId) {
        new ListRedrivesEncoder().wrap(body, 0).queueId(queueId);
        return query(ListRedrivesEncoder.TEMPLATE_ID, ListRedrivesEncoder.BLOCK_LENGTH);
    }

    long browse(final long queueId, final long cursor, final int maxMessages, final Set<MessageStatus> statuses) {
        new BrowseMessagesEncoder()
                .wrap(body, 0)
                .queueId(queueId)
                .cursor(cursor)
                .maxMessages(maxMessages)
                .statuses()
                .clear()
                .available(statuses.contains(MessageStatus.AVAILABLE))
                .delayed(statuses.contains(MessageStatus.DELAYED) || statuses.contains(MessageStatus.AWAITING_RETRY))
                .inFlight(statuses.contains(MessageStatus.IN_FLIGHT));
        return query(BrowseMessagesEncoder.TEMPLATE_ID, BrowseMessagesEncoder.BLOCK_LENGTH);
    }
}
