package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ErrorTextTest {
    @Test
    void shouldNameLimitAndBothNumbers() {
        assertEquals(
                "The message has 1048700 bytes, more than MESSAGE_BYTES allows (1048576).",
                ErrorText.describe(ResultCode.LIMIT_EXCEEDED, LimitId.MESSAGE_BYTES, 1_048_576, 1_048_700));
    }

    @Test
    void shouldHaveASentenceOfItsOwnForEveryCodeAndLimit() {
        final Set<String> sentences = new HashSet<>();
        for (final ResultCode code : ResultCode.values()) {
            final String sentence = ErrorText.describe(code, LimitId.NONE, 1, 2);
            assertTrue(sentence.endsWith("."), sentence);
            assertTrue(sentences.add(sentence), "twice: " + sentence);
        }
        for (final LimitId limitId : LimitId.values()) {
            final String sentence = ErrorText.describe(ResultCode.LIMIT_EXCEEDED, limitId, 11, 22);
            assertTrue(sentence.contains("22") && sentence.contains("(11)"), sentence);
            if (limitId != LimitId.NONE && limitId != LimitId.NULL_VAL) {
                assertFalse(sentence.startsWith("The request asks for"), limitId.name());
            }
        }
        for (long result = 1; result >= -7; result--) {
            assertTrue(sentences.add(ErrorText.describe(result)), "twice: " + result);
        }
    }
}
