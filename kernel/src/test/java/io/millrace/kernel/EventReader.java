package io.millrace.kernel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.codecs.ConfirmedDecoder;
import io.millrace.codecs.ConsumerStoppedDecoder;
import io.millrace.codecs.DeliveryBeginDecoder;
import io.millrace.codecs.DeliveryChunkDecoder;
import io.millrace.codecs.DeliveryDecoder;
import io.millrace.codecs.EntryResultsDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ProducerOpenedDecoder;
import io.millrace.codecs.QueueDescriptionDecoder;
import io.millrace.codecs.QueueListDecoder;
import io.millrace.codecs.ReceiptHandleDecoder;
import io.millrace.codecs.ReceiveEndDecoder;
import io.millrace.codecs.RefusedDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Decodes what one session gets; puts chunked deliveries together and checks that nothing comes between the chunks. */
final class EventReader {

    private static final int LONGEST_CHUNK = 32_768;
    private static final int LONGEST_MESSAGE = 65_536;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final QueueEventReader others = new QueueEventReader();
    private MutableDirectBuffer chunks;
    private DeliveryBeginDecoder begun;
    private int filled;

    /** Hands on the events of one message: none for a part of a chunked delivery, several for a range of confirmations. */
    void read(final DirectBuffer buffer, final int offset, final int length, final Consumer<Event> events) {
        header.wrap(buffer, offset);
        check(header.schemaId() == MessageHeaderDecoder.SCHEMA_ID, "schema " + header.schemaId());
        check(header.version() == MessageHeaderDecoder.SCHEMA_VERSION, "version " + header.version());
        check(
                header.messageLength() == length,
                "message length " + header.messageLength() + " in a claim of " + length);
        check(length <= LONGEST_MESSAGE, "message of " + length + " bytes");
        check(
                begun == null || header.templateId() == DeliveryChunkDecoder.TEMPLATE_ID,
                "template " + header.templateId() + " between chunks");
        final int decoded = switch (header.templateId()) {
            case ConfirmedDecoder.TEMPLATE_ID -> confirmed(buffer, offset, events);
            case RefusedDecoder.TEMPLATE_ID -> refused(buffer, offset, events);
            case EntryResultsDecoder.TEMPLATE_ID -> entryResults(buffer, offset, events);
            case ReceiveEndDecoder.TEMPLATE_ID -> receiveEnd(buffer, offset, events);
            case ProducerOpenedDecoder.TEMPLATE_ID -> producerOpened(buffer, offset, events);
            case QueueDescriptionDecoder.TEMPLATE_ID -> queueDescription(buffer, offset, events);
            case QueueListDecoder.TEMPLATE_ID -> queueList(buffer, offset, events);
            case DeliveryDecoder.TEMPLATE_ID -> delivery(buffer, offset, length, events);
            case DeliveryBeginDecoder.TEMPLATE_ID -> deliveryBegin(buffer, offset, length);
            case DeliveryChunkDecoder.TEMPLATE_ID -> deliveryChunk(buffer, offset, events);
            case ConsumerStoppedDecoder.TEMPLATE_ID -> consumerStopped(buffer, offset, events);
            default -> others.read(header.templateId(), buffer, offset, events);
        };
        check(decoded == length, "decoded " + decoded + " bytes of " + length);
    }

    /** Fails if a chunked delivery was begun and not ended. */
    void checkComplete() {
        check(begun == null, "a delivery lacks chunks");
    }

    private int confirmed(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final ConfirmedDecoder decoder = new ConfirmedDecoder().wrapAndApplyHeader(buffer, offset, header);
        check(decoder.toCorrelationId() >= decoder.fromCorrelationId(), "an empty range");
        check(decoder.reserved() == 0, "reserved is set");
        long value = decoder.firstValue();
        for (long id = decoder.fromCorrelationId(); id <= decoder.toCorrelationId(); id++) {
            events.accept(new Event.Confirmed(id, value, decoder.valuesPerCommand()));
            value += decoder.valuesPerCommand();
        }
        return MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength();
    }

    private int refused(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final RefusedDecoder decoder = new RefusedDecoder().wrapAndApplyHeader(buffer, offset, header);
        events.accept(new Event.Refused(
                decoder.correlationId(),
                decoder.code(),
                decoder.limitId(),
                decoder.limitValue(),
                decoder.actualValue(),
                decoder.entryIndex()));
        return MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength();
    }

    private int entryResults(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final EntryResultsDecoder decoder = new EntryResultsDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<Event.EntryResult> results = new ArrayList<>();
        for (final EntryResultsDecoder.ResultsDecoder result : decoder.results()) {
            results.add(new Event.EntryResult(
                    result.entryIndex(), result.code(), result.limitId(), result.limitValue(), result.actualValue()));
        }
        events.accept(new Event.EntryResults(decoder.correlationId(), results));
        return MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength();
    }

    private int receiveEnd(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final ReceiveEndDecoder decoder = new ReceiveEndDecoder().wrapAndApplyHeader(buffer, offset, header);
        events.accept(new Event.ReceiveEnd(
                decoder.correlationId(), decoder.queueId(), decoder.messageCount(), decoder.code()));
        return MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength();
    }

    private int producerOpened(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final ProducerOpenedDecoder decoder = new ProducerOpenedDecoder().wrapAndApplyHeader(buffer, offset, header);
        events.accept(new Event.ProducerOpened(
                decoder.correlationId(), decoder.producerId(), decoder.lastSequence(), decoder.producerEpoch()));
        return MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength();
    }

    private int queueDescription(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final QueueDescriptionDecoder decoder =
                new QueueDescriptionDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<Long> sources = new ArrayList<>();
        final QueueDescriptionDecoder.RedriveSourcesDecoder group = decoder.redriveSources();
        while (group.hasNext()) {
            sources.add(group.next().queueId());
        }
        final byte[] name = new byte[decoder.nameLength()];
        decoder.getName(name, 0, name.length);
        events.accept(new Event.QueueDescription(
                decoder.correlationId(),
                decoder.queueId(),
                new String(name, ISO_8859_1),
                decoder.createdTimeNs(),
                decoder.changedTimeNs(),
                decoder.availableCount(),
                decoder.delayedCount(),
                decoder.inFlightCount(),
                decoder.reclaimingCount(),
                decoder.oldestTimeNs(),
                Settings.read(decoder.settings(), sources)));
        return MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength();
    }

    private int queueList(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final QueueListDecoder decoder = new QueueListDecoder().wrapAndApplyHeader(buffer, offset, header);
        final List<Event.QueueEntry> queues = new ArrayList<>();
        for (final QueueListDecoder.QueuesDecoder queue : decoder.queues()) {
            final long queueId = queue.queueId();
            final byte[] name = new byte[queue.nameLength()];
            queue.getName(name, 0, name.length);
            queues.add(new Event.QueueEntry(queueId, new String(name, ISO_8859_1)));
        }
        events.accept(new Event.QueueList(decoder.correlationId(), decoder.nextAfterQueueId(), queues));
        return MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength();
    }

    private int delivery(final DirectBuffer buffer, final int offset, final int length, final Consumer<Event> events) {
        final DeliveryDecoder decoder = new DeliveryDecoder().wrapAndApplyHeader(buffer, offset, header);
        final int payloadOffset = decoder.offset() + decoder.sbeBlockLength();
        final Receipt receipt = receipt(decoder.receipt());
        final Event.Delivery delivery = new Event.Delivery(
                decoder.correlationId(),
                decoder.queueId(),
                decoder.messageId(),
                decoder.sequenceNumber(),
                decoder.sentTimeNs(),
                decoder.firstReceivedTimeNs(),
                decoder.deadLetterSourceId(),
                receipt.deliveryNumber(),
                decoder.receiveCount(),
                decoder.failedCount(),
                decoder.priority(),
                decoder.flags().redelivered(),
                decoder.flags().pushed(),
                decoder.flags().moved(),
                decoder.flags().settled(),
                false,
                Payload.decode(buffer, payloadOffset, offset + length - payloadOffset),
                receipt);
        final Event event = decoder.flags().replayed() ? new ArchiveEvent.Replayed(delivery) : delivery;
        events.accept(decoder.flags().claim() ? claim(delivery) : event);
        return length;
    }

    private static Event claim(final Event.Delivery delivery) {
        final DirectBuffer body =
                new UnsafeBuffer(Payload.raw(delivery.payload().body()));
        return new Event.Claim(delivery, BlobReference.read(body, 0));
    }

    private int deliveryBegin(final DirectBuffer buffer, final int offset, final int length) {
        final MutableDirectBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, buffer, offset, length);
        begun = new DeliveryBeginDecoder().wrapAndApplyHeader(copy, 0, header);
        final int messageLength = MessageHeaderDecoder.ENCODED_LENGTH
                + DeliveryDecoder.BLOCK_LENGTH
                + Math.toIntExact(begun.payloadLength());
        check(messageLength > LONGEST_MESSAGE, "a message of " + messageLength + " bytes in chunks");
        chunks = new UnsafeBuffer(new byte[Math.toIntExact(begun.payloadLength())]);
        filled = 0;
        return MessageHeaderDecoder.ENCODED_LENGTH + begun.encodedLength();
    }

    private int deliveryChunk(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        check(begun != null, "a chunk of nothing");
        final DeliveryChunkDecoder decoder = new DeliveryChunkDecoder().wrapAndApplyHeader(buffer, offset, header);
        check(decoder.payloadOffset() == filled, "chunk at " + decoder.payloadOffset() + " after " + filled + " bytes");
        final int chunkLength = decoder.chunkLength();
        check(chunkLength > 0 && chunkLength <= LONGEST_CHUNK, "chunk of " + chunkLength + " bytes");
        decoder.getChunk(chunks, filled, chunkLength);
        filled += chunkLength;
        if (filled == chunks.capacity()) {
            events.accept(wholeDelivery());
            begun = null;
        }
        return MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength();
    }

    private Event wholeDelivery() {
        final Receipt receipt = receipt(begun.receipt());
        final Event.Delivery delivery = new Event.Delivery(
                begun.correlationId(),
                begun.queueId(),
                begun.messageId(),
                begun.sequenceNumber(),
                begun.sentTimeNs(),
                begun.firstReceivedTimeNs(),
                begun.deadLetterSourceId(),
                receipt.deliveryNumber(),
                begun.receiveCount(),
                begun.failedCount(),
                begun.priority(),
                begun.flags().redelivered(),
                begun.flags().pushed(),
                begun.flags().moved(),
                begun.flags().settled(),
                true,
                Payload.decode(chunks, 0, filled),
                receipt);
        return begun.flags().replayed() ? new ArchiveEvent.Replayed(delivery) : delivery;
    }

    private int consumerStopped(final DirectBuffer buffer, final int offset, final Consumer<Event> events) {
        final ConsumerStoppedDecoder decoder = new ConsumerStoppedDecoder().wrapAndApplyHeader(buffer, offset, header);
        events.accept(new Event.ConsumerStopped(decoder.correlationId(), decoder.queueId(), decoder.code()));
        return MessageHeaderDecoder.ENCODED_LENGTH + decoder.encodedLength();
    }

    private static Receipt receipt(final ReceiptHandleDecoder decoder) {
        return new Receipt(
                decoder.slot(), decoder.generation(), decoder.deliveryNumber(), decoder.reserved(), decoder.tag());
    }

    private static void check(final boolean holds, final String complaint) {
        if (!holds) {
            throw new AssertionError(complaint);
        }
    }
}
