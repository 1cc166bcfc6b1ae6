package io.millrace.client;

import io.millrace.codecs.GroupDescriptionDecoder;
import io.millrace.codecs.GroupStart;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings of a consumer group, what it counts and its members. A code that this client does not know is {@code NULL_VAL}.
 *
 * @param groupId the group
 * @param name its name, once in the stream
 * @param streamId its stream
 * @param createdTimeNs when it was created: nanoseconds since 1970
 * @param leaseDurationNs how long a member has its shards without renewing its leases, nanoseconds
 * @param start where it began to read
 * @param memberCount members
 * @param waitingCount shards that wait until those that they were made from are drained
 * @param freeCount shards that wait for a member
 * @param ownedCount shards that members have
 * @param drainedCount shards that the group has read to their end
 * @param members in the order in which they joined
 */
public record GroupInfo(
        long groupId,
        String name,
        long streamId,
        long createdTimeNs,
        long leaseDurationNs,
        GroupStart start,
        long memberCount,
        long waitingCount,
        long freeCount,
        long ownedCount,
        long drainedCount,
        List<MemberInfo> members) {

    static GroupInfo of(final GroupDescriptionDecoder decoder) {
        final List<MemberInfo> members = new ArrayList<>();
        for (final GroupDescriptionDecoder.MembersDecoder member : decoder.members()) {
            members.add(MemberInfo.of(member));
        }
        return new GroupInfo(
                decoder.groupId(),
                decoder.name(),
                decoder.streamId(),
                decoder.createdTimeNs(),
                decoder.leaseDurationNs(),
                Codes.groupStart(decoder.startRaw()),
                decoder.memberCount(),
                decoder.waitingCount(),
                decoder.freeCount(),
                decoder.ownedCount(),
                decoder.drainedCount(),
                members);
    }

    GroupInfo withMembers(final List<MemberInfo> all) {
        return new GroupInfo(
                groupId,
                name,
                streamId,
                createdTimeNs,
                leaseDurationNs,
                start,
                memberCount,
                waitingCount,
                freeCount,
                ownedCount,
                drainedCount,
                all);
    }
}
