package io.millrace.client;

import io.millrace.codecs.BlobDescriptionDecoder;
import io.millrace.codecs.BlobListDecoder;
import io.millrace.codecs.BrowseEndDecoder;
import io.millrace.codecs.BrowsedMessageDecoder;
import io.millrace.codecs.ConfirmedDecoder;
import io.millrace.codecs.ConsumerStoppedDecoder;
import io.millrace.codecs.DeliveryBeginDecoder;
import io.millrace.codecs.DeliveryChunkDecoder;
import io.millrace.codecs.DeliveryDecoder;
import io.millrace.codecs.EntryResultsDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.ProducerOpenedDecoder;
import io.millrace.codecs.QueueAccessDecoder;
import io.millrace.codecs.QueueAlarmDecoder;
import io.millrace.codecs.QueueDescriptionDecoder;
import io.millrace.codecs.QueueListDecoder;
import io.millrace.codecs.QueueTagsDecoder;
import io.millrace.codecs.ReceiveEndDecoder;
import io.millrace.codecs.RedriveListDecoder;
import io.millrace.codecs.RefusedDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendResultsDecoder;
import io.millrace.codecs.SessionEventDecoder;
import io.millrace.codecs.SubscriptionDescriptionDecoder;
import io.millrace.codecs.SubscriptionListDecoder;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TopicDescriptionDecoder;
import io.millrace.codecs.TopicListDecoder;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;

/**
 * Decodes one message of the server and says what it means. Nothing is believed: a block shorter than this version's, a
 * group or text that ends outside the message, makes the message malformed.
 */
final class EgressAdapter implements EgressReader.MessageSink {
    private final SessionEventDecoder sessionEvent = new SessionEventDecoder();
    private final ConfirmedDecoder confirmed = new ConfirmedDecoder();
    private final RefusedDecoder refused = new RefusedDecoder();
    private final ReceiveEndDecoder receiveEnd = new ReceiveEndDecoder();
    private final ProducerOpenedDecoder producerOpened = new ProducerOpenedDecoder();
    private final ConsumerStoppedDecoder consumerStopped = new ConsumerStoppedDecoder();
    private final QueueAlarmDecoder queueAlarm = new QueueAlarmDecoder();
    private final QueryAdapter queryAdapter;
    private final StreamAdapter streamAdapter;
    private final GroupAdapter groupAdapter;
    private final EgressEvents events;
    private final Delivery delivery;
    private final LargeDelivery largeDelivery = new LargeDelivery();
    private final ClientCounters counters;
    private final ErrorHandler errorHandler;
    private DirectBuffer buffer;
    private int block;
    private int blockLength;
    private int version;
    private int limit;

    EgressAdapter(
            final EgressEvents events,
            final Delivery delivery,
            final ClientCounters counters,
            final ErrorHandler errorHandler) {
        this.events = events;
        this.queryAdapter = new QueryAdapter(events);
        this.streamAdapter = new StreamAdapter(events);
        this.groupAdapter = new GroupAdapter(events);
        this.delivery = delivery;
        this.counters = counters;
        this.errorHandler = errorHandler;
    }

    /** A new session begins: half a large delivery of the old one is forgotten. */
    void onSession(final int maxMessageBytes) {
        largeDelivery.onSession(maxMessageBytes);
    }

    @Override
    public boolean onMessage(final DirectBuffer source, final int offset, final int length) {
        buffer = source;
        block = offset + Wire.HEADER_LENGTH;
        blockLength = source.getShort(offset, Wire.ORDER) & 0xFFFF;
        version = source.getShort(offset + MessageHeaderDecoder.versionEncodingOffset(), Wire.ORDER) & 0xFFFF;
        limit = offset + length;
        if (blockLength > length - Wire.HEADER_LENGTH) {
            return false;
        }
        final int templateId =
                source.getShort(offset + MessageHeaderDecoder.templateIdEncodingOffset(), Wire.ORDER) & 0xFFFF;
        try {
            return dispatch(templateId);
        } catch (final Exception exception) {
            // Only code of the application throws here, and its fault must not cost the messages behind this one.
            errorHandler.onError(exception);
            return true;
        }
    }

    private boolean dispatch(final int templateId) {
        switch (templateId) {
            case DeliveryDecoder.TEMPLATE_ID:
                return onDelivery();
            case ConfirmedDecoder.TEMPLATE_ID:
                return onConfirmed();
            case ReceiveEndDecoder.TEMPLATE_ID:
                return onReceiveEnd();
            case RefusedDecoder.TEMPLATE_ID:
                return onRefused();
            case EntryResultsDecoder.TEMPLATE_ID:
                return onEntryResults();
            case DeliveryBeginDecoder.TEMPLATE_ID:
                return hasBlock(DeliveryBeginDecoder.BLOCK_LENGTH) && largeDelivery.onBegin(buffer, block);
            case DeliveryChunkDecoder.TEMPLATE_ID:
                return onDeliveryChunk();
            case SessionEventDecoder.TEMPLATE_ID:
                return onSessionEvent();
            case ProducerOpenedDecoder.TEMPLATE_ID:
                return onProducerOpened();
            case SendResultsDecoder.TEMPLATE_ID:
                return onSendResults();
            case QueueAlarmDecoder.TEMPLATE_ID:
                return onQueueAlarm();
            case ConsumerStoppedDecoder.TEMPLATE_ID:
                return onConsumerStopped();
            case QueueDescriptionDecoder.TEMPLATE_ID:
            case QueueListDecoder.TEMPLATE_ID:
            case QueueTagsDecoder.TEMPLATE_ID:
            case QueueAccessDecoder.TEMPLATE_ID:
            case RedriveListDecoder.TEMPLATE_ID:
            case BrowsedMessageDecoder.TEMPLATE_ID:
            case BrowseEndDecoder.TEMPLATE_ID:
            case TopicDescriptionDecoder.TEMPLATE_ID:
            case TopicListDecoder.TEMPLATE_ID:
            case SubscriptionDescriptionDecoder.TEMPLATE_ID:
            case SubscriptionListDecoder.TEMPLATE_ID:
            case BlobDescriptionDecoder.TEMPLATE_ID:
            case BlobListDecoder.TEMPLATE_ID:
                return queryAdapter.onMessage(templateId, buffer, block, blockLength, version, limit);
            default:
                return onStreams(templateId);
        }
    }

    private boolean onStreams(final int templateId) {
        if (StreamAdapter.knows(templateId)) {
            streamAdapter.wrap(buffer, block, blockLength, version, limit);
            return streamAdapter.onMessage(templateId);
        }
        if (GroupAdapter.knows(templateId)) {
            groupAdapter.wrap(buffer, block, blockLength, version, limit);
            return groupAdapter.onMessage(templateId);
        }
        counters.unknownTemplates++;
        return true;
    }

    private boolean hasBlock(final int needed) {
        return blockLength >= needed;
    }

    private boolean onDelivery() {
        if (!hasBlock(DeliveryDecoder.BLOCK_LENGTH)
                || !delivery.wrap(buffer, block, buffer, block + blockLength, limit)) {
            return false;
        }
        events.onDelivery(delivery);
        return true;
    }

    private boolean onDeliveryChunk() {
        final int lengthOffset = block + blockLength;
        if (!hasBlock(DeliveryChunkDecoder.BLOCK_LENGTH) || limit - lengthOffset < Wire.DATA_HEADER_LENGTH) {
            return false;
        }
        final int chunkOffset = lengthOffset + Wire.DATA_HEADER_LENGTH;
        final int chunkLength = buffer.getInt(lengthOffset, Wire.ORDER);
        if (chunkLength < 0 || chunkLength > limit - chunkOffset) {
            return false;
        }
        final int payloadOffset = buffer.getInt(block + DeliveryChunkDecoder.payloadOffsetEncodingOffset(), Wire.ORDER);
        if (!largeDelivery.onChunk(payloadOffset, buffer, chunkOffset, chunkLength)) {
            return false;
        }
        if (largeDelivery.isComplete()) {
            if (!largeDelivery.take(delivery)) {
                return false;
            }
            events.onDelivery(delivery);
        }
        return true;
    }

    private boolean onConfirmed() {
        if (!hasBlock(ConfirmedDecoder.BLOCK_LENGTH)) {
            return false;
        }
        confirmed.wrap(buffer, block, blockLength, version);
        final long from = confirmed.fromCorrelationId();
        final long to = confirmed.toCorrelationId();
        if (from > to) {
            return false;
        }
        events.onConfirmed(from, to, confirmed.firstValue(), (int) confirmed.valuesPerCommand());
        return true;
    }

    private boolean onRefused() {
        if (!hasBlock(RefusedDecoder.BLOCK_LENGTH)) {
            return false;
        }
        refused.wrap(buffer, block, blockLength, version);
        events.onRefused(
                refused.correlationId(),
                refused.entryIndex(),
                code(block + RefusedDecoder.codeEncodingOffset()),
                limitId(block + RefusedDecoder.limitIdEncodingOffset()),
                refused.limitValue(),
                refused.actualValue());
        return true;
    }

    private boolean onEntryResults() {
        final int group = block + blockLength;
        if (!hasBlock(EntryResultsDecoder.BLOCK_LENGTH) || limit - group < Wire.GROUP_HEADER_LENGTH) {
            return false;
        }
        final int entryLength = buffer.getShort(group, Wire.ORDER) & 0xFFFF;
        final int count = buffer.getShort(group + 2, Wire.ORDER) & 0xFFFF;
        final int entries = group + Wire.GROUP_HEADER_LENGTH;
        if (count > 0 && entryLength < EntryResultsDecoder.ResultsDecoder.sbeBlockLength()
                || (long) count * entryLength > limit - entries) {
            return false;
        }
        final long correlationId = buffer.getLong(block, Wire.ORDER);
        final DirectBuffer source = buffer;
        events.onEntryResults(correlationId);
        for (int i = 0; i < count; i++) {
            final int entry = entries + i * entryLength;
            events.onEntryResult(
                    correlationId,
                    source.getShort(entry + EntryResultsDecoder.ResultsDecoder.entryIndexEncodingOffset(), Wire.ORDER)
                            & 0xFFFF,
                    code(entry + EntryResultsDecoder.ResultsDecoder.codeEncodingOffset()),
                    limitId(entry + EntryResultsDecoder.ResultsDecoder.limitIdEncodingOffset()),
                    source.getLong(entry + EntryResultsDecoder.ResultsDecoder.limitValueEncodingOffset(), Wire.ORDER),
                    source.getLong(entry + EntryResultsDecoder.ResultsDecoder.actualValueEncodingOffset(), Wire.ORDER));
        }
        return true;
    }

    private boolean onReceiveEnd() {
        if (!hasBlock(ReceiveEndDecoder.BLOCK_LENGTH)) {
            return false;
        }
        receiveEnd.wrap(buffer, block, blockLength, version);
        events.onReceiveEnd(
                receiveEnd.correlationId(),
                receiveEnd.queueId(),
                (int) receiveEnd.messageCount(),
                code(block + ReceiveEndDecoder.codeEncodingOffset()));
        return true;
    }

    private boolean onProducerOpened() {
        if (!hasBlock(ProducerOpenedDecoder.BLOCK_LENGTH)) {
            return false;
        }
        producerOpened.wrap(buffer, block, blockLength, version);
        events.onProducerOpened(
                producerOpened.correlationId(),
                producerOpened.producerId(),
                producerOpened.producerEpoch(),
                producerOpened.lastSequence());
        return true;
    }

    private boolean onConsumerStopped() {
        if (!hasBlock(ConsumerStoppedDecoder.BLOCK_LENGTH)) {
            return false;
        }
        consumerStopped.wrap(buffer, block, blockLength, version);
        events.onConsumerStopped(
                consumerStopped.correlationId(),
                consumerStopped.queueId(),
                code(block + ConsumerStoppedDecoder.codeEncodingOffset()));
        return true;
    }

    private boolean onSessionEvent() {
        if (!hasBlock(SessionEventDecoder.BLOCK_LENGTH)) {
            return false;
        }
        sessionEvent.wrap(buffer, block, blockLength, version);
        events.onSessionEvent(
                sessionEvent.sessionId(),
                sessionEvent.bootEpoch(),
                sessionEvent.sessionTimeoutNs(),
                (int) Math.min(sessionEvent.maxFrameBytes(), Integer.MAX_VALUE),
                (int) Math.min(sessionEvent.maxMessageBytes(), Integer.MAX_VALUE),
                code(block + SessionEventDecoder.codeEncodingOffset()),
                limitId(block + SessionEventDecoder.limitIdEncodingOffset()),
                sessionEvent.limitValue(),
                sessionEvent.actualValue());
        return true;
    }

    private boolean onSendResults() {
        final int group = block + blockLength;
        if (!hasBlock(SendResultsDecoder.BLOCK_LENGTH) || limit - group < Wire.GROUP_HEADER_LENGTH) {
            return false;
        }
        final int entryLength = buffer.getShort(group, Wire.ORDER) & 0xFFFF;
        final int count = buffer.getShort(group + 2, Wire.ORDER) & 0xFFFF;
        final int entries = group + Wire.GROUP_HEADER_LENGTH;
        if (count > 0 && entryLength < SendResultsDecoder.ResultsDecoder.sbeBlockLength()
                || (long) count * entryLength > limit - entries) {
            return false;
        }
        final long correlationId = buffer.getLong(block, Wire.ORDER);
        events.onSendResults(correlationId);
        for (int i = 0; i < count; i++) {
            onSendResult(correlationId, i, entries + i * entryLength);
        }
        return true;
    }

    private void onSendResult(final long correlationId, final int index, final int entry) {
        events.onSendResult(
                correlationId,
                index,
                buffer.getLong(entry + SendResultsDecoder.ResultsDecoder.messageIdEncodingOffset(), Wire.ORDER),
                buffer.getLong(entry + SendResultsDecoder.ResultsDecoder.sequenceNumberEncodingOffset(), Wire.ORDER),
                buffer.getByte(entry + SendResultsDecoder.ResultsDecoder.duplicateEncodingOffset())
                        == Switch.ON.value(),
                code(entry + SendResultsDecoder.ResultsDecoder.codeEncodingOffset()),
                limitId(entry + SendResultsDecoder.ResultsDecoder.limitIdEncodingOffset()),
                buffer.getLong(entry + SendResultsDecoder.ResultsDecoder.limitValueEncodingOffset(), Wire.ORDER),
                buffer.getLong(entry + SendResultsDecoder.ResultsDecoder.actualValueEncodingOffset(), Wire.ORDER));
    }

    private boolean onQueueAlarm() {
        if (!hasBlock(QueueAlarmDecoder.BLOCK_LENGTH)) {
            return false;
        }
        queueAlarm.wrap(buffer, block, blockLength, version);
        events.onQueueAlarm(
                queueAlarm.queueId(), Codes.alarmKind(queueAlarm.kindRaw()), queueAlarm.value(), queueAlarm.timeNs());
        return true;
    }

    private ResultCode code(final int offset) {
        return Codes.result(buffer.getByte(offset));
    }

    private LimitId limitId(final int offset) {
        return Codes.limit(buffer.getByte(offset));
    }
}
