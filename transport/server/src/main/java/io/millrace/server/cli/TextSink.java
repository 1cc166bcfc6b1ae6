package io.millrace.server.cli;

/** Writes fields for people: {@code name=value} separated by spaces, groups in brackets, long bytes cut. */
final class TextSink implements FieldSink {

    /** Bytes of a value that are shown; the length tells what is missing. */
    private static final int SHOWN_BYTES = 64;

    private final StringBuilder line;

    TextSink(final StringBuilder line) {
        this.line = line;
    }

    @Override
    public void number(final String name, final long value) {
        name(name).append(value);
    }

    @Override
    public void text(final String name, final String value) {
        name(name).append(value);
    }

    @Override
    public void bytes(final String name, final byte[] value) {
        name(name).append(readable(value));
    }

    @Override
    public void missing(final String name) {
        name(name).append('-');
    }

    @Override
    public void beginObject(final String name) {
        if (name == null) {
            separate().append('{');
        } else {
            name(name).append('{');
        }
    }

    @Override
    public void endObject() {
        line.append('}');
    }

    @Override
    public void beginArray(final String name) {
        name(name).append('[');
    }

    @Override
    public void element(final String value) {
        separate().append(value);
    }

    @Override
    public void endArray() {
        line.append(']');
    }

    /**
     * Bytes as quoted text if they are UTF-8 without control characters, else in hexadecimal.
     *
     * @param value the bytes.
     * @return at most {@value #SHOWN_BYTES} characters or bytes of it, with the full length if it is longer.
     */
    static String readable(final byte[] value) {
        final String text = JsonLines.textOrNull(value);
        final boolean printable = text != null && text.chars().noneMatch(Character::isISOControl);
        final StringBuilder shown = new StringBuilder();
        if (printable) {
            shown.append('"')
                    .append(text, 0, Math.min(text.length(), SHOWN_BYTES))
                    .append('"');
        } else {
            shown.append("0x");
            for (int i = 0; i < Math.min(value.length, SHOWN_BYTES); i++) {
                shown.append(String.format("%02x", value[i]));
            }
        }
        final int length = printable ? text.length() : value.length;
        return length <= SHOWN_BYTES ? shown.toString() : shown + "...(" + value.length + " bytes)";
    }

    private StringBuilder name(final String name) {
        return separate().append(name).append('=');
    }

    private StringBuilder separate() {
        if (!line.isEmpty()) {
            final char last = line.charAt(line.length() - 1);
            if (last != '{' && last != '[') {
                line.append(' ');
            }
        }
        return line;
    }
}
