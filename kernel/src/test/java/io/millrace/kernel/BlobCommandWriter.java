package io.millrace.kernel;

import io.millrace.codecs.BeginPayloadEncoder;
import io.millrace.codecs.BeginPublicationEncoder;
import io.millrace.codecs.DeclareBlobEncoder;
import io.millrace.codecs.DescribeBlobEncoder;
import io.millrace.codecs.ListBlobsEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.PublishMessagesEncoder;
import io.millrace.codecs.SendFlagsEncoder;
import io.millrace.codecs.SendMessagesEncoder;
import org.agrona.MutableDirectBuffer;

/** Turns commands and queries that concern blobs into frames; each method returns the length without the header. */
final class BlobCommandWriter {
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MutableDirectBuffer buffer;
    private final int offset;
    private final long sessionId;

    BlobCommandWriter(final MutableDirectBuffer buffer, final int offset, final long sessionId) {
        this.buffer = buffer;
        this.offset = offset;
        this.sessionId = sessionId;
    }

    int encode(final Command command) {
        if (command instanceof Command.DeclareBlob declare) {
            final DeclareBlobEncoder encoder = new DeclareBlobEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            buffer.putBytes(encoder.blob().offset(), Payload.raw(declare.blob().text()));
            return encoder.encodedLength();
        } else if (command instanceof Command.DescribeBlob describe) {
            final DescribeBlobEncoder encoder = new DescribeBlobEncoder().wrapAndApplyHeader(buffer, offset, header);
            encoder.query().sessionId(sessionId).correlationId(command.correlationId());
            return encoder.blobId(describe.blobId()).encodedLength();
        } else if (command instanceof Command.ListBlobs list) {
            final ListBlobsEncoder encoder = new ListBlobsEncoder().wrapAndApplyHeader(buffer, offset, header);
            encoder.query().sessionId(sessionId).correlationId(command.correlationId());
            return encoder.afterBlobId(list.afterBlobId())
                    .maxEntries(list.maxEntries())
                    .encodedLength();
        }
        throw new AssertionError("no frame for " + command);
    }

    /** Sets the flag in the frame of a command. */
    void claim(final Command command) {
        final int flags = offset + MessageHeaderEncoder.ENCODED_LENGTH + flagsOffset(command);
        buffer.putByte(flags, SendFlagsEncoder.claim(buffer.getByte(flags), true));
    }

    private static int flagsOffset(final Command command) {
        if (command instanceof Command.SendMessages) {
            return SendMessagesEncoder.flagsEncodingOffset();
        } else if (command instanceof Command.BeginPayload) {
            return BeginPayloadEncoder.flagsEncodingOffset();
        }
        return command instanceof Command.BeginPublication
                ? BeginPublicationEncoder.flagsEncodingOffset()
                : PublishMessagesEncoder.flagsEncodingOffset();
    }
}
