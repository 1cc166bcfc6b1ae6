package io.millrace.kernel;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as plain values: maps, lists, strings, decimals, booleans and {@link #NULL}. */
final class ModelJson {

    static final Object NULL = new Object();

    private static final String NUMBER = "-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?";

    private final String text;
    private int at;

    private ModelJson(final String text) {
        this.text = text;
    }

    /** The value that the text is; null if it is no JSON. */
    static Object parse(final String text) {
        final ModelJson json = new ModelJson(text);
        try {
            final Object value = json.value();
            json.skipBlanks();
            return json.at == text.length() ? value : null;
        } catch (final IllegalArgumentException notJson) {
            return null;
        }
    }

    private Object value() {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, Object> object() {
        final Map<String, Object> object = new LinkedHashMap<>();
        expect('{');
        while (peek() != '}') {
            final String name = string();
            expect(':');
            object.put(name, value());
            if (peek() != '}') {
                expect(',');
            }
        }
        expect('}');
        return object;
    }

    private List<Object> array() {
        final List<Object> array = new ArrayList<>();
        expect('[');
        while (peek() != ']') {
            array.add(value());
            if (peek() != ']') {
                expect(',');
            }
        }
        expect(']');
        return array;
    }

    private String string() {
        expect('"');
        final StringBuilder string = new StringBuilder();
        for (char next = next(); next != '"'; next = next()) {
            string.append(next == '\\' ? escaped(next()) : next);
        }
        return string.toString();
    }

    private char escaped(final char kind) {
        if (kind == 'u') {
            final String code = "" + next() + next() + next() + next();
            return (char) Integer.parseInt(code, 16);
        }
        final int plain = "\"\\/bfnrt".indexOf(kind);
        if (plain < 0) {
            throw new IllegalArgumentException("no escape: " + kind);
        }
        return "\"\\/\b\f\n\r\t".charAt(plain);
    }

    private char next() {
        if (at == text.length()) {
            throw new IllegalArgumentException("no end of a string");
        }
        return text.charAt(at++);
    }

    private Object word() {
        final int start = at;
        while (at < text.length() && ",]} \n\t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        final String word = text.substring(start, at);
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> NULL;
            default -> {
                if (!word.matches(NUMBER)) {
                    throw new IllegalArgumentException("no value: " + word);
                }
                yield new BigDecimal(word);
            }
        };
    }

    private void skipBlanks() {
        while (at < text.length() && " \n\t".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        skipBlanks();
        if (at == text.length()) {
            throw new IllegalArgumentException("the end");
        }
        return text.charAt(at);
    }

    private void expect(final char expected) {
        if (peek() != expected) {
            throw new IllegalArgumentException("not " + expected);
        }
        at++;
    }
}
