package io.millrace.server;

import io.millrace.client.Attributes;
import io.millrace.client.ClientContext;
import io.millrace.client.ClientListener;
import io.millrace.client.Delivery;
import io.millrace.client.MillraceClient;
import io.millrace.client.PublishOptions;
import io.millrace.client.Queues;
import io.millrace.client.ReceiveOptions;
import io.millrace.client.SendBatch;
import io.millrace.client.SendOptions;
import io.millrace.client.Topics;
import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** The client library on the thread of the server that it talks to, whose clocks the test moves. Keeps what it is told. */
final class LibraryClient implements ClientListener, AutoCloseable {

    /** What {@link #deliveries} knows of one delivery. */
    record Delivered(
            String body,
            String attributes,
            String groupId,
            String deduplicationId,
            String traceHeader,
            long messageId,
            long sequenceNumber,
            long sourceId,
            int receives,
            int failures,
            int priority,
            boolean isPushed,
            boolean isMoved,
            boolean isReplayed,
            UnsafeBuffer receipt) {}

    /** Every delivery, in the order of their arrival. */
    final List<Delivered> deliveries = new ArrayList<>();

    /** Every alarm, a line each. */
    final List<String> alarms = new ArrayList<>();

    /** Consumers that the server ended. */
    final List<String> stopped = new ArrayList<>();

    private final Map<Long, List<String>> answers = new HashMap<>();
    private final TestServer server;
    private final MillraceClient client;

    LibraryClient(final TestServer server) {
        this(server, "");
    }

    LibraryClient(final TestServer server, final String credentials) {
        this.server = server;
        client = MillraceClient.connect(new ClientContext()
                .aeronDirectoryName(server.aeronDir())
                .driverAgentInvoker(server.driverInvoker())
                .idleStrategy(new Crank())
                .credentials(credentials.getBytes(StandardCharsets.UTF_8))
                .listener(this)
                .messageHandler(this::onMessage)
                .errorHandler(server::onClientError));
    }

    MillraceClient client() {
        return client;
    }

    Queues queues() {
        return client.queues();
    }

    Topics topics() {
        return client.topics();
    }

    /** What came back for one request; a confirmed send says how many messages it stored. */
    List<String> answer(final LongSupplier request) {
        final long id = request.getAsLong();
        if (id <= 0) {
            throw new AssertionError("the request was not taken: " + id);
        }
        await("an answer to the request", () -> answers.containsKey(id));
        return answers.remove(id);
    }

    List<String> send(final long queue, final String body, final SendOptions options) {
        final UnsafeBuffer bytes = bytes(body);
        return answer(() -> client.send(queue, bytes, 0, bytes.capacity(), options));
    }

    List<String> publish(final long topic, final String body, final PublishOptions options) {
        final UnsafeBuffer bytes = bytes(body);
        return answer(() -> client.topicPublisher().publish(topic, bytes, 0, bytes.capacity(), options));
    }

    List<String> send(final long queue, final String... bodies) {
        final SendBatch batch = client.newSendBatch().begin(queue);
        for (final String body : bodies) {
            final UnsafeBuffer bytes = bytes(body);
            batch.add(bytes, 0, bytes.capacity());
        }
        return answer(batch::send);
    }

    /** Receives at once what is there, under the queue's visibility timeout. */
    List<Delivered> receive(final long queue, final int maxMessages) {
        return receive(queue, maxMessages, new ReceiveOptions());
    }

    List<Delivered> receive(final long queue, final int maxMessages, final ReceiveOptions options) {
        final int before = deliveries.size();
        final List<String> end = answer(() -> client.receive(queue, maxMessages, options));
        final List<Delivered> received = List.copyOf(deliveries.subList(before, deliveries.size()));
        if (!end.equals(List.of("end of " + received.size()))) {
            throw new AssertionError("the receive ended with " + end + " after " + received);
        }
        return received;
    }

    List<String> bodies(final long queue) {
        return receive(queue, 10).stream().map(Delivered::body).toList();
    }

    void await(final String what, final BooleanSupplier condition) {
        server.crankUntil(what, () -> {
            client.poll();
            return condition.getAsBoolean();
        });
    }

    static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private void onMessage(final Delivery delivery) {
        final UnsafeBuffer receipt = new UnsafeBuffer(new byte[Delivery.RECEIPT_LENGTH]);
        delivery.copyReceiptTo(receipt, 0);
        final List<String> attributes = new ArrayList<>();
        final Attributes each = delivery.attributes();
        while (each.next()) {
            attributes.add(each.name() + "=" + each.valueText());
        }
        deliveries.add(new Delivered(
                delivery.bodyText(),
                String.join(",", attributes),
                delivery.groupId(),
                delivery.deduplicationId(),
                delivery.traceHeader(),
                delivery.messageId(),
                delivery.sequenceNumber(),
                delivery.deadLetterSourceId(),
                delivery.receiveCount(),
                delivery.failedCount(),
                delivery.priority(),
                delivery.isPushed(),
                delivery.isMoved(),
                delivery.isReplayed(),
                receipt));
    }

    @Override
    public void onConfirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
        for (long id = from; id <= to; id++) {
            answer(id, valuesPerCommand == 0 ? "confirmed" : "confirmed " + valuesPerCommand);
        }
    }

    @Override
    public void onRefused(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        answer(correlationId, "refused " + text(entryIndex, code, limitId, limit, actual));
    }

    @Override
    public void onEntryResult(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        answer(correlationId, text(entryIndex, code, limitId, limit, actual));
    }

    @Override
    public void onSendResult(
            final long correlationId,
            final int entryIndex,
            final long messageId,
            final long sequenceNumber,
            final boolean isDuplicate,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        answer(
                correlationId,
                code == ResultCode.OK
                        ? entryIndex + ": sequence " + sequenceNumber + (isDuplicate ? " again" : "")
                        : text(entryIndex, code, limitId, limit, actual));
    }

    @Override
    public void onReceiveEnd(final long correlationId, final long queueId, final int count, final ResultCode code) {
        answer(correlationId, "end of " + count + (code == ResultCode.OK ? "" : " " + code));
    }

    @Override
    public void onConsumerStopped(final long correlationId, final long queueId, final ResultCode code) {
        stopped.add(queueId + " " + code);
    }

    @Override
    public void onQueueAlarm(final long queueId, final AlarmKind kind, final long value, final long timeNs) {
        alarms.add(queueId + " " + kind + " " + value);
    }

    @Override
    public void close() {
        client.close();
    }

    private void answer(final long correlationId, final String line) {
        answers.computeIfAbsent(correlationId, id -> new ArrayList<>()).add(line);
    }

    private static String text(
            final int entryIndex, final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        return (entryIndex < 0 ? "" : entryIndex + ": ")
                + code
                + (limitId == LimitId.NONE ? "" : " " + limitId + " " + limit)
                + (actual == 0 ? "" : " " + actual);
    }

    /** Lets the server work while a call of the library waits for it. */
    private final class Crank implements IdleStrategy {
        @Override
        public void idle(final int workCount) {
            idle();
        }

        @Override
        public void idle() {
            server.crank();
        }

        @Override
        public void reset() {}
    }
}
