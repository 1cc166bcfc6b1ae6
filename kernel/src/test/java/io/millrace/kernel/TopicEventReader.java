package io.millrace.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.codecs.BlobDescriptionDecoder;
import io.millrace.codecs.BlobListDecoder;
import io.millrace.codecs.DeliveryPolicyDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.SubscriptionDescriptionDecoder;
import io.millrace.codecs.SubscriptionListDecoder;
import io.millrace.codecs.TopicDescriptionDecoder;
import io.millrace.codecs.TopicListDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** Decodes what a session is told of topics and subscriptions. */
final class TopicEventReader {

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    private final StreamEventReader streams = new StreamEventReader();

    /** Hands on the event; returns the length of the message without its header. */
    int read(final int templateId, final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        return switch (templateId) {
            case TopicDescriptionDecoder.TEMPLATE_ID -> topicDescription(buffer, offset, events);
            case TopicListDecoder.TEMPLATE_ID -> topicList(buffer, offset, events);
            case SubscriptionDescriptionDecoder.TEMPLATE_ID -> subscriptionDescription(buffer, offset, events);
            case SubscriptionListDecoder.TEMPLATE_ID -> subscriptionList(buffer, offset, events);
            case BlobDescriptionDecoder.TEMPLATE_ID -> blobDescription(buffer, offset, events);
            case BlobListDecoder.TEMPLATE_ID -> blobList(buffer, offset, events);
            default -> streams.read(templateId, buffer, offset, events);
        };
    }

    private int blobDescription(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final BlobDescriptionDecoder decoder = new BlobDescriptionDecoder().wrapAndApplyHeader(buffer, offset, header);
        final BlobReference blob = BlobReference.read(buffer, decoder.blob().offset());
        events.accept(new Event.BlobList(decoder.correlationId(), 0, List.of(blob + " x" + decoder.referenceCount())));
        return decoder.encodedLength();
    }

    private int blobList(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final BlobListDecoder decoder = new BlobListDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<String> blobs = new ArrayList<>();
        for (final BlobListDecoder.BlobsDecoder blob : decoder.blobs()) {
            blobs.add(BlobReference.read(buffer, blob.blob().offset()) + " x" + blob.referenceCount());
        }
        events.accept(new Event.BlobList(decoder.correlationId(), decoder.nextAfterBlobId(), blobs));
        return decoder.encodedLength();
    }

    private int topicDescription(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final TopicDescriptionDecoder decoder =
                new TopicDescriptionDecoder().wrapAndApplyHeader(buffer, offset, header);
        final byte[] name = new byte[decoder.nameLength()];
        decoder.getName(name, 0, name.length);
        final Event.TopicDescription description = new Event.TopicDescription(
                decoder.correlationId(),
                decoder.topicId(),
                decoder.createdTimeNs(),
                decoder.changedTimeNs(),
                decoder.subscriptionCount(),
                decoder.publishedCount(),
                decoder.pendingCount(),
                new Command.TopicSettings(
                        decoder.settings().topicType(),
                        decoder.settings().contentDeduplication(),
                        decoder.settings().deduplicationScope()),
                new String(name, ISO_8859_1));
        final long period = decoder.settings().archivePeriodNs();
        events.accept(
                period == 0 ? description : new ArchiveEvent.OfTopic(period, decoder.archiveBeganNs(), description));
        return decoder.encodedLength();
    }

    private int topicList(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final TopicListDecoder decoder = new TopicListDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<String> topics = new ArrayList<>();
        for (final TopicListDecoder.TopicsDecoder topic : decoder.topics()) {
            final byte[] name = new byte[topic.nameLength()];
            topic.getName(name, 0, name.length);
            topics.add(topic.topicId() + " " + new String(name, ISO_8859_1));
        }
        events.accept(new Event.TopicList(decoder.correlationId(), decoder.nextAfterTopicId(), topics));
        return decoder.encodedLength();
    }

    private int subscriptionDescription(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final SubscriptionDescriptionDecoder decoder =
                new SubscriptionDescriptionDecoder().wrapAndApplyHeader(buffer, offset, header);
        final String filterPolicy = policy(decoder);
        final Event.SubscriptionDescription description = new Event.SubscriptionDescription(
                decoder.correlationId(),
                decoder.subscriptionId(),
                decoder.topicId(),
                decoder.queueId(),
                decoder.createdTimeNs(),
                decoder.deliveredCount(),
                decoder.deadLetterCount(),
                decoder.discardedCount(),
                new Command.SubscriptionSettings(
                        decoder.settings().deadLetterQueueId(),
                        decoder.settings().rawDelivery(),
                        decoder.settings().filterScope(),
                        filterPolicy),
                decoder.filteredCount(),
                new Event.SessionDeliveries(
                        decoder.retriedCount(),
                        decoder.pendingCount(),
                        decoder.oldestTimeNs(),
                        policy(decoder.policy()),
                        decoder.acknowledged(),
                        name(decoder)));
        final byte[] key = new byte[decoder.keyAttributeLength()];
        decoder.getKeyAttribute(key, 0, key.length);
        final Event event = decoder.streamId() == 0
                ? description
                : new StreamEvent.OfSubscription(decoder.streamId(), new String(key, ISO_8859_1), description);
        final long from = decoder.settings().replayFromNs();
        events.accept(
                from == 0 && decoder.replayState() == ReplayState.NONE
                        ? event
                        : new ArchiveEvent.OfSubscription(from, decoder.replayState(), event));
        return decoder.encodedLength();
    }

    private static String name(final SubscriptionDescriptionDecoder decoder) {
        final byte[] name = new byte[decoder.nameLength()];
        decoder.getName(name, 0, name.length);
        return new String(name, ISO_8859_1);
    }

    private static String policy(final SubscriptionDescriptionDecoder decoder) {
        final byte[] policy = new byte[decoder.filterPolicyLength()];
        decoder.getFilterPolicy(policy, 0, policy.length);
        return new String(policy, ISO_8859_1);
    }

    private static Command.DeliveryPolicy policy(final DeliveryPolicyDecoder policy) {
        return new Command.DeliveryPolicy(
                policy.retries(),
                policy.noDelayRetries(),
                policy.minDelayRetries(),
                policy.maxDelayRetries(),
                policy.minDelayNs(),
                policy.maxDelayNs(),
                policy.function(),
                policy.maxPerSecond());
    }

    private int subscriptionList(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final SubscriptionListDecoder decoder =
                new SubscriptionListDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<String> subscriptions = new ArrayList<>();
        for (final SubscriptionListDecoder.SubscriptionsDecoder subscription : decoder.subscriptions()) {
            subscriptions.add(
                    subscription.subscriptionId() + " " + subscription.topicId() + "->" + subscription.queueId()
                            + (subscription.streamId() == 0 ? "" : " stream " + subscription.streamId()));
        }
        events.accept(
                new Event.SubscriptionList(decoder.correlationId(), decoder.nextAfterSubscriptionId(), subscriptions));
        return decoder.encodedLength();
    }
}
