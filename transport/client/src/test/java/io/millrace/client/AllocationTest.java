package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.aeron.Publication;
import io.millrace.codecs.ConfirmedEncoder;
import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.DeliveryEncoder;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PublishMessagesDecoder;
import io.millrace.codecs.ReceiveDecoder;
import io.millrace.codecs.ReceiveEndEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendMessagesDecoder;
import io.millrace.codecs.SendResultsEncoder;
import io.millrace.codecs.Switch;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends, polls, receives and settles through real Aeron, and looks at what the thread has allocated meanwhile. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 50_000;
    private static final int MEASURED = 100_000;

    private static final int ROUNDS = 5;

    private final Harness harness = new Harness();
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[200]);
    private final UnsafeBuffer answer = new UnsafeBuffer(new byte[1024]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ConfirmedEncoder confirmed = new ConfirmedEncoder();
    private final DeliveryEncoder delivery = new DeliveryEncoder();
    private final SendResultsEncoder sendResults = new SendResultsEncoder();
    private final ReceiveEndEncoder receiveEnd = new ReceiveEndEncoder();
    private final SendOptions options = new SendOptions();
    private final PublishOptions publishOptions = new PublishOptions();
    private final ReceiveOptions receiveOptions =
            new ReceiveOptions().attributeName("price.*").attemptId("attempt").waitNs(1);
    private final UnsafeBuffer receipt = new UnsafeBuffer(new byte[Delivery.RECEIPT_LENGTH]);
    private IntConsumer request = this::send;
    private MessageHandler settlement = Delivery::acknowledge;
    private boolean isFifo;
    private MillraceClient client;
    private SendBatch batch;
    private PublishBatch publishBatch;
    private long confirmations;
    private long messages;
    private long results;
    private long receives;
    private byte[] garbage;

    @AfterEach
    void tearDown() {
        harness.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAllocateNothing(final boolean withProducer) {
        connect(withProducer, 0);

        shouldAllocateNothing();
        assertTrue(confirmations >= MEASURED, "confirmations " + confirmations);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAllocateNothingForGroupsAttemptsAndSettlements(final boolean withProducer) {
        request = this::useOptions;
        settlement = this::settle;
        isFifo = true;
        connect(withProducer, 0);

        shouldAllocateNothing();
        assertTrue(results >= MEASURED / 2, "results of sends " + results);
        assertTrue(receives >= MEASURED / 4, "ends of receives " + receives);
        assertTrue(confirmations >= MEASURED / 2, "confirmations " + confirmations);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAllocateNothingForPublishes(final boolean withProducer) {
        request = this::publish;
        connect(withProducer, 0);

        shouldAllocateNothing();
        assertTrue(confirmations >= MEASURED, "confirmations " + confirmations);
    }

    private void shouldAllocateNothing() {
        // What the compiler still throws away is materialised once; an allocation of the code itself is in every round.
        long allocated = run(MEASURED);
        for (int round = 1; round < ROUNDS && allocated != 0; round++) {
            allocated = run(MEASURED);
        }

        assertEquals(0, allocated);
        assertTrue(messages >= MEASURED, "messages " + messages);
    }

    @Test
    void shouldSeeAnAllocationOf16BytesAMessage() {
        connect(true, 1);

        assertTrue(run(MEASURED) >= 16L * MEASURED);
        assertEquals(1, garbage.length);
    }

    private void connect(final boolean withProducer, final int garbageLength) {
        client = harness.connect(harness.context()
                .producer(withProducer)
                .closeTimeoutNs(0)
                .dutyIntervalNs(50_000)
                .listener(new Counter()));
        client.messageHandler(one -> {
            if (garbageLength > 0) {
                garbage = new byte[garbageLength];
            }
            messages += one.attributes().count() == 0 && one.groupIdLength() == (isFifo ? 1 : 0) ? 1 : 0;
            settlement.onMessage(one);
        });
        batch = client.newSendBatch();
        publishBatch = client.topicPublisher().newBatch();
        harness.server.ingressHandler = (buffer, offset, length, aeronHeader) -> {
            final int templateId = buffer.getShort(offset + 2, Wire.ORDER);
            if (templateId >= CreateQueueDecoder.TEMPLATE_ID) {
                answer(templateId, buffer.getLong(offset + Wire.CORRELATION_ID_OFFSET, Wire.ORDER));
            }
        };
        run(WARM_UP);
    }

    /** @return bytes that the client's calls have allocated; driver and server run on the same thread, uncounted. */
    private long run(final int rounds) {
        messages = 0;
        confirmations = 0;
        results = 0;
        receives = 0;
        long allocated = 0;
        for (int i = 0; i < rounds; i++) {
            final long beforeSend = THREADS.getCurrentThreadAllocatedBytes();
            request.accept(i);
            allocated += THREADS.getCurrentThreadAllocatedBytes() - beforeSend;
            final long awaited = messages + 1;
            for (int k = 0; k < 1000 && messages < awaited; k++) {
                if ((k & 15) == 15) {
                    harness.driver.sharedAgentInvoker().invoke();
                }
                harness.server.doWork();
                final long beforePoll = THREADS.getCurrentThreadAllocatedBytes();
                client.poll();
                allocated += THREADS.getCurrentThreadAllocatedBytes() - beforePoll;
            }
            if ((i & 31) == 0) {
                harness.driver.sharedAgentInvoker().invoke();
                harness.serverAeron.conductorAgentInvoker().invoke();
            }
        }
        return allocated;
    }

    private void send(final int round) {
        if ((round & 3) != 0) {
            client.send(5, body, 0, 200);
            return;
        }
        batch.begin(5);
        batch.startMessage(0).putString("symbol", "BTCUSD").putNumber("price", round);
        batch.endMessage(body, 0, 100);
        batch.add(body, 0, 100);
        batch.send();
    }

    private void publish(final int round) {
        if ((round & 3) != 0) {
            publishOptions.reset().groupId("a").subject("a trade");
            client.topicPublisher().publish(7, body, 0, 200, publishOptions);
            return;
        }
        publishBatch.begin(7);
        publishBatch.startMessage().putString("symbol", "BTCUSD").putNumber("price", round);
        publishBatch.endMessage(body, 0, 100);
        publishBatch.add(body, 0, 100, publishOptions.deduplicationId("0123456789"));
        publishBatch.send();
    }

    /** What a FIFO queue takes, one after the other: single messages, batches, receives. */
    private void useOptions(final int round) {
        options.reset().groupId("a").deduplicationId("0123456789").timeToLiveNs(1_000 + round);
        switch (round & 3) {
            case 0 -> client.receive(5, 10, receiveOptions);
            case 1 -> {
                batch.begin(5).eachEntry(true);
                batch.startMessage(options).putString("symbol", "BTCUSD").putNumber("price", round);
                batch.endMessage(body, 0, 100);
                batch.add(body, 0, 100, options.traceHeader("Root=1"));
                batch.send();
            }
            default -> client.send(5, body, 0, 200, options.priority(round & 3).delayNs(0));
        }
    }

    /** Ends deliveries in all ways in turn. */
    private void settle(final Delivery one) {
        switch ((int) messages & 7) {
            case 0 -> one.retry();
            case 1 -> one.retry(1_000);
            case 2 -> one.release();
            case 3 -> one.reject();
            case 4 -> one.delete();
            case 5 -> one.changeVisibility(1_000);
            case 6 -> {
                one.copyReceiptTo(receipt, 0);
                client.settle(5, receipt, 0, 1, Disposition.RETRY, 1_000);
            }
            default -> one.acknowledge();
        }
    }

    private void answer(final int templateId, final long correlationId) {
        final int length = isFifo && templateId == SendMessagesDecoder.TEMPLATE_ID
                ? deliver(1, putSendResults(correlationId))
                : isFifo && templateId == ReceiveDecoder.TEMPLATE_ID
                        ? putReceiveEnd(correlationId, deliver(correlationId, 0))
                        : putConfirmed(templateId, correlationId);
        long result = harness.server.egress().offer(answer, 0, length);
        if (result == Publication.ADMIN_ACTION) {
            result = harness.server.egress().offer(answer, 0, length);
        }
        if (result < 0) {
            throw new AssertionError("The client does not take its egress: " + result);
        }
    }

    private int putConfirmed(final int templateId, final long correlationId) {
        confirmed
                .wrapAndApplyHeader(answer, 0, header)
                .fromCorrelationId(correlationId)
                .toCorrelationId(correlationId)
                .firstValue(0)
                .valuesPerCommand(0)
                .reserved(0);
        final int length = end(0, confirmed.encodedLength());
        final boolean hasMessages =
                templateId == SendMessagesDecoder.TEMPLATE_ID || templateId == PublishMessagesDecoder.TEMPLATE_ID;
        return hasMessages ? deliver(1, length) : length;
    }

    private int putSendResults(final long correlationId) {
        sendResults
                .wrapAndApplyHeader(answer, 0, header)
                .correlationId(correlationId)
                .resultsCount(1)
                .next()
                .messageId(1)
                .sequenceNumber(1)
                .limitValue(0)
                .actualValue(0)
                .code(ResultCode.OK)
                .limitId(LimitId.NONE)
                .duplicate(Switch.OFF);
        return end(0, sendResults.encodedLength());
    }

    private int putReceiveEnd(final long correlationId, final int offset) {
        receiveEnd
                .wrapAndApplyHeader(answer, offset, header)
                .correlationId(correlationId)
                .queueId(5)
                .messageCount(1)
                .code(ResultCode.OK);
        return end(offset, receiveEnd.encodedLength());
    }

    private int deliver(final long correlationId, final int offset) {
        delivery.wrapAndApplyHeader(answer, offset, header)
                .correlationId(correlationId)
                .queueId(5);
        delivery.flags().clear().pushed(correlationId == 1);
        delivery.attributesCount(0);
        delivery.putBody(body, 0, 200);
        if (isFifo) {
            delivery.groupId("a").deduplicationId("id").traceHeader("");
        } else {
            Wire.putNoIds(answer, delivery.limit());
            delivery.limit(delivery.limit() + Wire.NO_IDS_LENGTH);
        }
        return end(offset, delivery.encodedLength());
    }

    /** Numbers the message that was written and tells where the next one starts. */
    private int end(final int offset, final int blockLength) {
        final int length = Wire.HEADER_LENGTH + blockLength;
        header.wrap(answer, offset)
                .messageLength(length)
                .frameSequence(Integer.toUnsignedLong(++harness.server.frameSequence));
        return offset + BitUtil.align(length, Wire.ALIGNMENT);
    }

    /** Counts what the client is told. */
    private final class Counter implements ClientListener {
        @Override
        public void onConfirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
            confirmations += to - from + 1;
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
            results++;
        }

        @Override
        public void onReceiveEnd(
                final long correlationId, final long queueId, final int messageCount, final ResultCode code) {
            receives++;
        }
    }
}
