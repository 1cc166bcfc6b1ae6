package io.millrace.kernel;

import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.ProtocolBody;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import io.millrace.kernel.ModelTopicState.Subscription;
import io.millrace.kernel.ModelTopicState.Topic;
import io.millrace.kernel.Payload.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Draws commands and queries about topics and subscriptions. */
final class RandomTopicCommands {

    private final RandomValues values;
    private final RandomSends sends;
    private final RandomQueueCommands queueCommands;
    private final RandomFilterPolicies policies;
    private final RandomPushCommands pushes;
    private final RandomBlobCommands blobs;
    private final RandomStreamCommands streams;
    private final RandomArchiveCommands archives;
    private final Random random;
    private final ModelTopicState topics;
    private final List<LongFunction<Command>> changes = new ArrayList<>();
    private final List<LongFunction<Command>> queries = new ArrayList<>();

    RandomTopicCommands(final RandomValues values, final RandomSends sends, final RandomQueueCommands queueCommands) {
        this.values = values;
        this.sends = sends;
        this.queueCommands = queueCommands;
        policies = new RandomFilterPolicies(values);
        pushes = new RandomPushCommands(values);
        blobs = new RandomBlobCommands(values);
        streams = new RandomStreamCommands(values);
        archives = new RandomArchiveCommands(values);
        random = values.random;
        topics = values.state.topics;
        add(changes, 24, this::publish);
        add(changes, 10, this::subscribe);
        add(changes, 6, this::subscribeSessions);
        add(changes, 3, this::setSubscription);
        add(changes, 3, id -> pushes.setPolicy(id, topicId(), subscriptionId()));
        add(changes, 8, pushes::consume);
        add(changes, 2, id -> new Command.Unsubscribe(id, values.producer(), subscriptionId()));
        add(changes, 2, this::create);
        add(changes, 1, this::delete);
        if (!values.arePlain()) {
            add(changes, 6, this::publishClaims);
            add(changes, 3, blobs::declare);
            add(changes, 7, this::subscribeStream);
            add(changes, 3, streams::create);
            add(changes, 1, streams::delete);
            add(queries, 3, blobs::describe);
            add(queries, 1, blobs::list);
            add(changes, 3, archives::setPeriod);
            add(changes, 14, archives::replay);
            add(changes, 1, id -> new Command.SetTopicSettings(id, values.producer(), topicId(), changed()));
            add(changes, 2, id -> new Command.TagTopic(id, values.producer(), topicId(), queueCommands.tags()));
            add(changes, 1, id -> new Command.UntagTopic(id, values.producer(), topicId(), queueCommands.keys()));
            add(changes, 2, id -> new Command.SetTopicAccess(id, values.producer(), topicId(), queueCommands.access()));
            add(queries, 1, id -> new Command.ListTopicTags(id, topicId()));
            add(queries, 1, id -> new Command.DescribeTopicAccess(id, topicId()));
        }
        add(queries, 1, id -> new Command.LookUpTopic(id, name()));
        add(queries, 2, id -> new Command.DescribeTopic(id, topicId()));
        add(queries, 2, this::listTopics);
        add(queries, 4, id -> new Command.DescribeSubscription(id, subscriptionId()));
        add(queries, 3, this::listSubscriptions);
    }

    private static void add(
            final List<LongFunction<Command>> kinds, final int weight, final LongFunction<Command> kind) {
        for (int i = 0; i < weight; i++) {
            kinds.add(kind);
        }
    }

    Command next(final long correlationId) {
        if (topics.topics.size() < 2 && values.oneIn(4)) {
            return create(correlationId);
        }
        return values.any(changes).apply(correlationId);
    }

    Command query(final long correlationId) {
        return values.any(queries).apply(correlationId);
    }

    private long topicId() {
        final boolean wrong = topics.topics.isEmpty() || values.oneIn(40);
        return wrong ? random.nextInt((int) topics.nextTopicId + 2) : values.any(topics.topics.values()).id;
    }

    /** A topic of which something holds, most of the time. */
    private long topicId(final Predicate<Topic> condition) {
        final List<Topic> fitting =
                topics.topics.values().stream().filter(condition).toList();
        return fitting.isEmpty() || values.oneIn(10) ? topicId() : values.any(fitting).id;
    }

    private long subscriptionId() {
        final boolean wrong = topics.subscriptions.isEmpty() || values.oneIn(40);
        return wrong
                ? random.nextInt((int) topics.nextSubscriptionId + 2)
                : values.any(topics.subscriptions.values()).id;
    }

    private String name() {
        if (values.oneIn(30)) {
            return values.oneIn(2) ? "" : "bad" + (char) 0xC3;
        }
        return values.oneOf("t", "say \"", "\u0001\t\\", "\u00c3\u00a4")
                + random.nextInt(3)
                + "x".repeat(values.oneIn(30) ? 20 : 0);
    }

    private Command create(final long id) {
        final String name = name();
        final Topic existing = topics.named(name);
        if (existing != null && values.oneIn(2)) {
            return new Command.CreateTopic(id, values.producer(), name, existing.settings);
        }
        final boolean fifo = values.beyondPlain(2);
        return new Command.CreateTopic(
                id,
                values.producer(),
                name,
                new TopicSettings(
                        fifo ? QueueType.FIFO : values.oneOf(QueueType.STANDARD, QueueType.NULL_VAL),
                        content(fifo),
                        scope(fifo),
                        values.oneIn(fifo ? 1 : 40) ? archives.period() : null));
    }

    private TopicSettings changed() {
        final boolean fifo = !values.oneIn(4);
        final QueueType type = values.oneIn(20) ? values.oneOf(QueueType.STANDARD, QueueType.FIFO) : QueueType.NULL_VAL;
        return new TopicSettings(type, content(fifo), scope(fifo), values.oneIn(40) ? archives.period() : null);
    }

    private Switch content(final boolean fifo) {
        return values.oneIn(fifo ? 2 : 30) ? values.oneOf(Switch.ON, Switch.OFF) : Switch.NULL_VAL;
    }

    private QueueScope scope(final boolean fifo) {
        return values.oneIn(fifo ? 2 : 30)
                ? values.oneOf(QueueScope.MESSAGE_GROUP, QueueScope.QUEUE)
                : QueueScope.NULL_VAL;
    }

    private Command delete(final long id) {
        return values.oneIn(2) ? query(id) : new Command.DeleteTopic(id, values.producer(), topicId());
    }

    /** Most of the time a queue that the topic can have, now and then one that it has. */
    private Command subscribe(final long id) {
        final boolean fifo = values.oneIn(2);
        if (!topics.subscriptions.isEmpty() && values.oneIn(6)) {
            final Subscription existing = values.any(topics.subscriptions.values());
            final SubscriptionSettings settings = values.oneIn(2) ? existing.settings : subscriptionSettings(fifo);
            return new Command.SubscribeQueue(id, values.producer(), existing.topic.id, existing.queueId, settings);
        }
        return new Command.SubscribeQueue(
                id,
                values.producer(),
                topicId(topic -> topic.isFifo() == fifo),
                values.queueId(queue -> queue.isFifo() == (fifo && !values.oneIn(4))),
                subscriptionSettings(fifo));
    }

    private Command subscribeSessions(final long id) {
        final boolean fifo = values.oneIn(2);
        return pushes.subscribe(id, topicId(topic -> topic.isFifo() == fifo), subscriptionSettings(fifo));
    }

    private Command subscribeStream(final long id) {
        final boolean fifo = values.oneIn(2);
        return streams.subscribe(id, topicId(topic -> topic.isFifo() == fifo), subscriptionSettings(fifo));
    }

    private Command setSubscription(final long id) {
        final long subscriptionId = subscriptionId();
        final Subscription subscription = topics.subscriptions.get(subscriptionId);
        final boolean fifo = subscription != null && subscription.topic.isFifo();
        return new Command.SetSubscription(id, values.producer(), subscriptionId, subscriptionSettings(fifo));
    }

    private SubscriptionSettings subscriptionSettings(final boolean fifo) {
        final Long deadLetterQueueId = values.oneIn(3)
                ? null
                : values.oneIn(8) ? (Long) 0L : (Long) values.queueId(queue -> queue.isFifo() == fifo);
        final SubscriptionSettings settings = new SubscriptionSettings(
                deadLetterQueueId, values.oneIn(3) ? Switch.NULL_VAL : values.oneOf(Switch.ON, Switch.OFF));
        final SubscriptionSettings filtered = values.beyondPlain(2) ? withPolicy(settings) : settings;
        return values.beyondPlain(fifo ? 3 : 60) ? filtered.from(archives.time()) : filtered;
    }

    private SubscriptionSettings withPolicy(final SubscriptionSettings settings) {
        final boolean ofBody = values.oneIn(2);
        final FilterPolicyScope scope = ofBody
                ? FilterPolicyScope.MESSAGE_BODY
                : values.oneOf(FilterPolicyScope.NULL_VAL, FilterPolicyScope.MESSAGE_ATTRIBUTES);
        return values.oneIn(10) ? settings.about(scope) : settings.about(scope).withPolicy(policies.policy(ofBody));
    }

    private Command publish(final long id) {
        final long topicId = publishedTo();
        final boolean text = values.beyondPlain(6);
        return publish(id, topicId, text, () -> new Command.Published(payload(topicId, text), subject(), bodies(text)));
    }

    /** A topic that somebody subscribed to, most of the time. */
    long publishedTo() {
        return topicId(topic -> !topic.subscriptions.isEmpty());
    }

    Command.Published message(final long topicId, final boolean text, final String body) {
        return new Command.Published(payload(topicId, someAttributes(), body), subject(), bodies(text));
    }

    private Command publish(
            final long id, final long topicId, final boolean text, final Supplier<Command.Published> entry) {
        final int count = values.oneIn(40) ? 11 : values.oneIn(40) ? 0 : 1 + random.nextInt(values.oneIn(4) ? 10 : 2);
        return new Command.PublishMessages(
                id,
                values.producer(),
                topicId,
                text,
                values.beyondPlain(4),
                Stream.generate(entry).limit(count).toList());
    }

    /** Messages whose content is in a blob, which an archive does not keep; now and then with a body for a protocol, which they cannot have. */
    private Command publishClaims(final long id) {
        final long topicId = values.oneIn(4) ? publishedTo() : topicId(topic -> topic.archive == null);
        return new Command.Claim(publish(
                id,
                topicId,
                false,
                () -> new Command.Published(
                        payload(topicId, someAttributes(), blobs.body()),
                        "",
                        values.oneIn(40) ? List.of(new ProtocolBody(1, "x")) : List.of())));
    }

    private Payload payload(final long topicId, final List<Attribute> attributes, final String body) {
        final Topic topic = topics.topics.get(topicId);
        final boolean fifo = topic != null && topic.isFifo();
        return sends.payload(fifo, fifo && topic.settings.contentDeduplication() == Switch.ON, attributes, body);
    }

    /** Now and then for protocols that there are not, or twice for one. */
    private List<ProtocolBody> bodies(final boolean text) {
        if (!values.beyondPlain(5)) {
            return List.of();
        }
        final List<ProtocolBody> bodies = new ArrayList<>();
        for (int protocol = values.oneIn(20) ? 0 : 1; protocol <= (values.oneIn(20) ? 4 : 3); protocol++) {
            if (values.oneIn(2)) {
                final boolean isObject = values.oneIn(2);
                bodies.add(new ProtocolBody(
                        values.oneIn(30) ? 1 : protocol, isObject ? policies.body() : sends.body(text)));
            }
        }
        return bodies;
    }

    private Payload payload(final long topicId, final boolean text) {
        if (values.beyondPlain(2)) {
            return payload(topicId, policies.attributes(), policies.body());
        }
        final String body = values.oneIn(4) ? strange() : sends.body(text);
        return payload(topicId, values.oneIn(3) ? attributes() : List.of(), body);
    }

    /** What filter policies ask for, or none. */
    private List<Attribute> someAttributes() {
        return values.oneIn(2) ? policies.attributes() : List.of();
    }

    /** What JSON has to escape, what is longer than it looks, and what is no text at all. */
    private String strange() {
        return values.text(random.nextInt(9))
                + values.oneOf(
                        "\"",
                        "\\",
                        "/",
                        "\b\f\n\r\t",
                        "\u0000\u001f\u007f",
                        "\u00c3\u00a4",
                        "\u00f0\u009f\u0098\u0080",
                        "\u00e2\u0080\u00a8",
                        "\u00ff",
                        "\u00ed\u00a0\u0080");
    }

    /** Now and then more than can be delivered raw. */
    private List<Attribute> attributes() {
        final long most = values.state.limit(LimitId.ATTRIBUTES);
        if (values.oneIn(3) && most > 10) {
            return IntStream.range(0, 9 + random.nextInt(3))
                    .mapToObj(i -> Attribute.text("n" + i, "v"))
                    .toList();
        }
        final List<Attribute> attributes = new ArrayList<>(sends.attributes());
        if (values.oneIn(3) && attributes.size() < most) {
            final String value = strange();
            attributes.add(new Attribute(values.oneOf(1, 3), "n" + strangeName(), values.oneIn(2) ? "" : value, value));
        }
        return attributes;
    }

    private String strangeName() {
        return values.oneOf("\"", "\n", "\u00c3\u00a4", "");
    }

    private String subject() {
        if (!values.oneIn(4)) {
            return "";
        }
        return values.oneIn(10)
                ? values.oneOf("a\nb", "\u007f", "\u00ff", "x".repeat(9), "\u00c3\u00a4".repeat(9))
                : values.oneOf("s", "a \"b\"", "\u00c3\u00a4".repeat(8), "\\");
    }

    private Command listTopics(final long id) {
        return new Command.ListTopics(
                id, values.oneIn(30) ? -1 : random.nextInt(5), random.nextInt(6), values.oneIn(2) ? "" : "t");
    }

    private Command listSubscriptions(final long id) {
        final long topicId = values.oneIn(2) ? 0 : topicId(topic -> !topic.subscriptions.isEmpty());
        final Topic topic = topics.topics.get(topicId);
        final boolean own = topic != null && !topic.subscriptions.isEmpty() && !values.oneIn(5);
        final long after = values.oneIn(3)
                ? 0
                : values.oneIn(30)
                        ? -1
                        : own
                                ? values.any(topic.subscriptions.keySet())
                                : random.nextInt((int) topics.nextSubscriptionId + 1);
        return new Command.ListSubscriptions(id, topicId, after, random.nextInt(6));
    }
}
