package io.millrace.server;

import io.millrace.codecs.AcknowledgeEncoder;
import io.millrace.codecs.AppendPayloadEncoder;
import io.millrace.codecs.AttributeType;
import io.millrace.codecs.BeginPayloadEncoder;
import io.millrace.codecs.BrowseMessagesEncoder;
import io.millrace.codecs.CancelRedriveEncoder;
import io.millrace.codecs.ChangeVisibilityEncoder;
import io.millrace.codecs.CommandHeaderEncoder;
import io.millrace.codecs.CommitPayloadEncoder;
import io.millrace.codecs.ConsumeEncoder;
import io.millrace.codecs.CreateQueueEncoder;
import io.millrace.codecs.DeleteMessagesEncoder;
import io.millrace.codecs.DeleteQueueEncoder;
import io.millrace.codecs.DescribeQueueAccessEncoder;
import io.millrace.codecs.DescribeQueueEncoder;
import io.millrace.codecs.Disposition;
import io.millrace.codecs.ListDeadLetterSourcesEncoder;
import io.millrace.codecs.ListQueueTagsEncoder;
import io.millrace.codecs.ListQueuesEncoder;
import io.millrace.codecs.ListRedrivesEncoder;
import io.millrace.codecs.LookUpQueueEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.OpenProducerEncoder;
import io.millrace.codecs.PurgeQueueEncoder;
import io.millrace.codecs.QueryHeaderEncoder;
import io.millrace.codecs.ReceiveEncoder;
import io.millrace.codecs.SendMessagesEncoder;
import io.millrace.codecs.SessionCloseEncoder;
import io.millrace.codecs.SessionConnectEncoder;
import io.millrace.codecs.SessionKeepAliveEncoder;
import io.millrace.codecs.SetQueueAccessEncoder;
import io.millrace.codecs.SetQueueSettingsEncoder;
import io.millrace.codecs.SettleMessagesEncoder;
import io.millrace.codecs.ShardCreditEncoder;
import io.millrace.codecs.StartRedriveEncoder;
import io.millrace.codecs.StopConsumingEncoder;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TagQueueEncoder;
import io.millrace.codecs.UntagQueueEncoder;
import io.millrace.codecs.WatchQueueEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A valid frame of every template that a client may send. */
final class ClientFrames {

    /** A frame and what it is. */
    record Sample(String name, int templateId, byte[] frame) {

        @Override
        public String toString() {
            return name;
        }
    }

    static final long QUEUE = 1;
    private static final int ROOM = 512;

    private final MutableDirectBuffer buffer = new UnsafeBuffer(new byte[ROOM]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final long sessionId;
    private final List<Sample> samples = new ArrayList<>();
    private long correlationId = 1_000;

    private ClientFrames(final long sessionId) {
        this.sessionId = sessionId;
    }

    /** {@return frames of one session, for a server whose first queue has the name "orders"} */
    static List<Sample> of(final long sessionId) {
        final ClientFrames frames = new ClientFrames(sessionId);
        frames.addQueues();
        frames.addSettings();
        frames.addSends();
        frames.addTransfers();
        frames.addDeliveries();
        frames.addReceipts();
        frames.addQueries();
        frames.addQueriesOfQueues();
        frames.addSessionFrames();
        new TopicFrames(frames, frames.buffer, frames.header).addAll();
        new StreamFrames(frames, frames.buffer, frames.header).addAll();
        new GroupFrames(frames, frames.buffer, frames.header).addAll();
        return frames.samples;
    }

    private void addQueues() {
        add("CreateQueue", () -> {
            final CreateQueueEncoder command = new CreateQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            RawClient.defaults(command.settings())
                    .visibilityTimeoutNs(5)
                    .delayNs(6)
                    .receiveWaitNs(7)
                    .maxMessageBytes(8);
            command.redriveSourcesCount(2).next().queueId(QUEUE).next().queueId(2);
            return command.name("another").encodedLength();
        });
        add("DeleteQueue", () -> {
            final DeleteQueueEncoder command = new DeleteQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            return command.queueId(QUEUE).encodedLength();
        });
        add("OpenProducer", () -> {
            final OpenProducerEncoder command = new OpenProducerEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            return command.nonce(0).encodedLength();
        });
    }

    private void addSettings() {
        add("SetQueueSettings", () -> {
            final SetQueueSettingsEncoder command = new SetQueueSettingsEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            RawClient.defaults(command.queueId(QUEUE).settings()).delayNs(6);
            command.redriveSourcesCount(1).next().queueId(2);
            return command.encodedLength();
        });
        add("PurgeQueue", () -> {
            final PurgeQueueEncoder command = new PurgeQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            return command.queueId(QUEUE).encodedLength();
        });
        add("TagQueue", () -> {
            final TagQueueEncoder command = new TagQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            command.queueId(QUEUE)
                    .tagsCount(2)
                    .next()
                    .key("team")
                    .value("a")
                    .next()
                    .key("stage")
                    .value("");
            return command.encodedLength();
        });
        add("UntagQueue", () -> {
            final UntagQueueEncoder command = new UntagQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            command.queueId(QUEUE).keysCount(2).next().key("team").next().key("other");
            return command.encodedLength();
        });
        add("SetQueueAccess", () -> {
            final SetQueueAccessEncoder command = new SetQueueAccessEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            final SetQueueAccessEncoder.EntriesEncoder entries =
                    command.queueId(QUEUE).entriesCount(1).next();
            entries.permissions().clear().send(true);
            entries.principal("feed");
            return command.encodedLength();
        });
        add("StartRedrive", () -> {
            final StartRedriveEncoder command = new StartRedriveEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            return command.queueId(QUEUE)
                    .destinationQueueId(0)
                    .messagesPerSecond(7)
                    .encodedLength();
        });
        add("CancelRedrive", () -> {
            final CancelRedriveEncoder command = new CancelRedriveEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            return command.taskId(1).encodedLength();
        });
        add("WatchQueue", () -> {
            final WatchQueueEncoder command = new WatchQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            return command.queueId(QUEUE).watching(Switch.ON).encodedLength();
        });
    }

    private void addSends() {
        add("SendMessages", () -> {
            final SendMessagesEncoder command = new SendMessagesEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            final SendMessagesEncoder.MessagesEncoder messages =
                    command.queueId(QUEUE).messagesCount(2);
            final SendMessagesEncoder.MessagesEncoder.AttributesEncoder attributes =
                    entry(messages.next(), 0).attributesCount(2);
            attributes.next().attributeType(AttributeType.STRING).name("side").customType("");
            attributes.putValue(new byte[] {'b', 'u', 'y'}, 0, 3);
            attributes.next().attributeType(AttributeType.NUMBER).name("price").customType("int");
            attributes.putValue(new byte[] {'-', '1'}, 0, 2);
            messages.putBody(new byte[] {'b', 'o', 'd', 'y'}, 0, 4);
            messages.groupId("group").deduplicationId("id").traceHeader("Root=1");
            entry(messages.next(), SendMessagesEncoder.MessagesEncoder.delayNsNullValue());
            messages.attributesCount(0);
            messages.putBody(new byte[0], 0, 0);
            messages.groupId("").deduplicationId("").traceHeader("");
            return command.encodedLength();
        });
    }

    private static SendMessagesEncoder.MessagesEncoder entry(
            final SendMessagesEncoder.MessagesEncoder entry, final long delayNs) {
        return entry.delayNs(delayNs)
                .scheduledTimeNs(SendMessagesEncoder.MessagesEncoder.scheduledTimeNsNullValue())
                .timeToLiveNs(SendMessagesEncoder.MessagesEncoder.timeToLiveNsNullValue())
                .priority((short) 0);
    }

    private void addTransfers() {
        add("BeginPayload", () -> {
            final BeginPayloadEncoder command = new BeginPayloadEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            return command.queueId(QUEUE)
                    .delayNs(3)
                    .scheduledTimeNs(BeginPayloadEncoder.scheduledTimeNsNullValue())
                    .timeToLiveNs(BeginPayloadEncoder.timeToLiveNsNullValue())
                    .payloadLength(100)
                    .priority((short) 0)
                    .encodedLength();
        });
        add("AppendPayload", () -> {
            final AppendPayloadEncoder command = new AppendPayloadEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            return command.payloadOffset(0).putChunk(new byte[9], 0, 9).encodedLength();
        });
        add("CommitPayload", () -> {
            final CommitPayloadEncoder command = new CommitPayloadEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            return command.encodedLength();
        });
    }

    private void addDeliveries() {
        add("Receive", () -> {
            final ReceiveEncoder command = new ReceiveEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            command.queueId(QUEUE).waitNs(4).visibilityTimeoutNs(5).maxMessages(3);
            command.attributeNamesCount(2).next().name("side").next().name("pri.*");
            return command.attemptId("attempt").encodedLength();
        });
        add("Consume", () -> {
            final ConsumeEncoder command = new ConsumeEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            return command.queueId(QUEUE)
                    .visibilityTimeoutNs(5)
                    .creditMessages(2)
                    .creditBytes(1_000)
                    .encodedLength();
        });
        add("StopConsuming", () -> {
            final StopConsumingEncoder command = new StopConsumingEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            return command.queueId(QUEUE).encodedLength();
        });
    }

    private void addReceipts() {
        add("Acknowledge", () -> {
            final AcknowledgeEncoder command = new AcknowledgeEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            command.queueId(QUEUE)
                    .receiptsCount(2)
                    .next()
                    .receipt()
                    .slot(0)
                    .generation(1)
                    .deliveryNumber(1);
            return command.encodedLength() + AcknowledgeEncoder.ReceiptsEncoder.sbeBlockLength();
        });
        add("DeleteMessages", () -> {
            final DeleteMessagesEncoder command = new DeleteMessagesEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            command.queueId(QUEUE).receiptsCount(1).next().receipt().slot(1);
            return command.encodedLength();
        });
        add("SettleMessages", () -> {
            final SettleMessagesEncoder command = new SettleMessagesEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            command.queueId(QUEUE)
                    .receiptsCount(1)
                    .next()
                    .delayNs(9)
                    .disposition(Disposition.RETRY)
                    .receipt()
                    .slot(1);
            return command.encodedLength();
        });
        add("ChangeVisibility", () -> {
            final ChangeVisibilityEncoder command = new ChangeVisibilityEncoder().wrapAndApplyHeader(buffer, 0, header);
            command(command.command());
            command.queueId(QUEUE)
                    .receiptsCount(1)
                    .next()
                    .visibilityTimeoutNs(9)
                    .receipt()
                    .slot(1);
            return command.encodedLength();
        });
    }

    private void addQueriesOfQueues() {
        add("ListQueueTags", () -> {
            final ListQueueTagsEncoder query = new ListQueueTagsEncoder().wrapAndApplyHeader(buffer, 0, header);
            query(query.query());
            return query.queueId(QUEUE).encodedLength();
        });
        add("DescribeQueueAccess", () -> {
            final DescribeQueueAccessEncoder query =
                    new DescribeQueueAccessEncoder().wrapAndApplyHeader(buffer, 0, header);
            query(query.query());
            return query.queueId(QUEUE).encodedLength();
        });
        add("ListRedrives", () -> {
            final ListRedrivesEncoder query = new ListRedrivesEncoder().wrapAndApplyHeader(buffer, 0, header);
            query(query.query());
            return query.queueId(QUEUE).encodedLength();
        });
        add("BrowseMessages", () -> {
            final BrowseMessagesEncoder query = new BrowseMessagesEncoder().wrapAndApplyHeader(buffer, 0, header);
            query(query.query());
            query.queueId(QUEUE).cursor(0).maxMessages(10);
            query.statuses().clear().available(true).inFlight(true);
            return query.encodedLength();
        });
        add("ListDeadLetterSources", () -> {
            final ListDeadLetterSourcesEncoder query =
                    new ListDeadLetterSourcesEncoder().wrapAndApplyHeader(buffer, 0, header);
            query(query.query());
            return query.queueId(QUEUE).afterQueueId(0).maxEntries(10).encodedLength();
        });
    }

    private void addQueries() {
        add("LookUpQueue", () -> {
            final LookUpQueueEncoder query = new LookUpQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
            query(query.query());
            return query.name("orders").encodedLength();
        });
        add("DescribeQueue", () -> {
            final DescribeQueueEncoder query = new DescribeQueueEncoder().wrapAndApplyHeader(buffer, 0, header);
            query(query.query());
            return query.queueId(QUEUE).encodedLength();
        });
        add("ListQueues", () -> {
            final ListQueuesEncoder query = new ListQueuesEncoder().wrapAndApplyHeader(buffer, 0, header);
            query(query.query());
            return query.afterQueueId(0).maxEntries(10).prefix("o").encodedLength();
        });
    }

    private void addSessionFrames() {
        add(
                "SessionConnect",
                () -> new SessionConnectEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .correlationId(correlationId)
                        .responseStreamId(2)
                        .responseChannel("aeron:ipc?session-id=3")
                        .clientName("a client")
                        .putCredentials(new byte[] {1, 2, 3}, 0, 3)
                        .encodedLength());
        add(
                "SessionClose",
                () -> new SessionCloseEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .sessionId(sessionId)
                        .encodedLength());
        add(
                "ShardCredit",
                () -> new ShardCreditEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .sessionId(sessionId)
                        .subscriptionId(1)
                        .bytes(10)
                        .encodedLength());
        add(
                "SessionKeepAlive",
                () -> new SessionKeepAliveEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .sessionId(sessionId)
                        .encodedLength());
    }

    void add(final String name, final IntSupplier encoding) {
        buffer.setMemory(0, ROOM, (byte) 0);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encoding.getAsInt();
        header.wrap(buffer, 0).messageLength(length);
        final byte[] frame = new byte[length];
        buffer.getBytes(0, frame);
        samples.add(new Sample(name, frame[2] & 0xFF | (frame[3] & 0xFF) << Byte.SIZE, frame));
        correlationId++;
    }

    void command(final CommandHeaderEncoder command) {
        command.sessionId(sessionId).correlationId(correlationId);
    }

    void query(final QueryHeaderEncoder query) {
        query.sessionId(sessionId).correlationId(correlationId);
    }
}
