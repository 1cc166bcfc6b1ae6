package io.millrace.kernel;

import io.millrace.codecs.QueueType;
import io.millrace.codecs.Switch;
import io.millrace.kernel.ModelState.Tracked;
import java.util.ArrayList;
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

        boolean wantsEnvelopes() {
            return subscriptions.values().stream().anyMatch(subscription -> !subscription.isRaw());
        }
    }

    static final class Subscription {

        long id;
        Topic topic;
        long queueId;
        long createdTimeNs;
        Command.SubscriptionSettings settings;
        long deliveredCount;
        long deadLetterCount;
        long discardedCount;

        boolean isRaw() {
            return settings.rawDelivery() == Switch.ON;
        }
    }

    static final class Publication {

        Payload payload;
        /** Whether somebody wanted it in an envelope when it was published. */
        boolean enveloped;
        /** Null if it has none. */
        Payload envelope;

        long reserved;
        /** Those that are to get it, in order; ended ones among them. */
        final List<Subscription> left = new ArrayList<>();
    }

    final TreeMap<Long, Topic> topics = new TreeMap<>();
    final TreeMap<Long, Subscription> subscriptions = new TreeMap<>();
    /** Topics with something unfinished, in the order of their turns; deleted ones among them. */
    final List<Topic> pending = new ArrayList<>();

    long nextTopicId = 1;
    long nextSubscriptionId = 1;

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
