package io.millrace.kernel;

import io.millrace.codecs.GroupStart;
import java.util.List;

/** Everything a client may ask of consumer groups, as values; a null lease duration is left out of the frame. */
interface GroupCommand {

    /** A command or query that concerns a consumer group. */
    interface OfGroup extends Command.OfStream {}

    /** How far a member has come with a shard. */
    record Progress(long shardId, long epoch, long sequenceNumber, boolean isEnd) {}

    record CreateGroup(
            long correlationId,
            Command.Producer producer,
            long streamId,
            Long leaseDurationNs,
            GroupStart start,
            String name)
            implements OfGroup, StreamCommand.Protected {}

    record DeleteGroup(long correlationId, Command.Producer producer, long groupId)
            implements OfGroup, StreamCommand.Protected {}

    record JoinGroup(long correlationId, long groupId, String name) implements OfGroup {}

    record LeaveGroup(long correlationId, long memberId) implements OfGroup {}

    record RenewLeases(long correlationId, long memberId) implements OfGroup {}

    record Checkpoint(long correlationId, long memberId, List<Progress> checkpoints) implements OfGroup {}

    record ReleaseShard(long correlationId, long memberId, long shardId, long epoch) implements OfGroup {}

    record DescribeGroup(long correlationId, long groupId, long afterMemberId, int maxEntries)
            implements OfGroup, StreamCommand.Query {}

    record ListGroups(long correlationId, long streamId, long afterGroupId, int maxEntries)
            implements OfGroup, StreamCommand.Query {}

    record ListLeases(long correlationId, long groupId, long afterShardId, int maxEntries)
            implements OfGroup, StreamCommand.Query {}
}
