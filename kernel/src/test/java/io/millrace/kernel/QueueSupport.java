package io.millrace.kernel;

import static io.millrace.kernel.Scenario.A;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.millrace.kernel.Command.Producer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Acts on queues as such: settings, tags, access, purge, alarms, browsing. */
final class QueueSupport {

    private static final Producer NOBODY = Producer.NONE;

    private final Scenario scenario;
    private long correlationId = 1_000_000;

    QueueSupport(final Scenario scenario) {
        this.scenario = scenario;
    }

    /** Creates a queue without looking at the answer. */
    void ask(final String name, final Settings settings) {
        scenario.apply(A, new Command.CreateQueue(++correlationId, NOBODY, name, settings));
    }

    /** Creates a queue, which must succeed. */
    long create(final String name, final Settings settings) {
        ask(name, settings);
        return assertInstanceOf(
                        Event.Confirmed.class, scenario.egress.drain().get(0).event())
                .firstValue();
    }

    void set(final long sessionId, final long queueId, final Settings settings) {
        scenario.apply(sessionId, new Command.SetQueueSettings(++correlationId, NOBODY, queueId, settings));
    }

    void purge(final long sessionId, final long queueId) {
        scenario.apply(sessionId, new Command.PurgeQueue(++correlationId, NOBODY, queueId));
    }

    void tag(final long sessionId, final long queueId, final String... keysAndValues) {
        final List<Command.Tag> tags = new ArrayList<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            tags.add(new Command.Tag(keysAndValues[i], keysAndValues[i + 1]));
        }
        scenario.apply(sessionId, new Command.TagQueue(++correlationId, NOBODY, queueId, tags));
    }

    void untag(final long sessionId, final long queueId, final String... keys) {
        scenario.apply(sessionId, new Command.UntagQueue(++correlationId, NOBODY, queueId, List.of(keys)));
    }

    void listTags(final long sessionId, final long queueId) {
        scenario.apply(sessionId, new Command.ListQueueTags(++correlationId, queueId));
    }

    void protect(final long sessionId, final long queueId, final Command.AccessEntry... entries) {
        scenario.apply(sessionId, new Command.SetQueueAccess(++correlationId, NOBODY, queueId, List.of(entries)));
    }

    void describeAccess(final long sessionId, final long queueId) {
        scenario.apply(sessionId, new Command.DescribeQueueAccess(++correlationId, queueId));
    }

    void listSources(final long sessionId, final long queueId, final long after, final int max) {
        scenario.apply(sessionId, new Command.ListDeadLetterSources(++correlationId, queueId, after, max));
    }

    void watch(final long sessionId, final long queueId, final boolean watching) {
        scenario.apply(sessionId, new Command.WatchQueue(++correlationId, queueId, watching));
    }

    /** Asks for messages of any status. */
    void browse(final long sessionId, final long queueId, final long cursor, final int max) {
        scenario.apply(sessionId, new Command.BrowseMessages(++correlationId, queueId, cursor, max, true, true, true));
    }

    /** Sends messages that live for a while. */
    void sendMortal(final long sessionId, final long queueId, final long liveMs, final String... bodies) {
        scenario.sendEntries(
                sessionId,
                queueId,
                Arrays.stream(bodies)
                        .map(body -> new Command.Entry(null, null, liveMs * Scenario.MS, 0, Payload.of(body)))
                        .toList());
    }

    /** The description of a queue. */
    Event.QueueDescription description(final long queueId) {
        scenario.forget();
        scenario.describe(A, queueId);
        return (Event.QueueDescription) scenario.egress.drain().get(0).event();
    }
}
