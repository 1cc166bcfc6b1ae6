package io.millrace.server;

import io.millrace.codecs.AttributeType;
import io.millrace.codecs.BeginPublicationEncoder;
import io.millrace.codecs.BlobReferenceEncoder;
import io.millrace.codecs.CreateTopicEncoder;
import io.millrace.codecs.DeclareBlobEncoder;
import io.millrace.codecs.DeleteTopicEncoder;
import io.millrace.codecs.DeliveryPolicyEncoder;
import io.millrace.codecs.DescribeBlobEncoder;
import io.millrace.codecs.DescribeSubscriptionEncoder;
import io.millrace.codecs.DescribeTopicAccessEncoder;
import io.millrace.codecs.DescribeTopicEncoder;
import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.ListBlobsEncoder;
import io.millrace.codecs.ListSubscriptionsEncoder;
import io.millrace.codecs.ListTopicTagsEncoder;
import io.millrace.codecs.ListTopicsEncoder;
import io.millrace.codecs.LookUpTopicEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PublishMessagesEncoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RetryFunction;
import io.millrace.codecs.SetDeliveryPolicyEncoder;
import io.millrace.codecs.SetSubscriptionEncoder;
import io.millrace.codecs.SetTopicAccessEncoder;
import io.millrace.codecs.SetTopicSettingsEncoder;
import io.millrace.codecs.SubscribeQueueEncoder;
import io.millrace.codecs.SubscribeSessionEncoder;
import io.millrace.codecs.SubscribeStreamEncoder;
import io.millrace.codecs.SubscriberProtocol;
import io.millrace.codecs.SubscriptionSettingsEncoder;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TagTopicEncoder;
import io.millrace.codecs.TopicSettingsEncoder;
import io.millrace.codecs.UnsubscribeEncoder;
import io.millrace.codecs.UntagTopicEncoder;
import org.agrona.MutableDirectBuffer;

/** The valid frames that concern topics, among {@link ClientFrames}. */
final class TopicFrames {
    private static final long TOPIC = 1;
    private static final long SUBSCRIPTION = 1;

    private final ClientFrames frames;
    private final MutableDirectBuffer buffer;
    private final MessageHeaderEncoder header;

    TopicFrames(final ClientFrames frames, final MutableDirectBuffer buffer, final MessageHeaderEncoder header) {
        this.frames = frames;
        this.buffer = buffer;
        this.header = header;
    }

    void addAll() {
        addTopics();
        addTags();
        addSubscriptions();
        addPublish();
        addQueries();
        addQueriesOfSubscriptions();
        addRest();
    }

    private void addTopics() {
        frames.add("CreateTopic", () -> {
            final CreateTopicEncoder command = new CreateTopicEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            settings(command.settings());
            return command.name("trades").encodedLength();
        });
        frames.add("DeleteTopic", () -> {
            final DeleteTopicEncoder command = new DeleteTopicEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.topicId(TOPIC).encodedLength();
        });
        frames.add("SetTopicSettings", () -> {
            final SetTopicSettingsEncoder command = new SetTopicSettingsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            settings(command.topicId(TOPIC).settings());
            return command.encodedLength();
        });
        frames.add("SetTopicAccess", () -> {
            final SetTopicAccessEncoder command = new SetTopicAccessEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            final SetTopicAccessEncoder.EntriesEncoder entry =
                    command.topicId(TOPIC).entriesCount(1).next();
            entry.permissions().clear().send(true);
            entry.principal("alice");
            return command.encodedLength();
        });
    }

    private static void settings(final TopicSettingsEncoder settings) {
        settings.archivePeriodNs(0)
                .topicType(QueueType.STANDARD)
                .contentDeduplication(Switch.OFF)
                .deduplicationScope(QueueScope.QUEUE)
                .reserved((short) 0);
    }

    private void addTags() {
        frames.add("TagTopic", () -> {
            final TagTopicEncoder command = new TagTopicEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            command.topicId(TOPIC).tagsCount(1).next().key("team").value("a");
            return command.encodedLength();
        });
        frames.add("UntagTopic", () -> {
            final UntagTopicEncoder command = new UntagTopicEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            command.topicId(TOPIC).keysCount(1).next().key("team");
            return command.encodedLength();
        });
    }

    private void addSubscriptions() {
        frames.add("SubscribeQueue", () -> {
            final SubscribeQueueEncoder command = new SubscribeQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            settings(command.topicId(TOPIC).queueId(ClientFrames.QUEUE).settings());
            command.filterPolicy("{\"side\":[\"buy\"]}");
            return command.encodedLength();
        });
        frames.add("SubscribeStream", () -> {
            final SubscribeStreamEncoder command = new SubscribeStreamEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            settings(command.topicId(TOPIC).streamId(1).settings());
            return command.keyAttribute("side")
                    .filterPolicy("{\"side\":[\"buy\"]}")
                    .encodedLength();
        });
        frames.add("SubscribeSession", () -> {
            final SubscribeSessionEncoder command = new SubscribeSessionEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            settings(command.topicId(TOPIC).settings());
            policy(command.acknowledged(Switch.ON).policy());
            return command.name("desk").filterPolicy("{\"side\":[\"buy\"]}").encodedLength();
        });
        frames.add("SetDeliveryPolicy", () -> {
            final SetDeliveryPolicyEncoder command =
                    new SetDeliveryPolicyEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            policy(command.topicId(TOPIC).subscriptionId(0).policy());
            return command.encodedLength();
        });
        frames.add("Unsubscribe", () -> {
            final UnsubscribeEncoder command = new UnsubscribeEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.subscriptionId(SUBSCRIPTION).encodedLength();
        });
        frames.add("SetSubscription", () -> {
            final SetSubscriptionEncoder command = new SetSubscriptionEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            settings(command.subscriptionId(SUBSCRIPTION).settings());
            command.replacePolicy(Switch.ON).filterPolicy("{\"side\":[\"sell\"]}");
            return command.encodedLength();
        });
    }

    private static void policy(final DeliveryPolicyEncoder policy) {
        policy.minDelayNs(10)
                .maxDelayNs(100)
                .retries(3)
                .noDelayRetries(1)
                .minDelayRetries(1)
                .maxDelayRetries(1)
                .maxPerSecond(1_000)
                .function(RetryFunction.LINEAR)
                .reserved1((short) 0)
                .reserved2(0);
    }

    private static void settings(final SubscriptionSettingsEncoder settings) {
        settings.replayFromNs(0)
                .deadLetterQueueId(0)
                .rawDelivery(Switch.ON)
                .filterScope(FilterPolicyScope.MESSAGE_ATTRIBUTES)
                .reserved2(0)
                .reserved4(0);
    }

    private void addPublish() {
        frames.add("PublishMessages", () -> {
            final PublishMessagesEncoder command = new PublishMessagesEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            command.topicId(TOPIC).flags().clear().text(true);
            final PublishMessagesEncoder.MessagesEncoder messages = command.messagesCount(2);
            final PublishMessagesEncoder.MessagesEncoder.BodiesEncoder forSessions =
                    messages.next().bodiesCount(1).next().protocol(SubscriberProtocol.SESSION);
            forSessions.putProtocolBody(new byte[] {'s'}, 0, 1);
            final PublishMessagesEncoder.MessagesEncoder.AttributesEncoder attribute =
                    messages.attributesCount(1).next();
            attribute.attributeType(AttributeType.STRING).name("side").customType("");
            attribute.putValue(new byte[] {'b', 'u', 'y'}, 0, 3);
            messages.putBody(new byte[] {'b', 'o', 'd', 'y'}, 0, 4);
            messages.groupId("group").deduplicationId("").traceHeader("Root=1").subject("a subject");
            messages.next().bodiesCount(0);
            messages.attributesCount(0);
            messages.putBody(new byte[] {'b'}, 0, 1);
            messages.groupId("").deduplicationId("").traceHeader("").subject("");
            return command.encodedLength();
        });
    }

    private void addQueries() {
        frames.add("LookUpTopic", () -> {
            final LookUpTopicEncoder query = new LookUpTopicEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.name("trades").encodedLength();
        });
        frames.add("DescribeTopic", () -> {
            final DescribeTopicEncoder query = new DescribeTopicEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.topicId(TOPIC).encodedLength();
        });
        frames.add("ListTopics", () -> {
            final ListTopicsEncoder query = new ListTopicsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.afterTopicId(0).maxEntries(10).prefix("t").encodedLength();
        });
        frames.add("ListTopicTags", () -> {
            final ListTopicTagsEncoder query = new ListTopicTagsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.topicId(TOPIC).encodedLength();
        });
        frames.add("DescribeTopicAccess", () -> {
            final DescribeTopicAccessEncoder query =
                    new DescribeTopicAccessEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.topicId(TOPIC).encodedLength();
        });
    }

    private void addRest() {
        frames.add("BeginPublication", () -> {
            final BeginPublicationEncoder command = new BeginPublicationEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            command.topicId(TOPIC).entryLength(100_000).flags().clear();
            return command.encodedLength();
        });
        frames.add("DeclareBlob", () -> {
            final DeclareBlobEncoder command = new DeclareBlobEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            command.blob().blobId(0).contentLength(5_000_000);
            for (int i = 0; i < BlobReferenceEncoder.sha256Length(); i++) {
                command.blob().sha256(i, (short) i);
            }
            return command.encodedLength();
        });
        frames.add("DescribeBlob", () -> {
            final DescribeBlobEncoder query = new DescribeBlobEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.blobId(1).encodedLength();
        });
        frames.add("ListBlobs", () -> {
            final ListBlobsEncoder query = new ListBlobsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.afterBlobId(0).maxEntries(10).encodedLength();
        });
    }

    private void addQueriesOfSubscriptions() {
        frames.add("DescribeSubscription", () -> {
            final DescribeSubscriptionEncoder query =
                    new DescribeSubscriptionEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.subscriptionId(SUBSCRIPTION).encodedLength();
        });
        frames.add("ListSubscriptions", () -> {
            final ListSubscriptionsEncoder query = new ListSubscriptionsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.topicId(0).afterSubscriptionId(0).maxEntries(10).encodedLength();
        });
    }
}
