package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;

/**
 * What a check found: a code, and where a limit was passed which one, how high it is and what was asked for. What is found first
 * stays.
 */
final class Finding {
    private ResultCode code;
    private LimitId limitId;
    private long limit;
    private long actual;

    void clear() {
        code = ResultCode.OK;
        limitId = LimitId.NONE;
        limit = 0;
        actual = 0;
    }

    void set(final ResultCode newCode, final long newActual) {
        set(newCode, LimitId.NONE, 0, newActual);
    }

    void exceed(final LimitId newLimitId, final long newLimit, final long newActual) {
        set(ResultCode.LIMIT_EXCEEDED, newLimitId, newLimit, newActual);
    }

    private void set(final ResultCode newCode, final LimitId newLimitId, final long newLimit, final long newActual) {
        if (code == ResultCode.OK) {
            code = newCode;
            limitId = newLimitId;
            limit = newLimit;
            actual = newActual;
        }
    }

    boolean isOk() {
        return code == ResultCode.OK;
    }

    ResultCode code() {
        return code;
    }

    LimitId limitId() {
        return limitId;
    }

    long limit() {
        return limit;
    }

    long actual() {
        return actual;
    }

    void refuse(final Request request, final int entryIndex) {
        request.refuse(entryIndex, code, limitId, limit, actual);
    }
}
