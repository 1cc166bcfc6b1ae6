package io.millrace.client;

import io.millrace.codecs.AlarmKind;
import io.millrace.codecs.Backoff;
import io.millrace.codecs.BrowseEndEncoder;
import io.millrace.codecs.BrowsedMessageEncoder;
import io.millrace.codecs.ConfirmedEncoder;
import io.millrace.codecs.ConsumerStoppedEncoder;
import io.millrace.codecs.DeliveryBeginEncoder;
import io.millrace.codecs.DeliveryChunkEncoder;
import io.millrace.codecs.DeliveryEncoder;
import io.millrace.codecs.EntryResultsEncoder;
import io.millrace.codecs.FilterPolicyScope;
import io.millrace.codecs.LimitId;
import io.millrace.codecs.MessageHeaderEncoder;
import io.millrace.codecs.MessageStatus;
import io.millrace.codecs.ProducerOpenedEncoder;
import io.millrace.codecs.QueueAccessEncoder;
import io.millrace.codecs.QueueAlarmEncoder;
import io.millrace.codecs.QueueDescriptionEncoder;
import io.millrace.codecs.QueueListEncoder;
import io.millrace.codecs.QueueScope;
import io.millrace.codecs.QueueSettingsEncoder;
import io.millrace.codecs.QueueTagsEncoder;
import io.millrace.codecs.QueueType;
import io.millrace.codecs.ReceiveEndEncoder;
import io.millrace.codecs.RedriveListEncoder;
import io.millrace.codecs.RedrivePermission;
import io.millrace.codecs.RedriveStatus;
import io.millrace.codecs.RefusedEncoder;
import io.millrace.codecs.ReplayState;
import io.millrace.codecs.ResultCode;
import io.millrace.codecs.RetryFunction;
import io.millrace.codecs.SendResultsEncoder;
import io.millrace.codecs.SessionEventEncoder;
import io.millrace.codecs.SubscriptionDescriptionEncoder;
import io.millrace.codecs.SubscriptionListEncoder;
import io.millrace.codecs.Switch;
import io.millrace.codecs.TopicDescriptionEncoder;
import io.millrace.codecs.TopicListEncoder;
import java.util.function.ToIntFunction;
import org.agrona.BitUtil;
import org.agrona.ExpandableArrayBuffer;

/**
 * Encodes what a server says, one message behind the other, numbered as the protocol asks.
 */
abstract class EgressEncoder {
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ExpandableArrayBuffer message = new ExpandableArrayBuffer();
    final ExpandableArrayBuffer out = new ExpandableArrayBuffer();
    int outLength;
    int frameSequence;
    long sessionId = 1000;
    long bootEpoch = 1;
    int maxFrameBytes = 64 * 1024;
    int maxMessageBytes = 1024 * 1024;

    /** Sends all that was said since the last flush as one Aeron message. */
    abstract void flush();

    EgressEncoder append(final ToIntFunction<ExpandableArrayBuffer> encoder) {
        final int length = Wire.HEADER_LENGTH + encoder.applyAsInt(message);
        header.wrap(message, 0).messageLength(length).frameSequence(Integer.toUnsignedLong(++frameSequence));
        out.putBytes(outLength, message, 0, length);
        outLength += BitUtil.align(length, Wire.ALIGNMENT);
        return this;
    }

    /** Adds bytes as they are. */
    EgressEncoder raw(final byte[] bytes) {
        out.putBytes(outLength, bytes);
        outLength += bytes.length;
        return this;
    }

    EgressEncoder sessionEvent(final ResultCode code) {
        return append(buffer -> new SessionEventEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(1)
                .sessionId(code == ResultCode.OK ? sessionId : 0)
                .bootEpoch(bootEpoch)
                .sessionTimeoutNs(FakeServer.SESSION_TIMEOUT_NS)
                .limitValue(4096)
                .actualValue(4097)
                .maxFrameBytes(maxFrameBytes)
                .maxMessageBytes(maxMessageBytes)
                .code(code)
                .limitId(LimitId.SESSIONS)
                .encodedLength());
    }

    EgressEncoder confirmed(final long from, final long to, final long firstValue, final int valuesPerCommand) {
        return append(buffer -> new ConfirmedEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .fromCorrelationId(from)
                .toCorrelationId(to)
                .firstValue(firstValue)
                .valuesPerCommand(valuesPerCommand)
                .reserved(0)
                .encodedLength());
    }

    EgressEncoder confirmed(final long correlationId) {
        return confirmed(correlationId, correlationId, 0, 0);
    }

    EgressEncoder refused(final long correlationId, final ResultCode code) {
        return refused(correlationId, -1, code, LimitId.NONE, 0, 0);
    }

    EgressEncoder refused(
            final long correlationId,
            final int entryIndex,
            final ResultCode code,
            final LimitId limitId,
            final long limit,
            final long actual) {
        return append(buffer -> new RefusedEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .limitValue(limit)
                .actualValue(actual)
                .entryIndex(entryIndex)
                .code(code)
                .limitId(limitId)
                .encodedLength());
    }

    EgressEncoder entryResults(final long correlationId, final ResultCode code, final int... entries) {
        return append(buffer -> {
            final EntryResultsEncoder encoder = new EntryResultsEncoder().wrapAndApplyHeader(buffer, 0, header);
            final EntryResultsEncoder.ResultsEncoder results =
                    encoder.correlationId(correlationId).resultsCount(entries.length);
            for (final int entry : entries) {
                results.next()
                        .limitValue(5)
                        .actualValue(6)
                        .entryIndex(entry)
                        .code(code)
                        .limitId(LimitId.NONE);
            }
            return encoder.encodedLength();
        });
    }

    /** Results of a send of three: stored, a duplicate, and refused. */
    EgressEncoder sendResults(final long correlationId) {
        return append(buffer -> {
            final SendResultsEncoder encoder = new SendResultsEncoder().wrapAndApplyHeader(buffer, 0, header);
            final SendResultsEncoder.ResultsEncoder results =
                    encoder.correlationId(correlationId).resultsCount(3);
            sendResult(results.next(), 100, ResultCode.OK, Switch.OFF);
            sendResult(results.next(), 90, ResultCode.OK, Switch.ON);
            sendResult(results.next(), 0, ResultCode.LIMIT_EXCEEDED, Switch.OFF);
            return encoder.encodedLength();
        });
    }

    private static void sendResult(
            final SendResultsEncoder.ResultsEncoder result, final long id, final ResultCode code, final Switch isTwin) {
        result.messageId(id)
                .sequenceNumber(id / 10)
                .limitValue(code == ResultCode.OK ? 0 : 5)
                .actualValue(code == ResultCode.OK ? 0 : 6)
                .code(code)
                .limitId(code == ResultCode.OK ? LimitId.NONE : LimitId.MESSAGE_BYTES)
                .duplicate(isTwin);
    }

    EgressEncoder alarm(final long queueId, final AlarmKind kind, final long value) {
        return append(buffer -> new QueueAlarmEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .queueId(queueId)
                .timeNs(77)
                .value(value)
                .kind(kind)
                .encodedLength());
    }

    EgressEncoder tags(final long correlationId, final String... keys) {
        return append(buffer -> {
            final QueueTagsEncoder encoder = new QueueTagsEncoder().wrapAndApplyHeader(buffer, 0, header);
            final QueueTagsEncoder.TagsEncoder tags =
                    encoder.correlationId(correlationId).queueId(5).tagsCount(keys.length);
            for (final String key : keys) {
                tags.next().key(key).value("value of " + key);
            }
            return encoder.encodedLength();
        });
    }

    /** An allow list with a principal for each text, of which the first may do all and each next one thing less. */
    EgressEncoder access(final long correlationId, final String... principals) {
        return append(buffer -> {
            final QueueAccessEncoder encoder = new QueueAccessEncoder().wrapAndApplyHeader(buffer, 0, header);
            final QueueAccessEncoder.EntriesEncoder entries =
                    encoder.correlationId(correlationId).queueId(5).entriesCount(principals.length);
            for (int i = 0; i < principals.length; i++) {
                entries.next().permissions().clear().send(true).receive(i < 2).manage(i < 1);
                entries.principal(principals[i]);
            }
            return encoder.encodedLength();
        });
    }

    EgressEncoder redrives(final long correlationId, final RedriveStatus... statuses) {
        return append(buffer -> {
            final RedriveListEncoder encoder = new RedriveListEncoder().wrapAndApplyHeader(buffer, 0, header);
            final RedriveListEncoder.TasksEncoder tasks =
                    encoder.correlationId(correlationId).queueId(5).tasksCount(statuses.length);
            for (int i = 0; i < statuses.length; i++) {
                tasks.next()
                        .taskId(10 + i)
                        .destinationQueueId(20 + i)
                        .startedTimeNs(30 + i)
                        .movedCount(40 + i)
                        .toMoveCount(50 + i)
                        .messagesPerSecond(60 + i)
                        .status(statuses[i]);
            }
            return encoder.encodedLength();
        });
    }

    /** A message as it was browsed, with so many bytes of a payload. */
    EgressEncoder browsed(
            final long correlationId, final long sequence, final int payloadLength, final byte[] content) {
        return append(buffer -> new BrowsedMessageEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .messageId(1000 + sequence)
                .sequenceNumber(sequence)
                .sentTimeNs(2000 + sequence)
                .arrivedTimeNs(3000 + sequence)
                .visibleTimeNs(4000 + sequence)
                .holderSessionId(6)
                .deadLetterSourceId(7)
                .receiveCount(8)
                .failedCount(9)
                .payloadLength(payloadLength)
                .status(MessageStatus.IN_FLIGHT)
                .priority((short) 3)
                .putContent(content, 0, content.length)
                .encodedLength());
    }

    EgressEncoder browseEnd(final long correlationId, final long nextCursor, final int count) {
        return append(buffer -> new BrowseEndEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .nextCursor(nextCursor)
                .messageCount(count)
                .encodedLength());
    }

    EgressEncoder receiveEnd(final long correlationId, final long queueId, final int count) {
        return append(buffer -> new ReceiveEndEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .queueId(queueId)
                .messageCount(count)
                .code(ResultCode.OK)
                .encodedLength());
    }

    EgressEncoder producerOpened(final long correlationId, final long id, final int epoch, final long sequence) {
        return append(buffer -> new ProducerOpenedEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .producerId(id)
                .lastSequence(sequence)
                .producerEpoch(epoch)
                .encodedLength());
    }

    EgressEncoder consumerStopped(final long correlationId, final long queueId) {
        return append(buffer -> new ConsumerStoppedEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .correlationId(correlationId)
                .queueId(queueId)
                .code(ResultCode.QUEUE_DELETED)
                .encodedLength());
    }

    EgressEncoder description(final long correlationId, final long queueId, final String name) {
        return append(buffer -> {
            final QueueDescriptionEncoder encoder = new QueueDescriptionEncoder().wrapAndApplyHeader(buffer, 0, header);
            encoder.correlationId(correlationId)
                    .queueId(queueId)
                    .createdTimeNs(1)
                    .changedTimeNs(9)
                    .availableCount(5)
                    .delayedCount(6)
                    .inFlightCount(7)
                    .reclaimingCount(10)
                    .oldestTimeNs(11);
            settings(encoder.settings());
            encoder.redriveSourcesCount(2).next().queueId(21).next().queueId(22);
            return encoder.name(name).encodedLength();
        });
    }

    private static void settings(final QueueSettingsEncoder settings) {
        settings.visibilityTimeoutNs(2)
                .delayNs(3)
                .receiveWaitNs(4)
                .retentionNs(12)
                .deadLetterQueueId(13)
                .backoffDelayNs(14)
                .backoffMaxNs(15)
                .highDepth(16)
                .lowDepth(17)
                .highAgeNs(18)
                .lowAgeNs(19)
                .maxMessageBytes(8)
                .maxReceiveCount(20)
                .queueType(QueueType.FIFO)
                .contentDeduplication(Switch.ON)
                .deduplicationScope(QueueScope.MESSAGE_GROUP)
                .throughputScope(QueueScope.QUEUE)
                .redrivePermission(RedrivePermission.BY_QUEUE)
                .backoff(Backoff.LINEAR)
                .priorities((short) 1)
                .reserved((short) 0);
    }

    EgressEncoder list(final long correlationId, final long nextAfter, final String... names) {
        return append(buffer -> {
            final QueueListEncoder encoder = new QueueListEncoder().wrapAndApplyHeader(buffer, 0, header);
            encoder.correlationId(correlationId).nextAfterQueueId(nextAfter);
            final QueueListEncoder.QueuesEncoder queues = encoder.queuesCount(names.length);
            for (int i = 0; i < names.length; i++) {
                queues.next().queueId(nextAfter + i).name(names[i]);
            }
            return encoder.encodedLength();
        });
    }

    EgressEncoder topic(final long correlationId, final long topicId, final String name) {
        return append(buffer -> {
            final TopicDescriptionEncoder encoder = new TopicDescriptionEncoder().wrapAndApplyHeader(buffer, 0, header);
            encoder.correlationId(correlationId)
                    .topicId(topicId)
                    .createdTimeNs(1)
                    .changedTimeNs(2)
                    .subscriptionCount(3)
                    .publishedCount(4)
                    .pendingCount(5)
                    .archiveBeganNs(7);
            encoder.settings()
                    .archivePeriodNs(6)
                    .topicType(QueueType.FIFO)
                    .contentDeduplication(Switch.ON)
                    .deduplicationScope(QueueScope.MESSAGE_GROUP)
                    .reserved((short) 0);
            return encoder.name(name).encodedLength();
        });
    }

    EgressEncoder topics(final long correlationId, final long nextAfter, final String... names) {
        return append(buffer -> {
            final TopicListEncoder encoder = new TopicListEncoder().wrapAndApplyHeader(buffer, 0, header);
            encoder.correlationId(correlationId).nextAfterTopicId(nextAfter);
            final TopicListEncoder.TopicsEncoder topics = encoder.topicsCount(names.length);
            for (int i = 0; i < names.length; i++) {
                topics.next().topicId(nextAfter + i).name(names[i]);
            }
            return encoder.encodedLength();
        });
    }

    EgressEncoder subscription(final long correlationId, final long subscriptionId, final String name) {
        return append(buffer -> {
            final SubscriptionDescriptionEncoder encoder =
                    new SubscriptionDescriptionEncoder().wrapAndApplyHeader(buffer, 0, header);
            encoder.correlationId(correlationId)
                    .subscriptionId(subscriptionId)
                    .topicId(1)
                    .queueId(2)
                    .createdTimeNs(3)
                    .deliveredCount(4)
                    .deadLetterCount(5)
                    .discardedCount(6)
                    .filteredCount(8)
                    .retriedCount(9)
                    .pendingCount(10)
                    .oldestTimeNs(11)
                    .streamId(0)
                    .replayState(ReplayState.RUNNING)
                    .acknowledged(name.isEmpty() ? Switch.NULL_VAL : Switch.OFF);
            new DeliveryPolicy(14, 1, 2, 3, 12, 13, RetryFunction.GEOMETRIC, 15).encode(encoder.policy());
            new SubscriptionSettings()
                    .deadLetterQueueId(7)
                    .rawDelivery(Switch.ON)
                    .filterScope(FilterPolicyScope.MESSAGE_BODY)
                    .replayFromNs(16)
                    .encode(encoder.settings());
            encoder.filterPolicy("{\"a\":[1]}").name(name);
            return encoder.keyAttribute("").encodedLength();
        });
    }

    /** A page of subscriptions to topic 1, whose queues have ten times their ids. */
    EgressEncoder subscriptions(final long correlationId, final long nextAfter, final long... subscriptionIds) {
        return append(buffer -> {
            final SubscriptionListEncoder encoder = new SubscriptionListEncoder().wrapAndApplyHeader(buffer, 0, header);
            encoder.correlationId(correlationId).nextAfterSubscriptionId(nextAfter);
            final SubscriptionListEncoder.SubscriptionsEncoder subscriptions =
                    encoder.subscriptionsCount(subscriptionIds.length);
            for (final long id : subscriptionIds) {
                subscriptions.next().subscriptionId(id).topicId(1).queueId(10 * id);
                subscriptions.streamId(0);
            }
            return encoder.encodedLength();
        });
    }

    /** A delivery whose fields all follow from the sequence number, without attributes. */
    EgressEncoder delivery(final long correlationId, final long queueId, final long sequence, final byte[] body) {
        return delivery(correlationId, queueId, sequence, body, false);
    }

    private EgressEncoder delivery(
            final long correlationId,
            final long queueId,
            final long sequence,
            final byte[] body,
            final boolean isSettled) {
        return append(buffer -> {
            final DeliveryEncoder encoder = new DeliveryEncoder().wrapAndApplyHeader(buffer, 0, header);
            encoder.correlationId(correlationId)
                    .queueId(queueId)
                    .messageId(1000 + sequence)
                    .sequenceNumber(sequence)
                    .sentTimeNs(2000 + sequence)
                    .firstReceivedTimeNs(3000 + sequence)
                    .deadLetterSourceId(0)
                    .receiveCount(1)
                    .failedCount(0)
                    .priority((short) 0);
            encoder.receipt()
                    .slot(sequence)
                    .generation(1)
                    .deliveryNumber(1)
                    .reserved(0)
                    .tag(4000 + sequence);
            encoder.flags().clear().pushed(true).settled(isSettled);
            encoder.attributesCount(0);
            encoder.putBody(body, 0, body.length);
            return encoder.groupId("").deduplicationId("").traceHeader("").encodedLength();
        });
    }

    /** A delivery that takes its credit for good. */
    EgressEncoder settled(final long correlationId, final long queueId, final byte[] body) {
        return delivery(correlationId, queueId, 1, body, true);
    }

    EgressEncoder delivery(final ToIntFunction<ExpandableArrayBuffer> encoder) {
        return append(encoder);
    }

    MessageHeaderEncoder header() {
        return header;
    }

    EgressEncoder deliveryBegin(final long correlationId, final long queueId, final long sequence, final int length) {
        return append(buffer -> {
            final DeliveryBeginEncoder encoder = new DeliveryBeginEncoder().wrapAndApplyHeader(buffer, 0, header);
            encoder.correlationId(correlationId)
                    .queueId(queueId)
                    .messageId(1000 + sequence)
                    .sequenceNumber(sequence)
                    .sentTimeNs(2000 + sequence)
                    .firstReceivedTimeNs(3000 + sequence)
                    .deadLetterSourceId(5000 + sequence)
                    .receiveCount(2)
                    .failedCount(3)
                    .payloadLength(length)
                    .priority((short) 200);
            encoder.receipt()
                    .slot(sequence)
                    .generation(1)
                    .deliveryNumber(2)
                    .reserved(0)
                    .tag(4000 + sequence);
            encoder.flags().clear().redelivered(true).moved(true);
            return encoder.encodedLength();
        });
    }

    EgressEncoder deliveryChunk(final int payloadOffset, final byte[] payload, final int from, final int length) {
        return append(buffer -> new DeliveryChunkEncoder()
                .wrapAndApplyHeader(buffer, 0, header)
                .payloadOffset(payloadOffset)
                .putChunk(payload, from, length)
                .encodedLength());
    }
}
