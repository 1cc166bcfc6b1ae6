package io.millrace.kernel;

import static io.millrace.kernel.Scenario.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.millrace.codecs.FilterPolicyScope;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Payload.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is published reaches the subscriptions whose filter policies it passes, and no other. */
class FilteringTest {

    private static final SubscriptionSettings BODY = SubscriptionSettings.RAW.about(FilterPolicyScope.MESSAGE_BODY);

    private final Scenario scenario = new Scenario();
    private final TopicSupport topics = new TopicSupport(scenario);
    private final long topic = topics.create("trades");
    private final Map<String, Long> queues = new TreeMap<>();

    /** Subscribes a new queue of a name with a policy, in which ' stands for ". */
    private void subscribe(final String name, final SubscriptionSettings settings, final String policy) {
        queues.put(name, scenario.createQueue(name));
        topics.subscribe(topic, queues.get(name), settings.withPolicy(policy.replace('\'', '"')));
    }

    private void subscribe(final String name, final String policy) {
        subscribe(name, SubscriptionSettings.RAW, policy);
    }

    private void subscribeToBodies(final String name, final String policy) {
        subscribe(name, BODY, policy);
    }

    /** Publishes a message; returns the names of the queues that have it, and takes it from them. */
    private String receiversOf(final String body, final Attribute... attributes) {
        topics.publish(topic, Payload.of(body.replace('\'', '"'), attributes));
        final List<String> receivers = new ArrayList<>();
        queues.forEach((name, queue) -> {
            scenario.forget();
            scenario.receive(B, queue, 10);
            scenario.bodies().forEach(each -> receivers.add(name));
        });
        return String.join(" ", receivers);
    }

    private String receiversOfText(final String name, final String value) {
        return receiversOf("x", Attribute.text(name, value));
    }

    private String refusalOf(final SubscriptionSettings settings, final String policy) {
        final long queue = scenario.createQueueQuietly(policy);
        scenario.forget();
        topics.askToSubscribe(topic, queue, settings.withPolicy(policy.replace('\'', '"')));
        return scenario.egress.drain().get(0).event().toString();
    }

    @Test
    @Statement("N3")
    void shouldDeliverByEachOperator() {
        subscribe("equal", "{'a':['red',7,'true']}");
        subscribe("prefix", "{'a':[{'prefix':'re'}]}");
        subscribe("suffix", "{'a':[{'suffix':'ed'}]}");
        subscribe("folded", "{'a':[{'equals-ignore-case':'RED'}]}");
        subscribe("but", "{'a':[{'anything-but':['red','blue']}]}");
        subscribe("but-prefix", "{'a':[{'anything-but':{'prefix':'re'}}]}");
        subscribe("range", "{'a':[{'numeric':['>=',5,'<',8]}]}");
        subscribe("network", "{'a':[{'cidr':'10.0.0.0/8'}]}");
        subscribe("or", "{'$or':[{'a':['green']},{'b':['red']}]}");
        subscribe("there", "{'b':[{'exists':true}]}");

        assertEquals("equal folded prefix suffix", receiversOfText("a", "red"));
        assertEquals("but folded prefix", receiversOfText("a", "reD"));
        assertEquals("but but-prefix suffix", receiversOfText("a", "shed"));
        assertEquals("but but-prefix network", receiversOfText("a", "10.1.2.3"));
        assertEquals("but but-prefix or", receiversOfText("a", "green"));
        assertEquals("or there", receiversOfText("b", "red"));
        assertEquals("but but-prefix equal range", receiversOf("x", Attribute.number("a", "7.0")));
        assertEquals("but but-prefix", receiversOf("x", Attribute.number("a", "8")));
        assertEquals("", receiversOf("x"));
    }

    @Test
    @Statement("N4")
    void shouldRefuseWhatBreaksALimit() {
        assertEquals(
                "refused INVALID_FILTER_POLICY fault=6 at=6",
                refusalOf(SubscriptionSettings.RAW, "{'a':[1],'b':[1],'c':[1],'d':[1],'e':[1],'f':[1]}"));
        final String numbers = "1,2,3,4,5,6,7,8,9,10,11,12,13";
        assertEquals(
                "refused INVALID_FILTER_POLICY fault=7 at=156",
                refusalOf(SubscriptionSettings.RAW, "{'a':[" + numbers + "],'b':[1,2,3,4,5,6,7,8,9,10,11,12]}"));
        assertEquals("refused INVALID_FILTER_POLICY fault=5 at=5", refusalOf(SubscriptionSettings.RAW, "{'a':[]}"));
        assertEquals(
                "refused INVALID_FILTER_POLICY fault=12 at=6",
                refusalOf(SubscriptionSettings.RAW, "{'a':[{'prefix':'x','suffix':'y'}]}"));
        assertEquals("refused INVALID_FILTER_POLICY fault=1 at=0", refusalOf(SubscriptionSettings.RAW, "no policy"));
        assertEquals(0, scenario.kernel.state().topics.subscriptions.liveCount());
    }

    @Test
    @Statement("N5")
    void shouldAskForAllKeysAndAnyValue() {
        subscribe("both", "{'side':['buy','sell'],'venue':['x']}");
        subscribeToBodies("body", "{'order':{'side':['buy']}}");
        assertEquals("both", receiversOf("[]", Attribute.text("side", "sell"), Attribute.text("venue", "x")));
        assertEquals("", receiversOf("[]", Attribute.text("side", "sell"), Attribute.text("venue", "y")));
        assertEquals("", receiversOf("'buy'", Attribute.text("side", "sell")));
        assertEquals("body", receiversOf("{'order':{'side':'buy'}}"));
        assertEquals("body", receiversOf("{'order':[{'side':['sell','buy']},{}]}"));
        assertEquals("", receiversOf("[{'order':{'side':'buy'}}]"));
        assertEquals("", receiversOf("{'order':{'side':'buy'}"));
        assertEquals(
                "refused INVALID_FILTER_POLICY fault=9 at=2",
                refusalOf(SubscriptionSettings.RAW, "{'order':{'side':['buy']}}"));
    }

    @Test
    @Statement("N6")
    void shouldFindADottedKeyAndANestedOne() {
        subscribeToBodies("dotted", "{'a.b':[1]}");
        assertEquals("dotted", receiversOf("{'a.b':1}"));
        assertEquals("dotted", receiversOf("{'a':{'b':1}}"));
        assertEquals("", receiversOf("{'a':1,'b':1}"));
    }

    @Test
    @Statement("N7")
    void shouldPassWhatHasAnElementThatIsNotExcludedAndWhatHasNoKey() {
        subscribe("but", "{'sport':[{'anything-but':['rugby']}]}");
        subscribe("absent", "{'sport':[{'exists':false}]}");
        assertEquals("but", receiversOf("x", new Attribute(1, "sport", "Array", "[\"rugby\",\"baseball\"]")));
        assertEquals("", receiversOfText("sport", "rugby"));
        assertEquals("absent", receiversOfText("other", "rugby"));
    }

    @Test
    @Statement("N8")
    void shouldCompareNumbersBeyondTheDocumentedRange() {
        subscribe("large", "{'n':[{'numeric':['>',10000000000000000]}]}");
        subscribe("exact", "{'n':[{'numeric':['=',0.1234567]}]}");
        assertEquals("large", receiversOf("x", Attribute.number("n", "10000000000000001")));
        assertEquals("exact", receiversOf("x", Attribute.number("n", "1234567e-7")));
        assertEquals("", receiversOf("x", Attribute.number("n", "0.1234568")));
    }

    @Test
    @Statement("N12")
    void shouldCountWhatIsFilteredAndCallItNoFailure() {
        final long dead = scenario.createQueue("dead");
        subscribe("some", SubscriptionSettings.RAW.withDeadLetters(dead), "{'a':['x']}");
        subscribe("all", "");
        topics.publish(topic, Payload.of("1", Attribute.text("a", "x")), Payload.of("2"), Payload.of("3"));
        scenario.forget();
        topics.describeSubscription(1);
        topics.describeSubscription(2);
        scenario.shouldTell(
                "A: subscription 1 1->2 raw delivered=1 filtered=2 MESSAGE_ATTRIBUTES{\"a\":[\"x\"]}",
                "A: subscription 2 1->3 raw delivered=3");
        assertEquals(2, scenario.kernel.counters().filtered());
        assertEquals(0, scenario.kernel.counters().deadLetters());
    }

    @Test
    @Statement("N14")
    void shouldTellAnotherPolicyFromTheSame() {
        subscribe("some", "{'a':['x']}");
        final long queue = queues.get("some");
        scenario.forget();
        topics.askToSubscribe(topic, queue, SubscriptionSettings.RAW.withPolicy("{\"a\":[\"x\"]}"));
        topics.askToSubscribe(topic, queue, SubscriptionSettings.RAW.withPolicy("{\"a\":[\"y\"]}"));
        topics.askToSubscribe(topic, queue, SubscriptionSettings.RAW);
        topics.askToSubscribe(topic, queue, BODY.withPolicy("{\"a\":[\"x\"]}"));
        scenario.shouldTell(
                "A: confirmed 1",
                "A: refused SUBSCRIPTION_EXISTS differs in 4",
                "A: refused SUBSCRIPTION_EXISTS differs in 4",
                "A: refused SUBSCRIPTION_EXISTS differs in 3");
    }

    @Test
    void shouldChangePolicies() {
        subscribe("q", "{'a':['x']}");
        topics.setSubscription(1, SubscriptionSettings.NONE.withPolicy("{\"a\":[\"y\"]}"));
        assertEquals("", receiversOfText("a", "x"));
        assertEquals("q", receiversOfText("a", "y"));
        topics.setSubscription(1, SubscriptionSettings.NONE.about(FilterPolicyScope.MESSAGE_BODY));
        assertEquals("", receiversOfText("a", "y"));
        assertEquals("q", receiversOf("{'a':'y'}"));
        scenario.forget();
        topics.setSubscription(1, SubscriptionSettings.NONE.withPolicy("{\"a\":[]}"));
        scenario.shouldTell("A: refused INVALID_FILTER_POLICY fault=5 at=5");
        assertEquals("q", receiversOf("{'a':'y'}"));
        topics.setSubscription(1, SubscriptionSettings.NONE.withPolicy(" { } "));
        assertEquals("q", receiversOf("anything"));
        topics.setSubscription(1, SubscriptionSettings.NONE.withPolicy("{\"a\":{\"b\":[1]}}"));
        assertEquals("q", receiversOf("{'a':{'b':1}}"));
        scenario.forget();
        topics.setSubscription(1, SubscriptionSettings.NONE.about(FilterPolicyScope.MESSAGE_ATTRIBUTES));
        scenario.shouldTell("A: refused INVALID_FILTER_POLICY fault=9 at=2");
        topics.unsubscribe(1);
        assertEquals("", receiversOf("{'a':{'b':1}}"));
        assertFalse(scenario.kernel.state().topics.filtered.contains(0));
        assertEquals(scenario.kernel.recomputeStateHash(), scenario.kernel.stateHash());
    }

    @Test
    void shouldDeliverToSubscriptionsWithoutAPolicyFirstThenInTheOrderOfTheirIds() {
        subscribe("1", "{'a':['x']}");
        subscribe("2", "");
        subscribe("3", "{'a':[{'exists':true}]}");
        subscribe("4", "");
        topics.setSubscription(2, SubscriptionSettings.NONE.withPolicy("{\"b\":[1]}"));
        topics.setSubscription(2, SubscriptionSettings.NONE.withPolicy(""));
        queues.forEach((name, queue) -> scenario.consume(B, queue, 10, 10_000));
        scenario.forget();
        topics.publish(topic, Payload.of("m", Attribute.text("a", "x")));
        final List<Long> order = new ArrayList<>();
        scenario.egress.drain().forEach(sent -> {
            if (sent.event() instanceof Event.Delivery delivery) {
                order.add(delivery.queueId());
            }
        });

        assertEquals(List.of(4L, 2L, 1L, 3L), order);
    }
}
