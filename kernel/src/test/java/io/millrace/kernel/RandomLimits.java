package io.millrace.kernel;

import io.millrace.codecs.LimitId;
import java.util.Random;

/**
 * Small limits, so that all of them are met; how small is drawn. What a kernel keeps besides payloads, names and results is its
 * own matter: where room for bytes is scarce only what is plain is asked of it.
 */
final class RandomLimits {

    private static final long MS = 1_000_000L;

    private final Random random;
    private final boolean scarce;
    private final Limits limits;

    RandomLimits(final Random random) {
        this.random = random;
        scarce = random.nextInt(6) == 0;
        limits = scarce ? ofPlain() : ofAll();
    }

    Limits limits() {
        return limits;
    }

    /** Whether there is little room for bytes. */
    boolean areScarce() {
        return scarce;
    }

    private Limits ofPlain() {
        return Limits.nativeProfile()
                .with(LimitId.MESSAGE_BYTES, random.nextInt(3) == 0 ? 200 : 120_000)
                .with(LimitId.BATCH_ENTRIES, 10)
                .with(LimitId.ATTRIBUTES, 3)
                .with(LimitId.ATTRIBUTE_NAME_BYTES, 8)
                .with(LimitId.DELAY, 50 * MS)
                .with(LimitId.VISIBILITY, 70 * MS)
                .with(LimitId.WAIT, 60 * MS)
                .with(LimitId.RECEIVE_MESSAGES, 10)
                .with(LimitId.RECEIVE_BYTES, random.nextBoolean() ? 100 : 2_000)
                .with(LimitId.NAME_BYTES, 16)
                .with(LimitId.QUEUES, 4 + random.nextInt(scarce ? 6 : 9))
                .with(LimitId.MESSAGES, random.nextBoolean() ? 40 : 400)
                .with(LimitId.ARENA_BYTES, scarce ? 4_000 : 400_000_000)
                .with(LimitId.PRODUCERS, 3)
                .with(LimitId.CREDIT_MESSAGES, 20)
                .with(LimitId.CREDIT_BYTES, 2_000)
                .with(LimitId.WAITERS, 2)
                .with(LimitId.CONSUMERS, 2)
                .with(LimitId.TRANSFERS, 2)
                .with(LimitId.TRANSFER_BYTES, 150_000)
                .with(LimitId.TOPICS, 2 + random.nextInt(4))
                .with(LimitId.SUBSCRIPTIONS, 2 + random.nextInt(6))
                .with(LimitId.SUBJECT_CHARACTERS, 8)
                .with(LimitId.DELIVERY_RETRIES, 6)
                .with(LimitId.RETRY_TIME, 80 * MS)
                .with(LimitId.LIST_ENTRIES, 4);
    }

    private Limits ofAll() {
        Limits all = ofPlain()
                .with(LimitId.GROUP_ID_BYTES, 6)
                .with(LimitId.DEDUPLICATION_ID_BYTES, 70)
                .with(LimitId.DEDUPLICATION_WINDOW, 40 * MS)
                .with(LimitId.ATTEMPT_ID_BYTES, 4)
                .with(LimitId.ATTEMPT_WINDOW, 25 * MS)
                .with(LimitId.STREAMS, 2)
                .with(LimitId.PARTITION_KEY_CHARACTERS, 7)
                .with(LimitId.ARCHIVE_PERIOD, 2_000 * MS)
                .with(LimitId.ARCHIVE_PERIOD_LEAST, 5 * MS)
                .with(LimitId.REPLAYS, 1 + random.nextInt(4))
                .with(LimitId.BLOBS, 4)
                .with(LimitId.BLOB_BYTES, 1_000)
                .with(LimitId.BLOB_REST, 20 * MS)
                .with(LimitId.TAGS, 4)
                .with(LimitId.TAG_KEY_BYTES, 6)
                .with(LimitId.TAG_VALUE_BYTES, 8)
                .with(LimitId.ACCESS_ENTRIES, 3)
                .with(LimitId.REDRIVE_SOURCES, 2)
                .with(LimitId.REDRIVE_TASKS, 1)
                .with(LimitId.REDRIVE_RATE, 997)
                .with(LimitId.RECEIVE_COUNT, 4)
                .with(LimitId.PRIORITIES, 4)
                .with(LimitId.TIME_TO_LIVE, 60 * MS)
                .with(LimitId.BACKOFF, 30 * MS)
                .with(LimitId.PURGE_INTERVAL, 10 * MS)
                .with(LimitId.WATCHES, 2)
                .with(LimitId.RETENTION, 1_000 * MS)
                .with(LimitId.RETENTION_LEAST, 5 * MS)
                .with(LimitId.DELETED_NAME_REST, 10 * MS);
        if (all.get(LimitId.MESSAGES) == 40) {
            all = all.with(LimitId.FIFO_REQUESTS, 20).with(LimitId.FIFO_GROUP_REQUESTS, 4);
        }
        if (random.nextInt(3) == 0) {
            // More than can be delivered raw.
            all = all.with(LimitId.ATTRIBUTES, 12);
        }
        if (random.nextBoolean()) {
            all = all.with(LimitId.IN_FLIGHT_STANDARD, 3 + random.nextInt(6))
                    .with(LimitId.IN_FLIGHT_FIFO, 3 + random.nextInt(6));
        }
        if (random.nextBoolean()) {
            all = all.with(LimitId.SHARD_PUTS, 2 + random.nextInt(3));
        }
        return random.nextBoolean() ? all.with(LimitId.BATCH_BYTES, 300) : all;
    }
}
