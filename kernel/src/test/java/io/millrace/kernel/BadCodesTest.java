package io.millrace.kernel;

import static io.millrace.kernel.BadInputWorld.DEAD;
import static io.millrace.kernel.BadInputWorld.STANDARD;
import static io.millrace.kernel.BadInputWorld.SUBSCRIPTION;
import static io.millrace.kernel.BadInputWorld.TOPIC;
import static io.millrace.kernel.Command.Producer.NONE;
import static io.millrace.kernel.Scenario.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.CreateTopicDecoder;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.PublishMessagesDecoder;
import io.millrace.codecs.QueueSettingsDecoder;
import io.millrace.codecs.SendMessagesDecoder;
import io.millrace.codecs.SetQueueSettingsDecoder;
import io.millrace.codecs.SetSubscriptionDecoder;
import io.millrace.codecs.SetTopicSettingsDecoder;
import io.millrace.codecs.SettleMessagesDecoder;
import io.millrace.codecs.SubscribeQueueDecoder;
import io.millrace.codecs.SubscriptionSettingsDecoder;
import io.millrace.codecs.TopicSettingsDecoder;
import io.millrace.codecs.WatchQueueDecoder;
import io.millrace.kernel.Command.SubscriptionSettings;
import io.millrace.kernel.Command.TopicSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A code that its enumeration does not have: each such code in each field of a command is refused and leaves no trace. */
class BadCodesTest {
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int GROUP_HEADER = 4;
    private static final int CODES = 256;
    private static final int NULL = 255;
    private static final String INVALID_ARGUMENT = "INVALID_ARGUMENT";

    /**
     * A field of a command.
     *
     * @param name     of the field.
     * @param command  that is right.
     * @param offset   of the field in the command's frame.
     * @param first    code that the enumeration has.
     * @param last     code that the enumeration has.
     * @param nullable whether null leaves the field out.
     * @param answer   to every other code; that an argument is invalid is said with the code as the actual value.
     */
    private record Field(
            String name, Command command, int offset, int first, int last, boolean nullable, String answer) {

        boolean isWrong(final int code) {
            return (code < first || code > last) && !(nullable && code == NULL);
        }

        String answerTo(final int code) {
            final boolean isNamed = answer.startsWith(INVALID_ARGUMENT) && code != 0;
            return isNamed ? answer.replace(INVALID_ARGUMENT, INVALID_ARGUMENT + " " + code) : answer;
        }
    }

    private final BadInputWorld world = new BadInputWorld();
    private final CommandWriter writer = new CommandWriter();
    private final ExpandableArrayBuffer frame = new ExpandableArrayBuffer();

    private List<Field> fields() {
        final List<Field> fields = new ArrayList<>();
        queueSettings(
                fields,
                new Command.CreateQueue(1, NONE, "new", Settings.NONE),
                HEADER + CreateQueueDecoder.settingsEncodingOffset());
        queueSettings(
                fields,
                new Command.SetQueueSettings(1, NONE, STANDARD, Settings.NONE),
                HEADER + SetQueueSettingsDecoder.settingsEncodingOffset());
        topicSettings(
                fields,
                new Command.CreateTopic(1, NONE, "new", TopicSettings.NONE),
                HEADER + CreateTopicDecoder.settingsEncodingOffset());
        topicSettings(
                fields,
                new Command.SetTopicSettings(1, NONE, TOPIC, TopicSettings.NONE),
                HEADER + SetTopicSettingsDecoder.settingsEncodingOffset());
        final int raw = HEADER + SubscriptionSettingsDecoder.rawDeliveryEncodingOffset();
        fields.add(new Field(
                "rawDelivery",
                new Command.SubscribeQueue(1, NONE, TOPIC, STANDARD, SubscriptionSettings.NONE),
                raw + SubscribeQueueDecoder.settingsEncodingOffset(),
                0,
                1,
                true,
                "INVALID_SETTING 1"));
        fields.add(new Field(
                "rawDelivery",
                new Command.SetSubscription(1, NONE, SUBSCRIPTION, SubscriptionSettings.NONE),
                raw + SetSubscriptionDecoder.settingsEncodingOffset(),
                0,
                1,
                true,
                "INVALID_SETTING 1"));
        archives(fields);
        messages(fields);
        publications(fields);
        return fields;
    }

    private static void archives(final List<Field> fields) {
        final int replayFrom = HEADER + SubscriptionSettingsDecoder.replayFromNsEncodingOffset();
        fields.add(new Field(
                "replayFromNs",
                new Command.SubscribeQueue(1, NONE, TOPIC, DEAD, SubscriptionSettings.NONE),
                replayFrom + SubscribeQueueDecoder.settingsEncodingOffset(),
                0,
                0,
                false,
                "INVALID_SETTING 7"));
        fields.add(new Field(
                "replayFromNs",
                new Command.SetSubscription(1, NONE, SUBSCRIPTION, SubscriptionSettings.NONE),
                replayFrom + SetSubscriptionDecoder.settingsEncodingOffset(),
                0,
                0,
                false,
                "INVALID_SETTING 7"));
    }

    private static void queueSettings(final List<Field> fields, final Command command, final int at) {
        add(fields, "queueType", command, at + QueueSettingsDecoder.queueTypeEncodingOffset(), 1, 2);
        add(
                fields,
                "contentDeduplication",
                command,
                at + QueueSettingsDecoder.contentDeduplicationEncodingOffset(),
                0,
                1);
        add(fields, "deduplicationScope", command, at + QueueSettingsDecoder.deduplicationScopeEncodingOffset(), 1, 2);
        add(fields, "throughputScope", command, at + QueueSettingsDecoder.throughputScopeEncodingOffset(), 1, 2);
        add(fields, "redrivePermission", command, at + QueueSettingsDecoder.redrivePermissionEncodingOffset(), 1, 3);
        add(fields, "backoff", command, at + QueueSettingsDecoder.backoffEncodingOffset(), 1, 4);
    }

    private static void add(
            final List<Field> fields,
            final String name,
            final Command command,
            final int offset,
            final int first,
            final int last) {
        fields.add(new Field(name, command, offset, first, last, true, INVALID_ARGUMENT));
    }

    private static void topicSettings(final List<Field> fields, final Command command, final int at) {
        final int type = at + TopicSettingsDecoder.topicTypeEncodingOffset();
        final int content = at + TopicSettingsDecoder.contentDeduplicationEncodingOffset();
        final int scope = at + TopicSettingsDecoder.deduplicationScopeEncodingOffset();
        final int archive = at + TopicSettingsDecoder.archivePeriodNsEncodingOffset();
        fields.add(new Field("archivePeriodNs", command, archive, 0, 0, false, "INVALID_SETTING 4"));
        fields.add(new Field("topicType", command, type, 1, 2, true, "INVALID_SETTING 1"));
        fields.add(new Field("contentDeduplication", command, content, 0, 1, true, "INVALID_SETTING 2"));
        fields.add(new Field("deduplicationScope", command, scope, 1, 2, true, "INVALID_SETTING 3"));
    }

    private void messages(final List<Field> fields) {
        final Payload payload = Payload.of("x", Payload.Attribute.text("name", "value"));
        fields.add(new Field(
                "watching",
                new Command.WatchQueue(1, STANDARD, true),
                HEADER + WatchQueueDecoder.watchingEncodingOffset(),
                0,
                1,
                false,
                INVALID_ARGUMENT));
        fields.add(new Field(
                "disposition",
                new Command.SettleMessages(
                        1, NONE, STANDARD, List.of(new Command.Settlement(world.held, null, Disposition.RELEASE))),
                HEADER
                        + SettleMessagesDecoder.BLOCK_LENGTH
                        + GROUP_HEADER
                        + SettleMessagesDecoder.ReceiptsDecoder.dispositionEncodingOffset(),
                1,
                3,
                false,
                "[0 INVALID_ARGUMENT]"));
        fields.add(new Field(
                "attributeType",
                new Command.SendMessages(1, NONE, STANDARD, List.of(new Command.Entry(null, payload))),
                HEADER
                        + SendMessagesDecoder.BLOCK_LENGTH
                        + GROUP_HEADER
                        + SendMessagesDecoder.MessagesDecoder.sbeBlockLength()
                        + GROUP_HEADER
                        + SendMessagesDecoder.MessagesDecoder.AttributesDecoder.attributeTypeEncodingOffset(),
                1,
                3,
                false,
                "INVALID_ATTRIBUTE entry 0"));
    }

    private static void publications(final List<Field> fields) {
        final Payload payload = Payload.of("body", Payload.Attribute.text("side", "buy"));
        fields.add(new Field(
                "attributeType",
                new Command.PublishMessages(1, NONE, TOPIC, false, false, List.of(new Command.Published(payload, ""))),
                HEADER
                        + PublishMessagesDecoder.BLOCK_LENGTH
                        + GROUP_HEADER
                        + PublishMessagesDecoder.MessagesDecoder.sbeBlockLength()
                        + 2 * GROUP_HEADER
                        + PublishMessagesDecoder.MessagesDecoder.AttributesDecoder.attributeTypeEncodingOffset(),
                1,
                3,
                false,
                "INVALID_ATTRIBUTE entry 0"));
        fields.add(new Field(
                "protocol",
                new Command.PublishMessages(
                        1,
                        NONE,
                        TOPIC,
                        false,
                        false,
                        List.of(new Command.Published(payload, "", List.of(new Command.ProtocolBody(1, "x"))))),
                HEADER
                        + PublishMessagesDecoder.BLOCK_LENGTH
                        + GROUP_HEADER
                        + PublishMessagesDecoder.MessagesDecoder.sbeBlockLength()
                        + GROUP_HEADER
                        + PublishMessagesDecoder.MessagesDecoder.BodiesDecoder.protocolEncodingOffset(),
                1,
                3,
                false,
                "INVALID_ARGUMENT entry 0"));
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseEveryCodeThatIsNone() {
        return fields().stream()
                .map(field -> dynamicTest(
                        field.command.getClass().getSimpleName() + " " + field.name, () -> shouldBeRefused(field)));
    }

    private void shouldBeRefused(final Field field) {
        final int length = writer.write(frame, 0, A, field.command);
        final int given = frame.getByte(field.offset) & 0xFF;
        assertTrue(!field.isWrong(given), () -> "no code of " + field.name + " stands there: " + given);
        final long before = world.scenario.kernel.stateHash();
        for (int code = 0; code < CODES; code++) {
            if (field.isWrong(code)) {
                frame.putByte(field.offset, (byte) code);
                world.scenario.applyFrame(A, frame, 0, length);
                assertEquals(field.answerTo(code), world.answer(), () -> field.name);
            }
        }
        assertEquals(before, world.scenario.kernel.stateHash(), "state hash");
    }
}
