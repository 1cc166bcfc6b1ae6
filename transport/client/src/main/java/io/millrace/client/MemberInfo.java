package io.millrace.client;

import io.millrace.codecs.GroupDescriptionDecoder;
import io.millrace.codecs.Switch;

/**
 * One member of a consumer group.
 *
 * @param memberId the member
 * @param name its name
 * @param leaseEndNs when its leases are over unless it renews them: nanoseconds since 1970
 * @param shardCount shards that it has, those that it is to hand over included
 * @param isConnected whether it has a session; without one it may come back until its leases are over
 */
public record MemberInfo(long memberId, String name, long leaseEndNs, long shardCount, boolean isConnected) {

    static MemberInfo of(final GroupDescriptionDecoder.MembersDecoder decoder) {
        return new MemberInfo(
                decoder.memberId(),
                decoder.name(),
                decoder.leaseEndNs(),
                decoder.shardCount(),
                Codes.onOff(decoder.connectedRaw()) == Switch.ON);
    }
}
