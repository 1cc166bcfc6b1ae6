package io.millrace.kernel;

import io.millrace.codecs.AcknowledgeDecoder;
import io.millrace.codecs.ConfirmedDecoder;
import io.millrace.codecs.DeliveryDecoder;
import io.millrace.codecs.EntryResultsDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReceiptHandleDecoder;
import io.millrace.codecs.RefusedDecoder;
import io.millrace.codecs.SendMessagesDecoder.MessagesDecoder;
import io.millrace.kernel.Command.Producer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A kernel that is fed millions of messages: the frames are written once and patched, the answers are looked at where they lie. The body of
 * a message is its number.
 */
final class BulkKernel {

    static final int BATCH = 256;

    /** Receipts of so many deliveries are kept, the last ones. */
    private static final int KEPT = 16;

    private static final long SESSION = 1;
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int RECEIPTS =
            HEADER + AcknowledgeDecoder.BLOCK_LENGTH + AcknowledgeDecoder.ReceiptsDecoder.HEADER_SIZE;

    /** Bytes behind the body of a payload without ids: the lengths of group id, deduplication id and trace header. */
    private static final int BEHIND_BODY = 3 * Short.BYTES;

    /** Looks at each answer and keeps what the tests ask for. */
    private static final class Answers implements Egress {

        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 * 1024]);
        private final UnsafeBuffer receipts = new UnsafeBuffer(new byte[KEPT * ReceiptHandleDecoder.ENCODED_LENGTH]);
        private LongConsumer deliveries = number -> {};
        private long delivered;
        private long firstValue;
        private int length;

        @Override
        public int claim(final long sessionId, final int claimed) {
            length = claimed;
            return 0;
        }

        @Override
        public MutableDirectBuffer buffer() {
            return buffer;
        }

        @Override
        public void commit() {
            switch (buffer.getShort(MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN)) {
                case DeliveryDecoder.TEMPLATE_ID -> onDelivery();
                case ConfirmedDecoder.TEMPLATE_ID ->
                    firstValue = buffer.getLong(
                            HEADER + ConfirmedDecoder.firstValueEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
                case EntryResultsDecoder.TEMPLATE_ID -> throw new AssertionError("an entry was refused");
                case RefusedDecoder.TEMPLATE_ID ->
                    throw new AssertionError(
                            "refused with code " + buffer.getByte(HEADER + RefusedDecoder.codeEncodingOffset()));
                default -> {
                    // The end of a receive says nothing that its deliveries have not said.
                }
            }
        }

        private void onDelivery() {
            final int receiptLength = ReceiptHandleDecoder.ENCODED_LENGTH;
            receipts.putBytes(
                    (int) (delivered++ % KEPT) * receiptLength,
                    buffer,
                    HEADER + DeliveryDecoder.receiptEncodingOffset(),
                    receiptLength);
            deliveries.accept(buffer.getLong(length - BEHIND_BODY - Long.BYTES, ByteOrder.LITTLE_ENDIAN));
        }
    }

    private final Answers answers = new Answers();
    private final CommandWriter writer = new CommandWriter();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[64 * 1024]);
    final Kernel kernel;
    long nowNs = 1_700_000_000_000_000_000L;

    BulkKernel() {
        this(Limits.nativeProfile()
                .with(LimitId.QUEUES, 2_000_000)
                .with(LimitId.CREDIT_MESSAGES, Integer.MAX_VALUE)
                .with(LimitId.CREDIT_BYTES, Long.MAX_VALUE / 2));
    }

    BulkKernel(final Limits limits) {
        this(limits, RecordLogs.NONE);
    }

    BulkKernel(final Limits limits, final RecordLogs logs) {
        kernel = new Kernel(answers, (blobId, length) -> {}, logs);
        kernel.genesis(nowNs, 1, 2, 3);
        kernel.configure(nowNs, limits);
        kernel.boot(nowNs, 1);
        kernel.openSession(nowNs, SESSION, new UnsafeBuffer(new byte[0]), 0, 0);
    }

    /** Hands on the number of each message that is delivered. */
    void onDelivery(final LongConsumer consumer) {
        answers.deliveries = consumer;
    }

    long createQueue(final String name, final SettingsBuilder settings) {
        return createQueue(name, settings.build());
    }

    long createQueue(final String name, final Settings settings) {
        return make(new Command.CreateQueue(1, Producer.NONE, name, settings));
    }

    /** Applies a command that makes something, and returns its id. */
    long make(final Command command) {
        apply(command);
        return answers.firstValue;
    }

    /** Deliveries so far. */
    long delivered() {
        return answers.delivered;
    }

    /** Copies the receipt of one of the last deliveries. */
    void copyReceipt(final long delivery, final MutableDirectBuffer target, final int offset) {
        final int length = ReceiptHandleDecoder.ENCODED_LENGTH;
        target.putBytes(offset, answers.receipts, (int) (delivery % KEPT) * length, length);
    }

    /** Acknowledges or settles the last deliveries by a frame that ends with room for their receipts and what stands behind each. */
    void end(final UnsafeBuffer frame, final int count) {
        final int stride = (frame.capacity() - RECEIPTS) / count;
        for (int i = 0; i < count; i++) {
            copyReceipt(delivered() - count + i, frame, RECEIPTS + i * stride);
        }
        apply(frame, frame.capacity());
    }

    /** Writes a number as seven digits that end at an offset: what is told apart by an id differs from round to round. */
    static void writeDigits(final UnsafeBuffer frame, final int end, final long number) {
        long left = number;
        for (int i = 1; i <= 7; i++) {
            frame.putByte(end - i, (byte) ('0' + left % 10));
            left /= 10;
        }
    }

    void apply(final Command command) {
        apply(scratch, writer.write(scratch, 0, SESSION, command));
    }

    void apply(final UnsafeBuffer frame, final int length) {
        kernel.apply(nowNs, SESSION, frame, 0, length);
    }

    void query(final UnsafeBuffer frame) {
        kernel.query(nowNs, SESSION, frame, 0, frame.capacity());
    }

    UnsafeBuffer frame(final Command command) {
        final int length = writer.write(scratch, 0, SESSION, command);
        return new UnsafeBuffer(Arrays.copyOf(scratch.byteArray(), length));
    }

    void clock() {
        kernel.onClock(nowNs);
    }

    /** Sends messages without a delay, numbered from 0. */
    void send(final long queueId, final int count) {
        send(queueId, count, number -> 0);
    }

    /** Sends messages numbered from 0, each with its own delay in nanoseconds. */
    void send(final long queueId, final int count, final LongUnaryOperator delayNs) {
        final UnsafeBuffer one = frame(batch(queueId, 1));
        final UnsafeBuffer whole = frame(batch(queueId, BATCH));
        final int stride = (whole.capacity() - one.capacity()) / (BATCH - 1);
        for (int sent = 0; sent < count; sent += BATCH) {
            final int size = Math.min(BATCH, count - sent);
            final UnsafeBuffer frame = size == BATCH ? whole : frame(batch(queueId, size));
            int end = one.capacity();
            for (int i = 0; i < size; i++) {
                frame.putLong(
                        end - stride + MessagesDecoder.delayNsEncodingOffset(),
                        delayNs.applyAsLong(sent + i),
                        ByteOrder.LITTLE_ENDIAN);
                frame.putLong(end - BEHIND_BODY - Long.BYTES, sent + i, ByteOrder.LITTLE_ENDIAN);
                end += stride;
            }
            apply(frame, frame.capacity());
        }
    }

    private static Command batch(final long queueId, final int size) {
        final Command.Entry entry = new Command.Entry(0L, Payload.of("12345678"));
        return new Command.SendMessages(1, Producer.NONE, queueId, Collections.nCopies(size, entry));
    }
}
