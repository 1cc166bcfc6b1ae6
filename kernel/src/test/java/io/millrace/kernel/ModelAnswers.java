package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;

/** Refusals as the model words them. */
final class ModelAnswers {

    private ModelAnswers() {}

    static Event refused(final Command command, final ResultCode code, final int entryIndex) {
        return new Event.Refused(command.correlationId(), code, LimitId.NONE, 0, 0, entryIndex);
    }

    /** A value outside its range that no limit names. */
    static Event invalid(final Command command, final long actual, final int entryIndex) {
        return new Event.Refused(
                command.correlationId(), ResultCode.INVALID_ARGUMENT, LimitId.NONE, 0, actual, entryIndex);
    }

    /** A setting that does not fit. */
    static Event invalidSetting(final Command command, final SettingName setting) {
        return new Event.Refused(
                command.correlationId(), ResultCode.INVALID_SETTING, LimitId.NONE, 0, setting.number(), -1);
    }

    /** Null if the value lies between 0 and the limit. */
    static Event outOfRange(
            final Command command, final LimitId limitId, final long limit, final long value, final int entryIndex) {
        if (value < 0) {
            return invalid(command, value, entryIndex);
        }
        return value > limit ? limited(command, limitId, limit, value, entryIndex) : null;
    }

    /** Bytes of a payload that are not there, or not where they should be. */
    static Event outOfOrder(final Command command, final long expected, final long actual) {
        return new Event.Refused(
                command.correlationId(), ResultCode.OUT_OF_ORDER_CHUNK, LimitId.NONE, expected, actual, -1);
    }

    static Event limited(
            final Command command, final LimitId limitId, final long limit, final long actual, final int entryIndex) {
        return new Event.Refused(
                command.correlationId(), ResultCode.LIMIT_EXCEEDED, limitId, limit, actual, entryIndex);
    }
}
