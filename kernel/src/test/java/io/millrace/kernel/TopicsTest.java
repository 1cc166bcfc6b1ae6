package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.Switch;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Topics and subscriptions as such. */
class TopicsTest {

    private static final TopicSettings FIFO = TopicSettings.fifo(Switch.NULL_VAL, QueueScope.NULL_VAL);

    private final Scenario scenario = new Scenario();
    private final TopicSupport topics = new TopicSupport(scenario);

    @Test
    void shouldCreateATopicOnce() {
        topics.ask("trades", TopicSettings.NONE);
        topics.ask("trades", TopicSettings.NONE);
        topics.ask("trades", FIFO);
        topics.lookUp("trades");
        topics.describe(2);

        scenario.shouldTell(
                "A: confirmed 1",
                "A: confirmed 1",
                "A: refused TOPIC_EXISTS differs in 1",
                "A: topic 1 'trades' STANDARD subscriptions=0 published=0",
                "A: refused UNKNOWN_TOPIC");
    }

    @Test
    void shouldRefuseSettingsThatDoNotFit() {
        topics.ask("one", new TopicSettings(QueueType.STANDARD, Switch.ON, QueueScope.NULL_VAL));
        topics.ask("two", new TopicSettings(QueueType.NULL_VAL, Switch.OFF, QueueScope.MESSAGE_GROUP));
        final long topic = topics.create("three", FIFO);
        topics.set(topic, new TopicSettings(QueueType.STANDARD, Switch.NULL_VAL, QueueScope.NULL_VAL));
        topics.set(topic, new TopicSettings(QueueType.NULL_VAL, Switch.ON, QueueScope.NULL_VAL));
        topics.ask("", TopicSettings.NONE);
        topics.ask("x".repeat(257), TopicSettings.NONE);

        scenario.shouldTell(
                "A: refused INVALID_SETTING " + SettingName.of(1),
                "A: confirmed",
                "A: refused INVALID_NAME",
                "A: refused LIMIT_EXCEEDED NAME_BYTES limit=256 actual=257");
    }

    @Test
    void shouldLimitTopicsAndSubscriptions() {
        final Scenario limited =
                new Scenario(Limits.nativeProfile().with(LimitId.TOPICS, 1).with(LimitId.SUBSCRIPTIONS, 1));
        final TopicSupport few = new TopicSupport(limited);
        final long topic = few.create("one");
        final long queue = limited.createQueue("a");
        few.subscribe(topic, queue, SubscriptionSettings.NONE);
        few.ask("two", TopicSettings.NONE);
        few.askToSubscribe(topic, limited.createQueueQuietly("b"), SubscriptionSettings.NONE);

        limited.shouldTell(
                "A: refused LIMIT_EXCEEDED TOPICS limit=1 actual=2",
                "A: confirmed 2",
                "A: refused LIMIT_EXCEEDED SUBSCRIPTIONS limit=1 actual=2");
    }

    @Test
    @Statement("N14")
    void shouldSubscribeTheSameEndpointOnce() {
        final long topic = topics.create("trades");
        final long queue = scenario.createQueue("audit");
        topics.askToSubscribe(topic, queue, SubscriptionSettings.NONE);
        topics.askToSubscribe(topic, queue, SubscriptionSettings.NONE);
        topics.askToSubscribe(topic, queue, SubscriptionSettings.RAW);
        topics.askToSubscribe(topic, queue, SubscriptionSettings.NONE.withDeadLetters(queue));

        scenario.shouldTell(
                "A: confirmed 1",
                "A: confirmed 1",
                "A: refused SUBSCRIPTION_EXISTS differs in 1",
                "A: refused SUBSCRIPTION_EXISTS differs in 2");
    }

    @Test
    void shouldRefuseASubscriptionThatCannotBe() {
        final long standard = topics.create("standard");
        final long fifo = topics.create("fifo", FIFO);
        final long queue = scenario.createQueue("queue");
        final long fifoQueue = scenario.createQueue("queue.fifo", SettingsBuilder.fifo());
        scenario.forget();
        topics.askToSubscribe(9, queue, SubscriptionSettings.NONE);
        topics.askToSubscribe(standard, 9, SubscriptionSettings.NONE);
        topics.askToSubscribe(standard, fifoQueue, SubscriptionSettings.NONE);
        topics.askToSubscribe(standard, queue, SubscriptionSettings.NONE.withDeadLetters(9));
        topics.askToSubscribe(fifo, queue, SubscriptionSettings.NONE.withDeadLetters(queue));
        topics.askToSubscribe(fifo, queue, SubscriptionSettings.NONE.withDeadLetters(fifoQueue));
        topics.askToSubscribe(fifo, fifoQueue, SubscriptionSettings.NONE);

        scenario.shouldTell(
                "A: refused UNKNOWN_TOPIC",
                "A: refused UNKNOWN_QUEUE",
                "A: refused NOT_FOR_QUEUE_TYPE",
                "A: refused UNKNOWN_QUEUE",
                "A: refused INVALID_SETTING " + SettingName.of(2),
                "A: confirmed 1",
                "A: confirmed 2");
    }

    @Test
    void shouldRefuseADeadLetterQueueThatTheSessionMayNotSendTo() {
        final long topic = topics.create("trades");
        final long queue = scenario.createQueue("queue");
        final long kept = scenario.createQueue("kept");
        topics.subscribe(topic, queue, SubscriptionSettings.NONE);
        new QueueSupport(scenario).protect(Scenario.A, kept, new Command.AccessEntry(true, true, true, "alice"));
        scenario.forget();
        topics.setSubscription(1, SubscriptionSettings.NONE.withDeadLetters(kept));
        topics.askToSubscribe(topic, queue, SubscriptionSettings.NONE.withDeadLetters(kept));

        scenario.shouldTell("A: refused NOT_AUTHORISED", "A: refused NOT_AUTHORISED");
    }

    @Test
    void shouldListPageByPage() {
        final long queue = scenario.createQueue("queue");
        final long first = topics.create("trades");
        final long second = topics.create("quotes");
        final long third = topics.create("trade-events");
        topics.subscribe(first, queue, SubscriptionSettings.NONE);
        topics.subscribe(third, queue, SubscriptionSettings.RAW);
        scenario.forget();
        topics.list(0, 1, "trade");
        topics.list(1, 10, "trade");
        topics.listSubscriptions(0, 0, 1);
        topics.listSubscriptions(0, 1, 10);
        topics.listSubscriptions(third, 0, 10);
        topics.listSubscriptions(third, 1, 10);
        topics.listSubscriptions(second, 0, 10);
        topics.listSubscriptions(9, 0, 10);
        topics.list(0, 0, "");
        topics.list(-1, 1, "");

        scenario.shouldTell(
                "A: topics [1 trades] next=1",
                "A: topics [3 trade-events]",
                "A: subscriptions [1 1->1] next=1",
                "A: subscriptions [2 3->1]",
                "A: subscriptions [2 3->1]",
                "A: refused INVALID_ARGUMENT",
                "A: subscriptions []",
                "A: refused UNKNOWN_TOPIC",
                "A: refused LIMIT_EXCEEDED LIST_ENTRIES limit=1000 actual=0",
                "A: refused INVALID_ARGUMENT");
    }

    @Test
    void shouldEndSubscriptionsOneByOneOrWithTheTopic() {
        final long topic = topics.create("trades");
        final long first = topics.subscribe(topic, scenario.createQueue("a"), SubscriptionSettings.NONE);
        final long second = topics.subscribe(topic, scenario.createQueue("b"), SubscriptionSettings.NONE);
        scenario.forget();
        topics.unsubscribe(first);
        topics.describe(topic);
        topics.describeSubscription(first);
        topics.delete(topic);
        topics.describeSubscription(second);
        topics.unsubscribe(second);
        topics.listSubscriptions(0, 0, 10);
        topics.ask("trades", TopicSettings.NONE);

        scenario.shouldTell(
                "A: confirmed",
                "A: topic 1 'trades' STANDARD subscriptions=1 published=0",
                "A: refused UNKNOWN_SUBSCRIPTION",
                "A: confirmed",
                "A: refused UNKNOWN_SUBSCRIPTION",
                "A: refused UNKNOWN_SUBSCRIPTION",
                "A: subscriptions []",
                "A: confirmed 2");
        assertEquals(0, scenario.kernel.state().topics.subscriptions.liveCount());
    }

    @Test
    void shouldKeepTagsAndAllowLists() {
        final long topic = topics.create("trades");
        topics.tag(topic, "owner", "desk");
        topics.listTags(topic);
        topics.untag(topic, "owner");
        topics.listTags(topic);
        scenario.open(7, "alice");
        topics.protect(topic, new Command.AccessEntry(true, false, false, "alice"));
        topics.describeAccess(topic);
        topics.publish(topic, "by nobody");
        topics.publishAs(7, topic, false, List.of(new Command.Published(Payload.of("by alice"), "")));
        topics.delete(topic);

        scenario.shouldTell(
                "A: confirmed",
                "A: tags [owner=desk]",
                "A: confirmed",
                "A: tags []",
                "A: confirmed",
                "A: access [AccessEntry[send=true, receive=false, manage=false, principal=alice]]",
                "A: refused NOT_AUTHORISED",
                "G: confirmed 1",
                "A: refused NOT_AUTHORISED");
        assertEquals(2, scenario.kernel.counters().notAuthorised());
    }
}
