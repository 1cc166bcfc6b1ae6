package io.millrace.kernel.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FilterIndexTest {
    private static final int STEPS = 20_000;
    private static final int SUBSCRIPTIONS = 400;
    private static final int MANY = 100_000;
    private static final int MATCHING = 10;
    private static final long TOPIC = 7;

    /** The programs of subscriptions by their numbers. */
    private static final class Stored implements FilterIndex.Programs {
        @Override
        public long id(final int subscription) {
            return subscription;
        }

        private final Map<Integer, UnsafeBuffer> programs = new TreeMap<>();

        @Override
        public DirectBuffer buffer(final int subscription) {
            return programs.get(subscription);
        }

        @Override
        public int offset(final int subscription) {
            return 0;
        }
    }

    private final long seed = Long.getLong("millrace.seed", 3);
    private final Random random = new Random(seed);
    private final RandomFilters filters = new RandomFilters(random);
    private final Policies policies = new Policies();
    private final FilterIndex index = new FilterIndex(() -> 0x5EED);
    private final FilterMessage message = new FilterMessage();

    @Test
    void shouldFindWhatOneByOneMatchingFinds() {
        final List<Stored> topics = List.of(new Stored(), new Stored());
        int found = 0;
        for (int step = 0; step < STEPS; step++) {
            filters.nextShape();
            change(topics);
            final UnsafeBuffer payload =
                    Policies.payload(filters.body(), filters.attributes().toArray(new Policies.Attribute[0]));
            final int topic = random.nextInt(topics.size());
            final List<Integer> expected = oneByOne(topics.get(topic), payload);
            assertEquals(expected, matched(topic, payload, topics.get(topic)), "step " + step + ", seed " + seed);
            found += expected.size();
        }
        assertTrue(found > STEPS, "matches: " + found);
        for (int subscription = 0; subscription < SUBSCRIPTIONS; subscription++) {
            index.remove(subscription);
        }
        assertEquals(0, index.rowCount());
    }

    /** A subscription comes if its number is free, and goes if it is not. */
    private void change(final List<Stored> topics) {
        final int subscription = random.nextInt(SUBSCRIPTIONS);
        final int topic = subscription % topics.size();
        final Stored stored = topics.get(topic);
        if (stored.programs.remove(subscription) != null) {
            index.remove(subscription);
            return;
        }
        final FilterScope scope = random.nextBoolean() ? FilterScope.BODY : FilterScope.ATTRIBUTES;
        final String policy = scope == FilterScope.BODY ? filters.bodyPolicy() : filters.attributePolicy();
        if (policies.refusal(policy, scope).equals("NONE")) {
            add(stored, topic, subscription, policy, scope);
        }
    }

    private void add(
            final Stored stored,
            final long topic,
            final int subscription,
            final String policy,
            final FilterScope scope) {
        final UnsafeBuffer program = policies.program(policy, scope);
        stored.programs.put(subscription, program);
        index.add(topic, subscription, program, 0);
    }

    private List<Integer> oneByOne(final Stored stored, final UnsafeBuffer payload) {
        final List<Integer> result = new ArrayList<>();
        stored.programs.forEach((subscription, program) -> {
            if (policies.matches(program, payload)) {
                result.add(subscription);
            }
        });
        return result;
    }

    private List<Integer> matched(final long topic, final UnsafeBuffer payload, final Stored stored) {
        final List<Integer> result = new ArrayList<>();
        final int count = index.match(topic, message.wrap(payload, 0), stored);
        for (int i = 0; i < count; i++) {
            result.add((int) index.matched(i));
        }
        return result;
    }

    @Test
    void shouldJudgeOnlyThoseWithTheValue() {
        assertFewJudged(
                i -> "{\"type\":[\"order\"],\"customer\":[\"c" + i / MATCHING + "\"]}",
                "{\"type\":\"order\",\"customer\":\"c500\"}");
    }

    @Test
    void shouldJudgeOnlyThoseWithTheNumber() {
        assertFewJudged(i -> "{\"n\":[" + i / MATCHING + "]}", "{\"n\":5.0e2}");
    }

    @Test
    void shouldJudgeOnlyThoseWithThePrefix() {
        assertFewJudged(i -> "{\"k\":[{\"prefix\":\"eu-" + i / MATCHING + "/\"}]}", "{\"k\":\"eu-500/x\"}");
    }

    @Test
    void shouldJudgeOnlyThoseWithTheSuffix() {
        assertFewJudged(i -> "{\"k\":[{\"suffix\":\"/" + i / MATCHING + ".eu\"}]}", "{\"k\":\"x/500.eu\"}");
    }

    @Test
    void shouldJudgeOnlyThoseWithTheTextWithoutCase() {
        assertFewJudged(i -> "{\"k\":[{\"equals-ignore-case\":\"Key" + i / MATCHING + "\"}]}", "{\"k\":\"kEY500\"}");
    }

    @Test
    void shouldJudgeOnlyThoseWithTheRange() {
        assertFewJudged(
                i -> "{\"p\":[{\"numeric\":[\">=\"," + i / MATCHING + ",\"<\"," + (i / MATCHING + 0.5) + "]}]}",
                "{\"p\":500.25}");
    }

    /** Of many that differ by one key those are judged that a message passes, and no other. */
    private void assertFewJudged(final IntFunction<String> policy, final String body) {
        final Stored stored = new Stored();
        for (int i = 0; i < MANY; i++) {
            add(stored, TOPIC, i, policy.apply(i), FilterScope.BODY);
        }
        final UnsafeBuffer payload = Policies.payload(body);
        assertEquals(
                List.of(5000, 5001, 5002, 5003, 5004, 5005, 5006, 5007, 5008, 5009), matched(TOPIC, payload, stored));
        // A key that all have in common takes some too, but no more than are found by any other.
        assertTrue(index.candidateCount() <= 2 * MATCHING, () -> "judged: " + index.candidateCount());
        assertEquals(List.of(), matched(TOPIC + 1, payload, stored));
        assertEquals(0, index.candidateCount());
    }

    @Test
    void shouldReadAListOnceHoweverOftenAValueComes() {
        final Stored stored = new Stored();
        for (int i = 0; i < 1_000; i++) {
            add(
                    stored,
                    TOPIC,
                    i,
                    i % 2 == 0 ? "{\"a\":[\"x\"]}" : "{\"a\":[{\"numeric\":[\">\",0]}]}",
                    FilterScope.BODY);
        }
        final String body = "{\"a\":[" + "\"x\",1,2,".repeat(10_000) + "3]}";
        assertEquals(1_000, matched(TOPIC, Policies.payload(body), stored).size());
        assertEquals(1_000, index.candidateCount());
    }
}
