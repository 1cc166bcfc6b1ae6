package io.millrace.kernel;

import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.ModelTopicState.Subscription;
import java.util.List;
import java.util.Random;

/** Draws streams, and subscriptions of them. */
final class RandomStreamCommands {

    private final RandomValues values;
    private final Random random;

    RandomStreamCommands(final RandomValues values) {
        this.values = values;
        random = values.random;
    }

    Command create(final long id) {
        return new StreamCommand.CreateStream(
                id,
                values.producer(),
                "s" + random.nextInt(4),
                values.oneIn(20) ? 0 : 1 + random.nextInt(3),
                new StreamCommand.Settings(null, values.oneOf(null, 30L, 400L)));
    }

    Command delete(final long id) {
        return new StreamCommand.DeleteStream(id, values.producer(), streamId());
    }

    private long streamId() {
        final List<Long> ids = values.state.streams.ids();
        return ids.isEmpty() || values.oneIn(20) ? random.nextInt(9) : values.any(ids);
    }

    /** Now and then one that exists, with what it has or with something else. */
    Command subscribe(final long id, final long topicId, final SubscriptionSettings settings) {
        final Subscription existing = values.state.topics.subscriptions.values().stream()
                .filter(Subscription::isForStream)
                .findAny()
                .orElse(null);
        if (existing == null || !values.oneIn(5)) {
            return new StreamCommand.SubscribeStream(
                    id, values.producer(), topicId, streamId(), settings, keyAttribute());
        }
        return new StreamCommand.SubscribeStream(
                id,
                values.producer(),
                existing.topic.id,
                existing.streamId,
                values.oneIn(4) ? settings : existing.settings,
                values.oneIn(4) ? keyAttribute() : existing.keyAttribute);
    }

    private String keyAttribute() {
        return values.oneIn(30)
                ? values.oneOf("toolongname", "bad" + (char) 0xC3)
                : values.oneOf("", "a", "b", "c", "name0", "n");
    }
}
