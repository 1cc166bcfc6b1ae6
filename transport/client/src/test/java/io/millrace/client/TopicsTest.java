package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.codecs.CreateTopicDecoder;
import io.millrace.codecs.DeleteTopicDecoder;
import io.millrace.codecs.DeliveryPolicyDecoder;
import io.millrace.codecs.DescribeSubscriptionDecoder;
import io.millrace.codecs.DescribeTopicAccessDecoder;
import io.millrace.codecs.DescribeTopicDecoder;
import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ListSubscriptionsDecoder;
import io.millrace.codecs.ListTopicTagsDecoder;
import io.millrace.codecs.ListTopicsDecoder;
import io.millrace.codecs.LookUpTopicDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.RetryFunction;
import io.millrace.codecs.SetDeliveryPolicyDecoder;
import io.millrace.codecs.SetSubscriptionDecoder;
import io.millrace.codecs.SetTopicAccessDecoder;
import io.millrace.codecs.SetTopicSettingsDecoder;
import io.millrace.codecs.SubscribeQueueDecoder;
import io.millrace.codecs.SubscribeSessionDecoder;
import io.millrace.codecs.SubscribeStreamDecoder;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TagTopicDecoder;
import io.millrace.codecs.UnsubscribeDecoder;
import io.millrace.codecs.UntagTopicDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the calls about topics ask for, read with the generated decoders, and what they make of the answers. */
class TopicsTest {
    private final Harness harness = new Harness();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final List<FakeServer.Received> requests = new ArrayList<>();
    private FakeServer server;
    private Topics topics;

    @BeforeEach
    void connect() {
        topics = harness.connect(harness.context().closeTimeoutNs(0)).topics();
        server = harness.server;
    }

    @AfterEach
    void tearDown() {
        harness.close();
    }

    /** Answers each request that comes from now on. */
    private void answer(final LongConsumer speech) {
        requests.clear();
        server.ingressHandler = (buffer, offset, length, aeronHeader) -> {
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
            copy.putBytes(0, buffer, offset, length);
            final FakeServer.Received request =
                    new FakeServer.Received(header.wrap(copy, 0).templateId(), copy, length);
            requests.add(request);
            speech.accept(request.correlationId());
            server.flush();
        };
    }

    private UnsafeBuffer request(final int templateId) {
        assertEquals(1, requests.size());
        final FakeServer.Received request = requests.remove(0);
        assertEquals(templateId, request.templateId());
        assertEquals(harness.client.sessionId(), request.sessionId());
        return request.frame();
    }

    @Test
    void shouldSayEverySettingOfATopic() {
        answer(id -> server.confirmed(id, id, 41, 1));
        final TopicSettings settings = TopicSettings.named("trades")
                .topicType(QueueType.FIFO)
                .contentDeduplication(Switch.ON)
                .deduplicationScope(QueueScope.MESSAGE_GROUP);
        assertEquals(41, topics.create(settings));
        final CreateTopicDecoder create =
                new CreateTopicDecoder().wrapAndApplyHeader(request(CreateTopicDecoder.TEMPLATE_ID), 0, header);
        assertEquals(QueueType.FIFO, create.settings().topicType());
        assertEquals(Switch.ON, create.settings().contentDeduplication());
        assertEquals(QueueScope.MESSAGE_GROUP, create.settings().deduplicationScope());
        assertEquals(1, create.command().producerSequence());
        assertEquals("trades", create.name());

        topics.set(9, TopicSettings.changes().contentDeduplication(Switch.OFF));
        final SetTopicSettingsDecoder set = new SetTopicSettingsDecoder()
                .wrapAndApplyHeader(request(SetTopicSettingsDecoder.TEMPLATE_ID), 0, header);
        assertEquals(9, set.topicId());
        assertEquals(QueueType.NULL_VAL, set.settings().topicType());
        assertEquals(Switch.OFF, set.settings().contentDeduplication());
        assertEquals(QueueScope.NULL_VAL, set.settings().deduplicationScope());

        topics.delete(10);
        assertEquals(
                10,
                new DeleteTopicDecoder()
                        .wrapAndApplyHeader(request(DeleteTopicDecoder.TEMPLATE_ID), 0, header)
                        .topicId());
    }

    @Test
    void shouldTellOfTopics() {
        final TopicInfo trades =
                new TopicInfo(7, "trades", 1, 2, QueueType.FIFO, Switch.ON, QueueScope.MESSAGE_GROUP, 3, 4, 5, 6, 7);
        answer(id -> server.topic(id, 7, "trades"));
        assertEquals(trades, topics.describe(7));
        assertEquals(
                7,
                new DescribeTopicDecoder()
                        .wrapAndApplyHeader(request(DescribeTopicDecoder.TEMPLATE_ID), 0, header)
                        .topicId());
        assertEquals(trades, topics.lookUp("trades"));
        assertEquals(
                "trades",
                new LookUpTopicDecoder()
                        .wrapAndApplyHeader(request(LookUpTopicDecoder.TEMPLATE_ID), 0, header)
                        .name());

        answer(id -> server.topics(id, requests.size() == 1 ? 2 : 0, "a"));
        assertEquals(List.of(new TopicName(2, "a"), new TopicName(0, "a")), topics.list("pre"));
        final ListTopicsDecoder list =
                new ListTopicsDecoder().wrapAndApplyHeader(requests.get(1).frame(), 0, header);
        assertEquals("2 100 pre", list.afterTopicId() + " " + list.maxEntries() + " " + list.prefix());
    }

    @Test
    void shouldTagAndUntag() {
        answer(server::confirmed);
        final Map<String, String> tags = new LinkedHashMap<>();
        tags.put("colour", "gr\u00fcn");
        tags.put("empty", "");
        topics.tag(9, tags);
        final TagTopicDecoder tag =
                new TagTopicDecoder().wrapAndApplyHeader(request(TagTopicDecoder.TEMPLATE_ID), 0, header);
        assertEquals(9, tag.topicId());
        final Map<String, String> sent = new LinkedHashMap<>();
        tag.tags().forEach(one -> sent.put(one.key(), one.value()));
        assertEquals(tags, sent);

        topics.untag(9, List.of("a", "b"));
        final UntagTopicDecoder untag =
                new UntagTopicDecoder().wrapAndApplyHeader(request(UntagTopicDecoder.TEMPLATE_ID), 0, header);
        final List<String> keys = new ArrayList<>();
        untag.keys().forEach(one -> keys.add(one.key()));
        assertEquals("9 [a, b]", untag.topicId() + " " + keys);

        answer(id -> server.tags(id, "z", "a"));
        assertEquals("{z=value of z, a=value of a}", topics.tags(9).toString());
        assertEquals(
                9,
                new ListTopicTagsDecoder()
                        .wrapAndApplyHeader(request(ListTopicTagsDecoder.TEMPLATE_ID), 0, header)
                        .topicId());
    }

    @Test
    void shouldSetAndTellAccess() {
        answer(server::confirmed);
        final List<AccessEntry> entries =
                List.of(new AccessEntry("", true, true, true), new AccessEntry("feed", true, true, false));
        topics.setAccess(9, entries);
        final SetTopicAccessDecoder set =
                new SetTopicAccessDecoder().wrapAndApplyHeader(request(SetTopicAccessDecoder.TEMPLATE_ID), 0, header);
        assertEquals(9, set.topicId());
        final List<String> sent = new ArrayList<>();
        set.entries().forEach(one -> sent.add(one.permissions().getRaw() + one.principal()));
        assertEquals(List.of("7", "3feed"), sent);

        answer(id -> server.access(id, "", "feed"));
        assertEquals(entries, topics.access(9));
        assertEquals(
                9,
                new DescribeTopicAccessDecoder()
                        .wrapAndApplyHeader(request(DescribeTopicAccessDecoder.TEMPLATE_ID), 0, header)
                        .topicId());
    }

    @Test
    void shouldSubscribeAndUnsubscribe() {
        answer(id -> server.confirmed(id, id, 41, 1));
        final SubscriptionSettings settings =
                new SubscriptionSettings().rawDelivery(Switch.ON).deadLetterQueueId(6);
        settings.filterScope(FilterPolicyScope.MESSAGE_BODY).filterPolicy("{\"a\":[\"gr\u00fcn\"]}");
        assertEquals(41, topics.subscribeQueue(9, 5, settings));
        final SubscribeQueueDecoder subscribe =
                new SubscribeQueueDecoder().wrapAndApplyHeader(request(SubscribeQueueDecoder.TEMPLATE_ID), 0, header);
        assertEquals("9 5", subscribe.topicId() + " " + subscribe.queueId());
        assertEquals(Switch.ON, subscribe.settings().rawDelivery());
        assertEquals(6, subscribe.settings().deadLetterQueueId());
        assertEquals(FilterPolicyScope.MESSAGE_BODY, subscribe.settings().filterScope());
        assertEquals("{\"a\":[\"gr\u00fcn\"]}", subscribe.filterPolicy());

        assertEquals(41, topics.subscribeStream(9, 8, "symbol", settings));
        final SubscribeStreamDecoder stream =
                new SubscribeStreamDecoder().wrapAndApplyHeader(request(SubscribeStreamDecoder.TEMPLATE_ID), 0, header);
        assertEquals("9 8", stream.topicId() + " " + stream.streamId());
        assertEquals(6, stream.settings().deadLetterQueueId());
        assertEquals("symbol", stream.keyAttribute());
        assertEquals("{\"a\":[\"gr\u00fcn\"]}", stream.filterPolicy());

        topics.setSubscription(41, new SubscriptionSettings());
        final SetSubscriptionDecoder set =
                new SetSubscriptionDecoder().wrapAndApplyHeader(request(SetSubscriptionDecoder.TEMPLATE_ID), 0, header);
        assertEquals(41, set.subscriptionId());
        assertEquals(Switch.NULL_VAL, set.settings().rawDelivery());
        assertEquals(Long.MIN_VALUE, set.settings().deadLetterQueueId());
        assertEquals(FilterPolicyScope.NULL_VAL, set.settings().filterScope());
        assertEquals(Switch.OFF, set.replacePolicy());
        assertEquals("", set.filterPolicy());

        topics.setSubscription(41, new SubscriptionSettings().filterPolicy(""));
        set.wrapAndApplyHeader(request(SetSubscriptionDecoder.TEMPLATE_ID), 0, header);
        assertEquals(Switch.ON, set.replacePolicy());
        assertEquals("", set.filterPolicy());

        topics.unsubscribe(42);
        assertEquals(
                42,
                new UnsubscribeDecoder()
                        .wrapAndApplyHeader(request(UnsubscribeDecoder.TEMPLATE_ID), 0, header)
                        .subscriptionId());
    }

    @Test
    void shouldSubscribeSessionsAndSetDeliveryPolicies() {
        answer(id -> {
            if (requests.size() == 1) {
                server.confirmed(id, id, 41, 1);
            } else {
                server.subscription(id, 41, "desk");
            }
        });
        final DeliveryPolicy policy = DeliveryPolicy.every(14, 12)
                .withDelays(12, 13, RetryFunction.GEOMETRIC)
                .withPhases(1, 2, 3)
                .withMaxPerSecond(15);
        final SubscriptionSettings delivery =
                new SubscriptionSettings().deadLetterQueueId(6).filterPolicy("{\"a\":[1]}");
        assertEquals(
                new TopicSubscription(41, 9, 2),
                topics.subscribeSession(
                        9,
                        PushSettings.named("desk")
                                .delivery(delivery)
                                .deliveryPolicy(policy)
                                .acknowledged(Switch.OFF)));
        final SubscribeSessionDecoder subscribe =
                new SubscribeSessionDecoder().wrapAndApplyHeader(requests.get(0).frame(), 0, header);
        assertEquals(9, subscribe.topicId());
        assertEquals(6, subscribe.settings().deadLetterQueueId());
        assertEquals(Switch.NULL_VAL, subscribe.settings().rawDelivery());
        assertEquals(policy, DeliveryPolicy.of(subscribe.policy()));
        assertEquals(Switch.OFF, subscribe.acknowledged());
        assertEquals("desk {\"a\":[1]}", subscribe.name() + " " + subscribe.filterPolicy());
        assertEquals(
                new PushInfo("desk", Switch.OFF, policy, 9, 10, 11),
                topics.describeSubscription(41).push());

        answer(server::confirmed);
        topics.setDeliveryPolicy(9, policy);
        final SetDeliveryPolicyDecoder set = new SetDeliveryPolicyDecoder();
        set.wrapAndApplyHeader(request(SetDeliveryPolicyDecoder.TEMPLATE_ID), 0, header);
        assertEquals("9 0", set.topicId() + " " + set.subscriptionId());
        assertEquals("14: 1 2 3, 12 to 13 GEOMETRIC, 15 a second", text(set.policy()));
        topics.setSubscriptionDeliveryPolicy(41, DeliveryPolicy.NONE);
        set.wrapAndApplyHeader(request(SetDeliveryPolicyDecoder.TEMPLATE_ID), 0, header);
        assertEquals("0 41", set.topicId() + " " + set.subscriptionId());
        assertEquals(DeliveryPolicy.NONE, DeliveryPolicy.of(set.policy()));
        assertThrows(IllegalArgumentException.class, () -> DeliveryPolicy.every(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> policy.withMaxPerSecond(1L << 32));
    }

    private static String text(final DeliveryPolicyDecoder policy) {
        return policy.retries() + ": " + policy.noDelayRetries() + " " + policy.minDelayRetries() + " "
                + policy.maxDelayRetries() + ", " + policy.minDelayNs() + " to " + policy.maxDelayNs() + " "
                + policy.function() + ", " + policy.maxPerSecond() + " a second";
    }

    @Test
    void shouldTellOfSubscriptions() {
        answer(id -> server.subscription(id, 41, ""));
        assertEquals(
                new SubscriptionInfo(
                        41,
                        1,
                        2,
                        3,
                        Switch.ON,
                        7,
                        FilterPolicyScope.MESSAGE_BODY,
                        "{\"a\":[1]}",
                        4,
                        5,
                        6,
                        8,
                        16,
                        ReplayState.RUNNING,
                        null,
                        null),
                topics.describeSubscription(41));
        assertEquals(
                41,
                new DescribeSubscriptionDecoder()
                        .wrapAndApplyHeader(request(DescribeSubscriptionDecoder.TEMPLATE_ID), 0, header)
                        .subscriptionId());

        answer(id -> server.subscriptions(id, requests.size() == 1 ? 2 : 0, requests.size()));
        assertEquals(
                List.of(new TopicSubscription(1, 1, 10), new TopicSubscription(2, 1, 20)), topics.subscriptions(9));
        final ListSubscriptionsDecoder list = new ListSubscriptionsDecoder()
                .wrapAndApplyHeader(requests.get(1).frame(), 0, header);
        assertEquals("9 2 100", list.topicId() + " " + list.afterSubscriptionId() + " " + list.maxEntries());

        answer(id -> server.subscriptions(id, 0, 8));
        assertEquals(List.of(new TopicSubscription(8, 1, 80)), topics.subscriptions());
        assertEquals(
                0,
                new ListSubscriptionsDecoder()
                        .wrapAndApplyHeader(request(ListSubscriptionsDecoder.TEMPLATE_ID), 0, header)
                        .topicId());
    }

    @Test
    void shouldNameWhatDoesNotExistOrFit() {
        final SubscriptionSettings settings = new SubscriptionSettings();
        assertRefused("No topic has the id 9.", ResultCode.UNKNOWN_TOPIC, 0, () -> topics.describe(9));
        assertRefused("No topic is named x.", ResultCode.UNKNOWN_TOPIC, 0, () -> topics.lookUp("x"));
        assertRefused(
                "No topic has the id 9.", ResultCode.UNKNOWN_TOPIC, 0, () -> topics.subscribeQueue(9, 5, settings));
        assertRefused(
                "No queue has the id 5, or is the dead-letter queue.",
                ResultCode.UNKNOWN_QUEUE,
                0,
                () -> topics.subscribeQueue(9, 5, settings));
        assertRefused(
                "No stream has the id 5.",
                ResultCode.UNKNOWN_STREAM,
                0,
                () -> topics.subscribeStream(9, 5, "", settings));
        assertRefused("No subscription has the id 7.", ResultCode.UNKNOWN_SUBSCRIPTION, 0, () -> topics.unsubscribe(7));
        assertRefused(
                "The setting TYPE does not fit the topic or its other settings.",
                ResultCode.INVALID_SETTING,
                1,
                () -> topics.set(9, TopicSettings.changes()));
        assertRefused(
                "The setting DEAD_LETTER_QUEUE does not fit the topic of the subscription.",
                ResultCode.INVALID_SETTING,
                2,
                () -> topics.setSubscription(7, settings));
        final PushSettings desk = PushSettings.named("desk");
        assertRefused(
                "A subscription of this name exists with another value of DELIVERY_POLICY.",
                ResultCode.SUBSCRIPTION_EXISTS,
                5,
                () -> topics.subscribeSession(9, desk));
        assertRefused(
                "The delays and phases of the delivery policy do not fit each other, or the subscription is a queue's.",
                ResultCode.INVALID_SETTING,
                5,
                () -> topics.setSubscriptionDeliveryPolicy(7, DeliveryPolicy.NONE));
        final SubscriptionSettings filtered =
                new SubscriptionSettings().filterPolicy("{\"a\":[{\"wildcard\":\"x*\"}]}");
        answer(id -> server.refused(id, -1, ResultCode.INVALID_FILTER_POLICY, LimitId.NONE, 13, 8));
        final MillraceException refusal =
                assertThrows(MillraceException.class, () -> topics.subscribeQueue(9, 5, filtered));
        assertEquals("Invalid parameter: FilterPolicy: Unrecognized match type wildcard", refusal.getMessage());
        assertRefused("This client may not do that.", ResultCode.NOT_AUTHORISED, 0, () -> topics.delete(9));
    }

    private void assertRefused(final String sentence, final ResultCode code, final long actual, final Executable call) {
        answer(id -> server.refused(id, -1, code, LimitId.NONE, 0, actual));
        final MillraceException refusal = assertThrows(MillraceException.class, call);
        assertEquals(sentence, refusal.getMessage());
        assertEquals(code, refusal.code());
    }
}
