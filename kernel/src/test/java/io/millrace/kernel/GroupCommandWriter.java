package io.millrace.kernel;

import static io.millrace.kernel.Payload.raw;

import io.millrace.codecs.CheckpointEncoder;
import io.millrace.codecs.CreateGroupEncoder;
import io.millrace.codecs.DeleteGroupEncoder;
import io.millrace.codecs.DescribeGroupEncoder;
import io.millrace.codecs.JoinGroupEncoder;
import io.millrace.codecs.LeaveGroupEncoder;
import io.millrace.codecs.ListGroupsEncoder;
import io.millrace.codecs.ListLeasesEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.QueryHeaderEncoder;
import io.millrace.codecs.ReleaseShardEncoder;
import io.millrace.codecs.RenewLeasesEncoder;
import io.millrace.codecs.Switch;
import org.agrona.MutableDirectBuffer;

/** Turns commands and queries that concern consumer groups into frames; each method returns the length without the header. */
final class GroupCommandWriter {

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MutableDirectBuffer buffer;
    private final int offset;
    private final long sessionId;

    GroupCommandWriter(final MutableDirectBuffer buffer, final int offset, final long sessionId) {
        this.buffer = buffer;
        this.offset = offset;
        this.sessionId = sessionId;
    }

    int encode(final GroupCommand.OfGroup command) {
        if (command instanceof GroupCommand.CreateGroup create) {
            final CreateGroupEncoder encoder = new CreateGroupEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            encoder.streamId(create.streamId())
                    .leaseDurationNs(
                            create.leaseDurationNs() == null
                                    ? CreateGroupEncoder.leaseDurationNsNullValue()
                                    : create.leaseDurationNs())
                    .start(create.start())
                    .putName(raw(create.name()), 0, create.name().length());
            return encoder.encodedLength();
        } else if (command instanceof GroupCommand.DeleteGroup delete) {
            final DeleteGroupEncoder encoder = new DeleteGroupEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            return encoder.groupId(delete.groupId()).encodedLength();
        } else if (command instanceof GroupCommand.JoinGroup join) {
            final JoinGroupEncoder encoder = new JoinGroupEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            encoder.groupId(join.groupId())
                    .putName(raw(join.name()), 0, join.name().length());
            return encoder.encodedLength();
        } else if (command instanceof GroupCommand.LeaveGroup leave) {
            final LeaveGroupEncoder encoder = new LeaveGroupEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            return encoder.memberId(leave.memberId()).encodedLength();
        }
        return encodeForShards(command);
    }

    private int encodeForShards(final GroupCommand.OfGroup command) {
        if (command instanceof GroupCommand.RenewLeases renew) {
            final RenewLeasesEncoder encoder = new RenewLeasesEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            return encoder.memberId(renew.memberId()).encodedLength();
        } else if (command instanceof GroupCommand.Checkpoint checkpoint) {
            return checkpoint(checkpoint);
        } else if (command instanceof GroupCommand.ReleaseShard release) {
            final ReleaseShardEncoder encoder = new ReleaseShardEncoder().wrapAndApplyHeader(buffer, offset, header);
            CommandWriter.put(encoder.command(), sessionId, command);
            return encoder.memberId(release.memberId())
                    .shardId(release.shardId())
                    .leaseEpoch(release.epoch())
                    .encodedLength();
        }
        return query(command);
    }

    private int checkpoint(final GroupCommand.Checkpoint command) {
        final CheckpointEncoder encoder = new CheckpointEncoder().wrapAndApplyHeader(buffer, offset, header);
        CommandWriter.put(encoder.command(), sessionId, command);
        final CheckpointEncoder.CheckpointsEncoder entries = encoder.memberId(command.memberId())
                .checkpointsCount(command.checkpoints().size());
        for (final GroupCommand.Progress progress : command.checkpoints()) {
            entries.next()
                    .shardId(progress.shardId())
                    .sequenceNumber(progress.sequenceNumber())
                    .leaseEpoch(progress.epoch())
                    .shardEnd(progress.isEnd() ? Switch.ON : Switch.OFF);
        }
        return encoder.encodedLength();
    }

    private int query(final GroupCommand.OfGroup command) {
        if (command instanceof GroupCommand.DescribeGroup describe) {
            final DescribeGroupEncoder encoder = new DescribeGroupEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.groupId(describe.groupId())
                    .afterMemberId(describe.afterMemberId())
                    .maxEntries(describe.maxEntries())
                    .encodedLength();
        } else if (command instanceof GroupCommand.ListGroups list) {
            final ListGroupsEncoder encoder = new ListGroupsEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.streamId(list.streamId())
                    .afterGroupId(list.afterGroupId())
                    .maxEntries(list.maxEntries())
                    .encodedLength();
        } else if (command instanceof GroupCommand.ListLeases list) {
            final ListLeasesEncoder encoder = new ListLeasesEncoder().wrapAndApplyHeader(buffer, offset, header);
            put(encoder.query(), command);
            return encoder.groupId(list.groupId())
                    .afterShardId(list.afterShardId())
                    .maxEntries(list.maxEntries())
                    .encodedLength();
        }
        throw new AssertionError("no frame for " + command);
    }

    private void put(final QueryHeaderEncoder encoder, final Command command) {
        encoder.sessionId(sessionId).correlationId(command.correlationId());
    }
}
