package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.CreateGroupDecoder;
import io.millrace.codecs.ReleaseShardDecoder;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random histories of consumer groups: a kernel made from a snapshot goes on as the one that the snapshot is of, and both do what the model does. */
class GroupHistoriesTest {
    private static final int HISTORIES = Integer.getInteger("millrace.histories", 20);
    private static final int STEPS = 700;

    /** What must have been said at least once. */
    private static final Set<String> WORDS = Set.of(
            "confirmed",
            "UNKNOWN_STREAM",
            "UNKNOWN_GROUP",
            "UNKNOWN_MEMBER",
            "GROUP_EXISTS differs in 1",
            "GROUP_EXISTS differs in 2",
            " GROUPS limit",
            "GROUP_MEMBERS",
            "MEMBERSHIPS",
            "LEASE_LOST",
            "CHECKPOINT_BEHIND",
            "SHARD_NOT_DRAINED",
            "INVALID_ARGUMENT",
            "REQUESTED",
            "TAKEN",
            "EXPIRED",
            "LEASE_OVER",
            "TAKEN_OVER",
            "GROUP_DELETED",
            "STREAM_DELETED");

    @Test
    void shouldDoWhatTheModelDoesAndGoOnFromSnapshots() {
        final Set<String> missing = new TreeSet<>(WORDS);
        final Set<Integer> templates = IntStream.rangeClosed(
                        CreateGroupDecoder.TEMPLATE_ID, ReleaseShardDecoder.TEMPLATE_ID)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        for (int seed = 1; seed <= HISTORIES; seed++) {
            final GroupHistory history = new GroupHistory(seed, line -> missing.removeIf(line::contains));
            history.run(STEPS);
            templates.removeAll(history.templates());
        }

        assertEquals(Set.of(), missing, "never met");
        assertEquals(Set.of(), templates, "commands in no history");
    }
}
