package io.millrace.kernel;

import static io.millrace.kernel.BadInputWorld.DELETED_TOPIC;
import static io.millrace.kernel.BadInputWorld.FIFO;
import static io.millrace.kernel.BadInputWorld.FIFO_TOPIC;
import static io.millrace.kernel.BadInputWorld.MALLORY;
import static io.millrace.kernel.BadInputWorld.NEVER_THERE;
import static io.millrace.kernel.BadInputWorld.OTHER_DEAD;
import static io.millrace.kernel.BadInputWorld.PRIVATE_SUBSCRIPTION;
import static io.millrace.kernel.BadInputWorld.PRIVATE_TOPIC;
import static io.millrace.kernel.BadInputWorld.STANDARD;
import static io.millrace.kernel.BadInputWorld.SUBSCRIPTION;
import static io.millrace.kernel.BadInputWorld.TOPIC;
import static io.millrace.kernel.Command.Producer.NONE;
import static io.millrace.kernel.Scenario.SECOND;

import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RetryFunction;
import io.millrace.codecs.Switch;
import io.millrace.kernel.BadInputTest.Row;
import io.millrace.kernel.Command.DeliveryPolicy;
import io.millrace.kernel.Command.ProtocolBody;
import io.millrace.kernel.Command.Published;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.Tag;
import io.millrace.kernel.Command.TopicSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** What can be wrong about topics, subscriptions and what is published. */
final class BadTopicInput {
    private static final TopicSettings CONTENT_DEDUPLICATION =
            new TopicSettings(QueueType.NULL_VAL, Switch.ON, QueueScope.NULL_VAL);
    private static final TopicSettings FIFO_TYPE = TopicSettings.fifo(Switch.NULL_VAL, QueueScope.NULL_VAL);
    private static final TopicSettings GROUP_SCOPE =
            new TopicSettings(QueueType.NULL_VAL, Switch.NULL_VAL, QueueScope.MESSAGE_GROUP);

    private static final DeliveryPolicy NO_POLICY = DeliveryPolicy.NONE;
    private static final RetryFunction LINEAR = RetryFunction.LINEAR;

    private BadTopicInput() {}

    static List<Row> rows() {
        final List<Row> rows = new ArrayList<>();
        for (final long topic : new long[] {NEVER_THERE, 0, -1, DELETED_TOPIC}) {
            commandsOn(topic).forEach(command -> rows.add(new Row("topic " + topic, command, "UNKNOWN_TOPIC")));
            final Command command = new Command.SetDeliveryPolicy(1, NONE, topic, 0, NO_POLICY);
            rows.add(new Row("topic " + topic, command, topic == 0 ? "UNKNOWN_SUBSCRIPTION" : "UNKNOWN_TOPIC"));
        }
        for (final long subscription : new long[] {NEVER_THERE, 0, -1}) {
            commandsOnSubscription(subscription)
                    .forEach(command ->
                            rows.add(new Row("subscription " + subscription, command, "UNKNOWN_SUBSCRIPTION")));
        }
        Stream.concat(commandsOn(PRIVATE_TOPIC).stream(), commandsOnSubscription(PRIVATE_SUBSCRIPTION).stream())
                .filter(command -> !command.isQuery())
                .forEach(command -> rows.add(new Row("not on the list", MALLORY, command, "NOT_AUTHORISED")));
        topics(rows);
        subscriptions(rows);
        policies(rows);
        publications(rows);
        bodies(rows);
        blobs(rows);
        tagsAndLists(rows);
        pages(rows);
        return rows;
    }

    private static List<Command> commandsOn(final long topic) {
        return List.of(
                new Command.DeleteTopic(1, NONE, topic),
                new Command.SetTopicSettings(1, NONE, topic, TopicSettings.NONE),
                new Command.TagTopic(1, NONE, topic, List.of(new Tag("key", "value"))),
                new Command.UntagTopic(1, NONE, topic, List.of("key")),
                new Command.SetTopicAccess(1, NONE, topic, List.of()),
                new Command.SubscribeQueue(1, NONE, topic, STANDARD, SubscriptionSettings.NONE),
                subscribeSessions(topic, "desk", NO_POLICY, Switch.ON),
                publish(topic, Payload.of("x")),
                new Command.BeginPublication(1, NONE, topic, false, 100),
                new Command.DescribeTopic(1, topic),
                new Command.ListTopicTags(1, topic),
                new Command.DescribeTopicAccess(1, topic));
    }

    private static List<Command> commandsOnSubscription(final long subscription) {
        return List.of(
                new Command.Unsubscribe(1, NONE, subscription),
                new Command.SetSubscription(1, NONE, subscription, SubscriptionSettings.RAW),
                new Command.SetDeliveryPolicy(1, NONE, 0, subscription, NO_POLICY),
                new Command.DescribeSubscription(1, subscription));
    }

    private static Command publish(final long topic, final Payload... payloads) {
        return new Command.PublishMessages(
                1,
                NONE,
                topic,
                false,
                false,
                Stream.of(payloads).map(payload -> new Published(payload, "")).toList());
    }

    private static void topics(final List<Row> rows) {
        rows.add(create("no name", "", TopicSettings.NONE, "INVALID_NAME"));
        rows.add(create("not UTF-8", "\u00FF", TopicSettings.NONE, "INVALID_NAME"));
        rows.add(create("a long name", "x".repeat(257), TopicSettings.NONE, "LIMIT_EXCEEDED NAME_BYTES 256 257"));
        rows.add(create("another type", "trades", FIFO_TYPE, "TOPIC_EXISTS 1"));
        rows.add(create("content deduplication", "new", CONTENT_DEDUPLICATION, "INVALID_SETTING 2"));
        rows.add(create("deduplication by group", "new", GROUP_SCOPE, "INVALID_SETTING 3"));
        rows.add(create("an archive", "new", TopicSettings.NONE.keeping(Scenario.SECOND), "INVALID_SETTING 4"));
        rows.add(create(
                "a short archive", "new", FIFO_TYPE.keeping(1), "LIMIT_EXCEEDED ARCHIVE_PERIOD_LEAST 1000000000 1"));
        rows.add(create("one too many", "new", TopicSettings.NONE, "LIMIT_EXCEEDED TOPICS 3 4"));
        rows.add(set("another type", TOPIC, FIFO_TYPE, "INVALID_SETTING 1"));
        rows.add(set("content deduplication", TOPIC, CONTENT_DEDUPLICATION, "INVALID_SETTING 2"));
        rows.add(set("deduplication by group", TOPIC, GROUP_SCOPE, "INVALID_SETTING 3"));
    }

    private static Row create(final String what, final String name, final TopicSettings settings, final String answer) {
        return new Row(what, new Command.CreateTopic(1, NONE, name, settings), answer);
    }

    private static Row set(final String what, final long topic, final TopicSettings settings, final String answer) {
        return new Row(what, new Command.SetTopicSettings(1, NONE, topic, settings), answer);
    }

    private static void subscriptions(final List<Row> rows) {
        final SubscriptionSettings ofFifo = new SubscriptionSettings(FIFO, Switch.NULL_VAL);
        final SubscriptionSettings ofUnknown = new SubscriptionSettings(NEVER_THERE, Switch.NULL_VAL);
        rows.add(subscribe("a replay", TOPIC, STANDARD, SubscriptionSettings.NONE.from(1), "NO_ARCHIVE 7"));
        rows.add(subscribe("a FIFO queue", TOPIC, FIFO, SubscriptionSettings.NONE, "NOT_FOR_QUEUE_TYPE"));
        rows.add(subscribe("other settings", TOPIC, OTHER_DEAD, SubscriptionSettings.NONE, "SUBSCRIPTION_EXISTS 1"));
        rows.add(subscribe(
                "one too many", TOPIC, STANDARD, SubscriptionSettings.RAW, "LIMIT_EXCEEDED SUBSCRIPTIONS 1 2"));
        rows.add(subscribe("dead letters of another type", TOPIC, STANDARD, ofFifo, "INVALID_SETTING 2"));
        rows.add(subscribe("dead letters to nowhere", TOPIC, STANDARD, ofUnknown, "UNKNOWN_QUEUE"));
        rows.add(subscribe(
                "a policy without an end",
                TOPIC,
                STANDARD,
                SubscriptionSettings.RAW.withPolicy("{\"a\":[1]"),
                "INVALID_FILTER_POLICY NONE 1 8"));
        rows.add(change(
                "a policy that asks for nothing",
                SubscriptionSettings.NONE.withPolicy("{\"a\":[]}"),
                "INVALID_FILTER_POLICY NONE 5 5"));
        rows.add(change("dead letters of another type", ofFifo, "INVALID_SETTING 2"));
        rows.add(change("dead letters to nowhere", ofUnknown, "UNKNOWN_QUEUE"));
    }

    private static void policies(final List<Row> rows) {
        final long day = 86_400 * SECOND;
        wrongPolicy(
                rows, "many retries", policy(1_001, 0, SECOND, LINEAR), "LIMIT_EXCEEDED DELIVERY_RETRIES 1000 1001");
        wrongPolicy(rows, "more in a phase than in all", policy(1, 2, SECOND, LINEAR), "INVALID_SETTING 5");
        wrongPolicy(rows, "no function", policy(1, 0, SECOND, RetryFunction.NULL_VAL), "INVALID_SETTING 5");
        wrongPolicy(rows, "doubling nothing", policy(1, 0, 0, RetryFunction.EXPONENTIAL), "INVALID_SETTING 5");
        wrongPolicy(rows, "a negative delay", policy(1, 0, -1, LINEAR), "INVALID_SETTING 5");
        wrongPolicy(rows, "a long delay", policy(1, 0, day, LINEAR), "LIMIT_EXCEEDED BACKOFF " + day / 2 + " " + day);
        wrongPolicy(
                rows,
                "too long together",
                policy(40, 0, day / 2, LINEAR),
                "LIMIT_EXCEEDED RETRY_TIME " + 14 * day + " " + 20 * day);
        rows.add(new Row("no name", subscribeSessions(FIFO_TOPIC, "", NO_POLICY, Switch.ON), "INVALID_NAME"));
        rows.add(new Row("not UTF-8", subscribeSessions(FIFO_TOPIC, "\u00FF", NO_POLICY, Switch.ON), "INVALID_NAME"));
        rows.add(new Row(
                "a long name",
                subscribeSessions(FIFO_TOPIC, "x".repeat(257), NO_POLICY, Switch.ON),
                "LIMIT_EXCEEDED NAME_BYTES 256 257"));
        rows.add(new Row(
                "one too many",
                subscribeSessions(TOPIC, "desk", NO_POLICY, Switch.ON),
                "LIMIT_EXCEEDED SUBSCRIPTIONS 1 2"));
        rows.add(new Row(
                "a policy for a queue",
                new Command.SetDeliveryPolicy(1, NONE, 0, SUBSCRIPTION, NO_POLICY),
                "INVALID_SETTING 5"));
    }

    private static void wrongPolicy(
            final List<Row> rows, final String what, final DeliveryPolicy policy, final String answer) {
        rows.add(new Row(what, subscribeSessions(FIFO_TOPIC, "desk", policy, Switch.ON), answer));
        rows.add(new Row(what, new Command.SetDeliveryPolicy(1, NONE, TOPIC, 0, policy), answer));
    }

    private static DeliveryPolicy policy(
            final int retries, final int minDelayRetries, final long delayNs, final RetryFunction function) {
        return new DeliveryPolicy(retries, 0, minDelayRetries, 0, delayNs, delayNs, function, 0);
    }

    private static Command subscribeSessions(
            final long topic, final String name, final DeliveryPolicy policy, final Switch acknowledged) {
        return new Command.SubscribeSession(1, NONE, topic, SubscriptionSettings.NONE, policy, acknowledged, name);
    }

    private static Row subscribe(
            final String what,
            final long topic,
            final long queue,
            final SubscriptionSettings settings,
            final String answer) {
        return new Row(what, new Command.SubscribeQueue(1, NONE, topic, queue, settings), answer);
    }

    private static Row change(final String what, final SubscriptionSettings settings, final String answer) {
        return new Row(what, new Command.SetSubscription(1, NONE, SUBSCRIPTION, settings), answer);
    }

    private static void publications(final List<Row> rows) {
        final Payload big = Payload.of("x".repeat(1_048_577));
        rows.add(new Row("nothing", publish(TOPIC), "EMPTY_BATCH"));
        rows.add(new Row(
                "too many",
                publish(TOPIC, Collections.nCopies(257, Payload.of("x")).toArray(Payload[]::new)),
                "LIMIT_EXCEEDED BATCH_ENTRIES 256 257"));
        rows.add(new Row(
                "a large one",
                publish(TOPIC, Payload.of("a"), big),
                "LIMIT_EXCEEDED MESSAGE_BYTES 1048576 1048577 entry 1"));
        rows.add(new Row(
                "a large one in parts",
                new Command.BeginPublication(1, NONE, TOPIC, false, 1_050_625),
                "LIMIT_EXCEEDED MESSAGE_BYTES 1048576 1050625"));
        rows.add(new Row("no group", publish(FIFO_TOPIC, Payload.of("x")), "GROUP_ID_REQUIRED entry 0"));
        rows.add(new Row(
                "no deduplication id",
                publish(FIFO_TOPIC, Payload.of("x").inGroup("g")),
                "DEDUPLICATION_ID_REQUIRED entry 0"));
        rows.add(new Row(
                "a deduplication id",
                publish(TOPIC, Payload.of("x").withDeduplicationId("1")),
                "NOT_FOR_QUEUE_TYPE entry 0"));
        rows.add(subject("a long subject", "x".repeat(101), "LIMIT_EXCEEDED SUBJECT_CHARACTERS 100 101 entry 0"));
        rows.add(subject("a subject of two lines", "a\nb", "INVALID_CHARACTERS entry 0"));
        rows.add(subject("a subject that is not UTF-8", "\u00FF", "INVALID_CHARACTERS entry 0"));
    }

    private static void bodies(final List<Row> rows) {
        rows.add(bodies("a body for queues alone", "", "DEFAULT_BODY_REQUIRED entry 0", new ProtocolBody(1, "x")));
        rows.add(bodies(
                "two bodies for sessions",
                "x",
                "INVALID_ARGUMENT 2 entry 0",
                new ProtocolBody(2, "a"),
                new ProtocolBody(2, "b")));
        rows.add(bodies(
                "bodies out of order",
                "x",
                "INVALID_ARGUMENT 1 entry 0",
                new ProtocolBody(2, "a"),
                new ProtocolBody(1, "b")));
        rows.add(bodies(
                "bodies that are too large together",
                "x",
                "LIMIT_EXCEEDED MESSAGE_BYTES 1048576 1048577 entry 0",
                new ProtocolBody(1, "y".repeat(1_048_576))));
        rows.add(bodies("text that is not UTF-8", "x", "INVALID_CHARACTERS entry 0", new ProtocolBody(3, "\u00FF")));
        rows.add(bodies("text without a character", "x", "EMPTY_BODY entry 0", new ProtocolBody(3, "")));
    }

    private static void blobs(final List<Row> rows) {
        rows.add(new Row(
                "given an id", new Command.DeclareBlob(1, NONE, new BlobReference(7, 1, 'x')), "INVALID_ARGUMENT 7"));
        rows.add(new Row(
                "less than empty",
                new Command.DeclareBlob(1, NONE, new BlobReference(0, -1, 'x')),
                "INVALID_ARGUMENT -1"));
        rows.add(new Row(
                "longer than 2 GiB",
                new Command.DeclareBlob(1, NONE, new BlobReference(0, (1L << 31) + 1, 'x')),
                "LIMIT_EXCEEDED BLOB_BYTES 2147483648 2147483649"));
        rows.add(new Row("never declared", new Command.DescribeBlob(1, NEVER_THERE), "UNKNOWN_BLOB " + NEVER_THERE));
        rows.add(new Row("none", new Command.ListBlobs(1, 0, 0), "LIMIT_EXCEEDED LIST_ENTRIES 1000 0"));
        rows.add(new Row("behind -1", new Command.ListBlobs(1, -1, 1), "INVALID_ARGUMENT -1"));
        rows.add(new Row(
                "what was never declared",
                new Command.Claim(publish(TOPIC, Payload.of(new BlobReference(NEVER_THERE, 1, 'x').text()))),
                "UNKNOWN_BLOB " + NEVER_THERE + " entry 0"));
        rows.add(new Row(
                "no reference",
                new Command.Claim(publish(TOPIC, Payload.of("x"))),
                "INVALID_BLOB_REFERENCE 1 entry 0"));
    }

    private static Row bodies(final String what, final String body, final String answer, final ProtocolBody... bodies) {
        return new Row(
                what,
                new Command.PublishMessages(
                        1, NONE, TOPIC, true, false, List.of(new Published(Payload.of(body), "", List.of(bodies)))),
                answer);
    }

    private static Row subject(final String what, final String subject, final String answer) {
        return new Row(
                what,
                new Command.PublishMessages(
                        1, NONE, TOPIC, false, false, List.of(new Published(Payload.of("x"), subject))),
                answer);
    }

    private static void tagsAndLists(final List<Row> rows) {
        rows.add(new Row("none", new Command.TagTopic(1, NONE, TOPIC, List.of()), "EMPTY_BATCH"));
        rows.add(new Row(
                "no key", new Command.TagTopic(1, NONE, TOPIC, List.of(new Tag("", "x"))), "INVALID_NAME entry 0"));
        rows.add(new Row("none", new Command.UntagTopic(1, NONE, TOPIC, List.of()), "EMPTY_BATCH"));
        rows.add(new Row(
                "too many",
                new Command.SetTopicAccess(
                        1, NONE, TOPIC, Collections.nCopies(65, new Command.AccessEntry(true, false, false, "x"))),
                "LIMIT_EXCEEDED ACCESS_ENTRIES 64 65"));
    }

    private static void pages(final List<Row> rows) {
        rows.add(new Row("unknown", new Command.LookUpTopic(1, "trade"), "UNKNOWN_TOPIC"));
        rows.add(new Row("none", new Command.ListTopics(1, 0, 0, ""), "LIMIT_EXCEEDED LIST_ENTRIES 1000 0"));
        rows.add(new Row("behind -1", new Command.ListTopics(1, -1, 1, ""), "INVALID_ARGUMENT -1"));
        rows.add(subscriptionsOf("none", TOPIC, 0, 0, "LIMIT_EXCEEDED LIST_ENTRIES 1000 0"));
        rows.add(subscriptionsOf("behind -1", 0, -1, 1, "INVALID_ARGUMENT -1"));
        rows.add(subscriptionsOf("behind another's", TOPIC, PRIVATE_SUBSCRIPTION, 1, "INVALID_ARGUMENT 2"));
        rows.add(subscriptionsOf("of a topic unknown", NEVER_THERE, 0, 1, "UNKNOWN_TOPIC"));
    }

    private static Row subscriptionsOf(
            final String what, final long topic, final long after, final int max, final String answer) {
        return new Row(what, new Command.ListSubscriptions(1, topic, after, max), answer);
    }
}
