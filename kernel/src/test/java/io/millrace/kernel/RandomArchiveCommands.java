package io.millrace.kernel;

import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import io.millrace.kernel.ModelTopicState.Archive;
import io.millrace.kernel.ModelTopicState.Kept;
import io.millrace.kernel.ModelTopicState.Subscription;
import io.millrace.kernel.ModelTopicState.Topic;
import java.util.List;
import java.util.Random;

/** Draws what is asked of archives: how long they keep what is published, and from when on it is replayed. */
final class RandomArchiveCommands {
    private static final int MOST_BACK = 20;
    private static final int LONGEST_BACK_NS = 60_000_000;

    private final RandomValues values;
    private final Random random;

    RandomArchiveCommands(final RandomValues values) {
        this.values = values;
        random = values.random;
    }

    /** Most of the time longer than what is published in between takes, now and then beyond the limits, or that of none. */
    long period() {
        if (values.oneIn(30)) {
            return values.oneOf(-1L, 1L, 2_000 * RandomValues.MS + 1);
        }
        return values.oneOf(0L, values.oneIn(2) ? 5L : 500L, 30L, 200L, 1_000L, 2_000L) * RandomValues.MS;
    }

    /** Changes, opens or ends the archive of a FIFO topic. */
    Command setPeriod(final long id) {
        final List<Topic> topics = values.state.topics.topics.values().stream()
                .filter(Topic::isFifo)
                .toList();
        final long topicId = topics.isEmpty() ? 1 : values.any(topics).id;
        return new Command.SetTopicSettings(id, values.producer(), topicId, TopicSettings.NONE.keeping(period()));
    }

    /** When a replay begins, most of the time with a message that an archive keeps; now and then it ends, or would begin at no time. */
    long time() {
        return time(values.state.topics.archives());
    }

    private long time(final List<Archive> archives) {
        if (values.oneIn(20)) {
            return values.oneOf(-1L, values.state.nowNs + 1 + random.nextInt(9) * RandomValues.MS);
        }
        if (values.oneIn(8)) {
            return 0;
        }
        final List<Kept> kept = archives.stream()
                .flatMap(archive ->
                        archive
                                .kept
                                .subList(Math.max(0, archive.kept.size() - MOST_BACK), archive.kept.size())
                                .stream())
                .toList();
        return kept.isEmpty() || values.oneIn(4)
                ? values.state.nowNs - random.nextInt(LONGEST_BACK_NS)
                : values.any(kept).timeNs() + random.nextInt(2);
    }

    /** A replay to a subscription that exists, of a topic that has an archive if there is one. */
    Command replay(final long id) {
        final List<Subscription> fitting = values.state.topics.subscriptions.values().stream()
                .filter(subscription -> subscription.topic.archive != null)
                .toList();
        if (fitting.isEmpty()) {
            return new Command.SetSubscription(id, values.producer(), 1, SubscriptionSettings.NONE.from(time()));
        }
        final Subscription subscription = values.any(fitting);
        return new Command.SetSubscription(
                id,
                values.producer(),
                subscription.id,
                SubscriptionSettings.NONE.from(time(List.of(subscription.topic.archive))));
    }
}
