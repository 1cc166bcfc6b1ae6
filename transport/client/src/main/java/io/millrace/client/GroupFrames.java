package io.millrace.client;

import io.millrace.codecs.CreateGroupEncoder;
import io.millrace.codecs.DeleteGroupEncoder;
import io.millrace.codecs.DescribeGroupEncoder;
import io.millrace.codecs.ListGroupsEncoder;
import io.millrace.codecs.ListLeasesEncoder;

/** Encodes the requests about consumer groups. Each method returns a correlation id or a negative code. */
final class GroupFrames extends RequestFrames {
    GroupFrames(final FrameWriter writer) {
        super(writer);
    }

    long create(final long streamId, final String groupName, final GroupSettings settings) {
        final byte[] name = bytes(groupName);
        if (name.length > MAX_TEXT_LENGTH) {
            return MillraceClient.TOO_LARGE;
        }
        final CreateGroupEncoder encoder =
                new CreateGroupEncoder().wrap(body, 0).streamId(streamId);
        settings.encode(encoder);
        encoder.putName(name, 0, name.length);
        return command(CreateGroupEncoder.TEMPLATE_ID, CreateGroupEncoder.BLOCK_LENGTH, encoder.encodedLength());
    }

    long delete(final long groupId) {
        new DeleteGroupEncoder().wrap(body, 0).groupId(groupId);
        return command(DeleteGroupEncoder.TEMPLATE_ID, DeleteGroupEncoder.BLOCK_LENGTH);
    }

    long describe(final long groupId, final long afterMemberId, final int maxEntries) {
        new DescribeGroupEncoder()
                .wrap(body, 0)
                .groupId(groupId)
                .afterMemberId(afterMemberId)
                .maxEntries(maxEntries);
        return query(DescribeGroupEncoder.TEMPLATE_ID, DescribeGroupEncoder.BLOCK_LENGTH);
    }

    long list(final long streamId, final long afterGroupId, final int maxEntries) {
        new ListGroupsEncoder()
                .wrap(body, 0)
                .streamId(streamId)
                .afterGroupId(afterGroupId)
                .maxEntries(maxEntries);
        return query(ListGroupsEncoder.TEMPLATE_ID, ListGroupsEncoder.BLOCK_LENGTH);
    }

    long leases(final long groupId, final long afterShardId, final int maxEntries) {
        new ListLeasesEncoder()
                .wrap(body, 0)
                .groupId(groupId)
                .afterShardId(afterShardId)
                .maxEntries(maxEntries);
        return query(ListLeasesEncoder.TEMPLATE_ID, ListLeasesEncoder.BLOCK_LENGTH);
    }
}
