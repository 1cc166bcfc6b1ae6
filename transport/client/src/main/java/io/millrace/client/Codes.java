package io.millrace.client;

import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.Backoff;
import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.GroupStart;
import io.millrace.codecs.LeaseState;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MembershipEnd;
import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.RedriveStatus;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.RetryFunction;
import io.millrace.codecs.RevokeReason;
import io.millrace.codecs.ShardPosition;
import io.millrace.codecs.ShardState;
import io.millrace.codecs.StreamStatus;
import io.millrace.codecs.Switch;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Values of the schema's codes. The generated lookups throw for a value that they do not know, which a newer server may well
 * send; here it is {@code NULL_VAL}.
 */
final class Codes {
    private static final ResultCode[] RESULTS =
            table(ResultCode.values(), ResultCode::value, new ResultCode[256], ResultCode.NULL_VAL);
    private static final LimitId[] LIMITS = table(LimitId.values(), LimitId::value, new LimitId[256], LimitId.NULL_VAL);
    private static final AlarmKind[] ALARMS =
            table(AlarmKind.values(), AlarmKind::value, new AlarmKind[256], AlarmKind.NULL_VAL);
    private static final MessageStatus[] STATUSES =
            table(MessageStatus.values(), MessageStatus::value, new MessageStatus[256], MessageStatus.NULL_VAL);
    private static final RedriveStatus[] REDRIVES =
            table(RedriveStatus.values(), RedriveStatus::value, new RedriveStatus[256], RedriveStatus.NULL_VAL);
    private static final QueueType[] TYPES =
            table(QueueType.values(), QueueType::value, new QueueType[256], QueueType.NULL_VAL);
    private static final Switch[] SWITCHES = table(Switch.values(), Switch::value, new Switch[256], Switch.NULL_VAL);
    private static final QueueScope[] SCOPES =
            table(QueueScope.values(), QueueScope::value, new QueueScope[256], QueueScope.NULL_VAL);
    private static final FilterPolicyScope[] FILTER_SCOPES = table(
            FilterPolicyScope.values(),
            FilterPolicyScope::value,
            new FilterPolicyScope[256],
            FilterPolicyScope.NULL_VAL);
    private static final ReplayState[] REPLAYS =
            table(ReplayState.values(), ReplayState::value, new ReplayState[256], ReplayState.NULL_VAL);
    private static final RedrivePermission[] PERMISSIONS = table(
            RedrivePermission.values(),
            RedrivePermission::value,
            new RedrivePermission[256],
            RedrivePermission.NULL_VAL);
    private static final Backoff[] BACKOFFS =
            table(Backoff.values(), Backoff::value, new Backoff[256], Backoff.NULL_VAL);
    private static final RetryFunction[] RETRY_FUNCTIONS =
            table(RetryFunction.values(), RetryFunction::value, new RetryFunction[256], RetryFunction.NULL_VAL);
    private static final StreamStatus[] STREAM_STATUSES =
            table(StreamStatus.values(), StreamStatus::value, new StreamStatus[256], StreamStatus.NULL_VAL);
    private static final ShardState[] SHARD_STATES =
            table(ShardState.values(), ShardState::value, new ShardState[256], ShardState.NULL_VAL);
    private static final ShardPosition[] SHARD_POSITIONS =
            table(ShardPosition.values(), ShardPosition::value, new ShardPosition[256], ShardPosition.NULL_VAL);
    private static final GroupStart[] GROUP_STARTS =
            table(GroupStart.values(), GroupStart::value, new GroupStart[256], GroupStart.NULL_VAL);
    private static final LeaseState[] LEASE_STATES =
            table(LeaseState.values(), LeaseState::value, new LeaseState[256], LeaseState.NULL_VAL);
    private static final RevokeReason[] REVOKE_REASONS =
            table(RevokeReason.values(), RevokeReason::value, new RevokeReason[256], RevokeReason.NULL_VAL);
    private static final MembershipEnd[] MEMBERSHIP_ENDS =
            table(MembershipEnd.values(), MembershipEnd::value, new MembershipEnd[256], MembershipEnd.NULL_VAL);

    /** Names of QueueSetting by their numbers, from 1. No field has this type or the next four, so no classes are generated. */
    private static final List<String> SETTINGS = List.of(
            "TYPE",
            "VISIBILITY_TIMEOUT",
            "DELAY",
            "RECEIVE_WAIT",
            "RETENTION",
            "MAX_MESSAGE_BYTES",
            "CONTENT_DEDUPLICATION",
            "DEDUPLICATION_SCOPE",
            "THROUGHPUT_SCOPE",
            "DEAD_LETTER_QUEUE",
            "MAX_RECEIVE_COUNT",
            "REDRIVE_PERMISSION",
            "BACKOFF",
            "PRIORITIES",
            "DEPTH_ALARM",
            "AGE_ALARM");

    private static final List<String> TOPIC_SETTINGS =
            List.of("TYPE", "CONTENT_DEDUPLICATION", "DEDUPLICATION_SCOPE", "ARCHIVE_PERIOD");

    private static final List<String> SUBSCRIPTION_SETTINGS = List.of(
            "RAW_DELIVERY",
            "DEAD_LETTER_QUEUE",
            "FILTER_SCOPE",
            "FILTER_POLICY",
            "DELIVERY_POLICY",
            "ACKNOWLEDGED",
            "REPLAY_FROM",
            "KEY_ATTRIBUTE");

    private static final List<String> STREAM_SETTINGS = List.of("RETENTION", "MAX_RECORD_BYTES", "SHARD_COUNT");

    private static final List<String> GROUP_SETTINGS = List.of("LEASE_DURATION", "START");

    private Codes() {}

    /** @return name of the setting that the actual value of a refusal stands for; null if it stands for none. */
    static String setting(final long value) {
        return name(SETTINGS, value);
    }

    /** @return the same for a refusal that concerns a topic. */
    static String topicSetting(final long value) {
        return name(TOPIC_SETTINGS, value);
    }

    /** @return the same for a refusal that concerns a subscription. */
    static String subscriptionSetting(final long value) {
        return name(SUBSCRIPTION_SETTINGS, value);
    }

    /** @return the same for a refusal that concerns a stream. */
    static String streamSetting(final long value) {
        return name(STREAM_SETTINGS, value);
    }

    /** @return the same for a refusal that concerns a consumer group. */
    static String groupSetting(final long value) {
        return name(GROUP_SETTINGS, value);
    }

    private static String name(final List<String> names, final long value) {
        return value < 1 || value > names.size() ? null : names.get((int) value - 1);
    }

    static ResultCode result(final int value) {
        return RESULTS[value & 0xFF];
    }

    static LimitId limit(final int value) {
        return LIMITS[value & 0xFF];
    }

    static AlarmKind alarmKind(final int value) {
        return ALARMS[value & 0xFF];
    }

    static MessageStatus messageStatus(final int value) {
        return STATUSES[value & 0xFF];
    }

    static RedriveStatus redriveStatus(final int value) {
        return REDRIVES[value & 0xFF];
    }

    static QueueType queueType(final int value) {
        return TYPES[value & 0xFF];
    }

    static Switch onOff(final int value) {
        return SWITCHES[value & 0xFF];
    }

    static QueueScope scope(final int value) {
        return SCOPES[value & 0xFF];
    }

    static FilterPolicyScope filterScope(final int value) {
        return FILTER_SCOPES[value & 0xFF];
    }

    static ReplayState replayState(final int value) {
        return REPLAYS[value & 0xFF];
    }

    static RedrivePermission redrivePermission(final int value) {
        return PERMISSIONS[value & 0xFF];
    }

    static Backoff backoff(final int value) {
        return BACKOFFS[value & 0xFF];
    }

    static RetryFunction retryFunction(final int value) {
        return RETRY_FUNCTIONS[value & 0xFF];
    }

    static StreamStatus streamStatus(final int value) {
        return STREAM_STATUSES[value & 0xFF];
    }

    static ShardState shardState(final int value) {
        return SHARD_STATES[value & 0xFF];
    }

    static ShardPosition shardPosition(final int value) {
        return SHARD_POSITIONS[value & 0xFF];
    }

    static GroupStart groupStart(final int value) {
        return GROUP_STARTS[value & 0xFF];
    }

    static LeaseState leaseState(final int value) {
        return LEASE_STATES[value & 0xFF];
    }

    static RevokeReason revokeReason(final int value) {
        return REVOKE_REASONS[value & 0xFF];
    }

    static MembershipEnd membershipEnd(final int value) {
        return MEMBERSHIP_ENDS[value & 0xFF];
    }

    private static <E> E[] table(final E[] codes, final ToIntFunction<E> value, final E[] table, final E unknown) {
        Arrays.fill(table, unknown);
        for (final E code : codes) {
            table[value.applyAsInt(code)] = code;
        }
        return table;
    }
}
