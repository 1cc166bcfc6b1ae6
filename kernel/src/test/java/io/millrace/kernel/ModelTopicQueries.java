package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.ModelTopicState.Subscription;
import io.millrace.kernel.ModelTopicState.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What the model answers to queries about topics. */
final class ModelTopicQueries {

    private final ModelState state;
    private final ModelTopicState topics;

    ModelTopicQueries(final ModelState state) {
        this.state = state;
        topics = state.topics;
    }

    /** The answer, null if the query does not concern topics. */
    Event answer(final Command query) {
        if (query instanceof Command.LookUpTopic lookUp) {
            return ofTopic(query, topics.named(lookUp.name()), topic -> description(query, topic));
        } else if (query instanceof Command.DescribeTopic describe) {
            return ofTopic(query, topics.topics.get(describe.topicId()), topic -> description(query, topic));
        } else if (query instanceof Command.ListTopics list) {
            final Event wrong = wrongPage(query, list.maxEntries(), list.afterTopicId());
            return wrong == null ? list(list) : wrong;
        } else if (query instanceof Command.ListTopicTags list) {
            return ofTopic(query, topics.topics.get(list.topicId()), topic -> tags(query, topic));
        } else if (query instanceof Command.DescribeTopicAccess describe) {
            return ofTopic(
                    query,
                    topics.topics.get(describe.topicId()),
                    topic -> new Event.QueueAccess(query.correlationId(), topic.id, topic.access));
        } else if (query instanceof Command.DescribeSubscription describe) {
            final Subscription subscription = topics.subscriptions.get(describe.subscriptionId());
            return subscription == null
                    ? ModelAnswers.refused(query, ResultCode.UNKNOWN_SUBSCRIPTION, -1)
                    : description(query, subscription);
        } else if (query instanceof Command.ListSubscriptions list) {
            final Event wrong = wrongPage(query, list.maxEntries(), list.afterSubscriptionId());
            return wrong == null ? list(list) : wrong;
        }
        return null;
    }

    private static Event ofTopic(final Command query, final Topic topic, final Function<Topic, Event> answer) {
        return topic == null ? ModelAnswers.refused(query, ResultCode.UNKNOWN_TOPIC, -1) : answer.apply(topic);
    }

    private static Event description(final Command query, final Topic topic) {
        final Event.TopicDescription description = new Event.TopicDescription(
                query.correlationId(),
                topic.id,
                topic.createdTimeNs,
                topic.changedTimeNs,
                topic.subscriptions.size(),
                topic.publishedCount,
                topic.unfinished.size(),
                topic.settings.withoutArchive(),
                topic.name);
        return topic.archive == null
                ? description
                : new ArchiveEvent.OfTopic(topic.archive.periodNs, topic.archive.beganNs, description);
    }

    private Event description(final Command query, final Subscription subscription) {
        final Event.SubscriptionDescription description = new Event.SubscriptionDescription(
                query.correlationId(),
                subscription.id,
                subscription.topic.id,
                subscription.queueId,
                subscription.createdTimeNs,
                subscription.deliveredCount,
                subscription.deadLetterCount,
                subscription.discardedCount,
                subscription.settings.withoutReplay(),
                subscription.filteredCount,
                sessions(subscription));
        final Event event = subscription.isForStream()
                ? new StreamEvent.OfSubscription(subscription.streamId, subscription.keyAttribute, description)
                : description;
        final long fromNs = subscription.settings.replayFromNs();
        return fromNs == 0 && subscription.replayState == ReplayState.NONE
                ? event
                : new ArchiveEvent.OfSubscription(fromNs, subscription.replayState, event);
    }

    private Event.SessionDeliveries sessions(final Subscription subscription) {
        final boolean ofQueue = !subscription.isForSessions();
        final Queue queue = ofQueue ? new Queue() : state.queues.get(subscription.queueId);
        return new Event.SessionDeliveries(
                subscription.retriedCount,
                queue.messages.size(),
                queue.messages.isEmpty() ? 0 : queue.oldest().arrivedTimeNs,
                subscription.policyInForce(),
                subscription.acknowledged,
                ofQueue ? "" : subscription.name);
    }

    private static Event tags(final Command query, final Topic topic) {
        return new Event.QueueTags(
                query.correlationId(),
                topic.id,
                topic.tags.entrySet().stream()
                        .map(tag -> new Command.Tag(tag.getKey(), tag.getValue()))
                        .toList());
    }

    private Event wrongPage(final Command query, final int maxEntries, final long after) {
        final long limit = state.limit(LimitId.LIST_ENTRIES);
        if (maxEntries == 0 || maxEntries > limit) {
            return ModelAnswers.limited(query, LimitId.LIST_ENTRIES, limit, maxEntries, -1);
        }
        return after < 0 ? ModelAnswers.invalid(query, after, -1) : null;
    }

    /** Ids are looked at one by one, deleted ones too. */
    private Event list(final Command.ListTopics query) {
        final List<String> page = new ArrayList<>();
        long id = query.afterTopicId();
        for (long examined = 0; mayGoOn(examined, page, query.maxEntries(), id, topics.nextTopicId); examined++) {
            id++;
            final Topic topic = topics.topics.get(id);
            if (topic != null && topic.name.startsWith(query.prefix())) {
                page.add(id + " " + topic.name);
            }
        }
        return new Event.TopicList(query.correlationId(), id + 1 < topics.nextTopicId ? id : 0, page);
    }

    private boolean mayGoOn(
            final long examined, final List<String> page, final int maxEntries, final long id, final long nextId) {
        return examined < state.limit(LimitId.LIST_ENTRIES) && page.size() < maxEntries && id + 1 < nextId;
    }

    private Event list(final Command.ListSubscriptions query) {
        if (query.topicId() != 0) {
            return ofTopic(query, topics.topics.get(query.topicId()), topic -> listOf(query, topic));
        }
        final List<String> page = new ArrayList<>();
        long id = query.afterSubscriptionId();
        for (long examined = 0;
                mayGoOn(examined, page, query.maxEntries(), id, topics.nextSubscriptionId);
                examined++) {
            id++;
            final Subscription subscription = topics.subscriptions.get(id);
            if (subscription != null) {
                page.add(line(subscription));
            }
        }
        return new Event.SubscriptionList(query.correlationId(), id + 1 < topics.nextSubscriptionId ? id : 0, page);
    }

    private static Event listOf(final Command.ListSubscriptions query, final Topic topic) {
        final long after = query.afterSubscriptionId();
        if (after != 0 && !topic.subscriptions.containsKey(after)) {
            return ModelAnswers.invalid(query, after, -1);
        }
        final List<Subscription> rest =
                List.copyOf(topic.subscriptions.tailMap(after, false).values());
        final List<Subscription> page = rest.subList(0, Math.min(rest.size(), query.maxEntries()));
        return new Event.SubscriptionList(
                query.correlationId(),
                page.size() < rest.size() ? page.get(page.size() - 1).id : 0,
                page.stream().map(ModelTopicQueries::line).toList());
    }

    private static String line(final Subscription subscription) {
        return subscription.id + " " + subscription.topic.id + "->" + subscription.queueId
                + (subscription.isForStream() ? " stream " + subscription.streamId : "");
    }
}
