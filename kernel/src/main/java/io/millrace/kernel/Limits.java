package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import io.millrace.codecs.Profile;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Every limit by its id, immutable. The kernel gets them as a journaled record, never from a setting of the process.
 *
 * <p>Sources: {@code aws} from the API references of SQS (CreateQueue, SendMessage, SendMessageBatch, ReceiveMessage) and
 * Kinesis (CreateStream, PutRecords, GetRecords, GetShardIterator, UpdateShardCount); what AWS
 * does not limit, and all of {@code native}, is bounded by the kernel's structures.
 */
public final class Limits {
    /** Number of limit ids, NONE included. */
    static final int COUNT = LimitId.REPLAYS.value() + 1;

    private static final long MIB = 1024L * 1024L;

    private final Profile profile;
    private final long[] values;

    Limits(final Profile profile, final long[] values) {
        this.profile = profile;
        this.values = values;
    }

    /**
     * Structural limits: what the kernel's tables, frames and slices are made for.
     *
     * @return the profile {@code native}.
     */
    public static Limits nativeProfile() {
        return ofArchives(ofGroups(ofBlobs(ofStreams(new Limits(Profile.NATIVE, new long[COUNT])))))
                .with(LimitId.MESSAGE_BYTES, MIB)
                .with(LimitId.BATCH_ENTRIES, 256)
                .with(LimitId.ATTRIBUTES, 32)
                .with(LimitId.ATTRIBUTE_NAME_BYTES, 256)
                .with(LimitId.DELAY, TimeUnit.DAYS.toNanos(365))
                .with(LimitId.VISIBILITY, TimeUnit.HOURS.toNanos(12))
                .with(LimitId.WAIT, TimeUnit.HOURS.toNanos(1))
                .with(LimitId.RECEIVE_MESSAGES, 256)
                .with(LimitId.NAME_BYTES, 256)
                .with(LimitId.QUEUES, 1_000_000)
                .with(LimitId.MESSAGES, 20_000_000)
                .with(LimitId.ARENA_BYTES, 4096 * MIB)
                .with(LimitId.SESSIONS, 4096)
                .with(LimitId.PRODUCERS, 4096)
                .with(LimitId.CREDIT_MESSAGES, 65_536)
                .with(LimitId.CREDIT_BYTES, 16 * MIB)
                .with(LimitId.WAITERS, 16)
                .with(LimitId.CONSUMERS, 1024)
                .with(LimitId.TRANSFER_BYTES, 12 * MIB)
                .with(LimitId.TRANSFERS, 4)
                .with(LimitId.FRAME_BYTES, 64 * 1024)
                .with(LimitId.LIST_ENTRIES, 1000)
                .with(LimitId.RECEIVE_BYTES, MIB)
                .with(LimitId.RETENTION, TimeUnit.DAYS.toNanos(365))
                .with(LimitId.RETENTION_LEAST, TimeUnit.SECONDS.toNanos(1))
                .with(LimitId.IN_FLIGHT_STANDARD, 20_000_000)
                .with(LimitId.IN_FLIGHT_FIFO, 20_000_000)
                .with(LimitId.GROUP_ID_BYTES, 128)
                .with(LimitId.DEDUPLICATION_ID_BYTES, 128)
                .with(LimitId.DEDUPLICATION_WINDOW, TimeUnit.MINUTES.toNanos(5))
                .with(LimitId.ATTEMPT_ID_BYTES, 128)
                .with(LimitId.ATTEMPT_WINDOW, TimeUnit.MINUTES.toNanos(5))
                .with(LimitId.TAGS, 50)
                .with(LimitId.TAG_KEY_BYTES, 128)
                .with(LimitId.TAG_VALUE_BYTES, 256)
                .with(LimitId.ACCESS_ENTRIES, 64)
                .with(LimitId.REDRIVE_SOURCES, 10)
                .with(LimitId.REDRIVE_TASKS, 100)
                .with(LimitId.REDRIVE_RATE, 1_000_000)
                .with(LimitId.RECEIVE_COUNT, 1000)
                .with(LimitId.PRIORITIES, 8)
                .with(LimitId.TIME_TO_LIVE, TimeUnit.DAYS.toNanos(365))
                .with(LimitId.BACKOFF, TimeUnit.HOURS.toNanos(12))
                .with(LimitId.PURGE_INTERVAL, 0)
                .with(LimitId.DELETED_NAME_REST, 0)
                .with(LimitId.BATCH_BYTES, 4 * MIB)
                .with(LimitId.WATCHES, 1024)
                .with(LimitId.FIFO_REQUESTS, 0)
                .with(LimitId.FIFO_GROUP_REQUESTS, 0)
                .with(LimitId.TOPICS, 1_000_000)
                .with(LimitId.SUBSCRIPTIONS, 1_000_000)
                .with(LimitId.SUBJECT_CHARACTERS, 100)
                .with(LimitId.DELIVERY_RETRIES, 1_000)
                .with(LimitId.RETRY_TIME, TimeUnit.DAYS.toNanos(14));
    }

    private static Limits ofBlobs(final Limits others) {
        return others.with(LimitId.BLOBS, 1_000_000)
                .with(LimitId.BLOB_BYTES, 2048 * MIB)
                .with(LimitId.BLOB_REST, TimeUnit.HOURS.toNanos(1));
    }

    private static Limits ofGroups(final Limits others) {
        return others.with(LimitId.GROUPS, 20)
                .with(LimitId.GROUP_MEMBERS, 1_000)
                .with(LimitId.MEMBERSHIPS, 1_000)
                .with(LimitId.LEASE, TimeUnit.HOURS.toNanos(1))
                .with(LimitId.LEASE_LEAST, TimeUnit.MILLISECONDS.toNanos(100));
    }

    private static Limits ofArchives(final Limits others) {
        return others.with(LimitId.ARCHIVE_PERIOD, TimeUnit.DAYS.toNanos(365))
                .with(LimitId.ARCHIVE_PERIOD_LEAST, TimeUnit.SECONDS.toNanos(1))
                .with(LimitId.REPLAYS, 64);
    }

    private static Limits ofStreams(final Limits others) {
        return others.with(LimitId.STREAMS, 100_000)
                .with(LimitId.SHARDS, 10_000)
                .with(LimitId.RECORD_BYTES, 10 * MIB)
                .with(LimitId.PARTITION_KEY_CHARACTERS, 256)
                .with(LimitId.PUT_ENTRIES, 500)
                .with(LimitId.PUT_BYTES, 10 * MIB)
                .with(LimitId.RECORD_RETENTION, TimeUnit.HOURS.toNanos(8_760))
                .with(LimitId.RECORD_RETENTION_LEAST, TimeUnit.HOURS.toNanos(24))
                .with(LimitId.READ_RECORDS, 10_000)
                .with(LimitId.READ_BYTES, 10 * MIB)
                .with(LimitId.ITERATOR_AGE, TimeUnit.MINUTES.toNanos(5))
                .with(LimitId.SHARD_PUTS, 0)
                .with(LimitId.SHARD_PUT_BYTES, 0)
                .with(LimitId.SHARD_READS, 0)
                .with(LimitId.SHARD_READ_BYTES, 0)
                .with(LimitId.SHARD_COUNT_CHANGES, 0)
                .with(LimitId.STREAM_CONSUMERS, 20)
                .with(LimitId.SHARD_SUBSCRIPTION, TimeUnit.MINUTES.toNanos(5))
                .with(LimitId.SHARD_SUBSCRIPTION_REST, TimeUnit.SECONDS.toNanos(5))
                .with(LimitId.SHARD_SUBSCRIPTIONS, 1_024);
    }

    /**
     * The quotas of SQS, SNS and Kinesis where they have one, the structural limits elsewhere.
     *
     * @return the profile {@code aws}.
     */
    public static Limits awsProfile() {
        return new Limits(Profile.AWS, nativeProfile().values)
                .with(LimitId.BATCH_ENTRIES, 10)
                .with(LimitId.ATTRIBUTES, 10)
                .with(LimitId.DELAY, TimeUnit.SECONDS.toNanos(900))
                .with(LimitId.WAIT, TimeUnit.SECONDS.toNanos(20))
                .with(LimitId.RECEIVE_MESSAGES, 10)
                .with(LimitId.NAME_BYTES, 80)
                .with(LimitId.RETENTION, TimeUnit.DAYS.toNanos(14))
                .with(LimitId.RETENTION_LEAST, TimeUnit.SECONDS.toNanos(60))
                .with(LimitId.IN_FLIGHT_STANDARD, 120_000)
                .with(LimitId.IN_FLIGHT_FIFO, 120_000)
                .with(LimitId.REDRIVE_RATE, 500)
                .with(LimitId.TIME_TO_LIVE, TimeUnit.DAYS.toNanos(14))
                .with(LimitId.PURGE_INTERVAL, TimeUnit.SECONDS.toNanos(60))
                .with(LimitId.DELETED_NAME_REST, TimeUnit.SECONDS.toNanos(60))
                .with(LimitId.BATCH_BYTES, MIB)
                .with(LimitId.FIFO_REQUESTS, 300)
                .with(LimitId.FIFO_GROUP_REQUESTS, 70_000)
                .with(LimitId.TOPICS, 100_000)
                .with(LimitId.DELIVERY_RETRIES, 100)
                .with(LimitId.RETRY_TIME, TimeUnit.HOURS.toNanos(1))
                .with(LimitId.SHARD_PUTS, 1_000)
                .with(LimitId.SHARD_PUT_BYTES, MIB)
                .with(LimitId.SHARD_READS, 5)
                .with(LimitId.SHARD_READ_BYTES, 2 * MIB)
                .with(LimitId.SHARD_COUNT_CHANGES, 10)
                .with(LimitId.ARCHIVE_PERIOD_LEAST, TimeUnit.DAYS.toNanos(1))
                .with(LimitId.REPLAYS, 100);
    }

    /**
     * These limits with one changed.
     *
     * @param id of the limit.
     * @param value of the limit, not negative.
     * @return new limits.
     */
    public Limits with(final LimitId id, final long value) {
        if (value < 0 || id == LimitId.NONE || id == LimitId.NULL_VAL) {
            throw new IllegalArgumentException("limit " + id + "=" + value);
        }
        final long[] changed = values.clone();
        changed[id.value()] = value;
        return new Limits(profile, changed);
    }

    /**
     * A limit.
     *
     * @param id of the limit.
     * @return its value.
     */
    public long get(final LimitId id) {
        return values[id.value()];
    }

    /**
     * Where the limits come from.
     *
     * @return the profile.
     */
    public Profile profile() {
        return profile;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Limits that && profile == that.profile && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * profile.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return profile + Arrays.toString(values);
    }
}
