package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.aeron.Publication;
import io.millrace.codecs.ConfirmedEncoder;
import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.DeliveryEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.SendMessagesDecoder;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends, polls, receives and acknowledges through real Aeron, and looks at what the thread has allocated meanwhile. */
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
    private MillraceClient client;
    private SendBatch batch;
    private long confirmations;
    private long messages;
    private byte[] garbage;

    @AfterEach
    void tearDown() {
        harness.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAllocateNothing(final boolean withProducer) {
        connect(withProducer, 0);

        // What the compiler still throws away is materialised once; an allocation of the code itself is in every round.
        long allocated = run(MEASURED);
        for (int round = 1; round < ROUNDS && allocated != 0; round++) {
            allocated = run(MEASURED);
        }

        assertEquals(0, allocated);
        assertTrue(messages >= MEASURED, "messages " + messages);
        assertTrue(confirmations >= MEASURED, "confirmations " + confirmations);
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
                .listener(new ClientListener() {
                    @Override
                    public void onConfirmed(
                            final long from, final long to, final long firstValue, final int valuesPerCommand) {
                        confirmations += to - from + 1;
                    }
                }));
        client.messageHandler(one -> {
            if (garbageLength > 0) {
                garbage = new byte[garbageLength];
            }
            messages += one.attributes().count() == 0 ? 1 : 0;
            one.acknowledge();
        });
        batch = client.newSendBatch();
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
        long allocated = 0;
        for (int i = 0; i < rounds; i++) {
            final long beforeSend = THREADS.getCurrentThreadAllocatedBytes();
            send(i);
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

    private void answer(final int templateId, final long correlationId) {
        confirmed
                .wrapAndApplyHeader(answer, 0, header)
                .fromCorrelationId(correlationId)
                .toCorrelationId(correlationId)
                .firstValue(0)
                .valuesPerCommand(0)
                .reserved(0);
        header.messageLength(48).frameSequence(Integer.toUnsignedLong(++harness.server.frameSequence));
        int length = 48;
        if (templateId == SendMessagesDecoder.TEMPLATE_ID) {
            delivery.wrapAndApplyHeader(answer, 48, header).correlationId(1).queueId(5);
            delivery.flags().clear().pushed(true);
            delivery.attributesCount(0);
            delivery.putBody(body, 0, 200);
            Wire.putNoIds(answer, delivery.limit());
            delivery.limit(delivery.limit() + Wire.NO_IDS_LENGTH);
            final int deliveryLength = 16 + delivery.encodedLength();
            header.messageLength(deliveryLength).frameSequence(Integer.toUnsignedLong(++harness.server.frameSequence));
            length += deliveryLength;
        }
        long result = harness.server.egress().offer(answer, 0, length);
        if (result == Publication.ADMIN_ACTION) {
            result = harness.server.egress().offer(answer, 0, length);
        }
        if (result < 0) {
            throw new AssertionError("The client does not take its egress: " + result);
        }
    }
}
