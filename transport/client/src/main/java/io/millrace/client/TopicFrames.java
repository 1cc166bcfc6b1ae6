package io.millrace.client;

import io.millrace.codecs.CreateTopicEncoder;
import io.millrace.codecs.DeleteTopicEncoder;
import io.millrace.codecs.DescribeSubscriptionEncoder;
import io.millrace.codecs.DescribeTopicAccessEncoder;
import io.millrace.codecs.DescribeTopicEncoder;
import io.millrace.codecs.ListSubscriptionsEncoder;
import io.millrace.codecs.ListTopicTagsEncoder;
import io.millrace.codecs.ListTopicsEncoder;
import io.millrace.codecs.LookUpTopicEncoder;
import io.millrace.codecs.SetDeliveryPolicyEncoder;
import io.millrace.codecs.SetSubscriptionEncoder;
import io.millrace.codecs.SetTopicAccessEncoder;
import io.millrace.codecs.SetTopicSettingsEncoder;
import io.millrace.codecs.SubscribeQueueEncoder;
import io.millrace.codecs.SubscribeSessionEncoder;
import io.millrace.codecs.SubscribeStreamEncoder;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TagTopicEncoder;
import io.millrace.codecs.UnsubscribeEncoder;
import io.millrace.codecs.UntagTopicEncoder;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Encodes the requests about topics and subscriptions. Each method returns a correlation id or a negative code. */
final class TopicFrames extends RequestFrames {
    TopicFrames(final FrameWriter writer) {
        super(writer);
    }

    long create(final TopicSettings settings) {
        final byte[] name = bytes(settings.name());
        if (name.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final CreateTopicEncoder encoder = new CreateTopicEncoder().wrap(body, 0);
        settings.encode(encoder.settings());
        encoder.putName(name, 0, name.length);
        return command(CreateTopicEncoder.TEMPLATE_ID, CreateTopicEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long set(final long topicId, final TopicSettings settings) {
        final SetTopicSettingsEncoder encoder =
                new SetTopicSettingsEncoder().wrap(body, 0).topicId(topicId);
        settings.encode(encoder.settings());
        return command(SetTopicSettingsEncoder.TEMPLATE_ID, SetTopicSettingsEncoder.BLOCK_LENGTH);
    }

    long delete(final long topicId) {
        new DeleteTopicEncoder().wrap(body, 0).topicId(topicId);
        return command(DeleteTopicEncoder.TEMPLATE_ID, DeleteTopicEncoder.BLOCK_LENGTH);
    }

    long tag(final long topicId, final Map<String, String> tags) {
        if (isTooLong(tags.keySet()) || isTooLong(tags.values())) {
            return MillraceClient.TOO_LARGE;
        }
        final TagTopicEncoder encoder = new TagTopicEncoder().wrap(body, 0).topicId(topicId);
        final TagTopicEncoder.TagsEncoder group = encoder.tagsCount(tags.size());
        tags.forEach((key, value) -> group.next().key(key).value(value));
        return command(TagTopicEncoder.TEMPLATE_ID, TagTopicEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long untag(final long topicId, final Collection<String> keys) {
        if (isTooLong(keys)) {
            return MillraceClient.TOO_LARGE;
        }
        final UntagTopicEncoder encoder = new UntagTopicEncoder().wrap(body, 0).topicId(topicId);
        final UntagTopicEncoder.KeysEncoder group = encoder.keysCount(keys.size());
        keys.forEach(key -> group.next().key(key));
        return command(UntagTopicEncoder.TEMPLATE_ID, UntagTopicEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long setAccess(final long topicId, final List<AccessEntry> entries) {
        if (isListTooLong(entries)) {
            return MillraceClient.TOO_LARGE;
        }
        final SetTopicAccessEncoder encoder =
                new SetTopicAccessEncoder().wrap(body, 0).topicId(topicId);
        final SetTopicAccessEncoder.EntriesEncoder group = encoder.entriesCount(entries.size());
        for (final AccessEntry entry : entries) {
            group.next()
                    .permissions()
                    .clear()
                    .send(entry.maySend())
                    .receive(entry.mayReceive())
                    .manage(entry.mayManage());
            group.principal(entry.principal());
        }
        return command(SetTopicAccessEncoder.TEMPLATE_ID, SetTopicAccessEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long subscribeQueue(final long topicId, final long queueId, final SubscriptionSettings settings) {
        final byte[] policy = policy(settings);
        if (policy.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final SubscribeQueueEncoder encoder =
                new SubscribeQueueEncoder().wrap(body, 0).topicId(topicId).queueId(queueId);
        settings.encode(encoder.settings());
        encoder.putFilterPolicy(policy, 0, policy.length);
        return command(SubscribeQueueEncoder.TEMPLATE_ID, SubscribeQueueEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long subscribeStream(
            final long topicId, final long streamId, final String keyAttribute, final SubscriptionSettings settings) {
        final byte[] key = bytes(keyAttribute);
        final byte[] policy = policy(settings);
        if (key.length > MAX_TEXT_LENGTH || policy.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final SubscribeStreamEncoder encoder =
                new SubscribeStreamEncoder().wrap(body, 0).topicId(topicId).streamId(streamId);
        settings.encode(encoder.settings());
        encoder.putKeyAttribute(key, 0, key.length).putFilterPolicy(policy, 0, policy.length);
        return command(
                SubscribeStreamEncoder.TEMPLATE_ID, SubscribeStreamEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long subscribeSession(final long topicId, final PushSettings settings) {
        final byte[] name = bytes(settings.name());
        final byte[] policy = policy(settings.delivery());
        if (name.length > MAX_TEXT_LENGTH || policy.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final SubscribeSessionEncoder encoder =
                new SubscribeSessionEncoder().wrap(body, 0).topicId(topicId);
        settings.delivery().encode(encoder.settings());
        settings.deliveryPolicy().encode(encoder.policy());
        encoder.acknowledged(settings.acknowledged())
                .putName(name, 0, name.length)
                .putFilterPolicy(policy, 0, policy.length);
        return command(
                SubscribeSessionEncoder.TEMPLATE_ID, SubscribeSessionEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    /** One of the ids is 0. */
    long setDeliveryPolicy(final long topicId, final long subscriptionId, final DeliveryPolicy policy) {
        final SetDeliveryPolicyEncoder encoder =
                new SetDeliveryPolicyEncoder().wrap(body, 0).topicId(topicId).subscriptionId(subscriptionId);
        policy.encode(encoder.policy());
        return command(SetDeliveryPolicyEncoder.TEMPLATE_ID, SetDeliveryPolicyEncoder.BLOCK_LENGTH);
    }

    private static byte[] policy(final SubscriptionSettings settings) {
        return bytes(settings.filterPolicy() == null ? "" : settings.filterPolicy());
    }

    long unsubscribe(final long subscriptionId) {
        new UnsubscribeEncoder().wrap(body, 0).subscriptionId(subscriptionId);
        return command(UnsubscribeEncoder.TEMPLATE_ID, UnsubscribeEncoder.BLOCK_LENGTH);
    }

    long setSubscription(final long subscriptionId, final SubscriptionSettings settings) {
        final byte[] policy = policy(settings);
        if (policy.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final SetSubscriptionEncoder encoder =
                new SetSubscriptionEncoder().wrap(body, 0).subscriptionId(subscriptionId);
        settings.encode(encoder.settings());
        encoder.replacePolicy(settings.filterPolicy() == null ? Switch.OFF : Switch.ON)
                .putFilterPolicy(policy, 0, policy.length);
        return command(
                SetSubscriptionEncoder.TEMPLATE_ID, SetSubscriptionEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long lookUp(final String topicName) {
        final byte[] name = bytes(topicName);
        if (name.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final LookUpTopicEncoder encoder =
                new LookUpTopicEncoder().wrap(body, 0).putName(name, 0, name.length);
        return query(LookUpTopicEncoder.TEMPLATE_ID, LookUpTopicEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long describe(final long topicId) {
        new DescribeTopicEncoder().wrap(body, 0).topicId(topicId);
        return query(DescribeTopicEncoder.TEMPLATE_ID, DescribeTopicEncoder.BLOCK_LENGTH);
    }

    long list(final long afterTopicId, final int maxEntries, final String namePrefix) {
        final byte[] prefix = bytes(namePrefix);
        if (prefix.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final ListTopicsEncoder encoder = new ListTopicsEncoder()
                .wrap(body, 0)
                .afterTopicId(afterTopicId)
                .maxEntries(maxEntries)
                .putPrefix(prefix, 0, prefix.length);
        return query(ListTopicsEncoder.TEMPLATE_ID, ListTopicsEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long listTags(final long topicId) {
        new ListTopicTagsEncoder().wrap(body, 0).topicId(topicId);
        return query(ListTopicTagsEncoder.TEMPLATE_ID, ListTopicTagsEncoder.BLOCK_LENGTH);
    }

    long describeAccess(final long topicId) {
        new DescribeTopicAccessEncoder().wrap(body, 0).topicId(topicId);
        return query(DescribeTopicAccessEncoder.TEMPLATE_ID, DescribeTopicAccessEncoder.BLOCK_LENGTH);
    }

    long describeSubscription(final long subscriptionId) {
        new DescribeSubscriptionEncoder().wrap(body, 0).subscriptionId(subscriptionId);
        return query(DescribeSubscriptionEncoder.TEMPLATE_ID, DescribeSubscriptionEncoder.BLOCK_LENGTH);
    }

    long listSubscriptions(final long topicId, final long afterSubscriptionId, final int maxEntries) {
        new ListSubscriptionsEncoder()
                .wrap(body, 0)
                .topicId(topicId)
                .afterSubscriptionId(afterSubscriptionId)
                .maxEntries(maxEntries);
        return query(ListSubscriptionsEncoder.TEMPLATE_ID, ListSubscriptionsEncoder.BLOCK_LENGTH);
    }
}
