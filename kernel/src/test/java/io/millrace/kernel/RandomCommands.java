package io.millrace.kernel;

import io.millrace.codecs.Disposition;
import io.millrace.kernel.Command.Producer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Draws commands of every kind, most of them sensible and a few wrong in one way, from what the model knows. */
final class RandomCommands {

    private static final int RECEIPTS_KEPT = 50;
    private static final int CHUNK = 30_000;

    private final Random random;
    private final ModelState state;
    private final RandomValues values;
    private final RandomSends sends;
    private final RandomBlobCommands blobs;
    private final RandomQueueCommands queueCommands;
    private final RandomTopicCommands topicCommands;
    private final List<Known> known = new ArrayList<>();
    private final Map<Long, Deque<Command>> plans = new HashMap<>();
    private long correlationId;
    private List<Receipt> chosen = List.of();

    /** A receipt and where it came from and went to. */
    private record Known(Receipt receipt, long queueId, String principal) {}

    RandomCommands(final Random random, final ModelState state, final boolean plain) {
        this.random = random;
        this.state = state;
        values = new RandomValues(random, state, plain);
        sends = new RandomSends(values);
        blobs = new RandomBlobCommands(values);
        queueCommands = new RandomQueueCommands(values);
        topicCommands = new RandomTopicCommands(values, sends, queueCommands);
    }

    /** Remembers a receipt to use later, forgetting one at random if there are many. */
    void learn(final Event.Delivery delivery, final String principal) {
        final Known latest = new Known(delivery.receipt(), delivery.queueId(), principal);
        if (known.size() < RECEIPTS_KEPT) {
            known.add(latest);
        } else {
            known.set(random.nextInt(RECEIPTS_KEPT), latest);
        }
    }

    void learnCursor(final long queueId, final long cursor) {
        queueCommands.learnCursor(queueId, cursor);
    }

    /** The next command of the session, perhaps the next part of a payload that it began. */
    Command next(final long sessionId) {
        final Deque<Command> planned = plans.computeIfAbsent(sessionId, id -> new ArrayDeque<>());
        if (!planned.isEmpty() && !values.oneIn(10)) {
            final Command next = planned.poll();
            if (values.oneIn(20) || state.sessions.get(sessionId).transfers.containsKey(next.correlationId())) {
                return next;
            }
            planned.clear();
        }
        correlationId++;
        if (!state.sessions.get(sessionId).transfers.isEmpty() && values.oneIn(8)) {
            return transfer(sessionId);
        }
        if (state.queues.size() < 2 && values.oneIn(4)) {
            return queueCommands.create(correlationId);
        }
        if (values.oneIn(state.topics.pending.isEmpty() ? 6 : 2)) {
            return topicCommands.next(correlationId);
        }
        final int draw = random.nextInt(values.arePlain() ? 100 : 115);
        if (draw < 28) {
            return values.beyondPlain(10)
                    ? sends.sendClaims(correlationId, values.queueId(), blobs)
                    : sends.send(correlationId, values.queueId());
        } else if (draw < 46) {
            return receive();
        } else if (draw < 60) {
            return new Command.Acknowledge(correlationId, values.producer(), chooseReceipts(sessionId), chosen);
        } else if (draw < 67) {
            return new Command.Consume(
                    correlationId,
                    values.consumedId(),
                    random.nextInt(8),
                    random.nextInt(900),
                    values.maybe(values.time()));
        } else if (draw < 75) {
            return new Command.ChangeVisibility(correlationId, values.producer(), chooseReceipts(sessionId), changes());
        } else if (draw < 81) {
            return new Command.DeleteMessages(correlationId, values.producer(), chooseReceipts(sessionId), chosen);
        }
        return rarer(draw, sessionId);
    }

    /** A query about a queue that exists, or not. */
    Command query() {
        correlationId++;
        return values.oneIn(3) ? topicCommands.query(correlationId) : queueCommands.query(correlationId);
    }

    private Command rarer(final int draw, final long sessionId) {
        if (draw < 85) {
            return queueCommands.create(correlationId);
        } else if (draw < 86) {
            return !values.arePlain() || values.oneIn(3) ? queueCommands.delete(correlationId) : query();
        } else if (draw < 89) {
            return new Command.StopConsuming(correlationId, values.consumedId());
        } else if (draw < 92) {
            return new Command.OpenProducer(
                    correlationId, values.oneIn(4) ? 0 : values.producerId(), random.nextInt(3));
        } else if (draw < 96) {
            return transfer(sessionId);
        } else if (draw < 100) {
            return query();
        } else if (draw < 106) {
            return new Command.SettleMessages(
                    correlationId, values.producer(), chooseReceipts(sessionId), settlements());
        }
        return queueCommands.change(correlationId);
    }

    private Command receive() {
        final long queueId = values.queueId();
        final boolean again = values.beyondPlain(values.isFifo(queueId) ? 2 : 60);
        final boolean filtered = values.beyondPlain(4);
        return new Command.Receive(
                correlationId,
                queueId,
                values.receiveMax(),
                values.maybe(values.time()),
                values.maybe(values.time()),
                filtered ? attributeNames() : List.of(),
                again ? attemptId() : "");
    }

    private List<String> attributeNames() {
        return IntStream.range(0, 1 + random.nextInt(2))
                .mapToObj(i -> values.oneOf("name0", "name1", "name.*", "na.*", "x.*", "All", ".*", "none", "*"))
                .toList();
    }

    private String attemptId() {
        return values.oneIn(30) ? values.oneOf("toolong", "a b") : "t" + random.nextInt(3);
    }

    /** Begins a message to a queue or a topic and plans its chunks and its commit, now and then with one of them missing. */
    private Command transfer(final long sessionId) {
        final int length = values.oneIn(3) ? 65_000 + random.nextInt(30_000) : random.nextInt(400);
        final Producer producer = values.producer();
        final boolean text = values.beyondPlain(3);
        final String body = values.text(length) + (text && values.oneIn(4) ? "\u0001" : "");
        final Command begin = values.oneIn(2)
                ? beginPublication(sessionId, producer, text, body)
                : beginPayload(sessionId, producer, text, body);
        // What is in a blob cannot be sent in parts.
        return values.beyondPlain(60) ? new Command.Claim(begin) : begin;
    }

    private Command beginPublication(
            final long sessionId, final Producer producer, final boolean text, final String body) {
        final long topicId = topicCommands.publishedTo();
        final String chars = PublicationEntry.encode(topicCommands.message(topicId, text, body));
        plan(sessionId, producer, chars);
        return new Command.BeginPublication(correlationId, producer, topicId, text, chars.length());
    }

    private Command beginPayload(final long sessionId, final Producer producer, final boolean text, final String body) {
        final long queueId = values.queueId();
        final Payload payload = sends.payload(queueId, body);
        plan(sessionId, producer, new String(payload.bytes(), StandardCharsets.ISO_8859_1));
        return new Command.BeginPayload(
                correlationId, producer, queueId, text, sends.entry(queueId, null), payload.length());
    }

    private void plan(final long sessionId, final Producer producer, final String chars) {
        final int chunk = values.oneIn(2) ? CHUNK : Math.max(1, chars.length() / 2);
        final Deque<Command> planned = plans.get(sessionId);
        planned.clear();
        for (int at = 0; at < chars.length(); at += chunk) {
            if (!values.oneIn(20)) {
                final String part = chars.substring(at, Math.min(chars.length(), at + chunk));
                planned.add(new Command.AppendPayload(correlationId, at, part));
            }
        }
        planned.add(new Command.CommitPayload(correlationId, producer));
    }

    /** Chooses receipts, most of them of one queue and the session's principal; returns the queue to show them to. */
    private long chooseReceipts(final long sessionId) {
        final List<Known> own = known.stream()
                .filter(candidate -> candidate.principal.equals(state.sessions.get(sessionId).principal))
                .toList();
        final long queueId = own.isEmpty() || values.oneIn(20) ? values.queueId() : values.any(own).queueId;
        final List<Receipt> ofQueue = own.stream()
                .filter(candidate -> candidate.queueId == queueId)
                .map(Known::receipt)
                .toList();
        chosen = IntStream.range(0, values.oneIn(30) ? 0 : values.oneIn(40) ? 11 : 1 + random.nextInt(3))
                .mapToObj(i -> ofQueue.isEmpty() || values.oneIn(20) ? receipt() : values.any(ofQueue))
                .toList();
        return queueId;
    }

    private List<Command.Change> changes() {
        return chosen.stream()
                .map(receipt -> new Command.Change(receipt, values.oneIn(4) ? 0 : values.time()))
                .toList();
    }

    private List<Command.Settlement> settlements() {
        return chosen.stream()
                .map(receipt -> new Command.Settlement(
                        receipt,
                        values.maybe(values.time()),
                        values.oneOf(Disposition.RETRY, Disposition.RELEASE, Disposition.REJECT)))
                .toList();
    }

    /** One of the last deliveries of any queue, or a forged one. */
    private Receipt receipt() {
        if (known.isEmpty()) {
            return new Receipt(random.nextInt(3), random.nextInt(3), 1, 0, random.nextLong());
        }
        final Receipt receipt = known.get(random.nextInt(known.size())).receipt;
        if (values.oneIn(2)) {
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
}
