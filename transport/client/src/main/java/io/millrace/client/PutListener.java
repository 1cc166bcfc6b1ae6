package io.millrace.client;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.ResultCode;

/** Hears what became of the records of a {@link StreamProducer}, on the thread that polls. */
public interface PutListener {
    /**
     * A record is stored.
     *
     * @param ticket what {@code offer} returned
     * @param shardId the shard that it went to
     * @param sequenceNumber its number in the shard
     */
    void onPut(long ticket, long shardId, long sequenceNumber);

    /**
     * A record was refused for good and is not tried again. {@link ErrorText#describe} makes a sentence of it.
     *
     * <p>Whether it was stored is not known if the code is PRODUCER_UNKNOWN, PRODUCER_FENCED or TOO_OLD.
     *
     * @param ticket what {@code offer} returned
     * @param code why
     * @param limitId limit that was passed, if the code is LIMIT_EXCEEDED
     * @param limit value of that limit
     * @param actual what was asked for
     */
    void onRefused(long ticket, ResultCode code, LimitId limitId, long limit, long actual);
}
