package io.millrace.kernel;

import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.ModelState.Queue;
import io.millrace.kernel.Payload.Attribute;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Draws commands of every kind, most of them sensible and a few wrong in one way, from what the model knows. */
final class RandomCommands {

    private static final long MS = 1_000_000L;
    private static final long[] SHORT_TIMES = {0, 1, MS, 2 * MS, 5 * MS, 20 * MS, 60 * MS};
    private static final int RECEIPTS_KEPT = 50;
    private static final int CHUNK = 30_000;

    private final Random random;
    private final ModelState state;
    private final List<Known> known = new ArrayList<>();
    private final Map<Long, Deque<Command>> plans = new HashMap<>();
    private long correlationId;
    private List<Receipt> chosen = List.of();

    /** A receipt and the queue that it came from. */
    private record Known(Receipt receipt, long queueId) {}

    RandomCommands(final Random random, final ModelState state) {
        this.random = random;
        this.state = state;
    }

    /** Remembers a receipt to use later, forgetting one at random if there are many. */
    void learn(final Event.Delivery delivery) {
        final Known latest = new Known(delivery.receipt(), delivery.queueId());
        if (known.size() < RECEIPTS_KEPT) {
            known.add(latest);
        } else {
            known.set(random.nextInt(RECEIPTS_KEPT), latest);
        }
    }

    /** The next command of the session, perhaps the next part of a payload that it began. */
    Command next(final long sessionId) {
        final Deque<Command> planned = plans.computeIfAbsent(sessionId, id -> new ArrayDeque<>());
        if (!planned.isEmpty() && !oneIn(10)) {
            final Command next = planned.poll();
            if (oneIn(20) || state.sessions.get(sessionId).transfers.containsKey(next.correlationId())) {
                return next;
            }
            planned.clear();
        }
        correlationId++;
        final int draw = random.nextInt(100);
        if (draw < 28) {
            return new Command.SendMessages(correlationId, producer(), queueId(), entries());
        } else if (draw < 46) {
            return new Command.Receive(correlationId, queueId(), receiveMax(), maybe(time()), maybe(time()));
        } else if (draw < 60) {
            return new Command.Acknowledge(correlationId, producer(), chooseReceipts(), chosen);
        } else if (draw < 67) {
            return new Command.Consume(correlationId, queueId(), random.nextInt(8), random.nextInt(900), maybe(time()));
        } else if (draw < 75) {
            return new Command.ChangeVisibility(correlationId, producer(), chooseReceipts(), changes());
        } else if (draw < 81) {
            return new Command.DeleteMessages(correlationId, producer(), chooseReceipts(), chosen);
        }
        return rarer(draw, sessionId);
    }

    /** A query about a queue that exists, or not. */
    Command query() {
        correlationId++;
        return switch (random.nextInt(4)) {
            case 0 -> new Command.LookUpQueue(correlationId, name());
            case 1 -> new Command.ListQueues(correlationId, random.nextInt(4), random.nextInt(6), oneIn(2) ? "" : "q");
            default -> new Command.DescribeQueue(correlationId, queueId());
        };
    }

    private Command rarer(final int draw, final long sessionId) {
        if (draw < 85) {
            return new Command.CreateQueue(
                    correlationId,
                    producer(),
                    name(),
                    oneIn(4) ? null : time(),
                    oneIn(3) ? time() : null,
                    oneIn(3) ? time() : null,
                    oneIn(12) ? Long.valueOf(random.nextInt(120)) : null);
        } else if (draw < 86) {
            if (!oneIn(3)) {
                return query();
            }
            return new Command.DeleteQueue(correlationId, producer(), queueId());
        } else if (draw < 89) {
            return new Command.StopConsuming(correlationId, queueId());
        } else if (draw < 92) {
            return new Command.OpenProducer(correlationId, oneIn(4) ? 0 : producerId());
        } else if (draw < 96) {
            return transfer(sessionId);
        }
        return query();
    }

    /** Begins a payload and plans its chunks and its commit, now and then with one of them missing. */
    private Command transfer(final long sessionId) {
        final int length = oneIn(3) ? 65_000 + random.nextInt(30_000) : random.nextInt(400);
        final byte[] bytes = new Payload(attributes(), text(length)).bytes();
        final String chars = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        final Producer producer = producer();
        final int chunk = oneIn(2) ? CHUNK : Math.max(1, chars.length() / 2);
        final Deque<Command> planned = plans.get(sessionId);
        planned.clear();
        for (int at = 0; at < chars.length(); at += chunk) {
            if (!oneIn(20)) {
                final String part = chars.substring(at, Math.min(chars.length(), at + chunk));
                planned.add(new Command.AppendPayload(correlationId, at, part));
            }
        }
        planned.add(new Command.CommitPayload(correlationId, producer));
        return new Command.BeginPayload(correlationId, producer, queueId(), maybe(time()), chars.length());
    }

    private List<Command.Entry> entries() {
        final int count = oneIn(40) ? 11 : oneIn(40) ? 0 : 1 + random.nextInt(oneIn(4) ? 10 : 2);
        return IntStream.range(0, count)
                .mapToObj(i -> new Command.Entry(oneIn(4) ? maybe(time()) : null, payload()))
                .toList();
    }

    private Payload payload() {
        return new Payload(oneIn(4) ? attributes() : List.of(), text(random.nextInt(oneIn(6) ? 250 : 60)));
    }

    private List<Attribute> attributes() {
        final List<Attribute> attributes = new ArrayList<>();
        final int count = random.nextInt(oneIn(5) ? 5 : 3);
        for (int i = 0; i < count; i++) {
            final int type = oneIn(30) ? random.nextInt(256) : 1 + random.nextInt(3);
            final String name = oneIn(30) ? text(random.nextInt(12)) : "name" + i;
            final String value = type == 2 && !oneIn(20) ? String.valueOf(random.nextInt(99)) : text(random.nextInt(9));
            attributes.add(new Attribute(type, name, oneIn(3) ? "int" : "", value));
        }
        return attributes;
    }

    /** Chooses receipts, most of them of one queue; returns the queue to show them to. */
    private long chooseReceipts() {
        final long queueId = known.isEmpty() || oneIn(20) ? queueId() : known.get(random.nextInt(known.size())).queueId;
        final List<Receipt> ofQueue = known.stream()
                .filter(candidate -> candidate.queueId == queueId)
                .map(Known::receipt)
                .toList();
        chosen = IntStream.range(0, oneIn(30) ? 0 : oneIn(40) ? 11 : 1 + random.nextInt(3))
                .mapToObj(i -> ofQueue.isEmpty() || oneIn(20) ? receipt() : any(ofQueue))
                .toList();
        return queueId;
    }

    private List<Command.Change> changes() {
        return chosen.stream()
                .map(receipt -> new Command.Change(receipt, oneIn(4) ? 0 : time()))
                .toList();
    }

    /** One of the last deliveries of any queue, or a forged one. */
    private Receipt receipt() {
        if (known.isEmpty()) {
            return new Receipt(random.nextInt(3), random.nextInt(3), 1, 0, random.nextLong());
        }
        final Receipt receipt = known.get(random.nextInt(known.size())).receipt;
        if (oneIn(2)) {
            return receipt;
        }
        return switch (random.nextInt(4)) {
            case 0 -> new Receipt(receipt.slot() ^ 1, receipt.generation(), receipt.deliveryNumber(), 0, receipt.tag());
            case 1 -> new Receipt(receipt.slot(), receipt.generation() ^ 1, receipt.deliveryNumber(), 0, receipt.tag());
            case 2 -> new Receipt(receipt.slot(), receipt.generation(), receipt.deliveryNumber() + 1, 0, receipt.tag());
            default ->
                new Receipt(
                        receipt.slot(), receipt.generation(), receipt.deliveryNumber(), 0, receipt.tag() ^ 1L << 63);
        };
    }

    private Producer producer() {
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

    private long producerId() {
        final boolean wrong = state.producers.isEmpty() || oneIn(10);
        return wrong ? 1 + random.nextInt((int) state.nextProducerId + 1) : any(state.producers.values()).id;
    }

    private long queueId() {
        final boolean wrong = state.queues.isEmpty() || oneIn(40);
        return wrong ? random.nextInt((int) state.nextQueueId + 2) : any(state.queues.values()).id;
    }

    private String name() {
        if (oneIn(30)) {
            return oneIn(2) ? "" : "bad" + (char) 0xC3;
        }
        final Collection<Queue> queues = state.queues.values();
        return !queues.isEmpty() && oneIn(4)
                ? any(queues).name
                : "q" + random.nextInt(12) + "x".repeat(oneIn(30) ? 20 : 0);
    }

    private int receiveMax() {
        return oneIn(40) ? random.nextInt(2) * 11 : 1 + random.nextInt(oneIn(3) ? 10 : 2);
    }

    private long time() {
        if (oneIn(60)) {
            return -1 - random.nextInt(3);
        }
        return oneIn(60) ? 100_000 * MS : SHORT_TIMES[random.nextInt(SHORT_TIMES.length)];
    }

    private Long maybe(final long value) {
        return oneIn(3) ? value : null;
    }

    private String text(final int length) {
        final StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private <T> T any(final Collection<T> values) {
        return values.stream().skip(random.nextInt(values.size())).findFirst().orElseThrow();
    }

    private boolean oneIn(final int n) {
        return random.nextInt(n) == 0;
    }
}
