package io.millrace.kernel;

import static io.millrace.kernel.Payload.raw;

import io.millrace.codecs.AcknowledgeEncoder;
import io.millrace.codecs.AppendPayloadEncoder;
import io.millrace.codecs.BeginPayloadEncoder;
import io.millrace.codecs.ChangeVisibilityEncoder;
import io.millrace.codecs.CommandHeaderEncoder;
import io.millrace.codecs.CommitPayloadEncoder;
import io.millrace.codecs.ConsumeEncoder;
import io.millrace.codecs.DeleteMessagesEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.OpenProducerEncoder;
import io.millrace.codecs.ReceiptHandleEncoder;
import io.millrace.codecs.ReceiveEncoder;
import io.millrace.codecs.SendMessagesEncoder;
import io.millrace.codecs.SettleMessagesEncoder;
import io.millrace.codecs.StopConsumingEncoder;
import java.util.List;
import org.agrona.MutableDirectBuffer;

/** Turns commands into frames with the generated encoders. */
final class CommandWriter {

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private MutableDirectBuffer buffer;
    private int offset;
    private long sessionId;

    /** Encodes the command of the session at the offset; returns the length of the frame. */
    int write(final MutableDirectBuffer target, final int targetOffset, final long session, final Command command) {
        if (command instanceof Command.Claim claim) {
            final int length = write(target, targetOffset, session, claim.command());
            new BlobCommandWriter(target, targetOffset, session).claim(claim.command());
            return length;
        }
        buffer = target;
        offset = targetOffset;
        sessionId = session;
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encode(command);
        header.wrap(buffer, offset).messageLength(length).frameSequence(0);
        return length;
    }

    private int encode(final Command command) {
        if (command instanceof Command.SendMessages send) {
            return sendMessages(send);
        } else if (command instanceof Command.Receive receive) {
            return receive(receive);
        } else if (command instanceof Command.Consume consume) {
            return consume(consume);
        } else if (command instanceof Command.Acknowledge acknowledge) {
            return acknowledge(acknowledge);
        } else if (command instanceof Command.DeleteMessages delete) {
            return deleteMessages(delete);
        } else if (command instanceof Command.ChangeVisibility change) {
            return changeVisibility(change);
        } else if (command instanceof Command.StopConsuming stop) {
            return stopConsuming(stop);
        } else if (command instanceof Command.OpenProducer open) {
            return openProducer(open);
        }
        return transferOrQueue(command);
    }

    private int transferOrQueue(final Command command) {
        if (command instanceof Command.BeginPayload begin) {
            return beginPayload(begin);
        } else if (command instanceof Command.AppendPayload append) {
            return appendPayload(append);
        } else if (command instanceof Command.CommitPayload commit) {
            return commitPayload(commit);
        } else if (command instanceof Command.SettleMessages settle) {
            return settleMessages(settle);
        }
        return new QueueCommandWriter(buffer, offset, sessionId).encode(command);
    }

    private int sendMessages(final Command.SendMessages command) {
        final SendMessagesEncoder encoder = new SendMessagesEncoder().wrapAndApplyHeader(buffer, offset, header);
        command(encoder.command(), command);
        encoder.queueId(command.queueId());
        encoder.flags().clear().text(command.text()).eachEntry(command.eachEntry());
        final SendMessagesEncoder.MessagesEncoder messages =
                encoder.messagesCount(command.entries().size());
        for (final Command.Entry entry : command.entries()) {
            messages.next()
                    .delayNs(orNull(entry.delayNs()))
                    .scheduledTimeNs(orNull(entry.scheduledTimeNs()))
                    .timeToLiveNs(orNull(entry.timeToLiveNs()))
                    .priority((short) entry.priority());
            final byte[] payload = entry.payload().bytes();
            buffer.putBytes(encoder.limit(), payload);
            encoder.limit(encoder.limit() + payload.length);
        }
        return encoder.encodedLength();
    }

    private int beginPayload(final Command.BeginPayload command) {
        final BeginPayloadEncoder encoder = new BeginPayloadEncoder().wrapAndApplyHeader(buffer, offset, header);
        command(encoder.command(), command);
        encoder.queueId(command.queueId())
                .delayNs(orNull(command.entry().delayNs()))
                .scheduledTimeNs(orNull(command.entry().scheduledTimeNs()))
                .timeToLiveNs(orNull(command.entry().timeToLiveNs()))
                .payloadLength(command.payloadLength())
                .priority((short) command.entry().priority())
                .flags()
                .clear()
                .text(command.text());
        return encoder.encodedLength();
    }

    private int appendPayload(final Command.AppendPayload command) {
        final AppendPayloadEncoder encoder = new AppendPayloadEncoder().wrapAndApplyHeader(buffer, offset, header);
        command(encoder.command(), command);
        encoder.payloadOffset(command.payloadOffset());
        encoder.putChunk(raw(command.chunk()), 0, command.chunk().length());
        return encoder.encodedLength();
    }

    private int commitPayload(final Command.CommitPayload command) {
        final CommitPayloadEncoder encoder = new CommitPayloadEncoder().wrapAndApplyHeader(buffer, offset, header);
        command(encoder.command(), command);
        return encoder.encodedLength();
    }

    private int receive(final Command.Receive command) {
        final ReceiveEncoder encoder = new ReceiveEncoder().wrapAndApplyHeader(buffer, offset, header);
        command(encoder.command(), command);
        encoder.queueId(command.queueId())
                .waitNs(orNull(command.waitNs()))
                .visibilityTimeoutNs(orNull(command.visibilityTimeoutNs()))
                .maxMessages(command.maxMessages());
        final ReceiveEncoder.AttributeNamesEncoder names =
                encoder.attributeNamesCount(command.attributeNames().size());
        command.attributeNames().forEach(name -> names.next().putName(raw(name), 0, name.length()));
        encoder.putAttemptId(raw(command.attemptId()), 0, command.attemptId().length());
        return encoder.encodedLength();
    }

    private int consume(final Command.Consume command) {
        final ConsumeEncoder encoder = new ConsumeEncoder().wrapAndApplyHeader(buffer, offset, header);
        command(encoder.command(), command);
        return encoder.queueId(command.queueId())
                .visibilityTimeoutNs(orNull(command.visibilityTimeoutNs()))
                .creditMessages(command.creditMessages())
                .creditBytes(command.creditBytes())
                .encodedLength();
    }

    private int stopConsuming(final Command.StopConsuming command) {
        final StopConsumingEncoder encoder = new StopConsumingEncoder().wrapAndApplyHeader(buffer, offset, header);
        command(encoder.command(), command);
        return encoder.queueId(command.queueId()).encodedLength();
    }

    private int acknowledge(final Command.Acknowledge command) {
        final AcknowledgeEncoder encoder = new AcknowledgeEncoder().wrapAndApplyHeader(buffer, offset, header);
        command(encoder.command(), command);
        encoder.queueId(command.queueId());
        final List<Receipt> receipts = command.receipts();
        final AcknowledgeEncoder.ReceiptsEncoder group = encoder.receiptsCount(receipts.size());
        receipts.forEach(receipt -> put(group.next().receipt(), receipt));
        return encoder.encodedLength();
    }

    private int deleteMessages(final Command.DeleteMessages command) {
        final DeleteMessagesEncoder encoder = new DeleteMessagesEncoder().wrapAndApplyHeader(buffer, offset, header);
        command(encoder.command(), command);
        encoder.queueId(command.queueId());
        final List<Receipt> receipts = command.receipts();
        final DeleteMessagesEncoder.ReceiptsEncoder group = encoder.receiptsCount(receipts.size());
        receipts.forEach(receipt -> put(group.next().receipt(), receipt));
        return encoder.encodedLength();
    }

    private int changeVisibility(final Command.ChangeVisibility command) {
        final ChangeVisibilityEncoder encoder =
                new ChangeVisibilityEncoder().wrapAndApplyHeader(buffer, offset, header);
        command(encoder.command(), command);
        encoder.queueId(command.queueId());
        final ChangeVisibilityEncoder.ReceiptsEncoder group =
                encoder.receiptsCount(command.changes().size());
        for (final Command.Change change : command.changes()) {
            put(group.next().receipt(), change.receipt());
            group.visibilityTimeoutNs(change.visibilityTimeoutNs());
        }
        return encoder.encodedLength();
    }

    private int settleMessages(final Command.SettleMessages command) {
        final SettleMessagesEncoder encoder = new SettleMessagesEncoder().wrapAndApplyHeader(buffer, offset, header);
        command(encoder.command(), command);
        encoder.queueId(command.queueId());
        final SettleMessagesEncoder.ReceiptsEncoder group =
                encoder.receiptsCount(command.settlements().size());
        for (final Command.Settlement settlement : command.settlements()) {
            put(group.next().receipt(), settlement.receipt());
            group.delayNs(orNull(settlement.delayNs())).disposition(settlement.disposition());
        }
        return encoder.encodedLength();
    }

    private int openProducer(final Command.OpenProducer command) {
        final OpenProducerEncoder encoder = new OpenProducerEncoder().wrapAndApplyHeader(buffer, offset, header);
        command(encoder.command(), command).producerId(command.producerId());
        return encoder.nonce(command.nonce()).encodedLength();
    }

    private CommandHeaderEncoder command(final CommandHeaderEncoder encoder, final Command command) {
        return put(encoder, sessionId, command);
    }

    static CommandHeaderEncoder put(final CommandHeaderEncoder encoder, final long sessionId, final Command command) {
        return encoder.sessionId(sessionId)
                .correlationId(command.correlationId())
                .producerId(command.producer().id())
                .producerSequence(command.producer().sequence())
                .producerEpoch(command.producer().epoch())
                .reserved(0);
    }

    private static void put(final ReceiptHandleEncoder encoder, final Receipt receipt) {
        encoder.slot(receipt.slot())
                .generation(receipt.generation())
                .deliveryNumber(receipt.deliveryNumber())
                .reserved(receipt.reserved())
                .tag(receipt.tag());
    }

    static long orNull(final Long value) {
        return value == null ? Long.MIN_VALUE : value;
    }
}
