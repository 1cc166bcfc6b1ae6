package io.millrace.server.cli;

import io.millrace.codecs.MessageHeaderDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.IrDecoder;
import uk.co.real_logic.sbe.ir.Token;
import uk.co.real_logic.sbe.otf.OtfMessageDecoder;

/**
 * Decodes any message of the schema from its intermediate representation, so that a field that is added to the schema is printed
 * without a line of code. Needs the SBE tool on the class path.
 */
final class RecordDecoder {

    private static final String IR = "/io/millrace/codecs/millrace-codecs.sbeir";

    private final Ir ir;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    RecordDecoder() {
        try (InputStream in = MessageHeaderDecoder.class.getResourceAsStream(IR);
                IrDecoder decoder = new IrDecoder(ByteBuffer.wrap(in.readAllBytes()))) {
            ir = decoder.decode();
        } catch (final IOException e) {
            throw new UncheckedIOException("The schema that was packed with this program cannot be read.", e);
        }
    }

    /**
     * Name of a message.
     *
     * @param buffer holds the message.
     * @param offset where it starts.
     * @param length its length in bytes.
     * @return the name, or {@code template N} if the schema has no such message.
     */
    String name(final DirectBuffer buffer, final int offset, final int length) {
        final List<Token> tokens = tokens(buffer, offset, length);
        return tokens == null
                ? "template " + header.templateId()
                : tokens.get(0).name();
    }

    /**
     * Hands the fields of a message to a sink.
     *
     * @param buffer holds the message.
     * @param offset where it starts.
     * @param length its length in bytes.
     * @param sink   takes the fields.
     */
    void decode(final DirectBuffer buffer, final int offset, final int length, final FieldSink sink) {
        final List<Token> tokens = tokens(buffer, offset, length);
        final byte[] frame = new byte[length];
        buffer.getBytes(offset, frame);
        if (tokens == null) {
            sink.bytes("frame", frame);
            return;
        }
        OtfMessageDecoder.decode(
                new UnsafeBuffer(frame),
                MessageHeaderDecoder.ENCODED_LENGTH,
                header.version(),
                header.blockLength(),
                tokens,
                new RecordTokens(sink));
    }

    private List<Token> tokens(final DirectBuffer buffer, final int offset, final int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            throw new CommandFailure("A record of " + length + " bytes is shorter than a message header.");
        }
        header.wrap(buffer, offset);
        return header.schemaId() == ir.id() ? ir.getMessage(header.templateId()) : null;
    }
}
