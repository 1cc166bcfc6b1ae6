package io.millrace.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ErrorTextTest {
    private static final Path SENTENCES = Path.of("src", "test", "resources", "sentences.txt");

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

    @Test
    void shouldNameTheSetting() {
        assertEquals(
                "A queue of this name exists with another value of DELAY.",
                ErrorText.describe(ResultCode.QUEUE_EXISTS, LimitId.NONE, 0, 3));
        assertEquals(
                "The setting THROUGHPUT_SCOPE does not fit the queue or its other settings.",
                ErrorText.describe(ResultCode.INVALID_SETTING, LimitId.NONE, 0, 9));
        assertEquals(
                "A queue of this name exists with other settings.",
                ErrorText.describe(ResultCode.QUEUE_EXISTS, LimitId.NONE, 0, 0));
        assertEquals(
                "A topic of this name exists with another value of CONTENT_DEDUPLICATION.",
                ErrorText.describe(ResultCode.TOPIC_EXISTS, LimitId.NONE, 0, 2));
        assertEquals(
                "A topic of this name exists with other settings.",
                ErrorText.describe(ResultCode.TOPIC_EXISTS, LimitId.NONE, 0, 5));
        assertEquals(
                "The queue is subscribed already, with another value of DEAD_LETTER_QUEUE.",
                ErrorText.describe(ResultCode.SUBSCRIPTION_EXISTS, LimitId.NONE, 0, 2));
    }

    @Test
    void shouldNameEverySettingAsTheSchemaDoes() throws Exception {
        assertEquals(settingsOfSchema("QueueSetting"), settings(Codes::setting));
        assertEquals(settingsOfSchema("TopicSetting"), settings(Codes::topicSetting));
        assertEquals(settingsOfSchema("SubscriptionSetting"), settings(Codes::subscriptionSetting));
        assertEquals(settingsOfSchema("StreamSetting"), settings(Codes::streamSetting));
    }

    private static List<String> settingsOfSchema(final String enumName) throws IOException {
        final List<String> settings = new ArrayList<>();
        try (InputStream in = ResultCode.class.getResourceAsStream("/millrace-codecs.xml")) {
            final String schema = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            final int start = schema.indexOf("<enum name=\"" + enumName + "\"");
            final Matcher matcher = Pattern.compile("validValue name=\"(\\w+)\"[^>]*>(\\d+)<")
                    .matcher(schema.substring(start, schema.indexOf("</enum>", start)));
            while (matcher.find()) {
                settings.add(matcher.group(2) + " " + matcher.group(1));
            }
        }
        return settings;
    }

    private static List<String> settings(final LongFunction<String> name) {
        final List<String> settings = new ArrayList<>();
        for (long value = 1; name.apply(value) != null; value++) {
            settings.add(value + " " + name.apply(value));
        }
        return settings;
    }

    /** Each sentence, letter by letter; with {@code -Dmillrace.write=true} the file of the sentences is written anew. */
    @Test
    void shouldSayExactlyThis() throws IOException {
        final List<String> actual = new ArrayList<>();
        for (final ResultCode code : ResultCode.values()) {
            if (code != ResultCode.LIMIT_EXCEEDED && code != ResultCode.NULL_VAL) {
                actual.add(line(code, LimitId.NONE));
            }
        }
        for (final LimitId limitId : LimitId.values()) {
            if (limitId != LimitId.NONE && limitId != LimitId.NULL_VAL) {
                actual.add(line(ResultCode.LIMIT_EXCEEDED, limitId));
            }
        }
        for (int fault = 1; FilterFault.of(fault) != null; fault++) {
            actual.add(filterLine(fault));
        }
        if (Boolean.getBoolean("millrace.write")) {
            Files.write(SENTENCES, actual);
        }
        assertEquals(String.join("\n", Files.readAllLines(SENTENCES)), String.join("\n", actual));
    }

    /** What the client says and, where SQS says something else, what SQS says. */
    private static String line(final ResultCode code, final LimitId limitId) {
        final long limit = 60_000_000_000L;
        final long actual = 2_000_000_000L;
        final String own = ErrorText.describe(code, limitId, limit, actual);
        final String sqs = ErrorText.describeAsSqs(code, limitId, limit, actual, "SUBJECT");
        return (limitId == LimitId.NONE ? code : limitId) + ": " + own + (sqs.equals(own) ? "" : " | " + sqs);
    }

    private static String filterLine(final int fault) {
        final ResultCode code = ResultCode.INVALID_FILTER_POLICY;
        final String own = ErrorText.describe(code, LimitId.NONE, fault, 1);
        final String sns = ErrorText.describeAsSqs(code, LimitId.NONE, fault, 1, "\"SUBJECT\"");
        return FilterFault.of(fault) + ": " + own + (sns.equals(own) ? "" : " | " + sns);
    }

    @Test
    void shouldSpeakAsSqsDoes() {
        assertEquals(
                "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
                limit(LimitId.RECEIVE_MESSAGES, 10, 11));
        assertEquals(
                "One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.",
                limit(LimitId.MESSAGE_BYTES, 1_048_576, 1_048_577));
        assertEquals(
                "Maximum number of entries per request are 10. You have sent 20.",
                limit(LimitId.BATCH_ENTRIES, 10, 20));
        assertEquals(
                "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.",
                limit(LimitId.BATCH_BYTES, 1_048_576, 1_048_577));
        assertEquals(
                "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not"
                        + " valid for this queue type.",
                sqs(ResultCode.NOT_FOR_QUEUE_TYPE, 0, 2_000_000_000L, ""));
        assertEquals(
                "Value abc for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.",
                sqs(ResultCode.RECEIPT_EXPIRED, 0, 0, "abc"));
        assertEquals(
                "Value abc for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available "
                        + "for visibility timeout change.",
                sqs(ResultCode.GONE, 0, 0, "abc"));
        assertEquals(
                "Message (user) attribute 'x' must contain a non-empty value of type 'String'.",
                sqs(ResultCode.INVALID_ATTRIBUTE, 0, 0, "x"));
        assertEquals(
                "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
                        + "explicitly",
                sqs(ResultCode.DEDUPLICATION_ID_REQUIRED, 0, 0, ""));
        assertEquals(
                "Source queue must be configured as a Dead Letter Queue.",
                sqs(ResultCode.NOT_A_DEAD_LETTER_QUEUE, 0, 0, ""));
        assertEquals("There is already a task running.", sqs(ResultCode.REDRIVE_RUNNING, 0, 0, ""));
        assertEquals("Value for parameter TaskHandle is invalid.", sqs(ResultCode.UNKNOWN_TASK, 0, 0, ""));
        assertEquals(
                "Only one PurgeQueue operation on orders is allowed every 60 seconds.",
                sqs(ResultCode.PURGE_IN_PROGRESS, 60_000_000_000L, 1, "orders"));
        assertEquals(
                "A queue already exists with the same name and a different value for attribute DelaySeconds",
                sqs(ResultCode.QUEUE_EXISTS, 0, 3, ""));
    }

    @Test
    void shouldSpeakItsOwnWayWhereSqsHasNoSentence() {
        assertEquals(
                "A queue of this name exists with another value of PRIORITIES.",
                sqs(ResultCode.QUEUE_EXISTS, 0, 14, ""));
        assertEquals(
                ErrorText.describe(ResultCode.LIMIT_EXCEEDED, LimitId.WATCHES, 1, 2), limit(LimitId.WATCHES, 1, 2));
        assertEquals(
                ErrorText.describe(ResultCode.OVERLOADED, LimitId.NONE, 0, 0), sqs(ResultCode.OVERLOADED, 0, 0, ""));
    }

    private static String limit(final LimitId limitId, final long limit, final long actual) {
        return ErrorText.describeAsSqs(ResultCode.LIMIT_EXCEEDED, limitId, limit, actual, "");
    }

    private static String sqs(final ResultCode code, final long limit, final long actual, final String subject) {
        return ErrorText.describeAsSqs(code, LimitId.NONE, limit, actual, subject);
    }
}
