package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.CreateGroupDecoder;
import io.millrace.codecs.CreateStreamDecoder;
import io.millrace.codecs.ReleaseShardDecoder;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Random histories of streams: a kernel made from a snapshot goes on as the one that the snapshot is of, and both do what the model does. */
class StreamHistoriesTest {
    private static final int HISTORIES = Integer.getInteger("millrace.histories", 40);
    private static final int STEPS = 1_500;
    private static final int FIRST_QUERY = 200;

    /** What must have been said or asked at least once. */
    private static final Set<String> WORDS = Set.of(
            "confirmed",
            "UNKNOWN_STREAM",
            "STREAM_EXISTS",
            "UNKNOWN_SHARD",
            "RESOURCE_IN_USE",
            "EXPIRED_ITERATOR",
            "SHARD_CLOSED",
            "SHARDS_NOT_ADJACENT",
            "NOT_AUTHORISED",
            " STREAMS limit",
            " SHARDS limit",
            "RECORD_BYTES",
            "PARTITION_KEY_CHARACTERS",
            "PUT_ENTRIES",
            " PUT_BYTES",
            "RECORD_RETENTION ",
            "RECORD_RETENTION_LEAST",
            "READ_RECORDS",
            " READ_BYTES",
            "SHARD_PUTS",
            "SHARD_PUT_BYTES",
            "SHARD_READS",
            "SHARD_READ_BYTES",
            "SHARD_COUNT_CHANGES",
            "CREATING",
            "UPDATING",
            "append",
            "push ",
            "finish push",
            "PUSH_TAKEN_OVER",
            "PUSH_EXPIRED",
            "UNKNOWN_SESSION",
            "UNKNOWN_STREAM_CONSUMER",
            "STREAM_CONSUMERS",
            "read",
            "closed, children",
            "trim",
            "delete",
            "await");

    @Test
    void shouldDoWhatTheModelDoesAndGoOnFromSnapshots() {
        final Set<String> missing = new TreeSet<>(WORDS);
        final Set<Integer> templates = SampleFrames.all().stream()
                .map(sample -> (int) new UnsafeBuffer(sample.frame()).getShort(2, ByteOrder.LITTLE_ENDIAN))
                .filter(id -> id >= CreateStreamDecoder.TEMPLATE_ID && id < FIRST_QUERY)
                // Consumer groups have histories of their own: GroupHistoriesTest.
                .filter(id -> id < CreateGroupDecoder.TEMPLATE_ID || id > ReleaseShardDecoder.TEMPLATE_ID)
                .collect(Collectors.toCollection(TreeSet::new));
        for (int seed = 1; seed <= HISTORIES; seed++) {
            final StreamHistory history = new StreamHistory(seed, line -> missing.removeIf(line::contains));
            history.run(STEPS);
            templates.removeAll(history.templates());
        }

        assertEquals(Set.of(), missing, "never met");
        assertEquals(Set.of(), templates, "commands in no history");
    }
}
