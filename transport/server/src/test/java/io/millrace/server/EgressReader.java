package io.millrace.server;

import io.millrace.codecs.ConfirmedDecoder;
import io.millrace.codecs.DeliveryBeginDecoder;
import io.millrace.codecs.DeliveryChunkDecoder;
import io.millrace.codecs.DeliveryDecoder;
import io.millrace.codecs.EntryResultsDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ProducerOpenedDecoder;
import io.millrace.codecs.QueueDescriptionDecoder;
import io.millrace.codecs.ReceiptHandleDecoder;
import io.millrace.codecs.ReceiveEndDecoder;
import io.millrace.codecs.RefusedDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SessionEventDecoder;
import java.util.List;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/** Decodes egress frames, one or more messages each, into events. */
final class EgressReader {

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final StreamReader streams = new StreamReader();

    void read(final DirectBuffer buffer, final int offset, final int length, final List<Event> events) {
        int at = 0;
        while (at < length) {
            header.wrap(buffer, offset + at);
            final int messageLength = (int) header.messageLength();
            if (messageLength < MessageHeaderDecoder.ENCODED_LENGTH || messageLength > length - at) {
                throw new AssertionError(
                        "message of " + messageLength + " bytes at " + at + " in a frame of " + length);
            }
            if (!streams.read(buffer, offset + at, header, events)) {
                events.add(decode(buffer, offset + at));
            }
            at += BitUtil.align(messageLength, Long.BYTES);
        }
    }

    private Event decode(final DirectBuffer buffer, final int offset) {
        final long sequence = header.frameSequence();
        switch (header.templateId()) {
            case SessionEventDecoder.TEMPLATE_ID -> {
                final SessionEventDecoder e = new SessionEventDecoder().wrapAndApplyHeader(buffer, offset, header);
                return answer("SessionEvent", e.correlationId(), e.sessionId(), 0, e.code());
            }
            case ConfirmedDecoder.TEMPLATE_ID -> {
                final ConfirmedDecoder e = new ConfirmedDecoder().wrapAndApplyHeader(buffer, offset, header);
                return Event.of(
                        "Confirmed",
                        sequence,
                        e.fromCorrelationId(),
                        e.toCorrelationId(),
                        e.firstValue(),
                        e.valuesPerCommand(),
                        ResultCode.OK);
            }
            case RefusedDecoder.TEMPLATE_ID -> {
                final RefusedDecoder e = new RefusedDecoder().wrapAndApplyHeader(buffer, offset, header);
                return answer("Refused", e.correlationId(), e.limitValue(), 0, e.code());
            }
            case EntryResultsDecoder.TEMPLATE_ID -> {
                final EntryResultsDecoder e = new EntryResultsDecoder().wrapAndApplyHeader(buffer, offset, header);
                final EntryResultsDecoder.ResultsDecoder results = e.results();
                final int count = results.count();
                return answer(
                        "EntryResults",
                        e.correlationId(),
                        0,
                        count,
                        results.next().code());
            }
            case ReceiveEndDecoder.TEMPLATE_ID -> {
                final ReceiveEndDecoder e = new ReceiveEndDecoder().wrapAndApplyHeader(buffer, offset, header);
                return answer("ReceiveEnd", e.correlationId(), e.queueId(), e.messageCount(), e.code());
            }
            case ProducerOpenedDecoder.TEMPLATE_ID -> {
                final ProducerOpenedDecoder e = new ProducerOpenedDecoder().wrapAndApplyHeader(buffer, offset, header);
                return answer("ProducerOpened", e.correlationId(), e.producerId(), e.producerEpoch(), ResultCode.OK);
            }
            default -> {
                return decodeMore(buffer, offset, sequence);
            }
        }
    }

    private Event decodeMore(final DirectBuffer buffer, final int offset, final long sequence) {
        switch (header.templateId()) {
            case DeliveryDecoder.TEMPLATE_ID -> {
                final DeliveryDecoder e = new DeliveryDecoder().wrapAndApplyHeader(buffer, offset, header);
                final byte[] receipt = receipt(buffer, e.receipt().offset());
                final int flags = e.flags().getRaw();
                e.attributes().forEach(a -> {
                    a.skipName();
                    a.skipCustomType();
                    a.skipValue();
                });
                final byte[] body = new byte[e.bodyLength()];
                e.getBody(body, 0, body.length);
                return new Event(
                        "Delivery",
                        sequence,
                        e.correlationId(),
                        e.correlationId(),
                        e.messageId(),
                        e.receiveCount(),
                        ResultCode.OK,
                        receipt,
                        flags,
                        body);
            }
            case DeliveryBeginDecoder.TEMPLATE_ID -> {
                final DeliveryBeginDecoder e = new DeliveryBeginDecoder().wrapAndApplyHeader(buffer, offset, header);
                return new Event(
                        "DeliveryBegin",
                        sequence,
                        e.correlationId(),
                        e.correlationId(),
                        e.messageId(),
                        e.payloadLength(),
                        ResultCode.OK,
                        receipt(buffer, e.receipt().offset()),
                        e.flags().getRaw(),
                        new byte[0]);
            }
            case DeliveryChunkDecoder.TEMPLATE_ID -> {
                final DeliveryChunkDecoder e = new DeliveryChunkDecoder().wrapAndApplyHeader(buffer, offset, header);
                final byte[] chunk = new byte[e.chunkLength()];
                e.getChunk(chunk, 0, chunk.length);
                return new Event(
                        "DeliveryChunk", sequence, 0, 0, e.payloadOffset(), 0, ResultCode.OK, new byte[0], 0, chunk);
            }
            case QueueDescriptionDecoder.TEMPLATE_ID -> {
                final QueueDescriptionDecoder e =
                        new QueueDescriptionDecoder().wrapAndApplyHeader(buffer, offset, header);
                return answer("QueueDescription", e.correlationId(), e.queueId(), e.availableCount(), ResultCode.OK);
            }
            default -> throw new AssertionError("template " + header.templateId() + " in the egress");
        }
    }

    private Event answer(
            final String type, final long correlationId, final long value, final long count, final ResultCode code) {
        return Event.of(type, header.frameSequence(), correlationId, correlationId, value, count, code);
    }

    private static byte[] receipt(final DirectBuffer buffer, final int offset) {
        final byte[] receipt = new byte[ReceiptHandleDecoder.ENCODED_LENGTH];
        buffer.getBytes(offset, receipt);
        return receipt;
    }
}
