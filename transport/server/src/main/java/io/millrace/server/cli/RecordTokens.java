package io.millrace.server.cli;

import java.util.List;
import org.agrona.DirectBuffer;
import uk.co.real_logic.sbe.PrimitiveType;
import uk.co.real_logic.sbe.PrimitiveValue;
import uk.co.real_logic.sbe.ir.Encoding;
import uk.co.real_logic.sbe.ir.Token;
import uk.co.real_logic.sbe.otf.TokenListener;
import uk.co.real_logic.sbe.otf.Types;

/** Turns the tokens of one decoded message into fields. Secrets are replaced by a word. */
final class RecordTokens implements TokenListener {

    private static final String SECRET_PREFIX = "secret";
    private static final String REDACTED = "redacted";

    private final FieldSink sink;
    private int composites;

    RecordTokens(final FieldSink sink) {
        this.sink = sink;
    }

    @Override
    public void onBeginMessage(final Token token) {
        // The caller prints what comes before the fields.
    }

    @Override
    public void onEndMessage(final Token token) {
        // The caller prints what comes after the fields.
    }

    @Override
    public void onEncoding(
            final Token field, final DirectBuffer buffer, final int index, final Token type, final int version) {
        final String name = field.name();
        if (name.startsWith(SECRET_PREFIX)) {
            sink.text(name, REDACTED);
            return;
        }
        final Encoding encoding = type.encoding();
        if (type.isConstantEncoding()) {
            sink.text(name, encoding.constValue().toString());
            return;
        }
        final long value = Types.getLong(buffer, index, encoding);
        final PrimitiveValue none = encoding.applicableNullValue();
        if (type.isOptionalEncoding() && value == none.longValue()) {
            sink.missing(name);
        } else if (encoding.primitiveType() == PrimitiveType.UINT64) {
            sink.text(name, String.format("%016x", value));
        } else {
            sink.number(name, value);
        }
    }

    @Override
    public void onEnum(
            final Token field,
            final DirectBuffer buffer,
            final int index,
            final List<Token> tokens,
            final int from,
            final int to,
            final int version) {
        final String name = name(field, tokens.get(from));
        final Encoding encoding = tokens.get(from + 1).encoding();
        final long value = Types.getLong(buffer, index, encoding);
        if (value == encoding.applicableNullValue().longValue()) {
            sink.missing(name);
            return;
        }
        for (int i = from + 1; i < to; i++) {
            if (tokens.get(i).encoding().constValue().longValue() == value) {
                sink.text(name, tokens.get(i).name());
                return;
            }
        }
        sink.number(name, value);
    }

    @Override
    public void onBitSet(
            final Token field,
            final DirectBuffer buffer,
            final int index,
            final List<Token> tokens,
            final int from,
            final int to,
            final int version) {
        final long value = Types.getLong(buffer, index, tokens.get(from + 1).encoding());
        sink.beginArray(name(field, tokens.get(from)));
        for (int i = from + 1; i < to; i++) {
            final long bit = tokens.get(i).encoding().constValue().longValue();
            if ((value >> bit & 1) != 0) {
                sink.element(tokens.get(i).name());
            }
        }
        sink.endArray();
    }

    @Override
    public void onBeginComposite(final Token field, final List<Token> tokens, final int from, final int to) {
        sink.beginObject(field.name());
        composites++;
    }

    @Override
    public void onEndComposite(final Token field, final List<Token> tokens, final int from, final int to) {
        sink.endObject();
        composites--;
    }

    /** The decoder hands on the field of the composite for a code or set inside it; the name of that stands in its type. */
    private String name(final Token field, final Token type) {
        return composites == 0 ? field.name() : type.name();
    }

    @Override
    public void onGroupHeader(final Token token, final int numInGroup) {
        sink.beginArray(token.name());
        if (numInGroup == 0) {
            sink.endArray();
        }
    }

    @Override
    public void onBeginGroup(final Token token, final int groupIndex, final int numInGroup) {
        sink.beginObject(null);
    }

    @Override
    public void onEndGroup(final Token token, final int groupIndex, final int numInGroup) {
        sink.endObject();
        if (groupIndex == numInGroup - 1) {
            sink.endArray();
        }
    }

    @Override
    public void onVarData(
            final Token field, final DirectBuffer buffer, final int index, final int length, final Token type) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(index, bytes);
        sink.bytes(field.name(), bytes);
    }
}
