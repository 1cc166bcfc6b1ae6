package io.millrace.kernel;

import io.millrace.codecs.CheckpointDecoder;
import io.millrace.codecs.CheckpointDecoder.CheckpointsDecoder;
import io.millrace.codecs.CreateGroupDecoder;
import io.millrace.codecs.DeleteGroupDecoder;
import io.millrace.codecs.JoinGroupDecoder;
import io.millrace.codecs.LeaveGroupDecoder;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.ReleaseShardDecoder;
import io.millrace.codecs.RenewLeasesDecoder;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import io.millrace.kernel.GroupTables.Lease;
import io.millrace.kernel.GroupTables.Member;
import io.millrace.kernel.StreamTables.Shard;
import io.millrace.kernel.memory.SlotTable;
import org.agrona.DirectBuffer;

/** Decodes the commands that concern consumer groups, and takes the checkpoints of their members. */
final class GroupCommands {
    private static final int TEXT_LENGTH_SIZE = Short.BYTES;

    private final State state;
    private final GroupState tables;
    private final SlotTable members;
    private final SlotTable rows;
    private final SlotTable shards;
    private final Groups groups;
    private final CreateGroupDecoder createGroup = new CreateGroupDecoder();
    private final DeleteGroupDecoder deleteGroup = new DeleteGroupDecoder();
    private final JoinGroupDecoder joinGroup = new JoinGroupDecoder();
    private final LeaveGroupDecoder leaveGroup = new LeaveGroupDecoder();
    private final RenewLeasesDecoder renewLeases = new RenewLeasesDecoder();
    private final CheckpointDecoder checkpoint = new CheckpointDecoder();
    private final ReleaseShardDecoder releaseShard = new ReleaseShardDecoder();

    GroupCommands(final State state, final Groups groups) {
        this.state = state;
        this.tables = state.groups;
        this.members = tables.members;
        this.rows = tables.leases;
        this.shards = state.streams.shards;
        this.groups = groups;
    }

    void execute(final Request request, final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case CheckpointDecoder.TEMPLATE_ID ->
                checkpoint(
                        request,
                        checkpoint.wrap(
                                buffer, body, CheckpointDecoder.BLOCK_LENGTH, CheckpointDecoder.SCHEMA_VERSION));
            case RenewLeasesDecoder.TEMPLATE_ID -> {
                renewLeases.wrap(buffer, body, RenewLeasesDecoder.BLOCK_LENGTH, RenewLeasesDecoder.SCHEMA_VERSION);
                final int member = groups.members().readerOf(request, renewLeases.memberId());
                if (member >= 0) {
                    groups.members().renew(member);
                    request.confirm(0, 0);
                }
            }
            case ReleaseShardDecoder.TEMPLATE_ID ->
                release(
                        request,
                        releaseShard.wrap(
                                buffer, body, ReleaseShardDecoder.BLOCK_LENGTH, ReleaseShardDecoder.SCHEMA_VERSION));
            default -> executeRare(request, templateId, buffer, body);
        }
    }

    private void executeRare(final Request request, final int templateId, final DirectBuffer buffer, final int body) {
        switch (templateId) {
            case CreateGroupDecoder.TEMPLATE_ID ->
                groups.create(
                        request,
                        createGroup.wrap(
                                buffer, body, CreateGroupDecoder.BLOCK_LENGTH, CreateGroupDecoder.SCHEMA_VERSION));
            case DeleteGroupDecoder.TEMPLATE_ID -> {
                deleteGroup.wrap(buffer, body, DeleteGroupDecoder.BLOCK_LENGTH, DeleteGroupDecoder.SCHEMA_VERSION);
                groups.delete(request, deleteGroup.groupId());
            }
            case JoinGroupDecoder.TEMPLATE_ID -> {
                joinGroup.wrap(buffer, body, JoinGroupDecoder.BLOCK_LENGTH, JoinGroupDecoder.SCHEMA_VERSION);
                final int group = groups.groupOf(request, joinGroup.groupId(), Access.RECEIVE);
                if (group >= 0) {
                    final int name = joinGroup.limit() + TEXT_LENGTH_SIZE;
                    groups.members().join(request, group, buffer, name, joinGroup.nameLength());
                }
            }
            case LeaveGroupDecoder.TEMPLATE_ID -> {
                leaveGroup.wrap(buffer, body, LeaveGroupDecoder.BLOCK_LENGTH, LeaveGroupDecoder.SCHEMA_VERSION);
                final int member = groups.members().memberOf(request, leaveGroup.memberId());
                if (member >= 0) {
                    groups.members().remove(member);
                    request.confirm(0, 0);
                }
            }
            default -> throw new IllegalStateException("no command has the template id " + templateId);
        }
    }

    private void checkpoint(final Request request, final CheckpointDecoder command) {
        final int member = groups.members().readerOf(request, command.memberId());
        if (member < 0) {
            return;
        }
        final CheckpointsDecoder entries = command.checkpoints();
        final int count = entries.count();
        if (count == 0) {
            request.refuse(ResultCode.EMPTY_BATCH);
        } else if (count > state.limit(LimitId.BATCH_ENTRIES)) {
            request.refuseLimit(LimitId.BATCH_ENTRIES, state.limit(LimitId.BATCH_ENTRIES), count);
        } else {
            for (int i = 0; i < count; i++) {
                entries.next();
                checkpoint(
                        request,
                        i,
                        leaseOf(member, entries.shardId(), entries.leaseEpoch()),
                        entries.sequenceNumber(),
                        entries.shardEndRaw());
            }
            request.answerEntries();
        }
    }

    private void checkpoint(
            final Request request, final int entry, final int lease, final long sequence, final int shardEnd) {
        if (lease < 0) {
            request.failEntry(entry, ResultCode.LEASE_LOST);
            return;
        }
        final long stored = rows.getLong(lease, Lease.CHECKPOINT);
        final int shard = rows.getInt(lease, Lease.SHARD);
        final long last = shards.getLong(shard, Shard.LAST_SEQUENCE);
        final boolean isEnd = shardEnd == Switch.ON.value();
        if (!isEnd && shardEnd != Switch.OFF.value()) {
            request.failEntry(entry, ResultCode.INVALID_ARGUMENT, 0, shardEnd);
        } else if (sequence < 0 || sequence > last) {
            request.failEntry(entry, ResultCode.INVALID_ARGUMENT, last, sequence);
        } else if (sequence < stored) {
            request.failEntry(entry, ResultCode.CHECKPOINT_BEHIND, stored, sequence);
        } else if (isEnd && !groups.leases().isAtEnd(shard, sequence)) {
            request.failEntry(entry, ResultCode.SHARD_NOT_DRAINED, last, sequence);
        } else {
            rows.putSealed(lease, Lease.CHECKPOINT, sequence);
            if (isEnd) {
                groups.leases().drain(lease);
            }
        }
    }

    private void release(final Request request, final ReleaseShardDecoder command) {
        final int member = groups.members().memberOf(request, command.memberId());
        if (member < 0) {
            return;
        }
        final int lease = leaseOf(member, command.shardId(), command.leaseEpoch());
        if (lease < 0) {
            request.refuse(ResultCode.LEASE_LOST);
        } else {
            groups.leases().release(lease);
            request.confirm(0, 0);
        }
    }

    /** The lease that a member has of a shard under an epoch, -1 if it has not. */
    private int leaseOf(final int member, final long shardId, final long epoch) {
        final int lease = tables.leaseOf(members.getInt(member, Member.GROUP), shardId);
        return lease >= 0
                        && groups.leases().ownerOf(lease) == member
                        && Integer.toUnsignedLong(rows.getInt(lease, Lease.EPOCH)) == epoch
                ? lease
                : -1;
    }
}
