package io.millrace.client;

import io.millrace.codecs.CreateGroupEncoder;
import io.millrace.codecs.GroupStart;

/** What a new consumer group is to be like. */
public final class GroupSettings {
    private long leaseDurationNs = CreateGroupEncoder.leaseDurationNsNullValue();
    private GroupStart start = GroupStart.HORIZON;

    /**
     * @param value how long a member has its shards without renewing its leases, nanoseconds; default 10 seconds. A member that polls
     *     renews them three times as often
     * @return this
     */
    public GroupSettings leaseDurationNs(final long value) {
        leaseDurationNs = value;
        return this;
    }

    /** @param value where the group begins to read; default HORIZON. @return this */
    public GroupSettings start(final GroupStart value) {
        start = value;
        return this;
    }

    void encode(final CreateGroupEncoder encoder) {
        encoder.leaseDurationNs(leaseDurationNs).start(start);
    }
}
