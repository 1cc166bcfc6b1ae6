package io.millrace.server;

import io.millrace.codecs.CheckpointEncoder;
import io.millrace.codecs.CreateGroupEncoder;
import io.millrace.codecs.DeleteGroupEncoder;
import io.millrace.codecs.DescribeGroupEncoder;
import io.millrace.codecs.GroupStart;
import io.millrace.codecs.JoinGroupEncoder;
import io.millrace.codecs.LeaveGroupEncoder;
import io.millrace.codecs.ListGroupsEncoder;
import io.millrace.codecs.ListLeasesEncoder;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.ReleaseShardEncoder;
import io.millrace.codecs.RenewLeasesEncoder;
import io.millrace.codecs.Switch;
import org.agrona.MutableDirectBuffer;

/** The valid frames that concern consumer groups, among {@link ClientFrames}. */
final class GroupFrames {
    private static final long STREAM = 1;
    private static final long SHARD = 1;
    private static final long GROUP = 1;
    private static final long MEMBER = 1;
    private static final long LEASE_NS = 5_000_000_000L;

    private final ClientFrames frames;
    private final MutableDirectBuffer buffer;
    private final MessageHeaderEncoder header;

    GroupFrames(final ClientFrames frames, final MutableDirectBuffer buffer, final MessageHeaderEncoder header) {
        this.frames = frames;
        this.buffer = buffer;
        this.header = header;
    }

    void addAll() {
        addGroups();
        addLeases();
        addQueries();
    }

    private void addGroups() {
        frames.add("CreateGroup", () -> {
            final CreateGroupEncoder command = new CreateGroupEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.streamId(STREAM)
                    .leaseDurationNs(LEASE_NS)
                    .start(GroupStart.HORIZON)
                    .name("bars")
                    .encodedLength();
        });
        frames.add("DeleteGroup", () -> {
            final DeleteGroupEncoder command = new DeleteGroupEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.groupId(GROUP).encodedLength();
        });
        frames.add("JoinGroup", () -> {
            final JoinGroupEncoder command = new JoinGroupEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.groupId(GROUP).name("worker 1").encodedLength();
        });
        frames.add("LeaveGroup", () -> {
            final LeaveGroupEncoder command = new LeaveGroupEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.memberId(MEMBER).encodedLength();
        });
    }

    private void addLeases() {
        frames.add("RenewLeases", () -> {
            final RenewLeasesEncoder command = new RenewLeasesEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.memberId(MEMBER).encodedLength();
        });
        frames.add("Checkpoint", () -> {
            final CheckpointEncoder command = new CheckpointEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            command.memberId(MEMBER)
                    .checkpointsCount(1)
                    .next()
                    .shardId(SHARD)
                    .sequenceNumber(0)
                    .leaseEpoch(1)
                    .shardEnd(Switch.OFF);
            return command.encodedLength();
        });
        frames.add("ReleaseShard", () -> {
            final ReleaseShardEncoder command = new ReleaseShardEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.command(command.command());
            return command.memberId(MEMBER).shardId(SHARD).leaseEpoch(1).encodedLength();
        });
    }

    private void addQueries() {
        frames.add("DescribeGroup", () -> {
            final DescribeGroupEncoder query = new DescribeGroupEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.groupId(GROUP).afterMemberId(0).maxEntries(10).encodedLength();
        });
        frames.add("ListGroups", () -> {
            final ListGroupsEncoder query = new ListGroupsEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.streamId(STREAM).afterGroupId(0).maxEntries(10).encodedLength();
        });
        frames.add("ListLeases", () -> {
            final ListLeasesEncoder query = new ListLeasesEncoder().wrapAndApplyHeader(buffer, 0, header);
            frames.query(query.query());
            return query.groupId(GROUP).afterShardId(0).maxEntries(10).encodedLength();
        });
    }
}
