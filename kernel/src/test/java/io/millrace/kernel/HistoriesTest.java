package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.RedriveStatus;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.Switch;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the random histories are worth: they meet everything. */
class HistoriesTest {

    private static final int MOST_SEEDS = 40;
    private static final int STEPS = 4_000;

    /** Results that only a session's host, the frame itself or a large machine can bring about. */
    private static final Set<ResultCode> ELSEWHERE = EnumSet.of(
            ResultCode.MALFORMED_FRAME,
            ResultCode.UNKNOWN_TEMPLATE,
            ResultCode.UNSUPPORTED_VERSION,
            ResultCode.UNKNOWN_SESSION,
            ResultCode.NOT_AUTHENTICATED,
            ResultCode.OVERLOADED,
            ResultCode.SESSION_TIMEOUT,
            ResultCode.SLOW_CONSUMER,
            ResultCode.SERVER_STOPPING,
            ResultCode.CLIENT_CLOSED,
            ResultCode.QUEUE_PURGED,
            ResultCode.ABANDONED,
            ResultCode.UNKNOWN_SHARD,
            ResultCode.RESOURCE_IN_USE,
            ResultCode.EXPIRED_ITERATOR,
            ResultCode.SHARD_CLOSED,
            ResultCode.SHARDS_NOT_ADJACENT,
            ResultCode.RECORDS_DAMAGED,
            ResultCode.UNKNOWN_STREAM_CONSUMER,
            ResultCode.PUSH_EXPIRED,
            ResultCode.PUSH_TAKEN_OVER,
            ResultCode.UNKNOWN_GROUP,
            ResultCode.GROUP_EXISTS,
            ResultCode.UNKNOWN_MEMBER,
            ResultCode.LEASE_LOST,
            ResultCode.CHECKPOINT_BEHIND,
            ResultCode.SHARD_NOT_DRAINED,
            ResultCode.NULL_VAL);

    private static final Set<LimitId> LIMITS_ELSEWHERE = EnumSet.of(
            LimitId.NONE,
            LimitId.SESSIONS,
            LimitId.PRODUCERS,
            LimitId.FRAME_BYTES,
            LimitId.DEDUPLICATION_WINDOW,
            LimitId.ATTEMPT_WINDOW,
            LimitId.IN_FLIGHT_FIFO,
            LimitId.RECEIVE_BYTES,
            LimitId.SHARDS,
            LimitId.RECORD_BYTES,
            LimitId.PARTITION_KEY_CHARACTERS,
            LimitId.PUT_ENTRIES,
            LimitId.PUT_BYTES,
            LimitId.RECORD_RETENTION,
            LimitId.RECORD_RETENTION_LEAST,
            LimitId.READ_RECORDS,
            LimitId.READ_BYTES,
            LimitId.ITERATOR_AGE,
            LimitId.SHARD_PUTS,
            LimitId.SHARD_PUT_BYTES,
            LimitId.SHARD_READS,
            LimitId.SHARD_READ_BYTES,
            LimitId.SHARD_COUNT_CHANGES,
            LimitId.STREAM_CONSUMERS,
            LimitId.SHARD_SUBSCRIPTION,
            LimitId.SHARD_SUBSCRIPTION_REST,
            LimitId.SHARD_SUBSCRIPTIONS,
            LimitId.GROUPS,
            LimitId.GROUP_MEMBERS,
            LimitId.MEMBERSHIPS,
            LimitId.LEASE,
            LimitId.LEASE_LEAST,
            LimitId.BLOB_REST,
            LimitId.NULL_VAL);

    @Test
    void shouldMeetEveryResultAndEveryLimit() {
        final Set<String> missing = new TreeSet<>();
        EnumSet.complementOf(EnumSet.copyOf(ELSEWHERE)).forEach(code -> missing.add(code.name()));
        EnumSet.complementOf(EnumSet.copyOf(LIMITS_ELSEWHERE)).forEach(limit -> missing.add("limit " + limit));
        Arrays.stream(AlarmKind.values()).forEach(kind -> missing.add(kind.name()));
        Stream.of(MessageStatus.values()).forEach(status -> missing.add("browsed " + status));
        Stream.of(RedriveStatus.values()).forEach(status -> missing.add("redrive " + status));
        missing.addAll(Set.of("duplicate", "moved", "dead letter", "chunked", "claim", "record"));
        missing.addAll(Set.of("raw", "enveloped", "delivered", "undeliverable", "discarded", "filtered"));
        missing.addAll(Set.of("replayed", "archive", "replay RUNNING", "replay COMPLETED", "replay FAILED"));
        missing.addAll(Set.of("replayed and moved", "replayed and chunked", "replayed and redelivered"));
        missing.addAll(Set.of("retried", "at most once", "dead letter of sessions", "not pushed"));
        missing.removeIf(name -> name.contains("NULL_VAL"));
        for (int seed = 1; seed <= MOST_SEEDS && !missing.isEmpty(); seed++) {
            new ModelRun(seed).listening(event -> strike(missing, event)).run(STEPS);
        }
        assertEquals(Set.of(), missing, "never met");
    }

    private static void strike(final Set<String> missing, final Event event) {
        if (event instanceof Event.Refused refused) {
            strike(missing, refused.code(), refused.limitId());
        } else if (event instanceof Event.EntryResults results) {
            results.results().forEach(result -> strike(missing, result.code(), result.limitId()));
        } else if (event instanceof Event.SendResults results) {
            results.results().forEach(result -> {
                strike(missing, result.code(), result.limitId());
                missing.remove(result.duplicate() ? "duplicate" : "");
            });
        } else if (event instanceof Event.ReceiveEnd end) {
            missing.remove(end.code().name());
        } else if (event instanceof Event.ConsumerStopped stopped) {
            missing.remove(stopped.code().name());
        } else if (event instanceof Event.QueueAlarm alarm) {
            missing.remove(alarm.kind().name());
        } else if (event instanceof Event.BrowsedMessage browsed) {
            missing.remove("browsed " + browsed.status());
        } else if (event instanceof Event.RedriveList list) {
            list.tasks().forEach(task -> missing.remove("redrive " + task.status()));
        } else if (event instanceof Event.SubscriptionDescription subscription) {
            missing.remove(subscription.settings().rawDelivery() == Switch.ON ? "raw" : "enveloped");
            missing.remove(subscription.deliveredCount() > 0 ? "delivered" : "");
            missing.remove(subscription.deadLetterCount() > 0 ? "undeliverable" : "");
            missing.remove(subscription.discardedCount() > 0 ? "discarded" : "");
            missing.remove(subscription.filteredCount() > 0 ? "filtered" : "");
            missing.remove(subscription.sessions().retriedCount() > 0 ? "retried" : "");
            strikeSessions(missing, subscription);
        } else if (event instanceof StreamEvent.OfSubscription subscription) {
            missing.remove(subscription.description().deliveredCount() > 0 ? "record" : "");
        } else if (event instanceof Event.Claim claim) {
            missing.remove("claim");
            strike(missing, claim.delivery());
        } else if (event instanceof ArchiveEvent.Replayed replayed) {
            missing.remove("replayed");
            missing.remove(replayed.delivery().moved() ? "replayed and moved" : "");
            missing.remove(replayed.delivery().chunked() ? "replayed and chunked" : "");
            missing.remove(replayed.delivery().redelivered() ? "replayed and redelivered" : "");
            strike(missing, replayed.delivery());
        } else if (event instanceof ArchiveEvent.OfTopic topic) {
            missing.remove(topic.beganNs() == 0 ? "" : "archive");
        } else if (event instanceof ArchiveEvent.OfSubscription subscription) {
            missing.remove("replay " + subscription.state());
            strike(missing, subscription.description());
        } else if (event instanceof Event.Delivery delivery) {
            missing.remove(delivery.moved() ? "moved" : "");
            missing.remove(delivery.deadLetterSourceId() != 0 ? "dead letter" : "");
            missing.remove(delivery.chunked() ? "chunked" : "");
        }
    }

    private static void strikeSessions(final Set<String> missing, final Event.SubscriptionDescription subscription) {
        final boolean forSessions = !subscription.sessions().name().isEmpty();
        if (subscription.sessions().acknowledged() == Switch.OFF) {
            missing.remove(subscription.deliveredCount() > 0 ? "at most once" : "");
            missing.remove(subscription.discardedCount() > 0 ? "not pushed" : "");
        } else if (forSessions) {
            missing.remove(subscription.deadLetterCount() > 0 ? "dead letter of sessions" : "");
        }
    }

    private static void strike(final Set<String> missing, final ResultCode code, final LimitId limitId) {
        missing.remove(code.name());
        missing.remove("limit " + limitId);
    }
}
