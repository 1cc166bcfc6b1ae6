package io.millrace.kernel;

import io.millrace.codecs.AcknowledgeDecoder;
import io.millrace.codecs.AppendPayloadDecoder;
import io.millrace.codecs.BeginPayloadDecoder;
import io.millrace.codecs.BeginPublicationDecoder;
import io.millrace.codecs.BeginRecordDecoder;
import io.millrace.codecs.ChangeVisibilityDecoder;
import io.millrace.codecs.CheckpointDecoder;
import io.millrace.codecs.CommitPayloadDecoder;
import io.millrace.codecs.ConsumeDecoder;
import io.millrace.codecs.CreateStreamDecoder;
import io.millrace.codecs.CreateTopicDecoder;
import io.millrace.codecs.DeleteMessagesDecoder;
import io.millrace.codecs.GetRecordsDecoder;
import io.millrace.codecs.JoinGroupDecoder;
import io.millrace.codecs.LeaveGroupDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.OpenProducerDecoder;
import io.millrace.codecs.PutRecordsDecoder;
import io.millrace.codecs.ReceiveDecoder;
import io.millrace.codecs.ReleaseShardDecoder;
import io.millrace.codecs.RenewLeasesDecoder;
import io.millrace.codecs.SendMessagesDecoder;
import io.millrace.codecs.SettleMessagesDecoder;
import io.millrace.codecs.StopConsumingDecoder;
import io.millrace.codecs.SubscribeToShardDecoder;
import io.millrace.codecs.UnsubscribeFromShardDecoder;
import io.millrace.codecs.WatchQueueDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Decodes commands, lets their producers decide whether they are new, and calls what executes them. */
final class Commands {
    /** In a field that may be left out: it is. */
    static final long NULL = ReceiveDecoder.waitNsNullValue();

    private static final int HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int CORRELATION_ID = HEADER_LENGTH + 8;
    private static final int PRODUCER_ID = HEADER_LENGTH + 16;
    private static final int PRODUCER_SEQUENCE = HEADER_LENGTH + 24;
    private static final int PRODUCER_EPOCH = HEADER_LENGTH + 32;
    private static final int DATA_LENGTH_SIZE = Integer.BYTES;

    private final State state;
    private final Request request;
    private final Producers producers;
    private final QueueCommands queueCommands;
    private final TopicCommands topicCommands;
    private final StreamCommands streamCommands;
    private final Sends sends;
    private final Transfers transfers;
    private final Receives receives;
    private final Acknowledgements acknowledgements;

    private final SendMessagesDecoder sendMessages = new SendMessagesDecoder();
    private final BeginPayloadDecoder beginPayload = new BeginPayloadDecoder();
    private final BeginPublicationDecoder beginPublication = new BeginPublicationDecoder();
    private final BeginRecordDecoder beginRecord = new BeginRecordDecoder();
    private final AppendPayloadDecoder appendPayload = new AppendPayloadDecoder();
    private final ReceiveDecoder receive = new ReceiveDecoder();
    private final ConsumeDecoder consume = new ConsumeDecoder();
    private final StopConsumingDecoder stopConsuming = new StopConsumingDecoder();
    private final AcknowledgeDecoder acknowledge = new AcknowledgeDecoder();
    private final DeleteMessagesDecoder deleteMessages = new DeleteMessagesDecoder();
    private final ChangeVisibilityDecoder changeVisibility = new ChangeVisibilityDecoder();
    private final SettleMessagesDecoder settleMessages = new SettleMessagesDecoder();

    Commands(
            final State state,
            final Request request,
            final Producers producers,
            final QueueCommands queueCommands,
            final TopicCommands topicCommands,
            final StreamCommands streamCommands,
            final Sends sends,
            final Transfers transfers,
            final Receives receives,
            final Acknowledgements acknowledgements) {
        this.state = state;
        this.request = request;
        this.producers = producers;
        this.queueCommands = queueCommands;
        this.topicCommands = topicCommands;
        this.streamCommands = streamCommands;
        this.sends = sends;
        this.transfers = transfers;
        this.receives = receives;
        this.acknowledgements = acknowledgements;
    }

    static boolean isNull(final long value) {
        return value == NULL;
    }

    static long nullableLong(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }

    void execute(final int templateId, final long sessionId, final DirectBuffer buffer, final int offset) {
        final int session = state.sessionById(sessionId);
        if (session < 0) {
            return;
        }
        request.begin(sessionId, session, longAt(buffer, offset + CORRELATION_ID));
        final int body = offset + HEADER_LENGTH;
        switch (templateId) {
            case SendMessagesDecoder.TEMPLATE_ID -> {
                if (admit(buffer, offset, true)) {
                    sends.send(
                            request,
                            sendMessages.wrap(
                                    buffer,
                                    body,
                                    SendMessagesDecoder.BLOCK_LENGTH,
                                    SendMessagesDecoder.SCHEMA_VERSION));
                }
            }
            case PutRecordsDecoder.TEMPLATE_ID -> {
                if (admit(buffer, offset, true)) {
                    streamCommands.put(request, buffer, body);
                }
            }
            case AcknowledgeDecoder.TEMPLATE_ID -> {
                if (admit(buffer, offset, true)) {
                    acknowledgements.acknowledge(
                            request,
                            acknowledge.wrap(
                                    buffer, body, AcknowledgeDecoder.BLOCK_LENGTH, AcknowledgeDecoder.SCHEMA_VERSION));
                }
            }
            case ReceiveDecoder.TEMPLATE_ID ->
                receives.receive(
                        request,
                        receive.wrap(buffer, body, ReceiveDecoder.BLOCK_LENGTH, ReceiveDecoder.SCHEMA_VERSION));
            case ConsumeDecoder.TEMPLATE_ID ->
                receives.consume(
                        request,
                        consume.wrap(buffer, body, ConsumeDecoder.BLOCK_LENGTH, ConsumeDecoder.SCHEMA_VERSION));
            default -> executeRare(templateId, buffer, offset);
        }
    }

    private void executeRare(final int templateId, final DirectBuffer buffer, final int offset) {
        final int body = offset + HEADER_LENGTH;
        switch (templateId) {
            case BeginPayloadDecoder.TEMPLATE_ID, BeginPublicationDecoder.TEMPLATE_ID, BeginRecordDecoder.TEMPLATE_ID ->
                begin(templateId, buffer, offset);
            case AppendPayloadDecoder.TEMPLATE_ID -> append(buffer, body);
            case CommitPayloadDecoder.TEMPLATE_ID -> commit(buffer, offset);
            case GetRecordsDecoder.TEMPLATE_ID,
                    SubscribeToShardDecoder.TEMPLATE_ID,
                    UnsubscribeFromShardDecoder.TEMPLATE_ID ->
                streamCommands.executeUnprotected(request, templateId, buffer, body);
            case CheckpointDecoder.TEMPLATE_ID,
                    RenewLeasesDecoder.TEMPLATE_ID,
                    ReleaseShardDecoder.TEMPLATE_ID,
                    JoinGroupDecoder.TEMPLATE_ID,
                    LeaveGroupDecoder.TEMPLATE_ID -> streamCommands.onGroups(request, templateId, buffer, body);
            case WatchQueueDecoder.TEMPLATE_ID -> queueCommands.execute(request, templateId, buffer, body);
            case OpenProducerDecoder.TEMPLATE_ID ->
                producers.open(
                        request,
                        longAt(buffer, offset + PRODUCER_ID),
                        longAt(buffer, body + OpenProducerDecoder.nonceEncodingOffset()));
            case StopConsumingDecoder.TEMPLATE_ID ->
                receives.stop(
                        request,
                        stopConsuming
                                .wrap(
                                        buffer,
                                        body,
                                        StopConsumingDecoder.BLOCK_LENGTH,
                                        StopConsumingDecoder.SCHEMA_VERSION)
                                .queueId());
            default -> {
                if (admit(buffer, offset, true)) {
                    executeRareProtected(templateId, buffer, body);
                }
            }
        }
    }

    private void executeRareProtected(final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case DeleteMessagesDecoder.TEMPLATE_ID ->
                acknowledgements.delete(
                        request,
                        deleteMessages.wrap(
                                buffer,
                                body,
                                DeleteMessagesDecoder.BLOCK_LENGTH,
                                DeleteMessagesDecoder.SCHEMA_VERSION));
            case ChangeVisibilityDecoder.TEMPLATE_ID ->
                acknowledgements.changeVisibility(
                        request,
                        changeVisibility.wrap(
                                buffer,
                                body,
                                ChangeVisibilityDecoder.BLOCK_LENGTH,
                                ChangeVisibilityDecoder.SCHEMA_VERSION));
            case SettleMessagesDecoder.TEMPLATE_ID ->
                acknowledgements.settle(
                        request,
                        settleMessages.wrap(
                                buffer,
                                body,
                                SettleMessagesDecoder.BLOCK_LENGTH,
                                SettleMessagesDecoder.SCHEMA_VERSION));
            default -> {
                if (templateId < CreateTopicDecoder.TEMPLATE_ID) {
                    queueCommands.execute(request, templateId, buffer, body);
                } else if (templateId >= CreateStreamDecoder.TEMPLATE_ID) {
                    streamCommands.execute(request, templateId, buffer, body);
                } else {
                    topicCommands.execute(request, templateId, buffer, body);
                }
            }
        }
    }

    /** Whether the command is to be executed; if not, it has been answered. */
    private boolean admit(final DirectBuffer buffer, final int offset, final boolean counts) {
        final long producerId = longAt(buffer, offset + PRODUCER_ID);
        return producerId == 0
                || producers.admit(
                        request,
                        producerId,
                        buffer.getInt(offset + PRODUCER_EPOCH, ByteOrder.LITTLE_ENDIAN),
                        longAt(buffer, offset + PRODUCER_SEQUENCE),
                        counts);
    }

    private void begin(final int templateId, final DirectBuffer buffer, final int offset) {
        if (admit(buffer, offset, false)) {
            beginNew(templateId, buffer, offset + HEADER_LENGTH);
        } else if (!request.isAnswered()) {
            transfers.beginAgain(request);
        }
    }

    private void beginNew(final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case BeginPublicationDecoder.TEMPLATE_ID ->
                transfers.begin(
                        request,
                        beginPublication.wrap(
                                buffer,
                                body,
                                BeginPublicationDecoder.BLOCK_LENGTH,
                                BeginPublicationDecoder.SCHEMA_VERSION));
            case BeginRecordDecoder.TEMPLATE_ID ->
                transfers.begin(
                        request,
                        beginRecord.wrap(
                                buffer, body, BeginRecordDecoder.BLOCK_LENGTH, BeginRecordDecoder.SCHEMA_VERSION));
            default ->
                transfers.begin(
                        request,
                        beginPayload.wrap(
                                buffer, body, BeginPayloadDecoder.BLOCK_LENGTH, BeginPayloadDecoder.SCHEMA_VERSION));
        }
    }

    private void append(final DirectBuffer buffer, final int body) {
        appendPayload.wrap(buffer, body, AppendPayloadDecoder.BLOCK_LENGTH, AppendPayloadDecoder.SCHEMA_VERSION);
        final long payloadOffset = appendPayload.payloadOffset();
        final int length = appendPayload.chunkLength();
        transfers.append(request, payloadOffset, buffer, appendPayload.limit() + DATA_LENGTH_SIZE, length);
    }

    private void commit(final DirectBuffer buffer, final int offset) {
        if (admit(buffer, offset, true)) {
            transfers.commit(request);
        } else {
            transfers.abandon(request);
        }
    }

    private static long longAt(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }
}
