package io.millrace.kernel.filter;

import io.millrace.kernel.memory.ChunkedMemory;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A JSON text (RFC 8259) as a row of nodes in the order of the text, made by one scan that copies nothing but strings with escapes.
 *
 * <pre>
 *   {"a":[1,"x"]}    0 OBJECT end=5   1 NAME a end=5   2 ARRAY end=5   3 NUMBER 1   4 STRING x
 * </pre>
 *
 * <p>Strict: well-formed UTF-8, no unpaired surrogates, nothing behind the value. A string with escapes is decoded into a buffer
 * of its own, to the place that it has in the source: it never becomes longer. The same tape holds message attributes as an object
 * of values. Room grows with the longest text seen and is kept; nothing else is allocated.
 */
final class JsonTape {
    static final int OBJECT = 1;
    static final int ARRAY = 2;
    static final int NAME = 3;
    static final int STRING = 4;
    static final int NUMBER = 5;
    static final int TRUE = 6;
    static final int FALSE = 7;
    static final int NULL = 8;

    /** Objects and arrays in each other; a deeper text is refused as soon as the scan is that deep. */
    static final int MAX_DEPTH = 1_000;

    private static final int NODE_LENGTH = 16;
    private static final int KIND = 0;
    private static final int OFFSET = 4;
    private static final int LENGTH = 8;
    private static final int END = 12;
    /** Added to the kind of a text that was decoded. */
    private static final int DECODED = 16;

    private final ChunkedMemory nodes = new ChunkedMemory();
    private final UnsafeBuffer decoded = new UnsafeBuffer(new byte[0]);
    private final int[] open = new int[MAX_DEPTH];
    private DirectBuffer source;
    private int start;
    private int position;
    private int end;
    private int depth;
    private int count;
    private boolean isTooDeep;

    /**
     * Scans a text.
     *
     * @return whether it is well formed; if not, {@link #position()} is where it ceased to be.
     */
    boolean parse(final DirectBuffer buffer, final int offset, final int length) {
        wrap(buffer, offset, length);
        return scan(offset, length);
    }

    /** Begins a tape over a region of a buffer. */
    void wrap(final DirectBuffer buffer, final int offset, final int length) {
        source = buffer;
        start = offset;
        count = 0;
        isTooDeep = false;
        if (decoded.capacity() < length) {
            decoded.wrap(new byte[Math.max(length, 2 * decoded.capacity())]);
        }
    }

    /** Appends the value of a text inside the region. */
    boolean scan(final int offset, final int length) {
        position = offset;
        end = offset + length;
        depth = 0;
        skipSpace();
        boolean isGood = value();
        while (isGood && depth > 0) {
            isGood = step();
        }
        if (isGood) {
            skipSpace();
        }
        return isGood && position == end;
    }

    /** Reads what comes next in the innermost object or array: its end, or one more value. */
    private boolean step() {
        final int container = open[depth - 1];
        final boolean isObject = kind(container) == OBJECT;
        skipSpace();
        if (peek() == (isObject ? '}' : ']')) {
            position++;
            close(container);
            return true;
        }
        if (count > container + 1) {
            if (peek() != ',') {
                return false;
            }
            position++;
            skipSpace();
        }
        return isObject ? member() : value();
    }

    private void close(final int container) {
        depth--;
        end(container, count);
        if (depth > 0 && kind(open[depth - 1]) == OBJECT) {
            end(container - 1, count);
        }
    }

    private boolean member() {
        final int name = count;
        if (peek() != '"' || !string(NAME)) {
            return false;
        }
        skipSpace();
        if (peek() != ':') {
            return false;
        }
        position++;
        skipSpace();
        if (!value()) {
            return false;
        }
        end(name, count);
        return true;
    }

    private boolean value() {
        switch (peek()) {
            case '{':
                return open(OBJECT);
            case '[':
                return open(ARRAY);
            case '"':
                return string(STRING);
            case 't':
                return literal(TRUE, "true");
            case 'f':
                return literal(FALSE, "false");
            case 'n':
                return literal(NULL, "null");
            default:
                return number();
        }
    }

    private boolean open(final int kind) {
        if (depth == MAX_DEPTH) {
            isTooDeep = true;
            return false;
        }
        open[depth++] = count;
        add(kind, position, 0);
        position++;
        return true;
    }

    private boolean literal(final int kind, final String text) {
        final int length = text.length();
        if (end - position < length) {
            return false;
        }
        for (int i = 1; i < length; i++) {
            if (source.getByte(position + i) != text.charAt(i)) {
                return false;
            }
        }
        add(kind, position, length);
        position += length;
        return true;
    }

    private boolean number() {
        final int first = position;
        if (peek() == '-') {
            position++;
        }
        if (peek() == '0') {
            position++;
        } else if (!digits()) {
            return false;
        }
        if (peek() == '.') {
            position++;
            if (!digits()) {
                return false;
            }
        }
        if (peek() == 'e' || peek() == 'E') {
            position++;
            if (peek() == '+' || peek() == '-') {
                position++;
            }
            if (!digits()) {
                return false;
            }
        }
        add(NUMBER, first, position - first);
        return true;
    }

    private boolean digits() {
        final int first = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        return position > first;
    }

    private boolean string(final int kind) {
        final int first = ++position;
        boolean hasEscapes = false;
        int next = peek();
        while (next != '"') {
            if (next == '\\') {
                hasEscapes = true;
                position++;
                if (peek() < 0) {
                    return false;
                }
                position++;
            } else if (next < ' ') {
                return false;
            } else if (next < 0x80) {
                position++;
            } else {
                final int length = Utf8.sequenceLength(source, position, end);
                if (length == 0) {
                    return false;
                }
                position += length;
            }
            next = peek();
        }
        final int last = position++;
        if (!hasEscapes) {
            add(kind, first, last - first);
            return true;
        }
        return decode(kind, first, last);
    }

    private boolean decode(final int kind, final int first, final int last) {
        int from = first;
        int to = first - start;
        while (from < last) {
            final byte next = source.getByte(from);
            if (next != '\\') {
                decoded.putByte(to++, next);
                from++;
            } else if (source.getByte(from + 1) == 'u') {
                final int codePoint = Utf8.escaped(source, from, last);
                if (codePoint < 0) {
                    position = from;
                    return false;
                }
                to += Utf8.encode(codePoint, decoded, to);
                from += codePoint > 0xFFFF ? 12 : 6;
            } else {
                final int plain = Utf8.plainEscape(source.getByte(from + 1));
                if (plain < 0) {
                    position = from;
                    return false;
                }
                decoded.putByte(to++, (byte) plain);
                from += 2;
            }
        }
        add(kind + DECODED, first, to - (first - start));
        return true;
    }

    private void skipSpace() {
        while (position < end) {
            final byte next = source.getByte(position);
            if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                return;
            }
            position++;
        }
    }

    /** The next byte, -1 at the end. */
    private int peek() {
        return position < end ? source.getByte(position) & 0xFF : -1;
    }

    /** Appends a node that ends behind itself. */
    int add(final int kind, final int offset, final int length) {
        final int node = count++;
        nodes.ensure((long) count * NODE_LENGTH);
        final long address = address(node);
        UnsafeApi.putInt(address + KIND, kind);
        UnsafeApi.putInt(address + OFFSET, offset);
        UnsafeApi.putInt(address + LENGTH, length);
        UnsafeApi.putInt(address + END, count);
        return node;
    }

    /** Takes the nodes from one on away. */
    void truncate(final int node) {
        count = node;
    }

    void end(final int node, final int next) {
        UnsafeApi.putInt(address(node) + END, next);
    }

    private long address(final int node) {
        return nodes.address((long) node * NODE_LENGTH);
    }

    /** {@return number of nodes} */
    int count() {
        return count;
    }

    /** {@return where the scan stopped, in the source} */
    int position() {
        return position;
    }

    /** {@return whether the text was refused for its depth} */
    boolean isTooDeep() {
        return isTooDeep;
    }

    int kind(final int node) {
        return UnsafeApi.getInt(address(node) + KIND) & (DECODED - 1);
    }

    boolean isContainer(final int node) {
        return kind(node) <= ARRAY;
    }

    /** {@return the node behind a value or behind a member} */
    int end(final int node) {
        return UnsafeApi.getInt(address(node) + END);
    }

    /** {@return where a node begins in the source} */
    int sourceOffset(final int node) {
        return UnsafeApi.getInt(address(node) + OFFSET);
    }

    /** {@return the buffer that holds the text of a name, a string or a number} */
    DirectBuffer buffer(final int node) {
        return isDecoded(node) ? decoded : source;
    }

    /** {@return where the text begins in its buffer} */
    int offset(final int node) {
        final int offset = sourceOffset(node);
        return isDecoded(node) ? offset - start : offset;
    }

    /** {@return bytes of the text} */
    int length(final int node) {
        return UnsafeApi.getInt(address(node) + LENGTH);
    }

    private boolean isDecoded(final int node) {
        return UnsafeApi.getInt(address(node) + KIND) >= DECODED;
    }

    /** Whether a text is a word of ASCII. */
    boolean is(final int node, final String word) {
        if (length(node) != word.length()) {
            return false;
        }
        final DirectBuffer buffer = buffer(node);
        final int offset = offset(node);
        for (int i = 0; i < word.length(); i++) {
            if (buffer.getByte(offset + i) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
