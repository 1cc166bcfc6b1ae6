package io.millrace.kernel;

import io.millrace.codecs.GroupStart;
import io.millrace.codecs.LeaseState;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.RevokeReason;
import java.util.List;

/** Everything the kernel may tell a session of consumer groups, as values. */
interface GroupEvent {

    /** What nobody asked for. */
    interface Unasked extends Event.OfStream {
        @Override
        default long correlationId() {
            return 0;
        }
    }

    record ShardAssigned(long groupId, long memberId, long shardId, long sequenceNumber, long epoch)
            implements Unasked {

        @Override
        public String toString() {
            return "member " + memberId + " has " + shardId + " epoch " + epoch + " from "
                    + StreamEvent.sequence(sequenceNumber);
        }
    }

    record ShardRevoked(long groupId, long memberId, long shardId, long deadlineNs, long epoch, RevokeReason reason)
            implements Unasked {

        @Override
        public String toString() {
            return "member " + memberId + " revoked " + shardId + " epoch " + epoch + " " + reason
                    + (deadlineNs == 0 ? "" : " until " + (deadlineNs - Scenario.START_NS) / Scenario.MS);
        }
    }

    record MembershipEnded(long groupId, long memberId, MembershipEnd reason) implements Unasked {

        @Override
        public String toString() {
            return "member " + memberId + " ended " + reason;
        }
    }

    /** A member as it is listed. */
    record MemberDescription(long memberId, long leaseEndNs, long shardCount, boolean isConnected, String name) {

        @Override
        public String toString() {
            return memberId + " " + name + " shards=" + shardCount + " until "
                    + (leaseEndNs - Scenario.START_NS) / Scenario.MS + (isConnected ? "" : " away");
        }
    }

    record GroupDescription(
            long correlationId,
            long groupId,
            long streamId,
            long createdTimeNs,
            long leaseDurationNs,
            long nextAfterMemberId,
            long memberCount,
            long waitingCount,
            long freeCount,
            long ownedCount,
            long drainedCount,
            GroupStart start,
            List<MemberDescription> members,
            String name)
            implements Event.OfStream {

        @Override
        public String toString() {
            return "group " + groupId + " '" + name + "' of " + streamId + " " + start + " lease="
                    + leaseDurationNs / Scenario.MS + " waiting=" + waitingCount + " free=" + freeCount + " owned="
                    + ownedCount + " drained=" + drainedCount + " members=" + memberCount + members
                    + (nextAfterMemberId == 0 ? "" : " next=" + nextAfterMemberId);
        }
    }

    record GroupList(long correlationId, long nextAfterGroupId, List<String> groups) implements Event.OfStream {

        @Override
        public String toString() {
            return "groups " + groups + (nextAfterGroupId == 0 ? "" : " next=" + nextAfterGroupId);
        }
    }

    /** A lease as it is listed. */
    record LeaseDescription(
            long shardId,
            long memberId,
            long nextMemberId,
            long sequenceNumber,
            long handOverNs,
            long epoch,
            LeaseState state) {

        /** How the model's lease is listed. */
        static LeaseDescription of(final GroupModel.Lease lease) {
            return new LeaseDescription(
                    lease.shardId,
                    lease.owner == null ? 0 : lease.owner.id,
                    lease.next == null ? 0 : lease.next.id,
                    lease.checkpoint,
                    lease.next == null ? 0 : lease.deadlineNs,
                    lease.epoch,
                    lease.state);
        }

        @Override
        public String toString() {
            return shardId + " " + state + (memberId == 0 ? "" : " " + memberId)
                    + (nextMemberId == 0
                            ? ""
                            : ">" + nextMemberId + " until " + (handOverNs - Scenario.START_NS) / Scenario.MS)
                    + " epoch " + epoch + " at " + StreamEvent.sequence(sequenceNumber);
        }
    }

    record LeaseList(long correlationId, long nextAfterShardId, List<LeaseDescription> leases)
            implements Event.OfStream {

        @Override
        public String toString() {
            return "leases " + leases + (nextAfterShardId == 0 ? "" : " next=" + nextAfterShardId);
        }
    }
}
