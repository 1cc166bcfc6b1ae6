package io.millrace.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What the library of the language calls UTF-8. */
final class Utf8 {

    private Utf8() {}

    static boolean isWellFormed(final String chars) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Payload.raw(chars))) != null;
        } catch (final CharacterCodingException malformed) {
            return false;
        }
    }

    /** Characters of well-formed bytes. */
    static long characters(final String chars) {
        return new String(Payload.raw(chars), StandardCharsets.UTF_8)
                .codePoints()
                .count();
    }
}
