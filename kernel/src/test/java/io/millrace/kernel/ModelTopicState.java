package io.millrace.kernel;

import io.millrace.codecs.QueueType;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.Switch;
import io.millrace.kernel.ModelState.Tracked;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

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
        Command.DeliveryPolicy policy = Command.DeliveryPolicy.NONE;
        /** Null if nothing is kept. */
        Archive archive;

        boolean isFifo() {
            return settings.type() == QueueType.FIFO;
        }

        /** Those that get what is published: what is kept is being replayed to the others. */
        List<Subscription> listeners() {
            return subscriptions.values().stream()
                    .filter(subscription -> subscription.replay == null)
                    .toList();
        }

        /** Who a message is for: those without a policy, last changed last, then those whose policy it passes, by age. */
        List<Subscription> audience(final Command.Published entry) {
            final List<Subscription> audience = new ArrayList<>();
            listeners().stream()
                    .filter(subscription -> !subscription.isFiltered())
                    .sorted(Comparator.comparingLong(subscription -> subscription.changed))
                    .forEach(audience::add);
            listeners().stream()
                    .filter(subscription -> subscription.isFiltered() && subscription.passes(entry))
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

        /** Null if a queue or a stream is subscribed, and not sessions. */
        String name;

        /** 0 if no stream is subscribed. */
        long streamId;

        String keyAttribute;

        Switch acknowledged = Switch.ON;
        Command.DeliveryPolicy policy = Command.DeliveryPolicy.NONE;
        long retriedCount;
        /** When sessions got something while there was a limit to that. */
        final List<Long> limitedPushes = new ArrayList<>();
        /** End of a second in which sessions had all that they may have, 0 if nothing waits for it. */
        long throttledUntilNs;

        ReplayState replayState = ReplayState.NONE;
        /** The one that is running, null if none is. */
        Replay replay;

        boolean isForSessions() {
            return name != null;
        }

        boolean isForStream() {
            return streamId != 0;
        }

        boolean isAtMostOnce() {
            return acknowledged == Switch.OFF;
        }

        /** The policy in force. */
        Command.DeliveryPolicy policyInForce() {
            return Stream.of(policy, topic.policy)
                    .filter(given -> !given.equals(Command.DeliveryPolicy.NONE))
                    .findFirst()
                    .orElse(Command.DeliveryPolicy.DEFAULT);
        }

        boolean isRaw() {
            return settings.rawDelivery() == Switch.ON;
        }

        boolean isFiltered() {
            return !settings.filterPolicy().isEmpty();
        }

        boolean passes(final Command.Published entry) {
            final Payload payload = ModelBodies.seen(
                    entry,
                    isForStream() ? ModelBodies.STREAM : isForSessions() ? ModelBodies.SESSION : ModelBodies.QUEUE);
            return ModelFilter.passes(settings.filterPolicy(), settings.filterScope(), payload);
        }
    }

    /** N16: a message that was published, as it is kept. */
    record Kept(long messageId, long sequence, long timeNs, Command.Published entry) {}

    /** N16: what a FIFO topic keeps, from when its log is open. */
    static final class Archive {

        long id;
        long logId;
        long periodNs;
        /** 0 until its log is open. */
        long beganNs;
        /** What was published before was out of reach when the period was changed, and stays so. */
        long outOfReachNs;
        /** When it is looked at again how much is still in reach. */
        long nextLookNs;

        final List<Kept> kept = new ArrayList<>();

        boolean isInReach(final Kept message, final long nowNs) {
            return message.timeNs >= horizonNs(nowNs);
        }

        /** What was published before is out of reach. */
        long horizonNs(final long nowNs) {
            return Math.max(outOfReachNs, nowNs - periodNs);
        }

        /** Whether something is in reach that was published at a time or later. */
        boolean hasAny(final long fromNs, final long nowNs) {
            return kept.stream().anyMatch(message -> message.timeNs >= fromNs && isInReach(message, nowNs));
        }

        Kept last() {
            return kept.get(kept.size() - 1);
        }
    }

    /** N17: messages that are kept are on their way to a subscription. */
    static final class Replay {

        final Subscription subscription;
        /** Number of the last message that it got, or that its policy kept from it. */
        long reached;
        /** Of the message that is coming in parts, 0 if none is. */
        long partSequence;
        /** Bytes of it that have come. */
        long partFilled;

        Replay(final Subscription subscription) {
            this.subscription = subscription;
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

    /** What subscribers get: the payload as it is, and in an envelope; null if there is none. */
    record Content(Payload payload, Payload envelope) {}

    static final class Publication {

        Content forQueues;
        Content forSessions;
        Content forStreams;
        long messageId;
        long sequence;
        long publishedNs;
        /** Whether it was kept in an archive meanwhile. */
        boolean replayed;
        /** Whether somebody wanted it in an envelope when it was published. */
        boolean enveloped;

        long reserved;
        final List<Awaiting> left = new ArrayList<>();
    }

    final TreeMap<Long, Topic> topics = new TreeMap<>();
    final TreeMap<Long, Subscription> subscriptions = new TreeMap<>();
    /** Topics with something unfinished, in the order of their turns; deleted ones among them. */
    final List<Topic> pending = new ArrayList<>();
    /** Deleted topics whose subscriptions have not ended yet. */
    final List<Topic> deleted = new ArrayList<>();
    /** Queues of subscriptions that ended, whose consumers do not know it yet. */
    final List<ModelState.Queue> closed = new ArrayList<>();

    /** Replays in their places, null where there is none; several that end at once end in the order of their places. */
    final List<Replay> replays = new ArrayList<>();
    /** Places that replays have left: the last one is taken first. */
    final Deque<Integer> leftPlaces = new ArrayDeque<>();

    long nextTopicId = 1;
    long nextSubscriptionId = 1;
    long nextChange = 1;

    /** Of the topics that there are: one with an archive is not deleted. */
    List<Archive> archives() {
        return topics.values().stream()
                .map(topic -> topic.archive)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Those that what is kept is being replayed to. */
    List<Subscription> replaying() {
        return subscriptions.values().stream()
                .filter(subscription -> subscription.replay != null)
                .toList();
    }

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
