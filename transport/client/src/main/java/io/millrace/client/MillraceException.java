package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;

/**
 * A blocking call was refused. The message is the sentence that {@link ErrorText} makes of the other fields; where no queue has
 * the name or id that was asked for, it names that too.
 */
public class MillraceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why; {@code NULL_VAL} if the server gave no answer. */
    private final ResultCode code;

    /** Limit that was passed. */
    private final LimitId limitId;

    /** Value of that limit. */
    private final long limit;

    /** What was asked for. */
    private final long actual;

    /**
     * @param code why
     * @param limitId limit that was passed, if the code is LIMIT_EXCEEDED
     * @param limit value of that limit
     * @param actual what was asked for
     */
    public MillraceException(final ResultCode code, final LimitId limitId, final long limit, final long actual) {
        super(ErrorText.describe(code, limitId, limit, actual));
        this.code = code;
        this.limitId = limitId;
        this.limit = limit;
        this.actual = actual;
    }

    MillraceException(final String sentence) {
        super(sentence);
        this.code = ResultCode.NULL_VAL;
        this.limitId = LimitId.NONE;
        this.limit = 0;
        this.actual = 0;
    }

    /** The same refusal in a sentence that says more. */
    MillraceException(final MillraceException refusal, final String sentence) {
        super(sentence, refusal);
        this.code = refusal.code;
        this.limitId = refusal.limitId;
        this.limit = refusal.limit;
        this.actual = refusal.actual;
    }

    /** @return why, or {@code NULL_VAL} if the server gave no answer. */
    public ResultCode code() {
        return code;
    }

    /** @return the limit that was passed, NONE if none was. */
    public LimitId limitId() {
        return limitId;
    }

    /** @return value of the limit that was passed. */
    public long limit() {
        return limit;
    }

    /** @return what was asked for. */
    public long actual() {
        return actual;
    }
}
