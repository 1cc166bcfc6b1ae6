package io.millrace.perf.bench;

import io.millrace.codecs.ConfirmedDecoder;
import io.millrace.codecs.DeliveryDecoder;
import io.millrace.codecs.EntryResultsDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ReceiptHandleDecoder;
import io.millrace.codecs.RefusedDecoder;
import io.millrace.kernel.Egress;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Where a kernel without a server writes its answers: the last receipts and the last value are kept. */
final class ScaleAnswers implements Egress {
    /** Receipts that are kept. */
    static final int MOST_RECEIPTS = 10;

    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64 * 1024]);
    private final UnsafeBuffer receipts =
            new UnsafeBuffer(new byte[MOST_RECEIPTS * ReceiptHandleDecoder.ENCODED_LENGTH]);
    private long deliveries;
    private long value;

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
        switch (buffer.getShort(MessageHeaderDecoder.templateIdEncodingOffset(), ByteOrder.LITTLE_ENDIAN)) {
            case DeliveryDecoder.TEMPLATE_ID -> {
                receipts.putBytes(
                        index(deliveries),
                        buffer,
                        HEADER + DeliveryDecoder.receiptEncodingOffset(),
                        ReceiptHandleDecoder.ENCODED_LENGTH);
                deliveries++;
            }
            case ConfirmedDecoder.TEMPLATE_ID ->
                value = buffer.getLong(HEADER + ConfirmedDecoder.firstValueEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
            case RefusedDecoder.TEMPLATE_ID, EntryResultsDecoder.TEMPLATE_ID ->
                throw new IllegalStateException("the kernel refused a command of the benchmark");
            default -> {
                // The end of a receive says nothing new.
            }
        }
    }

    /** Copies the receipts of the last deliveries, in their order. */
    void copyReceipts(final int count, final MutableDirectBuffer target, final int offset) {
        for (int i = 0; i < count; i++) {
            target.putBytes(
                    offset + i * ReceiptHandleDecoder.ENCODED_LENGTH,
                    receipts,
                    index(deliveries - count + i),
                    ReceiptHandleDecoder.ENCODED_LENGTH);
        }
    }

    private static int index(final long delivery) {
        return (int) (delivery % MOST_RECEIPTS) * ReceiptHandleDecoder.ENCODED_LENGTH;
    }

    long deliveries() {
        return deliveries;
    }

    long confirmedValue() {
        return value;
    }
}
