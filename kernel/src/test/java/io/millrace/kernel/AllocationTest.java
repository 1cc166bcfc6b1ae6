package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.codecs.AcknowledgeDecoder;
import io.millrace.codecs.CommandHeaderDecoder;
import io.millrace.codecs.DeliveryDecoder;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.EntryResultsDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReceiptHandleDecoder;
import io.millrace.codecs.RefusedDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.kernel.Command.Producer;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Once warm, the kernel allocates nothing on the heap: read from the thread's own count of allocated bytes. */
class AllocationTest {

    private static final int WARM_UP_ROUNDS = 30_000;
    private static final int ROUNDS = 80_000;
    private static final int ATTEMPTS = 3;
    private static final int STEPS_PER_ROUND = 24;
    private static final long SESSION = 1;
    private static final long QUEUE = 1;
    private static final long DEAD = 2;
    private static final long MS = 1_000_000L;
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int RECEIPT =
            HEADER + AcknowledgeDecoder.BLOCK_LENGTH + AcknowledgeDecoder.ReceiptsDecoder.HEADER_SIZE;

    /** Remembers the receipt of the last delivery, and can be told to allocate for each message. */
    private static final class ReceiptKeeper implements Egress {

        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[128 * 1024]);
        private final UnsafeBuffer receipt = new UnsafeBuffer(new byte[ReceiptHandleDecoder.ENCODED_LENGTH]);
        private boolean allocates;
        private Object waste;
        private long deliveries;
        private long refusals;

        @Override
        public int claim(final long sessionId, final int length) {
            return 0;
        }

        @Override
        public MutableDirectBuffer buffer() {
            return buffer;
        }

        @Override
        public void commit() {
            final int templateId =
                    buffer.getShort(MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
            if (templateId == DeliveryDecoder.TEMPLATE_ID) {
                receipt.putBytes(0, buffer, HEADER + DeliveryDecoder.receiptEncodingOffset(), receipt.capacity());
                deliveries++;
            } else if (templateId == RefusedDecoder.TEMPLATE_ID || templateId == EntryResultsDecoder.TEMPLATE_ID) {
                refusals++;
            }
            if (allocates) {
                waste = new Object();
            }
        }
    }

    private final ReceiptKeeper egress = new ReceiptKeeper();
    private final Kernel kernel = new Kernel(egress);
    private final FrameValidator validator = new FrameValidator();
    private final UnsafeBuffer[] frames = {
        frame(new Command.SendMessages(1, new Producer(1, 1, 1), QUEUE, entries())),
        frame(new Command.Receive(1, QUEUE, 10, 0L, 5 * MS)),
        frame(new Command.ChangeVisibility(1, Producer.NONE, QUEUE, List.of(new Command.Change(noReceipt(), 0)))),
        frame(new Command.Acknowledge(1, Producer.NONE, QUEUE, List.of(noReceipt()))),
        frame(new Command.Consume(1, QUEUE, 1, 1_000, null)),
        frame(new Command.StopConsuming(1, QUEUE)),
        frame(settle(Disposition.REJECT)),
        frame(new Command.StartRedrive(1, Producer.NONE, DEAD, 0, 0)),
        frame(settle(Disposition.RETRY)),
    };
    private long nowNs = 1_700_000_000_000_000_000L;
    private long producerSequence;

    /**
     * A million steps without a byte, at the third attempt at the latest: what the kernel allocates it would allocate in each,
     * but a few hundred bytes are charged to the thread while the compiler still replaces code that it runs.
     */
    @Test
    void shouldAllocateNothingInAMillionSteps() {
        open();
        rounds(WARM_UP_ROUNDS);
        final long[] bytes = new long[ATTEMPTS];
        int attempts = 0;
        do {
            bytes[attempts] = bytesAllocatedBy(ROUNDS);
        } while (bytes[attempts++] > 0 && attempts < ATTEMPTS);

        assertEquals(0, bytes[attempts - 1], () -> "bytes allocated in each attempt: " + Arrays.toString(bytes));
        assertTrue((long) ROUNDS * STEPS_PER_ROUND >= 1_000_000);
        assertEquals(8L * (WARM_UP_ROUNDS + (long) attempts * ROUNDS), egress.deliveries, "deliveries");
        assertEquals(0, egress.refusals, "refusals");
        assertEquals(0, kernel.messageCount());
    }

    @Test
    void shouldSeeAnAllocationForEachMessage() {
        open();
        egress.allocates = true;
        rounds(WARM_UP_ROUNDS);

        final long bytes = bytesAllocatedBy(1_000);
        assertTrue(bytes >= 16 * 1_000 && egress.waste != null, () -> "bytes seen: " + bytes);
    }

    private long bytesAllocatedBy(final int rounds) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        rounds(rounds);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void open() {
        kernel.genesis(nowNs, 1, 2, 3);
        kernel.boot(nowNs, 1);
        kernel.openSession(nowNs, SESSION, new UnsafeBuffer(new byte[0]), 0, 0);
        apply(frame(new Command.CreateQueue(1, Producer.NONE, "orders", 5 * MS, null, null, null)));
        apply(frame(new Command.CreateQueue(1, Producer.NONE, "dead", null, null, null, null)));
        final Settings settings =
                SettingsBuilder.standard().deadLetters(DEAD, 100).build();
        apply(frame(new Command.SetQueueSettings(1, Producer.NONE, QUEUE, settings)));
        apply(frame(new Command.OpenProducer(1, 0, 0)));
    }

    private void rounds(final int rounds) {
        for (int i = 0; i < rounds; i++) {
            receivedTwiceAndAcknowledged();
            receivedExpiredAndAcknowledged();
            pushedAndAcknowledged();
            rejectedRedrivenRetriedAndAcknowledged();
        }
    }

    private void receivedTwiceAndAcknowledged() {
        send();
        apply(frames[1]);
        applyWithReceipt(frames[2]);
        apply(frames[1]);
        applyWithReceipt(frames[3]);
    }

    private void receivedExpiredAndAcknowledged() {
        send();
        apply(frames[1]);
        nowNs += 5 * MS;
        kernel.onClock(nowNs);
        apply(frames[1]);
        applyWithReceipt(frames[3]);
    }

    private void pushedAndAcknowledged() {
        apply(frames[4]);
        send();
        applyWithReceipt(frames[3]);
        apply(frames[5]);
    }

    private void rejectedRedrivenRetriedAndAcknowledged() {
        send();
        apply(frames[1]);
        applyWithReceipt(frames[6]);
        apply(frames[7]);
        kernel.onClock(nowNs);
        nowNs += MS;
        kernel.onClock(nowNs);
        apply(frames[1]);
        applyWithReceipt(frames[8]);
        apply(frames[1]);
        applyWithReceipt(frames[3]);
    }

    private void send() {
        frames[0].putLong(
                HEADER + CommandHeaderDecoder.producerSequenceEncodingOffset(),
                ++producerSequence,
                ByteOrder.LITTLE_ENDIAN);
        apply(frames[0]);
    }

    private void applyWithReceipt(final UnsafeBuffer frame) {
        frame.putBytes(RECEIPT, egress.receipt, 0, egress.receipt.capacity());
        apply(frame);
    }

    private void apply(final UnsafeBuffer frame) {
        if (validator.validate(frame, 0, frame.capacity()) != ResultCode.OK) {
            throw new AssertionError("a frame of the test is wrong");
        }
        kernel.apply(nowNs, SESSION, frame, 0, frame.capacity());
    }

    private static List<Command.Entry> entries() {
        return List.of(
                new Command.Entry(null, Payload.of("x".repeat(180), new Payload.Attribute(2, "price", "int", "12"))));
    }

    private static Command settle(final Disposition disposition) {
        final Command.Settlement settlement = new Command.Settlement(noReceipt(), null, disposition);
        return new Command.SettleMessages(1, Producer.NONE, QUEUE, List.of(settlement));
    }

    private static Receipt noReceipt() {
        return new Receipt(0, 0, 0, 0, 0);
    }

    private static UnsafeBuffer frame(final Command command) {
        final UnsafeBuffer room = new UnsafeBuffer(new byte[4096]);
        final int length = new CommandWriter().write(room, 0, SESSION, command);
        return new UnsafeBuffer(Arrays.copyOf(room.byteArray(), length));
    }
}
