package io.millrace.kernel;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The model test catches kernels that break a rule. */
class ModelVariantsTest {

    @TestFactory
    Stream<DynamicTest> shouldBeCaught() {
        return Stream.of(
                variant(
                        "a message that is not available does not lock its group",
                        "Lanes",
                        "return next >= 0 && messages.status(next) == Message.AVAILABLE ? next : -1;",
                        """
                        int open = next;
                        while (open >= 0 && messages.status(open) != Message.AVAILABLE) {
                            open = state.laneMembers.next(open);
                        }
                        return open;"""),
                variant(
                        "each duplicate begins the deduplication window anew",
                        "Sends",
                        "state.counters.duplicates++; return;",
                        """
                        state.deduplications.putSealed(original, QueueTables.Deduplication.TIME, state.nowNs);
                        return;"""),
                variant(
                        "a message moves to the dead-letter queue one delivery later",
                        "DeadLetters",
                        "messages.getInt(message, Message.FAILED_COUNT) >= max",
                        "messages.getInt(message, Message.FAILED_COUNT) > max"),
                variant(
                        "retention waits for messages in flight",
                        "Expiries",
                        "int oldest = lifetimes.oldest(queue);",
                        """
                        int oldest = lifetimes.oldest(queue);
                        if (oldest >= 0 && state.messages.status(oldest) == Message.IN_FLIGHT) {
                            lifetimes.forget(queue);
                            return;
                        }"""),
                variant(
                        "a redriven message has been received before",
                        "Messages",
                        "messages.putInt(made, Message.PAYLOAD, payload);",
                        """
                        messages.putInt(made, Message.PAYLOAD, payload);
                        messages.putInt(made, Message.RECEIVE_COUNT, 1);"""),
                variant(
                        "a receive under the same attempt id leaves the visibility timeouts as they are",
                        "Deliveries",
                        "state.timers.remove(Timers.MESSAGE, message); states.setTimer(message, visibleAgainNs(queue, receiver));",
                        ""));
    }

    @TestFactory
    Stream<DynamicTest> shouldBeCaughtWithTopics() {
        return Stream.of(
                variant(
                        "the newest subscription gets nothing",
                        "Subscribers",
                        "Subscription.SINCE_TURN, state.next(Root.NEXT_TURN)",
                        "Subscription.SINCE_TURN, state.next(Root.NEXT_TURN) + 10"),
                variant(
                        "the last subscription whose policy a message passes gets nothing",
                        "Audience",
                        "return end;",
                        "return Math.max(from, end - 1);"),
                variant(
                        "a FIFO topic forgets what was published",
                        "Publishing",
                        "deduplications.trackInTopic(topic, messageId, sequence);",
                        ""),
                variant(
                        "an envelope is made for one subscription and given to all",
                        "FanOut",
                        "topics.isRaw(subscription) || enveloped.bytes == NOT_WANTED;",
                        "enveloped.bytes == NOT_WANTED;"),
                variant(
                        "what a subscription cannot take is discarded in spite of its dead-letter queue",
                        "FanOut",
                        "state.queueById(subscriptions.getLong(subscription, Subscription.DEAD_LETTER_QUEUE_ID))",
                        "-1"));
    }

    @TestFactory
    Stream<DynamicTest> shouldBeCaughtWithSessions() {
        return Stream.of(
                variant(
                        "the second phase of retries comes before the first",
                        "DeliveryPolicy",
                        "final int inSecond = retry - noDelayRetries;",
                        "final int inSecond = retry <= minDelayRetries ? 1 : Math.max(0, retry - noDelayRetries);"),
                variant(
                        "a subscription may have one delivery too many in a second",
                        "Push",
                        "subscriptions.getInt(subscription, Subscription.RATE_COUNT)) < max",
                        "subscriptions.getInt(subscription, Subscription.RATE_COUNT)) <= max"),
                variant(
                        "what was tried as often as the policy says is discarded in spite of a dead-letter queue",
                        "Deliveries",
                        "} else if (!reject(queue, message)) {",
                        "} else {"),
                variant(
                        "what is delivered at most once gives its credit back",
                        "Deliveries",
                        "remove(queue, message); consumers.spend(consumer, payloadLength);",
                        "remove(queue, message);"));
    }

    @TestFactory
    Stream<DynamicTest> shouldBeCaughtWithBlobs() {
        return Stream.of(
                variant(
                        "a blob that nothing refers to is kept twice as long",
                        "Blobs",
                        "< state.limit(LimitId.BLOB_REST)",
                        "< 2 * state.limit(LimitId.BLOB_REST)"),
                variant(
                        "what is published to nobody does not let go of its blob",
                        "Publishing",
                        "blobs.forgetUnused(ids);",
                        ""),
                variant(
                        "the reference to a blob is put into an envelope",
                        "Publishing",
                        "return !isClaim && (topics",
                        "return (topics"),
                variant(
                        "a reference is right whatever length it says",
                        "Blobs",
                        "boolean isSame = longAt(buffer, reference + CONTENT_LENGTH) == rows.getLong(blob, Blob.CONTENT_LENGTH);",
                        "boolean isSame = true;"));
    }

    @TestFactory
    Stream<DynamicTest> shouldBeCaughtInParts() {
        return Stream.of(
                variant(
                        "what was published in parts may be any bytes",
                        "Transfers",
                        "state.transfers.getInt(transfer, Transfer.IS_TEXT) != 0);",
                        "false);"),
                variant(
                        "what is begun may be as long as it likes",
                        "Transfers",
                        "mayOpen(request, command.flags().claim(), state.limit(LimitId.MESSAGE_BYTES), entryLength)",
                        "mayOpen(request, command.flags().claim(), Integer.MAX_VALUE, entryLength)"),
                variant(
                        "what arrived for a publication is kept",
                        "Transfers",
                        "publish(request, transfer, payload); drop(transfer); return;",
                        "publish(request, transfer, payload); return;"));
    }

    @TestFactory
    Stream<DynamicTest> shouldBeCaughtWithStreams() {
        return Stream.of(
                variant(
                        "messages of a group go into a stream under their ids",
                        "StreamDeliveries",
                        "keyLength = ids.groupIdLength();",
                        "keyLength = 0;"),
                variant(
                        "the value of a binary attribute is a partition key",
                        "StreamDeliveries",
                        "return buffer.getByte(attribute) != AttributeType.BINARY.value() && isPartitionKey();",
                        "return isPartitionKey();"),
                variant(
                        "the reference to a blob is put into a stream",
                        "StreamDeliveries",
                        "|| payloads.attachment(content) >= 0",
                        ""),
                variant(
                        "a subscribed stream takes records of any length",
                        "StreamDeliveries",
                        "if (recordLength > streams.getInt(stream, Stream.MAX_RECORD_BYTES))",
                        "if (recordLength < 0)"));
    }

    @TestFactory
    Stream<DynamicTest> shouldBeCaughtWithArchives() {
        return Stream.of(
                variant(
                        "a replay begins behind the message that was published at its time",
                        "Replays",
                        "reached == 0 ? Math.max(fromNs, grant.horizonTimeNs) : reached;",
                        "reached == 0 ? Math.max(fromNs, grant.horizonTimeNs) + 1 : reached;"),
                variant(
                        "between a replay and what is published a message is left out",
                        "Replays",
                        "if (reached == topics.archives.getLong(archiveOf(replay), Archive.LAST_SEQUENCE)) {",
                        "if (reached >= topics.archives.getLong(archiveOf(replay), Archive.LAST_SEQUENCE) - 1) {"),
                variant(
                        "the last message that was replayed may come again",
                        "ReplayedMessages",
                        "return sequence <= rows.getLong(replay, Replay.REACHED_SEQUENCE);",
                        "return sequence < rows.getLong(replay, Replay.REACHED_SEQUENCE);"),
                variant(
                        "what is behind a message that found no room is replayed without it",
                        "ReplayedMessages",
                        "boolean hasRoom = isReplayed(replay, record.afterSequenceNumber());",
                        "boolean hasRoom = true;"),
                variant(
                        "what is replayed does not ask for the filter policy of a stream",
                        "ReplayedMessages",
                        "if (!topics.isFiltered(subscription)) {",
                        "if (!topics.isFiltered(subscription) || topics.isForStream(subscription)) {"),
                variant(
                        "what is replayed does not say so",
                        "FanOut",
                        "if (isReplaying) {",
                        "if (isReplaying && queue < 0) {"),
                variant(
                        "an envelope names a message by its number",
                        "ReplayedMessages",
                        "final long messageId = buffer.getLong(record, ByteOrder.LITTLE_ENDIAN);",
                        "final long messageId = sequence;"),
                variant(
                        "a longer period brings back what was out of reach",
                        "Archives",
                        "archives.putLong(archive, Archive.TRIM_TIME, horizon(archive));",
                        ""),
                variant(
                        "what finds no room is not replayed later",
                        "ReplayedMessages",
                        "return false; } rows.putSealed(replay, Replay.REACHED_SEQUENCE, sequence);",
                        "} rows.putSealed(replay, Replay.REACHED_SEQUENCE, sequence);"));
    }

    /** Where many publications wait for the next record. */
    @TestFactory
    Stream<DynamicTest> shouldBeCaughtInSmallSlices() {
        return Stream.of(inSmallSlices(
                "no room is kept for what is still to be brought",
                "topics.reservedMessages += publications.getInt(publication, Publication.RESERVED);",
                ""));
    }

    private static DynamicTest inSmallSlices(final String title, final String passage, final String replacement) {
        final List<KernelVariant.Change> changes = List.of(
                new KernelVariant.Change("int SLICE = 1024;", "int SLICE = 1;"),
                new KernelVariant.Change(passage, replacement));
        return dynamicTest(
                title,
                () -> new KernelVariant("FanOut", changes)
                        .shouldFail(ModelTest.class, "shouldTellEverySessionWhatTheModelTells"));
    }

    private static DynamicTest variant(
            final String title, final String source, final String passage, final String replacement) {
        return dynamicTest(
                title,
                () -> new KernelVariant(source, passage, replacement)
                        .shouldFail(ModelTest.class, "shouldTellEverySessionWhatTheModelTells"));
    }
}
