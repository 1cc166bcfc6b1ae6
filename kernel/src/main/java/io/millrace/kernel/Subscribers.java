package io.millrace.kernel;

import io.millrace.kernel.Tables.Root;
import io.millrace.kernel.TopicTables.Subscription;
import io.millrace.kernel.TopicTables.Topic;
import io.millrace.kernel.memory.SlotTable;

/** Where messages find the subscriptions of their topic. Those that archived messages are being replayed to are not there. */
final class Subscribers {
    private final State state;
    private final TopicState topics;
    private final SlotTable subscriptions;

    Subscribers(final State state) {
        this.state = state;
        this.topics = state.topics;
        this.subscriptions = state.topics.subscriptions;
    }

    /** From here on a subscription gets what its settings say. */
    void begin(final int subscription) {
        if (!topics.isReplaying(subscription)) {
            subscriptions.putLong(subscription, Subscription.SINCE_TURN, state.next(Root.NEXT_TURN));
            subscriptions.seal(subscription);
            link(subscription);
        }
    }

    /** Puts a subscription's row where messages find it. */
    void link(final int subscription) {
        if (topics.isReplaying(subscription)) {
            return;
        }
        final int topic = subscriptions.getInt(subscription, Subscription.TOPIC);
        if (topics.isFiltered(subscription)) {
            topics.filtered.add(
                    topics.topics.getLong(topic, Topic.ID),
                    subscription,
                    topics.buffer(subscription),
                    topics.offset(subscription));
        } else {
            topics.unfiltered.addLast(topic, subscription);
            topics.count(topic, Topic.UNFILTERED_COUNT, 1);
            countEnvelopes(subscription, 1);
        }
    }

    void unlink(final int subscription) {
        if (topics.isReplaying(subscription)) {
            return;
        }
        final int topic = subscriptions.getInt(subscription, Subscription.TOPIC);
        if (topics.isFiltered(subscription)) {
            topics.filtered.remove(subscription);
        } else {
            if (topics.topics.getInt(topic, Topic.CURSOR_LINK) == subscription + 1) {
                topics.topics.putInt(topic, Topic.CURSOR_LINK, topics.unfiltered.next(subscription) + 1);
            }
            topics.unfiltered.remove(topic, subscription);
            topics.count(topic, Topic.UNFILTERED_COUNT, -1);
            countEnvelopes(subscription, -1);
        }
    }

    /** Counts a subscription among those that need an envelope of every message, if it does. */
    void countEnvelopes(final int subscription, final int change) {
        if (!topics.isFiltered(subscription) && !topics.isRaw(subscription) && !topics.isReplaying(subscription)) {
            topics.count(subscriptions.getInt(subscription, Subscription.TOPIC), Topic.ENVELOPE_COUNT, change);
        }
    }
}
