package io.millrace.kernel;

import io.millrace.codecs.QueueType;
import io.millrace.codecs.Switch;
import io.millrace.kernel.ModelState.Tracked;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the model knows of topics. */
final class ModelTopicState {

    static final class Topic {

        long id;
        String name;
        Command.TopicSettings settings;
        long createdTimeNs;
        long changedTimeNs;
        long nextSequence = 1;
        long publishedCount;
        boolean deleted;
        final TreeMap<Long, Subscription> subscriptions = new TreeMap<>();
        /** What some subscriptions are still to get. */
        final List<Publication> unfinished = new ArrayList<>();

        final List<Tracked> tracked = new ArrayList<>();
        final Map<String, String> tags = new LinkedHashMap<>();
        List<Command.AccessEntry> access = List.of();

        boolean isFifo() {
            return settings.type() == QueueType.FIFO;
        }

        /** Who a message is for: those without a policy, last changed last, then those whose policy it passes, by age. */
        List<Subscription> audience(final Payload payload) {
            final List<Subscription> audience = new ArrayList<>();
            subscriptions.values().stream()
                    .filter(subscription -> !subscription.isFiltered())
                    .sorted(Comparator.comparingLong(subscription -> subscription.changed))
                    .forEach(audience::add);
            subscriptions.values().stream()
                    .filter(subscription -> subscription.isFiltered() && subscription.passes(payload))
                    .forEach(audience::add);
            return audience;
        }
    }

    static final class Subscription {

        long id;
        Topic topic;
        long queueId;
        long createdTimeNs;
        /** Turn of the last change of its policy. */
        long changed;

        Command.SubscriptionSettings settings;
        long deliveredCount;
        long deadLetterCount;
        long discardedCount;
        long filteredCount;

        boolean isRaw() {
            return settings.rawDelivery() == Switch.ON;
        }

        boolean isFiltered() {
            return !settings.filterPolicy().isEmpty();
        }

        boolean passes(final Payload payload) {
            return ModelFilter.passes(settings.filterPolicy(), settings.filterScope(), payload);
        }
    }

    /** A subscription that is to get a publication, as it was then. */
    record Awaiting(Subscription subscription, boolean filtered, long changed) {

        Awaiting(final Subscription subscription) {
            this(subscription, subscription.isFiltered(), subscription.changed);
        }

        /** Ended, or changed: then it has got it. */
        boolean isOver() {
            return !subscription.topic.subscriptions.containsKey(subscription.id) || subscription.changed != changed;
        }
    }

    static final class Publication {

        Payload payload;
        /** Whether somebody wanted it in an envelope when it was published. */
        boolean enveloped;
        /** Null if it has none. */
        Payload envelope;

        long reserved;
        final List<Awaiting> left = new ArrayList<>();
    }

    final TreeMap<Long, Topic> topics = new TreeMap<>();
    final TreeMap<Long, Subscription> subscriptions = new TreeMap<>();
    /** Topics with something unfinished, in the order of their turns; deleted ones among them. */
    final List<Topic> pending = new ArrayList<>();

    long nextTopicId = 1;
    long nextSubscriptionId = 1;
    long nextChange = 1;

    Topic named(final String name) {
        return topics.values().stream()
                .filter(topic -> topic.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Topics that take up room: deleted ones do until everything has been delivered. */
    List<Topic> all() {
        final List<Topic> all = new ArrayList<>(topics.values());
        pending.stream().filter(topic -> topic.deleted).forEach(all::add);
        return all;
    }

    /** Messages that room is kept for. */
    long reserved() {
        return pending.stream()
                .flatMap(topic -> topic.unfinished.stream())
                .mapToLong(publication -> publication.reserved)
                .sum();
    }
}
