package io.millrace.kernel;

import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.ConfirmedEncoder;
import io.millrace.codecs.ConsumerStoppedEncoder;
import io.millrace.codecs.EntryResultsEncoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.ProducerOpenedEncoder;
import io.millrace.codecs.PutResultsEncoder;
import io.millrace.codecs.QueueAlarmEncoder;
import io.millrace.codecs.ReceiveEndEncoder;
import io.millrace.codecs.RefusedEncoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendResultsEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Encodes answers into the host's {@link Egress}; deliveries have an encoder of their own. */
final class Reply {
    private static final int GROUP_HEADER_LENGTH = 4;

    private final Egress egress;
    private final KernelCounters counters;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ConfirmedEncoder confirmed = new ConfirmedEncoder();
    private final RefusedEncoder refused = new RefusedEncoder();
    private final EntryResultsEncoder entryResults = new EntryResultsEncoder();
    private final SendResultsEncoder sendResults = new SendResultsEncoder();
    private final PutResultsEncoder putResults = new PutResultsEncoder();
    private final QueueAlarmEncoder queueAlarm = new QueueAlarmEncoder();
    private final ReceiveEndEncoder receiveEnd = new ReceiveEndEncoder();
    private final ProducerOpenedEncoder producerOpened = new ProducerOpenedEncoder();
    private final ConsumerStoppedEncoder consumerStopped = new ConsumerStoppedEncoder();

    Reply(final Egress egress, final KernelCounters counters) {
        this.egress = egress;
        this.counters = counters;
    }

    void confirmed(final long sessionId, final long correlationId, final long firstValue, final int valueCount) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + ConfirmedEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(sessionId, length);
        confirmed
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .fromCorrelationId(correlationId)
                .toCorrelationId(correlationId)
                .firstValue(firstValue)
                .valuesPerCommand(valueCount)
                .reserved(0);
        commit(length);
    }

    void refused(
            final long sessionId,
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        counters.refusals++;
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + RefusedEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(sessionId, length);
        refused.wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .limitValue(limit)
                .actualValue(actual)
                .entryIndex(entryIndex)
                .code(code)
                .limitId(limitId);
        commit(length);
    }

    /** Sends a results group, its header included, as {@link EntryCodes} collected it. */
    void entryResults(
            final long sessionId,
            final long correlationId,
            final DirectBuffer group,
            final int groupOffset,
            final int groupLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + EntryResultsEncoder.BLOCK_LENGTH + groupLength;
        final int offset = egress.claim(sessionId, length);
        final MutableDirectBuffer buffer = egress.buffer();
        entryResults.wrapAndApplyHeader(buffer, offset, header).correlationId(correlationId);
        buffer.putBytes(offset + length - groupLength, group, groupOffset, groupLength);
        counters.refusals += (groupLength - GROUP_HEADER_LENGTH) / EntryResultsEncoder.ResultsEncoder.sbeBlockLength();
        commit(length);
    }

    /** Sends a results group, its header included, as {@link SendOutcomes} collected it. */
    void sendResults(
            final long sessionId,
            final long correlationId,
            final DirectBuffer group,
            final int groupOffset,
            final int groupLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + SendResultsEncoder.BLOCK_LENGTH + groupLength;
        final int offset = egress.claim(sessionId, length);
        final MutableDirectBuffer buffer = egress.buffer();
        sendResults.wrapAndApplyHeader(buffer, offset, header).correlationId(correlationId);
        buffer.putBytes(offset + length - groupLength, group, groupOffset, groupLength);
        commit(length);
    }

    /** Sends a results group, its header included, as {@link PutOutcomes} collected it. */
    void putResults(
            final long sessionId,
            final long correlationId,
            final DirectBuffer group,
            final int groupOffset,
            final int groupLength) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + PutResultsEncoder.BLOCK_LENGTH + groupLength;
        final int offset = egress.claim(sessionId, length);
        final MutableDirectBuffer buffer = egress.buffer();
        putResults.wrapAndApplyHeader(buffer, offset, header).correlationId(correlationId);
        buffer.putBytes(offset + length - groupLength, group, groupOffset, groupLength);
        commit(length);
    }

    void receiveEnd(
            final long sessionId,
            final long correlationId,
            final long queueId,
            final int messageCount,
            final ResultCode code) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + ReceiveEndEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(sessionId, length);
        receiveEnd
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .queueId(queueId)
                .messageCount(messageCount)
                .code(code);
        commit(length);
    }

    void producerOpened(
            final long sessionId,
            final long correlationId,
            final long producerId,
            final int epoch,
            final long lastSequence) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + ProducerOpenedEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(sessionId, length);
        producerOpened
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .producerId(producerId)
                .lastSequence(lastSequence)
                .producerEpoch(epoch);
        commit(length);
    }

    void consumerStopped(final long sessionId, final long correlationId, final long queueId, final ResultCode code) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + ConsumerStoppedEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(sessionId, length);
        consumerStopped
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .correlationId(correlationId)
                .queueId(queueId)
                .code(code);
        commit(length);
    }

    void queueAlarm(
            final long sessionId, final long queueId, final long timeNs, final long value, final AlarmKind kind) {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + QueueAlarmEncoder.BLOCK_LENGTH;
        final int offset = egress.claim(sessionId, length);
        queueAlarm
                .wrapAndApplyHeader(egress.buffer(), offset, header)
                .queueId(queueId)
                .timeNs(timeNs)
                .value(value)
                .kind(kind);
        commit(length);
    }

    private void commit(final int length) {
        header.messageLength(length).frameSequence(0);
        egress.commit();
    }
}
