package io.millrace.client;

import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes down, a line each, what a client is told.
 */
final class Recorder implements ClientListener, MessageHandler {
    final List<String> events = new ArrayList<>();

    List<String> take() {
        final List<String> result = List.copyOf(events);
        events.clear();
        return result;
    }

    @Override
    public void onMessage(final Delivery delivery) {
        events.add("message " + delivery.queueId() + " #" + delivery.sequenceNumber() + " " + delivery.bodyText());
    }

    @Override
    public void onConfirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
        events.add("confirmed " + from + "-" + to + " " + firstValue + "x" + valuesPerCommand);
    }

    @Override
    public void onRefused(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        events.add("refused " + correlationId + "[" + entryIndex + "] " + code + " " + limitId + " " + limit + " "
                + actual);
    }

    @Override
    public void onEntryResult(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        events.add(
                "entry " + correlationId + "[" + entryIndex + "] " + code + " " + limitId + " " + limit + " " + actual);
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
        events.add("sent " + correlationId + "[" + entryIndex + "] " + messageId + " #" + sequenceNumber
                + (isDuplicate ? " duplicate " : " ") + code + " " + limitId + " " + limit + " " + actual);
    }

    @Override
    public void onQueueAlarm(final long queueId, final AlarmKind kind, final long value, final long timeNs) {
        events.add("alarm " + queueId + " " + kind + " " + value + " " + timeNs);
    }

    @Override
    public void onReceiveEnd(
            final long correlationId, final long queueId, final int messageCount, final ResultCode code) {
        events.add("end " + correlationId + " " + queueId + " " + messageCount + " " + code);
    }

    @Override
    public void onConsumerStopped(final long correlationId, final long queueId, final ResultCode code) {
        events.add("stopped " + correlationId + " " + queueId + " " + code);
    }

    @Override
    public void onConnected(final long sessionId, final long bootEpoch) {
        events.add("connected " + sessionId + " " + bootEpoch);
    }

    @Override
    public void onDisconnected(final DisconnectReason reason) {
        events.add("disconnected " + reason);
    }
}
