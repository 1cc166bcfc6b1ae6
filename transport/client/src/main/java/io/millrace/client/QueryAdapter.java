package io.millrace.client;

import io.millrace.codecs.BlobDescriptionDecoder;
import io.millrace.codecs.BlobListDecoder;
import io.millrace.codecs.BrowseEndDecoder;
import io.millrace.codecs.BrowsedMessageDecoder;
import io.millrace.codecs.PermissionsDecoder;
import io.millrace.codecs.QueueAccessDecoder;
import io.millrace.codecs.QueueDescriptionDecoder;
import io.millrace.codecs.QueueListDecoder;
import io.millrace.codecs.QueueTagsDecoder;
import io.millrace.codecs.RedriveListDecoder;
import io.millrace.codecs.SubscriptionDescriptionDecoder;
import io.millrace.codecs.SubscriptionListDecoder;
import io.millrace.codecs.TopicDescriptionDecoder;
import io.millrace.codecs.TopicListDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * Decodes the answers of queries into values that can be kept.
 */
final class QueryAdapter extends AnswerDecoder {
    /** Filter policy, name and key attribute. */
    private static final int SUBSCRIPTION_TEXTS = 3;

    private final EgressEvents events;

    QueryAdapter(final EgressEvents events) {
        this.events = events;
    }

    /** @return false if the message is malformed. */
    boolean onMessage(
            final int templateId,
            final DirectBuffer source,
            final int blockOffset,
            final int actingBlockLength,
            final int actingVersion,
            final int messageLimit) {
        wrap(source, blockOffset, actingBlockLength, actingVersion, messageLimit);
        switch (templateId) {
            case QueueDescriptionDecoder.TEMPLATE_ID:
                return onDescription();
            case QueueListDecoder.TEMPLATE_ID:
                return onList();
            case QueueTagsDecoder.TEMPLATE_ID:
                return onTags();
            case QueueAccessDecoder.TEMPLATE_ID:
                return onAccess();
            case RedriveListDecoder.TEMPLATE_ID:
                return onRedrives();
            case BrowsedMessageDecoder.TEMPLATE_ID:
                return onBrowsed();
            case BrowseEndDecoder.TEMPLATE_ID:
                return onBrowseEnd();
            case TopicDescriptionDecoder.TEMPLATE_ID:
                return onTopic();
            case TopicListDecoder.TEMPLATE_ID:
                return onTopics();
            case SubscriptionDescriptionDecoder.TEMPLATE_ID:
                return onSubscription();
            case SubscriptionListDecoder.TEMPLATE_ID:
                return onSubscriptions();
            case BlobDescriptionDecoder.TEMPLATE_ID:
                return onBlob();
            case BlobListDecoder.TEMPLATE_ID:
                return onBlobs();
            default:
                throw new IllegalArgumentException("Template " + templateId + " is no answer of a query.");
        }
    }

    private boolean onDescription() {
        final int end = groupEnd(
                QueueDescriptionDecoder.BLOCK_LENGTH,
                QueueDescriptionDecoder.RedriveSourcesDecoder.sbeBlockLength(),
                0);
        if (end < 0 || skipText(end) < 0) {
            return false;
        }
        final QueueDescriptionDecoder decoder = new QueueDescriptionDecoder().wrap(buffer, block, blockLength, version);
        events.onQueryAnswer(decoder.correlationId(), QueueInfo.of(decoder));
        return true;
    }

    private boolean onList() {
        if (groupEnd(QueueListDecoder.BLOCK_LENGTH, QueueListDecoder.QueuesDecoder.sbeBlockLength(), 1) < 0) {
            return false;
        }
        final QueueListDecoder decoder = new QueueListDecoder().wrap(buffer, block, blockLength, version);
        final List<QueueName> names = new ArrayList<>();
        for (final QueueListDecoder.QueuesDecoder queue : decoder.queues()) {
            names.add(new QueueName(queue.queueId(), queue.name()));
        }
        events.onQueryAnswer(decoder.correlationId(), new Answers.QueuePage(names, decoder.nextAfterQueueId()));
        return true;
    }

    private boolean onTags() {
        if (groupEnd(QueueTagsDecoder.BLOCK_LENGTH, QueueTagsDecoder.TagsDecoder.sbeBlockLength(), 2) < 0) {
            return false;
        }
        final QueueTagsDecoder decoder = new QueueTagsDecoder().wrap(buffer, block, blockLength, version);
        final Map<String, String> tags = new LinkedHashMap<>();
        for (final QueueTagsDecoder.TagsDecoder tag : decoder.tags()) {
            // The key stands in front of the value.
            final String key = tag.key();
            tags.put(key, tag.value());
        }
        events.onQueryAnswer(decoder.correlationId(), new Answers.Tags(tags));
        return true;
    }

    private boolean onAccess() {
        if (groupEnd(QueueAccessDecoder.BLOCK_LENGTH, QueueAccessDecoder.EntriesDecoder.sbeBlockLength(), 1) < 0) {
            return false;
        }
        final QueueAccessDecoder decoder = new QueueAccessDecoder().wrap(buffer, block, blockLength, version);
        final List<AccessEntry> entries = new ArrayList<>();
        for (final QueueAccessDecoder.EntriesDecoder entry : decoder.entries()) {
            final PermissionsDecoder may = entry.permissions();
            final boolean maySend = may.send();
            final boolean mayReceive = may.receive();
            final boolean mayManage = may.manage();
            entries.add(new AccessEntry(entry.principal(), maySend, mayReceive, mayManage));
        }
        events.onQueryAnswer(decoder.correlationId(), new Answers.Access(entries));
        return true;
    }

    private boolean onRedrives() {
        if (groupEnd(RedriveListDecoder.BLOCK_LENGTH, RedriveListDecoder.TasksDecoder.sbeBlockLength(), 0) < 0) {
            return false;
        }
        final RedriveListDecoder decoder = new RedriveListDecoder().wrap(buffer, block, blockLength, version);
        final List<RedriveTask> tasks = new ArrayList<>();
        for (final RedriveListDecoder.TasksDecoder task : decoder.tasks()) {
            tasks.add(new RedriveTask(
                    task.taskId(),
                    task.destinationQueueId(),
                    task.startedTimeNs(),
                    task.movedCount(),
                    task.toMoveCount(),
                    task.messagesPerSecond(),
                    Codes.redriveStatus(task.statusRaw())));
        }
        events.onQueryAnswer(decoder.correlationId(), new Answers.Redrives(tasks));
        return true;
    }

    private boolean onBrowsed() {
        final int lengthOffset = block + blockLength;
        if (blockLength < BrowsedMessageDecoder.BLOCK_LENGTH || limit - lengthOffset < Wire.DATA_HEADER_LENGTH) {
            return false;
        }
        final int contentLength = buffer.getInt(lengthOffset, Wire.ORDER);
        if (contentLength < 0 || contentLength > limit - lengthOffset - Wire.DATA_HEADER_LENGTH) {
            return false;
        }
        final BrowsedMessageDecoder decoder = new BrowsedMessageDecoder().wrap(buffer, block, blockLength, version);
        events.onBrowsed(decoder.correlationId(), new BrowsedMessage(decoder));
        return true;
    }

    private boolean onBrowseEnd() {
        if (blockLength < BrowseEndDecoder.BLOCK_LENGTH) {
            return false;
        }
        final BrowseEndDecoder decoder = new BrowseEndDecoder().wrap(buffer, block, blockLength, version);
        events.onQueryAnswer(decoder.correlationId(), new Answers.BrowseEnd(decoder.nextCursor()));
        return true;
    }

    private boolean onTopic() {
        if (blockLength < TopicDescriptionDecoder.BLOCK_LENGTH || skipText(block + blockLength) < 0) {
            return false;
        }
        final TopicDescriptionDecoder decoder = new TopicDescriptionDecoder().wrap(buffer, block, blockLength, version);
        events.onQueryAnswer(decoder.correlationId(), TopicInfo.of(decoder));
        return true;
    }

    private boolean onTopics() {
        if (groupEnd(TopicListDecoder.BLOCK_LENGTH, TopicListDecoder.TopicsDecoder.sbeBlockLength(), 1) < 0) {
            return false;
        }
        final TopicListDecoder decoder = new TopicListDecoder().wrap(buffer, block, blockLength, version);
        final List<TopicName> names = new ArrayList<>();
        for (final TopicListDecoder.TopicsDecoder topic : decoder.topics()) {
            names.add(new TopicName(topic.topicId(), topic.name()));
        }
        events.onQueryAnswer(decoder.correlationId(), new Answers.TopicPage(names, decoder.nextAfterTopicId()));
        return true;
    }

    private boolean onSubscription() {
        if (blockLength < SubscriptionDescriptionDecoder.BLOCK_LENGTH) {
            return false;
        }
        int at = block + blockLength;
        for (int text = 0; text < SUBSCRIPTION_TEXTS && at >= 0; text++) {
            at = skipText(at);
        }
        if (at < 0) {
            return false;
        }
        final SubscriptionDescriptionDecoder decoder =
                new SubscriptionDescriptionDecoder().wrap(buffer, block, blockLength, version);
        events.onQueryAnswer(decoder.correlationId(), SubscriptionInfo.of(decoder));
        return true;
    }

    private boolean onSubscriptions() {
        final int entryLength = SubscriptionListDecoder.SubscriptionsDecoder.sbeBlockLength();
        if (groupEnd(SubscriptionListDecoder.BLOCK_LENGTH, entryLength, 0) < 0) {
            return false;
        }
        final SubscriptionListDecoder decoder = new SubscriptionListDecoder().wrap(buffer, block, blockLength, version);
        final List<TopicSubscription> subscriptions = new ArrayList<>();
        for (final SubscriptionListDecoder.SubscriptionsDecoder each : decoder.subscriptions()) {
            subscriptions.add(
                    new TopicSubscription(each.subscriptionId(), each.topicId(), each.queueId(), each.streamId()));
        }
        events.onQueryAnswer(
                decoder.correlationId(),
                new Answers.SubscriptionPage(subscriptions, decoder.nextAfterSubscriptionId()));
        return true;
    }

    private boolean onBlob() {
        if (blockLength < BlobDescriptionDecoder.BLOCK_LENGTH) {
            return false;
        }
        final BlobDescriptionDecoder decoder = new BlobDescriptionDecoder().wrap(buffer, block, blockLength, version);
        events.onQueryAnswer(
                decoder.correlationId(),
                new BlobInfo(
                        BlobReference.decode(buffer, decoder.blob().offset()),
                        decoder.declaredTimeNs(),
                        decoder.referenceCount()));
        return true;
    }

    private boolean onBlobs() {
        if (groupEnd(BlobListDecoder.BLOCK_LENGTH, BlobListDecoder.BlobsDecoder.sbeBlockLength(), 0) < 0) {
            return false;
        }
        final BlobListDecoder decoder = new BlobListDecoder().wrap(buffer, block, blockLength, version);
        final List<BlobInfo> blobs = new ArrayList<>();
        for (final BlobListDecoder.BlobsDecoder each : decoder.blobs()) {
            blobs.add(new BlobInfo(
                    BlobReference.decode(buffer, each.blob().offset()), each.declaredTimeNs(), each.referenceCount()));
        }
        events.onQueryAnswer(decoder.correlationId(), new Answers.BlobPage(blobs, decoder.nextAfterBlobId()));
        return true;
    }
}
