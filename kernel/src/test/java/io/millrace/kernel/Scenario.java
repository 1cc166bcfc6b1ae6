package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.Disposition;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Command.Producer;
import io.millrace.kernel.RecordingEgress.Emitted;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A kernel with sessions 1, 2 and 3 and a clock of its own: acts, then compares what the sessions were told. Correlation ids
 * count up by themselves; durations are milliseconds.
 */
final class Scenario {

    static final long MS = 1_000_000L;
    static final long SECOND = 1_000 * MS;
    static final long START_NS = 1_700_000_000L * SECOND;
    static final long A = 1;
    static final long B = 2;
    static final long C = 3;

    final RecordingEgress egress = new RecordingEgress();
    /** Ids and lengths of the blobs that the host was told of. */
    final List<String> unusedBlobs = new ArrayList<>();

    final RecordingLogs logs = new RecordingLogs();
    final Kernel kernel =
            new Kernel(egress, (blobId, length) -> unusedBlobs.add(blobId + ": " + length + " bytes"), logs);
    private final FrameValidator validator = new FrameValidator();
    private final CommandWriter writer = new CommandWriter();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(4096);
    private final List<Event.Delivery> deliveries = new ArrayList<>();
    private long nowNs = START_NS;
    private long correlationId;
    private long queues;
    private Producer producer = Producer.NONE;

    Scenario() {
        this(Limits.nativeProfile());
    }

    Scenario(final Limits limits) {
        kernel.genesis(nowNs, 0x0706050403020100L, 0x0F0E0D0C0B0A0908L, 42);
        kernel.configure(nowNs, limits);
        kernel.boot(nowNs, 1);
        open(A);
        open(B);
        open(C);
    }

    long nowNs() {
        return nowNs;
    }

    /** The correlation id of the last command. */
    long lastCorrelationId() {
        return correlationId;
    }

    void open(final long sessionId) {
        open(sessionId, "");
    }

    void open(final long sessionId, final String principal) {
        final byte[] bytes = Payload.raw(principal);
        kernel.openSession(nowNs, sessionId, new UnsafeBuffer(bytes), 0, bytes.length);
    }

    void close(final long sessionId) {
        kernel.closeSession(nowNs, sessionId, ResultCode.CLIENT_CLOSED);
        workOff();
    }

    /** Lets the time pass, and the host journal its clock record. */
    void pass(final long millis) {
        nowNs += millis * MS;
        kernel.onClock(nowNs);
        workOff();
    }

    /** Lets the time pass and nothing else: the next command brings the time. */
    void passSilently(final long millis) {
        nowNs += millis * MS;
    }

    void workOff() {
        for (int i = 0; kernel.workPending(); i++) {
            if (i > 100_000) {
                throw new AssertionError("the work never ends");
            }
            kernel.onClock(nowNs);
        }
    }

    /** Protects the commands that follow. */
    void as(final long producerId, final long sequence, final int epoch) {
        producer = new Producer(producerId, sequence, epoch);
    }

    /** No longer protects the commands that follow. */
    void asNobody() {
        producer = Producer.NONE;
    }

    long createQueue(final String name) {
        return createQueue(name, null, null, null, null);
    }

    /** Creates a queue for session A, which must succeed. */
    long createQueue(
            final String name,
            final Long visibilityMs,
            final Long delayMs,
            final Long waitMs,
            final Long maxMessageBytes) {
        askToCreate(name, ns(visibilityMs), ns(delayMs), ns(waitMs), maxMessageBytes);
        final List<Emitted> answers = egress.drain();
        assertEquals(1, answers.size(), () -> "answers to the creation of " + name + ": " + answers);
        queues = assertInstanceOf(Event.Confirmed.class, answers.get(0).event()).firstValue();
        return queues;
    }

    /** Creates a queue for session A, which must succeed. */
    long createQueue(final String name, final SettingsBuilder settings) {
        apply(A, new Command.CreateQueue(++correlationId, producer, name, settings.build()));
        final List<Emitted> answers = egress.drain();
        assertEquals(1, answers.size(), () -> "answers to the creation of " + name + ": " + answers);
        queues = assertInstanceOf(Event.Confirmed.class, answers.get(0).event()).firstValue();
        return queues;
    }

    void setSettings(final long sessionId, final long queueId, final SettingsBuilder settings) {
        apply(sessionId, new Command.SetQueueSettings(++correlationId, producer, queueId, settings.build()));
    }

    /** Creates a queue without looking at the answers. */
    long createQueueQuietly(final String name) {
        return createQueueQuietly(name, null);
    }

    long createQueueQuietly(final String name, final Long maxMessageBytes) {
        askToCreate(name, null, null, null, maxMessageBytes);
        return ++queues;
    }

    void askToCreate(
            final String name, final Long visibilityNs, final Long delayNs, final Long waitNs, final Long maxBytes) {
        apply(A, new Command.CreateQueue(++correlationId, producer, name, visibilityNs, delayNs, waitNs, maxBytes));
    }

    void deleteQueue(final long sessionId, final long queueId) {
        apply(sessionId, new Command.DeleteQueue(++correlationId, producer, queueId));
    }

    void send(final long sessionId, final long queueId, final String... bodies) {
        sendPayloads(
                sessionId, queueId, null, Arrays.stream(bodies).map(Payload::of).toArray(Payload[]::new));
    }

    /** Sends messages of one group. */
    void sendTo(final long sessionId, final long queueId, final String groupId, final String... bodies) {
        sendPayloads(
                sessionId,
                queueId,
                null,
                Arrays.stream(bodies)
                        .map(body -> Payload.of(body).inGroup(groupId))
                        .toArray(Payload[]::new));
    }

    void sendDelayed(final long sessionId, final long queueId, final long delayMs, final String... bodies) {
        sendPayloads(
                sessionId,
                queueId,
                delayMs * MS,
                Arrays.stream(bodies).map(Payload::of).toArray(Payload[]::new));
    }

    void sendPayloads(final long sessionId, final long queueId, final Long delayNs, final Payload... payloads) {
        sendEntries(
                sessionId,
                queueId,
                Arrays.stream(payloads)
                        .map(payload -> new Command.Entry(delayNs, payload))
                        .toList());
    }

    void sendEntries(final long sessionId, final long queueId, final List<Command.Entry> entries) {
        apply(sessionId, new Command.SendMessages(++correlationId, producer, queueId, entries));
    }

    void begin(final long sessionId, final long queueId, final Long delayNs, final long payloadLength) {
        apply(sessionId, new Command.BeginPayload(++correlationId, producer, queueId, delayNs, payloadLength));
    }

    /** Appends to the payload that was begun last. */
    void append(final long sessionId, final long payloadOffset, final String chunk) {
        apply(sessionId, new Command.AppendPayload(correlationId, payloadOffset, chunk));
    }

    /** Commits the payload that was begun last. */
    void commit(final long sessionId) {
        apply(sessionId, new Command.CommitPayload(correlationId, producer));
    }

    /** Sends one payload in chunks of the given length. */
    void sendInChunks(final long sessionId, final long queueId, final Payload payload, final int chunkLength) {
        final String chars = new String(payload.bytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        begin(sessionId, queueId, null, chars.length());
        for (int at = 0; at < chars.length(); at += chunkLength) {
            append(sessionId, at, chars.substring(at, Math.min(chars.length(), at + chunkLength)));
        }
        commit(sessionId);
    }

    void receive(final long sessionId, final long queueId, final int maxMessages) {
        receive(sessionId, queueId, maxMessages, null, null);
    }

    void receive(
            final long sessionId,
            final long queueId,
            final int maxMessages,
            final Long waitMs,
            final Long visibilityMs) {
        apply(sessionId, new Command.Receive(++correlationId, queueId, maxMessages, ns(waitMs), ns(visibilityMs)));
    }

    void consume(final long sessionId, final long queueId, final long messages, final long bytes) {
        consume(sessionId, queueId, messages, bytes, null);
    }

    void consume(
            final long sessionId, final long queueId, final long messages, final long bytes, final Long visibilityMs) {
        apply(sessionId, new Command.Consume(++correlationId, queueId, messages, bytes, ns(visibilityMs)));
    }

    void stopConsuming(final long sessionId, final long queueId) {
        apply(sessionId, new Command.StopConsuming(++correlationId, queueId));
    }

    void acknowledge(final long sessionId, final long queueId, final Receipt... receipts) {
        apply(sessionId, new Command.Acknowledge(++correlationId, producer, queueId, List.of(receipts)));
    }

    void deleteMessages(final long sessionId, final long queueId, final Receipt... receipts) {
        apply(sessionId, new Command.DeleteMessages(++correlationId, producer, queueId, List.of(receipts)));
    }

    /** The same new visibility timeout for all receipts. */
    void changeVisibility(
            final long sessionId, final long queueId, final long visibilityMs, final Receipt... receipts) {
        final List<Command.Change> changes = Stream.of(receipts)
                .map(receipt -> new Command.Change(receipt, visibilityMs * MS))
                .toList();
        apply(sessionId, new Command.ChangeVisibility(++correlationId, producer, queueId, changes));
    }

    /** The same for all receipts; without a delay the disposition's own. */
    void settle(
            final long sessionId,
            final long queueId,
            final Disposition disposition,
            final Long delayMs,
            final Receipt... receipts) {
        final List<Command.Settlement> settlements = Stream.of(receipts)
                .map(receipt -> new Command.Settlement(receipt, ns(delayMs), disposition))
                .toList();
        apply(sessionId, new Command.SettleMessages(++correlationId, producer, queueId, settlements));
    }

    /** Without a destination each message goes back to where it came from; 0 a second is the fastest. */
    void startRedrive(
            final long sessionId, final long queueId, final long destinationQueueId, final long messagesPerSecond) {
        apply(
                sessionId,
                new Command.StartRedrive(++correlationId, producer, queueId, destinationQueueId, messagesPerSecond));
    }

    void cancelRedrive(final long sessionId, final long taskId) {
        apply(sessionId, new Command.CancelRedrive(++correlationId, producer, taskId));
    }

    void listRedrives(final long sessionId, final long queueId) {
        apply(sessionId, new Command.ListRedrives(++correlationId, queueId));
    }

    void openProducer(final long sessionId, final long producerId) {
        openProducer(sessionId, producerId, 0);
    }

    void openProducer(final long sessionId, final long producerId, final long nonce) {
        apply(sessionId, new Command.OpenProducer(++correlationId, producerId, nonce));
    }

    void lookUp(final long sessionId, final String name) {
        apply(sessionId, new Command.LookUpQueue(++correlationId, name));
    }

    void describe(final long sessionId, final long queueId) {
        apply(sessionId, new Command.DescribeQueue(++correlationId, queueId));
    }

    void list(final long sessionId, final long afterQueueId, final int maxEntries, final String prefix) {
        apply(sessionId, new Command.ListQueues(++correlationId, afterQueueId, maxEntries, prefix));
    }

    /** Applies any command as the host would, after the validator has passed it. */
    void apply(final long sessionId, final Command command) {
        final int length = writer.write(buffer, 8, sessionId, command);
        assertEquals(ResultCode.OK, validator.validate(buffer, 8, length), command::toString);
        if (command.isQuery()) {
            kernel.query(nowNs, sessionId, buffer, 8, length);
        } else {
            kernel.apply(nowNs, sessionId, buffer, 8, length);
        }
    }

    /** Applies or asks what stands in a frame that the validator has passed; session messages are the host's. */
    void applyFrame(final long sessionId, final DirectBuffer frame, final int offset, final int length) {
        final int templateId = frame.getShort(offset + 2, ByteOrder.LITTLE_ENDIAN);
        if (templateId >= 200) {
            kernel.query(nowNs, sessionId, frame, offset, length);
        } else if (templateId >= 100) {
            kernel.apply(nowNs, sessionId, frame, offset, length);
        }
    }

    /** Applies a record of the host. */
    void applyHostRecord(final DirectBuffer record, final int offset, final int length) {
        new LogDispatcher(kernel).onRecord(nowNs, 0, record, offset, length);
    }

    /** The receipt of the last delivery of a body. */
    Receipt receipt(final String body) {
        return delivery(body).receipt();
    }

    /** The last delivery of a body, of those already compared or forgotten. */
    Event.Delivery delivery(final String body) {
        for (int i = deliveries.size() - 1; i >= 0; i--) {
            if (deliveries.get(i).payload().body().equals(body)) {
                return deliveries.get(i);
            }
        }
        throw new AssertionError("no delivery of " + body + " among " + deliveries);
    }

    /** Acknowledges every delivery that a session was told of since the last comparison. */
    void acknowledgeAllTold(final long sessionId, final long queueId) {
        final int before = deliveries.size();
        forget();
        deliveries
                .subList(before, deliveries.size())
                .forEach(delivery -> acknowledge(sessionId, queueId, delivery.receipt()));
        forget();
    }

    /** Compares all that was told since the last comparison, each line beginning with its session: A, B or C. */
    void shouldTell(final String... expected) {
        assertEquals(String.join("\n", expected), told().collect(Collectors.joining("\n")));
        assertEquals(kernel.recomputeStateHash(), kernel.stateHash(), "state hash");
    }

    /** Nothing but the retention of a queue, which is days away, may be due some time. */
    void shouldHaveNothingDueSoon() {
        assertTrue(kernel.nextDeadlineNs() >= nowNs + 3_600 * SECOND, () -> "due at " + kernel.nextDeadlineNs());
    }

    /** The bodies delivered since the last comparison, which the next one leaves out. */
    List<String> bodies() {
        final int before = deliveries.size();
        forget();
        return deliveries.subList(before, deliveries.size()).stream()
                .map(delivery -> delivery.payload().body())
                .toList();
    }

    /** Leaves out of the next comparison what was told until now. */
    void forget() {
        told().forEach(line -> {});
    }

    /** As {@link #forget()}, but hands the events on. */
    void forgetAll(final Consumer<Event> events) {
        drain().forEach(emitted -> events.accept(emitted.event()));
    }

    Stream<String> told() {
        return drain().stream().map(line -> (char) ('A' + line.sessionId() - 1) + ": " + line.event());
    }

    private List<Emitted> drain() {
        final List<Emitted> drained = egress.drain();
        drained.stream()
                .map(Emitted::event)
                .filter(Event.Delivery.class::isInstance)
                .map(Event.Delivery.class::cast)
                .forEach(deliveries::add);
        return drained;
    }

    private static Long ns(final Long millis) {
        return millis == null ? null : millis * MS;
    }
}
