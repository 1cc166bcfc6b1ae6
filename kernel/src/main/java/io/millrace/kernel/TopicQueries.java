package io.millrace.kernel;

import io.millrace.codecs.DescribeSubscriptionDecoder;
import io.millrace.codecs.DescribeTopicAccessDecoder;
import io.millrace.codecs.DescribeTopicDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ListSubscriptionsDecoder;
import io.millrace.codecs.ListTopicTagsDecoder;
import io.millrace.codecs.ListTopicsDecoder;
import io.millrace.codecs.LookUpTopicDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import org.agrona.DirectBuffer;

/** Answers requests about topics and subscriptions, which change nothing. */
final class TopicQueries {
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;

    private final State state;
    private final TopicState topics;
    private final Reply reply;
    private final Descriptions descriptions;
    private final TopicDescriptions topicDescriptions;
    private final LookUpTopicDecoder lookUpTopic = new LookUpTopicDecoder();
    private final DescribeTopicDecoder describeTopic = new DescribeTopicDecoder();
    private final ListTopicsDecoder listTopics = new ListTopicsDecoder();
    private final ListTopicTagsDecoder listTags = new ListTopicTagsDecoder();
    private final DescribeTopicAccessDecoder describeAccess = new DescribeTopicAccessDecoder();
    private final DescribeSubscriptionDecoder describeSubscription = new DescribeSubscriptionDecoder();
    private final ListSubscriptionsDecoder listSubscriptions = new ListSubscriptionsDecoder();
    private final BlobQueries blobQueries;
    private long sessionId;
    private long correlationId;

    TopicQueries(
            final State state,
            final Egress egress,
            final Reply reply,
            final Descriptions descriptions,
            final FanOut fanOut) {
        this.state = state;
        this.topics = state.topics;
        this.reply = reply;
        this.descriptions = descriptions;
        this.blobQueries = new BlobQueries(state, egress, reply);
        this.topicDescriptions = new TopicDescriptions(state, egress, fanOut);
    }

    void execute(
            final int templateId,
            final long toSessionId,
            final long forCorrelationId,
            final DirectBuffer buffer,
            final int body) {
        sessionId = toSessionId;
        correlationId = forCorrelationId;
        switch (templateId) {
            case LookUpTopicDecoder.TEMPLATE_ID -> {
                lookUpTopic.wrap(buffer, body, LookUpTopicDecoder.BLOCK_LENGTH, LookUpTopicDecoder.SCHEMA_VERSION);
                final int length = lookUpTopic.nameLength();
                describe(topics.topicByName(buffer, lookUpTopic.limit() + TEXT_LENGTH_SIZE, length));
            }
            case DescribeTopicDecoder.TEMPLATE_ID -> {
                describeTopic.wrap(
                        buffer, body, DescribeTopicDecoder.BLOCK_LENGTH, DescribeTopicDecoder.SCHEMA_VERSION);
                describe(topics.topicById(describeTopic.topicId()));
            }
            case ListTopicsDecoder.TEMPLATE_ID ->
                list(listTopics.wrap(buffer, body, ListTopicsDecoder.BLOCK_LENGTH, ListTopicsDecoder.SCHEMA_VERSION));
            case ListTopicTagsDecoder.TEMPLATE_ID -> {
                listTags.wrap(buffer, body, ListTopicTagsDecoder.BLOCK_LENGTH, ListTopicTagsDecoder.SCHEMA_VERSION);
                final int topic = find(listTags.topicId());
                if (topic >= 0) {
                    descriptions.listTags(
                            sessionId,
                            correlationId,
                            listTags.topicId(),
                            topics.topics.getInt(topic, Topic.TAGS_PAYLOAD_LINK));
                }
            }
            default -> executeRare(templateId, buffer, body);
        }
    }

    private void executeRare(final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case DescribeTopicAccessDecoder.TEMPLATE_ID -> {
                describeAccess.wrap(
                        buffer,
                        body,
                        DescribeTopicAccessDecoder.BLOCK_LENGTH,
                        DescribeTopicAccessDecoder.SCHEMA_VERSION);
                final int topic = find(describeAccess.topicId());
                if (topic >= 0) {
                    descriptions.describeAccess(
                            sessionId,
                            correlationId,
                            describeAccess.topicId(),
                            topics.topics.getInt(topic, Topic.ACCESS_PAYLOAD_LINK));
                }
            }
            case DescribeSubscriptionDecoder.TEMPLATE_ID -> {
                describeSubscription.wrap(
                        buffer,
                        body,
                        DescribeSubscriptionDecoder.BLOCK_LENGTH,
                        DescribeSubscriptionDecoder.SCHEMA_VERSION);
                final int subscription = topics.subscriptionById(describeSubscription.subscriptionId());
                if (subscription < 0) {
                    refuse(ResultCode.UNKNOWN_SUBSCRIPTION, LimitId.NONE, 0, 0);
                } else {
                    topicDescriptions.describeSubscription(sessionId, correlationId, subscription);
                }
            }
            case ListSubscriptionsDecoder.TEMPLATE_ID ->
                list(listSubscriptions.wrap(
                        buffer, body, ListSubscriptionsDecoder.BLOCK_LENGTH, ListSubscriptionsDecoder.SCHEMA_VERSION));
            default -> blobQueries.execute(templateId, sessionId, correlationId, buffer, body);
        }
    }

    /** The topic asked for, -1 if there is none: then the query is refused. */
    private int find(final long topicId) {
        final int topic = topics.topicById(topicId);
        if (topic < 0) {
            refuse(ResultCode.UNKNOWN_TOPIC, LimitId.NONE, 0, 0);
        }
        return topic;
    }

    private void describe(final int topic) {
        if (topic < 0) {
            refuse(ResultCode.UNKNOWN_TOPIC, LimitId.NONE, 0, 0);
        } else {
            topicDescriptions.describe(sessionId, correlationId, topic);
        }
    }

    /** Examines topic ids in order, deleted ones included, at most as many as the limit says. */
    private void list(final ListTopicsDecoder query) {
        final int max = query.maxEntries();
        final long after = query.afterTopicId();
        final int prefixLength = query.prefixLength();
        final int prefix = query.limit() + TEXT_LENGTH_SIZE;
        if (isPageRefused(max, after)) {
            return;
        }
        final long end = state.root.getLong(State.ONLY, Root.NEXT_TOPIC_ID);
        long topicId = Math.min(after, end) + 1;
        topicDescriptions.beginPage();
        for (long examined = 0;
                topicId < end && examined < state.limit(LimitId.LIST_ENTRIES) && topicDescriptions.entries() < max;
                examined++, topicId++) {
            final int topic = topics.topicById(topicId);
            if (topic >= 0 && hasPrefix(topic, query.buffer(), prefix, prefixLength) && !topicDescriptions.add(topic)) {
                break;
            }
        }
        topicDescriptions.sendTopics(sessionId, correlationId, topicId < end ? topicId - 1 : 0);
    }

    private boolean hasPrefix(final int topic, final DirectBuffer buffer, final int prefix, final int prefixLength) {
        final int name = topics.topics.getInt(topic, Topic.NAME_PAYLOAD);
        return Text.startsWith(
                state.payloads.buffer(name),
                state.payloads.offset(name),
                state.payloads.length(name),
                buffer,
                prefix,
                prefixLength);
    }

    private void list(final ListSubscriptionsDecoder query) {
        final int max = query.maxEntries();
        final long after = query.afterSubscriptionId();
        if (isPageRefused(max, after)) {
            return;
        }
        topicDescriptions.beginPage();
        if (query.topicId() == 0) {
            sendSubscriptions(fillWithAll(after, max));
            return;
        }
        final int topic = find(query.topicId());
        if (topic < 0) {
            return;
        }
        final int last = topics.subscriptionById(after);
        if (after != 0 && (last < 0 || topics.subscriptions.getInt(last, Subscription.TOPIC) != topic)) {
            refuse(ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, after);
        } else {
            sendSubscriptions(fillWithThoseOf(topic, last, max));
        }
    }

    private void sendSubscriptions(final long nextAfter) {
        topicDescriptions.sendSubscriptions(sessionId, correlationId, nextAfter);
    }

    /** Examines subscription ids in order; returns where to go on, 0 at the end. */
    private long fillWithAll(final long after, final int max) {
        final long end = state.root.getLong(State.ONLY, Root.NEXT_SUBSCRIPTION_ID);
        long subscriptionId = Math.min(after, end) + 1;
        for (long examined = 0;
                subscriptionId < end && examined < state.limit(LimitId.LIST_ENTRIES) && !topicDescriptions.isFull(max);
                examined++, subscriptionId++) {
            final int subscription = topics.subscriptionById(subscriptionId);
            if (subscription >= 0) {
                topicDescriptions.addSubscription(subscription);
            }
        }
        return subscriptionId < end ? subscriptionId - 1 : 0;
    }

    private long fillWithThoseOf(final int topic, final int last, final int max) {
        int subscription = last < 0 ? topics.ofTopic.first(topic) : topics.ofTopic.next(last);
        long lastId = 0;
        while (subscription >= 0 && !topicDescriptions.isFull(max)) {
            lastId = topics.subscriptions.getLong(subscription, Subscription.ID);
            topicDescriptions.addSubscription(subscription);
            subscription = topics.ofTopic.next(subscription);
        }
        return subscription < 0 ? 0 : lastId;
    }

    private boolean isPageRefused(final int max, final long after) {
        final long limit = state.limit(LimitId.LIST_ENTRIES);
        if (max == 0 || max > limit) {
            refuse(ResultCode.LIMIT_EXCEEDED, LimitId.LIST_ENTRIES, limit, max);
        } else if (after < 0) {
            refuse(ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, after);
        } else {
            return false;
        }
        return true;
    }

    private void refuse(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        reply.refused(sessionId, correlationId, Request.WHOLE, code, limitId, limit, actual);
    }
}
