package io.millrace.client;

import io.millrace.codecs.LeaseListDecoder;
import io.millrace.codecs.LeaseState;

/**
 * One shard of a consumer group: who has it, and how far it was read. A code that this client does not know is {@code NULL_VAL}.
 *
 * @param shardId the shard
 * @param state where it stands
 * @param memberId who has it; 0: nobody
 * @param nextMemberId to whom it is being handed over; 0: to nobody
 * @param sequenceNumber the checkpoint: the last record that is done with; 0: none is
 * @param handOverNs when it is taken, if it is being handed over: nanoseconds since 1970; else 0
 * @param leaseEpoch how often it was given to somebody
 */
public record LeaseInfo(
        long shardId,
        LeaseState state,
        long memberId,
        long nextMemberId,
        long sequenceNumber,
        long handOverNs,
        long leaseEpoch) {

    static LeaseInfo of(final LeaseListDecoder.LeasesDecoder decoder) {
        return new LeaseInfo(
                decoder.shardId(),
                Codes.leaseState(decoder.stateRaw()),
                decoder.memberId(),
                decoder.nextMemberId(),
                decoder.sequenceNumber(),
                decoder.handOverNs(),
                decoder.leaseEpoch());
    }
}
