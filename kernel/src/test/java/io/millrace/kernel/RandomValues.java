package io.millrace.kernel;

import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.ModelState.Queue;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/** Draws the values that commands are made of. */
final class RandomValues {

    static final long MS = 1_000_000L;

    private static final long[] SHORT_TIMES = {0, 1, MS, 2 * MS, 5 * MS, 20 * MS, 60 * MS};

    final Random random;
    final ModelState state;
    private final boolean plain;

    RandomValues(final Random random, final ModelState state, final boolean plain) {
        this.random = random;
        this.state = state;
        this.plain = plain;
    }

    /** Whether nothing is asked for but standard queues with their times, sends and receives. */
    boolean arePlain() {
        return plain;
    }

    /** Once in so many times, and never if only what is plain is asked for. */
    boolean beyondPlain(final int n) {
        return !plain && oneIn(n);
    }

    Producer producer() {
        if (state.producers.isEmpty() || !oneIn(3)) {
            return Producer.NONE;
        }
        final ModelState.Producer producer = any(state.producers.values());
        final long id = oneIn(60) ? producerId() : producer.id;
        final int epoch = oneIn(30) ? producer.epoch - 1 : producer.epoch;
        long sequence = producer.lastSequence + 1;
        if (oneIn(5)) {
            sequence = Math.max(1, sequence - random.nextInt(oneIn(4) ? 100 : 3));
        } else if (oneIn(30)) {
            sequence += 1 + random.nextInt(3);
        }
        return new Producer(id, sequence, epoch);
    }

    long producerId() {
        final boolean wrong = state.producers.isEmpty() || oneIn(10);
        return wrong ? 1 + random.nextInt((int) state.nextProducerId + 1) : any(state.producers.values()).id;
    }

    /** A queue that is not for consumers only, most of the time. */
    long queueId() {
        final List<Queue> own = state.queues.values().stream()
                .filter(queue -> queue.subscription == null)
                .toList();
        return own.isEmpty() || oneIn(40) ? random.nextInt((int) state.nextQueueId + 2) : any(own).id;
    }

    /** A queue that sessions consume a subscription by, if there is one, and any other as often. */
    long consumedId() {
        return queueId(queue -> oneIn(2) == (queue.subscription == null));
    }

    /** A queue of which something holds, most of the time. */
    long queueId(final Predicate<Queue> condition) {
        final List<Queue> fitting =
                state.queues.values().stream().filter(condition).toList();
        return fitting.isEmpty() || oneIn(10) ? queueId() : any(fitting).id;
    }

    boolean isFifo(final long queueId) {
        return state.queues.containsKey(queueId) && state.queues.get(queueId).isFifo();
    }

    String name() {
        if (oneIn(30)) {
            return oneIn(2) ? "" : "bad" + (char) 0xC3;
        }
        if (!state.deletedNames.isEmpty() && oneIn(8)) {
            return Collections.max(state.deletedNames.entrySet(), Map.Entry.comparingByValue())
                    .getKey();
        }
        final Collection<Queue> queues = state.queues.values();
        return !queues.isEmpty() && oneIn(4)
                ? any(queues).name
                : "q" + random.nextInt(12) + "x".repeat(oneIn(30) ? 20 : 0);
    }

    int receiveMax() {
        return oneIn(40) ? random.nextInt(2) * 11 : 1 + random.nextInt(oneIn(3) ? 10 : 2);
    }

    long time() {
        if (oneIn(60)) {
            return -1 - random.nextInt(3);
        }
        return oneIn(60) ? 100_000 * MS : SHORT_TIMES[random.nextInt(SHORT_TIMES.length)];
    }

    /** One of the times, each with a rest of its own, so that what happens then coincides with nothing else. */
    long oddTime(final int rest, final long... millis) {
        if (oneIn(60)) {
            return -1 - random.nextInt(3);
        }
        return oneIn(60) ? 100_000 * MS : millis[random.nextInt(millis.length)] * MS + rest;
    }

    Long maybe(final long value) {
        return oneIn(3) ? value : null;
    }

    String text(final int length) {
        final byte[] text = new byte[length];
        random.nextBytes(text);
        for (int i = 0; i < length; i++) {
            text[i] = (byte) ('a' + (text[i] & 0xF));
        }
        return new String(text, StandardCharsets.US_ASCII);
    }

    <T> T any(final Collection<T> values) {
        return values.stream().skip(random.nextInt(values.size())).findFirst().orElseThrow();
    }

    @SafeVarargs
    final <T> T oneOf(final T... values) {
        return values[random.nextInt(values.length)];
    }

    boolean oneIn(final int n) {
        return random.nextInt(n) == 0;
    }
}
