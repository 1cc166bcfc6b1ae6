package io.millrace.kernel;

import io.millrace.codecs.AcknowledgeDecoder;
import io.millrace.codecs.AppendPayloadDecoder;
import io.millrace.codecs.BeginPayloadDecoder;
import io.millrace.codecs.BeginPublicationDecoder;
import io.millrace.codecs.BeginRecordDecoder;
import io.millrace.codecs.BrowseMessagesDecoder;
import io.millrace.codecs.CancelRedriveDecoder;
import io.millrace.codecs.ChangeVisibilityDecoder;
import io.millrace.codecs.CheckpointDecoder;
import io.millrace.codecs.CommitPayloadDecoder;
import io.millrace.codecs.ConsumeDecoder;
import io.millrace.codecs.CreateGroupDecoder;
import io.millrace.codecs.CreateQueueDecoder;
import io.millrace.codecs.CreateStreamDecoder;
import io.millrace.codecs.CreateTopicDecoder;
import io.millrace.codecs.DeclareBlobDecoder;
import io.millrace.codecs.DeleteGroupDecoder;
import io.millrace.codecs.DeleteMessagesDecoder;
import io.millrace.codecs.DeleteQueueDecoder;
import io.millrace.codecs.DeleteStreamDecoder;
import io.millrace.codecs.DeleteTopicDecoder;
import io.millrace.codecs.DeregisterStreamConsumerDecoder;
import io.millrace.codecs.DescribeBlobDecoder;
import io.millrace.codecs.DescribeGroupDecoder;
import io.millrace.codecs.DescribeQueueAccessDecoder;
import io.millrace.codecs.DescribeQueueDecoder;
import io.millrace.codecs.DescribeStreamAccessDecoder;
import io.millrace.codecs.DescribeStreamConsumerDecoder;
import io.millrace.codecs.DescribeStreamDecoder;
import io.millrace.codecs.DescribeSubscriptionDecoder;
import io.millrace.codecs.DescribeTopicAccessDecoder;
import io.millrace.codecs.DescribeTopicDecoder;
import io.millrace.codecs.GetRecordsDecoder;
import io.millrace.codecs.GetShardIteratorDecoder;
import io.millrace.codecs.JoinGroupDecoder;
import io.millrace.codecs.LeaveGroupDecoder;
import io.millrace.codecs.ListBlobsDecoder;
import io.millrace.codecs.ListDeadLetterSourcesDecoder;
import io.millrace.codecs.ListGroupsDecoder;
import io.millrace.codecs.ListLeasesDecoder;
import io.millrace.codecs.ListQueueTagsDecoder;
import io.millrace.codecs.ListQueuesDecoder;
import io.millrace.codecs.ListRedrivesDecoder;
import io.millrace.codecs.ListShardsDecoder;
import io.millrace.codecs.ListStreamConsumersDecoder;
import io.millrace.codecs.ListStreamTagsDecoder;
import io.millrace.codecs.ListStreamsDecoder;
import io.millrace.codecs.ListSubscriptionsDecoder;
import io.millrace.codecs.ListTopicTagsDecoder;
import io.millrace.codecs.ListTopicsDecoder;
import io.millrace.codecs.LookUpQueueDecoder;
import io.millrace.codecs.LookUpStreamDecoder;
import io.millrace.codecs.LookUpTopicDecoder;
import io.millrace.codecs.MergeShardsDecoder;
import io.millrace.codecs.MessageHeaderDecoder;
import io.millrace.codecs.OpenProducerDecoder;
import io.millrace.codecs.PublishMessagesDecoder;
import io.millrace.codecs.PurgeQueueDecoder;
import io.millrace.codecs.PutRecordsDecoder;
import io.millrace.codecs.ReceiveDecoder;
import io.millrace.codecs.RegisterStreamConsumerDecoder;
import io.millrace.codecs.ReleaseShardDecoder;
import io.millrace.codecs.RenewLeasesDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.SendMessagesDecoder;
import io.millrace.codecs.SessionCloseDecoder;
import io.millrace.codecs.SessionConnectDecoder;
import io.millrace.codecs.SessionKeepAliveDecoder;
import io.millrace.codecs.SetDeliveryPolicyDecoder;
import io.millrace.codecs.SetQueueAccessDecoder;
import io.millrace.codecs.SetQueueSettingsDecoder;
import io.millrace.codecs.SetStreamAccessDecoder;
import io.millrace.codecs.SetStreamSettingsDecoder;
import io.millrace.codecs.SetSubscriptionDecoder;
import io.millrace.codecs.SetTopicAccessDecoder;
import io.millrace.codecs.SetTopicSettingsDecoder;
import io.millrace.codecs.SettleMessagesDecoder;
import io.millrace.codecs.ShardCreditDecoder;
import io.millrace.codecs.SplitShardDecoder;
import io.millrace.codecs.StartRedriveDecoder;
import io.millrace.codecs.StopConsumingDecoder;
import io.millrace.codecs.SubscribeQueueDecoder;
import io.millrace.codecs.SubscribeSessionDecoder;
import io.millrace.codecs.SubscribeStreamDecoder;
import io.millrace.codecs.SubscribeToShardDecoder;
import io.millrace.codecs.TagQueueDecoder;
import io.millrace.codecs.TagStreamDecoder;
import io.millrace.codecs.TagTopicDecoder;
import io.millrace.codecs.UnsubscribeDecoder;
import io.millrace.codecs.UnsubscribeFromShardDecoder;
import io.millrace.codecs.UntagQueueDecoder;
import io.millrace.codecs.UntagStreamDecoder;
import io.millrace.codecs.UntagTopicDecoder;
import io.millrace.codecs.UpdateShardCountDecoder;
import io.millrace.codecs.WatchQueueDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Checks the structure of an ingress frame before anything else reads it: every length and group must lie inside the frame, and
 * the frame must end where they do. A frame that passes can be decoded without reading outside it.
 *
 * <p>Values are not judged here: that is the kernel's, behind the journal.
 */
public final class FrameValidator {
    private static final int TEXT = Short.BYTES;
    private static final int DATA = Integer.BYTES;
    private static final int GROUP_HEADER_LENGTH = 4;
    private static final int NUM_IN_GROUP = 2;
    private static final int BAD = -1;

    /** What follows a block: groups first, then variable-length data, as SBE lays a message out. */
    private record Shape(int blockLength, Shape[] groups, int[] data) {}

    private static final Shape[] NO_GROUPS = {};
    private static final Shape ATTRIBUTE =
            shape(SendMessagesDecoder.MessagesDecoder.AttributesDecoder.sbeBlockLength(), NO_GROUPS, TEXT, TEXT, DATA);
    private static final Shape PAYLOAD = shape(0, new Shape[] {ATTRIBUTE}, DATA, TEXT, TEXT, TEXT);
    private static final Shape MESSAGE =
            shape(SendMessagesDecoder.MessagesDecoder.sbeBlockLength(), PAYLOAD.groups, PAYLOAD.data);

    private static final Shape PROTOCOL_BODY =
            shape(PublishMessagesDecoder.MessagesDecoder.BodiesDecoder.sbeBlockLength(), NO_GROUPS, DATA);
    private static final Shape PUBLISHED = shape(
            PublishMessagesDecoder.MessagesDecoder.sbeBlockLength(),
            new Shape[] {PROTOCOL_BODY, ATTRIBUTE},
            DATA,
            TEXT,
            TEXT,
            TEXT,
            TEXT);

    private static final Shape RECORD = shape(PutRecordsDecoder.RecordsDecoder.sbeBlockLength(), NO_GROUPS, TEXT, DATA);

    private final Shape[] shapes = new Shape[ListLeasesDecoder.TEMPLATE_ID + 1];

    /** A validator for all templates that a client may send. */
    public FrameValidator() {
        put(SessionConnectDecoder.TEMPLATE_ID, SessionConnectDecoder.BLOCK_LENGTH, TEXT, TEXT, DATA);
        put(SessionCloseDecoder.TEMPLATE_ID, SessionCloseDecoder.BLOCK_LENGTH);
        put(SessionKeepAliveDecoder.TEMPLATE_ID, SessionKeepAliveDecoder.BLOCK_LENGTH);
        shapes[CreateQueueDecoder.TEMPLATE_ID] = shape(
                CreateQueueDecoder.BLOCK_LENGTH, list(CreateQueueDecoder.RedriveSourcesDecoder.sbeBlockLength()), TEXT);
        put(DeleteQueueDecoder.TEMPLATE_ID, DeleteQueueDecoder.BLOCK_LENGTH);
        put(PurgeQueueDecoder.TEMPLATE_ID, PurgeQueueDecoder.BLOCK_LENGTH);
        put(WatchQueueDecoder.TEMPLATE_ID, WatchQueueDecoder.BLOCK_LENGTH);
        shapes[TagQueueDecoder.TEMPLATE_ID] =
                shape(TagQueueDecoder.BLOCK_LENGTH, list(TagQueueDecoder.TagsDecoder.sbeBlockLength(), TEXT, TEXT));
        shapes[UntagQueueDecoder.TEMPLATE_ID] =
                shape(UntagQueueDecoder.BLOCK_LENGTH, list(UntagQueueDecoder.KeysDecoder.sbeBlockLength(), TEXT));
        shapes[SetQueueAccessDecoder.TEMPLATE_ID] = shape(
                SetQueueAccessDecoder.BLOCK_LENGTH, list(SetQueueAccessDecoder.EntriesDecoder.sbeBlockLength(), TEXT));
        putList(
                SetQueueSettingsDecoder.TEMPLATE_ID,
                SetQueueSettingsDecoder.BLOCK_LENGTH,
                SetQueueSettingsDecoder.RedriveSourcesDecoder.sbeBlockLength());
        shapes[SendMessagesDecoder.TEMPLATE_ID] = shape(SendMessagesDecoder.BLOCK_LENGTH, new Shape[] {MESSAGE});
        put(BeginPayloadDecoder.TEMPLATE_ID, BeginPayloadDecoder.BLOCK_LENGTH);
        put(AppendPayloadDecoder.TEMPLATE_ID, AppendPayloadDecoder.BLOCK_LENGTH, DATA);
        put(CommitPayloadDecoder.TEMPLATE_ID, CommitPayloadDecoder.BLOCK_LENGTH);
        shapes[ReceiveDecoder.TEMPLATE_ID] = shape(
                ReceiveDecoder.BLOCK_LENGTH, list(ReceiveDecoder.AttributeNamesDecoder.sbeBlockLength(), TEXT), TEXT);
        put(ConsumeDecoder.TEMPLATE_ID, ConsumeDecoder.BLOCK_LENGTH);
        put(StopConsumingDecoder.TEMPLATE_ID, StopConsumingDecoder.BLOCK_LENGTH);
        putList(
                AcknowledgeDecoder.TEMPLATE_ID,
                AcknowledgeDecoder.BLOCK_LENGTH,
                AcknowledgeDecoder.ReceiptsDecoder.sbeBlockLength());
        putList(
                DeleteMessagesDecoder.TEMPLATE_ID,
                DeleteMessagesDecoder.BLOCK_LENGTH,
                DeleteMessagesDecoder.ReceiptsDecoder.sbeBlockLength());
        putList(
                ChangeVisibilityDecoder.TEMPLATE_ID,
                ChangeVisibilityDecoder.BLOCK_LENGTH,
                ChangeVisibilityDecoder.ReceiptsDecoder.sbeBlockLength());
        putList(
                SettleMessagesDecoder.TEMPLATE_ID,
                SettleMessagesDecoder.BLOCK_LENGTH,
                SettleMessagesDecoder.ReceiptsDecoder.sbeBlockLength());
        putTopics();
        putStreams();
        put(StartRedriveDecoder.TEMPLATE_ID, StartRedriveDecoder.BLOCK_LENGTH);
        put(CancelRedriveDecoder.TEMPLATE_ID, CancelRedriveDecoder.BLOCK_LENGTH);
        put(ListRedrivesDecoder.TEMPLATE_ID, ListRedrivesDecoder.BLOCK_LENGTH);
        put(OpenProducerDecoder.TEMPLATE_ID, OpenProducerDecoder.BLOCK_LENGTH);
        put(LookUpQueueDecoder.TEMPLATE_ID, LookUpQueueDecoder.BLOCK_LENGTH, TEXT);
        put(DescribeQueueDecoder.TEMPLATE_ID, DescribeQueueDecoder.BLOCK_LENGTH);
        put(ListQueuesDecoder.TEMPLATE_ID, ListQueuesDecoder.BLOCK_LENGTH, TEXT);
        put(BrowseMessagesDecoder.TEMPLATE_ID, BrowseMessagesDecoder.BLOCK_LENGTH);
        put(ListQueueTagsDecoder.TEMPLATE_ID, ListQueueTagsDecoder.BLOCK_LENGTH);
        put(DescribeQueueAccessDecoder.TEMPLATE_ID, DescribeQueueAccessDecoder.BLOCK_LENGTH);
        put(ListDeadLetterSourcesDecoder.TEMPLATE_ID, ListDeadLetterSourcesDecoder.BLOCK_LENGTH);
    }

    private void putTopics() {
        put(CreateTopicDecoder.TEMPLATE_ID, CreateTopicDecoder.BLOCK_LENGTH, TEXT);
        put(DeleteTopicDecoder.TEMPLATE_ID, DeleteTopicDecoder.BLOCK_LENGTH);
        put(SetTopicSettingsDecoder.TEMPLATE_ID, SetTopicSettingsDecoder.BLOCK_LENGTH);
        shapes[TagTopicDecoder.TEMPLATE_ID] =
                shape(TagTopicDecoder.BLOCK_LENGTH, list(TagTopicDecoder.TagsDecoder.sbeBlockLength(), TEXT, TEXT));
        shapes[UntagTopicDecoder.TEMPLATE_ID] =
                shape(UntagTopicDecoder.BLOCK_LENGTH, list(UntagTopicDecoder.KeysDecoder.sbeBlockLength(), TEXT));
        shapes[SetTopicAccessDecoder.TEMPLATE_ID] = shape(
                SetTopicAccessDecoder.BLOCK_LENGTH, list(SetTopicAccessDecoder.EntriesDecoder.sbeBlockLength(), TEXT));
        put(SubscribeQueueDecoder.TEMPLATE_ID, SubscribeQueueDecoder.BLOCK_LENGTH, TEXT);
        put(SubscribeSessionDecoder.TEMPLATE_ID, SubscribeSessionDecoder.BLOCK_LENGTH, TEXT, TEXT);
        put(SubscribeStreamDecoder.TEMPLATE_ID, SubscribeStreamDecoder.BLOCK_LENGTH, TEXT, TEXT);
        put(SetDeliveryPolicyDecoder.TEMPLATE_ID, SetDeliveryPolicyDecoder.BLOCK_LENGTH);
        put(UnsubscribeDecoder.TEMPLATE_ID, UnsubscribeDecoder.BLOCK_LENGTH);
        put(SetSubscriptionDecoder.TEMPLATE_ID, SetSubscriptionDecoder.BLOCK_LENGTH, TEXT);
        shapes[PublishMessagesDecoder.TEMPLATE_ID] =
                shape(PublishMessagesDecoder.BLOCK_LENGTH, new Shape[] {PUBLISHED});
        put(BeginPublicationDecoder.TEMPLATE_ID, BeginPublicationDecoder.BLOCK_LENGTH);
        put(DeclareBlobDecoder.TEMPLATE_ID, DeclareBlobDecoder.BLOCK_LENGTH);
        put(DescribeBlobDecoder.TEMPLATE_ID, DescribeBlobDecoder.BLOCK_LENGTH);
        put(ListBlobsDecoder.TEMPLATE_ID, ListBlobsDecoder.BLOCK_LENGTH);
        put(LookUpTopicDecoder.TEMPLATE_ID, LookUpTopicDecoder.BLOCK_LENGTH, TEXT);
        put(DescribeTopicDecoder.TEMPLATE_ID, DescribeTopicDecoder.BLOCK_LENGTH);
        put(ListTopicsDecoder.TEMPLATE_ID, ListTopicsDecoder.BLOCK_LENGTH, TEXT);
        put(ListTopicTagsDecoder.TEMPLATE_ID, ListTopicTagsDecoder.BLOCK_LENGTH);
        put(DescribeTopicAccessDecoder.TEMPLATE_ID, DescribeTopicAccessDecoder.BLOCK_LENGTH);
        put(DescribeSubscriptionDecoder.TEMPLATE_ID, DescribeSubscriptionDecoder.BLOCK_LENGTH);
        put(ListSubscriptionsDecoder.TEMPLATE_ID, ListSubscriptionsDecoder.BLOCK_LENGTH);
    }

    private void putStreams() {
        put(CreateStreamDecoder.TEMPLATE_ID, CreateStreamDecoder.BLOCK_LENGTH, TEXT);
        put(DeleteStreamDecoder.TEMPLATE_ID, DeleteStreamDecoder.BLOCK_LENGTH);
        put(SetStreamSettingsDecoder.TEMPLATE_ID, SetStreamSettingsDecoder.BLOCK_LENGTH);
        shapes[TagStreamDecoder.TEMPLATE_ID] =
                shape(TagStreamDecoder.BLOCK_LENGTH, list(TagStreamDecoder.TagsDecoder.sbeBlockLength(), TEXT, TEXT));
        shapes[UntagStreamDecoder.TEMPLATE_ID] =
                shape(UntagStreamDecoder.BLOCK_LENGTH, list(UntagStreamDecoder.KeysDecoder.sbeBlockLength(), TEXT));
        shapes[SetStreamAccessDecoder.TEMPLATE_ID] = shape(
                SetStreamAccessDecoder.BLOCK_LENGTH,
                list(SetStreamAccessDecoder.EntriesDecoder.sbeBlockLength(), TEXT));
        shapes[PutRecordsDecoder.TEMPLATE_ID] = shape(PutRecordsDecoder.BLOCK_LENGTH, new Shape[] {RECORD});
        put(BeginRecordDecoder.TEMPLATE_ID, BeginRecordDecoder.BLOCK_LENGTH);
        put(GetRecordsDecoder.TEMPLATE_ID, GetRecordsDecoder.BLOCK_LENGTH);
        put(SplitShardDecoder.TEMPLATE_ID, SplitShardDecoder.BLOCK_LENGTH);
        put(MergeShardsDecoder.TEMPLATE_ID, MergeShardsDecoder.BLOCK_LENGTH);
        put(UpdateShardCountDecoder.TEMPLATE_ID, UpdateShardCountDecoder.BLOCK_LENGTH);
        putPushes();
        putGroups();
        put(LookUpStreamDecoder.TEMPLATE_ID, LookUpStreamDecoder.BLOCK_LENGTH, TEXT);
        put(DescribeStreamDecoder.TEMPLATE_ID, DescribeStreamDecoder.BLOCK_LENGTH);
        put(ListStreamsDecoder.TEMPLATE_ID, ListStreamsDecoder.BLOCK_LENGTH, TEXT);
        put(ListStreamTagsDecoder.TEMPLATE_ID, ListStreamTagsDecoder.BLOCK_LENGTH);
        put(DescribeStreamAccessDecoder.TEMPLATE_ID, DescribeStreamAccessDecoder.BLOCK_LENGTH);
        put(ListShardsDecoder.TEMPLATE_ID, ListShardsDecoder.BLOCK_LENGTH);
        put(GetShardIteratorDecoder.TEMPLATE_ID, GetShardIteratorDecoder.BLOCK_LENGTH);
    }

    private void putPushes() {
        put(RegisterStreamConsumerDecoder.TEMPLATE_ID, RegisterStreamConsumerDecoder.BLOCK_LENGTH, TEXT);
        put(DeregisterStreamConsumerDecoder.TEMPLATE_ID, DeregisterStreamConsumerDecoder.BLOCK_LENGTH);
        put(SubscribeToShardDecoder.TEMPLATE_ID, SubscribeToShardDecoder.BLOCK_LENGTH);
        put(UnsubscribeFromShardDecoder.TEMPLATE_ID, UnsubscribeFromShardDecoder.BLOCK_LENGTH);
        put(DescribeStreamConsumerDecoder.TEMPLATE_ID, DescribeStreamConsumerDecoder.BLOCK_LENGTH);
        put(ListStreamConsumersDecoder.TEMPLATE_ID, ListStreamConsumersDecoder.BLOCK_LENGTH);
        put(ShardCreditDecoder.TEMPLATE_ID, ShardCreditDecoder.BLOCK_LENGTH);
    }

    private void putGroups() {
        put(CreateGroupDecoder.TEMPLATE_ID, CreateGroupDecoder.BLOCK_LENGTH, TEXT);
        put(DeleteGroupDecoder.TEMPLATE_ID, DeleteGroupDecoder.BLOCK_LENGTH);
        put(JoinGroupDecoder.TEMPLATE_ID, JoinGroupDecoder.BLOCK_LENGTH, TEXT);
        put(LeaveGroupDecoder.TEMPLATE_ID, LeaveGroupDecoder.BLOCK_LENGTH);
        put(RenewLeasesDecoder.TEMPLATE_ID, RenewLeasesDecoder.BLOCK_LENGTH);
        putList(
                CheckpointDecoder.TEMPLATE_ID,
                CheckpointDecoder.BLOCK_LENGTH,
                CheckpointDecoder.CheckpointsDecoder.sbeBlockLength());
        put(ReleaseShardDecoder.TEMPLATE_ID, ReleaseShardDecoder.BLOCK_LENGTH);
        put(DescribeGroupDecoder.TEMPLATE_ID, DescribeGroupDecoder.BLOCK_LENGTH);
        put(ListGroupsDecoder.TEMPLATE_ID, ListGroupsDecoder.BLOCK_LENGTH);
        put(ListLeasesDecoder.TEMPLATE_ID, ListLeasesDecoder.BLOCK_LENGTH);
    }

    private static Shape shape(final int blockLength, final Shape[] groups, final int... data) {
        return new Shape(blockLength, groups, data);
    }

    private void put(final int templateId, final int blockLength, final int... data) {
        shapes[templateId] = shape(blockLength, NO_GROUPS, data);
    }

    private void putList(final int templateId, final int blockLength, final int entryBlockLength) {
        shapes[templateId] = shape(blockLength, list(entryBlockLength));
    }

    private static Shape[] list(final int entryBlockLength, final int... data) {
        return new Shape[] {shape(entryBlockLength, NO_GROUPS, data)};
    }

    /**
     * Checks a frame.
     *
     * @param buffer that holds the frame.
     * @param offset of the frame.
     * @param length of the frame in bytes; nothing behind it is read.
     * @return OK, MALFORMED_FRAME, UNKNOWN_TEMPLATE or UNSUPPORTED_VERSION.
     */
    public ResultCode validate(final DirectBuffer buffer, final int offset, final int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            return ResultCode.MALFORMED_FRAME;
        }
        if (text(buffer, offset + MessageHeaderDecoder.schemaIdEncodingOffset()) != MessageHeaderDecoder.SCHEMA_ID
                || text(buffer, offset + MessageHeaderDecoder.versionEncodingOffset())
                        != MessageHeaderDecoder.SCHEMA_VERSION) {
            return ResultCode.UNSUPPORTED_VERSION;
        }
        final int templateId = text(buffer, offset + MessageHeaderDecoder.templateIdEncodingOffset());
        final Shape shape = templateId < shapes.length ? shapes[templateId] : null;
        if (shape == null) {
            return ResultCode.UNKNOWN_TEMPLATE;
        }
        final int end = offset + length;
        final boolean isWhole = text(buffer, offset + MessageHeaderDecoder.blockLengthEncodingOffset())
                        == shape.blockLength
                && buffer.getInt(offset + MessageHeaderDecoder.messageLengthEncodingOffset(), ByteOrder.LITTLE_ENDIAN)
                        == length
                && walk(shape, buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, end) == end;
        return isWhole ? ResultCode.OK : ResultCode.MALFORMED_FRAME;
    }

    /** Whether bytes are one payload: attributes group and body, nothing more. */
    boolean isPayload(final DirectBuffer buffer, final int offset, final int length) {
        return walk(PAYLOAD, buffer, offset, offset + length) == offset + length;
    }

    /** Whether bytes are one entry of PublishMessages, nothing more. */
    boolean isPublished(final DirectBuffer buffer, final int offset, final int length) {
        return walk(PUBLISHED, buffer, offset, offset + length) == offset + length;
    }

    /** Whether bytes are one entry of PutRecords, nothing more. */
    boolean isRecord(final DirectBuffer buffer, final int offset, final int length) {
        return walk(RECORD, buffer, offset, offset + length) == offset + length;
    }

    /** Where the body's length stands in a payload that is known to be well formed. */
    static int bodyOffset(final DirectBuffer buffer, final int offset) {
        return text(buffer, offset + NUM_IN_GROUP) == 0
                ? offset + GROUP_HEADER_LENGTH
                : walkGroup(ATTRIBUTE, buffer, offset, buffer.capacity());
    }

    /** Length of a payload that is known to be well formed. */
    static int payloadLength(final DirectBuffer buffer, final int offset) {
        // Most messages have no attributes.
        if (text(buffer, offset + NUM_IN_GROUP) == 0) {
            int position = offset + GROUP_HEADER_LENGTH;
            position += DATA + buffer.getInt(position, ByteOrder.LITTLE_ENDIAN);
            position += TEXT + text(buffer, position);
            position += TEXT + text(buffer, position);
            return position + TEXT + text(buffer, position) - offset;
        }
        return walk(PAYLOAD, buffer, offset, buffer.capacity()) - offset;
    }

    /** Position behind what has the given shape, or {@link #BAD} if it does not end before {@code end}. */
    private static int walk(final Shape shape, final DirectBuffer buffer, final int from, final int end) {
        int position = from + shape.blockLength;
        for (int i = 0; i < shape.groups.length && position != BAD; i++) {
            position = walkGroup(shape.groups[i], buffer, position, end);
        }
        for (int i = 0; i < shape.data.length && position != BAD; i++) {
            position = walkData(shape.data[i], buffer, position, end);
        }
        return position > end ? BAD : position;
    }

    private static int walkGroup(final Shape entry, final DirectBuffer buffer, final int from, final int end) {
        int position = from + GROUP_HEADER_LENGTH;
        if (position > end || text(buffer, from) != entry.blockLength) {
            return BAD;
        }
        final int count = text(buffer, from + NUM_IN_GROUP);
        for (int i = 0; i < count && position != BAD; i++) {
            position = walk(entry, buffer, position, end);
        }
        return position;
    }

    private static int walkData(final int lengthSize, final DirectBuffer buffer, final int from, final int end) {
        if (from + lengthSize > end) {
            return BAD;
        }
        final long length =
                lengthSize == TEXT ? text(buffer, from) : buffer.getInt(from, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
        final long position = from + lengthSize + length;
        return position > end ? BAD : (int) position;
    }

    private static int text(final DirectBuffer buffer, final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
